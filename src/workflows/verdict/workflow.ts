import { type Refusal, refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { maskNames } from '../mask.ts'
import {
  actingPerson,
  ask,
  duty,
  forget,
  iso,
  isPast,
  isRefusal,
  outOfReach,
  rule,
  stop,
  strikeAt,
  todo,
  toPerson,
} from '../pieces.ts'
import { pointsAward } from '../points-award.ts'
import { accept, type Decision, type Effect, type Facts, type IndexRow, type Workflow } from '../workflow.ts'
import { evolveVerdict } from './evolve.ts'
import {
  type RecordVerdict,
  showsRepair,
  type VerdictCommand,
  type VerdictEvent,
  type VerdictOutcome,
  type VerdictState,
} from './verdict.ts'

type VerdictDecision = Decision<VerdictEvent>
type Arm<T extends VerdictCommand['type']> = (
  state: VerdictState,
  command: Extract<VerdictCommand, { type: T }>,
  facts: Facts,
) => VerdictDecision

/** The longest reason of a return; the card's field holds no more. */
const longestReason = 200

/** A verdict asks one person, by direct message only. */
const begin = (command: Extract<VerdictCommand, { type: 'ask' }>, facts: Facts): VerdictDecision => {
  const { type: _, ...about } = command
  return accept(
    [{ type: 'asked', site: facts.plant.site, at: iso(facts.at), ...about }],
    [
      duty(toPerson(command.verifier), 'verify', command.colour === 'red'),
      strikeAt('verdict', new Date(command.dueAt), { type: 'expire' }),
      {
        kind: 'command',
        workflow: 'hazard',
        subject: command.parent,
        key: `greet:${facts.subject}`,
        command: { type: 'greetVerdict', verdict: facts.subject },
      },
    ],
  )
}

/** Nobody but the one who was asked, and only while the answer is awaited. */
const verifier = (state: VerdictState, facts: Facts): { readonly id: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.verifier !== by.id) return refuse('not-the-verifier')
  return state.status === 'asked' ? by : refuse('verdict-over')
}

/** Somebody else judges in this seat: what its first holder was shown leaves their chat, pictures and all. */
const seatLost: ReadonlySet<string> = new Set<VerdictOutcome>(['declared', 'expired', 'unreached'])

/** The end of the task: no clock, no question, and the case hears of it, once. */
const ends = (state: VerdictState, outcome: VerdictOutcome, reason: string, facts: Facts): readonly Effect[] => {
  const command: RecordVerdict = { type: 'recordVerdict', verdict: facts.subject, outcome, reason }
  return [
    stop('verdict'),
    forget('veto'),
    ...(seatLost.has(outcome) ? [{ kind: 'recall', from: toPerson(state.verifier) } as const] : []),
    { kind: 'command', workflow: 'hazard', subject: state.parent, key: `verdict:${facts.subject}`, command },
  ]
}

/** Points for a verdict that came in time, whichever it is: who passes earns no more than who returns. The line names no case. */
const earned = (state: VerdictState, facts: Facts): readonly Effect[] =>
  isPast(state.dueAt, facts.at)
    ? []
    : pointsAward({ person: state.verifier, kind: 'verification', reason: 'given', code: null }, facts)

/** 验收通过. What cannot be seen cannot be passed. */
const pass: Arm<'pass'> = (state, _, facts) => {
  const by = verifier(state, facts)
  if (isRefusal(by)) return by
  if (!showsRepair(state)) return refuse(state.pending > 0 ? 'pictures-coming' : 'no-proof')
  return accept([{ type: 'passed', at: iso(facts.at) }], [...ends(state, 'passed', '', facts), ...earned(state, facts)], 'passed')
}

/** 退回整改. With a reason, from the card's field or the next words in this chat; names in it do not leave the task. */
const veto: Arm<'veto'> = (state, command, facts) => {
  const by = verifier(state, facts)
  if (isRefusal(by)) return by
  const reason = clip(maskNames(command.reason.trim(), facts.plant), longestReason)
  if (reason === '') return ask('veto', 'veto-reason', { facts, within: state.askWithin })
  return accept(
    [{ type: 'vetoed', reason, at: iso(facts.at) }],
    [...ends(state, 'vetoed', reason, facts), ...earned(state, facts)],
    'vetoed',
  )
}

