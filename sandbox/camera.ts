/** Phones take a photo anew each time: of the same thing, and never twice the same picture. */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { sampleBytes } from './samples.ts'

export type Camera = { readonly takes: (sample: string) => Promise<Uint8Array | null> }

/** Cells of the light that falls on the scene; smaller than what the eye takes for a spot, larger than noise. */
const columns = 16
const rows = 12

/** Light as it fell the n-th time: a soft field of grey, the same for the same sample and number. */
const lightOf = (sample: string, n: number, width: number, height: number): Promise<Buffer> => {
  const cells = Buffer.concat(
    Array.from({ length: Math.ceil((columns * rows) / 32) }, (_, part) =>
      createHash('sha256').update(`${sample} ${n} ${part}`).digest(),
    ),
  )
  const grey = Buffer.from(cells.subarray(0, columns * rows).map((byte) => 88 + Math.floor((byte * 80) / 256)))
  return sharp(grey, { raw: { width: columns, height: rows, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .png({ compressionLevel: 1 })
    .toBuffer()
}

/** The same scene in other light, as a camera writes it: the Exif of the sample stays. What is no picture stays as it is. */
const again = async (bytes: Uint8Array, sample: string, n: number): Promise<Uint8Array> => {
  try {
    const { width, height } = await sharp(bytes).metadata()
    const light = await lightOf(sample, n, width, height)
    return await sharp(bytes, { failOn: 'truncated' })
      .composite([{ input: light, blend: 'hard-light' }])
      .withMetadata()
      .jpeg({ quality: 80 })
      .toBuffer()
  } catch {
    return bytes
  }
}

/** The first photo of a sample is the file itself, byte for byte; each further one is taken in other light. Null for what is no file of `demo/photos`. */
export const createCamera = (): Camera => {
  const counts = new Map<string, number>()
  return {
    takes: async (sample) => {
      const bytes = sampleBytes(sample)
      const n = counts.get(sample) ?? 0
      if (bytes === null) return null
      counts.set(sample, n + 1)
      return n === 0 || !/\.jpe?g$/.test(sample) ? bytes : again(bytes, sample, n)
    },
  }
}
