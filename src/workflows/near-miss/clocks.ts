import { refuse } from '../../lib/refusal.ts'
import { nearMissRule } from '../../rules/near-miss.ts'
import { callFrom, ladderFrom } from '../ladder.ts'
import { duty, iso, nobodyHolds, outOfReach, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts } from '../workflow.ts'
import type { NearMissCommand, NearMissEvent, NearMissState } from './near-miss.ts'
import { isOwnRung, rungHolders } from './people.ts'

type NearMissDecision = Decision<NearMissEvent>
type Climb = Extract<NearMissCommand, { type: 'climb' }>
type Unreachable = Extract<NearMissCommand, { type: 'reportUnreachable' }>
type Called = { readonly events: readonly NearMissEvent[]; readonly effects: readonly Effect[] }
type About = Pick<NearMissState, 'reporter' | 'team' | 'ladder' | 'reportedAt' | 'code'>

/** Calls a rung of the frozen ladder and sets the clock for the next. An empty rung is passed over at once, and the operators hear of it. */
export const callRung = (state: About, from: number, facts: Facts): Called => {
  const ladder = ladderFrom(state.ladder, state.reportedAt, nearMissRule.repeatTop)
  const calls = callFrom(ladder, from, facts.at, (role) => rungHolders(state, role, facts.plant))
  const events = calls.map(({ rung, role, persons, next }): NearMissEvent => {
    const following = { rung: next.rung, role: next.role, at: iso(next.at) }
    return { type: 'called', rung, role, persons, at: iso(facts.at), next: following }
  })
  const effects = calls.flatMap(({ rung, role, persons }): readonly Effect[] => {
    if (persons.length > 0) return persons.map((id) => duty(toPerson(id), 'reply', rung > 0))
    return isOwnRung(state, role, facts.plant) ? [] : nobodyHolds(role, state.code, facts)
  })
  const last = calls[calls.length - 1]
  const strikes = last ? [strikeAt('climb', last.next.at, { type: 'climb', rung: last.next.rung })] : []
  return { events, effects: [...effects, ...strikes] }
}

/** The clock: nobody has replied. */
export const climb = (state: NearMissState, { rung }: Climb, facts: Facts): NearMissDecision => {
  if (state.reply) return refuse('answered-already', { code: state.code, at: state.reply.at })
  const called = callRung(state, rung, facts)
  return accept(called.events, called.effects)
}

/** Nobody of the latest rung can be reached: the next is called at once. Nobody is called twice for one failure. */
export const reportUnreachable = (state: NearMissState, { person, duty: what }: Unreachable, facts: Facts): NearMissDecision => {
  const alarm = outOfReach(person, what, state.code)
  if (state.reply || state.unreached.includes(person)) return accept([], [alarm])
  const fact: NearMissEvent = { type: 'unreached', person, at: iso(facts.at) }
  const latest = state.called[state.called.length - 1]
  const lost = [...state.unreached, person]
  const isEmpty = latest !== undefined && latest.persons.length > 0 && latest.persons.every((id) => lost.includes(id))
  if (!isEmpty || latest.rung + 1 >= state.ladder.length) return accept([fact], [alarm])
  const called = callRung(state, latest.rung + 1, facts)
  return accept([fact, ...called.events], [alarm, ...called.effects])
}
