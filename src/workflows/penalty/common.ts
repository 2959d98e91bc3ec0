import { later, type Millis } from '../../lib/clock.ts'
import { type Citation, type Refusal, refuse } from '../../lib/refusal.ts'
import { penaltyClauses } from '../../rules/penalties.ts'
import { actingPerson, ask, duty, forget, iso, isRefusal, nobodyHolds, stop, strikeAt, toPerson } from '../pieces.ts'
import type { Accepted, Decision, Effect, Facts } from '../workflow.ts'
import { rulesOf } from './edition.ts'
import type { PenaltyEvent, PenaltyState, Question } from './penalty.ts'
import { decidersIn, holdsRoleFor, isSeparate, rolesFor } from './people.ts'

export type PenaltyDecision = Decision<PenaltyEvent>
export type Steps = { readonly events: readonly PenaltyEvent[]; readonly effects: readonly Effect[] }
export const noSteps: Steps = { events: [], effects: [] }

export { rulesOf } from './edition.ts'

/** What happened meanwhile, for somebody whose press came too late. */
export const overtaken = (state: PenaltyState): Refusal =>
  state.last
    ? refuse('overtaken', { code: state.code, act: state.last.act, name: state.last.name, at: state.last.at })
    : refuse('not-now', { code: state.code })

/** How long words that were asked for are waited for. */
const wordsLife = 10 * 60_000

/** Asks for the reason that a command still needs: what the actor writes next in this chat is taken as it. */
export const askReason = (command: string, { code }: PenaltyState, facts: Facts): Accepted<never> | Refusal =>
  ask(command, `${command}-reason`, { facts, within: wordsLife, values: { code } })

const clauseOf: Readonly<Record<Question, Citation>> = {
  confirm: penaltyClauses.authority,
  review: penaltyClauses.appeal,
  freeze: penaltyClauses.freeze,
  talk: penaltyClauses.followUp,
  training: penaltyClauses.followUp,
}

/** How long the first who are asked have: talk and training have a day of their own, everything else is asked again at once. */
const firstTime = (question: Question, state: PenaltyState): Millis => {
  const { followUps, askAgain } = rulesOf(state)
  return question === 'talk' || question === 'training' ? followUps[question].within : askAgain
}

/** The acting person, if the question is open, they hold a role for it and have had no other part in this card; otherwise why not. */
export const decider = (
  question: Question,
  isOpen: boolean,
  state: PenaltyState,
  facts: Facts,
): { readonly id: string; readonly name: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!isOpen) return overtaken(state)
  if (!holdsRoleFor(question, state, by.id, facts.plant))
    return refuse(`not-yours-to-${question}`, { code: state.code }, clauseOf[question])
  return isSeparate(state, by.id, facts.plant) ? by : refuse('separate-duties', { code: state.code }, penaltyClauses.separation)
}

/**
 * Asks those who may decide the question, from this role on, and sets the clock for the next. Roles without anybody who may decide and can be reached are
 * passed over; past the last the last is asked again; with nobody at all the operators hear of it.
 */
export const askDeciders = (question: Question, state: PenaltyState, level: number, facts: Facts): Steps => {
  const roles = rolesFor(question, state)
  const able = roles.map((role) => decidersIn(question, role, state, facts.plant).filter((id) => facts.plant.reachable(id)))
  const next = able.findIndex((ids, at) => at >= level && ids.length > 0)
  const at = next >= 0 ? next : able.findLastIndex((ids) => ids.length > 0)
  const persons = able[at] ?? []
  const role = roles[Math.max(at, 0)] ?? ''
  const isFirst = state.asked[question] === undefined
  const until = later(facts.at, isFirst ? firstTime(question, state) : rulesOf(state).askAgain)
  const asked = [...new Set([...(state.asked[question]?.persons ?? []), ...persons])]
  const nobody: readonly Effect[] = persons.length > 0 ? [] : nobodyHolds(role, state.code, facts)
  return {
    events: [{ type: 'asked', question, role, persons: asked, level: Math.max(at, 0), until: iso(until), at: iso(facts.at) }],
    effects: [
      ...persons.map((id) => duty(toPerson(id), question)),
      ...nobody,
      strikeAt(question, until, { type: 'askAgain', question }),
    ],
  }
}

export const cancel = (...tags: readonly string[]): readonly Effect[] => tags.map(stop)

/** The questions that commands ask for; nobody is waited for once a card has ended. */
export const forgetReasons: readonly Effect[] = [
  'decline',
  'appeal',
  'uphold',
  'overturn',
  'declineFreeze',
  'noteTalk',
  'noteTraining',
].map(forget)
