import { idFor } from '../../lib/id.ts'
import type { PointGroup, PointKind } from '../../rules/points.ts'

/** One line of the ledger: what was given or taken, never changed afterwards. */
export type PointEntry = {
  /** What it was given for; the same key never counts twice. */
  readonly key: string
  readonly kind: PointKind | 'reversal' | 'void'
  readonly group: PointGroup | null
  /** What was given after the cap of the day, 0 when the cap was reached. */
  readonly points: number
  /** The site's day on which it was earned, `YYYY-MM-DD`. */
  readonly day: string
  readonly at: string
  readonly case: string | null
  readonly code: string | null
}

/** The points of one person at one site. Sums are kept by month and group; single entries as long as they can still be reversed. */
export type PointsState = {
  readonly status: 'kept'
  readonly site: string
  readonly person: string
  readonly team: string
  readonly rules: string
  readonly total: number
  /** Sums by `YYYY-MM` and group. */
  readonly months: Readonly<Record<string, Readonly<Partial<Record<PointGroup, number>>>>>
  readonly entries: readonly PointEntry[]
  /** Days up to this one have left the entries, so their caps cannot be reckoned any more; empty at first. */
  readonly foldedTo: string
}

export type PointsCommand =
  | {
      readonly type: 'award'
      readonly person: string
      readonly kind: PointKind
      readonly key: string
      readonly case: string | null
      readonly code: string | null
      /** When it was earned; decides the day of the cap. */
      readonly at: string
      /** Warnings already given, for a false report. */
      readonly warnings?: number
    }
  | {
      readonly type: 'reverse'
      readonly person: string
      readonly key: string
    }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

type Entered = PointEntry & {
  readonly site: string
  readonly person: string
  readonly team: string
  readonly rules: string
  /** The site's day on which it was recorded; older entries are folded by it. */
  readonly recordedOn: string
}

export type PointsEvent =
  | (Entered & { readonly type: 'awarded' })
  | (Entered & { readonly type: 'reversed' })
  /** Reversed before it was given: it never will be. */
  | (Entered & { readonly type: 'voided' })

/** The ledger of a person is found without a search. */
export const pointsSubject = (site: string, person: string): string => idFor('pts', `points:${site}:${person}`)

/** What a list shows of a person's points: the note of the index row `points`. */
export type PointsNote = {
  readonly person: string
  readonly months: PointsState['months']
  readonly recent: readonly Pick<PointEntry, 'kind' | 'group' | 'points' | 'day' | 'code'>[]
}
