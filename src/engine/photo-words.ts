import { hazardText } from '../cards/text/hazard.ts'
import { fill } from '../cards/words.ts'
import type { Position } from '../evidence/exif.ts'
import type { About } from '../evidence/strip.ts'
import type { HazardState } from '../workflows/hazard/hazard.ts'
import { isDevice } from '../workflows/hazard/people.ts'
import type { PermitState } from '../workflows/permit/permit.ts'
import type { Plant } from '../workflows/workflow.ts'
import type { Drawable } from './draw.ts'

/** What the strip of a picture says of it; `now` where the case does not know when it came. */
type Words = (state: unknown, file: string, about: { readonly plant: Plant; readonly now: Date }) => About

/** Who took the photo: a person of ours by id, a device by the name of its source, else the reporter as the chat names them, marked as nobody we know. */
const nameOf = (by: string, { reporter }: HazardState, plant: Plant): string => {
  if (by !== '') return plant.persons.get(by)?.name ?? by
  return isDevice(reporter) ? reporter.name : fill(hazardText.unlinked, { name: reporter.name })
}

const ofHazard: Words = (given, id, { plant, now }) => {
  const state = given as HazardState
  const file = state.files.find((one) => one.id === id)
  const area = plant.areas.find((one) => one.id === (state.area ?? state.suggestion.area))?.name ?? null
  const person = file ? nameOf(file.by, state, plant) : null
  const sent = state.place
  const position: Position | null = sent
    ? { lat: sent.lat, lng: sent.lng, datum: sent.datum === 'wgs84' ? 'wgs84' : 'gcj02', accuracyMetres: null }
    : null
  return { code: state.code, at: new Date(file?.at ?? now), timeZone: plant.timeZone, position, area, person }
}

/** Where a permit is for says nothing of where its photo was taken: only the camera may say that. */
const ofPermit: Words = (given, id, { plant, now }) => {
  const { code, place, photographs = [] } = given as PermitState
  const file = photographs.find((one) => one.file === id)
  const area = plant.areas.find((one) => one.id === place?.area)?.name ?? null
  const person = file ? (plant.persons.get(file.by)?.name ?? file.by) : null
  return { code, at: new Date(file?.at ?? now), timeZone: plant.timeZone, position: null, area, person }
}

/** By workflow: whose cases have photos. */
const words: Readonly<Record<string, Words>> = { hazard: ofHazard, permit: ofPermit }

/** The strip of a photo of a case; null where the case is gone or its workflow takes no photos. */
export const photoWords = (
  on: Drawable | null,
  file: string,
  about: { readonly plant: Plant; readonly now: Date },
): About | null => {
  const worded = on ? words[on.registered.workflow.name] : undefined
  return on?.state && worded ? worded(on.state, file, about) : null
}
