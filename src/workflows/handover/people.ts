import type { Plant } from '../workflow.ts'

/** Leads of any team who can be reached, but for the outgoing one; those of the same team first. They are who can take over. */
export const successors = (team: string, outgoing: string, plant: Plant): readonly string[] => {
  const teams = [...new Set([...plant.persons.values()].map((one) => one.team))].filter((name) => name !== '' && name !== team)
  const leads = [team, ...teams].flatMap((name) => plant.holders('teamLead', name))
  return [...new Set(leads)].filter((id) => id !== outgoing && plant.persons.get(id)?.active === true && plant.reachable(id))
}

/** The successor that an id or a name means; null when it means nobody or several. */
export const successorNamed = (words: string, among: readonly string[], plant: Plant): string | null => {
  if (among.includes(words)) return words
  const named = among.filter((id) => plant.persons.get(id)?.name === words)
  return named.length === 1 ? (named[0] ?? null) : null
}
