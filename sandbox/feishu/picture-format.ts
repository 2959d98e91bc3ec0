/** What kind of picture some bytes are, by their first bytes, never by what the sender claims. */
import sharp from 'sharp'

export type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'ico' | 'tiff' | 'heic'

const ascii = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1')
const starts =
  (...prefix: readonly number[]) =>
  (bytes: Uint8Array) =>
    prefix.every((value, index) => bytes[index] === value)

const signatures: readonly (readonly [Format, (bytes: Uint8Array) => boolean])[] = [
  ['jpeg', starts(0xff, 0xd8, 0xff)],
  ['png', starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ['gif', (bytes) => /^GIF8[79]a$/.test(ascii(bytes, 0, 6))],
  ['webp', (bytes) => ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP'],
  ['bmp', (bytes) => ascii(bytes, 0, 2) === 'BM'],
  ['ico', starts(0, 0, 1, 0)],
  ['tiff', (bytes) => ['II*\0', 'MM\0*'].includes(ascii(bytes, 0, 4))],
  ['heic', (bytes) => /^ftyp(?:heic|heix|hevc|mif1|msf1)$/.test(ascii(bytes, 4, 12))],
]

export const formatOf = (bytes: Uint8Array): Format | null => signatures.find(([, matches]) => matches(bytes))?.[0] ?? null

/** Formats whose header the imaging library reads; a broken header there is no picture. */
const measurable: ReadonlySet<Format> = new Set(['jpeg', 'png', 'gif', 'webp', 'tiff'])

export type Size = { readonly width: number; readonly height: number }

/** The size in pixels, `unknown` where the format is not measured, null when the header is broken. */
export const sizeOf = async (bytes: Uint8Array, format: Format): Promise<Size | 'unknown' | null> => {
  if (!measurable.has(format)) return 'unknown'
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata()
    return { width, height }
  } catch {
    return null
  }
}
