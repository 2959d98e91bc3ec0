import sharp from 'sharp'
import type { Pixels } from './pixels.ts'

/** 64 bits in 16 hex digits. Pictures of one scene differ in few bits; compare with `bitsApart`, never with `===`. */
export type Likeness = string

/** 256 bits in 64 hex digits, or null for a picture in which there is too little to compare. Tells a copy from a photo taken anew at the same spot. */
export type Print = string

type Grid = { readonly columns: number; readonly rows: number }
const coarse: Grid = { columns: 9, rows: 8 }
const fine: Grid = { columns: 17, rows: 16 }

/** Steps of luma (of 255) that count: smaller ones are noise of the encoder. */
const step = 1_000
/** Of the 256 steps of a picture so many must count; of a bare wall or a dark room nothing can be told. */
const fewestSteps = 64

/**
 * The difference hash of a picture (N. Krawetz, "Kind of Like That", hackerfactor.com, 2013-01-21): is each of 8×8 cells darker than its
 * neighbour to the right? Survives shrinking, recompression and changes of brightness; not cropping or rotation.
 * Taken from the picture before the strip is laid over it, else every photo of one day would look a little alike.
 */
export const likenessOf = (picture: Pixels): Likeness => hexOf(stepsOf(picture, coarse).map((rise) => rise > 0))

/** The same hash on a grid of 16×16, in which a rise must be more than noise. */
export const printOf = (picture: Pixels): Print | null => {
  const steps = stepsOf(picture, fine)
  return steps.filter((rise) => Math.abs(rise) > step).length < fewestSteps ? null : hexOf(steps.map((rise) => rise > step))
}

/** How much lighter each cell's neighbour to the right is, row by row, in thousandths of luma. */
const stepsOf = (picture: Pixels, grid: Grid): readonly number[] => {
  const light = cells(picture, grid)
  return Array.from({ length: grid.rows * (grid.columns - 1) }, (_, bit) => {
    const here = Math.floor(bit / (grid.columns - 1)) * grid.columns + (bit % (grid.columns - 1))
    return (light[here + 1] ?? 0) - (light[here] ?? 0)
  })
}

const hexOf = (bits: readonly boolean[]): string =>
  bits
    .reduce((all, bit) => (all << 1n) | (bit ? 1n : 0n), 0n)
    .toString(16)
    .padStart(bits.length / 4, '0')

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

/** How many bits differ between two likenesses or two prints; 0 for copies, around half of them for strangers. Throws SyntaxError for text that is not hex. */
export const bitsApart = (a: Likeness, b: Likeness): number => {
  let differ = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let count = 0
  for (; differ > 0n; differ >>= 1n) count += Number(differ & 1n)
  return count
}

/** Mean luma of each cell. At most some 32 samples a side and cell are looked at: more do not change a mean that is only compared. */
const cells = ({ data, width, height }: Pixels, { columns, rows }: Grid): Float64Array => {
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