/** 有利害关系. Somebody else is drawn; no reason is asked for and none is shown. */
const declare: Arm<'declare'> = (state, _, facts) => {
  const by = verifier(state, facts)
  if (isRefusal(by)) return by
  return accept([{ type: 'declared', at: iso(facts.at) }], ends(state, 'declared', '', facts), 'declared')
}

/** The clock: no answer came in time. Struck too early, it is set right. */
const expire: Arm<'expire'> = (state, _, facts) => {
  if (state.status !== 'asked') return refuse('verdict-over')
  if (!isPast(state.dueAt, facts.at)) return accept([], [strikeAt('verdict', new Date(state.dueAt), { type: 'expire' })])
  return accept([{ type: 'expired', at: iso(facts.at) }], ends(state, 'expired', '', facts))
}

/** The case: this task is no longer needed. */
const withdraw: Arm<'withdraw'> = (state, _, facts) => {
  if (state.status !== 'asked') return refuse('verdict-over')
  return accept([{ type: 'withdrawn', at: iso(facts.at) }], [stop('verdict'), forget('veto')])
}

/** The case: blind copies of pictures are ready. Messages keep no order, so what tells less than is known already is passed over. */
const show: Arm<'show'> = (state, { files, pending, checks }) => {
  if (state.status !== 'asked') return refuse('verdict-over')
  const tellsMore = pending < state.pending || (pending === state.pending && files.length > state.files.length)
  return tellsMore
    ? accept([{ type: 'shown', files, pending, ...(checks === undefined ? {} : { checks }) }])
    : refuse('shown-already')
}

/** No message reaches the verifier: somebody else is drawn at once. */
const reportUnreachable: Arm<'reportUnreachable'> = (state, { person, duty: what }, facts) => {
  const alarm = outOfReach(person, what, facts.subject)
  if (state.status !== 'asked' || what !== 'verify' || person !== state.verifier) return accept([], [alarm])
  return accept([{ type: 'unreached', at: iso(facts.at) }], [alarm, ...ends(state, 'unreached', '', facts)])
}

const arms: { readonly [T in Exclude<VerdictCommand['type'], 'ask'>]: Arm<T> } = {
  show,
  pass,
  veto,
  declare,
  expire,
  withdraw,
  reportUnreachable,
}

const decide = (state: VerdictState | null, command: VerdictCommand, facts: Facts): VerdictDecision => {
  if (command.type === 'ask') return state ? refuse('asked-already') : begin(command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: VerdictState, command: VerdictCommand, facts: Facts) => VerdictDecision)(
    state,
    command,
    facts,
  )
}

/** Key of the rows that count who judged which team. */
export const judgedKey = (verifier: string, team: string): string => `${verifier}:${team}`

const index = (state: VerdictState): readonly IndexRow[] => {
  const { verifier: key, seat, askedAt, dueAt, team, endedAt } = state
  const title = `验收任务 ${seat}`
  const load: IndexRow = { name: 'verdicts', key, at: askedAt, weight: 1, note: '' }
  if (state.status === 'asked') return [load, todo(key, { code: title, title, due: dueAt })]
  if (endedAt === null || (state.status !== 'passed' && state.status !== 'vetoed'))
    return state.status === 'withdrawn' ? [] : [load]
  return [load, { name: 'verified', key: judgedKey(key, team), at: endedAt, weight: 1, note: '' }]
}

export const verdictWorkflow: Workflow<VerdictState, VerdictCommand, VerdictEvent> = {
  name: 'verdict',
  prefix: { code: null, id: 'vdt' },
  version: 1,
  commands: {
    ask: rule('system', { opens: 'named' }),
    show: rule('system'),
    pass: rule('person'),
    veto: rule('person', { form: ['reason'] }),
    declare: rule('person'),
    expire: rule('clock'),
    withdraw: rule('system'),
    reportUnreachable: rule('system'),
  },
  decide,
  evolve: evolveVerdict,
  repair: { asked: { tag: 'verdict', command: { type: 'expire' } } },
  open: ({ status }) => status === 'asked',
  owner: ({ status, verifier: person }) => (status === 'asked' ? person : null),
  stillDue: ({ status, verifier: id }, { person }, what) => what !== 'verify' || (status === 'asked' && id === person),
  maySee: ({ verifier: id, status }, { person }) => person !== null && person === id && !seatLost.has(status),
  index,
}
