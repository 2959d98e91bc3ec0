import { hours, type Millis, minutes } from '../lib/clock.ts'

/**
 * The shift handover (交接班) as versioned data: what is gone through, and how long it may stay unsigned. Source: product promises (checklist signed by both
 * leads; the first half hour after a handover is a known hot spot). A copy of the lines is frozen into each handover when it opens.
 */
export type HandoverRule = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  /** What is gone through, in this order; worded in `cards/text/handover.ts`. */
  readonly lines: readonly HandoverLine[]
  /** Unsigned this long after the opening, it goes to this role of the site, and again after each `repeat`. */
  readonly signWithin: Millis
  readonly repeat: Millis
  readonly climbsTo: string
  /** Words that were asked for are waited for this long. */
  readonly askWithin: Millis
}

/**
 * `people`: only people can know. `hazards`: the open hazards of the team stand beside it, as found when the handover opens. `notConnected`: no data source
 * is connected yet, which must never read as «there are none».
 */
export type HandoverLine = { readonly id: string; readonly from: 'people' | 'hazards' | 'notConnected' }

export const handoverRule: HandoverRule = {
  id: 'handover@1',
  effectiveFrom: '2026-01-01',
  source: 'product promise',
  lines: [
    { id: 'hazards', from: 'hazards' },
    { id: 'equipment', from: 'people' },
    { id: 'interimControls', from: 'people' },
    { id: 'permits', from: 'notConnected' },
  ],
  signWithin: minutes(30),
  repeat: hours(1),
  climbsTo: 'deptHead',
  askWithin: minutes(10),
}

/** Every edition under which a handover may have been opened. */
export const handoverEditions: readonly HandoverRule[] = [handoverRule]
