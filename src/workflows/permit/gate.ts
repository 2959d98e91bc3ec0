import { type Citation, type Refusal, refuse } from '../../lib/refusal.ts'
import { anyPoint, type GasProblem } from '../../rules/permits/gas-window.ts'
import type { RulePack, WorkRules } from '../../rules/permits/rule-pack.ts'
import { whenHolds } from '../../rules/permits/test-facts.ts'
import { weatherFor, windForceOf } from '../../rules/permits/weather.ts'
import { isPast, nameOf } from '../pieces.ts'
import type { Facts } from '../workflow.ts'
import { cite, rulesOf } from './common.ts'
import { conflictsHere } from './conflicts.ts'
import { crewFaults } from './crew.ts'
import { gasNow } from './gas-now.ts'
import type { Condition, PermitState } from './permit.ts'
import { openIsolations, openLines, unbriefed } from './prepare.ts'
import { weatherSeen } from './weather.ts'

type Seen = Pick<Facts, 'plant' | 'at' | 'read' | 'subject'>
type Given = { readonly state: PermitState; readonly pack: RulePack; readonly rules: WorkRules; readonly facts: Seen }
type Values = Condition['values']
type Check = (given: Given) => Condition
type Found = { readonly because: string; readonly values?: Values; readonly clause?: string } | null

/** A condition that holds unless something is found against it. */
const check =
  (id: string, clause: string, find: (given: Given) => Found): Check =>
  (given) => {
    const found = find(given)
    return {
      id,
      holds: found === null,
      clause: found?.clause ?? clause,
      because: found?.because ?? '',
      values: found?.values ?? {},
    }
  }

/** Needs that people declare before the start, such as the video of a special hot work (5.2.11). */
export const openNeeds = ({ startNeeds }: WorkRules, state: PermitState) =>
  startNeeds.filter(
    ({ id, when, levels }) =>
      (levels === undefined || levels.includes(state.level?.level ?? '')) &&
      whenHolds(when, state.answers).kind !== 'no' &&
      !state.declared.some((one) => one.id === id && !isBefore(one.at, state.stoppedAt)),
  )

/** What was declared before a stop is declared anew before work goes on. */
const isBefore = (at: string, stoppedAt: string | null): boolean => stoppedAt !== null && at < stoppedAt

const gasWords: Readonly<Record<GasProblem['because'], string>> = {
  missingFacts: 'gas-facts',
  notSampled: 'gas-not-sampled',
  failed: 'gas-failed',
  stale: 'gas-stale',
  afterBreak: 'gas-after-break',
  daily: 'gas-daily',
  logOverdue: 'gas-log-overdue',
  calibration: 'gas-calibration',
  notJudged: 'gas-not-judged',
  fromTheFuture: 'gas-from-the-future',
}

/** What a problem is about, by the names that the pack gives its points and questions. */
const gasValues = ({ because, about }: GasProblem, { gas, questions }: WorkRules): Values => {
  const point = (id: string): string => (id === anyPoint ? '' : (gas?.points.find((one) => one.id === id)?.label ?? id))
  const [first = '', kind = ''] = about.split(' ')
  if (because === 'notSampled') return { about: point(first), kind }
  if (because === 'failed') return { about: about.replace(/^[^：]*/, point), kind: '' }
  if (because === 'missingFacts')
    return {
      about: about
        .split(',')
        .map((id) => questions.find((one) => one.id === id)?.label ?? id)
        .join('、'),
      kind: '',
    }
  return { about: point(about), kind: '' }
}

/** Wind up to which upgraded management lets work that cannot wait go on (5.2.15): the force that the approvers saw, no more. */
const acceptedWind = ({ level, answers }: PermitState): number | null =>
  level?.upgradedFrom !== null && answers.unavoidable === true && typeof answers.acceptedWind === 'number'
    ? answers.acceptedWind
    : null

