import { later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { suggestionRule } from '../../rules/suggestion.ts'
import {
  actingPerson,
  answerTo,
  ask,
  duty,
  forget,
  freshCode,
  inform,
  iso,
  isRefusal,
  nameOf,
  senderOf,
  stop,
  strikeAt,
  toPerson,
  toSender,
} from '../pieces.ts'
import { pointsAward } from '../points-award.ts'
import { type Accepted, accept, type Decision, type Effect, type Facts } from '../workflow.ts'
import { callOverdue, forward, passOn, reportUnreachable, tellProgress } from './clocks.ts'
import { implementerNamed, leadsFor, mayDecide, ruleOf } from './people.ts'
import type { SuggestionCommand, SuggestionEvent, SuggestionState } from './suggestion.ts'

type SuggestionDecision = Decision<SuggestionEvent>
type Command<T extends SuggestionCommand['type']> = Extract<SuggestionCommand, { type: T }>
type Arm<T extends SuggestionCommand['type']> = (state: SuggestionState, command: Command<T>, facts: Facts) => SuggestionDecision

export const said = /^(?:合理化)?建议(?:[\s:：,，]\s*([\s\S]*))?$/
const longestText = 2_000
const longestWords = 500

const wordsOf = (text: string): string => clip((said.test(text) ? (said.exec(text)?.[1] ?? '') : text).trim(), longestText)

/** 建议. By anybody, linked or not; without words they are asked for. */
const propose = (command: Command<'propose'>, facts: Facts): SuggestionDecision => {
  const suggester = senderOf(facts)
  if (!suggester) return refuse('not-a-suggester')
  const text = wordsOf(command.text)
  if (text === '') return ask('propose', 'words', { facts, within: suggestionRule.askWithin })
  const team = facts.plant.persons.get(suggester.person ?? '')?.team ?? ''
  const code = freshCode(facts)
  const asked = leadsFor({ suggester, team }, facts.plant)
  const proposed: SuggestionEvent = {
    type: 'proposed',
    code,
    rule: suggestionRule.id,
    text,
    suggester,
    team,
    at: iso(facts.at),
    asked,
  }
  const passes = strikeAt('climb', later(facts.at, suggestionRule.endorseWithin), { type: 'passOn' })
  const next =
    asked.length > 0
      ? { events: [], effects: [...asked.map((id) => duty(toPerson(id), 'endorse')), passes] }
      : forward({ suggester, code, rule: suggestionRule.id }, facts)
  const feedback = strikeAt('feedback', later(facts.at, suggestionRule.feedbackEvery), { type: 'tellProgress' })
  return accept(
    [proposed, ...next.events],
    [forget('propose'), inform(toSender(suggester)), ...next.effects, feedback],
    'proposed',
    { code },
  )
}

/** What somebody hears who comes when it is no longer their turn. */
const late = ({ code, status, decided, endedAt, proposedAt }: SuggestionState): Refusal =>
  refuse(`late-${status}`, { code, at: decided?.at ?? endedAt ?? proposedAt })

/** 上报部门负责人, by the team lead, with what they think of it. */
const endorse: Arm<'endorse'> = (state, command, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'proposed') return late(state)
  if (!state.asked.includes(by.id) && !leadsFor(state, facts.plant).includes(by.id))
    return refuse('lead-only', { code: state.code })
  const endorsed: SuggestionEvent = {
    type: 'endorsed',
    by: by.id,
    opinion: clip(command.opinion.trim(), longestWords),
    at: iso(facts.at),
  }
  const next = forward(state, facts)
  return accept([endorsed, ...next.events], next.effects, 'endorsed', { code: state.code })
}

/** Whoever may decide, while it is undecided. A decider need not wait for the team lead. */
const decider = (state: SuggestionState, facts: Facts): { readonly id: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code } = state
  if (by.id === state.suggester.person) return refuse('not-your-own', { code })
  return mayDecide(state, by.id, facts.plant) ? by : refuse('decider-only', { code })
}

