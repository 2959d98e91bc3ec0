import type { Refusal } from '../../lib/refusal.ts'
import { refuse } from '../../lib/refusal.ts'
import type { Decision, Facts } from '../workflow.ts'
import { callOverdue, climb, reportUnreachable } from './clocks.ts'
import { acceptHazard, rejectHazard, triageHazard } from './duty.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { refusePhoto, storePhoto } from './photos.ts'
import { addEvidence, startRectify, submit } from './rectify.ts'
import { addToReport, report } from './report.ts'
import { pass, redraw, reopen, veto } from './verify.ts'

export type HazardDecision = Decision<HazardEvent>
type Arm<T extends HazardCommand['type']> = (
  state: HazardState,
  command: Extract<HazardCommand, { type: T }>,
  facts: Facts,
) => HazardDecision

/** One arm for each command on an existing case; `report` alone begins one. */
const arms: { readonly [T in Exclude<HazardCommand['type'], 'report'>]: Arm<T> } = {
  addToReport,
  triage: triageHazard,
  accept: acceptHazard,
  reject: rejectHazard,
  startRectify,
  addEvidence,
  submit,
  pass,
  veto,
  reopen,
  climb,
  callOverdue,
  redraw,
  storePhoto,
  refusePhoto,
  reportUnreachable,
}

/** Decides about a hazard. Refuses with `no-such-case` what has no case, and with the arm's own words whatever is not legal now for this actor. */
export const decideHazard = (state: HazardState | null, command: HazardCommand, facts: Facts): HazardDecision => {
  if (command.type === 'report') return state ? refuse('already-reported', { code: state.code }) : report(command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: HazardState, command: HazardCommand, facts: Facts) => Decision<HazardEvent> | Refusal)(
    state,
    command,
    facts,
  )
}
