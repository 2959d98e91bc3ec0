import { days, later, minutes } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { jsaTemplates } from '../../rules/permits/jsa.ts'
import { levelById, levelOf, ticketNeeded } from '../../rules/permits/level.ts'
import { isPlaced } from '../../rules/permits/places.ts'
import type { ChainNode, Level, RulePack, WorkRules } from '../../rules/permits/rule-pack.ts'
import { whenHolds } from '../../rules/permits/test-facts.ts'
import { upgradeOf } from '../../rules/permits/upgrade.ts'
import { windForceOf } from '../../rules/permits/weather.ts'
import { duty, inform, iso, isPast, isRefusal, nameOf, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { type Arm, cite, isAdministrator, type PermitDecision, rulesOf, whoIn } from './common.ts'
import { conflictsHere, type Found } from './conflicts.ts'
import { crewFaults } from './crew.ts'
import type { Around, ChainStep, LevelFound, PermitState } from './permit.ts'
import { weatherSeen } from './weather.ts'

/** A permit is asked for at most this long ahead; what is farther away is planned, not permitted. Our own figure. */
const longestAhead = minutes(60 * 24 * 30)
/** Between filling the form and pressing, the first minutes of the period may pass. */
const lateBy = minutes(15)

type Rules = { readonly pack: RulePack; readonly rules: WorkRules }

/** What the form still lacks, by the names of its fields; empty when it is whole. */
export const missingFields = (state: PermitState): readonly string[] => {
  const { what, place, period, crew } = state
  const placed = place !== null && isPlaced(place)
  return [
    ...(what.trim() === '' ? ['what'] : []),
    ...(placed ? [] : [place === null ? 'area' : 'lat']),
    ...(period ? [] : ['from']),
    ...(crew?.workLeader ? [] : ['workLeader']),
    ...(crew && crew.workers.length > 0 ? [] : ['workers']),
    ...(crew && crew.attendants.length > 0 ? [] : ['attendants']),
  ]
}

/** The level with its reason, or what is still to be answered, or why this needs no ticket. */
export const levelFor = ({ pack, rules }: Rules, state: PermitState): LevelFound | Refusal => {
  const { code, answers } = state
  const need = ticketNeeded(rules, answers)
  if (need.kind === 'missing') return refuse('unanswered', { code, questions: labels(rules, need.questions) })
  if (need.kind === 'notNeeded') return refuse('no-ticket', { code, reason: need.reason }, cite(pack, need.clause))
  const found = levelOf(rules, answers)
  if (found.kind === 'missing') return refuse('unanswered', { code, questions: labels(rules, found.questions) })
  if (found.kind === 'none') return refuse('no-special-work', { code, work: rules.name })
  return { level: found.level, reason: found.reason, clause: found.clause, upgradedFrom: null }
}

const labels = ({ questions }: WorkRules, ids: readonly string[]): string =>
  ids.map((id) => questions.find((one) => one.id === id)?.label ?? id).join('、')

/** People of the job who may not be what they are named: one person in two parts that watch each other, an administrator, somebody who is not here. */
const crewWrong = (state: PermitState, facts: Facts): Refusal | null => {
  const { crew, code, applicant } = state
  if (!crew) return null
  const { plant } = facts
  const all = [crew.workLeader, ...crew.workers, ...crew.attendants]
  const gone = all.find((id) => plant.persons.get(id)?.active !== true)
  if (gone) return refuse('not-here', { code, name: nameOf(plant, gone) })
  const admin = all.find((id) => isAdministrator(plant, id))
  if (admin) return refuse('administrators-do-not-act', { code, name: nameOf(plant, admin) })
  const doubled = crew.attendants.find((id) => id === crew.workLeader || crew.workers.includes(id) || id === applicant)
  if (doubled)
    return refuse(
      'attendant-only-watches',
      { code, name: nameOf(plant, doubled) },
      { standard: 'GB 30871', clause: '4.10', edition: '2022' },
    )
  return null
}

const times = (state: PermitState, level: Level, { pack }: Rules, facts: Facts): Refusal | null => {
  const { period, code } = state
  if (!period) return null
  const [from, to] = [new Date(period.from), new Date(period.to)]
  if (isPast(period.to, facts.at) || from.getTime() < facts.at.getTime() - lateBy) return refuse('begins-in-the-past', { code })
  if (from.getTime() > facts.at.getTime() + longestAhead) return refuse('too-far-ahead', { code })
  const most = level.validity.most
  if (to.getTime() - from.getTime() > most)
    return refuse('too-long', { code, level: level.name, hours: String(most / minutes(60)) }, cite(pack, level.validity.clause))
  return null
}

/** The nodes that this job's answers call for; a condition that cannot be judged keeps its node. */
const chainOf = (nodes: readonly ChainNode[], state: PermitState, statutory: ReadonlySet<string>): readonly ChainStep[] =>
  nodes
    .filter(({ when }) => whenHolds(when, state.answers).kind !== 'no')
    .map(({ id, label, role, scope, kind, clause }) => ({ id, label, role, scope, kind, clause, statutory: statutory.has(id) }))

/** A conflict is a fact of both permits: this one stays locked, and both leaders see whose work it is. */
const locked = (
  state: PermitState,
  { exclusion, with: other, subject, leader, distance }: Found,
  facts: Facts,
): PermitDecision => {
  const rule = `${exclusion.text}（${exclusion.clause}）`
  const values = {
    code: state.code,
    other: other.permit,
    leader: nameOf(facts.plant, leader),
    rule,
    metres: distance === null ? '' : String(Math.round(distance)),
  }
  return accept(
    [{ type: 'conflictFound', with: other.permit, leader, rule, at: iso(facts.at) }],
    [
      ...(state.crew ? [duty(toPerson(state.crew.workLeader), 'conflict')] : []),
      {
        kind: 'command',
        workflow: 'permit',
        subject,
        key: `conflict:${facts.subject}:${facts.arrival}`,
        command: { type: 'noteConflict', with: state.code, leader: state.crew?.workLeader ?? state.applicant, rule },
      },
    ],
    'conflict',
    values,
  )
}

/** 提交申请. Everything that the standard asks before the first signature; the refusal names the clause. Rules, overlay and signatures are frozen here. */
export const submit: Arm<'submit'> = (state, _, facts): PermitDecision => {
  const by = whoIn(state, facts, ['draft'])
  if (isRefusal(by)) return by
  const { code } = state
  if (by.id !== state.applicant) return refuse('applicant-only', { code })
  const found = rulesOf(state, facts.plant, facts.at)
  if (!found) return refuse('no-rules', { code })
  const missing = missingFields(state)
  if (missing.length > 0) return refuse('incomplete', { code, fields: missing.join(',') })
  const own = levelFor(found, state)
  if (isRefusal(own)) return own
  const crew = crewWrong(state, facts)
  if (crew) return crew
  const raised = upgraded(own, found, state, facts)
  if (isRefusal(raised)) return raised
  const late = times(state, raised.level, found, facts)
  if (late) return late
  const fault = crewFaults(found.rules, state, facts.plant, state.period ? new Date(state.period.from) : facts.at)[0]
  if (fault)
    return refuse(
      `certificate-${fault.because}`,
      { code, name: nameOf(facts.plant, fault.person), ...fault.values },
      fault.clause,
    )
  const conflicts = conflictsHere(state, facts)
  if (conflicts === null) return refuse('cannot-judge-place', { code })
  const forbidden = conflicts.find(({ exclusion }) => exclusion.outcome === 'forbid')
  if (forbidden) return locked(state, forbidden, facts)
  if (conflicts.length > 0 && state.coordinator === null)
    return refuse(
      'coordinator-wanted',
      { code, others: conflicts.map(({ with: other }) => other.permit).join('、') },
      cite(found.pack, conflicts[0]?.exclusion.clause ?? '4.7'),
    )
  return submitted(state, raised, found, facts)
}

type Raised = { readonly level: Level; readonly found: LevelFound }

const upgraded = (own: LevelFound, { pack, rules }: Rules, state: PermitState, facts: Facts): Raised | Refusal => {
  const { period, place, code, answers } = state
  if (!period || !place) return refuse('incomplete', { code, fields: 'from' })
  const seen = weatherSeen(facts)
  const upgrade = upgradeOf(rules, own.level, {
    period,
    timeZone: facts.plant.timeZone,
    outdoors: place.outdoors,
    windForce: seen ? windForceOf(seen) : null,
    unavoidable: typeof answers.unavoidable === 'boolean' ? answers.unavoidable : null,
  })
  if (upgrade.kind === 'asIs') return { level: levelById(rules, own.level), found: own }
  if (upgrade.kind === 'forbidden')
    return refuse('wind-forbids', { code, found: upgrade.because.found }, cite(pack, upgrade.because.clause))
  if (upgrade.kind === 'unknown') return refuse('cannot-tell-upgrade', { code, missing: upgrade.missing.join(',') })
  const reason = `${own.reason}；升级管理：${upgrade.because.map(({ text, found }) => `${text}（${found}）`).join('、')}`
  return { level: upgrade.level, found: { level: upgrade.level.id, reason, clause: own.clause, upgradedFrom: own.level } }
}

/** What an approver should know of the place (the area's last 30 days). */
const aroundOf = ({ place }: PermitState, { read, at }: Facts): Around => {
  const area = place?.area ?? ''
  const before = read({ name: 'permit-area', key: area, from: iso(later(at, -days(30))) }).map(
    ({ note }) => JSON.parse(note) as { stops: number },
  )
  const hazards = read({ name: 'open', key: `area:${area}` }).map(({ note }) => JSON.parse(note) as { colour: string })
  return {
    permits: before.length,
    stops: before.reduce((sum, { stops }) => sum + stops, 0),
    hazards: hazards.length,
    urgent: hazards.filter(({ colour }) => colour === 'red' || colour === 'orange').length,
  }
}

const submitted = (state: PermitState, { level, found }: Raised, { pack, rules }: Rules, facts: Facts): PermitDecision => {
  const statutory = new Set(pack.works[state.work]?.levels.flatMap(({ chain }) => chain.map(({ id }) => id)) ?? [])
  const leader = state.crew?.workLeader ?? state.applicant
  const opensAt = state.period ? new Date(state.period.to) : later(facts.at, minutes(60 * 24))
  return accept(
    [
      {
        type: 'submitted',
        pack: pack.id,
        overlay: facts.plant.overlay ?? null,
        level: found,
        chain: chainOf(level.chain, state, statutory),
        around: aroundOf(state, facts),
        jsa: jsaTemplates[rules.work].id,
        by: state.applicant,
        at: iso(facts.at),
      },
    ],
    [
      duty(toPerson(leader), 'jsa'),
      ...(state.coordinator ? [inform(toPerson(state.coordinator))] : []),
      strikeAt('watch', opensAt, { type: 'watch' }),
    ],
    'submitted',
    { code: state.code, level: level.name, reason: found.reason },
  )
}
