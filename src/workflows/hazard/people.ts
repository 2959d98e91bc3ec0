import { type Refusal, refuse } from '../../lib/refusal.ts'
import { gradeClauses } from '../../rules/hazard-grades.ts'
import type { Rung } from '../../rules/sla.ts'
import type { Facts, Plant, PlantPerson, Reader } from '../workflow.ts'
import type { HazardState, Who } from './hazard.ts'

/** The scope at which a role of the ladder is looked up: team leads of the case's team, everybody else of the site. */
const scopeOf = (role: string, state: Pick<HazardState, 'team' | 'site'>): string =>
  role === 'teamLead' ? state.team : state.site

/** Reachable, active holders of a rung; empty when nobody holds the role or nobody who holds it can be reached. */
export const holdersOf = (rung: Rung, state: Pick<HazardState, 'team' | 'site'>, plant: Plant): readonly string[] =>
  plant
    .holders(rung.role, scopeOf(rung.role, state))
    .filter((person) => plant.persons.get(person)?.active === true && plant.reachable(person))

/** Who has been called for this case and may therefore triage, accept or reject it. */
export const wasCalled = (state: HazardState, person: string): boolean =>
  state.called.some((call) => call.persons.includes(person))

const isOfficer = (plant: Plant, person: string): boolean =>
  plant.holders('safetyOfficer', plant.site).includes(person) || plant.holders('safetyDirector', plant.site).includes(person)

/** Administrators give roles and link accounts, and so act in no case and own none. */
export const isAdministrator = (plant: Plant, person: string): boolean =>
  plant.holders('administrator', plant.site).includes(person)

/** Why nobody can give the case to this person; null when they can have it. */
export const notAnOwner = (owner: PlantPerson, { code }: Pick<HazardState, 'code'>, plant: Plant): Refusal | null => {
  if (isAdministrator(plant, owner.id)) return refuse('administrator-owner', { code, name: owner.name }, gradeClauses.duties)
  return plant.reachable(owner.id) ? null : refuse('owner-unreachable', { code, name: owner.name })
}

/** May the person decide about an unanswered report? Those called for it, the lead of its team, and the safety officers. */
export const mayTriage = (state: HazardState, person: string, plant: Plant): boolean =>
  wasCalled(state, person) ||
  (state.team !== '' && plant.holders('teamLead', state.team).includes(person)) ||
  isOfficer(plant, person)

/** Was it raised by a camera or sensor? The names of real connections hold no colon. */
export const isDevice = ({ account }: Pick<Who, 'account'>): boolean => account.connection.startsWith('alarm:')

export const isReporter = (state: HazardState, reader: Reader): boolean =>
  (reader.person !== null && reader.person === state.reporter.person) ||
  (reader.account !== null &&
    reader.account.connection === state.reporter.account.connection &&
    reader.account.account === state.reporter.account.account)

/** A report that ended without anything being rectified for it: judged none, or told with another case. */
export const isTurnedAway = ({ status }: HazardState): boolean => status === 'rejected' || status === 'merged'

/** A rejected report may be brought back by its reporter once. */
export const isAppeal = (state: HazardState, reader: Reader, plant: Plant): boolean =>
  isTurnedAway(state) && isReporter(state, reader) && !(reader.person !== null && isOfficer(plant, reader.person))

/** May the person bring an ended case back? Safety officers always; its reporter too, a rejected one once. */
export const mayReopen = (state: HazardState, reader: Reader, plant: Plant): boolean => {
  if (reader.person !== null && isOfficer(plant, reader.person)) return true
  return isReporter(state, reader) && !(isTurnedAway(state) && state.appealed)
}

/** People who should know that something about this case went wrong. */
export const operators = (facts: Facts): readonly string[] => facts.plant.holders('administrator', facts.plant.site)
