import { type Millis, minutes } from '../lib/clock.ts'

/** How often one person may be called. */
export type AlertRule = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  /** Notices to one person within `per`; what is more comes as one digest at the end of that time. Life-safety is not counted and never held. */
  readonly most: number
  readonly per: Millis
  /** Wall time of the site between which cases of the lowest colour stay silent. */
  readonly quiet: { readonly from: string; readonly until: string; readonly colours: readonly string[] }
}

/** Too many alarms are no alarm; and nobody is woken for a blue one. */
export const alertRule: AlertRule = {
  id: 'alerts@1',
  effectiveFrom: '2026-01-01',
  source: 'product promise: alert budget per person, quiet hours for blue only',
  most: 20,
  per: minutes(10),
  quiet: { from: '22:00:00', until: '07:00:00', colours: ['blue'] },
}
