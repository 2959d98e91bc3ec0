import sharp, { type Metadata } from 'sharp'

/** An upright picture: sRGB, 8 bits, three channels, rows from the top. */
export type Pixels = { readonly data: Uint8Array; readonly width: number; readonly height: number }

/** Longest side of what is shown, in pixels. */
export const longestSide = 2048

const fitting = { fit: 'inside', withoutEnlargement: true } as const

/** More pixels than this are never decoded. */
export const mostPixels = 60_000_000

export type Header = Pick<Metadata, 'width' | 'height' | 'orientation' | 'space' | 'icc' | 'exif'>

/**
 * What the header says; nothing is decoded, so a header that promises 100 megapixels costs nothing. Throws for a broken header.
 * Of several pages or frames only the first counts.
 */
export const readHeader = (bytes: Uint8Array): Promise<Header> => sharp(bytes, { limitInputPixels: false }).metadata()

/**
 * Decodes, shrinks to `longestSide` and turns upright. Transparency becomes white, CMYK and wide-gamut pictures become sRGB.
 *
 * `failOn: 'error'` refuses truncated and damaged files but lets warnings pass: some cameras write stray bytes or odd profiles around a
 * flawless picture. Throws what sharp throws.
 */
export const decode = async (bytes: Uint8Array, { orientation, space, icc }: Header): Promise<Pixels> => {
  const ignoreIcc = space === 'srgb' && icc !== undefined && isSrgb(icc)
  const input = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true, ignoreIcc })
  const box = { ...fitting, width: longestSide, height: longestSide }
  const turn = turns[orientation ?? 1]
  const upright = turn === undefined ? input.autoOrient().resize(box) : input.resize(box).rotate(turn)
  const { data, info } = await upright
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`three channels were expected, ${info.channels} came`)
  return { data, width: info.width, height: info.height }
}

/** Nearly every phone attaches the profile of sRGB itself; converting 12 megapixels from sRGB to sRGB takes as long as decoding them. */
const isSrgb = (icc: Uint8Array): boolean => {
  const profile = Buffer.from(icc.buffer, icc.byteOffset, icc.byteLength)
  return profile.includes('sRGB') || profile.includes(Buffer.from('sRGB', 'utf16le').swap16())
}

/**
 * Turns by orientation, made after shrinking (before it, a portrait of 12 megapixels takes twice as long). The mirrored ones (2, 4, 5, 7)
 * come from no real camera and take the slow way.
 */
const turns: Readonly<Record<number, number>> = { 1: 0, 3: 180, 6: 90, 8: 270 }

/** JPEG without any metadata. One-pass Huffman tables: a few per cent larger, three times as fast. */
export const encode = ({ data, width, height }: Pixels, quality: number): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, optimiseCoding: false })
    .toBuffer()

/** As `encode`, shrunk into a box. */
export const encodeWithin = (
  { data, width, height }: Pixels,
  box: { width: number; height: number },
  quality: number,
): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ ...fitting, ...box })
    .jpeg({ quality, optimiseCoding: false })
    .toBuffer()
