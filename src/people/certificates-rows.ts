import { type CertificateTrade, isCategoryOf, registers, tradeNamed } from '../rules/permits/certificate-trades.ts'
import {
  type Column,
  createReader,
  type Heading,
  heading,
  headingOf,
  headings,
  problem,
  type Reader,
  type RowProblem,
} from './certificates-columns.ts'
import { isUsualNumber, plainNumber, veiled } from './certificates-number.ts'
import type { Table, TableRow } from './certificates-table.ts'

export type CertificateStatus = 'valid' | 'suspended' | 'revoked'

/** One certificate as a list tells it. Dates `YYYY-MM-DD`. */
export type CertificateRow = {
  readonly row: number
  readonly employeeNo: string
  readonly name: string
  readonly trade: string
  /** In one spelling, in the clear: it lives as long as the import does. */
  readonly number: string
  readonly issuedOn: string
  readonly validUntil: string
  readonly reviewDue: string | null
  readonly status: CertificateStatus
  /** Of the columns that a list may leave out: undefined where it has no such column, and what was known before stands. */
  readonly authority: string | undefined
  readonly reviewedOn: string | null | undefined
  readonly lastPractisedOn: string | null | undefined
  /** Yes or no and until when, never a diagnosis; null where the cells are empty. */
  readonly health: { readonly fit: boolean; readonly until: string } | null | undefined
}

export type ReadRows = {
  readonly rows: readonly CertificateRow[]
  readonly problems: readonly RowProblem[]
  readonly warnings: readonly RowProblem[]
  readonly ignored: readonly string[]
}

const required: readonly Column[] = ['trade', 'number', 'issuedOn', 'validUntil', 'reviewDue', 'status']

const statuses: Readonly<Record<string, CertificateStatus>> = {
  有效: 'valid',
  正常: 'valid',
  暂停: 'suspended',
  暂扣: 'suspended',
  停用: 'suspended',
  吊销: 'revoked',
  撤销: 'revoked',
  注销: 'revoked',
  作废: 'revoked',
}
const fitness: Readonly<Record<string, boolean>> = { 适合: true, 合格: true, 不适合: false, 不合格: false, 职业禁忌: false }

/** A word of a short list; null for none, and for another, which is told. */
const wordIn = <T>(reader: Reader, column: Column, known: Readonly<Record<string, T>>): T | null => {
  const said = reader.text(column)
  if (Object.hasOwn(known, said)) return known[said] ?? null
  if (said !== '')
    reader.fail('unknown-word', { column: heading(column), text: veiled(said), known: Object.keys(known).join('、') })
  return null
}

const tradeIn = (reader: Reader): CertificateTrade | null => {
  const said = reader.text('trade')
  if (said === '') return null
  const trade = tradeNamed(said)
  if (!trade) {
    reader.fail('unknown-trade', { text: veiled(said) })
    return null
  }
  const category = reader.text('category')
  if (category !== '' && !isCategoryOf(trade, category))
    reader.fail('other-category', { text: veiled(category), trade: trade.name, category: trade.category })
  return trade
}

/** A spreadsheet keeps 15 digits of a number; the rest of a longer one is lost before we see it. */
const isRounded = (cell: unknown, number: string): boolean =>
  (typeof cell === 'number' && !(Math.abs(cell) < 1e15)) || /^\d+(\.\d+)?E\+?\d+$/.test(number)

