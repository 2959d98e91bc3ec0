import { days, later } from '../../lib/clock.ts'
import { canonical, hmacSha256, sha256 } from '../../lib/crypto.ts'
import { pickByWeight } from '../../lib/lots.ts'
import { verifying } from '../../rules/evidence.ts'
import { reachableHolders } from '../pieces.ts'
import { judgedKey } from '../verdict/workflow.ts'
import type { Facts, Plant } from '../workflow.ts'
import type { HazardState } from './hazard.ts'
import { wasCalled } from './people.ts'
import type { Candidate } from './proof.ts'

/** Everybody who has had a hand in the case: who reported, owns or owned it, sent or signed its evidence. */
export const involvedIn = (state: HazardState, plant: Plant): ReadonlySet<string> => {
  const reporter = state.reporter.person ?? plant.personOf(state.reporter.account)
  const senders = state.files.filter(({ stage }) => stage !== 'before').map(({ by }) => by)
  const signers = (state.signed ?? []).map(({ person }) => person)
  const all = [
    reporter,
    state.owner,
    state.previousOwner?.person,
    ...(state.formerOwners ?? []),
    ...senders,
    ...signers,
    ...(state.confirming ?? []),
  ]
  return new Set(all.filter((id): id is string => typeof id === 'string' && id !== ''))
}

/** Does one stand above the other: leads their team, or a part of the plant that holds everybody? */
const leads = (above: string, below: string, plant: Plant): boolean => {
  const team = plant.persons.get(below)?.team ?? ''
  return team !== '' && verifying.line.some((role) => plant.holders(role, team).includes(above))
}
const inLine = (officer: string, owner: string, plant: Plant): boolean =>
  leads(officer, owner, plant) ||
  leads(owner, officer, plant) ||
  verifying.line.some((role) => plant.holders(role, plant.site).includes(officer))

const since = (facts: Facts): string => later(facts.at, -days(verifying.periodDays)).toISOString()

/** Has the person been shown who reported and who rectifies, by a card or by acting in the case? */
const knowsNames = (state: HazardState, id: string): boolean => (state.knows ?? []).includes(id) || wasCalled(state, id)

/** May this person judge the repair at all: no hand in it, of another team and line than the rectifier, reachable, without a declared interest? */
const mayJudge = (state: HazardState, id: string, { plant }: Pick<Facts, 'plant'>): boolean => {
  const { owner } = state
  if (involvedIn(state, plant).has(id)) return false
  const person = plant.persons.get(id)
  if (!person || (owner !== null && person.team === plant.persons.get(owner)?.team)) return false
  return !state.unreached.includes(id) && !(state.conflicts ?? []).includes(id)
}

/** Has the person judged this team as often as is good lately? */
const isUsedToTeam = (id: string, team: string, facts: Facts): boolean =>
  facts.read({ name: 'verified', key: judgedKey(id, team), from: since(facts), most: verifying.mostForOneTeam }).length >=
  verifying.mostForOneTeam

export const teamOf = (state: HazardState, plant: Plant): string => plant.persons.get(state.owner ?? '')?.team ?? ''

/** Whom a draw is among: those to whom the case is new, or, where they are too few for two seats, also those who have been shown it. */
export type Known = 'new' | 'shown'

const isNewTo = (state: HazardState, known: Known) => (id: string) => known === 'shown' || !knowsNames(state, id)

/** The officers who may be drawn for the case, whether or not they were drawn before, sorted by id. */
export const eligibleOfficers = (state: HazardState, facts: Facts, known: Known = 'new'): readonly string[] =>
  reachableHolders(facts.plant, 'safetyOfficer', facts.plant.site)
    .filter((id) => state.owner !== null && mayJudge(state, id, facts))
    .filter((id) => !wasCalled(state, id) && !inLine(id, state.owner ?? '', facts.plant))
    .filter(isNewTo(state, known))
    .filter((id) => !isUsedToTeam(id, teamOf(state, facts.plant), facts))

/** The duty engineers of EHS, of the first role that somebody eligible holds: who stands in where officers are too few to hide among. */
export const eligibleEngineers = (state: HazardState, facts: Facts, known: Known = 'new'): readonly string[] =>
  verifying.engineers
    .map((role) => reachableHolders(facts.plant, role, facts.plant.site).filter((id) => mayJudge(state, id, facts)))
    .map((ids) => ids.filter(isNewTo(state, known)))
    .find(({ length }) => length > 0) ?? []

/** Seats that have to be filled by people to whom the case is new. */
const seatCount = 2

/**
 * Of those who are about to be told of a case, who must be told without names: everybody who could be drawn for it, where too few are left besides. Nobody where
 * enough officers are left; those who are told are then never drawn.
 */
export const toldWithoutNames = (state: HazardState, persons: readonly string[], plant: Plant): readonly string[] => {
  const may = (role: string): readonly string[] =>
    reachableHolders(plant, role, plant.site).filter((id) => mayJudge(state, id, { plant }) && !knowsNames(state, id))
  const officers = may('safetyOfficer').filter((id) => !inLine(id, state.owner ?? '', plant))
  const able = [...new Set([...officers, ...verifying.engineers.flatMap(may)])]
  const left = able.filter((id) => !persons.includes(id) && !(state.nameless ?? []).includes(id))
  return left.length >= seatCount ? [] : able.filter((id) => persons.includes(id))
}

/** Candidates with the verdicts that were asked of them lately. */
export const withLoads = (ids: readonly string[], facts: Facts): readonly Candidate[] =>
  ids.map((id) => [id, facts.read({ name: 'verdicts', key: id, from: since(facts), most: mostLoad }).length])

const mostLoad = 100

/** Inverse to the recent load, in whole numbers: whoever was asked nothing weighs twice as much as whoever was asked once. */
const weightOf = (load: number): number => Math.floor(1_000_000 / (1 + load))

export const hashOfPool = (pool: readonly Candidate[]): string => sha256(canonical(pool))

/** What the lot of a draw is drawn under: the how-manieth draw of the case, the seat, the pool. */
export const drawLabel = (draws: number, seat: string, poolHash: string): string => `verifier\n${draws}\n${seat}\n${poolHash}`

/** Who a lot falls on. The same pool and lot give the same person for ever. */
export const fallsOn = (pool: readonly Candidate[], number: string): string | null =>
  pickByWeight(
    pool.map(([item, load]) => ({ item, weight: weightOf(load) })),
    number,
  )

/** Who the draws of the first release fell on, from the seed that stands in their event. */
export const firstFallsOn = (pool: readonly string[], seed: string): string | null => {
  if (pool.length === 0) return null
  const number = Number.parseInt(hmacSha256('hazard.verifier', seed).slice(0, 12), 16)
  return pool[number % pool.length] ?? null
}
