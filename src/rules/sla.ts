import { hours, type Millis } from '../lib/clock.ts'

/** Operational colour of a hazard; drives the clocks. Four colours as in the national risk grading. */
export const colours = ['red', 'orange', 'yellow', 'blue'] as const
export type Colour = (typeof colours)[number]

/**
 * Clocks of the hazard, first cut, as versioned data. A copy of the ladder is frozen into each case when it opens.
 * Sources: product promises (2 h, 48 h, answer to the reporter) and our own defaults for due and verification times.
 */
export type HazardSla = {
  readonly id: string
  readonly effectiveFrom: string
  /** Who is asked when nobody answers, counted from the report. */
  readonly ladder: readonly Rung[]
  /** After the last rung it is asked again this often, until somebody answers. */
  readonly repeatTop: Millis
  /** Time to rectify, counted from triage. */
  readonly due: Readonly<Record<Colour, Millis>>
  /** An overdue rectification is called again this often. */
  readonly repeatOverdue: Millis
  /** Time for a verifier's verdict before another is drawn. */
  readonly verdict: Readonly<Record<Colour, Millis>>
  /** Photos after 上传整改照片 belong to the case this long, each photo anew. */
  readonly evidenceWindow: Millis
  /** Photos and texts of one sender within this time are one report. */
  readonly reportWindow: Millis
}

export type Rung = { readonly role: string; readonly after: Millis }

export const hazardSla: HazardSla = {
  id: 'hazard-sla@1',
  effectiveFrom: '2026-01-01',
  ladder: [
    { role: 'teamLead', after: 0 },
    { role: 'deptHead', after: hours(2) },
    { role: 'productionDirector', after: hours(48) },
  ],
  repeatTop: hours(24),
  due: { red: hours(24), orange: hours(72), yellow: hours(24 * 7), blue: hours(24 * 30) },
  repeatOverdue: hours(24),
  verdict: { red: hours(8), orange: hours(8), yellow: hours(24), blue: hours(24) },
  evidenceWindow: 10 * 60_000,
  reportWindow: 60_000,
}
