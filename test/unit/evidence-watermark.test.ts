import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsApart, likenessOf, perceptualHash } from '../../src/evidence/likeness.ts'
import { decode, readHeader } from '../../src/evidence/pixels.ts'
import { type About, draw, type Ink, rowsOf } from '../../src/evidence/strip.ts'
import { watermark } from '../../src/evidence/watermark.ts'
import { about, noise, plain, quarters } from './evidence-pictures.ts'

const here = { lat: 30.7203, lng: 121.3301, datum: 'gcj02', accuracyMetres: 12.3 } as const
const rowsText = (changes: Partial<About>, own = null as Parameters<typeof rowsOf>[1]) =>
  rowsOf({ ...about, ...changes }, own).map((row) => row.join(' | '))

const pixelsOf = async (width: number, height: number, background: string) => {
  const bytes = await plain(width, height, background).png().toBuffer()
  return decode(bytes, await readHeader(bytes))
}

test('the strip names case, area, person, server time in the site’s zone, and the position with accuracy and datum', () => {
  expect(rowsText({ position: here })).toEqual([
    'YH-SH01-20261122-0042-K | 区域 3号泵房 | 人员 张伟',
    '服务器时间 2026-11-22 15:40:12 UTC+08:00 | 位置 30.72030°N 121.33010°E ±13m GCJ-02',
  ])
})

test('what is unknown is said to be unknown', () => {
  expect(rowsText({ code: null, area: null, position: null })).toEqual([
    '未编号 | 区域 未知 | 人员 张伟',
    '服务器时间 2026-11-22 15:40:12 UTC+08:00 | 位置未知',
  ])
  expect(rowsText({ position: { ...here, accuracyMetres: null } })[1]).toContain('精度未知')
})

test('a blind copy names nobody', () => {
  expect(rowsText({ person: null }).join()).not.toMatch(/人员|张伟/)
})

test('a position from the photo itself is named as such, and yields to one that was sent', () => {
  const own = { ...here, lat: -33.9, lng: -18.4, datum: 'wgs84' } as const
  expect(rowsText({}, own)[1]).toContain('位置 33.90000°S 18.40000°W ±13m WGS-84 | （照片自带位置）')
  expect(rowsText({ position: here }, own)[1]).not.toContain('照片自带')
})

test('summer time is the site’s, whatever the process thinks', () => {
  expect(rowsText({ at: new Date('2026-07-01T00:00:00Z'), timeZone: 'Europe/Berlin' })[1]).toContain(
    '2026-07-01 02:00:00 UTC+02:00',
  )
})

/** A character that no font has is drawn as a frame around its code: the first column with ink is all ink, and so are the first and last row from there. */
const isFrame = ({ data, width, height }: Ink): boolean => {
  const dark = (x: number, y: number): boolean => (data[y * width + x] ?? 0) > 100
  const rows = Array.from({ length: height }, (_, y) => y)
  const left = Array.from({ length: width }, (_, x) => x).find((x) => rows.some((y) => dark(x, y))) ?? 0
  const middle = Array.from({ length: width - left - 4 }, (_, x) => left + 2 + x)
  return rows.slice(2, -2).every((y) => dark(left, y)) && middle.every((x) => dark(x, 0) && dark(x, height - 1))
}

test('Chinese characters are drawn, not boxes', async () => {
  const inks = await Promise.all(['泵', '油', '龘', 'é', '±'].map((char) => draw([[char]], 400, 30)))
  expect(new Set(inks.map(({ data }) => Buffer.from(data).toString('hex'))).size).toBe(5)
  expect(inks.map(isFrame)).toEqual([false, false, false, false, false])
  expect(isFrame(await draw([['\u{1E290}']], 400, 30))).toBe(true)
})

