import { slaOf } from './common.ts'
import type { HazardEvent, HazardState, ReachTarget } from './hazard.ts'
import { isOfFirstTable, paceOf } from './start.ts'

type ClockEvent = 'reachCalled' | 'reached' | 'informed' | 'reporterAnswered' | 'planned' | 'overdueCarded'
type Arms = {
  readonly [T in ClockEvent]: (state: HazardState, event: Extract<HazardEvent, { type: T }>) => Partial<HazardState>
}

/** A call from the start forgets what came before, because it is for another area or another red; else whoever is called is called besides. */
const called = (
  before: ReachTarget | undefined,
  { role, area, persons, rung, step, round, again, at }: Extract<HazardEvent, { type: 'reachCalled' }>,
): ReachTarget => ({
  role,
  area,
  persons,
  rung,
  step,
  ...(round === undefined ? {} : { round }),
  called: again && before ? [...new Set([...before.called, ...persons])] : persons,
  since: step > 0 && before ? before.since : at,
  reached: null,
})

/** What the events of the clocks change. */
export const clockArms: Arms = {
  reachCalled: (state, event) => {
    const all = state.reach ?? []
    const before = all.find(({ role }) => role === event.role)
    const target = called(before, event)
    return { reach: before ? all.map((one) => (one === before ? target : one)) : [...all, target] }
  },
  reached: (state, { person, how, at }) => ({
    reach: (state.reach ?? []).map((target) =>
      target.reached === null && target.called.includes(person) ? { ...target, reached: { person, how, at } } : target,
    ),
  }),
  informed: (_, { at }) => ({ informed: at }),
  reporterAnswered: (_, { count }) => ({ answers: count }),
  planned: (_, { week }) => ({ plannedFor: week }),
  overdueCarded: (state, { card, at }) => ({ carded: { ...state.carded, [card]: at } }),
}

const passedAt = ({ status, passedAt: before }: HazardState, event: HazardEvent, at: string | null): string | undefined => {
  if (event.type === 'verified') return at ?? undefined
  return status === 'verified' || status === 'closed' ? before : undefined
}

/** The clock's answer, or an end of the case, which its reporter is told. */
const isAnswer = ({ type }: HazardEvent, { closedAt }: HazardState): boolean => type === 'reporterAnswered' || closedAt !== null

/**
 * What the clocks remember of an event besides what it says: since when the case is urgent, when handling began, who owned it before. Only under tables
 * after the first, so that the fold of a journal of the first release stays the state that was stored then.
 */
export const rememberClocks = (before: HazardState | null, after: HazardState, event: HazardEvent): HazardState => {
  if (isOfFirstTable(after)) return after
  const at = 'at' in event && typeof event.at === 'string' ? event.at : null
  const isUrgent = slaOf(after).acceptWithin[paceOf(after)] !== undefined
  const began = event.type === 'rectificationStarted' && after.startedAt === undefined
  const changed = before !== null && before.owner !== null && before.owner !== after.owner
  const anew = event.type === 'reopened'
  const restarts = anew && after.status === 'reported'
  return {
    ...after,
    urgentFrom: isUrgent ? ((restarts ? undefined : after.urgentFrom) ?? at ?? after.ladderFrom) : undefined,
    startedAt: restarts ? undefined : began && at !== null ? at : after.startedAt,
    passedAt: passedAt(after, event, at),
    previousOwner: changed && at !== null ? { person: before.owner ?? '', at } : after.previousOwner,
    carded: anew ? undefined : after.carded,
    answers: anew ? undefined : after.answers,
    closedBefore: anew ? (before?.status === 'closed' ? (before.closedAt ?? undefined) : undefined) : after.closedBefore,
    answeredAt: after.answeredAt ?? (isAnswer(event, after) && at !== null ? at : undefined),
    informed: restarts ? undefined : after.informed,
  }
}
