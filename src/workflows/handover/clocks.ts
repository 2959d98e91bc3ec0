import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { duty, iso, isPast, nameOf, nobodyHolds, outOfReach, reachableHolders, strikeAt, tell, toPerson } from '../pieces.ts'
import { accept, type Decision, type Facts } from '../workflow.ts'
import { ruleOf } from './edition.ts'
import type { HandoverCommand, HandoverEvent, HandoverState } from './handover.ts'

type HandoverDecision = Decision<HandoverEvent>
type Unreachable = Extract<HandoverCommand, { type: 'reportUnreachable' }>

/** The clock: still unsigned. The department head hears of it, now and every hour, and whoever's turn it is once more. */
export const climb = (state: HandoverState, _: object, facts: Facts): HandoverDecision => {
  if (state.endedAt !== null) return refuse('ended', { code: state.code, at: state.endedAt })
  if (!isPast(state.climbsAt, facts.at)) return accept([], [strikeAt('climb', new Date(state.climbsAt), { type: 'climb' })])
  return call(state, facts)
}

const call = (state: HandoverState, facts: Facts): HandoverDecision => {
  const role = ruleOf(state).climbsTo
  const persons = reachableHolders(facts.plant, role, facts.plant.site)
  const climbsAt = later(facts.at, ruleOf(state).repeat)
  const turn =
    state.status === 'offered' && state.incoming
      ? duty(toPerson(state.incoming), 'sign', true)
      : duty(toPerson(state.outgoing), 'prepare', true)
  return accept(
    [{ type: 'called', role, persons, at: iso(facts.at), climbsAt: iso(climbsAt) }],
    [
      turn,
      ...persons.map((id) => duty(toPerson(id), 'unsigned', true)),
      ...(persons.length === 0 ? nobodyHolds(role, state.code, facts) : []),
      strikeAt('climb', climbsAt, { type: 'climb' }),
    ],
  )
}

/** Whose turn it is cannot be reached: the other lead must act, so that nobody waits for a dead door; the clock goes on. */
export const reportUnreachable = (state: HandoverState, { person, duty: what }: Unreachable, facts: Facts): HandoverDecision => {
  const alarm = outOfReach(person, what, state.code)
  if (state.endedAt !== null || state.unreached.includes(person)) return accept([], [alarm])
  const event: HandoverEvent = { type: 'unreached', person, at: iso(facts.at) }
  const told = tell(toPerson(state.outgoing), 'unreached', { code: state.code, name: nameOf(facts.plant, person) })
  return accept([event], person === state.incoming ? [alarm, told] : [alarm])
}