test('no name breaks the drawing or leaves its place', async () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(
      '<span size="999999">大',
      '</span>',
      '&#0;',
      '&amp;',
      '\u0000',
      '\uD800',
      'Z\u0351\u0352\u0353\u0354'.repeat(40),
      '\uFDFD'.repeat(99),
      '张'.repeat(999),
      '',
    ),
  )
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (person, area) => {
      const picture = await pixelsOf(640, 480, '#ffffff')
      const marked = await watermark(picture, { ...about, person, area }, null)
      expect([marked.width, marked.height]).toEqual([640, 480])
      expect(marked.data.subarray(0, 640 * 3 * 300).every((value) => value === 255)).toBe(true)
    }),
    { numRuns: 150 },
  )
})

test('the strip lies over the foot of the picture and changes nothing above', async () => {
  const before = await pixelsOf(2048, 1536, '#c0c0c0')
  const same = { ...before, data: Uint8Array.from(before.data) }
  const after = await watermark(before, about, null)
  const row = 2048 * 3
  const changed = Array.from({ length: 1536 }, (_, y) => y).filter((y) => after.data[y * row] !== same.data[y * row])
  const first = changed[0] ?? 0
  expect(changed.length > 60 && changed.length < 1536 / 4).toBe(true)
  expect(changed.at(-1)).toBe(1535)
  expect(Buffer.compare(after.data.subarray(0, first * row), same.data.subarray(0, first * row))).toBe(0)
  expect(after.data.subarray(first * row).includes(255)).toBe(true)
})

test('white letters stand on a ground dark enough to read, even over snow', async () => {
  const { data } = await watermark(await pixelsOf(1200, 900, '#ffffff'), about, null)
  const ground = (data[data.length - 1] ?? 255) / 255
  const light = ((ground + 0.055) / 1.055) ** 2.4
  expect(1.05 / (light + 0.05) >= 7).toBe(true)
})

test('a low picture is not covered: the strip goes below', async () => {
  const marked = await watermark(await pixelsOf(800, 60, '#ffffff'), about, null)
  expect(marked.height > 100).toBe(true)
  expect(marked.data.subarray(0, 800 * 60 * 3).every((value) => value === 255)).toBe(true)
})

test('equal words are drawn once', async () => {
  const first = await draw([['同一案件']], 400, 30)
  expect(await draw([['同一案件']], 400, 30)).toBe(first)
  for (let n = 0; n < 20; n += 1) await draw([[`案件 ${n}`]], 400, 30)
  expect(await draw([['同一案件']], 400, 30)).not.toBe(first)
})

test('the likeness of a picture survives shrinking and recompression, and differs between pictures', async () => {
  const scene = await noise(12, 9).png().toBuffer()
  const { default: sharp } = await import('sharp')
  const big = await sharp(scene).resize(1600, 1200, { kernel: 'cubic' }).jpeg({ quality: 92 }).toBuffer()
  const small = await sharp(big).resize(400).jpeg({ quality: 40 }).toBuffer()
  const other = await sharp(await noise(12, 9).png().toBuffer())
    .resize(1600, 1200, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
  const [a, b, c] = await Promise.all([big, small, other].map(perceptualHash))
  expect(a).toMatch(/^[0-9a-f]{16}$/)
  expect(bitsApart(a ?? '', b ?? '') <= 4).toBe(true)
  expect(bitsApart(a ?? '', c ?? '') >= 12).toBe(true)
})

test('the likeness has its known value for a known picture', async () => {
  const ramp = Uint8Array.from({ length: 9 * 8 * 3 }, (_, at) => (Math.floor(at / 3) % 9) * 20)
  expect(likenessOf({ data: ramp, width: 9, height: 8 })).toBe('ffffffffffffffff')
  expect(likenessOf({ data: ramp.toReversed(), width: 9, height: 8 })).toBe('0000000000000000')
  expect(likenessOf({ data: new Uint8Array(3), width: 1, height: 1 })).toMatch(/^[0-9a-f]{16}$/)
  const bytes = await quarters(640, 480).png().toBuffer()
  expect(await perceptualHash(bytes)).toBe(likenessOf(await decode(bytes, await readHeader(bytes))))
})
