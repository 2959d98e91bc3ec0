import { days, type Millis, minutes } from '../lib/clock.ts'

/**
 * How pictures of a repair are compared, as versioned data. Promises: compared against every photo of the last 180 days; a copy of a photo of before, or of another
 * case, is refused; the same place is shown from a match of 85 % on. What a copy is, in bits, and the slack of clocks and positions are our own defaults.
 */
export type PhotoRules = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  readonly section: string
  /** Photos as old as this are compared. */
  readonly lookBack: Millis
  /** Of the 256 bits of a print, so many may differ in a copy: shrinking and recompression change a few, a photo taken anew changes dozens. */
  readonly copyBits: number
  /** Of the 64 bits of a likeness, so many may differ in a picture worth a look. Four bands of 16 bits find all that differ in up to three. */
  readonly alikeBits: 3
  /** Per band; where there are more the verifiers are told that not all were compared. */
  readonly mostCompared: number
  /** `sceneMatch`: which share of the print of a photo of before must be found again. */
  readonly sceneMatch: number
  /** What the clock of a camera may be off. */
  readonly clockSlack: Millis
  /** Radius in metres for a position that does not say how exact it is. */
  readonly usualAccuracy: number
}

export const photoRules: PhotoRules = {
  id: 'photo-checks@1',
  effectiveFrom: '2026-11-24',
  source: '产品承诺：180 天内近似照片比对、同一场景 0.85；位数与误差为自定默认值',
  section: '2.6',
  lookBack: days(180),
  copyBits: 12,
  alikeBits: 3,
  mostCompared: 50,
  sceneMatch: 0.85,
  clockSlack: minutes(15),
  usualAccuracy: 50,
}
