import type { ChainNode, MeasureLine, WorkType } from './rule-pack.ts'

/**
 * What a site asks beyond its pack. Every part tightens: a value that is looser than the pack's is refused when the configuration is read, never used. Frozen into
 * each permit when it is submitted.
 */
export type Overlay = {
  readonly id: string
  readonly works: Readonly<Partial<Record<WorkType, WorkOverlay>>>
  /** Further pairs that exclude each other, by the ids of `tenantExclusions`. */
  readonly exclusions: readonly string[]
}
export type WorkOverlay = {
  /** Shorter validity, by level id. Milliseconds. */
  readonly validity?: Readonly<Record<string, number>>
  /** Shorter age of the gas sample at start. Milliseconds. */
  readonly sampleAge?: number
  /** Shorter break after which gas is tested again, by level id or `any`. Milliseconds. */
  readonly retestAfter?: Readonly<Record<string, number>>
  /** Stricter gas limits by limit id. */
  readonly limits?: Readonly<Record<string, { readonly least?: number; readonly most?: number }>>
  /** Further signatures, each after a statutory node. */
  readonly nodes?: readonly (ChainNode & { readonly after: string })[]
  readonly measures?: readonly MeasureLine[]
  /** Stops at a lower wind force. */
  readonly windForce?: number
}
