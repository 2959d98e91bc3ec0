import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { contractorRules } from '../../rules/contractor-score.ts'
import {
  actingPerson,
  ask,
  duty,
  forget,
  inform,
  iso,
  isRefusal,
  nobodyHolds,
  outOfReach,
  stop,
  strikeAt,
  toPerson,
} from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts, type FoundRow, type Plant } from '../workflow.ts'
import type { ContractorCommand, ContractorEvent, ContractorState } from './contractor.ts'

type ContractorDecision = Decision<ContractorEvent>
type Steps = { readonly events: readonly ContractorEvent[]; readonly effects: readonly Effect[] }

/** Leads of the contractor's own teams: they speak for it. */
export const leadsOf = (contractor: string, plant: Plant): readonly string[] =>
  [...plant.persons.values()]
    .filter((one) => one.active && one.company === contractor && plant.holders('teamLead', one.team).includes(one.id))
    .map(({ id }) => id)
    .sort()

/** Who may let a suspended contractor in again: never one of its own people. */
const reviewersOf = (state: Pick<ContractorState, 'contractor'>, role: string, plant: Plant): readonly string[] =>
  plant
    .holders(role, plant.site)
    .filter((id) => plant.persons.get(id)?.active === true && plant.persons.get(id)?.company !== state.contractor)
    .filter((id) => !plant.holders('administrator', plant.site).includes(id))

export const mayReview = (state: ContractorState, id: string, plant: Plant): boolean =>
  contractorRules.reviewers.some((role) => reviewersOf(state, role, plant).includes(id))

/** Asks those who may lift, from this role on; a role that nobody who can be reached holds is passed over. With nobody left the operators hear of it. */
export const askReviewers = (state: ContractorState, level: number, facts: Facts): Steps => {
  const { reviewers } = contractorRules
  const reachable = reviewers.map((role) => reviewersOf(state, role, facts.plant).filter((id) => facts.plant.reachable(id)))
  const found = reachable.findIndex((ids, index) => index >= level && ids.length > 0)
  const at = found >= 0 ? found : reachable.findLastIndex((ids) => ids.length > 0)
  const persons = reachable[at] ?? []
  const again = later(facts.at, contractorRules.askAgain)
  const role = reviewers[at] ?? reviewers[0]
  return {
    events: [{ type: 'asked', role, persons, level: Math.max(at, 0), until: iso(again), at: iso(facts.at) }],
    effects: [
      ...persons.map((id) => duty(toPerson(id), 'review')),
      ...(persons.length > 0 ? [] : nobodyHolds(role, state.contractor, facts)),
      strikeAt('review', again, { type: 'askAgain' }),
    ],
  }
}

/** The clock: nobody has reviewed the suspension. The next role is asked too, the last one again and again. */
export const askAgain = (state: ContractorState, facts: Facts): ContractorDecision => {
  if (state.status !== 'suspended') return refuse('not-suspended', { contractor: state.contractor })
  const asked = askReviewers(state, state.level + 1, facts)
  return accept(asked.events, asked.effects)
}

/** Somebody could not be told: the operators hear of it, and while the contractor waits for its review the next role is asked. */
export const unreachable = (
  state: ContractorState,
  { person: lost, duty: what }: { person: string; duty: string },
  facts: Facts,
) => {
  const fact: ContractorEvent = { type: 'unreachable', person: lost, duty: what, at: iso(facts.at) }
  const alarm = outOfReach(lost, what, state.contractor)
  const last = state.level >= contractorRules.reviewers.length - 1
  if (what !== 'review' || state.status !== 'suspended' || !state.asked.includes(lost) || last) return accept([fact], [alarm])
  const next = askReviewers(state, state.level + 1, facts)
  return accept([fact, ...next.events], [alarm, ...next.effects])
}

/** Is there a later quarter of this contractor? Then that one is the place to act. */
export const laterQuarter = (state: Pick<ContractorState, 'contractor' | 'quarter'>, facts: Facts): FoundRow | null => {
  const rows = facts.read({ name: 'contractor', key: state.contractor })
  return rows.find(({ note }) => (JSON.parse(note) as { quarter: string }).quarter > state.quarter) ?? null
}

/** How long the reason that was asked for is waited for. */
const wordsLife = 10 * 60_000

type Review = Extract<ContractorCommand, { type: 'review' }>

/** 解除暂停: the safety director, or the principal, lets the contractor in again, with a reason. */
export const review = (state: ContractorState, command: Review, facts: Facts): ContractorDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { contractor } = state
  if (!mayReview(state, by.id, facts.plant)) return refuse('not-the-reviewer', { contractor })
  if (state.status === 'superseded' || laterQuarter(state, facts)) return refuse('later-quarter', { contractor })
  if (state.status !== 'suspended') return refuse('not-suspended', { contractor })
  const reason = command.reason.trim()
  if (reason === '') return ask('review', 'review-reason', { facts, within: wordsLife, values: { contractor } })
  return accept(
    [{ type: 'reviewed', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    [stop('review'), forget('review'), ...leadsOf(contractor, facts.plant).map((id) => inform(toPerson(id)))],
    'reviewed',
    { contractor },
  )
}
