import type { Facts } from '../workflow.ts'
import { ask, isRefusal } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { decline, grant } from './extend.ts'
import type { HazardCommand, HazardState } from './hazard.ts'
import { approvePlan, refuseSignOff, returnPlan, signOff } from './major.ts'
import { decider, type OpenQuestion } from './questions.ts'

type SendBack = Extract<HazardCommand, { type: 'sendBack' }>
type By = { readonly id: string; readonly name: string }

const yes: Readonly<Record<OpenQuestion, (state: HazardState, by: By, facts: Facts) => HazardDecision>> = {
  plan: approvePlan,
  signOff,
  deferral: grant,
  extension: grant,
}
const no: Readonly<Record<OpenQuestion, (state: HazardState, by: By, reason: string, facts: Facts) => HazardDecision>> = {
  plan: returnPlan,
  signOff: refuseSignOff,
  deferral: decline,
  extension: decline,
}

/** 批准、签字销号. Yes to whatever is open, by whoever may decide it and has no part in it. */
export const approve = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = decider(state, facts)
  return isRefusal(by) ? by : yes[by.kind](state, by, facts)
}

/** 不同意. No, with a reason. */
export const sendBack = (state: HazardState, command: SendBack, facts: Facts): HazardDecision => {
  const by = decider(state, facts)
  if (isRefusal(by)) return by
  const reason = command.reason?.trim() ?? ''
  return reason === '' ? ask('sendBack', 'send-back-reason', state, facts) : no[by.kind](state, by, reason.slice(0, 500), facts)
}
