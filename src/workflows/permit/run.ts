import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { duty, inform, iso, isRefusal, toPerson } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { type Arm, cite, frozenRules, type PermitDecision, partiesOf, unitOf, whoIn } from './common.ts'
import { evolvePermit } from './evolve.ts'
import { gateRefusal, openNeeds } from './gate.ts'
import type { PermitState } from './permit.ts'
import { mostWrong } from './pin.ts'
import { failed, proveSite } from './sign.ts'
import { codeNow } from './site-proof.ts'
import { type Suspending, suspendNow } from './suspend.ts'
import { nextWatch, postFence } from './watch-times.ts'
import { lookAtWeather } from './weather.ts'

/** Folds events to look at what they leave, before they are accepted. */
const after = (state: PermitState, events: Parameters<typeof evolvePermit>[1][]): PermitState =>
  events.reduce<PermitState>((now, event) => evolvePermit(now, event), state)

/** 出示作业点码: for whoever of the job stands at the work point, so that others can prove that they stand there too. */
export const showCode: Arm<'showCode'> = (state, _, facts) => {
  const by = whoIn(state, facts, ['measures', 'briefing', 'signing', 'issued', 'active', 'suspended', 'completed'])
  if (isRefusal(by)) return by
  if (!partiesOf(state).includes(by.id)) return refuse('crew-only', { code: state.code })
  return accept([{ type: 'codeShown', by: by.id, at: iso(facts.at) }], [], 'work-point-code', {
    code: state.code,
    digits: codeNow(facts),
  })
}

/** 声明: what the start needs besides papers, such as the video that runs, said by the work leader in their own name. */
export const declare: Arm<'declare'> = (state, { need: id }, facts) => {
  const by = whoIn(state, facts, ['issued', 'suspended'])
  if (isRefusal(by)) return by
  if (by.id !== state.crew?.workLeader) return refuse('leader-only', { code: state.code })
  const need = openNeeds(frozenRules(state, facts).rules, state).find((one) => one.id === id)
  if (!need) return refuse('no-such-line', { code: state.code })
  return accept([{ type: 'declared', need: id, by: by.id, at: iso(facts.at) }], [], 'declared', {
    code: state.code,
    need: need.text,
  })
}

/** 监护人到岗 (4.10): by code and position at the work point. */
export const checkIn: Arm<'checkIn'> = (state, command, facts): PermitDecision => {
  const by = whoIn(state, facts, ['issued', 'suspended', 'active'])
  if (isRefusal(by)) return by
  const { code } = state
  if (!state.crew?.attendants.includes(by.id)) return refuse('attendants-only', { code })
  const away = atPost(state, by.id, command, facts)
  if (away) return away
  const event = { type: 'checkedIn', attendant: by.id, at: iso(facts.at) } as const
  return accept([event], [...nextWatch(after(state, [event]), facts), ...lookAtWeather(state, facts)], 'checked-in', { code })
}

type Shown = { readonly digits?: string; readonly position?: string }

/** Null when the attendant has proved to be at the work point; else what is answered. Wrong codes are counted, as at a signature. */
const atPost = (
  state: PermitState,
  by: string,
  command: Shown,
  facts: Facts,
  code: 'always' | 'ifGiven' = 'always',
): PermitDecision | null => {
  if ((state.wrong[by] ?? 0) >= mostWrong) return refuse('too-many-wrong', { code: state.code })
  const proof = proveSite(state, command, facts, { fence: postFence, code })
  if (proof.kind === 'proven') return null
  if (proof.what === 'digits') return accept([failed('attendance', by, 'digits', facts)], [], proof.because, { code: state.code })
  const { pack } = frozenRules(state, facts)
  return refuse(proof.because, { code: state.code, node: '', place: state.place?.point ?? '' }, cite(pack, '4.10'))
}

/** 在岗: the answer to a pulse, by code or by a fresh position near the work point. */
export const answerPulse: Arm<'answerPulse'> = (state, command, facts): PermitDecision => {
  const by = whoIn(state, facts, ['active'])
  if (isRefusal(by)) return by
  if (state.attendance?.attendant !== by.id) return refuse('attendants-only', { code: state.code })
  const away = atPost(state, by.id, command, facts, 'ifGiven')
  if (away) return away
  const event = { type: 'pulseAnswered', attendant: by.id, at: iso(facts.at) } as const
  return accept([event], nextWatch(after(state, [event]), facts), 'pulse-answered', { code: state.code })
}

