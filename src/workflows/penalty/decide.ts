import { refuse } from '../../lib/refusal.ts'
import { iso, isPast, outOfReach, strikeAt } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { appeal, chaseReview, closeAppeal, overturn, uphold } from './appeal.ts'
import { askDeciders, type PenaltyDecision } from './common.ts'
import { chaseTalk, chaseTraining, noteTalk, noteTraining } from './follow-up.ts'
import { chaseFreeze, confirmFreeze, declineFreeze } from './freeze.ts'
import { weighGroup } from './group.ts'
import { issue } from './issue.ts'
import { settle, weigh, withdraw } from './pair.ts'
import { type PenaltyCommand, type PenaltyEvent, type PenaltyState, type Question, stands } from './penalty.ts'
import { rolesFor } from './people.ts'
import { chaseProposal, confirm, decline, propose } from './propose.ts'

type Opening = 'issue' | 'propose'
type Arm<T extends PenaltyCommand['type']> = (
  state: PenaltyState,
  command: Extract<PenaltyCommand, { type: T }>,
  facts: Facts,
) => PenaltyDecision

/** The clock: a yellow card ends. Too early, it is set right. */
const expire: Arm<'expire'> = (state, _, facts) => {
  if (!stands(state) || state.expired || state.expiresAt === null) return refuse('nothing-due', { code: state.code })
  if (!isPast(state.expiresAt, facts.at)) return accept([], [strikeAt('expire', new Date(state.expiresAt), { type: 'expire' })])
  return accept([{ type: 'expired', at: iso(facts.at) }])
}

const chase: Readonly<Record<Question, (state: PenaltyState, facts: Facts) => PenaltyDecision>> = {
  confirm: chaseProposal,
  review: chaseReview,
  freeze: chaseFreeze,
  talk: chaseTalk,
  training: chaseTraining,
}
const askAgain: Arm<'askAgain'> = (state, { question }, facts) => chase[question](state, facts)

const isQuestion = (duty: string): duty is Question => Object.hasOwn(chase, duty)

/** Somebody could not be told: the operators hear of it, and a question that waits for them goes to the next role at once, once for each role. */
const reportUnreachable: Arm<'reportUnreachable'> = (state, { person, duty }, facts) => {
  const fact: PenaltyEvent = { type: 'unreachable', person, duty, at: iso(facts.at) }
  const alarm = outOfReach(person, duty, state.code)
  const asked = isQuestion(duty) ? state.asked[duty] : undefined
  if (!isQuestion(duty) || !asked?.persons.includes(person) || asked.level >= rolesFor(duty, state).length - 1)
    return accept([fact], [alarm])
  const next = askDeciders(duty, state, asked.level + 1, facts)
  return accept([fact, ...next.events], [alarm, ...next.effects])
}

const arms: { readonly [T in Exclude<PenaltyCommand['type'], Opening>]: Arm<T> } = {
  confirm,
  decline,
  appeal,
  uphold,
  overturn,
  confirmFreeze,
  declineFreeze,
  noteTalk,
  noteTraining,
  expire,
  closeAppeal,
  askAgain,
  weigh,
  settle,
  withdraw,
  weighGroup,
  reportUnreachable,
}

/** Decides about a card. Refuses with `no-such-case` what has no card, and with the arm's own words whatever is not legal now for this actor. */
export const decidePenalty = (state: PenaltyState | null, command: PenaltyCommand, facts: Facts): PenaltyDecision => {
  if (command.type === 'issue' || command.type === 'propose') {
    if (state) return refuse('already-issued', { code: state.code })
    return command.type === 'issue' ? issue(command, facts) : propose(command, facts)
  }
  if (!state) return refuse('no-such-case')
  const arm = arms[command.type] as (state: PenaltyState, command: PenaltyCommand, facts: Facts) => PenaltyDecision
  return arm(state, command, facts)
}
