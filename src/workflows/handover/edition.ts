import { editionOf } from '../../rules/edition.ts'
import { type HandoverRule, handoverEditions } from '../../rules/handover.ts'
import type { HandoverState } from './handover.ts'

/** The edition under which the handover was opened. */
export const ruleOf = ({ rule }: Pick<HandoverState, 'rule'>): HandoverRule => editionOf(handoverEditions, rule)
