import { cellOf, cellsOf, distanceMetres, isPlaced, isWithin, type Spot } from './places.ts'
import type { Exclusion, JobFacts, RulePack, Side, WorkType } from './rule-pack.ts'
import { whenHolds } from './test-facts.ts'

/**
 * A work, or an activity such as venting, that takes up a place for a time. `level` metres above the ground; `line`, `space`, `fallLine` and `dike` name what
 * it is on, in, under or inside of. `period.to` null: until it is closed. `activities`: what else goes on under the permit (solvent, dust, drawOff …).
 */
export type Occupancy = {
  readonly permit: string
  readonly work: WorkType | 'activity'
  readonly answers: JobFacts
  readonly activities: readonly string[]
  readonly place: Spot & {
    readonly area: string
    readonly level: number
    readonly line: string | null
    readonly space: string | null
    readonly fallLine?: string | null
    readonly dike?: string | null
  }
  readonly period: { readonly from: string; readonly to: string | null }
  /** Permits of one job (4.6) share it. */
  readonly job: string
}

/** `distance` in metres along the ground, null where the rule does not ask for one or it is unknown. `above`: met because one is above the other. */
export type Conflict = {
  readonly exclusion: Exclusion
  readonly with: Occupancy
  readonly distance: number | null
  readonly above: boolean
}

type Times = Occupancy['period']
const instant = (iso: string | null): number => (iso === null ? Number.POSITIVE_INFINITY : new Date(iso).getTime())

/** Whether two periods share an instant; the end is no longer part of one. Instants that cannot be read overlap everything. */
export const overlaps = (a: Times, b: Times): boolean =>
  !(instant(a.from) >= instant(b.to)) && !(instant(b.from) >= instant(a.to))

/** Horizontal reach of what falls from a height (可能坠落半径), by the height above the lower level. GB/T 3608-2008, annex A. Metres. */
const fallReach = (height: number): number => {
  if (height <= 5) return 3
  if (height <= 15) return 4
  return height <= 30 ? 5 : 6
}

const sharesName = (a: string | null | undefined, b: string | null | undefined): boolean =>
  typeof a === 'string' && a !== '' && a === b

/** A load hangs over whatever is near it, at whatever height its ticket stands. */
const heightBetween = (a: Occupancy, b: Occupancy): number =>
  a.work === 'lifting' || b.work === 'lifting' ? Number.POSITIVE_INFINITY : Math.abs(a.place.level - b.place.level)

/**
 * Whether one works above the other: on a fall line that both name, or at different heights and within reach of what falls. A height that is unknown may be
 * above.
 */
export const isAbove = (a: Occupancy, b: Occupancy): boolean => {
  if (sharesName(a.place.fallLine, b.place.fallLine)) return true
  const height = heightBetween(a, b)
  return height !== 0 && isWithin(distanceMetres(a.place, b.place), fallReach(height))
}

const sameOf: Readonly<
  Record<Extract<Exclusion['where'], { readonly same: string }>['same'], (a: Occupancy, b: Occupancy) => boolean>
> = {
  area: ({ place: a }, { place: b }) => sharesName(a.area, b.area),
  line: ({ place: a }, { place: b }) => sharesName(a.line, b.line),
  space: ({ place: a }, { place: b }) => sharesName(a.space, b.space),
  dike: ({ place: a }, { place: b }) => sharesName(a.dike, b.dike),
  fallLine: isAbove,
}

/** Whether an occupancy is of a side. An answer that is missing does not take it out. */
const isOf = ({ work, activity, when }: Side, one: Occupancy): boolean => {
  const named = work === 'activity' ? activity !== undefined && one.activities.includes(activity) : one.work === work
  return named && whenHolds(when, one.answers).kind !== 'no'
}

const pairs = ({ between: [left, right] }: Exclusion, a: Occupancy, b: Occupancy): boolean =>
  (isOf(left, a) && isOf(right, b)) || (isOf(left, b) && isOf(right, a))

const isSpared = ({ sparesLinked }: Exclusion, a: Occupancy, b: Occupancy): boolean => sparesLinked && sharesName(a.job, b.job)

type Nearness = { readonly distance: number | null; readonly above: boolean }

/** How two places meet a rule; null when they do not. The level between them never makes a place farther, and `vertical` reaches beyond the radius. */
const meets = ({ where, vertical }: Exclusion, a: Occupancy, b: Occupancy): Nearness | null => {
  const above = vertical && isAbove(a, b)
  if ('same' in where) return above || sameOf[where.same](a, b) ? { distance: null, above } : null
  const distance = distanceMetres(a.place, b.place)
  if (!isWithin(distance, where.metres) && !above) return null
  return { distance: Number.isNaN(distance) ? null : distance, above }
}

/** The rules of these that forbid or coordinate two occupancies, forbidding ones first. A permit is never in conflict with itself. */
export const conflictsBetween = (exclusions: readonly Exclusion[], a: Occupancy, b: Occupancy): readonly Conflict[] => {
  if (a.permit === b.permit || !overlaps(a.period, b.period)) return []
  const found = exclusions.flatMap((exclusion) => {
    if (!pairs(exclusion, a, b) || isSpared(exclusion, a, b)) return []
    const near = meets(exclusion, a, b)
    return near ? [{ exclusion, with: b, ...near }] : []
  })
  return found.toSorted((x, y) => rank[x.exclusion.outcome] - rank[y.exclusion.outcome])
}

const rank: Readonly<Record<Exclusion['outcome'], number>> = { forbid: 0, coordinate: 1 }

/** All conflicts of one occupancy with others, forbidding ones first. */
export const conflictsOf = (
  exclusions: readonly Exclusion[],
  one: Occupancy,
  others: readonly Occupancy[],
): readonly Conflict[] =>
  others
    .flatMap((other) => conflictsBetween(exclusions, one, other))
    .toSorted((x, y) => rank[x.exclusion.outcome] - rank[y.exclusion.outcome])

/** The farthest that any rule of these reaches, in metres; what falls reaches 6. */
export const reachOf = (exclusions: Pick<RulePack, 'exclusions'>['exclusions']): number =>
  Math.max(fallReach(Number.POSITIVE_INFINITY), ...exclusions.map(({ where }) => ('metres' in where ? where.metres : 0)))

const named = ({ area, line, space, fallLine, dike }: Occupancy['place']): readonly string[] =>
  Object.entries({ area, line, space, fallLine, dike }).flatMap(([kind, name]) => (name ? [`${kind}:${name}`] : []))

const unplaced = 'unplaced'

/** Index keys under which an occupancy is kept: its cell, its area, and what it is on or in. */
export const keysOf = ({ place }: Occupancy): readonly string[] => [
  isPlaced(place) ? `cell:${cellOf(place)}` : unplaced,
  ...named(place),
]

/**
 * Index keys to read for all that could be in conflict with an occupancy under these rules: the cells within reach, what shares a name with it, and what has
 * no place. Throws RangeError for an occupancy without a place itself, which could meet anything: refuse it before.
 */
export const keysAround = (exclusions: readonly Exclusion[], { place }: Occupancy): readonly string[] => [
  ...cellsOf(place, reachOf(exclusions)).map((cell) => `cell:${cell}`),
  ...named(place),
  unplaced,
]
