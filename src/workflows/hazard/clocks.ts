import { refuse } from '../../lib/refusal.ts'
import { callFrom } from '../ladder.ts'
import { nobodyHolds } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { type Called, duty, iso, person } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { holdersOf } from './people.ts'
import { reachLost } from './reach.ts'
import { awaitsResponse, awaitsStart, isPlanned, ladderOf, unanswered } from './start.ts'
import { askOthers } from './submit.ts'

type Climb = Extract<HazardCommand, { type: 'climb' }>
type Unreachable = Extract<HazardCommand, { type: 'reportUnreachable' }>

/** A case that its owner has taken on and not yet handed in. */
export const isRectifying = (state: HazardState): boolean => state.status === 'accepted' || state.status === 'rectifying'

/** Nobody can be asked: the operators are alarmed and told. */
export const nobody = (state: HazardState, role: string, facts: Facts): readonly Effect[] => nobodyHolds(role, state.code, facts)

/**
 * Calls a rung of the frozen ladder and sets the clock for the next. A role that nobody holds, or whose holders nobody can reach, is passed over at once
 * and the operators hear of it; when even the last rung is empty they are called themselves. Rungs whose time is already past are called together.
 */
export const callRung = (state: HazardState, from: number, facts: Facts): Called => {
  const { plant, at } = facts
  const calls = callFrom(ladderOf(state, plant), from, at, (role) => holdersOf({ role, after: 0 }, state, plant))
  const what = awaitsStart(state) ? 'start' : 'triage'
  const events = calls.map(
    ({ next, ...call }): HazardEvent => ({ type: 'called', ...call, at: iso(at), next: { at: iso(next.at), role: next.role } }),
  )
  const effects = calls.flatMap(({ rung, role, persons }) => [
    ...persons.map((id) => duty(person(id), what, rung > 0 && !isPlanned(state))),
    ...(persons.length === 0 ? nobody(state, role, facts) : []),
  ])
  const next = calls[calls.length - 1]?.next
  return {
    events,
    effects: next
      ? [...effects, { kind: 'setDeadline', tag: 'climb', at: next.at, command: { type: 'climb', rung: next.rung } }]
      : effects,
  }
}

/** The clock: nobody has answered, or whoever has taken it on has not begun. The owner hears of the latter too. */
export const climb = (state: HazardState, command: Climb, facts: Facts): HazardDecision => {
  if (!awaitsResponse(state)) return refuse('no-need-to-climb', { code: state.code })
  const called = callRung(state, command.rung, facts)
  const idle = awaitsStart(state) && state.owner !== null ? [duty(person(state.owner), 'start')] : []
  return accept(called.events, [...idle, ...called.effects])
}

/** A notice could not reach somebody for good: a fact of the case, and a reason to turn to somebody else at once. */
export const reportUnreachable = (state: HazardState, command: Unreachable, facts: Facts): HazardDecision => {
  const fact: HazardEvent = { type: 'unreachable', person: command.person, duty: command.duty, at: iso(facts.at) }
  const alarm: Effect = {
    kind: 'alarm',
    because: 'unreachable',
    values: { person: command.person, duty: command.duty, code: state.code },
  }
  const known = state.unreached.includes(command.person)
  const after = evolveHazard(state, fact)
  const instead = turnTo(after, command, facts)
  const others = known ? [] : askOthers(after, command.person, facts)
  return accept([fact, ...instead.events], [alarm, ...instead.effects, ...others])
}

const unmoved: Called = { events: [], effects: [] }

/** Who hears of it instead. Nobody is called twice for one failure, so a person whom no message reaches cannot keep the outbox turning. */
const turnTo = (state: HazardState, { person: lost, duty: what }: Unreachable, facts: Facts): Called => {
  if (what === 'reach') return reachLost(state, lost, facts)
  if (what === 'confirmRepair') return unmoved
  if (unanswered(state) || (what === 'start' && awaitsStart(state)))
    return leavesRungEmpty(state, lost, what, facts) ? climbFrom(state, facts) : unmoved
  if (what === 'verify' && state.status === 'verifying' && state.verifier === lost)
    return { events: [], effects: [{ kind: 'setDeadline', tag: 'verify', at: facts.at, command: { type: 'redraw' } }] }
  if (what !== 'rectify' || lost !== state.owner || !isRectifying(state)) return unmoved
  const heads = holdersOf({ role: 'deptHead', after: 0 }, state, facts.plant).filter((id) => id !== lost)
  return {
    events: [],
    effects: heads.length > 0 ? heads.map((id) => duty(person(id), 'overdue', true)) : nobody(state, 'deptHead', facts),
  }
}

/** The owner named at triage, or the last of those called on the latest rung, is out of reach: nobody is left who knows. */
const leavesRungEmpty = (state: HazardState, lost: string, what: string, { plant }: Facts): boolean => {
  if (what === 'accept') return state.owner === lost
  const latest = state.called[state.called.length - 1]
  if ((what !== 'triage' && what !== 'start') || !latest?.persons.includes(lost)) return false
  return latest.persons.every((id) => state.unreached.includes(id) || !plant.reachable(id))
}

/** The rung after the latest at once; above the last there are only the operators, and the clock that calls it again stands. */
const climbFrom = (state: HazardState, facts: Facts): Called => {
  const latest = state.called[state.called.length - 1]
  const rung = (latest?.rung ?? -1) + 1
  if (rung < state.ladder.length) return callRung(state, rung, facts)
  return { events: [], effects: nobody(state, latest?.role ?? '', facts) }
}
