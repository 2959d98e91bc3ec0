import { editionOf } from '../../rules/edition.ts'
import { type PenaltyRules, penaltyEditions } from '../../rules/penalties.ts'
import type { PenaltyState } from './penalty.ts'

/** The rules under which the card was raised; a card never changes its rules. Throws for rules this release does not carry. */
export const rulesOf = ({ rules }: Pick<PenaltyState, 'rules'>): PenaltyRules => editionOf(penaltyEditions, rules)
