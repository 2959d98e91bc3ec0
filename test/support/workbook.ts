import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a ZIP file. `claims` is the size that the directory tells instead of the true one. */
export type ZipEntry = {
  readonly name: string
  readonly content: string | Buffer
  readonly claims?: number
  readonly flags?: number
  readonly method?: 0 | 8
}

const entryOf = ({ name, content, claims, flags = 0, method = 8 }: ZipEntry, at: number) => {
  const bytes = Buffer.from(content)
  const packed = method === 8 ? deflateRawSync(bytes) : bytes
  const called = Buffer.from(name)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(flags, 2)
  common.writeUInt16LE(method, 4)
  common.writeUInt32LE(crc32(bytes), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(claims ?? bytes.length, 18)
  common.writeUInt16LE(called.length, 22)
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, called, packed])
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(at, 10)
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, rest, called])
  return { local, central }
}

/** A ZIP file of these entries, made apart from the reader that it is for. */
export const zipOf = (entries: readonly ZipEntry[]): Buffer => {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const one of entries) {
    const { local, central } = entryOf(one, at)
    locals.push(local)
    centrals.push(central)
    at += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** The parts of a workbook with one sheet whose XML is given. */
export const workbookParts = (sheet: string, more: { readonly strings?: string } = {}): readonly ZipEntry[] => [
  {
    name: 'xl/workbook.xml',
    content: `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  },
  {
    name: 'xl/_rels/workbook.xml.rels',
    content: `<Relationships><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  },
  { name: 'xl/worksheets/sheet1.xml', content: sheet },
  ...(more.strings === undefined ? [] : [{ name: 'xl/sharedStrings.xml', content: more.strings }]),
]

export const sheetOf = (rows: string): string => `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`
