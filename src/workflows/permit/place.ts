import { areaIn } from '../areas.ts'
import type { Plant } from '../workflow.ts'
import type { WorkPlace } from './permit.ts'

const number = (text: string | undefined, least: number, most: number): number | null | undefined => {
  if (text === undefined || text.trim() === '') return undefined
  const value = Number(text.trim())
  return Number.isFinite(value) && value >= least && value <= most ? value : null
}
const words = (text: string | undefined): string | undefined => (text?.trim() ? text.trim().slice(0, 60) : undefined)
const yes = new Set(['yes', 'true', '是', '室外', '1'])

/** Where the work is, with what a form changes of it. Without a position of its own it is the middle of its area. `wrong` for an area or numbers that are none. */
export const placeOf = (
  form: Readonly<Record<string, string>>,
  before: WorkPlace | null,
  plant: Plant,
): WorkPlace | null | 'wrong' => {
  const named = form.area?.trim()
    ? (plant.areas.find(({ id }) => id === form.area)?.id ?? areaIn(form.area, plant))
    : (before?.area ?? null)
  const [lat, lng, level] = [number(form.lat, -90, 90), number(form.lng, -180, 180), number(form.level, -100, 500)]
  if ((form.area?.trim() && named === null) || lat === null || lng === null || level === null) return 'wrong'
  const area = plant.areas.find(({ id }) => id === named)
  if (!area) return before
  const middle = before?.area === area.id ? before : { lat: area.center?.lat ?? Number.NaN, lng: area.center?.lng ?? Number.NaN }
  return {
    area: area.id,
    point: words(form.point) ?? (before?.area === area.id ? before.point : area.name),
    lat: lat ?? middle.lat,
    lng: lng ?? middle.lng,
    level: level ?? before?.level ?? 0,
    line: words(form.line) ?? before?.line ?? null,
    space: words(form.space) ?? before?.space ?? null,
    outdoors: form.outdoors?.trim() ? yes.has(form.outdoors.trim()) : (before?.outdoors ?? true),
  }
}
