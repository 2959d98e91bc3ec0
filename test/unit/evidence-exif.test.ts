import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { noFacts, readExif } from '../../src/evidence/exif.ts'
import { phoneExif, plain } from './evidence-pictures.ts'

type Fields = Readonly<Record<'IFD0' | 'IFD2' | 'IFD3', Readonly<Record<string, string>>>>

const blockOf = async (fields: Fields, orientation = 1): Promise<Uint8Array> => {
  const jpeg = await plain(8, 8, '#456').withMetadata({ orientation }).withExif(fields).jpeg().toBuffer()
  const { exif } = await sharp(jpeg).metadata()
  if (!exif) throw new Error('no Exif was written')
  return exif
}

const withGps = (gps: Readonly<Record<string, string>>): Fields => ({ ...phoneExif, IFD3: { ...phoneExif.IFD3, ...gps } })

test('a phone photo tells time, offset, place, accuracy and orientation', async () => {
  const exif = await readExif(await blockOf(phoneExif, 6))
  expect(exif).toEqual({
    taken: { local: '2026-11-22T15:39:58', offset: '+08:00' },
    position: { lat: 30.7203, lng: 121.3301, datum: 'wgs84', accuracyMetres: 8 },
    orientation: 6,
  })
})

test('the block is read with and without its JPEG prefix', async () => {
  const block = await blockOf(phoneExif)
  const prefixed = Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0'
  const other = prefixed ? block.subarray(6) : Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block])
  expect(await readExif(other)).toEqual(await readExif(block))
})

test('south and west are negative', async () => {
  const { position } = await readExif(await blockOf(withGps({ GPSLatitudeRef: 'S', GPSLongitudeRef: 'W' })))
  expect(position).toMatchObject({ lat: -30.7203, lng: -121.3301 })
})

const noPosition: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a latitude over 90°', { GPSLatitude: '91/1 0/1 0/1' }],
  ['a longitude over 180°', { GPSLongitude: '180/1 0/1 1/1' }],
  ['61 minutes', { GPSLatitude: '30/1 61/1 0/1' }],
  ['a division by zero', { GPSLatitude: '30/0 0/0 0/0' }],
  ['no hemisphere', { GPSLatitudeRef: 'X' }],
  ['no fix', { GPSStatus: 'V' }],
  ['another datum', { GPSMapDatum: 'TOKYO' }],
  ['0°, 0°, as phones write without a fix', { GPSLatitude: '0/1 0/1 0/1', GPSLongitude: '0/1 0/1 0/1' }],
]
test.each(noPosition)('%s is no position', async (_, gps) => {
  expect((await readExif(await blockOf(withGps(gps)))).position).toBeNull()
})

test.each(['2026:13:22 15:39:58', '2026:11:22 24:00:00', '0000:00:00 00:00:00', '2026-11-22', '    :  :     :  :  '])(
  '%s is no time',
  async (time) => {
    expect((await readExif(await blockOf({ ...phoneExif, IFD2: { DateTimeOriginal: time } }))).taken).toBeNull()
  },
)

test('a time without an offset stays without one', async () => {
  const { taken } = await readExif(await blockOf({ ...phoneExif, IFD2: { DateTimeOriginal: '2026:11:22 15:39:58' } }))
  expect(taken).toEqual({ local: '2026-11-22T15:39:58', offset: null })
})

test('nothing, a giant and rubbish say nothing', async () => {
  expect(await readExif(new Uint8Array())).toEqual(noFacts)
  expect(await readExif(new Uint8Array(70_000))).toEqual(noFacts)
  expect(await readExif(Buffer.from('Exif\0\0II*\0'))).toEqual(noFacts)
})

test('a directory that points at itself ends', async () => {
  const loop = Buffer.alloc(64)
  loop.write('II*\0', 'latin1')
  loop.writeUInt32LE(8, 4)
  loop.writeUInt16LE(2, 8)
  loop.set([0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0], 10)
  loop.set([0x25, 0x88, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0], 22)
  loop.writeUInt32LE(8, 34)
  expect(await readExif(loop)).toEqual(noFacts)
})

test('whatever is changed in a block, the answer is null or within bounds', async () => {
  const block = Uint8Array.from(await blockOf(phoneExif))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(block.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(block.length),
      async (changes, end) => {
        const hostile = Uint8Array.from(block)
        for (const [at, value] of changes) hostile[at] = value
        const { position, orientation } = await readExif(hostile.subarray(0, end || block.length))
        if (position) expect(Math.abs(position.lat) <= 90 && Math.abs(position.lng) <= 180).toBe(true)
        expect(orientation === null || (orientation >= 1 && orientation <= 8)).toBe(true)
      },
    ),
    { numRuns: 400 },
  )
})
