import { days, inZone, later } from '../lib/clock.ts'
import type { Plant, Reads } from './workflow.ts'

/** What is counted of hazards; each is a counter per day of the site (`hazard.closed` of `2026-11-24`). */
export const counted = [
  'reported',
  'accepted',
  'closed',
  'closedOnTime',
  'submitted',
  'firstPass',
  'reopened',
  'rejected',
  'merged',
  'repeat',
] as const
export type Counted = (typeof counted)[number]
export type Counts = Readonly<Record<Counted, number>>

/** Days of the site, the given one last. */
const lastDays = (at: Date, timeZone: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => inZone(later(at, days(n + 1 - count)), timeZone).date)

/** Sums of the counters over this many days of the site, today included. */
export const countsOver = ({ count }: Reads, { timeZone }: Plant, at: Date, over: number): Counts => {
  const keys = lastDays(at, timeZone, over)
  const sum = (name: Counted): number => keys.reduce((total, key) => total + count({ name: `hazard.${name}`, key }), 0)
  return Object.fromEntries(counted.map((name) => [name, sum(name)])) as Counts
}

/** A share, or null where there is nothing to take it of: nothing is never "all well". */
export const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** The indicators that the counters answer (chapter 6): each a share between 0 and 1, or null without cases. */
export const rates = (counts: Counts) => ({
  onTime: share(counts.closedOnTime, counts.closed),
  firstPass: share(counts.firstPass, counts.submitted),
  repeat: share(counts.repeat, counts.reported - counts.rejected - counts.merged),
  falseClosure: share(counts.reopened, counts.closed),
})
