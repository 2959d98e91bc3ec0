import { hmacSha256 } from '../../lib/crypto.ts'
import type { Rung } from '../../rules/sla.ts'
import type { Facts, Plant, Reader } from '../workflow.ts'
import type { HazardState } from './hazard.ts'

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

/** May the person decide about an unanswered report? Those called for it, the lead of its team, and the safety officers. */
export const mayTriage = (state: HazardState, person: string, plant: Plant): boolean =>
  wasCalled(state, person) ||
  (state.team !== '' && plant.holders('teamLead', state.team).includes(person)) ||
  isOfficer(plant, person)

export const isReporter = (state: HazardState, reader: Reader): boolean =>
  (reader.person !== null && reader.person === state.reporter.person) ||
  (reader.account !== null &&
    reader.account.connection === state.reporter.account.connection &&
    reader.account.account === state.reporter.account.account)

/** A rejected report may be brought back by its reporter once. */
export const isAppeal = (state: HazardState, reader: Reader, plant: Plant): boolean =>
  state.status === 'rejected' && isReporter(state, reader) && !(reader.person !== null && isOfficer(plant, reader.person))

/** May the person bring an ended case back? Safety officers always; its reporter too, a rejected one once. */
export const mayReopen = (state: HazardState, reader: Reader, plant: Plant): boolean => {
  if (reader.person !== null && isOfficer(plant, reader.person)) return true
  return isReporter(state, reader) && !(state.status === 'rejected' && state.appealed)
}

/** Officers who may verify: certified, of another team than the owner, neither owner nor reporter, reachable, not drawn before for this submission. */
export const verifierPool = (state: HazardState, plant: Plant): readonly string[] => {
  const ownersTeam = state.owner ? plant.persons.get(state.owner)?.team : undefined
  const reporter = state.reporter.person ?? plant.personOf(state.reporter.account)
  return plant.holders('safetyOfficer', plant.site).filter((id) => {
    const officer = plant.persons.get(id)
    if (!officer?.active || !plant.reachable(id)) return false
    return (
      id !== state.owner &&
      id !== reporter &&
      officer.team !== ownersTeam &&
      !state.drawn.includes(id) &&
      !state.unreached.includes(id)
    )
  })
}

/** A draw that an auditor can repeat: the same case, submission and pool give the same officer. */
export const draw = (pool: readonly string[], seed: string): string | null => {
  if (pool.length === 0) return null
  const number = Number.parseInt(hmacSha256('hazard.verifier', seed).slice(0, 12), 16)
  return pool[number % pool.length] ?? null
}

/** People who should know that something about this case went wrong. */
export const operators = (facts: Facts): readonly string[] => facts.plant.holders('administrator', facts.plant.site)