/** 开始作业: the gate, with every condition at this instant. */
export const start: Arm<'start'> = (state, _, facts): PermitDecision => {
  const by = whoIn(state, facts, ['issued'])
  if (isRefusal(by)) return by
  if (by.id !== state.crew?.workLeader) return refuse('leader-only', { code: state.code })
  const refusal = gateRefusal(state, facts)
  if (refusal) return refusal
  const event = { type: 'started', by: by.id, at: iso(facts.at) } as const
  return accept([event], [...nextWatch(after(state, [event]), facts), ...told(state, facts)], 'started', { code: state.code })
}

/** Whoever has a part in the job or owns the place sees that it has begun. */
const told = (state: PermitState, { plant }: Facts) =>
  [...new Set([...partiesOf(state), ...unitOf(state, plant)])]
    .filter((id) => plant.reachable(id))
    .map((id) => inform(toPerson(id)))

/** 恢复作业: the same gate again, with the break rule of the gas test. What changed the conditions goes to a new permit (4.17). */
export const resume: Arm<'resume'> = (state, _, facts): PermitDecision => {
  const by = whoIn(state, facts, ['suspended'])
  if (isRefusal(by)) return by
  if (by.id !== state.crew?.workLeader) return refuse('leader-only', { code: state.code })
  const { pack } = frozenRules(state, facts)
  if (state.suspensions.some(({ final, endedAt }) => final && endedAt === null))
    return refuse('reissue-only', { code: state.code }, cite(pack, '4.17'))
  const refusal = gateRefusal(state, facts)
  if (refusal) return refusal
  const event = { type: 'resumed', by: by.id, at: iso(facts.at) } as const
  return accept([event], [...nextWatch(after(state, [event]), facts), ...told(state, facts)], 'resumed', { code: state.code })
}

const stopped = (state: PermitState, why: Suspending, facts: Facts, words: string): PermitDecision => {
  const { events, effects } = suspendNow(state, why, facts)
  return accept(events, [...effects, ...nextWatch(after(state, [...events]), facts)], words, { code: state.code })
}

/** 停止作业: anybody at the site who sees danger stops the work at once (4.8); nobody is asked whether they may. */
export const stopWork: Arm<'stopWork'> = (state, { reason }, facts): PermitDecision => {
  const by = whoIn(state, facts, ['active', 'suspended'])
  if (isRefusal(by)) return by
  return stopped(state, { because: 'stop', detail: reason?.trim() ?? '', by: by.id }, facts, 'stopped')
}

/** 暂停: the leader or the attendant interrupts the work in an orderly way. */
export const pause: Arm<'pause'> = (state, { reason }, facts): PermitDecision => {
  const by = whoIn(state, facts, ['active'])
  if (isRefusal(by)) return by
  if (by.id !== state.crew?.workLeader && !state.crew?.attendants.includes(by.id))
    return refuse('crew-only', { code: state.code })
  return stopped(state, { because: 'leader', detail: clip(reason.trim(), 200), by: by.id }, facts, 'paused')
}

/** 条件变化 (4.16, 4.17): work stops, or has stopped already, and goes on under a new permit only. */
export const reportChange: Arm<'reportChange'> = (state, { reason }, facts): PermitDecision => {
  const by = whoIn(state, facts, ['active', 'suspended'])
  if (isRefusal(by)) return by
  const words = clip(reason.trim(), 200)
  if (words === '') return refuse('reason-wanted', { code: state.code })
  return stopped(state, { because: 'changed', detail: words, by: by.id }, facts, 'changed')
}

/** The machine stops the work: an alarm of a sensor or camera, the weather, an emergency. */
export const suspendBy: Arm<'suspendBy'> = (state, { because, detail }, facts): PermitDecision => {
  if (state.status !== 'active' && state.status !== 'suspended')
    return refuse('not-in-this-state', { code: state.code, status: state.status })
  return stopped(state, { because, detail, by: null }, facts, 'stopped')
}

/** Another job was refused because of this one: its leader and this one's see each other. */
export const noteConflict: Arm<'noteConflict'> = (state, { with: other, leader, rule }, facts) =>
  accept(
    [{ type: 'conflictFound', with: other, leader, rule, at: iso(facts.at) }],
    state.crew ? [duty(toPerson(state.crew.workLeader), 'conflict')] : [],
  )
