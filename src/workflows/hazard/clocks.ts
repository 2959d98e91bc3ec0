import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { afterNow, duty, iso, person, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { holdersOf, operators } from './people.ts'

type Climb = Extract<HazardCommand, { type: 'climb' }>
type Unreachable = Extract<HazardCommand, { type: 'reportUnreachable' }>
type Called = { readonly events: readonly HazardEvent[]; readonly effects: readonly Effect[] }

/** A case that nobody has taken on yet, whatever its grade: the ladder goes on. */
export const unanswered = (state: HazardState): boolean => state.status === 'reported' || state.status === 'triaged'

/** A case that its owner has taken on and not yet handed in. */
export const isRectifying = (state: HazardState): boolean => state.status === 'accepted' || state.status === 'rectifying'

/** When the rung after this one is due; past the last rung the last is called again. */
const next = (
  state: HazardState,
  rung: number,
  facts: Facts,
): { readonly rung: number; readonly at: Date; readonly role: string } => {
  const following = state.ladder[rung + 1]
  const from = new Date(state.ladderFrom)
  const last = state.ladder[state.ladder.length - 1]
  if (following) return { rung: rung + 1, at: later(from, following.after), role: following.role }
  return { rung: rung + 1, at: afterNow(facts, slaOf(state).repeatTop), role: last?.role ?? '' }
}

const isPast = (at: Date, facts: Facts): boolean => !(at.getTime() > facts.at.getTime())

/**
 * Calls a rung of the frozen ladder and sets the clock for the next. A role that nobody holds, or whose holders nobody can reach, is passed over at once
 * and the operators hear of it; when even the last rung is empty they are called themselves. Rungs whose time is already past are called together.
 */
export const callRung = (state: HazardState, from: number, facts: Facts): Called => {
  const events: HazardEvent[] = []
  const effects: Effect[] = []
  let rung = from
  for (;;) {
    const index = Math.min(rung, state.ladder.length - 1)
    const step = state.ladder[index]
    const persons = step ? holdersOf(step, state, facts.plant) : []
    const following = next(state, index, facts)
    const climbNow = persons.length === 0 && index < state.ladder.length - 1
    const at = climbNow ? facts.at : following.at
    const role = step?.role ?? ''
    events.push({ type: 'called', rung: index, role, persons, at: iso(facts.at), next: { at: iso(at), role: following.role } })
    effects.push(...persons.map((id) => duty(person(id), 'triage', index > 0)))
    if (persons.length === 0) effects.push(...nobody(state, role, facts))
    if (!climbNow && !(isPast(at, facts) && index < state.ladder.length - 1)) {
      effects.push({ kind: 'setDeadline', tag: 'climb', at, command: { type: 'climb', rung: following.rung } })
      return { events, effects }
    }
    rung = index + 1
  }
}

const nobody = (state: HazardState, role: string, facts: Facts): readonly Effect[] => [
  { kind: 'alarm', because: 'nobody-holds', values: { role, code: state.code } },
  ...operators(facts).map(
    (id): Effect => ({ kind: 'notify', to: person(id), words: 'nobody-holds', values: { role, code: state.code }, urgent: true }),
  ),
]

/** The clock: nobody has answered. */
export const climb = (state: HazardState, command: Climb, facts: Facts): HazardDecision => {
  if (!unanswered(state)) return refuse('no-need-to-climb', { code: state.code })
  const called = callRung(state, command.rung, facts)
  return accept(called.events, called.effects)
}

/** The clock: the rectification is overdue. Owner and department head hear of it, again and again until it is submitted. Too early, it is set right. */
export const callOverdue = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  if (!isRectifying(state)) return refuse('not-overdue', { code: state.code })
  const due = new Date(state.dueAt ?? facts.at)
  if (!isPast(due, facts)) return accept([], [{ kind: 'setDeadline', tag: 'due', at: due, command: { type: 'callOverdue' } }])
  const heads = holdersOf({ role: 'deptHead', after: 0 }, state, facts.plant)
  const told = [...new Set([...(state.owner ? [state.owner] : []), ...heads])]
  return accept(
    [{ type: 'overdueCalled', count: state.overdue + 1, at: iso(facts.at) }],
    [
      ...told.map((id) => duty(person(id), 'overdue', id !== state.owner)),
      { kind: 'setDeadline', tag: 'due', at: afterNow(facts, slaOf(state).repeatOverdue), command: { type: 'callOverdue' } },
    ],
  )
}

/** A notice could not reach somebody for good: a fact of the case, and a reason to turn to somebody else at once. */
export const reportUnreachable = (state: HazardState, command: Unreachable, facts: Facts): HazardDecision => {
  const fact: HazardEvent = { type: 'unreachable', person: command.person, duty: command.duty, at: iso(facts.at) }
  const alarm: Effect = {
    kind: 'alarm',
    because: 'unreachable',
    values: { person: command.person, duty: command.duty, code: state.code },
  }
  const instead = turnTo(evolveHazard(state, fact), command, facts)
  return accept([fact, ...instead.events], [alarm, ...instead.effects])
}

const unmoved: Called = { events: [], effects: [] }

/** Who hears of it instead. Nobody is called twice for one failure, so a person whom no message reaches cannot keep the outbox turning. */
const turnTo = (state: HazardState, { person: lost, duty: what }: Unreachable, facts: Facts): Called => {
  if (unanswered(state)) return leavesRungEmpty(state, lost, what, facts) ? climbFrom(state, facts) : unmoved
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
  if (what !== 'triage' || !latest?.persons.includes(lost)) return false
  return latest.persons.every((id) => state.unreached.includes(id) || !plant.reachable(id))
}

/** The rung after the latest at once; above the last there are only the operators, and the clock that calls it again stands. */
const climbFrom = (state: HazardState, facts: Facts): Called => {
  const latest = state.called[state.called.length - 1]
  const rung = (latest?.rung ?? -1) + 1
  if (rung < state.ladder.length) return callRung(state, rung, facts)
  return { events: [], effects: nobody(state, latest?.role ?? '', facts) }
}
