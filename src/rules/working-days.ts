import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { inZone, type Millis } from '../lib/clock.ts'

/**
 * The working calendar: weekdays, less the statutory holidays, plus the weekends that are worked instead (调休). The days come from the yearly notices of
 * the General Office of the State Council (国务院办公厅关于部分节假日安排的通知), as package `chinese-days` carries them. Beyond the last published notice
 * nothing is known: the answer is `unknown`, never a plain rule of weekends.
 */
export const workingCalendar = {
  id: 'working-days@1',
  effectiveFrom: '2004-01-01',
  source: '国务院办公厅关于部分节假日安排的通知（逐年）；《全国年节及纪念日放假办法》',
} as const

export type DayKind = 'working' | 'free' | 'unknown'

const free: ReadonlySet<string> = new Set(Object.keys(published.holidays))
const madeUp: ReadonlySet<string> = new Set(Object.keys(published.workdays))

/** National Day is the last holiday of each notice: a year is published when its notice reaches that far. */
const isPublished = (year: number): boolean => free.has(`${year}-10-01`)

/** New Year's holiday may reach back, or be worked for, into the last days of December (29th at the earliest, 2007 and 2018); these follow the next year's notice. */
const nextNoticeFrom = '12-26'

const shape = /^(\d{4})-(\d{2})-(\d{2})$/

/** The weekday of a date, Sunday 0; null for what is no date of the calendar. */
const weekdayOf = (date: string): number | null => {
  if (!shape.test(date)) return null
  const at = new Date(`${date}T00:00:00.000Z`)
  return at.toString() !== 'Invalid Date' && at.toISOString().startsWith(date) ? at.getUTCDay() : null
}

/** Whether `YYYY-MM-DD`, a day of the site's own calendar, is worked. `unknown` for years without a notice, and for what is no date. */
export const dayKind = (date: string): DayKind => {
  const weekday = weekdayOf(date)
  const year = Number(date.slice(0, 4))
  if (weekday === null || !isPublished(year)) return 'unknown'
  if (date.slice(5) >= nextNoticeFrom && !isPublished(year + 1)) return 'unknown'
  if (madeUp.has(date)) return 'working'
  if (free.has(date)) return 'free'
  return weekday === 0 || weekday === 6 ? 'free' : 'working'
}

/** Whether the day on which this instant falls at the site is worked. */
export const dayKindAt = (at: Date, timeZone: string): DayKind => dayKind(inZone(at, timeZone).date)

/** The date so many days after another. Throws RangeError for what is no date. */
export const dateAfter = (date: string, count: number): string => {
  if (weekdayOf(date) === null) throw new RangeError(`«${date}» is no date`)
  const at = new Date(`${date}T00:00:00.000Z`)
  at.setUTCDate(at.getUTCDate() + count)
  return at.toISOString().slice(0, 10)
}

/** The first day of the month after a date's. */
export const nextMonth = (date: string): string => `${dateAfter(`${date.slice(0, 7)}-28`, 4).slice(0, 7)}-01`

const aheadOf = (at: Date, timeZone: string): Millis => {
  const { date, time } = inZone(at, timeZone)
  return new Date(`${date}T${time}.000Z`).getTime() - Math.floor(at.getTime() / 1000) * 1000
}

/** The instant at which a date begins at the site. */
export const startOfDay = (date: string, timeZone: string): Date => {
  const wall = new Date(`${date}T00:00:00.000Z`).getTime()
  const guess = new Date(wall - aheadOf(new Date(wall), timeZone))
  return new Date(wall - aheadOf(guess, timeZone))
}

/** No period is longer; what asks for more is a mistake. */
const mostDays = 400

/** The date of the `count`-th working day after a date; `unknown` when a day on the way is. Throws RangeError for a count that is not 1 to 400. */
export const workingDateAfter = (date: string, count: number): string | 'unknown' => {
  if (!(Number.isInteger(count) && count >= 1 && count <= mostDays)) throw new RangeError(`${count} is no number of working days`)
  let day = date
  for (let left = count; left > 0; ) {
    day = dateAfter(day, 1)
    const kind = dayKind(day)
    if (kind === 'unknown') return 'unknown'
    if (kind === 'working') left -= 1
  }
  return day
}

/** The same time of day, `count` working days later. */
export const addWorkingDays = (at: Date, count: number, timeZone: string): Date | 'unknown' => {
  const { date } = inZone(at, timeZone)
  const day = workingDateAfter(date, count)
  const sinceMidnight = at.getTime() - startOfDay(date, timeZone).getTime()
  return day === 'unknown' ? day : new Date(startOfDay(day, timeZone).getTime() + sinceMidnight)
}

/** When a period of `count` working days ends: the day it begins on is not counted, and it ends with its last day. */
export const endOfWorkingDays = (at: Date, count: number, timeZone: string): Date | 'unknown' => {
  const day = workingDateAfter(inZone(at, timeZone).date, count)
  return day === 'unknown' ? day : startOfDay(dateAfter(day, 1), timeZone)
}

/** The instant at which the month of this instant ends at the site. */
export const endOfMonth = (at: Date, timeZone: string): Date => startOfDay(nextMonth(inZone(at, timeZone).date), timeZone)
