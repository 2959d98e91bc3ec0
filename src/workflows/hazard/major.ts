import { type Refusal, refuse } from '../../lib/refusal.ts'
import { fixNames, gradeClauses, notNeeded } from '../../rules/hazard-grades.ts'
import { dateAfter, startOfDay } from '../../rules/working-days.ts'
import { holdsAny, reachableHolders, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import {
  actingPerson,
  afterNow,
  answer,
  type Called,
  duty,
  inform,
  iso,
  isRefusal,
  overtaken,
  slaOf,
  tell,
  toReporter,
} from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { Fixes } from './govern.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { notAnOwner } from './people.ts'
import { gradesOf } from './questions.ts'

type Propose = Extract<HazardCommand, { type: 'proposePlan' }>
type By = { readonly id: string; readonly name: string }

/** 挂牌督办. A hazard judged major is listed: nothing is rectified before the principal has approved its plan, and those who supervise hear of it. */
export const listing = (state: HazardState, facts: Facts): Called => {
  const told = gradesOf(state).listedInforms.flatMap((role) => reachableHolders(facts.plant, role, facts.plant.site))
  return {
    events: [{ type: 'listed', at: iso(facts.at) }],
    effects: [...new Set(told)].map((id) => inform(toPerson(id))),
  }
}

/** The five fixes as they stand: the plan of a major hazard, else what the triage said. Null before anybody has the case. */
export const fixesOf = (state: HazardState): Fixes | null => {
  if (state.plan) return state.plan
  if (state.owner === null || state.dueAt === null) return null
  return { owner: state.owner, measure: state.measure ?? '', funding: notNeeded, deadline: state.dueAt, contingency: notNeeded }
}

const areaOwnerOf = (state: HazardState, { areas }: Plant): string | null =>
  areas.find(({ id }) => id === (state.area ?? state.suggestion.area))?.owner ?? null

/** Owner, area owner, safety officers and whoever was asked in the owner's place draw up the plan together; one of them proposes it. */
export const mayPropose = (state: HazardState, person: string, plant: Plant): boolean =>
  state.status === 'listed_pending' &&
  (person === state.owner ||
    person === areaOwnerOf(state, plant) ||
    (state.asked?.kind === 'proposal' && state.asked.persons.includes(person)) ||
    holdsAny(plant, person, ['safetyOfficer', 'safetyDirector']))

/** The end of a day at the site, or null for what is no date from today on within the longest plan. */
export const endOfDate = (text: string, longest: number, facts: Facts): string | null => {
  const { timeZone } = facts.plant
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  try {
    const end = startOfDay(dateAfter(text, 1), timeZone)
    const isSoonEnough = end.getTime() > facts.at.getTime() && end.getTime() <= facts.at.getTime() + longest
    return isSoonEnough ? iso(end) : null
  } catch {
    return null
  }
}

const textOf = (value: string | undefined, longest: number): string => (value ?? '').trim().slice(0, longest)

/** The five fixes of a form, all of them; else which are missing. */
const readPlan = (state: HazardState, command: Propose, facts: Facts): Fixes | Refusal => {
  const { longestAnswer, longestPlan } = gradesOf(state)
  const owner = command.owner ? command.owner : (state.owner ?? '')
  const deadline = endOfDate(textOf(command.deadline, 20), longestPlan, facts)
  const plan = {
    owner,
    measure: textOf(command.measure, longestAnswer),
    funding: textOf(command.funding, longestAnswer),
    deadline: deadline ?? '',
    contingency: textOf(command.contingency, longestAnswer),
  }
  const missing = (Object.keys(fixNames) as (keyof Fixes)[]).filter((fix) => plan[fix] === '').map((fix) => fixNames[fix])
  if (missing.length > 0) return refuse('plan-incomplete', { code: state.code, missing: missing.join('、') }, gradeClauses.plan)
  const person = facts.plant.persons.get(owner)
  if (!person?.active) return refuse('choose-owner', { code: state.code })
  return notAnOwner(person, state, facts.plant) ?? plan
}

/** 提交治理方案. All five fixes; the principal is asked by what follows from the state. */
export const proposePlan = (state: HazardState, command: Propose, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'listed_pending') return overtaken(state)
  if (!mayPropose(state, by.id, facts.plant)) return refuse('not-yours-to-propose', { code: state.code }, gradeClauses.plan)
  const plan = readPlan(state, command, facts)
  if (isRefusal(plan)) return plan
  return accept([{ type: 'planProposed', ...plan, by: by.id, name: by.name, at: iso(facts.at) }], [], 'plan-proposed', {
    code: state.code,
  })
}

