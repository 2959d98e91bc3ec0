/** What a person sends that is not words: a photo of the demo or of your own, a voice message, a file, a place. */
import type { Context } from 'hono'
import { z } from 'zod'
import type { Camera } from './camera.ts'
import { vendorName } from './connections.ts'
import type { SentFile, VendorName } from './contract.ts'
import { readBody } from './control-body.ts'
import { findArea, type Plant } from './plant.ts'
import { Refused } from './refused.ts'
import { looksLike, sampleNames, silence } from './samples.ts'

const point = z.strictObject({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  label: z.string().max(200).default(''),
})

const sending = z.strictObject({
  kind: z.enum(['photo', 'voice', 'location', 'file']),
  sample: z.string().max(100).optional(),
  base64: z
    .string()
    .max(28 * 1024 * 1024)
    .optional(),
  /** An area's id, name or alias, or a point. */
  place: z.union([z.string().max(100), point]).optional(),
  name: z.string().min(1).max(200).optional(),
  text: z.string().max(20_000).default(''),
  conversation: z.string().min(1).max(200).optional(),
  platform: vendorName.optional(),
})
type Sending = z.infer<typeof sending>

export type ReadSending = Omit<SentFile, 'account' | 'group'> & {
  readonly conversation: string | undefined
  readonly platform: VendorName | undefined
}

const defaultNames: Readonly<Record<Sending['kind'], string>> = {
  photo: 'photo.jpg',
  voice: 'voice.amr',
  file: 'file.bin',
  location: 'location',
}

const fromSample = async (name: string, camera: Camera): Promise<Uint8Array> => {
  const bytes = await camera.takes(name)
  if (!bytes) throw new Refused(404, 'unknown-sample', `demo/photos has no "${name}"; it has ${sampleNames().join(', ')}.`)
  return bytes
}

const fromBase64 = (text: string): Uint8Array => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 === 1)
    throw new Refused(400, 'bad-base64', 'base64 takes the standard alphabet, without spaces.')
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

const bytesOf = async ({ kind, sample, base64 }: Sending, camera: Camera): Promise<Uint8Array> => {
  if (kind === 'location') return new Uint8Array()
  if (sample !== undefined && base64 !== undefined) throw new Refused(400, 'bad-body', 'Give sample or base64, not both.')
  if (sample !== undefined) return fromSample(sample, camera)
  if (base64 !== undefined) return fromBase64(base64)
  if (kind === 'voice') return silence()
  throw new Refused(400, 'bad-body', `A ${kind} needs sample (a file of demo/photos) or base64.`)
}

const placeOf = ({ kind, place }: Sending, plant: Plant): SentFile['place'] => {
  if (place === undefined) {
    if (kind === 'location') throw new Refused(400, 'bad-body', 'A location needs place: an area, or {lat, lng, label}.')
    return null
  }
  if (typeof place !== 'string') return place
  const area = findArea(plant, place)
  if (!area)
    throw new Refused(
      404,
      'unknown-place',
      `There is no area "${place}"; there are ${plant.areas.map(({ name }) => name).join(', ')}.`,
    )
  return { lat: area.center.lat, lng: area.center.lng, label: area.name }
}

/** Throws `Refused` when something is missing, unknown or half. */
export const readSending = async (c: Context, plant: Plant, camera: Camera): Promise<ReadSending> => {
  const body = await readBody(c, sending)
  const bytes = await bytesOf(body, camera)
  return {
    kind: body.kind,
    bytes,
    mime: looksLike(bytes),
    name: body.name ?? body.sample ?? defaultNames[body.kind],
    text: body.text,
    place: placeOf(body, plant),
    conversation: body.conversation,
    platform: body.platform,
  }
}
