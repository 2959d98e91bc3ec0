import { type ChatPlatform, DeliveryError, type FileRef } from '../bots/platform.ts'
import type { BlobStore } from '../evidence/blobs.ts'
import type { Intake } from '../evidence/intake.ts'
import type { About } from '../evidence/strip.ts'
import type { Clock } from '../lib/clock.ts'
import type { LoadedPlant } from '../people/plant.ts'
import type { PhotoFacts } from '../workflows/hazard/hazard.ts'
import type { Arrival } from './arrival.ts'
import type { Drawable } from './draw.ts'
import { photoWords } from './photo-words.ts'

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
  /** Whose case it is; a hazard's where it is left out. */
  readonly workflow?: string
  /** Set for a copy that verifiers may see: the original that is in the store already. */
  readonly blindOf?: string
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
    key: payload.blindOf === undefined ? `photo:${payload.file}` : `blind:${payload.subject}:${payload.file}`,
    subject: payload.subject,
    workflow: payload.workflow ?? 'hazard',
    command,
  })
  if (outcome.kind === 'busy' || outcome.kind === 'undecided')
    throw new Error(`the photo's result could not be recorded: ${outcome.kind}`)
}

const fetchBytes = async (payload: PhotoPayload, tools: PhotoTools): Promise<Uint8Array | 'too-large' | 'unavailable'> => {
  // A picture that came with an alarm is in the store already; no platform's connection has a colon in its name.
  if (payload.connection.startsWith('alarm:')) return (await tools.blobs.get(payload.ref.blob ?? '')) ?? 'unavailable'
  const platform = tools.platforms.get(payload.connection)
  if (!platform) return 'unavailable'
  try {
    return await platform.fetchFile({ kind: payload.kind, ref: payload.ref, name: payload.name }, largest)
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.kind !== 'permanent') throw error
    return error.because === 'too-large' ? 'too-large' : 'unavailable'
  }
}

const wordsFor = async (payload: PhotoPayload, tools: PhotoTools): Promise<About | null> => {
  const on = await tools.subjectOf(payload.subject)
  return on && photoWords(on, payload.file, { plant: (await tools.plantOf(on.site)).plant, now: tools.clock.now() })
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
  ...(exif.taken?.offset ? { offset: exif.taken.offset } : {}),
  ...(exif.position?.accuracyMetres ? { accuracyMetres: exif.position.accuracyMetres } : {}),
})

/** Makes the copy of a picture that verifiers may see. What cannot be made is said, so that nobody waits for it and nothing else is shown instead. */
const blindCopy = async (payload: PhotoPayload, original: string, tools: PhotoTools): Promise<void> => {
  const about = await wordsFor(payload, tools)
  if (!about) return
  const bytes = await tools.blobs.get(original)
  const intake =
    bytes && (await tools.develop(bytes, { ...about, code: null, position: null, area: null, person: null, blind: true }))
  if (intake?.kind !== 'photo') return decideOnce(payload, { type: 'refuseBlind', file: payload.file }, tools)
  const watermarked = await tools.blobs.put(intake.watermarked, 'image/jpeg')
  const thumbnail = await tools.blobs.put(intake.thumbnail, 'image/jpeg')
  await decideOnce(
    payload,
    { type: 'storeBlind', file: payload.file, watermarked: watermarked.key, thumbnail: thumbnail.key },
    tools,
  )
}

/** Fetches a file that somebody sent, keeps the original, develops it, and tells the case. The original is stored before anything is decided. */
export const runPhotoJob = async (payload: PhotoPayload, tools: PhotoTools): Promise<void> => {
  if (payload.blindOf !== undefined) return blindCopy(payload, payload.blindOf, tools)
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
      look: intake.print === null ? null : { likeness: intake.likeness, print: intake.print },
    },
    tools,
  )
}

/** The bytes may have come although what was to be made of them failed: then the case keeps them by name, for whoever asks later. */
const keptOriginal = async (payload: PhotoPayload, tools: PhotoTools): Promise<string | null> => {
  try {
    const bytes = await fetchBytes(payload, tools)
    return typeof bytes === 'string' ? null : (await tools.blobs.put(bytes, 'application/octet-stream')).key
  } catch {
    return null
  }
}

/** The file was never given, or nothing could be made of it: said in the chat, never in silence. */
export const giveUpPhoto = async (payload: PhotoPayload, tools: PhotoTools): Promise<void> => {
  if (payload.blindOf !== undefined) return decideOnce(payload, { type: 'refuseBlind', file: payload.file }, tools)
  const original = await keptOriginal(payload, tools)
  await decideOnce(payload, { type: 'refusePhoto', file: payload.file, because: 'unavailable', original }, tools)
}
