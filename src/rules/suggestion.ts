import { days, hours, type Millis, minutes } from '../lib/clock.ts'

/** Rationalisation proposals (合理化建议) as versioned data. Sources: product promises (an answer within 48 h, always) and our own defaults for the rest. */
export type SuggestionRule = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  /** A team lead who says nothing is passed over after this time. */
  readonly endorseWithin: Millis
  /** Who decides: the first of these roles of the site that somebody else than the suggester holds and can be reached. */
  readonly deciders: readonly string[]
  /** Undecided, the deciders are asked again this often. */
  readonly remindEvery: Millis
  /**
   * The suggester hears of it at the latest now and then again each time, decided or not. An hour below the promise of 48 h, so that what is sent at the last
   * moment still arrives within it.
   */
  readonly feedbackEvery: Millis
  /** Who hears that nothing was decided by then. */
  readonly climbsTo: string
  /** Time to implement what was approved, and how often its lateness is called. */
  readonly due: Millis
  readonly repeatOverdue: Millis
  readonly askWithin: Millis
}

export const suggestionRule: SuggestionRule = {
  id: 'suggestion@1',
  effectiveFrom: '2026-01-01',
  source: 'product promise: feedback within 48 h, always',
  endorseWithin: hours(24),
  deciders: ['deptHead', 'productionDirector', 'principal'],
  remindEvery: hours(24),
  feedbackEvery: hours(47),
  climbsTo: 'productionDirector',
  due: days(30),
  repeatOverdue: days(7),
  askWithin: minutes(10),
}

/** Every edition under which a suggestion may have been made. */
export const suggestionEditions: readonly SuggestionRule[] = [suggestionRule]
