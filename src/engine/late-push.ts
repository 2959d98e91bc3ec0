import { hazardSla } from '../rules/sla.ts'
import type { Attempt, EffectRow } from './outbox-rows.ts'

/**
 * Did somebody's new duty reach a platform later than promised, or never? Judged once for each card, when it is settled; reminders that the clock brings are
 * no less promised. Counted as `late-push`, so that the 15 s stand at `/metrics` and not only in a measurement.
 */
export const isLatePush = (
  { kind, urgent, created_at }: Pick<EffectRow, 'kind' | 'urgent' | 'created_at'>,
  { outcome }: Pick<Attempt, 'outcome'>,
  at: Date,
): boolean => {
  if (kind !== 'card' || !urgent || outcome === 'retry' || outcome === 'dropped') return false
  return outcome === 'dead' || !(at.getTime() - new Date(created_at).getTime() <= hazardSla.pushWithin)
}
