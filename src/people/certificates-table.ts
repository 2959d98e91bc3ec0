import { storable } from '../lib/text.ts'

/** A cell as it stands in the file. A formula is never worked out, nor is the value believed that some program left beside it. */
export type Cell = string | number | { readonly kind: 'formula' } | null
/** `row` counts from 1 as spreadsheets show it. */
export type TableRow = { readonly row: number; readonly cells: readonly Cell[] }
export type Table = {
  readonly rows: readonly TableRow[]
  /** Days are counted from 1904, as old Macs did. */
  readonly mac: boolean
}

export type BadTableReason =
  | 'empty'
  | 'too-large'
  | 'too-many-rows'
  | 'too-wide'
  | 'old-format'
  | 'encrypted'
  | 'damaged'
  | 'encoding'
  | 'not-csv'

/** The file as a whole cannot be read; nothing of it is used. Worded in `cards/text/certificate.ts`. */
export class BadTable extends Error {
  readonly because: BadTableReason
  constructor(because: BadTableReason, cause?: unknown) {
    super(because, { cause })
    this.because = because
  }
}

/** A register of certificates is small; whatever is larger is something else, or an attack. */
export const tableLimits = {
  /** Bytes of the file. */
  file: 5_000_000,
  /** Bytes of one part of a workbook, unpacked. */
  part: 32_000_000,
  /** Rows with something in them, the heading included. */
  rows: 5_001,
  columns: 64,
  /** UTF-16 units of one cell. */
  cell: 500,
} as const

export const formula: Cell = { kind: 'formula' }

/** Text as a cell: what begins like a formula is one, wherever it came from. Other programs would work it out when the list is handed on. */
export const textCell = (text: string): Cell => {
  const trimmed = storable(text).trim()
  if (trimmed === '') return null
  if (/^[=@]/.test(trimmed)) return formula
  if (trimmed.length > tableLimits.cell) throw new BadTable('too-large')
  return trimmed
}
