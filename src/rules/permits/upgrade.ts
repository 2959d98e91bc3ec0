import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { inZone } from '../../lib/clock.ts'
import { dateAfter, dayKind, startOfDay } from '../working-days.ts'
import { levelById } from './level.ts'
import type { ChainNode, Clause, Level, UpgradeRule, WorkRules } from './rule-pack.ts'

/**
 * Upgraded management (5.1.1, 5.2.15): work on holidays, rest days, at night or in wind is approved, and limited in time, as the next level is. How far to
 * upgrade is left to the enterprise; one level, and one more signature above the highest, is the default of the product.
 */

/** Night where a rule names no window of its own; a default of the product. */
export const nightWindow: readonly [from: string, to: string] = ['18:00', '06:00']

/** Signs in addition where no higher level is left: the principal, or the executive on duty in the principal's place. */
export const highestNode: ChainNode = {
  id: 'upgrade.principal',
  label: '主要负责人或值班领导',
  role: 'principal',
  scope: 'site',
  kind: 'approve',
  clause: '5.1.1',
}

/** What an upgrade depends on beside the rules. Null is not known. ISO instants; the wind of the day, observed or foretold, as a force. */
export type Circumstances = {
  readonly period: { readonly from: string; readonly to: string }
  readonly timeZone: string
  readonly outdoors: boolean | null
  readonly windForce: number | null
  /** The applicant declares that the work cannot wait for the wind to drop. */
  readonly unavoidable: boolean | null
}

/** `found` says where it was met: a date, a date with the night's hours, or a force. An unpublished calendar counts as a free day: `isCertain` is false then. */
export type UpgradeReason = {
  readonly rule: string
  readonly on: UpgradeRule['on']
  readonly text: string
  readonly clause: Clause
  readonly found: string
  readonly isCertain: boolean
}
export type Upgrade =
  | { readonly kind: 'asIs' }
  | { readonly kind: 'upgraded'; readonly from: string; readonly level: Level; readonly because: readonly UpgradeReason[] }
  | { readonly kind: 'forbidden'; readonly because: UpgradeReason }
  | { readonly kind: 'unknown'; readonly missing: readonly ('period' | 'outdoors' | 'windForce' | 'unavoidable')[] }

type Span = { readonly from: Date; readonly to: Date; readonly timeZone: string }
type Found = Pick<UpgradeReason, 'found' | 'isCertain'>

/** No permit runs longer; what does is a mistake, and its days are not looked through. */
const mostDays = 62

const spanOf = ({ period, timeZone }: Circumstances): Span | null => {
  const span = { from: new Date(period.from), to: new Date(period.to), timeZone }
  const length = span.to.getTime() - span.from.getTime()
  return length > 0 && length <= mostDays * 86_400_000 ? span : null
}

/** Dates of the site that the period touches: its end is no longer part of it. */
const datesOf = ({ from, to, timeZone }: Span): readonly string[] => {
  const last = inZone(new Date(to.getTime() - 1), timeZone).date
  const dates = [inZone(from, timeZone).date]
  for (let date = dates[0] ?? last; date < last; ) {
    date = dateAfter(date, 1)
    dates.push(date)
  }
  return dates
}

const holidays: ReadonlySet<string> = new Set(Object.keys(published.holidays))

/** A holiday of the notices is a holiday and a rest day; a free weekend a rest day; a day of an unpublished year may be either. */
const isDay = (on: 'holiday' | 'restDay', date: string): Found | null => {
  const kind = dayKind(date)
  if (kind === 'unknown') return { found: date, isCertain: false }
  return kind === 'free' && (on === 'restDay' || holidays.has(date)) ? { found: date, isCertain: true } : null
}

const wallClock = /^([01]\d|2[0-3]):[0-5]\d$/

/** The instant at which the site's clocks show a time on a date. Throws RangeError for what is no time of day. */
const instantAt = (date: string, time: string, timeZone: string): number => {
  if (!wallClock.test(time)) throw new RangeError(`«${time}» is no time of day`)
  const wall = new Date(`${date}T${time}:00.000Z`).getTime()
  const ahead = new Date(`${date}T00:00:00.000Z`).getTime() - startOfDay(date, timeZone).getTime()
  const shown = inZone(new Date(wall - ahead), timeZone)
  return wall - ahead - (new Date(`${shown.date}T${shown.time}.000Z`).getTime() - wall)
}

