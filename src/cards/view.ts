import type { Plant, Reader } from '../workflows/workflow.ts'
import { type ActionKey, actionKey } from './action-key.ts'
import type { Action, PageLink } from './card.ts'

/** What a card is drawn from besides the state: for whom, when, at which revision. */
export type View = {
  readonly subject: string
  readonly revision: number
  readonly reader: Reader
  readonly plant: Plant
  readonly at: Date
  /** The signed page of the subject for this reader; null where pages are not served. */
  readonly page: (label: string) => PageLink | null
}

/** Makes the buttons of one card: every key carries the subject and the revision as drawn. */
export const buttons =
  (workflow: string, labels: Readonly<Record<string, string>>, view: Pick<View, 'subject' | 'revision'>) =>
  (command: string, style: Action['style'] = 'default', more: Partial<Action> = {}): Action => {
    const key: ActionKey = { workflow, command, subject: view.subject, revision: view.revision }
    return { key: actionKey(key), label: labels[command] ?? command, style, needsForm: false, ...more }
  }