/** The principal approves: rectification begins, until the date of the plan. */
export const approvePlan = (state: HazardState, by: By, facts: Facts): HazardDecision => {
  const { plan, code } = state
  if (!plan) return overtaken(state)
  if (!(new Date(plan.deadline).getTime() > facts.at.getTime()))
    return refuse('plan-incomplete', { code, missing: fixNames.deadline }, gradeClauses.plan)
  const owner = facts.plant.persons.get(plan.owner)
  const barred = owner ? notAnOwner(owner, state, facts.plant) : refuse('choose-owner', { code })
  if (barred) return barred
  return accept(
    [{ type: 'planApproved', owner: plan.owner, dueAt: plan.deadline, by: by.id, name: by.name, at: iso(facts.at) }],
    [
      duty(toPerson(plan.owner), 'rectify', true),
      { kind: 'setDeadline', tag: 'due', at: new Date(plan.deadline), command: { type: 'callOverdue' } },
    ],
    'plan-approved',
    { code },
  )
}

/** The plan goes back to whoever has the case, with a reason. */
export const returnPlan = (state: HazardState, by: By, reason: string, facts: Facts): HazardDecision =>
  accept([{ type: 'planReturned', reason, by: by.id, name: by.name, at: iso(facts.at) }], [], 'plan-returned', {
    code: state.code,
  })

/** 签字销号. The only way in which a major hazard is closed. */
export const signOff = (state: HazardState, by: By, facts: Facts): HazardDecision =>
  accept([{ type: 'closed', by: by.id, name: by.name, at: iso(facts.at) }], toReporter(state).map(answer), 'signed-off', {
    code: state.code,
  })

/** The principal does not sign: the repair is returned as a verifier would return it. */
export const refuseSignOff = (state: HazardState, by: By, reason: string, facts: Facts): HazardDecision => {
  const dueAt = new Date(state.dueAt ?? facts.at)
  const due = dueAt.getTime() > facts.at.getTime() ? dueAt : afterNow(facts, slaOf(state).repeatOverdue)
  return accept(
    [{ type: 'vetoed', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    [
      { kind: 'setDeadline', tag: 'due', at: due, command: { type: 'callOverdue' } },
      ...(state.owner === null ? [] : [duty(toPerson(state.owner), 'rectify')]),
    ],
    'vetoed',
    { code: state.code },
  )
}

const isAnswer = (effect: Effect): boolean => effect.kind === 'showCard' && effect.duty === 'answer'

/**
 * A major hazard is never closed by its verification, whoever brought that about: it waits for the principal's signature instead, and the reporter is answered
 * when that is given.
 */
export const neverByItself = (state: HazardState | null, command: HazardCommand, decision: HazardDecision): HazardDecision => {
  if (decision.kind === 'refused' || state?.severity !== 'major' || command.type === 'approve') return decision
  if (!decision.events.some(({ type }) => type === 'closed')) return decision
  return {
    ...decision,
    events: decision.events.map((event): HazardEvent => (event.type === 'closed' ? { type: 'verified', at: event.at } : event)),
    effects: [
      ...decision.effects.filter((effect) => !isAnswer(effect)),
      ...toReporter(state).map((to) => tell(to, 'awaits-signature', { code: state.code })),
    ],
    say: decision.say && { words: 'verified', values: decision.say.values },
  }
}
