import sharp from 'sharp'
import { expect, test } from 'vitest'
import { type Because, type Intake, largestPhoto, takeIn } from '../../src/evidence/intake.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { about, heicHeader, noise, phoneExif, pixelAt, plain, pngHeader, quarters } from './evidence-pictures.ts'

type Photo = Extract<Intake, { kind: 'photo' }>

const photoOf = async (bytes: Uint8Array): Promise<Photo> => {
  const intake = await takeIn(bytes, about)
  if (intake.kind !== 'photo') throw new Error(`a photo was expected, refused as ${intake.because}`)
  return intake
}

const near = (pixel: readonly number[], wanted: readonly number[]): boolean =>
  pixel.every((value, channel) => Math.abs(value - (wanted[channel] ?? 0)) <= 24)

const red = [224, 0, 0]
const green = [0, 192, 0]
const blue = [0, 0, 224]

test('a phone photo becomes a watermarked picture of at most 2048 pixels and a thumbnail of at most 800', async () => {
  const bytes = await quarters(4000, 3000).withExif(phoneExif).jpeg().toBuffer()
  const photo = await photoOf(bytes)
  expect(photo.original).toEqual({ sha256: sha256(bytes), size: bytes.length, mime: 'image/jpeg' })
  expect([photo.width, photo.height]).toEqual([2048, 1536])
  expect(photo.exif.position).toMatchObject({ lat: 30.7203, lng: 121.3301, datum: 'wgs84' })
  expect(await sharp(photo.watermarked).metadata()).toMatchObject({
    format: 'jpeg',
    width: 2048,
    height: 1536,
    channels: 3,
    space: 'srgb',
  })
  expect(await sharp(photo.thumbnail).metadata()).toMatchObject({
    format: 'jpeg',
    width: 800,
    height: 600,
    channels: 3,
    space: 'srgb',
  })
})

/** Where the stored picture's top left, red, and top right, green, are seen once it is upright. */
const orientations: readonly (readonly [number, readonly [number, number], readonly [number, number]])[] = [
  [1, [0.25, 0.2], [0.75, 0.2]],
  [2, [0.75, 0.2], [0.25, 0.2]],
  [3, [0.75, 0.7], [0.25, 0.7]],
  [4, [0.25, 0.7], [0.75, 0.7]],
  [5, [0.25, 0.2], [0.25, 0.7]],
  [6, [0.75, 0.2], [0.75, 0.7]],
  [7, [0.75, 0.7], [0.75, 0.2]],
  [8, [0.25, 0.7], [0.25, 0.2]],
]
test.each(orientations)('orientation %i is turned upright', async (orientation, first, second) => {
  const bytes = await sharp(await quarters(1200, 900).png().toBuffer())
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer()
  const photo = await photoOf(bytes)
  expect([photo.width, photo.height]).toEqual(orientation > 4 ? [900, 1200] : [1200, 900])
  expect(near(await pixelAt(photo.watermarked, ...first), red)).toBe(true)
  expect(near(await pixelAt(photo.watermarked, ...second), green)).toBe(true)
})

test('nothing of the original travels with what is shown', async () => {
  const secret = { ...phoneExif, IFD0: { ImageDescription: 'secret-words', Artist: 'secret-words' } }
  const bytes = await quarters(1200, 900)
    .withExif(secret)
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret-words</x:xmpmeta>')
    .withIccProfile('p3')
    .jpeg()
    .toBuffer()
  expect(bytes.includes('secret-words')).toBe(true)
  const { watermarked, thumbnail } = await photoOf(bytes)
  for (const shown of [watermarked, thumbnail]) {
    const { exif, icc, iptc, xmp, orientation, comments } = await sharp(shown).metadata()
    expect([exif, icc, iptc, xmp, orientation, comments]).toEqual(Array(6).fill(undefined))
    expect(Buffer.from(shown).includes('secret-words')).toBe(false)
  }
})

test('what is transparent becomes white', async () => {
  const clear = await sharp({ create: { width: 640, height: 480, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } })
    .png()
    .toBuffer()
  expect(near(await pixelAt((await photoOf(clear)).watermarked, 0.5, 0.3), [255, 255, 255])).toBe(true)
})

const drawn = (): Promise<Buffer> => plain(640, 480, '#2060c0').png().toBuffer()
const kinds: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
  [
    'a CMYK JPEG',
    async () =>
      sharp(await drawn())
        .toColourspace('cmyk')
        .jpeg()
        .toBuffer(),
  ],
  [
    'a 16-bit PNG',
    async () =>
      sharp(await drawn())
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
  ],
  [
    'a wide-gamut JPEG',
    async () =>
      sharp(await drawn())
        .withIccProfile('p3')
        .jpeg({ quality: 95 })
        .toBuffer(),
  ],
  [
    'a JPEG with the profile of sRGB',
    async () =>
      sharp(await drawn())
        .withIccProfile('srgb')
        .jpeg()
        .toBuffer(),
  ],
  [
    'a WebP',
    async () =>
      sharp(await drawn())
        .webp()
        .toBuffer(),
  ],
  [
    'an AVIF',
    async () =>
      sharp(await drawn())
        .avif()
        .toBuffer(),
  ],
  [
    'a TIFF',
    async () =>
      sharp(await drawn())
        .tiff()
        .toBuffer(),
  ],
  [
    'a palette PNG',
    async () =>
      sharp(await drawn())
        .png({ palette: true })
        .toBuffer(),
  ],
]
test.each(kinds)('%s is shown in its colours', async (_, make) => {
  const photo = await photoOf(await make())
  const [r = 0, g = 0, b = 0] = await pixelAt(photo.watermarked, 0.5, 0.3)
  expect([r < 90, g > 60 && g < 130, b > 150]).toEqual([true, true, true])
  expect([photo.width, photo.height]).toEqual([640, 480])
})

