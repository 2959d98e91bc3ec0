import { isPlaced } from '../../rules/permits/places.ts'
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

/** Where the work is, with what a form changes of it. Without a position of its own it is the middle of its area. `wrong` for an area or numbers that are none, and for an area that nobody has measured. */
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
  // A pack that asks whether the work is in the open has asked already.
  const said = form.outdoors?.trim() || form.q_outdoors?.trim() || ''
  const middle = before?.area === area.id ? before : area.center
  const spot = { lat: lat ?? middle?.lat ?? Number.NaN, lng: lng ?? middle?.lng ?? Number.NaN }
  if (!isPlaced(spot)) return 'wrong'
  return {
    area: area.id,
    point: words(form.point) ?? (before?.area === area.id ? before.point : area.name),
    ...spot,
    level: level ?? before?.level ?? 0,
    line: words(form.line) ?? before?.line ?? null,
    space: words(form.space) ?? before?.space ?? null,
    outdoors: said === '' ? (before?.outdoors ?? true) : yes.has(said),
  }
}
