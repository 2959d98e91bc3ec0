import { plainName } from '../rules/permits/certificate-trades.ts'
import { readDate } from './certificates-dates.ts'
import { veiled } from './certificates-number.ts'
import type { Cell, TableRow } from './certificates-table.ts'

/** What is wrong with a row, worded in `cards/text/certificate.ts`. Numbers among the values are masked. */
export type RowProblem = {
  readonly row: number
  readonly because: string
  readonly values: Readonly<Record<string, string>>
}
export const problem = (row: number, because: string, values: RowProblem['values'] = {}): RowProblem => ({ row, because, values })

/** Columns by the headings that lists give them; the first is the one that reports name. */
export const columns = {
  employeeNo: ['工号', '员工编号', '职工编号'],
  name: ['姓名'],
  category: ['证书类别', '作业类别', '类别'],
  trade: ['准操项目', '操作项目', '作业项目'],
  number: ['证号', '证书编号', '操作证号', '证件编号'],
  issuedOn: ['发证日期', '初领日期'],
  validUntil: ['有效期至', '有效期止', '有效期限至'],
  reviewDue: ['复审日期', '应复审日期', '下次复审日期'],
  reviewedOn: ['上次复审日期', '最近复审日期', '已复审日期'],
  authority: ['发证机关', '发证单位'],
  status: ['状态', '证书状态'],
  lastPractisedOn: ['最近作业日期'],
  fit: ['健康结论', '职业健康结论'],
  fitUntil: ['体检有效期至', '健康有效期至'],
} as const
export type Column = keyof typeof columns
export const heading = (column: Column): string => columns[column][0]
export const headings = (list: readonly Column[]): string => list.map(heading).join('、')

const byHeading: ReadonlyMap<string, Column> = new Map(
  (Object.entries(columns) as [Column, readonly string[]][]).flatMap(([column, names]) =>
    names.map((name) => [plainName(name), column] as const),
  ),
)

export type Heading = {
  readonly row: number
  readonly at: ReadonlyMap<Column, number>
  /** Headings that mean nothing here; their columns are passed over. */
  readonly ignored: readonly string[]
  readonly twice: readonly string[]
}

export const headingOf = ({ row, cells }: TableRow): Heading => {
  const at = new Map<Column, number>()
  const ignored: string[] = []
  const twice: string[] = []
  cells.forEach((cell, index) => {
    if (typeof cell !== 'string') return
    const column = byHeading.get(plainName(cell))
    if (column === undefined) ignored.push(veiled(cell))
    else if (at.has(column)) twice.push(cell)
    else at.set(column, index)
  })
  return { row, at, ignored, twice }
}

/** How lists write that there is nothing to write. */
const nothing: ReadonlySet<string> = new Set(['/', '-', '—', '——', '无'])

/** One row under way: everything that is wrong is gathered, so that a list is put right in one round. */
export const createReader = ({ row, cells }: TableRow, { at }: Heading, mac: boolean) => {
  const problems: RowProblem[] = []
  const fail = (because: string, values: RowProblem['values'] = {}): void => void problems.push(problem(row, because, values))
  const cellAt = (column: Column): Cell => {
    const index = at.get(column)
    const cell = index === undefined ? null : (cells[index] ?? null)
    return typeof cell === 'string' && nothing.has(cell) ? null : cell
  }
  /** What stands in the cell; null for nothing and, told, for a formula. */
  const valueAt = (column: Column): string | number | null => {
    const cell = cellAt(column)
    if (cell === null || typeof cell !== 'object') return cell
    fail('formula', { column: heading(column) })
    return null
  }
  return {
    row,
    problems,
    fail,
    cellAt,
    /** Does the list have the column at all? What it does not tell stays as it was. */
    has: (column: Column): boolean => at.has(column),
    text: (column: Column): string => {
      const value = valueAt(column)
      return value === null ? '' : String(value).normalize('NFKC').trim()
    },
    date: (column: Column): string | null => {
      const value = valueAt(column)
      if (value === null) return null
      const date = readDate(value, mac)
      if (date === null) fail('not-a-date', { column: heading(column), text: veiled(String(value)) })
      return date
    },
    /** Tells that the column is empty where it must not be. */
    needs: (...wanted: readonly Column[]): void => {
      for (const column of wanted) if (cellAt(column) === null) fail('missing', { column: heading(column) })
    },
  }
}
export type Reader = ReturnType<typeof createReader>
