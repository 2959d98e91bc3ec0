import { later } from '../../lib/clock.ts'
import { idFor } from '../../lib/id.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { nearMissRule } from '../../rules/near-miss.ts'
import {
  actingPerson,
  answerTo,
  ask,
  forget,
  freshCode,
  inform,
  iso,
  isRefusal,
  type Sender,
  senderOf,
  stop,
  toSender,
} from '../pieces.ts'
import { pointsAward } from '../points-award.ts'
import { accept, type Decision, type Effect, type Facts } from '../workflow.ts'
import { callRung, climb, reportUnreachable } from './clocks.ts'
import type { NearMissCommand, NearMissEvent, NearMissState } from './near-miss.ts'
import { mayConvert, mayReply } from './people.ts'
import { aliasOf, answerFor, readReceipt, receiptFor } from './receipt.ts'

type NearMissDecision = Decision<NearMissEvent>
type Command<T extends NearMissCommand['type']> = Extract<NearMissCommand, { type: T }>
type Arm<T extends NearMissCommand['type']> = (state: NearMissState, command: Command<T>, facts: Facts) => NearMissDecision

export const said = {
  named: /^未遂(?:事件)?(?:[\s:：,，]\s*([\s\S]*))?$/,
  /** Whatever begins so: whoever asks to stay unknown is never taken for somebody who reports under their name. */
  anonymous: /^匿名(?:(?:上报|举报|反映)?(?:未遂(?:事件)?|隐患)?(?:[\s:：,，]+|$))?([\s\S]*)$/,
  receipt: /^回执[\s:：]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ\s–—−‐-]{12,24})$/,
} as const

const longestText = 2_000
const longestReply = 500
const within = nearMissRule.askWithin

const wordsOf = (text: string, call: RegExp): string =>
  clip((call.test(text) ? (call.exec(text)?.[1] ?? '') : text).trim(), longestText)

type Opening = { readonly text: string; readonly reporter: Sender | null; readonly alias: string | null }

const open = (
  { text, reporter, alias }: Opening,
  facts: Facts,
): { readonly code: string; readonly events: readonly NearMissEvent[]; readonly effects: readonly Effect[] } => {
  const code = freshCode(facts)
  const reported = {
    type: 'reported',
    code,
    rule: nearMissRule.id,
    text,
    reporter,
    alias,
    team: facts.plant.persons.get(reporter?.person ?? '')?.team ?? '',
    at: iso(facts.at),
    replyBy: iso(later(facts.at, nearMissRule.replyWithin)),
    ladder: reporter?.person ? nearMissRule.ladder : nearMissRule.anonymousLadder,
  } as const
  const called = callRung({ ...reported, reportedAt: reported.at }, 0, facts)
  return { code, events: [reported, ...called.events], effects: called.effects }
}

/** 未遂. With the sender's name. */
const report = (command: Command<'report'>, facts: Facts): NearMissDecision => {
  const reporter = senderOf(facts)
  if (!reporter) return refuse('not-a-reporter')
  const text = wordsOf(command.text, said.named)
  if (text === '') return ask('report', 'words', { facts, within })
  const { code, events, effects } = open({ text, reporter, alias: null }, facts)
  return accept(events, [forget('report'), inform(toSender(reporter)), ...effects], 'reported', { code })
}

/**
 * 匿名未遂. Nothing is written into any case by this arrival: no event, so no actor in a journal. The words go on under an alias as a command of the system, and
 * the sender is told the receipt, once. Whoever has lost it cannot read the reply; nobody can help, because nobody knows.
 */
const reportAnonymously = (command: Command<'reportAnonymously'>, facts: Facts): NearMissDecision => {
  const text = wordsOf(command.text, said.anonymous)
  if (text === '') return ask('reportAnonymously', 'anonymous-words', { facts, within })
  const receipt = receiptFor(facts.subject)
  const alias = aliasOf(receipt)
  const record: Effect = {
    kind: 'command',
    workflow: 'near-miss',
    subject: null,
    key: `anonymous:${alias}`,
    command: { type: 'record', text, alias },
  }
  return accept([], [forget('reportAnonymously'), record], 'reported-anonymously', { receipt })
}

