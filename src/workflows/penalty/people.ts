import { penaltyRules } from '../../rules/penalties.ts'
import { leadsOf } from '../contractor/asking.ts'
import type { Plant, Reader } from '../workflow.ts'
import { rulesOf } from './edition.ts'
import type { Holder, PenaltyState, Question } from './penalty.ts'

/** People who answer for a holder and may appeal: the person, the lead of the team, the leads of the contractor's teams. */
export const speakersOf = ({ kind, id }: Holder, plant: Plant): readonly string[] => {
  if (kind === 'person') return [id]
  if (kind === 'team') return plant.holders('teamLead', id)
  return leadsOf(id, plant)
}

/** How a holder is called; null for one whom the plant does not know, or who has left. */
export const nameOf = ({ kind, id }: Holder, plant: Plant): string | null => {
  if (kind === 'person') return plant.persons.get(id)?.active === true ? (plant.persons.get(id)?.name ?? null) : null
  const known = [...plant.persons.values()].some((one) => one.active && (kind === 'team' ? one.team : one.company) === id)
  return known && id !== '' ? id : null
}

export const isConcerned = (state: Pick<PenaltyState, 'holder'>, person: string, plant: Plant): boolean =>
  speakersOf(state.holder, plant).includes(person)

const belongsToHolder = ({ holder }: Pick<PenaltyState, 'holder'>, person: string, plant: Plant): boolean => {
  const one = plant.persons.get(person)
  return holder.kind === 'person' ? holder.id === person : (holder.kind === 'team' ? one?.team : one?.company) === holder.id
}

/** Roles of those who may decide a question about this card, in the order in which they are asked. */
export const rolesFor = (question: Question, state: Pick<PenaltyState, 'colour' | 'rules'>): readonly string[] => {
  const { confirmers, reviewers, freezers, followUps } = rulesOf(state)
  if (question === 'confirm') return confirmers[state.colour]
  if (question === 'review') return reviewers
  return question === 'freeze' ? freezers : followUps[question].by
}

/** Everybody who has had a hand in this card. */
const handsIn = (state: PenaltyState): readonly string[] =>
  [
    state.proposer?.by,
    state.confirmer?.by,
    state.appeal?.by,
    state.verdict?.by,
    state.freezer?.by,
    state.held?.talk?.by,
    state.held?.training?.by,
  ].filter((id): id is string => id !== undefined)

export const isAdministrator = (person: string, plant: Plant): boolean =>
  plant.holders('administrator', plant.site).includes(person)

/** Nobody decides about their own card, twice about the same card, or beside the administration of the system. */
export const isSeparate = (state: PenaltyState, person: string, plant: Plant): boolean =>
  !handsIn(state).includes(person) && !belongsToHolder(state, person, plant) && !isAdministrator(person, plant)

/** The same for one question: talk and training decide nothing, so whoever had a hand in the card may hold them, its holder never. */
export const isSeparateFor = (question: Question, state: PenaltyState, person: string, plant: Plant): boolean =>
  question === 'talk' || question === 'training'
    ? !belongsToHolder(state, person, plant) && !isAdministrator(person, plant)
    : isSeparate(state, person, plant)

const isActive = (person: string, plant: Plant): boolean => plant.persons.get(person)?.active === true

/** Those of one role who may decide it. */
export const decidersIn = (question: Question, role: string, state: PenaltyState, plant: Plant): readonly string[] =>
  plant.holders(role, plant.site).filter((id) => isActive(id, plant) && isSeparateFor(question, state, id, plant))

export const holdsRoleFor = (question: Question, state: PenaltyState, person: string, plant: Plant): boolean =>
  isActive(person, plant) && rolesFor(question, state).some((role) => plant.holders(role, plant.site).includes(person))

export const mayPropose = (person: string, plant: Plant): boolean =>
  !isAdministrator(person, plant) && penaltyRules.proposers.some((role) => plant.holders(role, plant.site).includes(person))

/** Who hears of a card besides its holder: the line. */
export const lineOf = (state: PenaltyState, plant: Plant): readonly string[] => {
  const roles = state.colour === 'red' ? ['productionDirector'] : ['deptHead']
  const leads = state.team === '' ? [] : plant.holders('teamLead', state.team)
  const told = [...leads, ...roles.flatMap((role) => plant.holders(role, plant.site))]
  return [...new Set(told)].filter((id) => isActive(id, plant) && !isConcerned(state, id, plant))
}

/** Its holder, whoever had a hand in it or was asked, and the line; a proposal not its holder yet. */
export const maySeePenalty = (state: PenaltyState, { person }: Reader, plant: Plant): boolean => {
  if (person === null) return false
  if (handsIn(state).includes(person) || Object.values(state.asked).some(({ persons }) => persons.includes(person))) return true
  if (isConcerned(state, person, plant)) return state.issuedAt !== null
  const roles = [
    ...rolesFor('confirm', state),
    ...rolesFor('review', state),
    ...(state.freeze === 'none' ? [] : rolesFor('freeze', state)),
  ]
  if (roles.some((role) => plant.holders(role, plant.site).includes(person))) return true
  return state.issuedAt !== null && state.team !== '' && plant.holders('teamLead', state.team).includes(person)
}
