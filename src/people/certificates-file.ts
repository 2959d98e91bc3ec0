import { readCsv } from './certificates-csv.ts'
import { type ReadRows, readRows } from './certificates-rows.ts'
import { BadTable, type Table, tableLimits } from './certificates-table.ts'
import { readXlsx } from './certificates-xlsx.ts'

const startsWith = (bytes: Buffer, ...signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte)

/** What a file is, by its first bytes and never by its name: a ZIP container, the older binary workbook (which also wraps encrypted ones), else text. */
const readTable = (bytes: Buffer): Table => {
  if (bytes.length === 0) throw new BadTable('empty')
  if (bytes.length > tableLimits.file) throw new BadTable('too-large')
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return readXlsx(bytes)
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw new BadTable('old-format')
  return readCsv(bytes)
}

/** Rows of a list of certificates: a workbook or a CSV file held in memory. Throws BadTable when the file as a whole cannot be read. */
export const readCertificateFile = (bytes: Buffer): ReadRows => {
  const table = readTable(bytes)
  if (table.rows.length === 0) throw new BadTable('empty')
  return readRows(table)
}
