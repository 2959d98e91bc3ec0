import { later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { handoverRule } from '../../rules/handover.ts'
import {
  actingPerson,
  answerTo,
  ask,
  duty,
  forget,
  freshCode,
  iso,
  isRefusal,
  nameOf,
  stop,
  strikeAt,
  toPerson,
} from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts } from '../workflow.ts'
import { climb, reportUnreachable } from './clocks.ts'
import { ruleOf } from './edition.ts'
import type { CheckedLine, HandoverCommand, HandoverEvent, HandoverState } from './handover.ts'
import { openHazards } from './hazards.ts'
import { successorNamed, successors } from './people.ts'

type HandoverDecision = Decision<HandoverEvent>
type Command<T extends HandoverCommand['type']> = Extract<HandoverCommand, { type: T }>
type Arm<T extends HandoverCommand['type']> = (state: HandoverState, command: Command<T>, facts: Facts) => HandoverDecision

export const said = /^交班(?:[\s:：,，]\s*([\s\S]*))?$/
const longestWords = 500

const code = ({ code }: HandoverState): { readonly code: string } => ({ code })

/** 交班. By the lead of a team; the checklist and the open hazards of the team are frozen. */
const start = (command: Command<'start'>, facts: Facts): HandoverDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const team = facts.plant.persons.get(by.id)?.team ?? ''
  if (team === '' || !facts.plant.holders('teamLead', team).includes(by.id)) return refuse('not-a-lead')
  const climbsAt = later(facts.at, handoverRule.signWithin)
  const started: HandoverEvent = {
    type: 'started',
    code: freshCode(facts),
    rule: handoverRule.id,
    team,
    by: by.id,
    at: iso(facts.at),
    remarks: clip((said.exec(command.text)?.[1] ?? '').trim(), longestWords),
    lines: handoverRule.lines,
    hazards: openHazards(team, facts),
    climbsAt: iso(climbsAt),
  }
  return accept([started], [duty(toPerson(by.id), 'prepare'), strikeAt('climb', climbsAt, { type: 'climb' })])
}

/** The outgoing lead while it is their turn, or why not. */
const outgoing = (state: HandoverState, facts: Facts): { readonly id: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (by.id !== state.outgoing) return refuse('outgoing-only', { ...code(state), name: nameOf(facts.plant, state.outgoing) })
  return state.endedAt === null ? by : refuse('ended', { ...code(state), at: state.endedAt })
}

/** The incoming lead while it is their turn, or why not. */
const incoming = (state: HandoverState, facts: Facts): { readonly id: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (by.id === state.outgoing) return refuse('two-persons', code(state))
  if (by.id !== state.incoming) return refuse('incoming-only', { ...code(state), name: nameOf(facts.plant, state.incoming) })
  if (state.endedAt !== null) return refuse('ended', { ...code(state), at: state.endedAt })
  return state.status === 'offered' ? by : refuse('not-offered', { ...code(state), name: nameOf(facts.plant, state.outgoing) })
}

const lineOf = (state: HandoverState, id: string): CheckedLine | undefined => state.lines.find((line) => line.id === id)

const whilePreparing = (state: HandoverState, facts: Facts): { readonly id: string } | Refusal => {
  const by = outgoing(state, facts)
  return isRefusal(by) || state.status === 'preparing'
    ? by
    : refuse('offered-already', { ...code(state), name: nameOf(facts.plant, state.incoming) })
}

/** 确认无误, for one line. Words that stand beside it are a note: nothing that somebody wrote is lost. */
const confirm: Arm<'confirm'> = (state, { line, note: words }, facts) => {
  const by = whilePreparing(state, facts)
  if (isRefusal(by)) return by
  if (!lineOf(state, line)) return refuse('choose-line', code(state))
  if (words.trim() !== '') return noteOn(state, line, words, facts)
  if (lineOf(state, line)?.checked && state.returned.length === 0) return refuse('line-checked', code(state))
  return accept([{ type: 'confirmed', line, by: by.id, at: iso(facts.at) }], [forget('note')], 'confirmed', code(state))
}

const noteOn = (state: HandoverState, line: string, words: string, facts: Facts): HandoverDecision =>
  accept(
    [{ type: 'noted', line, note: clip(words.trim(), longestWords), by: state.outgoing, at: iso(facts.at) }],
    [forget('note')],
    'noted',
    code(state),
  )

