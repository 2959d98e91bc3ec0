import { hazardText } from '../cards/text/hazard.ts'
import { fill } from '../cards/words.ts'
import { type Fields, fieldsOf } from '../lib/json.ts'
import { excerpt } from '../lib/text.ts'

/** Where a value stands in the body: a JSON pointer (RFC 6901), such as `/camera/id` or `/targets/0/label`. */
export type Pointer = string

/** How the bodies of one source are read. Every field but the device and the words may be left out. */
export type AlarmMapping = {
  /** Shown where the card of a person's report names the person. */
  readonly name: string
  readonly device: Pointer
  /** Joined in this order. */
  readonly text: readonly Pointer[]
  readonly area?: Pointer | undefined
  /** What the source calls an area, and the id, name or alias by which the plant knows it. */
  readonly areas: Readonly<Record<string, string>>
  readonly defaultArea?: string | undefined
  readonly equipment?: Pointer | undefined
  /** What the source says and the colour it forces; `otherwise` for whatever else it says. Without a colour the words suggest one. */
  readonly colour?:
    | { readonly from: Pointer; readonly to: Readonly<Record<string, string>>; readonly otherwise?: string | undefined }
    | undefined
  /** A JPEG in base64; an address is never fetched. */
  readonly photo?: Pointer | undefined
}

/** An alarm in our words. An empty text stands for what the source did not say. */
export type Alarm = {
  readonly device: string
  readonly name: string
  readonly text: string
  readonly area: string
  readonly defaultArea: string
  readonly colour: string
  readonly photo: Uint8Array | null
  /** The source sent something as a photo that is not taken; the alarm stands without it. */
  readonly photoRefused: boolean
}

/** An alarm without its photo, in bytes. */
export const largestAlarm = 64 * 1024
/** A photo of an alarm, in bytes. */
export const largestPhoto = 300_000
const longestPhotoText = Math.ceil(largestPhoto / 3) * 4 + 'data:image/jpeg;base64,'.length
const longestWord = 100
const longestText = 1_000

/** The most bytes that a body of this source may have. */
export const largestBody = ({ photo }: Pick<AlarmMapping, 'photo'>): number =>
  photo === undefined ? largestAlarm : largestAlarm + longestPhotoText

const index = /^(?:0|[1-9]\d{0,5})$/

const childOf = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return index.test(name) ? value[Number(name)] : undefined
  const fields = fieldsOf(value)
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** The value that a pointer leads to, or undefined. Own fields alone count, whatever the body calls them. */
export const valueAt = (body: unknown, pointer: Pointer): unknown => {
  let value = body
  for (const part of pointer.split('/').slice(1)) value = childOf(value, part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return value
}

const said = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))

/** The value as words of one line; empty when there is none. */
const wordAt = (body: Fields, pointer: Pointer | undefined, longest = longestWord): string => {
  const value = pointer === undefined ? undefined : valueAt(body, pointer)
  return said(value)
    ? excerpt(String(value), longest)
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .trim()
    : ''
}

const colourOf = (body: Fields, { colour }: AlarmMapping): string => {
  const word = wordAt(body, colour?.from)
  if (!colour) return ''
  return (Object.hasOwn(colour.to, word) ? colour.to[word] : colour.otherwise) ?? ''
}

const areaOf = (body: Fields, { area, areas }: AlarmMapping): string => {
  const word = wordAt(body, area)
  return (Object.hasOwn(areas, word) ? areas[word] : undefined) ?? word
}

const textOf = (body: Fields, mapping: AlarmMapping): string => {
  const words = mapping.text.map((pointer) => wordAt(body, pointer, longestText)).filter((word) => word !== '')
  const equipment = wordAt(body, mapping.equipment)
  const lines = [excerpt(words.join(' '), longestText), equipment === '' ? '' : fill(hazardText.equipment, { equipment })]
  return lines.filter((line) => line !== '').join('\n')
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/** The bytes of a JPEG in base64, with or without the head of a data URL; null for everything else, an address included. */
const jpegOf = (value: unknown): Uint8Array | null => {
  if (typeof value !== 'string' || value.length > longestPhotoText) return null
  const text = value.replace(/^data:image\/jpeg;base64,/, '')
  if (text.length % 4 !== 0 || !base64.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.byteLength <= largestPhoto && bytes.subarray(0, 3).toString('hex') === 'ffd8ff' ? bytes : null
}

/** The characters of the photo in this body, which do not count against the size of the alarm. */
export const photoLength = (body: Fields, { photo }: AlarmMapping): number => {
  const value = photo === undefined ? undefined : valueAt(body, photo)
  return typeof value === 'string' ? value.length : 0
}

/**
 * What an authentic body says. Null when it names neither a device nor any words: then the mapping belongs to something else. Otherwise nothing that is
 * missing loses the alarm: a source that stops telling the device is one device, and one without words is called by its name.
 */
export const readAlarm = (body: Fields, mapping: AlarmMapping): Alarm | null => {
  const device = wordAt(body, mapping.device)
  const text = textOf(body, mapping)
  if (device === '' && text === '') return null
  const sent = mapping.photo === undefined ? undefined : (valueAt(body, mapping.photo) ?? undefined)
  const photo = jpegOf(sent)
  return {
    device,
    name: device === '' ? mapping.name : `${mapping.name} ${device}`,
    text: text === '' ? mapping.name : text,
    area: areaOf(body, mapping),
    defaultArea: mapping.defaultArea ?? '',
    colour: colourOf(body, mapping),
    photo,
    photoRefused: sent !== undefined && photo === null,
  }
}
