import type { EvidenceItem } from '../../rules/evidence.ts'
import type { Colour } from '../../rules/sla.ts'

export { evidenceNames } from '../../rules/evidence.ts'

/**
 * Verdict (验收意见): one officer's blind judgement of one submitted repair. A subject of its own, so that what the verifier reads holds nothing of the case but
 * what stands here, and so that the answer and the clock that takes the task away meet in one place.
 */
export type VerdictStatus = 'asked' | 'passed' | 'vetoed' | 'declared' | 'expired' | 'unreached' | 'withdrawn'

export type VerdictSeat = 'A' | 'B'

/** A picture as verifiers may see it: the blind rendition and its thumbnail, by the SHA-256 of their bytes. Named as every file of a page is. */
export type BlindFile = {
  readonly stage: 'before' | 'during' | 'after'
  readonly watermarked: string
  readonly thumbnail: string
}

/** How much of each kind of evidence was submitted, whether or not a verifier can be shown it. */
export type EvidenceCount = { readonly item: EvidenceItem; readonly count: number }

/** Something in the pictures of the repair that a person must settle; `value` is the share in percent of `scene`, else in how many pictures it was found. */
export type BlindCheck = {
  readonly check:
    | 'scene'
    | 'no-scene'
    | 'no-time'
    | 'time-before'
    | 'time-ahead'
    | 'no-place'
    | 'outside'
    | 'no-fence'
    | 'blank'
    | 'alike'
    | 'many'
  readonly value?: number
}

/** What a verifier is told of the case. Nothing here names a person, a team or a place. */
export type BlindCase = {
  readonly colour: Colour
  readonly areaKind: string
  readonly words: string
  readonly files: readonly BlindFile[]
  /** Pictures that are still being made ready. */
  readonly pending: number
  readonly evidence: readonly EvidenceCount[]
  /** Absent in verdicts of earlier releases. */
  readonly checks?: readonly BlindCheck[]
}

export type VerdictState = {
  readonly status: VerdictStatus
  readonly site: string
  /** The case; never shown. */
  readonly parent: string
  readonly seat: VerdictSeat
  readonly verifier: string
  /** Of the rectifier: what is counted so that nobody always judges the same team; never shown. */
  readonly team: string
  readonly colour: Colour
  readonly areaKind: string
  readonly words: string
  readonly files: readonly BlindFile[]
  readonly pending: number
  readonly evidence: readonly EvidenceCount[]
  readonly checks?: readonly BlindCheck[]
  readonly askedAt: string
  readonly dueAt: string
  /** How long the reason of a return is waited for once it was asked for, in milliseconds. */
  readonly askWithin: number
  readonly endedAt: string | null
  readonly reason: string | null
}

/** What a verdict comes to, as its case hears of it. */
export type VerdictOutcome = Exclude<VerdictStatus, 'asked' | 'withdrawn'>

/** What is ready to be looked at. */
type Shown = { readonly files: readonly BlindFile[]; readonly pending: number; readonly checks?: readonly BlindCheck[] }

export type VerdictCommand =
  | ({
      readonly type: 'ask'
      readonly parent: string
      readonly seat: VerdictSeat
      readonly verifier: string
      readonly team: string
      readonly dueAt: string
      readonly askWithin: number
    } & BlindCase)
  | ({ readonly type: 'show' } & Shown)
  | { readonly type: 'pass' }
  | { readonly type: 'veto'; readonly reason: string }
  | { readonly type: 'declare' }
  | { readonly type: 'expire' }
  | { readonly type: 'withdraw' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type VerdictEvent =
  | ({
      readonly type: 'asked'
      readonly site: string
      readonly parent: string
      readonly seat: VerdictSeat
      readonly verifier: string
      readonly team: string
      readonly at: string
      readonly dueAt: string
      readonly askWithin: number
    } & BlindCase)
  | ({ readonly type: 'shown' } & Shown)
  | { readonly type: 'passed'; readonly at: string }
  | { readonly type: 'vetoed'; readonly reason: string; readonly at: string }
  | { readonly type: 'declared'; readonly at: string }
  | { readonly type: 'expired'; readonly at: string }
  | { readonly type: 'unreached'; readonly at: string }
  | { readonly type: 'withdrawn'; readonly at: string }

/** What the case is sent when a verdict has come to its end. */
export type RecordVerdict = {
  readonly type: 'recordVerdict'
  readonly verdict: string
  readonly outcome: VerdictOutcome
  /** Why it was returned, without names; empty for every other outcome. */
  readonly reason: string
}

/** Can the repair be seen at all? Without a picture of after nothing can be passed. */
export const showsRepair = ({ files }: Pick<VerdictState, 'files'>): boolean => files.some(({ stage }) => stage === 'after')
