import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { badTableText, rowProblemText } from '../../src/cards/text/certificate.ts'
import { readCertificateFile } from '../../src/people/certificates-file.ts'
import { BadTable } from '../../src/people/certificates-table.ts'
import { sheetOf, workbookParts, zipOf } from '../support/workbook.ts'

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../fixtures/certificates/${name}`, import.meta.url)))
const heads = '工号,姓名,证书类别,准操项目,证号,发证日期,有效期至,复审日期,发证机关,状态'
const csv = (...lines: readonly string[]): Buffer => Buffer.from([heads, ...lines].join('\r\n'))
const welder = 'E1001,张伟,焊接与热切割作业,熔化焊接与热切割作业,T310199198805120011,2025-06-10,2031-06-09,2028-06-09,应急局,有效'
const refused = (bytes: Buffer): string => {
  try {
    readCertificateFile(bytes)
  } catch (error) {
    if (error instanceof BadTable) return error.because
    throw error
  }
  return 'read'
}
const problemsOf = (bytes: Buffer): readonly string[] =>
  readCertificateFile(bytes).problems.map(({ row, because }) => `${row} ${because}`)

const read = {
  ...{
    employeeNo: 'E1001',
    name: '张伟',
    trade: 'welding.fusion',
    number: 'T310199198805120011',
    status: 'valid',
    health: undefined,
  },
  ...{
    issuedOn: '2025-06-10',
    validUntil: '2031-06-09',
    reviewDue: '2028-06-09',
    reviewedOn: undefined,
    lastPractisedOn: undefined,
  },
}

// The workbooks were written on 2026-11-24 by two libraries apart from ours: xlsx 0.18.5 (a title row, dates as numbers, shared texts) and exceljs 4.4.0
// (a hidden first sheet; `mac` counts days from 1904 and holds a formula); `old.xls` is a binary workbook of before 2007.
test.each([['sheetjs.xlsx', 3] as const, ['exceljs.xlsx', 2] as const])('%s of another program is read', (name, row) => {
  const { rows, problems } = readCertificateFile(fixture(name))
  expect(problems).toEqual([])
  expect(rows[0]).toEqual({ ...read, row, authority: '滨海市应急管理局' })
  expect(rows[1]).toMatchObject({
    trade: 'electric.low',
    issuedOn: '2024-12-20',
    validUntil: '2030-12-19',
    reviewDue: '2027-12-19',
  })
})

test('days are counted from 1904 where the workbook says so, and a formula is not believed', () => {
  const { rows, problems } = readCertificateFile(fixture('mac.xlsx'))
  expect(rows.map(({ issuedOn }) => issuedOn)).toEqual(['2025-06-10'])
  expect(problems).toEqual([{ row: 3, because: 'formula', values: { column: '有效期至' } }])
})

test('CSV is read as UTF-8 with and without its mark, and as GB 18030', () => {
  const expected = { ...read, row: 2, authority: '应急局' }
  const plain = csv(welder)
  expect(readCertificateFile(plain).rows).toEqual([expected])
  expect(readCertificateFile(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain])).rows).toEqual([expected])
  // 工号,准操项目,证号,发证日期,有效期至,复审日期,状态 / E1001,低压电工,T1999,2025-6-1,2031.5.31,,有效 in GB 18030.
  const gb = Buffer.from(
    'b9a4bac52cd7bcb2d9cfeec4bf2cd6a4bac52cb7a2d6a4c8d5c6da2cd3d0d0a7c6dad6c12cb8b4c9f3c8d5c6da2cd7b4ccac0a45313030312cb5cdd1b9b5e7b9a42c54313939392c323032352d362d312c323033312e352e33312c2cd3d0d0a7',
    'hex',
  )
  expect(readCertificateFile(gb).rows).toMatchObject([
    { row: 2, employeeNo: 'E1001', trade: 'electric.low', issuedOn: '2025-06-01', validUntil: '2031-05-31', status: 'valid' },
  ])
})

const bomb = zipOf(workbookParts(sheetOf(' '.repeat(40_000_000))))
const lyingBomb = zipOf(
  workbookParts(sheetOf(' '.repeat(40_000_000))).map((one) => (one.name.includes('sheet1') ? { ...one, claims: 1_000 } : one)),
)
const rowsOf = (count: number): string =>
  Array.from({ length: count }, (_, n) => `<row r="${n + 1}"><c r="A${n + 1}"><v>1</v></c></row>`).join('')
const workbook = (rows: string, strings?: string): Buffer =>
  zipOf(workbookParts(sheetOf(rows), strings === undefined ? {} : { strings }))

test.each([
  ['nothing', Buffer.alloc(0), 'empty'],
  ['only line ends', Buffer.from('\r\n\r\n'), 'empty'],
  ['a file of more than 5 MB', Buffer.alloc(5_000_001, 'a'), 'too-large'],
  ['a part that unpacks to 40 MB', bomb, 'too-large'],
  ['a part that claims a kilobyte and unpacks to 40 MB', lyingBomb, 'damaged'],
  ['more rows than a register has', workbook(rowsOf(5_002)), 'too-many-rows'],
  ['more lines than a register has', Buffer.from('a\n'.repeat(20_010)), 'too-many-rows'],
  ['a cell far to the right', workbook('<row r="1"><c r="XFD1"><v>1</v></c></row>'), 'too-wide'],
  ['too many columns', Buffer.from(`${'a,'.repeat(64)}b`), 'too-wide'],
  ['a cell of a thousand signs', Buffer.from('a'.repeat(501)), 'too-large'],
  ['a binary workbook', fixture('old.xls'), 'old-format'],
  ['an encrypted entry', zipOf(workbookParts('').map((one) => ({ ...one, flags: 1 }))), 'encrypted'],
  ['a ZIP file that is no workbook', zipOf([{ name: 'a.txt', content: 'a' }]), 'damaged'],
  ['a workbook cut in half', fixture('sheetjs.xlsx').subarray(0, 3_000), 'damaged'],
  ['one name twice', zipOf([...workbookParts(sheetOf('')), ...workbookParts(sheetOf(''))]), 'damaged'],
  [
    'an entry in an unknown packing',
    zipOf(workbookParts('').map((one) => ({ ...one, method: 0 as const }))).fill(9, 8, 9),
    'damaged',
  ],
  ['rows that go backwards', workbook('<row r="2"/><row r="1"/>'), 'damaged'],
  ['a text that is not there', workbook('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', '<sst/>'), 'damaged'],
  ['a number that is none', workbook('<row r="1"><c r="A1"><v>1e999</v></c></row>'), 'damaged'],
  ['a document type', zipOf(workbookParts(`<!DOCTYPE a [<!ENTITY b "c">]>${sheetOf('')}`)), 'damaged'],
  ['tags that do not close', zipOf(workbookParts('<worksheet>')), 'damaged'],
  ['UTF-16', Buffer.from(`\ufeff${heads}`, 'utf16le'), 'encoding'],
  ['bytes of no encoding', Buffer.from([0xff, 0xff, 0x80, 0xff]), 'encoding'],
  ['a quote that does not close', Buffer.from('"a,b\nc'), 'not-csv'],
])('%s is refused', (_, bytes, because) => {
  expect(refused(bytes)).toBe(because)
  expect(Object.hasOwn(badTableText, because)).toBe(true)
})

test('a part that lies about its size is not unpacked beyond what it claims', () => {
  expect(() => readCertificateFile(lyingBomb)).toThrow(
    expect.objectContaining({ because: 'damaged', cause: expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }) }),
  )
})

test('a workbook of a kilobyte that claims seventeen thousand million cells is read as the two that it has', () => {
  const bytes = workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="BL1048576"><v>1</v></c></row>')
  expect(bytes.length).toBeLessThan(2_000)
  expect(problemsOf(bytes)).toEqual(['1 no-heading'])
})

const cells = welder.split(',')
const withCell = (at: number, value: string): string => cells.map((cell, index) => (index === at ? value : cell)).join(',')
test.each([
  ['no holder', `,,${cells.slice(2).join(',')}`, ['nobody']],
  ['no number', withCell(4, ''), ['missing']],
  ['no status', withCell(9, ''), ['missing']],
  ['a trade that says nothing of the voltage', withCell(3, '电工作业'), ['unknown-trade']],
  ['a trade of another category', withCell(2, '高处作业'), ['other-category']],
  ['a number that a spreadsheet has rounded', withCell(4, '3.10199E+17'), ['number-as-number']],
  ['a number with strange signs', withCell(4, 'T31019<9>'), ['not-a-number']],
  ['a formula', withCell(6, '=TODAY()+9999'), ['formula']],
  ['an order to another program', withCell(8, '@SUM(1)'), ['formula']],
  ['a date that can be read in two ways', withCell(5, '06/10/2025'), ['not-a-date']],
  ['a day that no calendar has', withCell(5, '2025-02-30'), ['not-a-date']],
  ['a number of days from nowhere', withCell(5, '12'), ['not-a-date']],
  ['an end before the beginning', withCell(6, '2025-06-10'), ['ends-before-it-begins', 'review-outside']],
  ['a review after the end', withCell(7, '2031-06-10'), ['review-outside']],
  ['an unknown status', withCell(9, '大概有效'), ['unknown-word']],
  ['everything wrong at once', ',,x,y,,z,,,,', ['nobody', 'missing', 'missing', 'missing', 'unknown-trade', 'not-a-date']],
])('%s is told with its row', (_, line, because) => {
  const { rows, problems } = readCertificateFile(csv(welder, line))
  expect(rows.map(({ row }) => row)).toEqual([2])
  expect(problems.map((one) => `${one.row} ${one.because}`)).toEqual(because.map((one) => `3 ${one}`))
  for (const one of problems) {
    const words = rowProblemText[one.because] ?? ''
    expect(words.length, one.because).toBeGreaterThan(5)
    for (const [, gap = ''] of words.matchAll(/\{(\w+)\}/g)) expect(Object.keys(one.values), one.because).toContain(gap)
  }
})

test('no report repeats a number in the clear, whatever column it stands in', () => {
  const number = 'T310199198805120011'
  const lines = cells.map((_, at) => withCell(at, number))
  const told = JSON.stringify(readCertificateFile(csv(...lines)).problems)
  expect(told).not.toContain('19880512')
  expect(told).toContain('T3101********0011')
})

test('dates as numbers of days, in Chinese and with a midnight are the same dates', () => {
  for (const text of ['45818', '2025年6月10日', '2025.6.10', '20250610', '2025/06/10 0:00', '2025-06-10 00:00:00'])
    expect(
      readCertificateFile(csv(withCell(5, text))).rows.map(({ issuedOn }) => issuedOn),
      text,
    ).toEqual(['2025-06-10'])
})

test('headings that are missing or stand twice stop the list, and unknown ones are told', () => {
  expect(problemsOf(Buffer.from('工号,准操项目,证号,发证日期\nE1,x,y,z'))).toEqual(['1 missing-columns'])
  expect(problemsOf(Buffer.from(`${heads},证号\n${welder}`))).toEqual(['1 column-twice'])
  expect(problemsOf(Buffer.from('a,b\n1,2'))).toEqual(['1 no-heading'])
  expect(readCertificateFile(Buffer.from(`${heads},备注\n${welder},好`)).ignored).toEqual(['备注'])
})

test('what is unusual is taken and told', () => {
  const odd = readCertificateFile(csv(withCell(4, 'ABC-12'), withCell(6, '2033-06-10'), withCell(7, '/')))
  expect(odd.problems).toEqual([])
  expect(odd.warnings.map(({ row, because }) => `${row} ${because}`)).toEqual([
    '2 unusual-number',
    '3 long-validity',
    '4 review-missing',
  ])
  expect(odd.rows.map(({ reviewDue }) => reviewDue)).toEqual(['2028-06-09', '2028-06-09', null])
})

test('fitness is told with its end or not at all', () => {
  const more = (fit: string, until: string) =>
    readCertificateFile(Buffer.from(`${heads},健康结论,体检有效期至\n${welder},${fit},${until}`))
  expect(more('适合', '2027-01-31').rows[0]?.health).toEqual({ fit: true, until: '2027-01-31' })
  expect(more('职业禁忌', '2027-01-31').rows[0]?.health).toEqual({ fit: false, until: '2027-01-31' })
  expect(more('', '').rows[0]?.health).toBe(null)
  expect(readCertificateFile(csv(welder)).rows[0]?.health).toBe(undefined)
  expect(more('适合', '').problems.map(({ because }) => because)).toEqual(['health-half'])
})
