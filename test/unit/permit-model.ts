import { hours, type Millis, minutes } from '../../src/lib/clock.ts'

/**
 * What is promised of a permit of special hot work, told apart from how it is made: which state may follow which, and what must be true of the world and of the
 * history for work to go on. It reads the journal and what the test has done to the world, never the state.
 */

/** Which status may follow which. */
export const mayFollow: Readonly<Record<string, readonly string[]>> = {
  none: ['draft'],
  draft: ['jsa', 'cancelled'],
  jsa: ['measures', 'cancelled', 'expired'],
  measures: ['briefing', 'cancelled', 'expired'],
  briefing: ['signing', 'cancelled', 'expired'],
  signing: ['issued', 'cancelled', 'rejected', 'expired'],
  issued: ['active', 'cancelled', 'rejected', 'revoked', 'expired'],
  active: ['suspended', 'completed', 'revoked', 'expired'],
  suspended: ['active', 'completed', 'revoked', 'expired'],
  expired: ['completed'],
  revoked: ['completed'],
  completed: ['accepted'],
  accepted: [],
  rejected: [],
  cancelled: [],
}

/** What the test knows of the world outside the permit. */
export type World = {
  windForce: number
  weatherAt: number
  certified: boolean
  guardEmployed: boolean
  /** Blind plates are pulled within 30 m, under another permit. */
  plates: boolean
}

export type Entry = { readonly type: string; readonly at: number; readonly said: Readonly<Record<string, unknown>> }

const ofType = (history: readonly Entry[], ...types: readonly string[]): readonly Entry[] =>
  history.filter(({ type }) => types.includes(type))
const last = (history: readonly Entry[], ...types: readonly string[]): Entry | undefined => ofType(history, ...types).at(-1)
const since = (history: readonly Entry[], from: Entry | undefined): readonly Entry[] =>
  from ? history.slice(history.indexOf(from)) : history

type Sample = { readonly point: string; readonly value: number; readonly at: number }
const samplesIn = (history: readonly Entry[]): readonly Sample[] =>
  ofType(history, 'gasRecorded').map(({ said }) => {
    const { point, value, sampledAt } = said.sample as { point: string; value: number; sampledAt: string }
    return { point, value, at: new Date(sampledAt).getTime() }
  })
/** The newest values at the two points of an outer wall. */
const standing = (history: readonly Entry[]): readonly (readonly Sample[])[] =>
  ['contents', 'around'].map((point) => {
    const here = samplesIn(history).filter((one) => one.point === point)
    const newest = Math.max(...here.map(({ at }) => at))
    return here.filter(({ at }) => at === newest)
  })
const day = (at: number): string => new Date(at + hours(8)).toISOString().slice(0, 10)

/** The break before work last began, and when it did. */
const begins = (history: readonly Entry[]) => {
  const begun = last(history, 'started', 'resumed')
  const before = begun ? history.slice(0, history.indexOf(begun)) : history
  return {
    begun: begun?.at ?? Number.NaN,
    stopped: begun?.type === 'resumed' ? last(before, 'suspended')?.at : undefined,
    before,
  }
}

const gasHolds = (history: readonly Entry[], now: number): boolean => {
  const points = standing(history)
  if (points.some((here) => here.length === 0 || here.some(({ value }) => !(value <= 0.5)))) return false
  const { begun, before } = begins(history)
  const oldest = Math.min(...points.flat().map(({ at }) => at))
  const newest = Math.max(...samplesIn(history).map(({ at }) => at))
  const stops = ofType(before, 'suspended')
  const breaks = stops.length === 0 ? 0 : begun - (firstStopOf(before)?.at ?? begun)
  const atStart = standing(before)
  const oldestThen = Math.min(...atStart.flat().map(({ at }) => at))
  const fresh = begun - oldestThen <= minutes(30)
  const mayBegin = stops.length === 0 ? fresh : breaks <= minutes(30) || (fresh && oldestThen >= (firstStopOf(before)?.at ?? 0))
  return mayBegin && now - Math.max(begun, newest) <= hours(2) && day(now) <= day(oldest + minutes(30))
}
/** The stop that began the break: further stops during it do not shorten it. */
const firstStopOf = (before: readonly Entry[]): Entry | undefined => {
  const worked = last(before, 'started', 'resumed')
  return ofType(since(before, worked), 'suspended')[0]
}

const attended = (history: readonly Entry[], now: number): boolean => {
  const lost = ofType(history, 'suspended').findLast(({ said }) => said.because === 'attendantAbsent')
  const seen = last(since(history, lost), 'checkedIn', 'pulseAnswered')
  const longest: Millis = minutes(15)
  return seen !== undefined && now - Math.max(seen.at + longest, begins(history).begun) <= minutes(5)
}

const nodes = ['workLeader', 'unit', 'safety', 'approver', 'shiftLeader']
const needs = ['fullVideo', 'writtenPlan', 'positivePressure', 'stablePlant', 'continuousDetector']
const crew = ['welder', 'fitter', 'guard', 'guard2']

type Given = {
  readonly history: readonly Entry[]
  readonly world: World
  readonly now: number
  readonly from: number
  readonly to: number
}

/** Every condition under which work may go on, by the number of its clause. */
const conditions: Readonly<Record<string, (given: Given) => boolean>> = {
  '4.16 within its time': ({ now, from, to }) => from <= now && now < to,
  '4.1 analysed': ({ history }) => ofType(history, 'jsaConfirmed').length > 0,
  '4.11 sixteen lines confirmed': ({ history }) =>
    new Set(ofType(history, 'measureConfirmed').map(({ said }) => (said.answer as { line: string }).line)).size === 16,
  '4.4 briefed': ({ history }) => crew.every((id) => ofType(history, 'briefingReceived').some(({ said }) => said.person === id)),
  'A.1 signed': ({ history }) =>
    nodes.every((id) => ofType(history, 'signed').some(({ said }) => (said.signature as { node: string }).node === id)),
  '4.9 certified': ({ world }) => world.certified,
  '5.3 gas': ({ history, now }) => gasHolds(history, now),
  '4.10 attended': ({ history, world, now }) => world.guardEmployed && attended(history, now),
  '7.6 no plates within 30 m': ({ world }) => !world.plates,
  '5.2.15 wind': ({ world, now }) => world.windForce < 5 && now - world.weatherAt <= hours(1),
  '5.2.11 declared': ({ history }) => {
    const { before } = begins(history)
    const stop = firstStopOf(before)
    const from = stop ? stop.at : 0
    return needs.every((need) => ofType(before, 'declared').some(({ said, at }) => said.need === need && at >= from))
  },
  '4.17 unchanged': ({ history }) => !ofType(history, 'suspended').some(({ said }) => said.because === 'changed'),
}

/** The conditions that do not hold now; work may go on only when there is none. */
export const brokenNow = (given: Given): readonly string[] =>
  Object.entries(conditions).flatMap(([name, holds]) => (holds(given) ? [] : [name]))
