import sharp from 'sharp'
import type { Pixels } from './pixels.ts'

/** 64 bits in 16 hex digits. Pictures of one scene differ in few bits; compare with `bitsApart`, never with `===`. */
export type Likeness = string

const columns = 9
const rows = 8

/**
 * The difference hash of a picture (N. Krawetz, "Kind of Like That", hackerfactor.com, 2013-01-21): is each of 8×8 cells darker than its
 * neighbour to the right? Survives shrinking, recompression and changes of brightness; not cropping or rotation.
 * Taken from the picture before the strip is laid over it, else every photo of one day would look a little alike.
 */
export const likenessOf = (picture: Pixels): Likeness => {
  const light = cells(picture)
  let bits = 0n
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns - 1; column += 1) {
      const here = row * columns + column
      bits = (bits << 1n) | ((light[here] ?? 0) < (light[here + 1] ?? 0) ? 1n : 0n)
    }
  }
  return bits.toString(16).padStart(16, '0')
}

/** The same for an encoded picture (a thumbnail from elsewhere). Throws what sharp throws for bytes that are no picture. */
export const perceptualHash = async (thumbnail: Uint8Array): Promise<Likeness> => {
  const { data, info } = await sharp(thumbnail, { limitInputPixels: 4_000_000 })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return likenessOf({ data, width: info.width, height: info.height })
}

/** How many of the 64 bits differ; 0 for copies, around 32 for strangers. Throws SyntaxError for text that is not hex. */
export const bitsApart = (a: Likeness, b: Likeness): number => {
  let differ = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let count = 0
  for (; differ > 0n; differ >>= 1n) count += Number(differ & 1n)
  return count
}

/** Mean luma of 9×8 cells. At most some 32 samples a side and cell are looked at: more do not change a mean that is only compared. */
const cells = ({ data, width, height }: Pixels): Float64Array => {
  const sums = new Float64Array(columns * rows)
  const seen = new Float64Array(columns * rows)
  const stepX = Math.max(1, Math.floor(width / (columns * 32)))
  const stepY = Math.max(1, Math.floor(height / (rows * 32)))
  for (let y = 0; y < height; y += stepY) {
    const row = Math.floor((y * rows) / height) * columns
    for (let x = 0; x < width; x += stepX) {
      const at = (y * width + x) * 3
      const cell = row + Math.floor((x * columns) / width)
      sums[cell] = (sums[cell] ?? 0) + 299 * (data[at] ?? 0) + 587 * (data[at + 1] ?? 0) + 114 * (data[at + 2] ?? 0)
      seen[cell] = (seen[cell] ?? 0) + 1
    }
  }
  return sums.map((sum, cell) => sum / (seen[cell] || 1))
}
