import { inZone, type Millis } from '../../lib/clock.ts'
import { dateAfter, startOfDay } from '../working-days.ts'
import { judge, type Reading } from './gas.ts'
import type { Clause, GasLimit, GasRules, JobFacts } from './rule-pack.ts'
import { substanceOf } from './substances.ts'
import { whenHolds } from './test-facts.ts'

/** A value with where, when and by which instrument it was taken. `sampledAt`, not the time of entry, is what counts. ISO instants; `calibrationDue` a date. */
export type Sample = Reading & { readonly point: string; readonly sampledAt: string; readonly calibrationDue: string }

/**
 * Where the work stands. `workingSince`: when it last began, at the start or a resumption; `stoppedAt`: when it last stopped. Both null before the first start;
 * while it goes on only `workingSince` is set.
 */
export type GasMoment = {
  readonly samples: readonly Sample[]
  readonly facts: JobFacts
  readonly level: string
  readonly workingSince: string | null
  readonly stoppedAt: string | null
  readonly at: Date
  readonly timeZone: string
}

export type GasProblem = {
  readonly because:
    | 'missingFacts'
    | 'notSampled'
    | 'failed'
    | 'stale'
    | 'afterBreak'
    | 'daily'
    | 'logOverdue'
    | 'calibration'
    | 'notJudged'
    | 'fromTheFuture'
  readonly clause: Clause
  /** A point, a substance or the names of answers; which one `because` tells. */
  readonly about: string
}

/** `until` is the last instant at which the test still counts, for the countdown; null where no test is wanted. `nextLog`: when the next value is due. */
export type GasVerdict =
  | { readonly kind: 'valid'; readonly until: Date | null; readonly nextLog: Date | null }
  | { readonly kind: 'invalid'; readonly problems: readonly GasProblem[] }

