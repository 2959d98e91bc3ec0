import type { Refusal } from '../../lib/refusal.ts'
import { refuse } from '../../lib/refusal.ts'
import type { Decision, Facts } from '../workflow.ts'
import { approve, sendBack } from './approve.ts'
import { greetVerdict } from './blind.ts'
import { causesGap, explain } from './causes.ts'
import { climb, reportUnreachable } from './clocks.ts'
import { acceptHazard, rejectHazard, triageHazard } from './duty.ts'
import { defer, endDeferral, extend, resume } from './extend.ts'
import { answerReporter } from './feedback.ts'
import { followUp } from './follow.ts'
import { regrade } from './grade.ts'
import { callTakeOver, handOver, takeOver } from './hand-over.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { noteSeen } from './knowledge.ts'
import { proposePlan } from './major.ts'
import { absorb, comeBack, merge, tellResult } from './merge.ts'
import { callOverdue } from './overdue.ts'
import { refuseBlind, refusePhoto, storeBlind, storePhoto } from './photos.ts'
import { joinPlan } from './plan.ts'
import { announce } from './publish.ts'
import { callDecider } from './questions.ts'
import { raise } from './raise.ts'
import { acknowledge, callReach, noteReached } from './reach.ts'
import { addEvidence, showDuring, showReport, startRectify } from './rectify.ts'
import { redraw } from './redraw.ts'
import { addToReport, report } from './report.ts'
import { confirmRepair, sign, submit } from './submit.ts'
import { supervise } from './supervise.ts'
import { recordVerdict } from './verdicts.ts'
import { pass, reopen, veto } from './verify.ts'

export type HazardDecision = Decision<HazardEvent>
type Arm<T extends HazardCommand['type']> = (
  state: HazardState,
  command: Extract<HazardCommand, { type: T }>,
  facts: Facts,
) => HazardDecision

/** Nothing is handed in before its causes are known; whatever else is missing is said first. */
const withCauses =
  <T extends 'submit' | 'sign' | 'confirmRepair'>(arm: Arm<T>): Arm<T> =>
  (state, command, facts) => {
    const decided = arm(state, command, facts)
    return decided.kind === 'accepted' ? (causesGap(state) ?? decided) : decided
  }

/** One arm for each command on an existing case; `report` and `raise` begin one. */
const arms: { readonly [T in Exclude<HazardCommand['type'], 'report' | 'raise'>]: Arm<T> } = {
  addToReport,
  triage: triageHazard,
  accept: acceptHazard,
  reject: rejectHazard,
  startRectify,
  showDuring,
  showReport,
  addEvidence,
  submit: withCauses(submit),
  sign: withCauses(sign),
  confirmRepair: withCauses(confirmRepair),
  recordVerdict,
  greetVerdict,
  noteSeen,
  pass,
  veto,
  reopen,
  climb,
  callOverdue,
  callReach,
  noteReached,
  acknowledge,
  answerReporter,
  joinPlan,
  redraw,
  storePhoto,
  refusePhoto,
  storeBlind,
  refuseBlind,
  reportUnreachable,
  explain,
  regrade,
  proposePlan,
  approve,
  sendBack,
  extend,
  defer,
  resume,
  endDeferral,
  callDecider,
  merge,
  absorb,
  comeBack,
  tellResult,
  handOver,
  takeOver,
  callTakeOver,
}

/** Decides about a hazard. Refuses with `no-such-case` what has no case, and with the arm's own words whatever is not legal now for this actor. */
export const decideHazard = (state: HazardState | null, command: HazardCommand, facts: Facts): HazardDecision =>
  announce(state, followUp(state, command, supervise(state, command, decideOne(state, command, facts), facts), facts), facts)

const decideOne = (state: HazardState | null, command: HazardCommand, facts: Facts): HazardDecision => {
  if (command.type === 'report') return state ? refuse('already-reported', { code: state.code }) : report(command, facts)
  if (command.type === 'raise') return raise(state, command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: HazardState, command: HazardCommand, facts: Facts) => Decision<HazardEvent> | Refusal)(
    state,
    command,
    facts,
  )
}