/** The first night that the period touches, the one before its first date included. */
const nightIn = (span: Span, [begins, ends]: readonly [string, string]): Found | null => {
  const [first = '', ...others] = datesOf(span)
  const found = [dateAfter(first, -1), first, ...others].find((date) => {
    const until = ends > begins ? date : dateAfter(date, 1)
    return (
      instantAt(date, begins, span.timeZone) < span.to.getTime() && instantAt(until, ends, span.timeZone) > span.from.getTime()
    )
  })
  return found === undefined ? null : { found: `${found} ${begins}–${ends}`, isCertain: true }
}

const reason = ({ id, on, text, clause }: UpgradeRule, found: Found): UpgradeReason => ({ rule: id, on, text, clause, ...found })

/** Reasons of the calendar and the clock: one for each rule that any instant of the period meets. */
const timeReasons = (rules: readonly UpgradeRule[], span: Span): readonly UpgradeReason[] =>
  rules.flatMap((rule) => {
    if (rule.on === 'windForce') return []
    const on = rule.on
    const found =
      on === 'night'
        ? nightIn(span, rule.window ?? nightWindow)
        : datesOf(span).reduce<Found | null>((known, date) => known ?? isDay(on, date), null)
    return found ? [reason(rule, found)] : []
  })

type ByWind = Exclude<Upgrade, { readonly kind: 'upgraded' }> | { readonly kind: 'raises'; readonly because: UpgradeReason }

/** What the wind does: nothing, forbids, raises where the work cannot wait, or cannot be told. Indoors it does nothing. */
const byWind = (rule: UpgradeRule, { outdoors, windForce, unavoidable }: Circumstances): ByWind => {
  if (outdoors === false) return { kind: 'asIs' }
  const missing = [...(outdoors === null ? ['outdoors' as const] : []), ...(isForce(windForce) ? [] : ['windForce' as const])]
  if (missing.length > 0 || windForce === null) return { kind: 'unknown', missing }
  if (windForce < (rule.atLeast ?? 0)) return { kind: 'asIs' }
  if (unavoidable === null) return { kind: 'unknown', missing: ['unavoidable'] }
  const because = reason(rule, { found: `${windForce}`, isCertain: true })
  return { kind: unavoidable ? 'raises' : 'forbidden', because }
}

const isForce = (force: number | null): boolean => force !== null && Number.isInteger(force) && force >= 0

/** The level that a job is managed as: approver and validity of the next one, never a longer validity than its own; at the top one signature more. */
const raised = (rules: Pick<WorkRules, 'levels'>, own: Level): Level => {
  const next = rules.levels.filter(({ rank }) => rank > own.rank).toSorted((a, b) => a.rank - b.rank)[0]
  if (!next) return { ...own, chain: withHighest(own.chain) }
  return own.validity.most < next.validity.most ? { ...next, validity: own.validity } : next
}

const withHighest = (chain: readonly ChainNode[]): readonly ChainNode[] => {
  const last = chain.findLastIndex(({ kind }) => kind === 'approve')
  const at = last >= 0 ? last + 1 : chain.length
  return chain.toSpliced(at, 0, highestNode)
}

/**
 * How a job of this level is to be managed in these circumstances. Any instant of the period counts, not only its start. Several reasons raise it by one
 * level together.
 */
export const upgradeOf = (
  rules: Pick<WorkRules, 'levels' | 'upgrades'>,
  level: string,
  circumstances: Circumstances,
): Upgrade => {
  const own = levelById(rules, level)
  if (rules.upgrades.length === 0) return { kind: 'asIs' }
  const span = spanOf(circumstances)
  if (!span) return { kind: 'unknown', missing: ['period'] }
  const winds = rules.upgrades.filter(({ on }) => on === 'windForce').map((rule) => byWind(rule, circumstances))
  const refusal = winds.find(({ kind }) => kind === 'forbidden') ?? winds.find(({ kind }) => kind === 'unknown')
  if (refusal?.kind === 'forbidden' || refusal?.kind === 'unknown') return refusal
  const because = [
    ...timeReasons(rules.upgrades, span),
    ...winds.flatMap((wind) => (wind.kind === 'raises' ? [wind.because] : [])),
  ]
  return because.length > 0 ? { kind: 'upgraded', from: level, level: raised(rules, own), because } : { kind: 'asIs' }
}
