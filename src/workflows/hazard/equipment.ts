import { areaIn } from '../areas.ts'
import type { Plant, PlantEquipment } from '../workflow.ts'
import type { HazardState } from './hazard.ts'

/** What a form says for a hazard that is of no piece of equipment. */
export const noEquipment = 'none'

type Placed = PlantEquipment & { readonly area: string }

const all = ({ areas }: Plant): readonly Placed[] =>
  areas.flatMap(({ id: area, equipment = [] }) => equipment.map((one) => ({ ...one, area })))

/** A code as people write it: in any case, with or without its hyphens, and never as part of a longer one. */
const written = (code: string): RegExp => {
  const parts = code
    .normalize('NFKC')
    .split(/[-_\s]+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`(?<![A-Za-z0-9])${parts.join('[-_\\s]?')}(?![A-Za-z0-9])`, 'i')
}

const names = (words: string, { id, name }: PlantEquipment): boolean => words.includes(name) || written(id).test(words)

/**
 * The piece of equipment that the words name, in the area that they name or anywhere: the longest code wins. Null where none is named, or where two places are,
 * because then a person has to say which.
 */
export const equipmentIn = (text: string, area: string | null, plant: Plant): Placed | null => {
  const words = text.normalize('NFKC')
  const found = all(plant)
    .filter((one) => names(words, one))
    .sort((a, b) => b.id.length - a.id.length)
  const [first] = found
  return first && (area === null || first.area === area) ? first : null
}

/** What the words of a report say of its place: an area, and what stands there. A piece of equipment says where it is, so that no area need be named. */
export const placeIn = (
  text: string,
  plant: Plant,
  before: string | null = null,
): { readonly area: string | null; readonly equipment?: string } => {
  const named = areaIn(text, plant) ?? before
  const equipment = equipmentIn(text, named, plant)
  return equipment ? { area: equipment.area, equipment: equipment.id } : { area: named }
}

/** The equipment of an area, for forms. */
export const equipmentOf = (area: string | null, plant: Plant): readonly PlantEquipment[] =>
  plant.areas.find(({ id }) => id === area)?.equipment ?? []

/** The equipment that the case is about: what a person has said, else what the words suggest; null for none. */
export const equipmentNow = ({ equipment, suggestion }: Pick<HazardState, 'equipment' | 'suggestion'>): string | null =>
  equipment === undefined ? (suggestion.equipment ?? null) : equipment

/**
 * What a triage says of it: a code of that area, or none. A form that leaves it out keeps what is known as far as it stands in that area. Undefined for a code that the area
 * does not have.
 */
export const readEquipment = (
  said: string | undefined,
  area: string,
  state: HazardState,
  plant: Plant,
): string | null | undefined => {
  const known = equipmentOf(area, plant)
  const has = (id: string | null): boolean => known.some((one) => one.id === id)
  if (said === noEquipment) return null
  if (said === undefined || said === '') return has(equipmentNow(state)) ? equipmentNow(state) : null
  return has(said) ? said : undefined
}

/** How it is called. */
export const equipmentName = (id: string | null, plant: Plant): string => {
  const found = all(plant).find((one) => one.id === id)
  return found ? `${found.id} ${found.name}` : (id ?? '')
}
