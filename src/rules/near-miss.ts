import { hours, type Millis, minutes } from '../lib/clock.ts'
import type { Rung } from './sla.ts'

/** Near misses (未遂事件) as versioned data: a reply is mandatory, and nobody is punished for a report. Sources: product promises; the rungs are our own defaults. */
export type NearMissRule = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  /** Who is asked when nobody replies, counted from the report; frozen into the case. */
  readonly ladder: readonly Rung[]
  /** The same for a report without a name, whose team nobody knows. */
  readonly anonymousLadder: readonly Rung[]
  /** After the last rung it is asked again this often. */
  readonly repeatTop: Millis
  readonly replyWithin: Millis
  /** Roles of the site that may reply to any report, called or not. */
  readonly replyRoles: readonly string[]
  readonly askWithin: Millis
}

export const nearMissRule: NearMissRule = {
  id: 'near-miss@1',
  effectiveFrom: '2026-01-01',
  source: 'product promise: near misses are answered within 48 h, named or not',
  ladder: [
    { role: 'teamLead', after: 0 },
    { role: 'safetyOfficer', after: hours(12) },
    { role: 'safetyDirector', after: hours(24) },
  ],
  anonymousLadder: [
    { role: 'safetyOfficer', after: 0 },
    { role: 'safetyDirector', after: hours(24) },
  ],
  repeatTop: hours(12),
  replyWithin: hours(48),
  replyRoles: ['safetyOfficer', 'safetyDirector'],
  askWithin: minutes(10),
}
