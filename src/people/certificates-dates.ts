const day = 86_400_000
/** Day 0 of a workbook; the older one of Macs is told by the workbook itself. */
const epochs = { usual: Date.UTC(1899, 11, 30), mac: Date.UTC(1904, 0, 1) }
const [earliest, latest] = ['1980-01-01', '2100-12-31']

const within = (date: string): string | null => (date >= earliest && date <= latest ? date : null)

/** The date that a workbook keeps as a number of days, the time of day left out. Null outside of 1980 to 2100, so that a stray number is no date. */
export const serialDate = (serial: number, mac: boolean): string | null => {
  const at = (mac ? epochs.mac : epochs.usual) + Math.floor(serial) * day
  if (!(Math.abs(at) < 8e15)) return null
  return within(new Date(at).toISOString().slice(0, 10))
}

/** Written out, the year first: the one order that cannot be read in two ways. */
const written = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/,
  /^(\d{4})年(\d{1,2})月(\d{1,2})日?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
] as const

const partsOf = (text: string): readonly string[] | null => {
  for (const shape of written) {
    const found = shape.exec(text)
    if (found) return found.slice(1)
  }
  return null
}

/** A date as lists write it, as `YYYY-MM-DD`: the year first, or a workbook's number of days. Null for what is no date of the calendar. */
export const readDate = (cell: string | number, mac: boolean): string | null => {
  if (typeof cell === 'number') return serialDate(cell, mac)
  const text = cell
    .normalize('NFKC')
    .trim()
    .replace(/[ T]0{1,2}:00(:00(\.0+)?)?$/, '')
  if (/^\d{5}$/.test(text)) return serialDate(Number(text), mac)
  const parts = partsOf(text.replace(/\s/g, ''))
  if (!parts) return null
  const [year = '', month = '', of = ''] = parts
  const date = `${year}-${month.padStart(2, '0')}-${of.padStart(2, '0')}`
  const at = new Date(`${date}T00:00:00.000Z`)
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== date) return null
  return within(date)
}
