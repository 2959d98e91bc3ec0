import type { Plant } from './workflow.ts'

/** The area whose name or alias stands in the words; the longest match wins, so that 3号泵房 beats 泵房. */
export const areaIn = (text: string, plant: Plant): string | null => {
  const names = plant.areas.flatMap((area) => [area.name, ...area.aliases].map((name) => ({ id: area.id, name })))
  const found = names.filter(({ name }) => name !== '' && text.includes(name)).sort((a, b) => b.name.length - a.name.length)
  return found[0]?.id ?? null
}
