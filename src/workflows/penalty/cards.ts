import type { Facts } from '../workflow.ts'
import { type Holder, holderKey, type PenaltyNote } from './penalty.ts'

/** The cards of a holder, newest first. */
export const cardsOf = (
  holder: Holder,
  facts: Pick<Facts, 'read'>,
): readonly (PenaltyNote & { readonly id: string; readonly at: string })[] =>
  facts
    .read({ name: 'penalty', key: holderKey(holder) })
    .map(({ subject, at, note }) => ({ ...(JSON.parse(note) as PenaltyNote), id: subject, at }))