const record = (command: Command<'record'>, facts: Facts): NearMissDecision => {
  const { events, effects } = open({ text: clip(command.text, longestText), reporter: null, alias: command.alias }, facts)
  return accept(events, effects)
}

/** 回执. Whoever has the receipt reads the reply; nothing is written down about who asked. */
const askReceipt = (command: Command<'askReceipt'>, facts: Facts): NearMissDecision => {
  const receipt = readReceipt(said.receipt.exec(command.text)?.[1] ?? '')
  const answer = receipt === null ? null : answerFor(receipt, facts)
  if (!answer) return refuse('receipt-unknown')
  const { code, reply, at, replyBy } = answer
  if (reply === null || at === null) return accept([], [], 'receipt-waiting', { code, at: replyBy })
  return accept([], [], 'receipt-answered', { code, at, reply })
}

/** 答复. Mandatory, by whoever was called or a safety officer, never by the reporter. The reporter reads it at once. */
const reply: Arm<'reply'> = (state, command, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code } = state
  if (!mayReply(state, by.id, facts.plant))
    return refuse(by.id === state.reporter?.person ? 'not-your-own' : 'not-your-duty', { code })
  if (state.reply) return refuse('answered-already', { code, at: state.reply.at })
  const text = clip(command.reason.trim(), longestReply)
  if (text === '') return ask('reply', 'reply-words', { facts, within, values: { code } })
  const award = pointsAward({ person: state.reporter?.person ?? null, kind: 'nearMiss', reason: 'answered', code }, facts)
  const told = state.reporter ? [answerTo(toSender(state.reporter))] : []
  return accept(
    [{ type: 'replied', by: by.id, reply: text, at: iso(facts.at) }],
    [stop('climb'), forget('reply'), ...told, ...award],
    'replied',
    { code },
  )
}

/** 转为隐患. Once, by a safety officer; the hazard has a life of its own, and the reply is owed all the same. Its reporter is this case, never a person. */
const convert: Arm<'convert'> = (state, _, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code, text } = state
  if (state.converted) return refuse('converted-already', { code, at: state.converted.at })
  if (!mayConvert(state, by.id, facts.plant)) return refuse('officers-only', { code })
  const key = `raise:${facts.subject}`
  const source = { source: 'alarm:near-miss', device: facts.subject, name: code }
  return accept(
    [{ type: 'converted', by: by.id, hazard: idFor('haz', key), at: iso(facts.at) }],
    [
      {
        kind: 'command',
        workflow: 'hazard',
        subject: null,
        key,
        command: { type: 'raise', ...source, text, area: '', defaultArea: '', colour: '', within: 0, files: [] },
      },
    ],
    'converted',
    { code },
  )
}

const arms: { readonly [T in 'reply' | 'convert' | 'climb' | 'reportUnreachable']: Arm<T> } = {
  reply,
  convert,
  climb,
  reportUnreachable,
}

const openings: {
  readonly [T in 'report' | 'reportAnonymously' | 'record']: (command: Command<T>, facts: Facts) => NearMissDecision
} = { report, reportAnonymously, record }

/** Decides about a near miss. Refuses with `no-such-case` what has no case. */
export const decideNearMiss = (state: NearMissState | null, command: NearMissCommand, facts: Facts): NearMissDecision => {
  if (command.type === 'askReceipt') return askReceipt(command, facts)
  if (command.type === 'report' || command.type === 'reportAnonymously' || command.type === 'record') {
    if (state) return refuse('open-already', { code: state.code })
    return (openings[command.type] as (command: NearMissCommand, facts: Facts) => NearMissDecision)(command, facts)
  }
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: NearMissState, command: NearMissCommand, facts: Facts) => NearMissDecision)(
    state,
    command,
    facts,
  )
}
