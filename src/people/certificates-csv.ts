import { CsvError, parse } from 'csv-parse/sync'
import { BadTable, type Table, type TableRow, tableLimits, textCell } from './certificates-table.ts'

const decoded = (bytes: Buffer, encoding: string): string | null => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** UTF-8 with or without its mark, else GB 18030, which Chinese spreadsheets write. Bytes that are neither are refused: half-read names would be somebody else's. */
const textOf = (bytes: Buffer): string => {
  const text = decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030')
  if (text === null || text.includes('\u0000')) throw new BadTable('encoding')
  return text
}

/** Records that are read at all: empty ones between the rows are allowed, but not without end. */
const mostRecords = 4 * tableLimits.rows

/** A CSV file (RFC 4180) as rows. Throws BadTable for what is none, and for too much of it. */
export const readCsv = (bytes: Buffer): Table => {
  let records: readonly (readonly string[])[]
  try {
    records = parse(textOf(bytes), {
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: tableLimits.columns * tableLimits.cell,
      to: mostRecords,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new BadTable('not-csv')
  }
  const rows = records.map((cells, index): TableRow => {
    if (cells.length > tableLimits.columns) throw new BadTable('too-wide')
    return { row: index + 1, cells: cells.map(textCell) }
  })
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== null))
  if (records.length === mostRecords || filled.length > tableLimits.rows) throw new BadTable('too-many-rows')
  return { rows: filled, mac: false }
}
