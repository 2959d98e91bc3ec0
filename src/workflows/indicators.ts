import { days, hours, inZone, later } from '../lib/clock.ts'
import { type CohortCase, cohortSince, mostCohort, nearMissesSince } from './cohort.ts'
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
  'falselyClosed',
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
  falseClosure: share(counts.falselyClosed, counts.closed),
})

/** What an indicator comes to, with everything that it was reckoned from. Where nothing can be said the numbers are null. */
export type Measure =
  | { readonly kind: 'share'; readonly part: number; readonly whole: number }
  | {
      readonly kind: 'hours'
      readonly count: number
      readonly mean: number | null
      readonly median: number | null
      readonly p90: number | null
    }
  | {
      readonly kind: 'ages'
      readonly upTo24: number
      readonly upTo48: number
      readonly beyond: number
      readonly noTerm: number
      readonly cut: boolean
    }
  | { readonly kind: 'people'; readonly part: number; readonly whole: number; readonly silent: readonly string[] }
  /** Its other half is not recorded here, so it has no value, whatever the count is. */
  | { readonly kind: 'halfKnown'; readonly count: number }

/** The indicators of chapter 6 that this plant records something of, in the order in which they are shown. */
export const indicators = [
  'rectification',
  'onTime',
  'firstPass',
  'overdue',
  'repeat',
  'falseClosure',
  'closure',
  'ack',
  'reply',
  'reach',
  'participation',
  'nearMiss',
] as const
export type Indicator = (typeof indicators)[number]

export type Measures = {
  readonly measures: Readonly<Record<Indicator, Measure>>
  /** More cases were reported than were looked at. */
  readonly cut: boolean
  /** Cases that were counted and are not among those looked at, because they have not changed since a release that kept less. */
  readonly missing: number
}

/** The instant at which a day of the site begins. */
const dayStart = (date: string, timeZone: string): Date => {
  const wanted = new Date(`${date}T00:00:00.000Z`)
  const shown = inZone(wanted, timeZone)
  return later(wanted, wanted.getTime() - new Date(`${shown.date}T${shown.time}.000Z`).getTime())
}

const middleOf = (sorted: readonly number[]): number | null => {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** Mean, median and 90th percentile (nearest rank) of the hours from report to closing. */
const closureOf = (closed: readonly CohortCase[]): Measure => {
  const sorted = closed
    .map(({ reportedAt, closedAt }) => (new Date(closedAt ?? reportedAt).getTime() - new Date(reportedAt).getTime()) / hours(1))
    .sort((a, b) => a - b)
  const count = sorted.length
  return {
    kind: 'hours',
    count,
    mean: count === 0 ? null : sorted.reduce((sum, one) => sum + one, 0) / count,
    median: middleOf(sorted),
    p90: sorted[Math.ceil(count * 0.9) - 1] ?? null,
  }
}

const mostOpen = 500

/** How long what is open has been overdue. A case without a term is said apart: it is not on time. */
const overdueOf = ({ read }: Pick<Reads, 'read'>, at: Date): Measure => {
  const rows = read({ name: 'open', key: 'site', most: mostOpen })
  const terms = rows.map(({ note }) => (JSON.parse(note) as { readonly due: string | null }).due)
  const late = terms.flatMap((due) => (due === null ? [] : [at.getTime() - new Date(due).getTime()])).filter((by) => by > 0)
  const within = (from: number, to: number): number => late.filter((by) => by > from && by <= to).length
  return {
    kind: 'ages',
    upTo24: within(0, hours(24)),
    upTo48: within(hours(24), hours(48)),
    beyond: within(hours(48), Number.POSITIVE_INFINITY),
    noTerm: terms.filter((due) => due === null).length,
    cut: rows.length === mostOpen,
  }
}

const participationOf = (cases: readonly CohortCase[], { persons }: Plant): Measure => {
  const active = [...persons.values()].filter((one) => one.active)
  const reporters = new Set(cases.flatMap(({ person }) => person ?? []))
  const here = active.filter(({ id }) => reporters.has(id))
  const heard = new Set(here.map(({ team }) => team))
  const silent = [...new Set(active.map(({ team }) => team))].filter((team) => team !== '' && !heard.has(team)).sort()
  return { kind: 'people', part: here.length, whole: active.length, silent }
}

const count = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length

/** What was promised and is due by now: an answer that may still come in time is neither kept nor broken. */
const replyOf = (cases: readonly CohortCase[], at: string): Measure => {
  const due = cases.filter(({ answered, answerBy }) => answered === 'yes' || (answerBy !== null && answerBy <= at))
  return { kind: 'share', part: count(due, ({ answered }) => answered === 'yes'), whole: due.length }
}

const reachOf = (cases: readonly CohortCase[], at: string): Measure => {
  const due = cases.flatMap(({ targets }) => targets).filter(({ by, reached }) => reached || by <= at)
  return { kind: 'share', part: count(due, ({ reached }) => reached), whole: due.length }
}

/** All indicators over this many days of the site, today included. */
export const measuresOver = (reads: Reads, plant: Plant, at: Date, over: number): Measures => {
  const counts = countsOver(reads, plant, at, over)
  const from = dayStart(lastDays(at, plant.timeZone, over)[0] ?? '', plant.timeZone)
  const cases = cohortSince(reads, from)
  const valid = cases.filter(({ end }) => end !== 'void')
  const closed = valid.filter(({ end }) => end === 'closed')
  const taken = valid.filter(({ inTime }) => inTime !== null)
  const now = at.toISOString()
  return {
    measures: {
      rectification: { kind: 'share', part: closed.length, whole: valid.length },
      onTime: { kind: 'share', part: counts.closedOnTime, whole: counts.closed },
      firstPass: { kind: 'share', part: counts.firstPass, whole: counts.submitted },
      overdue: overdueOf(reads, at),
      repeat: { kind: 'share', part: counts.repeat, whole: counts.reported - counts.rejected - counts.merged },
      falseClosure: { kind: 'share', part: counts.falselyClosed, whole: counts.closed },
      closure: closureOf(closed),
      ack: { kind: 'share', part: count(taken, ({ inTime }) => inTime === true), whole: valid.length },
      reply: replyOf(cases, now),
      reach: reachOf(cases, now),
      participation: participationOf(valid, plant),
      nearMiss: { kind: 'halfKnown', count: nearMissesSince(reads, from) },
    },
    cut: cases.length === mostCohort,
    missing: cases.length === mostCohort ? 0 : Math.max(0, counts.reported - cases.length),
  }
}