/** Who shall implement it, by id or by name; asks when nobody is named. */
const implementerOf = (
  command: Command<'approve'> | Command<'reassign'>,
  state: SuggestionState,
  facts: Facts,
): { readonly id: string } | Accepted<never> | Refusal => {
  const words = (command.implementer ?? command.reason ?? '').trim()
  const { code } = state
  if (words === '') return ask(command.type, 'who-implements', { facts, within: ruleOf(state).askWithin, values: { code } })
  const id = implementerNamed(words, facts.plant)
  return id === null ? refuse('implementer-unknown', { code, name: clip(words, 40) }) : { id }
}

const undecided: readonly Effect[] = [stop('climb'), stop('feedback'), ...['approve', 'decline', 'endorse'].map(forget)]

/** 采纳. Names who implements it; the suggester is answered at once and gets the points. */
const approve: Arm<'approve'> = (state, command, facts) => {
  const by = decider(state, facts)
  if (isRefusal(by)) return by
  if (state.decided) return late(state)
  const implementer = implementerOf(command, state, facts)
  if (!('id' in implementer)) return implementer
  const dueAt = later(facts.at, ruleOf(state).due)
  const { code } = state
  const award = pointsAward({ person: state.suggester.person, kind: 'suggestion', reason: 'adopted', code }, facts)
  return accept(
    [{ type: 'approved', by: by.id, implementer: implementer.id, dueAt: iso(dueAt), at: iso(facts.at) }],
    [
      ...undecided,
      answerTo(toSender(state.suggester)),
      duty(toPerson(implementer.id), 'implement'),
      strikeAt('due', dueAt, { type: 'callOverdue' }),
      ...award,
    ],
    'approved',
    { code, name: nameOf(facts.plant, implementer.id) },
  )
}

/** 不采纳. Needs a reason, which the suggester reads. */
const decline: Arm<'decline'> = (state, command, facts) => {
  const by = decider(state, facts)
  if (isRefusal(by)) return by
  if (state.decided) return late(state)
  const { code } = state
  const reason = clip(command.reason.trim(), longestWords)
  if (reason === '') return ask('decline', 'decline-reason', { facts, within: ruleOf(state).askWithin, values: { code } })
  return accept(
    [{ type: 'declined', by: by.id, reason, at: iso(facts.at) }],
    [...undecided, answerTo(toSender(state.suggester))],
    'declined',
    { code },
  )
}

/** 更换实施人. The term stays as it was. */
const reassign: Arm<'reassign'> = (state, command, facts) => {
  const by = decider(state, facts)
  if (isRefusal(by)) return by
  if (state.status !== 'approved') return late(state)
  const implementer = implementerOf(command, state, facts)
  if (!('id' in implementer)) return implementer
  const { code } = state
  if (implementer.id === state.implementer)
    return refuse('implementer-already', { code, name: nameOf(facts.plant, implementer.id) })
  return accept(
    [{ type: 'reassigned', by: by.id, implementer: implementer.id, at: iso(facts.at) }],
    [forget('reassign'), forget('finish'), duty(toPerson(implementer.id), 'implement')],
    'reassigned',
    { code, name: nameOf(facts.plant, implementer.id) },
  )
}

/** 已实施, by the implementer, with a word on how. The suggester is answered. */
const finish: Arm<'finish'> = (state, command, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'approved') return late(state)
  const { code } = state
  if (by.id !== state.implementer) return refuse('implementer-only', { code, name: nameOf(facts.plant, state.implementer) })
  const note = clip(command.reason.trim(), longestWords)
  if (note === '') return ask('finish', 'finish-note', { facts, within: ruleOf(state).askWithin, values: { code } })
  return accept(
    [{ type: 'implemented', by: by.id, note, at: iso(facts.at) }],
    [stop('due'), forget('finish'), forget('reassign'), answerTo(toSender(state.suggester))],
    'finished',
    { code },
  )
}

const arms: { readonly [T in Exclude<SuggestionCommand['type'], 'propose'>]: Arm<T> } = {
  endorse,
  approve,
  decline,
  reassign,
  finish,
  passOn,
  tellProgress,
  callOverdue,
  reportUnreachable,
}

export const decideSuggestion = (state: SuggestionState | null, command: SuggestionCommand, facts: Facts): SuggestionDecision => {
  if (command.type === 'propose') return state ? refuse('open-already', { code: state.code }) : propose(command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: SuggestionState, command: SuggestionCommand, facts: Facts) => SuggestionDecision)(
    state,
    command,
    facts,
  )
}
