import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createCamera } from '../../sandbox/camera.ts'
import { sampleBytes } from '../../sandbox/samples.ts'
import { bitsApart, likenessOf, printOf } from '../../src/evidence/likeness.ts'
import { decode, readHeader } from '../../src/evidence/pixels.ts'
import { photoRules } from '../../src/rules/photo-checks.ts'
import { plain, quarters } from './evidence-pictures.ts'

const look = async (bytes: Uint8Array) => {
  const picture = await decode(bytes, await readHeader(bytes))
  return { likeness: likenessOf(picture), print: printOf(picture) ?? '' }
}
const names = ['oil-leak.jpg', 'fixed-oil-leak.jpg', 'loose-guardrail.jpg', 'blocked-exit.jpg', 'rotated.jpg'] as const
const bytesOf = (name: string): Uint8Array => sampleBytes(name) ?? new Uint8Array()

test.each(names)('%s compressed and shrunk as chats do is a copy, and is found by one of four bands', async (name) => {
  const original = await look(bytesOf(name))
  for (const copy of [
    sharp(bytesOf(name)).autoOrient().jpeg({ quality: 40 }),
    sharp(bytesOf(name)).autoOrient().resize(600).jpeg({ quality: 70 }),
    sharp(bytesOf(name)).autoOrient().resize(900).webp({ quality: 60 }),
    sharp(bytesOf(name)).autoOrient().linear(0.9, 12).png(),
  ]) {
    const made = await look(await copy.toBuffer())
    expect(bitsApart(original.print, made.print)).toBeLessThanOrEqual(photoRules.copyBits)
    expect(bitsApart(original.likeness, made.likeness)).toBeLessThanOrEqual(photoRules.alikeBits)
  }
})

test('other pictures are no copies, and least of all the repair of the same spot', async () => {
  const looks = await Promise.all(names.map((name) => look(bytesOf(name))))
  for (const [n, one] of looks.entries())
    for (const other of looks.slice(n + 1)) expect(bitsApart(one.print, other.print)).toBeGreaterThan(3 * photoRules.copyBits)
})

test('of a picture in which there is nothing no print is taken, because everything would be its copy', async () => {
  for (const picture of [plain(600, 400, '#404040'), quarters(600, 400)]) {
    const bytes = await picture.jpeg().toBuffer()
    expect(printOf(await decode(bytes, await readHeader(bytes)))).toBeNull()
  }
})

test('the phones of the sandbox take a sample once as it is, then anew: never the same picture twice, and still of the same thing', async () => {
  const camera = createCamera()
  const taken: Uint8Array[] = []
  for (let n = 0; n < 6; n += 1) taken.push((await camera.takes('fixed-oil-leak.jpg')) ?? new Uint8Array())
  expect(Buffer.compare(taken[0] ?? new Uint8Array(), bytesOf('fixed-oil-leak.jpg'))).toBe(0)
  const looks = await Promise.all(taken.map(look))
  for (const [n, one] of looks.entries())
    for (const other of looks.slice(n + 1)) {
      expect(bitsApart(one.print, other.print)).toBeGreaterThan(2 * photoRules.copyBits)
      expect(bitsApart(one.likeness, other.likeness)).toBeGreaterThan(photoRules.alikeBits)
    }
  expect(await camera.takes('no-such.jpg')).toBeNull()
  for (const broken of ['corrupt.jpg', 'not-an-image.jpg', 'photo.heic']) {
    await camera.takes(broken)
    expect(Buffer.compare((await camera.takes(broken)) ?? new Uint8Array(), bytesOf(broken)), broken).toBe(0)
  }
})
