import type { Position } from './exif.ts'
import { encode, encodeWithin, type Pixels } from './pixels.ts'
import { type About, draw, type Ink, rowsOf } from './strip.ts'

/** A narrower picture gets dark margins, else no line of the strip could be read. */
const narrowest = 400

/** The largest thumbnail that fits every platform's card, in bytes. */
export const largestThumbnail = 200_000

/** Light that the strip lets through, in 256ths: white under it leaves a contrast of 7 : 1 to the white letters (WCAG 2.2, 1.4.6). */
const through = 90

/**
 * Lays the strip over the foot of a picture. A picture too low for that gets it below instead, so that the strip never hides more than a
 * quarter. Where the strip lies over the picture the given pixels are changed in place: copying 9 MB to change a tenth of it costs more than drawing.
 */
export const watermark = async (picture: Pixels, about: About, own: Position | null): Promise<Pixels> => {
  const width = Math.max(picture.width, narrowest)
  const size = Math.max(14, Math.round(width / 52))
  const pad = Math.round(size / 2)
  const ink = await draw(rowsOf(about, own), width - 2 * pad, size)
  const strip = ink.height + 2 * pad
  const below = strip * 4 > picture.height
  const canvas = below || width > picture.width ? onCanvas(picture, width, picture.height + (below ? strip : 0)) : picture
  blend(canvas, ink, strip, pad)
  return canvas
}

/** The picture in the middle of the top of a dark canvas. */
const onCanvas = (picture: Pixels, width: number, height: number): Pixels => {
  const data = new Uint8Array(width * height * 3).fill(32)
  const left = Math.floor((width - picture.width) / 2) * 3
  for (let y = 0; y < picture.height; y += 1) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3)
    data.set(row, y * width * 3 + left)
  }
  return { data, width, height }
}

/** Darkens the last `strip` rows and writes the ink into them. */
const blend = ({ data, width, height }: Pixels, ink: Ink, strip: number, pad: number): void => {
  const top = (height - strip) * width * 3
  for (let at = top; at < data.length; at += 1) data[at] = ((data[at] ?? 0) * through) >> 8
  const widest = Math.min(ink.width, width - 2 * pad)
  for (let y = 0; y < ink.height; y += 1) {
    const start = top + ((y + pad) * width + pad) * 3
    for (let x = 0; x < widest; x += 1) {
      const light = ink.data[y * ink.width + x] ?? 0
      if (light === 0) continue
      for (let at = start + x * 3; at < start + x * 3 + 3; at += 1) {
        const below = data[at] ?? 0
        data[at] = below + ((255 - below) * light) / 255
      }
    }
  }
}

export const photoJpeg = (picture: Pixels): Promise<Uint8Array> => encode(picture, 82)

/** Tried in order until the bytes fit; the last one fits even for pure noise. Width of the box in pixels, twice as high. */
const tries = [
  { width: 800, quality: 80 },
  { width: 800, quality: 65 },
  { width: 800, quality: 45 },
  { width: 560, quality: 45 },
  { width: 320, quality: 40 },
] as const

/** The picture for cards: at most 800 × 1600 pixels and 200 kB. */
export const thumbnailJpeg = async (picture: Pixels): Promise<Uint8Array> => {
  let smallest: Uint8Array = new Uint8Array()
  for (const { width, quality } of tries) {
    smallest = await encodeWithin(picture, { width, height: width * 2 }, quality)
    if (smallest.byteLength <= largestThumbnail) break
  }
  return smallest
}