test('a wide-gamut green is brought into sRGB, not shown by its raw numbers', async () => {
  const wide = await plain(640, 480, '#00c000').withIccProfile('p3').jpeg({ quality: 95 }).toBuffer()
  const raw = await sharp(wide, { ignoreIcc: true }).raw().toBuffer()
  expect((raw[0] ?? 0) > 60).toBe(true)
  expect(near(await pixelAt((await photoOf(wide)).watermarked, 0.5, 0.3), green)).toBe(true)
})

test.each(['b-w', 'grey16'] as const)('a picture in %s stays grey', async (space) => {
  const grey = await sharp(await plain(640, 480, '#707070').png().toBuffer())
    .toColourspace(space)
    .png()
    .toBuffer()
  expect((await sharp(grey).metadata()).channels).toBe(1)
  expect(near(await pixelAt((await photoOf(grey)).watermarked, 0.5, 0.3), [112, 112, 112])).toBe(true)
})

test('of an animation the first picture is shown', async () => {
  const frames = await Promise.all([plain(640, 480, '#e00000').png().toBuffer(), plain(640, 480, '#0000e0').png().toBuffer()])
  const moving = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer()
  expect((await sharp(moving).metadata()).pages).toBe(2)
  const photo = await photoOf(moving)
  expect([photo.width, photo.height]).toEqual([640, 480])
  expect(near(await pixelAt(photo.watermarked, 0.5, 0.3), red)).toBe(true)
})

test('a picture of one pixel gets a strip that can be read', async () => {
  const photo = await photoOf(await plain(1, 1, '#fff').png().toBuffer())
  expect(photo.width).toBe(400)
  expect(photo.height > 40 && photo.height < 400).toBe(true)
})

test.each([
  [3000, 20],
  [20, 3000],
])('a picture of %i × %i keeps within 2048 pixels', async (width, height) => {
  const photo = await photoOf(await plain(width, height, '#777').png().toBuffer())
  expect(photo.width <= 2048 && photo.height <= 2048).toBe(true)
})

test('even noise gives a thumbnail within 200 kB', async () => {
  for (const [width, height] of [
    [2400, 2400],
    [900, 2048],
  ] as const) {
    const { thumbnail } = await photoOf(await noise(width, height).jpeg({ quality: 90 }).toBuffer())
    expect(thumbnail.byteLength <= 200_000).toBe(true)
  }
})

const whole = (): Promise<Buffer> => noise(800, 600).jpeg().toBuffer()
const refusals: readonly (readonly [string, Because, () => Promise<Uint8Array> | Uint8Array])[] = [
  ['nothing', 'not-an-image', () => new Uint8Array()],
  ['a text', 'not-an-image', () => Buffer.from('3号泵房漏油')],
  [
    'an SVG that names a file',
    'not-an-image',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'),
  ],
  ['a PDF', 'not-an-image', () => Buffer.from('%PDF-1.7\n')],
  ['a BMP', 'unsupported-format', () => Buffer.from('BM\x36\0\0\0\0\0\0\0\x36\0\0\0', 'latin1')],
  ['a HEIC', 'heic', heicHeader],
  ['a JPEG of 3 bytes', 'corrupt', () => Buffer.from([0xff, 0xd8, 0xff])],
  ['half a JPEG', 'corrupt', async () => (await whole()).subarray(0, 60_000)],
  ['a JPEG without its last kilobyte', 'corrupt', async () => (await whole()).subarray(0, -1024)],
  ['half a PNG', 'corrupt', async () => (await noise(800, 600).png().toBuffer()).subarray(0, 100_000)],
  ['a PNG of 100 megapixels', 'too-many-pixels', () => pngHeader(10_000, 10_000)],
  ['a PNG of 30 megapixels without its pixels', 'corrupt', () => pngHeader(6_000, 5_000)],
  ['a JPEG over 20 MB', 'too-large', async () => Buffer.concat([await whole(), Buffer.alloc(largestPhoto)])],
]
test.each(refusals)('%s is refused, and is still evidence', async (_, because, make) => {
  const bytes = await make()
  const intake = await takeIn(bytes, about)
  expect(intake).toEqual({
    kind: 'refused',
    because,
    kept: true,
    original: { sha256: sha256(bytes), size: bytes.length, mime: intake.original.mime },
  })
})

test('a JPEG with stray bytes after its end is a good photo', async () => {
  expect((await takeIn(Buffer.concat([await whole(), Buffer.from('trailer of some camera')]), about)).kind).toBe('photo')
})

test('an unknown time zone is a mistake, not a bad photo', async () => {
  await expect(takeIn(await whole(), { ...about, timeZone: 'Mars/Olympus' })).rejects.toThrow(RangeError)
})

test('the same photo with another case is the same photo with another strip', async () => {
  const bytes = await quarters(1200, 900).jpeg().toBuffer()
  const first = await photoOf(bytes)
  const second = await takeIn(bytes, { ...about, code: 'YH-SH01-20261122-0043-M' })
  if (second.kind !== 'photo') throw new Error('refused')
  expect(second.original).toEqual(first.original)
  expect(second.likeness).toBe(first.likeness)
  expect(sha256(second.watermarked)).not.toBe(sha256(first.watermarked))
  expect(near(await pixelAt(second.watermarked, 0.25, 0.7), blue)).toBe(true)
})
