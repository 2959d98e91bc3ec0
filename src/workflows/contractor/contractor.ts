import { idFor } from '../../lib/id.ts'
import type { ContractorClass, ContractorPaper, ScoreKind } from '../../rules/contractor-score.ts'

/** One line of a contractor's quarter. */
export type ScoreEntry = {
  readonly key: string
  readonly kind: ScoreKind | 'reversal' | 'void'
  readonly points: number
  readonly at: string
  readonly case: string | null
  readonly code: string | null
}

/** Why a contractor's people may not enter: a red card, or class D. Each stands until it is lifted. */
export type Suspension = {
  readonly key: string
  readonly because: 'redCard' | 'classD'
  readonly at: string
  readonly code: string
}

/** A contractor company in one quarter at one site. */
export type ContractorState = {
  /** `superseded`: a later quarter has begun, and carries what still stands. */
  readonly status: 'running' | 'suspended' | 'superseded'
  readonly site: string
  readonly contractor: string
  readonly quarter: string
  readonly rules: string
  readonly score: number
  readonly entries: readonly ScoreEntry[]
  readonly suspensions: readonly Suspension[]
  /** Suspensions lifted before they arrived, or for good: they never stand again. */
  readonly lifted: readonly string[]
  /** ISO instant until which each paper is valid; null while nobody has recorded it. */
  readonly papers: Readonly<Record<ContractorPaper, string | null>>
  readonly asked: readonly string[]
  readonly askedUntil: string | null
  readonly level: number
  readonly changedAt: string
  readonly reviewed: { readonly by: string; readonly name: string; readonly at: string; readonly reason: string } | null
}

/** Every command names the contractor and the quarter, because it may be the first of the quarter. */
type Of = { readonly contractor: string; readonly quarter: string }
export type ContractorCommand =
  | (Of & {
      readonly type: 'score'
      readonly kind: ScoreKind
      readonly key: string
      readonly case: string | null
      readonly code: string | null
      readonly at: string
    })
  | (Of & { readonly type: 'reverse'; readonly key: string })
  | (Of & { readonly type: 'suspend'; readonly key: string; readonly because: Suspension['because']; readonly code: string })
  | (Of & { readonly type: 'lift'; readonly key: string })
  | (Of & { readonly type: 'recordPaper'; readonly paper: ContractorPaper; readonly until: string })
  | { readonly type: 'supersede'; readonly by: string }
  | { readonly type: 'review'; readonly reason: string }
  | { readonly type: 'askAgain' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type ContractorEvent =
  | {
      readonly type: 'begun'
      readonly site: string
      readonly contractor: string
      readonly quarter: string
      readonly rules: string
      readonly start: number
      readonly at: string
      /** What the quarter before leaves standing. */
      readonly suspensions: readonly Suspension[]
      readonly papers: ContractorState['papers']
    }
  | ({ readonly type: 'scored' } & ScoreEntry)
  | ({ readonly type: 'reversed' } & ScoreEntry)
  | ({ readonly type: 'voided' } & ScoreEntry)
  | ({ readonly type: 'suspended' } & Suspension)
  | {
      readonly type: 'lifted'
      readonly key: string
      /** May the same suspend again? A recovered score may fall once more, an overturned card not. */
      readonly again: boolean
      readonly at: string
    }
  | { readonly type: 'paperRecorded'; readonly paper: ContractorPaper; readonly until: string; readonly at: string }
  | { readonly type: 'superseded'; readonly by: string; readonly at: string }
  | { readonly type: 'reviewed'; readonly by: string; readonly name: string; readonly reason: string; readonly at: string }
  | {
      readonly type: 'asked'
      readonly role: string
      readonly persons: readonly string[]
      readonly level: number
      readonly until: string
      readonly at: string
    }
  | { readonly type: 'unreachable'; readonly person: string; readonly duty: string; readonly at: string }

/** A contractor's quarter is found without a search. */
export const contractorSubject = (site: string, contractor: string, quarter: string): string =>
  idFor('ctr', `contractor:${site}:${contractor}:${quarter}`)

/** What the index row `contractor` says of the newest quarter. */
export type ContractorNote = {
  readonly contractor: string
  readonly quarter: string
  readonly class: ContractorClass
  readonly status: ContractorState['status']
  readonly suspensions: readonly Suspension[]
  readonly papers: ContractorState['papers']
}
