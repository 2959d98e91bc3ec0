import { type ContractorClass, type ContractorPaper, classOf, contractorPapers } from '../../rules/contractor-score.ts'
import type { ContractorState } from './contractor.ts'

/**
 * What the gate does with a contractor's people: `green` is the fast lane (class A), `normal` B, `watch` C. `suspended` (a red card or class D that nobody
 * has lifted), `expired` (a paper has run out) and `unproven` (a paper was never recorded) let nobody in.
 */
export type Gate = 'green' | 'normal' | 'watch' | 'suspended' | 'expired' | 'unproven'

/** Falling to D suspends by a suspension of its own; once that is lifted the contractor is watched. */
const byClass = { A: 'green', B: 'normal', C: 'watch', D: 'watch' } as const

const isValid = (until: string | null, at: Date): boolean => until !== null && new Date(until).getTime() > at.getTime()

/** The class that the score gives. */
export const classHeld = ({ score }: Pick<ContractorState, 'score'>): ContractorClass => classOf(score)

/** Papers that are missing or have run out. */
export const missingPapers = ({ papers }: Pick<ContractorState, 'papers'>, at: Date): readonly ContractorPaper[] =>
  contractorPapers.filter((paper) => !isValid(papers[paper], at))

/** The gate for a contractor at this instant. What is not known never opens it. */
export const gateOf = (state: Pick<ContractorState, 'score' | 'suspensions' | 'papers'>, at: Date): Gate => {
  if (state.suspensions.length > 0) return 'suspended'
  const missing = missingPapers(state, at)
  if (missing.some((paper) => state.papers[paper] === null)) return 'unproven'
  return missing.length > 0 ? 'expired' : byClass[classOf(state.score)]
}

/** May people of this contractor enter and apply for permits? */
export const mayEnter = (gate: Gate): boolean => gate === 'green' || gate === 'normal' || gate === 'watch'
