import type { Audience, Plant } from '../workflows/workflow.ts'

/** Audiences that are made of people; a group chat is one address. */
type Crowd = Exclude<Audience, { kind: 'group' }>

/** People whom one row of the outbox stands for: their names are its payload, and one look at the table finds their accounts. */
const mostInCrowd = 500

const everybody = (plant: Plant): readonly string[] => [...plant.persons.keys()]

const areaPeople = (id: string, plant: Plant): readonly string[] => {
  const area = plant.areas.find((one) => one.id === id)
  if (!area) return []
  return [...teamOf(area.team, plant), ...(area.owner === null ? [] : [area.owner])]
}

const teamOf = (team: string, plant: Plant): readonly string[] =>
  [...plant.persons.values()].filter((person) => person.team === team).map(({ id }) => id)

const named = (to: Crowd, plant: Plant): readonly string[] => {
  switch (to.kind) {
    case 'site':
      return everybody(plant)
    case 'team':
      return teamOf(to.team, plant)
    case 'area':
      return areaPeople(to.area, plant)
    case 'role':
      return plant.holders(to.role, to.scope)
    case 'people':
      return to.persons
  }
}

/**
 * The people of an audience, each once, sorted by id. Who has no account that works is left out of information; of what is urgent the case must hear that
 * somebody could not be reached, so there they stay. Pure.
 */
export const audienceOf = (to: Crowd, plant: Plant, urgent: boolean): readonly string[] =>
  [...new Set(named(to, plant))].filter((id) => plant.persons.get(id)?.active === true && (urgent || plant.reachable(id))).sort()

/** The same in lots that one row can hold. */
export const crowdsOf = (to: Crowd, plant: Plant, urgent: boolean): readonly (readonly string[])[] =>
  lotsOf(audienceOf(to, plant, urgent), mostInCrowd)

export const lotsOf = <T>(list: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / most) }, (_, n) => list.slice(n * most, (n + 1) * most))
