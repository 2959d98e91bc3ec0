import type { Clause, GasLimit, GasRules, JobFacts } from './rule-pack.ts'
import { convert, exposureLimit, type GasUnit, type Substance, substanceOf } from './substances.ts'
import { whenHolds } from './test-facts.ts'

/** One value off an instrument. `substance` as its id or a usual name; `value` null where the field was left empty. */
export type Reading = {
  readonly kind: GasLimit['kind']
  readonly substance: string
  readonly value: number | null
  readonly unit: GasUnit
}

export type ReadingRefusal =
  | 'noValue'
  | 'implausible'
  | 'unknownSubstance'
  | 'otherKind'
  | 'noLel'
  | 'noUnit'
  | 'noExposureLimit'
  | 'missingFacts'

/**
 * What the pack says of a value. `limit` is the limit that decided, in words; `vol` the value in vol%. `unlimited`: nothing here limits it, so it is recorded
 * and proves nothing. A refused value was not judged at all.
 */
export type Judged =
  | {
      readonly kind: 'judged'
      readonly passed: boolean
      readonly limit: string
      readonly limitId: string
      readonly clause: Clause
      readonly vol: number
    }
  | { readonly kind: 'unlimited'; readonly vol: number }
  | { readonly kind: 'refused'; readonly because: ReadingRefusal; readonly missing: readonly string[] }

const refused = (because: ReadingRefusal, missing: readonly string[] = []): Judged => ({ kind: 'refused', because, missing })

type Bounds = { readonly least?: number; readonly most?: number }

/** Whether a kind of measurement can be made of a substance: oxygen of oxygen alone, an explosive mixture only of what burns. */
const mismatch = (kind: GasLimit['kind'], { id, lel }: Substance): ReadingRefusal | null => {
  if ((kind === 'oxygen') !== (id === 'oxygen')) return 'otherKind'
  return kind === 'combustible' && lel === null ? 'noLel' : null
}

/** Whether a limit is about this substance at all, whatever the answers say. */
const concerns = ({ kind, substances, lel: bounds }: GasLimit, reading: Reading, { id, lel }: Substance): boolean => {
  if (kind !== reading.kind || (substances && !substances.includes(id))) return false
  if (!bounds) return true
  return (
    lel !== null && (bounds.atLeast === undefined || lel >= bounds.atLeast) && (bounds.below === undefined || lel < bounds.below)
  )
}

/** The limit's own bounds; for a toxic substance its limit of GBZ 2.1 as well, and the stricter of the two. Null where neither says anything. */
const boundsOf = ({ kind, least, most }: GasLimit, substance: Substance): Bounds | null => {
  const own = kind === 'toxic' ? exposureLimit(substance)?.most : undefined
  const upper = [most, own].filter((one) => one !== undefined)
  if (least === undefined && upper.length === 0) return null
  return { ...(least === undefined ? {} : { least }), ...(upper.length === 0 ? {} : { most: Math.min(...upper) }) }
}

const isInside = (value: number, { least, most }: Bounds): boolean =>
  (least === undefined || value >= least) && (most === undefined || value <= most)

const unitWords: Readonly<Record<GasUnit, string>> = { 'vol%': '%（体积）', 'LEL%': '%LEL', 'mg/m3': ' mg/m³', ppm: ' ppm' }

const inWords = ({ least, most }: Bounds, unit: GasUnit): string => {
  if (least !== undefined && most !== undefined) return `${least}～${most}${unitWords[unit]}`
  return most !== undefined ? `≤${most}${unitWords[unit]}` : `≥${least}${unitWords[unit]}`
}

/** The limit in words, and what it is on a detector that shows %LEL. */
const limitWords = (limit: GasLimit, bounds: Bounds, substance: Substance): string => {
  const words = inWords(bounds, limit.unit)
  if (limit.kind !== 'combustible' || limit.unit === 'LEL%' || bounds.most === undefined) return words
  const lel = convert(bounds.most, { from: limit.unit, to: 'LEL%' }, substance)
  return lel === null ? words : `${words}，${substance.name}即 ${Math.floor(lel * 10) / 10}%LEL`
}

const against = (limit: GasLimit, value: number, unit: GasUnit, substance: Substance): Judged => {
  const bounds = boundsOf(limit, substance)
  if (!bounds) return refused('noExposureLimit')
  const there = convert(value, { from: unit, to: limit.unit }, substance)
  const vol = convert(value, { from: unit, to: 'vol%' }, substance)
  if (there === null || vol === null) return refused('noUnit')
  const passed = isInside(there, bounds)
  return { kind: 'judged', passed, limit: limitWords(limit, bounds, substance), limitId: limit.id, clause: limit.clause, vol }
}

/** Of several limits the one that failed decides, else the first; a value that one limit cannot judge is not judged. */
const deciding = (found: readonly Judged[], vol: number): Judged =>
  found.find(({ kind }) => kind === 'refused') ??
  found.find((one) => one.kind === 'judged' && !one.passed) ??
  found[0] ?? { kind: 'unlimited', vol }

/**
 * Judges one value against the limits that hold for these answers. Bounds are inclusive, as the clauses word them (5.3.2 不大于, 6.4 a). Fails closed: an empty
 * value, an unknown substance, an answer that decides which limit holds and is missing are refused, never passed.
 */
export const judge = (gas: Pick<GasRules, 'limits'>, facts: JobFacts, reading: Reading): Judged => {
  const { value, unit } = reading
  if (value === null) return refused('noValue')
  const substance = substanceOf(reading.substance)
  if (!substance) return refused('unknownSubstance')
  const wrong = mismatch(reading.kind, substance)
  if (wrong) return refused(wrong)
  const vol = convert(value, { from: unit, to: 'vol%' }, substance)
  if (vol === null) return refused(Number.isFinite(value) ? 'noUnit' : 'implausible')
  if (!(value >= 0 && vol <= 100)) return refused('implausible')
  const limits = gas.limits.filter((limit) => concerns(limit, reading, substance))
  const verdicts = limits.map((limit) => ({ limit, verdict: whenHolds(limit.when, facts) }))
  const missing = verdicts.flatMap(({ verdict }) => (verdict.kind === 'unknown' ? verdict.missing : []))
  if (missing.length > 0) return refused('missingFacts', [...new Set(missing)])
  const held = verdicts.filter(({ verdict }) => verdict.kind === 'yes')
  return deciding(
    held.map(({ limit }) => against(limit, value, unit, substance)),
    vol,
  )
}