/** 有情况, for one line. Where the card has no text field, the next words are the note. */
const note: Arm<'note'> = (state, command, facts) => {
  const by = whilePreparing(state, facts)
  if (isRefusal(by)) return by
  const line = command.line ?? state.asking ?? ''
  if (!lineOf(state, line)) return refuse('choose-line', code(state))
  const words = command.note ?? command.reason ?? ''
  if (words.trim() !== '') return noteOn(state, line, words, facts)
  const asked = ask('note', 'note-words', { facts, within: ruleOf(state).askWithin, values: code(state) })
  if (isRefusal(asked)) return asked
  return { ...asked, events: [{ type: 'noteAsked', line, by: by.id, at: iso(facts.at) }] }
}

/** 签字交班. Every line must have been gone through. Without a name it goes to whoever sent it back, or to the only one there is. Offered to another while unsigned, it changes hands. */
const offer: Arm<'offer'> = (state, command, facts) => {
  const by = outgoing(state, facts)
  if (isRefusal(by)) return by
  if (state.lines.some(({ checked }) => checked === null)) return refuse('lines-open', code(state))
  const among = successors(state.team, state.outgoing, facts.plant)
  if (among.length === 0) return refuse('nobody-takes-over', code(state))
  const words = (command.incoming ?? command.reason ?? '').trim()
  const usual =
    state.returned.length > 0 && among.includes(state.incoming ?? '') ? state.incoming : among.length === 1 ? among[0] : null
  if (words === '' && !usual)
    return ask('offer', 'who-takes-over', { facts, within: ruleOf(state).askWithin, values: code(state) })
  const to = words === '' ? (usual ?? null) : successorNamed(words, among, facts.plant)
  if (to === null) return refuse('successor-unknown', { ...code(state), name: clip(words, 40) })
  if (state.status === 'offered' && to === state.incoming)
    return refuse('offered-already', { ...code(state), name: nameOf(facts.plant, to) })
  return accept(
    [{ type: 'offered', incoming: to, by: by.id, at: iso(facts.at) }],
    [forget('note'), forget('offer'), forget('cancel'), forget('disagree'), duty(toPerson(to), 'sign')],
    'offered',
    { ...code(state), name: nameOf(facts.plant, to) },
  )
}

const ended: readonly Effect[] = [stop('climb'), ...['note', 'offer', 'disagree', 'cancel'].map(forget)]

/** 签字接班. */
const sign: Arm<'sign'> = (state, _, facts) => {
  const by = incoming(state, facts)
  if (isRefusal(by)) return by
  return accept(
    [{ type: 'signed', by: by.id, at: iso(facts.at) }],
    [...ended, answerTo(toPerson(state.outgoing))],
    'signed',
    code(state),
  )
}

/** 有异议. Sends it back to the outgoing lead with a reason. */
const disagree: Arm<'disagree'> = (state, command, facts) => {
  const by = incoming(state, facts)
  if (isRefusal(by)) return by
  const reason = clip(command.reason.trim(), longestWords)
  if (reason === '') return ask('disagree', 'disagree-reason', { facts, within: ruleOf(state).askWithin, values: code(state) })
  return accept(
    [{ type: 'returned', by: by.id, reason, at: iso(facts.at) }],
    [forget('disagree'), forget('offer'), duty(toPerson(state.outgoing), 'prepare')],
    'returned',
    code(state),
  )
}

/** 作废, by the outgoing lead with a reason. Whoever was called or offered it hears of it by their card. */
const cancel: Arm<'cancel'> = (state, command, facts) => {
  const by = outgoing(state, facts)
  if (isRefusal(by)) return by
  const reason = clip(command.reason.trim(), longestWords)
  if (reason === '') return ask('cancel', 'cancel-reason', { facts, within: ruleOf(state).askWithin, values: code(state) })
  return accept([{ type: 'cancelled', by: by.id, reason, at: iso(facts.at) }], ended, 'cancelled', code(state))
}

const arms: { readonly [T in Exclude<HandoverCommand['type'], 'start'>]: Arm<T> } = {
  confirm,
  note,
  offer,
  sign,
  disagree,
  cancel,
  climb,
  reportUnreachable,
}

export const decideHandover = (state: HandoverState | null, command: HandoverCommand, facts: Facts): HandoverDecision => {
  if (command.type === 'start') return state ? refuse('open-already', code(state)) : start(command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: HandoverState, command: HandoverCommand, facts: Facts) => HandoverDecision)(
    state,
    command,
    facts,
  )
}
