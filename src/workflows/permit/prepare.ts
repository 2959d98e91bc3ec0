import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { jsaTemplates } from '../../rules/permits/jsa.ts'
import type { MeasureLine, WorkRules } from '../../rules/permits/rule-pack.ts'
import { whenHolds } from '../../rules/permits/test-facts.ts'
import { duty, iso, isRefusal, toPerson } from '../pieces.ts'
import { accept, type Effect } from '../workflow.ts'
import { type Arm, cite, frozenRules, whoIn } from './common.ts'
import type { IsolationPoint, JsaStep, PermitState } from './permit.ts'
import { isolationKind } from './said.ts'
import { askNode, signersOf } from './sign.ts'

/** The lines that this job's answers call for. A condition that cannot be judged asks the line: nothing is left out for want of an answer. */
export const linesFor = (rules: Pick<WorkRules, 'measures'>, state: Pick<PermitState, 'answers'>): readonly MeasureLine[] =>
  rules.measures.filter(({ when }) => whenHolds(when, state.answers).kind !== 'no')

export const openLines = (rules: Pick<WorkRules, 'measures'>, state: PermitState): readonly MeasureLine[] =>
  linesFor(rules, state).filter(({ id }) => !state.measures.some(({ line }) => line === id))

export const openIsolations = ({ isolations }: PermitState): readonly IsolationPoint[] =>
  isolations.filter(({ tried, photo }) => tried === null || photo === null)

/** Is everything confirmed that comes before the briefing? */
const isPrepared = (rules: WorkRules, state: PermitState): boolean =>
  openLines(rules, state).length === 0 && openIsolations(state).length === 0

/** Whoever leads the job and whoever watches it are asked to brief and to be briefed. */
const callForBriefing = ({ crew }: PermitState): readonly Effect[] => (crew ? [duty(toPerson(crew.workLeader), 'brief')] : [])

/** The steps, hazards and controls that the work leader is asked to take on. */
export const analysisOf = ({ work }: Pick<PermitState, 'work'>): readonly JsaStep[] => jsaTemplates[work].steps

/** 作业危害分析 (4.1): the work leader takes on the analysis of this kind of work, with its steps, hazards and controls. */
export const confirmJsa: Arm<'confirmJsa'> = (state, _, facts) => {
  const by = whoIn(state, facts, ['jsa'])
  if (isRefusal(by)) return by
  if (by.id !== state.crew?.workLeader) return refuse('leader-only', { code: state.code })
  const template = jsaTemplates[state.work]
  return accept(
    [{ type: 'jsaConfirmed', template: template.id, steps: template.steps, by: by.id, at: iso(facts.at) }],
    [duty(toPerson(state.crew.workLeader), 'measures')],
    'jsa-confirmed',
    { code: state.code },
  )
}

/** May this person confirm measures? Anybody of the crew, each in their own name (4.11 c); never the approver. */
export const isCrew = ({ crew, applicant }: PermitState, person: string): boolean =>
  person === applicant ||
  crew?.workLeader === person ||
  crew?.workers.includes(person) === true ||
  crew?.attendants.includes(person) === true

/** One line of the checklist: involved and in place, or not involved where the line allows that. Lines are confirmed one by one, never all at once. */
export const confirmMeasure: Arm<'confirmMeasure'> = (state, { line: id, involved, value }, facts) => {
  const by = whoIn(state, facts, ['measures'])
  if (isRefusal(by)) return by
  if (!isCrew(state, by.id)) return refuse('crew-only', { code: state.code })
  const { pack, rules } = frozenRules(state, facts)
  const line = linesFor(rules, state).find((one) => one.id === id)
  if (!line) return refuse('no-such-line', { code: state.code })
  const isInvolved = involved !== 'no'
  if (!isInvolved && !line.optional)
    return refuse('always-involved', { code: state.code, line: line.text }, cite(pack, line.clause))
  const number = line.asks && isInvolved ? Number(value?.trim() || Number.NaN) : null
  if (number !== null && !(Number.isInteger(number) && number >= 0 && number < 10_000))
    return refuse('number-wanted', { code: state.code, line: line.text, asks: line.asks?.label ?? '' }, cite(pack, line.clause))
  const answer = { line: id, involved: isInvolved, value: number, by: by.id, at: iso(facts.at) }
  const after = { ...state, measures: [...state.measures.filter((one) => one.line !== id), answer] }
  const last = isPrepared(rules, after)
  return accept([{ type: 'measureConfirmed', answer, last }], last ? callForBriefing(state) : [], 'measure-confirmed', {
    code: state.code,
    left: String(openLines(rules, after).length),
  })
}

