import { inZone, later, minutes } from '../../lib/clock.ts'
import { dateAfter, startOfDay } from '../../rules/working-days.ts'
import type { Facts } from '../workflow.ts'
import type { IsolationPoint } from './permit.ts'

/** Is it a date of the calendar? Months of 31 and days of 99 are not. */
const isDate = (date: string): boolean => {
  const at = new Date(`${date}T00:00:00.000Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
}

const clockShape = /^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})$/

/** `14:05` of a day of the site's own calendar. */
const onDay = (date: string, minute: number, timeZone: string): Date => later(startOfDay(date, timeZone), minutes(minute))

/** `14:05` of today, or `2026-11-24 14:05`, by the site's clock; `isDated` says which. Null for words that are neither. */
const clockSaid = (
  text: string,
  { at, plant }: Facts,
): { readonly at: Date; readonly date: string; readonly minute: number; readonly isDated: boolean } | null => {
  const [whole, date, hour = '', minute = ''] = clockShape.exec(text) ?? []
  if (whole === undefined || Number(hour) > 23 || Number(minute) > 59) return null
  const day = date ?? inZone(at, plant.timeZone).date
  if (!isDate(day)) return null
  const of = Number(hour) * 60 + Number(minute)
  return { at: onDay(day, of, plant.timeZone), date: day, minute: of, isDated: date !== undefined }
}

const isoSaid = (text: string): Date | null => {
  const at = new Date(text)
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) && !Number.isNaN(at.getTime()) ? at : null
}

/** When something is to be: an ISO instant, or a time by the site's clock. Null for words that are neither. */
export const instantSaid = (text: string, facts: Facts): Date | null =>
  isoSaid(text.trim()) ?? clockSaid(text.trim(), facts)?.at ?? null

/** When something was. As `instantSaid`, but a time without a date is the last such one: what was sampled before midnight is entered after it. */
export const pastInstantSaid = (text: string, facts: Facts): Date | null => {
  const iso = isoSaid(text.trim())
  const said = iso ? null : clockSaid(text.trim(), facts)
  if (!said || said.isDated || said.at.getTime() <= facts.at.getTime()) return iso ?? said?.at ?? null
  return onDay(dateAfter(said.date, -1), said.minute, facts.plant.timeZone)
}

const kinds: Readonly<Record<string, IsolationPoint['kind']>> = {
  ...{ mechanical: 'mechanical', process: 'process', electrical: 'electrical', source: 'source' },
  ...{ 机械: 'mechanical', 工艺: 'process', 电气: 'electrical', 放射源: 'source' },
}
/** The kind of an isolation point (4.2) by its id or its word; process isolation for anything else. */
export const isolationKind = (text: string): IsolationPoint['kind'] =>
  (Object.hasOwn(kinds, text) ? kinds[text] : undefined) ?? 'process'