const numberIn = (reader: Reader): string => {
  const number = plainNumber(reader.text('number'))
  if (isRounded(reader.cellAt('number'), number)) reader.fail('number-as-number')
  else if (number !== '' && !/^[0-9A-Z一-鿿()./#]{4,40}$/.test(number)) reader.fail('not-a-number', { text: veiled(number) })
  return number
}

const healthIn = (reader: Reader): CertificateRow['health'] => {
  if (!reader.has('fit') && !reader.has('fitUntil')) return undefined
  const fit = wordIn(reader, 'fit', fitness)
  const until = reader.date('fitUntil')
  if (fit !== null && until !== null) return { fit, until }
  if ((reader.cellAt('fit') === null) !== (reader.cellAt('fitUntil') === null)) reader.fail('health-half')
  return null
}

type Dates = Pick<CertificateRow, 'validUntil' | 'issuedOn' | 'reviewDue' | 'reviewedOn' | 'lastPractisedOn'>
const datesIn = (reader: Reader): Dates | null => {
  const [issuedOn, validUntil, reviewDue] = [reader.date('issuedOn'), reader.date('validUntil'), reader.date('reviewDue')]
  const [reviewedOn, lastPractisedOn] = (['reviewedOn', 'lastPractisedOn'] as const).map((column) =>
    reader.has(column) ? reader.date(column) : undefined,
  )
  if (issuedOn === null || validUntil === null) return null
  if (validUntil <= issuedOn) reader.fail('ends-before-it-begins', { from: issuedOn, to: validUntil })
  if (reviewDue !== null && (reviewDue <= issuedOn || reviewDue > validUntil))
    reader.fail('review-outside', { on: reviewDue, from: issuedOn, to: validUntil })
  return { issuedOn, validUntil, reviewDue, reviewedOn, lastPractisedOn }
}

const warningsFor = ({ row, number, issuedOn: from, validUntil: to, reviewDue }: CertificateRow, trade: CertificateTrade) => {
  const { longest, reviewed } = registers[trade.register]
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  const isLong = longest !== null && (years > longest || (years === longest && to.slice(5) > from.slice(5)))
  return [
    ...(reviewed && reviewDue === null ? [problem(row, 'review-missing', { trade: trade.name })] : []),
    ...(trade.register !== 'enterprise' && !isUsualNumber(number) ? [problem(row, 'unusual-number')] : []),
    ...(isLong ? [problem(row, 'long-validity', { years: String(longest) })] : []),
  ]
}

type Read = Pick<ReadRows, 'problems' | 'warnings'> & { readonly row: CertificateRow | null }

const readRow = (source: TableRow, at: Heading, mac: boolean): Read => {
  const reader = createReader(source, at, mac)
  const [employeeNo, name] = [reader.text('employeeNo'), reader.text('name')]
  const authority = reader.has('authority') ? reader.text('authority') : undefined
  if (employeeNo === '' && name === '') reader.fail('nobody')
  reader.needs('trade', 'number', 'issuedOn', 'validUntil', 'status')
  const trade = tradeIn(reader)
  const number = numberIn(reader)
  const dates = datesIn(reader)
  const status = wordIn(reader, 'status', statuses)
  const health = healthIn(reader)
  const { row, problems } = reader
  if (problems.length > 0 || !trade || !dates || status === null) return { row: null, problems, warnings: [] }
  const read: CertificateRow = { row, employeeNo, name, trade: trade.id, number, authority, status, health, ...dates }
  return { row: read, problems, warnings: warningsFor(read, trade) }
}

/** A title may stand above the headings. */
const titleRows = 5

const wrongWith = (at: Heading): readonly RowProblem[] => {
  const missing: readonly Column[] = [
    ...(at.at.has('employeeNo') || at.at.has('name') ? [] : (['employeeNo'] as const)),
    ...required.filter((one) => !at.at.has(one)),
  ]
  return [
    ...(missing.length > 0 ? [problem(at.row, 'missing-columns', { columns: headings(missing) })] : []),
    ...(at.twice.length > 0 ? [problem(at.row, 'column-twice', { columns: at.twice.join('、') })] : []),
  ]
}

/** A list of certificates, read row by row. Whoever the rows are about is found later; here nothing is known but the file. */
export const readRows = ({ rows, mac }: Table): ReadRows => {
  const start = rows.slice(0, titleRows).findIndex((row) => headingOf(row).at.size >= 3)
  const first = rows[start]
  const at = first ? headingOf(first) : null
  const wrong = at ? wrongWith(at) : [problem(rows[0]?.row ?? 1, 'no-heading', { columns: headings(required) })]
  if (!at || wrong.length > 0) return { rows: [], problems: wrong, warnings: [], ignored: at?.ignored ?? [] }
  const read = rows.slice(start + 1).map((row) => readRow(row, at, mac))
  return {
    rows: read.flatMap(({ row }) => (row ? [row] : [])),
    problems: read.flatMap(({ problems }) => problems),
    warnings: read.flatMap(({ warnings }) => warnings),
    ignored: at.ignored,
  }
}