const checks: readonly Check[] = [
  check('period', '4.16', ({ state, facts }) => {
    if (!state.period || isPast(state.period.to, facts.at)) return { because: 'over', values: { to: state.period?.to ?? '' } }
    return isPast(state.period.from, facts.at) ? null : { because: 'not-yet', values: { from: state.period.from } }
  }),
  check('jsa', '4.1', ({ state }) => (state.jsaTemplate !== null && state.jsa === null ? { because: 'jsa-open' } : null)),
  check('measures', '4.11', ({ state, rules }) => {
    const open = openLines(rules, state)
    return open.length > 0
      ? { because: 'measures-open', values: { count: String(open.length), line: open[0]?.text ?? '' } }
      : null
  }),
  check('isolation', '4.2', ({ state }) => {
    const open = openIsolations(state)
    return open.length > 0 ? { because: 'isolation-open', values: { point: open[0]?.what ?? '' } } : null
  }),
  check('briefing', '4.4', ({ state, facts }) => {
    if (state.briefing === null) return { because: 'briefing-open', values: { names: '' } }
    const open = unbriefed(state)
    return open.length > 0
      ? { because: 'briefing-open', values: { names: open.map((id) => nameOf(facts.plant, id)).join('、') } }
      : null
  }),
  check('signatures', '4.6', ({ state }) => {
    const open = state.chain.find(({ id, kind }) => kind !== 'acceptance' && !state.signatures.some(({ node }) => node === id))
    return open ? { because: 'signature-open', values: { node: open.label }, clause: open.clause } : null
  }),
  check('certificates', '4.9', ({ state, rules, facts }) => {
    const [fault] = crewFaults(rules, state, facts.plant, facts.at)
    return fault
      ? {
          because: `certificate-${fault.because}`,
          values: { ...fault.values, name: nameOf(facts.plant, fault.person) },
          clause: fault.clause.clause,
        }
      : null
  }),
  check('gas', '5.3', ({ state, rules, facts }) => {
    const verdict = gasNow(state, facts.plant, facts.at)
    if (verdict.kind === 'valid') return null
    const [problem] = verdict.problems
    return {
      because: gasWords[problem?.because ?? 'notSampled'],
      values: problem ? gasValues(problem, rules) : { about: '', kind: '' },
      ...(problem ? { clause: problem.clause } : {}),
    }
  }),
  check('alarm', '5.2.6', ({ state, rules }) => {
    const alarm = state.suspensions.findLast(({ because, endedAt }) => endedAt === null && because === 'gasAlarm')
    const isCleared = !alarm || !rules.gas || state.gas.some(({ sampledAt, passed }) => passed && sampledAt > alarm.at)
    return isCleared ? null : { because: 'gas-after-alarm', values: { at: alarm?.at ?? '' } }
  }),
  check('attendant', '4.10', ({ state, facts }) => {
    const { attendance } = state
    if (!attendance) return { because: 'attendant-absent' }
    return facts.plant.persons.get(attendance.attendant)?.active === true ? null : { because: 'attendant-absent' }
  }),
  check('conflict', '4.7', ({ state, facts }) => {
    const found = conflictsHere(state, facts)
    if (found === null) return { because: 'conflict-unknown' }
    const [first] = found.filter(
      ({ exclusion, coordinator }) => exclusion.outcome === 'forbid' || (state.coordinator === null && coordinator === null),
    )
    return first
      ? {
          because: 'conflict',
          values: { other: first.with.permit, leader: nameOf(facts.plant, first.leader), rule: first.exclusion.text },
          clause: first.exclusion.clause,
        }
      : null
  }),
  check('weather', '5.2.15', ({ state, rules, facts }) => {
    const seen = weatherSeen(facts)
    const verdict = weatherFor(
      rules,
      { outdoors: state.place?.outdoors ?? null, acceptedWind: acceptedWind(state) },
      { seen, at: facts.at },
    )
    if (verdict.kind === 'clear') return null
    if (verdict.kind === 'unknown') return { because: 'weather-unknown' }
    const [stop] = verdict.stops
    return {
      because: 'weather-stop',
      values: { stop: stop?.text ?? '', force: String(seen ? (windForceOf(seen) ?? '') : '') },
      ...(stop ? { clause: stop.clause } : {}),
    }
  }),
  check('declared', '4.6', ({ state, rules }) => {
    const [open] = openNeeds(rules, state)
    return open ? { because: 'need-open', values: { need: open.text }, clause: open.clause } : null
  }),
]

/** Every condition of the start gate at this instant (3.7). Fails closed: rules that are gone leave none that holds. */
export const gateConditions = (state: PermitState, facts: Seen): readonly Condition[] => {
  const found = rulesOf(state, facts.plant, facts.at)
  if (!found) return [{ id: 'rules', holds: false, clause: '4.6', because: 'no-rules', values: {} }]
  return checks.map((one) => one({ state, ...found, facts }))
}

/** What is judged by what stands outside the permit, and so at the press only. */
const outside: ReadonlySet<string> = new Set(['conflict', 'weather'])

/** The conditions that the permit and the plant tell by themselves, for cards: what is outside is judged when somebody presses. */
export const seenConditions = (state: PermitState, { plant, at }: Pick<Facts, 'plant' | 'at'>): readonly Condition[] =>
  gateConditions(state, { plant, at, subject: '', read: () => [] }).filter(({ id }) => !outside.has(id))

/** Why work may not start or go on now; null when every condition holds. */
export const gateRefusal = (state: PermitState, facts: Facts): Refusal | null => {
  const conditions = gateConditions(state, facts)
  const broken = conditions.find(({ holds }) => !holds)
  if (!broken) return null
  const found = rulesOf(state, facts.plant, facts.at)
  const clause: Citation | null = found && broken.clause !== '自定' ? cite(found.pack, broken.clause) : null
  return refuse(`gate-${broken.because}`, { code: state.code, ...broken.values }, clause)
}
