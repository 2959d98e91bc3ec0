import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import {
  duty,
  iso,
  isPast,
  nameOf,
  nobodyHolds,
  outOfReach,
  reachableHolders,
  strikeAt,
  tell,
  toPerson,
  toSender,
} from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts } from '../workflow.ts'
import { decidersFor, ruleOf } from './people.ts'
import type { SuggestionCommand, SuggestionEvent, SuggestionState } from './suggestion.ts'

type SuggestionDecision = Decision<SuggestionEvent>
type Unreachable = Extract<SuggestionCommand, { type: 'reportUnreachable' }>
type Step = { readonly events: readonly SuggestionEvent[]; readonly effects: readonly Effect[] }

/** To the deciders, who are asked again until they decide. With nobody to ask the operators hear of it, and it is tried again all the same. */
export const forward = (
  state: Pick<SuggestionState, 'suggester' | 'code' | 'rule'>,
  facts: Facts,
  without: readonly string[] = [],
): Step => {
  const { role, persons } = decidersFor(state, facts.plant, without)
  return {
    events: [{ type: 'forwarded', role, persons, at: iso(facts.at) }],
    effects: [
      ...persons.map((id) => duty(toPerson(id), 'decide')),
      ...(persons.length === 0 ? nobodyHolds(role, state.code, facts) : []),
      strikeAt('climb', later(facts.at, ruleOf(state).remindEvery), { type: 'passOn' }),
    ],
  }
}

const isUndecided = ({ status }: SuggestionState): boolean => status === 'proposed' || status === 'forwarded'

/** The clock: the team lead has said nothing, or the deciders have not decided. */
export const passOn = (state: SuggestionState, _: object, facts: Facts): SuggestionDecision => {
  if (!isUndecided(state)) return refuse('nothing-to-pass-on', { code: state.code })
  const next = forward(state, facts)
  return accept(next.events, next.effects)
}

/** The clock: 48 hours are nearly over and nothing is decided. The suggester hears where it stands, and somebody above hears why they had to. */
export const tellProgress = (state: SuggestionState, _: object, facts: Facts): SuggestionDecision => {
  if (!isUndecided(state)) return refuse('nothing-to-pass-on', { code: state.code })
  const persons = reachableHolders(facts.plant, ruleOf(state).climbsTo, facts.plant.site).filter(
    (id) => id !== state.suggester.person,
  )
  const names = state.asked.map((id) => nameOf(facts.plant, id)).join('、')
  return accept(
    [{ type: 'progressTold', count: state.progress + 1, persons, at: iso(facts.at) }],
    [
      tell(toSender(state.suggester), names === '' ? 'progress-nobody' : 'progress', { code: state.code, name: names }),
      ...persons.map((id) => duty(toPerson(id), 'decide')),
      strikeAt('feedback', later(facts.at, ruleOf(state).feedbackEvery), { type: 'tellProgress' }),
    ],
  )
}

/** The clock: approved and not implemented in time. The implementer and whoever approved it hear of it, again and again. */
export const callOverdue = (state: SuggestionState, _: object, facts: Facts): SuggestionDecision => {
  const { code, dueAt, implementer, decided } = state
  if (state.status !== 'approved' || dueAt === null) return refuse('not-overdue', { code })
  if (!isPast(dueAt, facts.at)) return accept([], [strikeAt('due', new Date(dueAt), { type: 'callOverdue' })])
  const told = [...new Set([implementer, decided?.by])].filter((id): id is string => typeof id === 'string')
  return accept(
    [{ type: 'overdueCalled', count: state.overdue + 1, at: iso(facts.at) }],
    [
      ...told.map((id) => duty(toPerson(id), 'overdue')),
      strikeAt('due', later(facts.at, ruleOf(state).repeatOverdue), { type: 'callOverdue' }),
    ],
  )
}

/** Somebody whose turn it is cannot be reached: it goes on to the next at once, and an implementer is replaced by whoever approved. */
export const reportUnreachable = (
  state: SuggestionState,
  { person, duty: what }: Unreachable,
  facts: Facts,
): SuggestionDecision => {
  const { code, decided } = state
  const alarm = outOfReach(person, what, code)
  if (state.endedAt !== null || state.unreached.includes(person)) return accept([], [alarm])
  const fact: SuggestionEvent = { type: 'unreached', person, at: iso(facts.at) }
  const lost = [...state.unreached, person]
  if (isUndecided(state) && state.asked.length > 0 && state.asked.every((id) => lost.includes(id))) {
    const next = forward(state, facts, lost)
    return accept([fact, ...next.events], [alarm, ...next.effects])
  }
  const replace = state.status === 'approved' && person === state.implementer && decided
  const told = replace ? [tell(toPerson(decided.by), 'implementer-lost', { code, name: nameOf(facts.plant, person) })] : []
  return accept([fact], [alarm, ...told])
}
