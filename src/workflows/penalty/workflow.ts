import { followUps } from '../../rules/penalties.ts'
import { opening, rule, todo } from '../pieces.ts'
import type { CommandRule, IndexRow, Reader, Workflow } from '../workflow.ts'
import { decidePenalty } from './decide.ts'
import { evolvePenalty } from './evolve.ts'
import { isOwed } from './follow-up.ts'
import { groupRows } from './group.ts'
import {
  counts,
  type Holder,
  holderKey,
  type PenaltyCommand,
  type PenaltyEvent,
  type PenaltyNote,
  type PenaltyState,
  type Question,
  stands,
} from './penalty.ts'
import { maySeePenalty } from './people.ts'
import { proposalWords } from './propose.ts'

/** Is there still somebody or some clock that this card waits for? */
const isOpen = (state: PenaltyState): boolean => {
  if (state.status === 'proposed' || state.status === 'underAppeal') return true
  if (!stands(state)) return false
  if (followUps.some((one) => isOwed(one, state))) return true
  return state.freeze === 'requested' || !state.appealClosed || (state.expiresAt !== null && !state.expired)
}

const ownerOf = (state: PenaltyState): string | null => {
  if (!isOpen(state)) return null
  const { confirm, review, freeze, talk, training } = state.asked
  const asked = confirm ?? review ?? freeze ?? talk ?? training
  return asked?.persons[0] ?? state.speakers[0] ?? null
}

const isAsked = (state: PenaltyState, { person }: Reader, question: Question): boolean =>
  person !== null && (state.asked[question]?.persons.includes(person) ?? false)

const stillDue = (state: PenaltyState, reader: Reader, duty: string): boolean => {
  if (isQuestion(duty)) return isAsked(state, reader, duty)
  if (duty === 'notice') return stands(state)
  return true
}

/** What the to-do list calls each question. */
const titles: Readonly<Record<Question, string>> = {
  confirm: '确认红黄牌提议',
  review: '复核红黄牌申诉',
  freeze: '确认津贴冻结',
  talk: '红牌约谈',
  training: '红牌复训',
}
const isQuestion = (duty: string): duty is Question => Object.hasOwn(titles, duty)

const todoRows = (state: PenaltyState): readonly IndexRow[] => {
  const rows = new Map<string, IndexRow>()
  for (const [question, asked] of Object.entries(state.asked)) {
    if (question !== 'review' && state.status === 'underAppeal') continue
    const due = asked.until
    const task = { code: state.code, title: titles[question as keyof typeof titles], due }
    for (const id of asked.persons) rows.set(id, todo(id, task))
  }
  return [...rows.values()]
}

/**
 * Rows `penalty` by holder, whatever became of the card; rows `penalty-board` by site and team, only of cards that count: overturned ones have left, those under
 * appeal are hidden. Weight 1 for yellow, 2 for red.
 */
const index = (state: PenaltyState): readonly IndexRow[] => {
  const todo = todoRows(state)
  if (state.status === 'declined') return todo
  const { code, colour, cause, status, caseCode, round, pair, cards } = state
  const note: PenaltyNote = { code, colour, cause, status, case: state.case, caseCode, round, pair, cards }
  const row = { at: state.issuedAt ?? state.raisedAt, weight: colour === 'red' ? 2 : 1, note: JSON.stringify(note) }
  const held = [{ ...row, name: 'penalty', key: holderKey(state.holder) }, ...groupRows(state)]
  if (!counts(state)) return [...todo, ...held]
  const board = { ...row, name: 'penalty-board' }
  const team = state.team === '' ? [] : [{ ...board, key: `team:${state.team}` }]
  return [...todo, ...held, { ...board, key: `site:${state.site}` }, ...team]
}

const ofHolder: Pick<CommandRule, 'locks'> = { locks: ({ holder }) => [holderKey(holder as Holder)] }
const reasoned = rule('person', { form: ['reason'] })

const commands: Readonly<Record<PenaltyCommand['type'], CommandRule>> = {
  issue: opening('system', { ...ofHolder, opens: 'named' }),
  // Proposals are rare and name people in words, so they stand in one line: two officers who saw one event propose one card.
  propose: opening('person', { spoken: proposalWords, locks: () => ['penalty:proposals'] }),
  confirm: rule('person'),
  decline: reasoned,
  appeal: reasoned,
  uphold: reasoned,
  overturn: reasoned,
  confirmFreeze: rule('person'),
  declineFreeze: reasoned,
  noteTalk: reasoned,
  noteTraining: reasoned,
  expire: rule('clock'),
  closeAppeal: rule('clock'),
  askAgain: rule('clock'),
  weigh: rule('system', ofHolder),
  settle: rule('system', ofHolder),
  withdraw: rule('system'),
  weighGroup: rule('system', ofHolder),
  reportUnreachable: rule('system'),
}

/** Red and yellow cards. */
export const penaltyWorkflow: Workflow<PenaltyState, PenaltyCommand, PenaltyEvent> = {
  name: 'penalty',
  prefix: { code: 'HP', id: 'pen' },
  version: 1,
  commands,
  decide: decidePenalty,
  evolve: evolvePenalty,
  open: isOpen,
  owner: ownerOf,
  stillDue: (state, reader, duty) => (duty === 'outcome' ? state.verdict !== null : stillDue(state, reader, duty)),
  maySee: maySeePenalty,
  index,
}
