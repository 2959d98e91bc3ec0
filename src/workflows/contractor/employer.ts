import type { Plant } from '../workflow.ts'

/** Roles that only the plant's own people hold; whoever employs them runs the plant. */
const ownRoles = ['principal', 'productionDirector', 'safetyDirector', 'deptHead'] as const

/** Companies that run the plant themselves. Empty while nobody is known to: then nobody is taken for a contractor. */
const employers = (plant: Plant): ReadonlySet<string> =>
  new Set(ownRoles.flatMap((role) => plant.holders(role, plant.site)).flatMap((id) => plant.persons.get(id)?.company || []))

/** The contractor company that a person works for; null for the plant's own people and for those of whom nothing is known. */
export const contractorOf = (person: string | null, plant: Plant): string | null => {
  const company = plant.persons.get(person ?? '')?.company ?? ''
  const own = employers(plant)
  return company === '' || own.size === 0 || own.has(company) ? null : company
}
