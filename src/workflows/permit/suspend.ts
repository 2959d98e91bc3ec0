import { clip } from '../../lib/text.ts'
import { iso, toPerson, vitalDuty } from '../pieces.ts'
import type { Effect, Facts } from '../workflow.ts'
import { partiesOf, unitOf } from './common.ts'
import type { PermitState, SuspendReason } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'

export type Suspending = { readonly because: SuspendReason; readonly detail: string; readonly by: string | null }
export type Suspended = { readonly events: readonly PermitEvent[]; readonly effects: readonly Effect[] }

/** Changed process, method or environment goes to a new permit (4.17), never to a resumption. */
const final: ReadonlySet<SuspendReason> = new Set(['changed'])
/** Alarms and stop calls are kept even while work stands still already: who resumes must know of them. */
const kept: ReadonlySet<SuspendReason> = new Set(['stop', 'gasAlarm', 'deviceAlarm', 'emergency'])

/** Work that goes on is stopped: everybody of the job is called, ringing, and the unit hears of it. Work that does not go on stays as it is, unless it must not go on any more. */
export const suspendNow = (state: PermitState, { because, detail, by }: Suspending, facts: Facts): Suspended => {
  const stops = state.status === 'active' || (state.status === 'suspended' && (final.has(because) || kept.has(because)))
  if (!stops) return { events: [], effects: [] }
  const at = iso(facts.at)
  const told = [...new Set([...partiesOf(state), ...unitOf(state, facts.plant), ...safety(facts)])].filter((id) =>
    facts.plant.reachable(id),
  )
  return {
    events: [{ type: 'suspended', by, because, detail: clip(detail, 200), final: final.has(because), at }],
    effects: told.map((id) => vitalDuty(toPerson(id), 'stopped')),
  }
}

const safety = ({ plant }: Facts): readonly string[] => plant.holders('safetyOfficer', plant.site)
