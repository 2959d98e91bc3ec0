import { type CardColour, penaltyRules } from '../../rules/penalties.ts'
import type { Effect } from '../workflow.ts'
import type { Issue } from './penalty.ts'

/** When each card falls due, counted from the end of the rectification: the deadlines that the case sets. */
export const overdueAfter = penaltyRules.overdueAfter

/** Who answers for an overdue case: its owner, and whoever handed it on within the last day before it was due. */
export const overdueHolders = (on: {
  readonly owner: string
  readonly previous: { readonly person: string; readonly until: string } | null
  readonly due: string
}): readonly string[] => {
  const { owner, previous, due } = on
  if (!previous || previous.person === owner) return [owner]
  const before = new Date(due).getTime() - new Date(previous.until).getTime()
  return before >= 0 && before <= penaltyRules.previousOwnerWithin ? [owner, previous.person] : [owner]
}

/**
 * The effects of a case that is overdue by 24 h (yellow) or 48 h (red): one card for the first of `persons`, and one for each further person, under keys that
 * name the case, its round and the colour. Sent twice, they are one card. A case that is `submitted` sends none, and one whose verification failed goes on
 * counting from its due time under the same round, unless it was given a new one.
 */
export const overdueCards = (on: {
  /** Id and code of the case. */
  readonly case: string
  readonly code: string
  readonly round: number
  readonly colour: CardColour
  /** The owner first; see `overdueHolders`. */
  readonly persons: readonly string[]
  readonly at: Date
}): readonly Effect[] => {
  const key = `penalty:${on.case}:${on.round}:${on.colour}`
  return [...new Set(on.persons)].map((id, index): Effect => {
    const command: Issue = {
      type: 'issue',
      holder: { kind: 'person', id },
      colour: on.colour,
      cause: 'overdue',
      reason: '',
      case: on.case,
      code: on.code,
      round: on.round,
      at: on.at.toISOString(),
    }
    return { kind: 'command', workflow: 'penalty', subject: null, key: index === 0 ? key : `${key}:${id}`, command }
  })
}
