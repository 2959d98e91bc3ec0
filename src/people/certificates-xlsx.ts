import { SaxesParser } from 'saxes'
import { BadTable, type Cell, formula, type Table, type TableRow, tableLimits, textCell } from './certificates-table.ts'
import { type Archive, openArchive } from './certificates-zip.ts'

/**
 * The first visible sheet of a workbook (ECMA-376 part 1, chapter 18): cells as they are stored. Reading is a stream of tags with bounds on every part, so that a
 * workbook of a kilobyte that claims 17 thousand million cells costs nothing.
 */

type Tag = { readonly name: string; readonly attributes: Readonly<Record<string, string>> }
type Watch = {
  readonly open?: (tag: Tag) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Tags of a part in order, without their prefixes. A document type, which could define entities, is refused; so is what is not well formed. */
const walk = (bytes: Buffer, watch: Watch): void => {
  const parser = new SaxesParser()
  parser.on('doctype', () => {
    throw new BadTable('damaged')
  })
  parser.on('error', () => {
    throw new BadTable('damaged')
  })
  parser.on('opentag', ({ name, attributes }) => watch.open?.({ name: local(name), attributes }))
  parser.on('closetag', ({ name }) => watch.close?.(local(name)))
  parser.on('text', (text) => watch.text?.(text))
  parser.on('cdata', (text) => watch.text?.(text))
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BadTable('damaged')
  }
  parser.write(text).close()
}

const part = (archive: Archive, name: string): Buffer => {
  const bytes = archive.read(name, tableLimits.part)
  if (!bytes) throw new BadTable('damaged')
  return bytes
}

/** Where the first sheet that people see is kept, and from when its days are counted. */
const workbookOf = (archive: Archive): { readonly sheet: string; readonly mac: boolean; readonly strings: string | null } => {
  let [relation, mac] = ['', false]
  walk(part(archive, 'xl/workbook.xml'), {
    open: ({ name, attributes }) => {
      if (name === 'workbookPr') mac = ['1', 'true'].includes(attributes.date1904 ?? '')
      if (name !== 'sheet' || relation !== '' || (attributes.state ?? 'visible') !== 'visible') return
      relation = Object.entries(attributes).find(([key]) => key.includes(':') && local(key) === 'id')?.[1] ?? ''
    },
  })
  const targets = new Map<string, string>()
  let strings: string | null = null
  walk(part(archive, 'xl/_rels/workbook.xml.rels'), {
    open: ({ name, attributes: { Id = '', Target = '', Type = '' } }) => {
      if (name !== 'Relationship') return
      const path = Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`
      targets.set(Id, path)
      if (Type.endsWith('/sharedStrings')) strings = path
    },
  })
  const sheet = targets.get(relation)
  if (sheet === undefined) throw new BadTable('damaged')
  return { sheet, mac, strings }
}

/** Texts that cells refer to by number. Reading aids (`rPh`) are no part of a text. */
const stringsOf = (archive: Archive, name: string | null): readonly string[] => {
  const bytes = name === null ? null : archive.read(name, tableLimits.part)
  const strings: string[] = []
  let [text, inText, inAid] = ['', false, false]
  if (bytes)
    walk(bytes, {
      open: ({ name: tag }) => {
        if (tag === 'si') text = ''
        if (tag === 'rPh') inAid = true
        inText = tag === 't' && !inAid
      },
      close: (tag) => {
        if (tag === 'rPh') inAid = false
        if (tag === 't') inText = false
        if (tag === 'si') strings.push(text)
      },
      text: (more) => {
        if (inText) text += more
      },
    })
  return strings
}

/** The column of a cell's address, counted from 0. */
const columnOf = (address: string): number | null => {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(address)?.[1]
  if (letters === undefined) return null
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

type Open = { readonly column: number; readonly kind: string; readonly text: string; readonly computed: boolean }

const cellOf = ({ kind, text, computed }: Open, strings: readonly string[]): Cell => {
  if (computed) return formula
  if (kind === 's') {
    const known = /^\d+$/.test(text) ? strings[Number(text)] : undefined
    if (known === undefined) throw new BadTable('damaged')
    return textCell(known)
  }
  if (kind !== 'n' || text.trim() === '') return textCell(text)
  const number = Number(text)
  if (!Number.isFinite(number)) throw new BadTable('damaged')
  return number
}

/** Gathers the cells of one sheet, row by row. */
const createSheet = (strings: readonly string[]) => {
  const rows: TableRow[] = []
  let row = 0
  let cells: Cell[] = []
  let cell: Open | null = null
  let inValue = false
  let next = 0
  const keep = (value: Cell, column: number): void => {
    next = column + 1
    if (value === null) return
    if (column >= tableLimits.columns) throw new BadTable('too-wide')
    while (cells.length < column) cells.push(null)
    cells[column] = value
  }
  const startRow = (said: string | undefined): void => {
    const number = said === undefined ? row + 1 : Number(said)
    if (!Number.isInteger(number) || number <= row) throw new BadTable('damaged')
    row = number
    cells = []
    next = 0
  }
  const startCell = ({ r, t }: Readonly<Record<string, string>>): void => {
    const column = r === undefined ? next : columnOf(r)
    if (column === null) throw new BadTable('damaged')
    cell = { column, kind: t ?? 'n', text: '', computed: false }
  }
  const endRow = (): void => {
    if (cells.length > 0) rows.push({ row, cells })
    if (rows.length > tableLimits.rows) throw new BadTable('too-many-rows')
  }
  const watch: Watch = {
    open: ({ name, attributes }) => {
      if (name === 'row') startRow(attributes.r)
      if (name === 'c') startCell(attributes)
      if (name === 'f' && cell) cell = { ...cell, computed: true }
      inValue = name === 'v' || name === 't'
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false
      if (name === 'c' && cell) {
        keep(cellOf(cell, strings), cell.column)
        cell = null
      }
      if (name === 'row') endRow()
    },
    text: (more) => {
      if (inValue && cell) cell = { ...cell, text: cell.text + more }
    },
  }
  return { rows, watch }
}

/** The rows of a workbook's first visible sheet. Throws BadTable for what is no workbook, and for too much of one. */
export const readXlsx = (bytes: Buffer): Table => {
  const archive = openArchive(bytes)
  const { sheet, mac, strings } = workbookOf(archive)
  const { rows, watch } = createSheet(stringsOf(archive, strings))
  walk(part(archive, sheet), watch)
  return { rows, mac }
}