/** What must have been sampled: a kind, at a point, of one of these substances where the limit names any. */
export type GasNeed = {
  readonly point: string
  readonly kind: GasLimit['kind']
  readonly substances: readonly string[] | null
  readonly clause: Clause
}
export type GasNeeds =
  | { readonly kind: 'needs'; readonly needs: readonly GasNeed[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing'; readonly facts: readonly string[] }

/** Portable detectors conform to GB 15322.3, calibrated in time (4.12). */
const calibrationClause = '4.12'
/** Stands for any point where the pack names none. */
export const anyPoint = '*'

const invalid = (because: GasProblem['because'], clause: Clause, about: string): GasVerdict => ({
  kind: 'invalid',
  problems: [{ because, clause, about }],
})

type Needed = { readonly item: { readonly clause: Clause }; readonly missing: readonly string[] }

/** Those whose condition holds, and the answers that are missing to tell. */
const wanted = <T extends { readonly when?: GasLimit['when']; readonly clause: Clause }>(
  items: readonly T[],
  facts: JobFacts,
) => {
  const verdicts = items.map((item) => ({ item, verdict: whenHolds(item.when, facts) }))
  const missing: Needed['missing'] = verdicts.flatMap(({ verdict }) => (verdict.kind === 'unknown' ? verdict.missing : []))
  return { held: verdicts.filter(({ verdict }) => verdict.kind === 'yes').map(({ item }) => item), missing }
}

const measurements = (limits: readonly GasLimit[]): readonly Pick<GasNeed, 'kind' | 'substances'>[] => {
  const found = new Map(
    limits.map(({ kind, substances = null }) => [`${kind} ${substances?.toSorted().join() ?? ''}`, { kind, substances }]),
  )
  return [...found.values()]
}

/** What must be sampled for these answers: every measurement that a limit asks for, at every point that holds. */
export const gasNeeds = (gas: GasRules, facts: JobFacts): GasNeeds => {
  const whole = whenHolds(gas.when, facts)
  if (whole.kind === 'no') return { kind: 'none' }
  const limits = wanted(gas.limits, facts)
  const points = wanted(gas.points, facts)
  const missing = [...(whole.kind === 'unknown' ? whole.missing : []), ...limits.missing, ...points.missing]
  if (missing.length > 0) return { kind: 'missing', facts: [...new Set(missing)] }
  const places = points.held.length > 0 ? points.held : [{ id: anyPoint, clause: gas.sampleAge.clause }]
  const kinds = measurements(limits.held)
  return { kind: 'needs', needs: places.flatMap(({ id, clause }) => kinds.map((one) => ({ ...one, point: id, clause }))) }
}

const idOf = (word: string): string => substanceOf(word)?.id ?? word
const timeOf = ({ sampledAt }: Sample): Millis => new Date(sampledAt).getTime()

/** The last values of each kind and substance at each point: a later value takes the place of an earlier one, and of two at one instant both count. */
export const latest = (samples: readonly Sample[]): readonly Sample[] => {
  const groups = Map.groupBy(samples, ({ point, kind, substance }) => [point, kind, idOf(substance)].join('\n'))
  return [...groups.values()].flatMap((group) => {
    const last = Math.max(...group.map(timeOf))
    return group.filter((sample) => !(timeOf(sample) < last))
  })
}

/** Whether the instrument's calibration was good on the day of sampling: through the due date, by the site's calendar. */
export const isCalibrated = ({ sampledAt, calibrationDue }: Sample, timeZone: string): boolean => {
  const due = new Date(calibrationDue)
  const at = new Date(sampledAt)
  if (!(due.getTime() > 0 && at.getTime() > 0)) return false
  return calibrationDue.length === 10 ? inZone(at, timeZone).date <= calibrationDue : at.getTime() <= due.getTime()
}

/** What is wrong with a sample that stands; null when it proves its point. */
const flawOf = (gas: GasRules, sample: Sample, { facts, at, timeZone }: GasMoment): GasProblem | null => {
  const time = timeOf(sample)
  if (!(time <= at.getTime())) return { because: 'fromTheFuture', clause: gas.sampleAge.clause, about: sample.point }
  if (!isCalibrated(sample, timeZone)) return { because: 'calibration', clause: calibrationClause, about: sample.point }
  const judged = judge(gas, facts, sample)
  if (judged.kind === 'refused') return { because: 'notJudged', clause: gas.sampleAge.clause, about: sample.substance }
  return judged.kind === 'judged' && !judged.passed
    ? { because: 'failed', clause: judged.clause, about: `${sample.point}：${judged.limit}` }
    : null
}

const meets = (need: GasNeed, { point, kind, substance }: Sample): boolean =>
  (need.point === anyPoint || need.point === point) &&
  need.kind === kind &&
  (!need.substances || need.substances.includes(idOf(substance)))

const keyed = (rules: Readonly<Record<string, unknown>>, level: string): string => (Object.hasOwn(rules, level) ? level : 'any')

const endOfDay = (at: Millis, timeZone: string): Millis =>
  startOfDay(dateAfter(inZone(new Date(at), timeZone).date, 1), timeZone).getTime() - 1

/**
 * When a value of every needed kind is due next: `every` after the last one of the kind that was logged longest ago, and not before work has gone on so long.
 * Null where the pack fixes no interval, and while work does not go on.
 */
export const nextLogDue = (gas: GasRules, needs: readonly GasNeed[], moment: GasMoment): Date | null => {
  const rule = gas.logEvery[keyed(gas.logEvery, moment.level)]
  if (!rule || !(rule.every > 0) || moment.workingSince === null || moment.stoppedAt !== null) return null
  const since = new Date(moment.workingSince).getTime()
  const logged = needs.map((need) => {
    const kept = moment.samples.filter(
      (sample) => meets({ ...need, point: anyPoint }, sample) && timeOf(sample) <= moment.at.getTime(),
    )
    return Math.max(since, ...kept.map(timeOf))
  })
  return new Date(Math.min(...logged) + rule.every)
}

/** The samples that stand for what is needed, oldest first. */
type Cover = { readonly oldest: Millis; readonly lacking: readonly GasNeed[] }
const coverOf = (needs: readonly GasNeed[], standing: readonly Sample[]): Cover => {
  const lacking = needs.filter((need) => !standing.some((sample) => meets(need, sample)))
  const used = standing.filter((sample) => needs.some((need) => meets(need, sample)))
  return { oldest: Math.min(...used.map(timeOf)), lacking }
}

type End = { readonly until: Millis; readonly because: GasProblem['because']; readonly clause: Clause }
const soonest = (ends: readonly End[]): End | null => ends.toSorted((a, b) => a.until - b.until)[0] ?? null

/** A test made so shortly before midnight that it would still let work start after it is that day's as well. */
const dailyEnd = (gas: GasRules, oldest: Millis, timeZone: string): readonly End[] =>
  gas.daily ? [{ until: endOfDay(oldest + gas.sampleAge.most, timeZone), because: 'daily', clause: gas.daily.clause }] : []

/** The ends of a test's use: by age before the start, by day and log while work goes on, by the length of the break while it is stopped. */
const endOf = (gas: GasRules, oldest: Millis, nextLog: Date | null, moment: GasMoment): End | null => {
  const byAge: End = { until: oldest + gas.sampleAge.most, because: 'stale', clause: gas.sampleAge.clause }
  if (moment.workingSince === null) return byAge
  const daily = dailyEnd(gas, oldest, moment.timeZone)
  if (moment.stoppedAt === null) {
    const log = gas.logEvery[keyed(gas.logEvery, moment.level)]
    return soonest(nextLog && log ? [...daily, { until: nextLog.getTime(), because: 'logOverdue', clause: log.clause }] : daily)
  }
  const stopped = new Date(moment.stoppedAt).getTime()
  const rule = gas.retestAfter[keyed(gas.retestAfter, moment.level)]
  const byBreak = rule ? soonest([...daily, { until: stopped + rule.most, because: 'afterBreak', clause: rule.clause }]) : null
  const renewed = oldest >= stopped ? byAge : null
  if (!byBreak) return renewed ?? { ...byAge, until: Number.NEGATIVE_INFINITY }
  return renewed && renewed.until > byBreak.until ? renewed : byBreak
}

/** Whether the gas tests let work start, go on or resume at this instant, and until when. */
export const gasVerdict = (gas: GasRules | null, moment: GasMoment): GasVerdict => {
  const wants: GasNeeds = gas ? gasNeeds(gas, moment.facts) : { kind: 'none' }
  if (!gas || wants.kind === 'none') return { kind: 'valid', until: null, nextLog: null }
  if (wants.kind === 'missing') return invalid('missingFacts', gas.sampleAge.clause, wants.facts.join())
  const standing = latest(moment.samples)
  const flaws = standing.map((sample) => flawOf(gas, sample, moment)).filter((flaw) => flaw !== null)
  const { oldest, lacking } = coverOf(wants.needs, standing)
  const problems = [
    ...flaws,
    ...lacking.map(({ point, kind, clause }): GasProblem => ({ because: 'notSampled', clause, about: `${point} ${kind}` })),
  ]
  if (problems.length > 0) return { kind: 'invalid', problems }
  if (wants.needs.length === 0) return { kind: 'valid', until: null, nextLog: null }
  const nextLog = nextLogDue(gas, wants.needs, moment)
  const end = endOf(gas, oldest, nextLog, moment)
  if (!end) return { kind: 'valid', until: null, nextLog }
  return moment.at.getTime() <= end.until
    ? { kind: 'valid', until: new Date(end.until), nextLog }
    : invalid(end.because, end.clause, new Date(oldest).toISOString())
}

/** Until when the gas tests count, for "气体检测有效至"; null when they do not count now, or when none is wanted. */
export const validUntil = (gas: GasRules | null, moment: GasMoment): Date | null => {
  const verdict = gasVerdict(gas, moment)
  return verdict.kind === 'valid' ? verdict.until : null
}
