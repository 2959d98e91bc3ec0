import exifr from 'exifr'
import { z } from 'zod'

/** A position as it was claimed, never converted: the coordinate system travels with it. GCJ-02 and BD-09 lie up to some hundred metres beside WGS-84. */
export type Position = {
  readonly lat: number
  readonly lng: number
  readonly datum: 'wgs84' | 'gcj02' | 'bd09'
  /** Radius in metres; null when the source does not say. */
  readonly accuracyMetres: number | null
}

/** What a photo says about itself. A hint, never proof: anybody can write these fields, and chats usually strip them. */
export type PhotoFacts = {
  /** Wall-clock time of the camera, `2026-11-22T15:40:12`, in no particular zone; `offset` such as `+08:00` when the camera wrote one. */
  readonly taken: { readonly local: string; readonly offset: string | null } | null
  readonly position: Position | null
  /** 1 to 8 as in Exif 2.32, 4.6.4 A "Orientation"; null when missing or nonsense. */
  readonly orientation: number | null
}

export const noFacts: PhotoFacts = { taken: null, position: null, orientation: null }

/** A JPEG segment cannot be longer; other containers could, and have no reason to. */
const longestBlock = 65_536

const wanted = {
  ifd0: { pick: ['Orientation'] },
  exif: { pick: ['DateTimeOriginal', 'OffsetTimeOriginal'] },
  gps: {
    pick: [
      'GPSLatitudeRef',
      'GPSLatitude',
      'GPSLongitudeRef',
      'GPSLongitude',
      'GPSStatus',
      'GPSMapDatum',
      'GPSHPositioningError',
    ],
  },
  ifd1: false,
  interop: false,
  makerNote: false,
  userComment: false,
  xmp: false,
  icc: false,
  iptc: false,
  jfif: false,
  mergeOutput: false,
  translateValues: false,
  reviveValues: false,
  sanitize: true,
}

const text = z.string().max(64).optional().catch(undefined)
const degrees = z.array(z.number()).length(3).optional().catch(undefined)

const block = z.object({
  ifd0: z.object({ Orientation: z.number().int().min(1).max(8).optional().catch(undefined) }).catch({}),
  exif: z.object({ DateTimeOriginal: text, OffsetTimeOriginal: text }).catch({}),
  gps: z
    .object({
      GPSLatitudeRef: text,
      GPSLatitude: degrees,
      GPSLongitudeRef: text,
      GPSLongitude: degrees,
      GPSStatus: text,
      GPSMapDatum: text,
      GPSHPositioningError: z.number().positive().max(100_000).optional().catch(undefined),
    })
    .catch({}),
})
type Block = z.infer<typeof block>

/**
 * Reads an Exif block (TIFF header first, with or without the leading `Exif\0\0`), as image libraries cut it out of any container.
 * Never throws: what is missing, out of range or hostile is null.
 */
export const readExif = async (bytes: Uint8Array): Promise<PhotoFacts> => {
  if (bytes.byteLength === 0 || bytes.byteLength > longestBlock) return noFacts
  const start = Buffer.from(bytes.subarray(0, 6)).toString('latin1') === 'Exif\0\0' ? 6 : 0
  try {
    const read: unknown = await exifr.parse(Uint8Array.from(bytes.subarray(start)), wanted)
    const { ifd0, exif, gps } = block.parse(read)
    return { taken: takenAt(exif), position: positionOf(gps), orientation: ifd0.Orientation ?? null }
  } catch {
    return noFacts
  }
}

const takenForm = /^(\d{4}):(0[1-9]|1[0-2]):(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/
const offsetForm = /^[+-](0\d|1[0-4]):[0-5]\d$/

const takenAt = ({ DateTimeOriginal, OffsetTimeOriginal }: Block['exif']): PhotoFacts['taken'] => {
  const found = takenForm.exec(trimmed(DateTimeOriginal))
  if (!found || found[1] === '0000') return null
  const [, year, month, day, hour, minute, second] = found
  const offset = trimmed(OffsetTimeOriginal)
  return { local: `${year}-${month}-${day}T${hour}:${minute}:${second}`, offset: offsetForm.test(offset) ? offset : null }
}

/** Exif coordinates are WGS-84 unless `GPSMapDatum` says otherwise; under any other datum, without a fix (`V`) or at 0°, 0° there is no position. */
const positionOf = (gps: Block['gps']): Position | null => {
  const lat = signed(gps.GPSLatitude, gps.GPSLatitudeRef, { N: 1, S: -1 }, 90)
  const lng = signed(gps.GPSLongitude, gps.GPSLongitudeRef, { E: 1, W: -1 }, 180)
  if (lat === null || lng === null || (lat === 0 && lng === 0)) return null
  if (trimmed(gps.GPSStatus) === 'V' || !['', 'WGS84'].includes(trimmed(gps.GPSMapDatum).toUpperCase().replace(/[-_ ]/g, '')))
    return null
  return { lat, lng, datum: 'wgs84', accuracyMetres: gps.GPSHPositioningError ?? null }
}

const signed = (
  parts: readonly number[] | undefined,
  ref: string | undefined,
  signs: Readonly<Record<string, number>>,
  most: number,
): number | null => {
  const sign = signs[trimmed(ref)]
  const [degree = Number.NaN, minute = Number.NaN, second = Number.NaN] = parts ?? []
  const fits = degree >= 0 && minute >= 0 && minute < 60 && second >= 0 && second < 60
  const value = degree + minute / 60 + second / 3600
  if (sign === undefined || !fits || !(value <= most)) return null
  return Math.round(sign * value * 1e7) / 1e7
}

const trimmed = (value: string | undefined): string => (value ?? '').replaceAll('\0', '').trim()
