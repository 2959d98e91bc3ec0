import { type ChatPlatform, DeliveryError, type FileRef } from '../bots/platform.ts'
import { hazardText } from '../cards/text/hazard.ts'
import { fill } from '../cards/words.ts'
import type { BlobStore } from '../evidence/blobs.ts'
import type { Position } from '../evidence/exif.ts'
import type { Intake } from '../evidence/intake.ts'
import type { About } from '../evidence/strip.ts'
import type { Clock } from '../lib/clock.ts'
import type { LoadedPlant } from '../people/plant.ts'
import type { HazardState, PhotoFacts } from '../workflows/hazard/hazard.ts'
import type { Arrival } from './arrival.ts'
import type { Drawable } from './draw.ts'

/** Photos larger than this are not taken; every platform's own limit is lower. */
const largest = 20 * 1024 * 1024

export type PhotoPayload = {
  readonly site: string
  readonly subject: string
  readonly file: string
  readonly kind: FileRef['kind']
  readonly connection: string
  readonly ref: Readonly<Record<string, string>>
  readonly name: string | null
}

export type PhotoTools = {
  readonly clock: Clock
  readonly platforms: ReadonlyMap<string, ChatPlatform>
  readonly blobs: BlobStore
  readonly develop: (bytes: Uint8Array, about: About) => Promise<Intake>
  readonly subjectOf: (id: string, atLeast?: number) => Promise<Drawable | null>
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  readonly decide: (arrival: Arrival) => Promise<{ readonly kind: string }>
}

const decideOnce = async (
  payload: PhotoPayload,
  command: { type: string } & Record<string, unknown>,
  tools: PhotoTools,
): Promise<void> => {
  const outcome = await tools.decide({
    source: 'system',
    site: payload.site,
    key: `photo:${payload.file}`,
    subject: payload.subject,
    workflow: 'hazard',
    command,
  })
  if (outcome.kind === 'busy' || outcome.kind === 'undecided')
    throw new Error(`the photo's result could not be recorded: ${outcome.kind}`)
}

const fetchBytes = async (payload: PhotoPayload, tools: PhotoTools): Promise<Uint8Array | 'too-large' | 'unavailable'> => {
  const platform = tools.platforms.get(payload.connection)
  if (!platform) return 'unavailable'
  try {
    return await platform.fetchFile({ kind: payload.kind, ref: payload.ref, name: payload.name }, largest)
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.kind !== 'permanent') throw error
    return error.because === 'too-large' ? 'too-large' : 'unavailable'
  }
}

/** Who took the photo: a person of ours by id, else the reporter as the chat names them, marked as nobody we know. */
const nameOf = (by: string, state: HazardState, plant: LoadedPlant['plant']): string =>
  by === '' ? fill(hazardText.unlinked, { name: state.reporter.name }) : (plant.persons.get(by)?.name ?? by)

const wordsFor = async (payload: PhotoPayload, tools: PhotoTools): Promise<About | null> => {
  const on = await tools.subjectOf(payload.subject)
  if (!on?.state) return null
  const state = on.state as HazardState
  const { plant } = await tools.plantOf(on.site)
  const file = state.files.find(({ id }) => id === payload.file)
  const area = plant.areas.find(({ id }) => id === (state.area ?? state.suggestion.area))?.name ?? null
  const person = file ? nameOf(file.by, state, plant) : null
  const sent = state.place
  const position: Position | null = sent
    ? { lat: sent.lat, lng: sent.lng, datum: sent.datum === 'wgs84' ? 'wgs84' : 'gcj02', accuracyMetres: null }
    : null
  return { code: state.code, at: new Date(file?.at ?? tools.clock.now()), timeZone: plant.timeZone, position, area, person }
}

/** Keeps a voice or document as it came; only pictures are developed. */
const keepOnly = async (bytes: Uint8Array, payload: PhotoPayload, tools: PhotoTools): Promise<void> => {
  const { key } = await tools.blobs.put(bytes, 'application/octet-stream')
  await decideOnce(payload, { type: 'refusePhoto', file: payload.file, because: 'not-a-photo', original: key }, tools)
}

const exifFacts = (exif: Extract<Intake, { kind: 'photo' }>['exif']): PhotoFacts => ({
  takenAt: exif.taken?.local ?? null,
  lat: exif.position?.lat ?? null,
  lng: exif.position?.lng ?? null,
  datum: exif.position ? 'WGS-84' : null,
})

/** Fetches a file that somebody sent, keeps the original, develops it, and tells the case. The original is stored before anything is decided. */
export const runPhotoJob = async (payload: PhotoPayload, tools: PhotoTools): Promise<void> => {
  const words = await wordsFor(payload, tools)
  if (!words) return
  const bytes = await fetchBytes(payload, tools)
  if (typeof bytes === 'string')
    return decideOnce(payload, { type: 'refusePhoto', file: payload.file, because: bytes, original: null }, tools)
  if (payload.kind !== 'photo' && payload.kind !== 'file') return keepOnly(bytes, payload, tools)
  const original = await tools.blobs.put(bytes, 'application/octet-stream')
  const intake = await tools.develop(bytes, words)
  if (intake.kind === 'refused')
    return decideOnce(
      payload,
      { type: 'refusePhoto', file: payload.file, because: intake.because, original: original.key },
      tools,
    )
  const watermarked = await tools.blobs.put(intake.watermarked, 'image/jpeg')
  const thumbnail = await tools.blobs.put(intake.thumbnail, 'image/jpeg')
  await decideOnce(
    payload,
    {
      type: 'storePhoto',
      file: payload.file,
      original: original.key,
      watermarked: watermarked.key,
      thumbnail: thumbnail.key,
      exif: exifFacts(intake.exif),
    },
    tools,
  )
}

/** The platform never gave the file: said in the chat, never in silence. */
export const giveUpPhoto = (payload: PhotoPayload, tools: PhotoTools): Promise<void> =>
  decideOnce(payload, { type: 'refusePhoto', file: payload.file, because: 'unavailable', original: null }, tools)
