import { refuse } from '../../lib/refusal.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { withdrawVerdicts } from './blind.ts'
import { afterNow, answer, type Called, duty, forget, iso, person, slaOf, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import type { Seat } from './proof.ts'
import { redrawSeat } from './seats.ts'

type Record = Extract<HazardCommand, { type: 'recordVerdict' }>

const fold = (state: HazardState, events: readonly HazardEvent[]): HazardState =>
  events.reduce<HazardState>((so, event) => evolveHazard(so, event), state)

const passedBoth = ({ seats = [] }: HazardState): boolean =>
  seats.length === 2 && seats.every(({ outcome }) => outcome === 'passed')

/**
 * What two passes come to. Verifiers stay nameless: nobody's name stands in the event. The one place to change for a grade that two passes alone do not
 * close.
 */
export const conclude = (state: HazardState, facts: Facts): Called => ({
  events: [{ type: 'closed', by: '', name: '', at: iso(facts.at) }],
  effects: [{ kind: 'cancelDeadline', tag: 'verify' }, ...toReporter(state).map(answer)],
})

/** When the owner of a returned case is called again: the old date, or a day from now when that is past. */
const dueAgain = (state: HazardState, facts: Facts): Date => {
  const dueAt = new Date(state.dueAt ?? facts.at)
  return dueAt.getTime() > facts.at.getTime() ? dueAt : afterNow(facts, slaOf(state).repeatOverdue)
}

/** What follows of a return for the owner and the clocks. */
export const givenBack = (state: HazardState, facts: Facts): readonly Effect[] => [
  { kind: 'cancelDeadline', tag: 'verify' },
  forget('veto'),
  { kind: 'setDeadline', tag: 'due', at: dueAgain(state, facts), command: { type: 'callOverdue' } },
  ...(state.owner ? [duty(person(state.owner), 'rectify')] : []),
]

const passes = (state: HazardState, { seat }: Seat, facts: Facts): HazardDecision => {
  const given: HazardEvent = { type: 'verdictGiven', seat, outcome: 'passed', at: iso(facts.at) }
  const after = fold(state, [given])
  const end = passedBoth(after) ? conclude(after, facts) : { events: [], effects: [] }
  return accept([given, ...end.events], end.effects)
}

/** One return is enough; the other verifier is not asked any longer. */
const returns = (state: HazardState, { seat }: Seat, reason: string, facts: Facts): HazardDecision => {
  const at = iso(facts.at)
  const given: HazardEvent = { type: 'verdictGiven', seat, outcome: 'vetoed', at }
  return accept(
    [given, { type: 'vetoed', by: '', name: '', reason, at }],
    [...withdrawVerdicts(fold(state, [given])), ...givenBack(state, facts)],
  )
}

const replaces = (
  state: HazardState,
  { seat }: Seat,
  because: 'declared' | 'expired' | 'unreached',
  facts: Facts,
): HazardDecision => {
  const released: HazardEvent = { type: 'verifierReleased', seat, because, at: iso(facts.at) }
  const drawn = redrawSeat(seat, fold(state, [released]), facts)
  return accept([released, ...drawn.events], drawn.effects)
}

/** A verdict has come to its end. It counts only for the seat it was asked for in the present submission; what comes late, or for an earlier one, changes nothing. */
export const recordVerdict = (state: HazardState, { verdict, outcome, reason }: Record, facts: Facts): HazardDecision => {
  const seat = state.status === 'verifying' ? state.seats?.find((one) => one.verdict === verdict) : undefined
  if (!seat || seat.outcome !== null) return refuse('nothing-to-verify', { code: state.code })
  if (outcome === 'passed') return passes(state, seat, facts)
  return outcome === 'vetoed' ? returns(state, seat, reason, facts) : replaces(state, seat, outcome, facts)
}
