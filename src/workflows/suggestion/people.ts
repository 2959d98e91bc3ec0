import { editionOf } from '../../rules/edition.ts'
import { type SuggestionRule, suggestionEditions } from '../../rules/suggestion.ts'
import { reachableHolders } from '../pieces.ts'
import type { Plant } from '../workflow.ts'
import type { SuggestionState } from './suggestion.ts'

/** The edition under which it was made. */
export const ruleOf = ({ rule }: Pick<SuggestionState, 'rule'>): SuggestionRule => editionOf(suggestionEditions, rule)

type About = Pick<SuggestionState, 'suggester' | 'team'>

/** The leads of the suggester's team, but for the suggester. */
export const leadsFor = ({ suggester, team }: About, plant: Plant): readonly string[] =>
  team === '' ? [] : reachableHolders(plant, 'teamLead', team).filter((id) => id !== suggester.person)

/** Who decides, and in which role: nobody decides about a suggestion of their own. With nobody there, the first role without persons. */
export const decidersFor = (
  state: Pick<SuggestionState, 'suggester' | 'rule'>,
  plant: Plant,
  without: readonly string[] = [],
): { readonly role: string; readonly persons: readonly string[] } => {
  const { deciders } = ruleOf(state)
  const found = deciders.map((role) => ({
    role,
    persons: reachableHolders(plant, role, plant.site).filter((id) => id !== state.suggester.person && !without.includes(id)),
  }))
  return found.find(({ persons }) => persons.length > 0) ?? { role: deciders[0] ?? '', persons: [] }
}

/** May the person decide: whoever was asked to, and every holder of a deciding role, but never the suggester. */
export const mayDecide = (state: SuggestionState, person: string, plant: Plant): boolean =>
  person !== state.suggester.person &&
  ((state.status === 'forwarded' && state.asked.includes(person)) ||
    ruleOf(state).deciders.some((role) => plant.holders(role, plant.site).includes(person)))

/** Who is likely to implement it, those nearest to it first. */
export const likelyImplementers = (
  { suggester, team, opinion, implementer }: SuggestionState,
  plant: Plant,
): readonly string[] => {
  const leads = team === '' ? [] : plant.holders('teamLead', team)
  const near = [
    implementer,
    opinion?.by,
    ...leads,
    suggester.person,
    ...plant.areas.map(({ owner }) => owner),
    ...plant.membersOf(team),
  ]
  return [...new Set(near)].filter((id): id is string => typeof id === 'string' && plant.persons.has(id) && plant.reachable(id))
}

/** The person that an id or a full name means, if they can be reached; null when it means nobody or several. */
export const implementerNamed = (words: string, plant: Plant): string | null => {
  const byId = plant.persons.get(words)
  const named = byId ? [byId] : [...plant.persons.values()].filter((one) => one.name === words)
  const [only] = named.filter(({ id, active }) => active && plant.reachable(id))
  return named.length === 1 && only ? only.id : null
}
