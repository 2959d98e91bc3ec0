import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import exifr from 'exifr'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { readApps } from '../../sandbox/connections.ts'
import { findArea, readPlant } from '../../sandbox/plant.ts'
import { looksLike, sampleBytes, sampleNames, samples, silence } from '../../sandbox/samples.ts'

const photo = (name: string): Buffer => {
  const bytes = sampleBytes(name)
  if (!bytes) throw new Error(`demo/photos lacks ${name}`)
  return Buffer.from(bytes)
}
const demo = (name: string): string => fileURLToPath(new URL(`../../demo/${name}`, import.meta.url))

test('every sample of the page is in the folder, is small, and the folder holds nothing else', () => {
  expect(
    samples()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(sampleNames())
  expect(sampleNames().filter((name) => readFileSync(demo(`photos/${name}`)).length > 300_000)).toEqual([])
})

describe('the honest ones', () => {
  test('the oil leak was taken in the pump room it shows', async () => {
    const exif = await exifr.parse(photo('oil-leak.jpg'), { gps: true })
    const area = findArea(readPlant(demo('plant.json'), readApps(demo('connections.json'), [], {})), '3号泵房')
    expect(exif.latitude).toBeCloseTo(area?.center.lat ?? 0, 4)
    expect(exif.longitude).toBeCloseTo(area?.center.lng ?? 0, 4)
    expect(exif.DateTimeOriginal).toBeInstanceOf(Date)
  })

  test('the guardrail has a time and no place, the exit has neither', async () => {
    const rail = await exifr.parse(photo('loose-guardrail.jpg'), { gps: true })
    expect([rail.DateTimeOriginal instanceof Date, rail.latitude]).toEqual([true, undefined])
    expect(await exifr.parse(photo('blocked-exit.jpg'), { gps: true })).toBeUndefined()
  })

  test('the one held sideways says so', async () => {
    expect(await sharp(photo('rotated.jpg')).metadata()).toMatchObject({ orientation: 6, width: 960, height: 1280 })
  })
})

describe('the hostile ones', () => {
  test('a broken photo cannot be read whole', async () => {
    await expect(sharp(photo('corrupt.jpg'), { failOn: 'error' }).raw().toBuffer()).rejects.toThrow()
  })

  test('text is no picture, whatever its name says', async () => {
    await expect(sharp(photo('not-an-image.jpg')).metadata()).rejects.toThrow()
    expect(looksLike(photo('not-an-image.jpg'))).toBe('application/octet-stream')
  })

  test('the bomb is small to send and has more than a hundred million pixels', async () => {
    const { width, height } = await sharp(photo('bomb-100mp.png'), { limitInputPixels: false }).metadata()
    expect(width * height).toBeGreaterThan(100_000_000)
    expect(photo('bomb-100mp.png').length).toBeLessThan(50_000)
  })

  test('the HEIC is known by its brand', () => {
    expect(looksLike(photo('photo.heic'))).toBe('image/heic')
    expect(looksLike(silence())).toBe('audio/amr')
  })
})
