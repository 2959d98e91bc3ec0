import { createRequire } from 'node:module'
import sharp from 'sharp'
import { inZone } from '../lib/clock.ts'
import { clip } from '../lib/text.ts'
import type { Position } from './exif.ts'

/** What the strip under a photo says. All of it comes from the server; null means unknown, and is said so. */
export type About = {
  /** The case, e.g. `YH-SH01-20261122-0042-K`; null before there is one. */
  readonly code: string | null
  /** When the server received the photo; never the device's time. */
  readonly at: Date
  /** IANA name of the site's zone. */
  readonly timeZone: string
  /** Where the person's device says it was taken, or null. Without it the photo's own position is shown, and named as such. */
  readonly position: Position | null
  readonly area: string | null
  /** Null hides the line. */
  readonly person: string | null
  /** A copy for verifiers: nothing but when it was received; no case, place or person, whatever else is given and whatever the camera wrote. */
  readonly blind?: boolean
}

/** White on dark: how much of each pixel is ink, 0 to 255. */
export type Ink = { readonly data: Uint8Array; readonly width: number; readonly height: number }

const datums: Readonly<Record<Position['datum'], string>> = { wgs84: 'WGS-84', gcj02: 'GCJ-02', bd09: 'BD-09' }

/**
 * Two rows of fields: what, where and who; when and at which coordinates. The time has a row of its own making, so that no name, however long
 * or cunning, can stand in its place. `own` is the position from the photo itself. Throws RangeError for an unknown zone or a broken instant.
 */
export const rowsOf = (about: About, own: Position | null): readonly (readonly string[])[] =>
  about.blind ? [['盲评副本', '人员与位置已隐去'], [`服务器时间 ${timeOf(about.at, about.timeZone)}`]] : openRows(about, own)

const openRows = (about: About, own: Position | null): readonly (readonly string[])[] => [
  [
    clip(about.code ?? '未编号', 30),
    `区域 ${clip(about.area ?? '未知', 24)}`,
    ...(about.person === null ? [] : [`人员 ${clip(about.person, 20)}`]),
  ],
  [
    `服务器时间 ${timeOf(about.at, about.timeZone)}`,
    ...(about.position ? [place(about.position)] : own ? [place(own), '（照片自带位置）'] : ['位置未知']),
  ],
]

const place = ({ lat, lng, datum, accuracyMetres }: Position): string => {
  const where = `${Math.abs(lat).toFixed(5)}°${lat < 0 ? 'S' : 'N'} ${Math.abs(lng).toFixed(5)}°${lng < 0 ? 'W' : 'E'}`
  return `位置 ${where} ${accuracyMetres === null ? '精度未知' : `±${Math.ceil(accuracyMetres)}m`} ${datums[datum]}`
}

const timeOf = (at: Date, timeZone: string): string => {
  const { date, time } = inZone(at, timeZone)
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') ?? ''
  return `${date} ${time} UTC${offset}`
}

/** Lines break between fields only; a field longer than a line is cut at the edge. Pango's markup in the words of others is disarmed. */
const markup = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((field) => `<span allow_breaks="false">${escaped(plain(field))}</span>`).join('\u2003 ')).join('\n')

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** One line without control, format and unassigned characters; combining marks are kept, runs of them are not. */
const plain = (field: string): string =>
  field
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim()

/** The font is a dependency, so that a machine without any fonts draws Chinese. A character it lacks is drawn as its code in a frame, or by a font of the machine. */
const fontfile = createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')

/** Drawn strips by what they say; photos sent together say the same. */
const drawn = new Map<string, Ink>()
const mostDrawn = 16

/** Draws rows of fields into lines of some `width` pixels, in letters `size` pixels high. */
export const draw = async (rows: readonly (readonly string[])[], width: number, size: number): Promise<Ink> => {
  const text = markup(rows)
  const key = `${width} ${size} ${text}`
  const known = drawn.get(key)
  if (known) return known
  const { data, info } = await sharp({
    text: { text, font: `Noto Sans SC ${size}`, fontfile, width, wrap: 'word-char', dpi: 72 },
  })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const ink = { data, width: info.width, height: info.height }
  for (const oldest of [...drawn.keys()].slice(0, Math.max(0, drawn.size + 1 - mostDrawn))) drawn.delete(oldest)
  drawn.set(key, ink)
  return ink
}