/** A further point of isolation (4.2), while measures are confirmed. */
export const addIsolation: Arm<'addIsolation'> = (state, { what, kind }, facts) => {
  const by = whoIn(state, facts, ['measures'])
  if (isRefusal(by)) return by
  if (!isCrew(state, by.id)) return refuse('crew-only', { code: state.code })
  const words = clip(what.trim(), 80)
  if (words === '' || state.isolations.length >= 40) return refuse('not-understood', { code: state.code, words: what })
  const point: IsolationPoint = {
    id: `i${state.isolations.length + 1}`,
    what: words,
    kind: isolationKind(kind),
    photo: null,
    tried: null,
  }
  return accept([{ type: 'isolationAdded', point, by: by.id, at: iso(facts.at) }])
}

/** 试启动: after lock and tag the point was tried and nothing moved. Wants the photo of the lock first. */
export const tryIsolation: Arm<'tryIsolation'> = (state, { point: id }, facts) => {
  const by = whoIn(state, facts, ['measures'])
  if (isRefusal(by)) return by
  if (!isCrew(state, by.id)) return refuse('crew-only', { code: state.code })
  const point = state.isolations.find((one) => one.id === id)
  if (!point) return refuse('no-such-line', { code: state.code })
  const { pack, rules } = frozenRules(state, facts)
  if (point.photo === null) return refuse('isolation-photo-first', { code: state.code, point: point.what }, cite(pack, '4.2'))
  const at = iso(facts.at)
  const isolations = state.isolations.map((one) => (one.id === id ? { ...one, tried: { by: by.id, at } } : one))
  const last = isPrepared(rules, { ...state, isolations })
  return accept(
    [{ type: 'isolationTried', point: id, by: by.id, at, last }],
    last ? callForBriefing(state) : [],
    'isolation-tried',
    { code: state.code, point: point.what },
  )
}

/** 安全交底 (4.4): given by the work leader, and received by every worker and attendant in their own name. */
export const brief: Arm<'brief'> = (state, _, facts) => {
  const by = whoIn(state, facts, ['briefing'])
  if (isRefusal(by)) return by
  if (by.id !== state.crew?.workLeader) return refuse('leader-only', { code: state.code })
  if (state.briefing !== null) return refuse('briefed-already', { code: state.code })
  const receivers = [...new Set([...state.crew.workers, ...state.crew.attendants])].filter((id) => id !== by.id)
  return accept(
    [{ type: 'briefed', by: by.id, at: iso(facts.at) }],
    receivers.map((id) => duty(toPerson(id), 'receive')),
    'briefed',
    { code: state.code },
  )
}

/** Who has not signed yet that they were briefed. */
export const unbriefed = ({ crew, briefing }: PermitState): readonly string[] =>
  [...new Set([...(crew?.workers ?? []), ...(crew?.attendants ?? [])])].filter(
    (id) => id !== briefing?.by && !briefing?.receivers.some(({ person }) => person === id),
  )

export const receiveBriefing: Arm<'receiveBriefing'> = (state, _, facts) => {
  const by = whoIn(state, facts, ['briefing'])
  if (isRefusal(by)) return by
  if (state.briefing === null) return refuse('not-briefed-yet', { code: state.code })
  const waiting = unbriefed(state)
  if (!waiting.includes(by.id)) return refuse('not-asked', { code: state.code })
  const last = waiting.length === 1
  const first = state.chain.find(({ kind }) => kind !== 'acceptance' && kind !== 'beforeStart')
  return accept(
    [{ type: 'briefingReceived', person: by.id, at: iso(facts.at), last }],
    last && first ? askNode(first, state, signersOf(first, state, facts.plant), facts) : [],
    'briefing-received',
    { code: state.code },
  )
}
