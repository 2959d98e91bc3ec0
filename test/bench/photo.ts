/**
 * Photo bench, 12 megapixels: what a watermarked picture, its thumbnail, its digest and its likeness cost (`ours`, and through the process of its
 * own, `workshop`) beside sharp's own decode-and-shrink of the same photo, to bare `pixels` and to a `jpeg`.
 * One JSON row per kind of photo; each ratio is taken within one round, the median over the rounds. Run: `node test/bench/photo.ts`.
 */
import sharp, { type Sharp } from 'sharp'
import { takeIn } from '../../src/evidence/intake.ts'
import { createPhotoWorkshop } from '../../src/evidence/photo-worker.ts'
import type { About } from '../../src/evidence/strip.ts'
import { monotonic } from '../../src/lib/clock.ts'

const rounds = 5

sharp.concurrency(1)
sharp.cache(false)

const scene = await sharp({
  create: { width: 1000, height: 750, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
})
  .png()
  .toBuffer()
const photo = (): Sharp => sharp(scene).resize(4000, 3000, { kernel: 'cubic' }).jpeg({ quality: 92 })

const photos: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  { name: 'landscape', bytes: await photo().toBuffer() },
  { name: 'landscape with the profile of sRGB', bytes: await photo().withIccProfile('srgb').toBuffer() },
  { name: 'landscape with the profile of Display P3', bytes: await photo().withIccProfile('p3').toBuffer() },
  { name: 'portrait (orientation 6)', bytes: await photo().withExif({}).withMetadata({ orientation: 6 }).toBuffer() },
]

let shot = 0
/** A new case each time, so that no strip is found drawn already. */
const about = (): About => ({
  code: `YH-SH01-20261122-${String(++shot).padStart(4, '0')}-K`,
  at: new Date('2026-11-22T07:40:12Z'),
  timeZone: 'Asia/Shanghai',
  position: { lat: 30.7203, lng: 121.3301, datum: 'gcj02', accuracyMetres: 12 },
  area: '3号泵房',
  person: '张伟',
})

const shrunk = (bytes: Uint8Array): Sharp =>
  sharp(bytes).autoOrient().resize({ width: 2048, height: 2048, fit: 'inside', withoutEnlargement: true })

type Cost = { readonly wall: number; readonly cpu: number }

/** Milliseconds on the wall and on all cores of this process; the second is little moved by what else the machine does. */
const timed = async (work: () => Promise<unknown>): Promise<Cost> => {
  const start = monotonic.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wall: monotonic.now() - start, cpu: (user + system) / 1000 }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const round = (value: number): number => Math.round(value * 100) / 100

const workshop = createPhotoWorkshop()
for (const { name, bytes } of photos) {
  const work = {
    pixels: () => shrunk(bytes).raw().toBuffer(),
    jpeg: () => shrunk(bytes).jpeg().toBuffer(),
    ours: () => takeIn(bytes, about()),
    workshop: () => workshop.develop(bytes, about()),
  }
  for (let n = 0; n < 8; n += 1) for (const warm of Object.values(work)) await warm()
  const times: Record<keyof typeof work, Cost>[] = []
  for (let n = 0; n < rounds; n += 1) {
    times.push({
      pixels: await timed(work.pixels),
      jpeg: await timed(work.jpeg),
      ours: await timed(work.ours),
      workshop: await timed(work.workshop),
    })
  }
  const of = (value: (time: (typeof times)[number]) => number): number => round(median(times.map(value)))
  const row = {
    bench: 'photo',
    photo: name,
    bytes: bytes.length,
    rounds,
    wallMs: {
      pixels: of((t) => t.pixels.wall),
      jpeg: of((t) => t.jpeg.wall),
      ours: of((t) => t.ours.wall),
      workshop: of((t) => t.workshop.wall),
    },
    cpuMs: { pixels: of((t) => t.pixels.cpu), jpeg: of((t) => t.jpeg.cpu), ours: of((t) => t.ours.cpu) },
    wallRatio: { toPixels: of((t) => t.ours.wall / t.pixels.wall), toJpeg: of((t) => t.ours.wall / t.jpeg.wall) },
    cpuRatio: { toPixels: of((t) => t.ours.cpu / t.pixels.cpu), toJpeg: of((t) => t.ours.cpu / t.jpeg.cpu) },
  }
  process.stdout.write(`${JSON.stringify(row)}\n`)
}
await workshop.close()
