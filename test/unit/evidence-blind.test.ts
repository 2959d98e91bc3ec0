import { expect, test } from 'vitest'
import { readExif } from '../../src/evidence/exif.ts'
import { takeIn } from '../../src/evidence/intake.ts'
import { readHeader } from '../../src/evidence/pixels.ts'
import { rowsOf } from '../../src/evidence/strip.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { about, phoneExif, pixelAt, quarters } from './evidence-pictures.ts'

const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** Face regions as phones and photo programs write them (Metadata Working Group, Guidelines for Handling Image Metadata 2.0, 2010-11, "Image Regions"). */
const regions = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"><mwg-rs:Regions><mwg-rs:Name>ZHANG WEI FACE</mwg-rs:Name>
<mwg-rs:Type>Face</mwg-rs:Type></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>`
/** IPTC-NAA record 2: caption, by-line and a person shown (IPTC Photo Metadata Standard 2023.2). */
const iptc = Buffer.concat([
  Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x14', 'latin1'),
  Buffer.from('\x1c\x02\x50\0\x0fZHANG WEI LINE1', 'latin1'),
])

/** A photo with everything that a camera and a photo program write into one: position, face regions, names, a comment, a second picture in the Exif block. */
const telling = async (): Promise<Buffer> => {
  const plain = await quarters(900, 700).withExif(phoneExif).jpeg({ quality: 90 }).toBuffer()
  return Buffer.concat([
    plain.subarray(0, 2),
    segment(0xe1, Buffer.from(regions, 'utf8')),
    segment(0xed, iptc),
    segment(0xfe, Buffer.from('taken by ZHANG WEI')),
    plain.subarray(2),
  ])
}

/** Markers of the segments before the picture data. */
const markersOf = (jpeg: Uint8Array): readonly number[] => {
  const markers: number[] = []
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg[at + 1] ?? 0
    markers.push(marker)
    if (marker === 0xda) return markers
    at += 2 + (((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0))
  }
  return markers
}
/** Application segments but JFIF's own, and comments. */
const carriers = (jpeg: Uint8Array): readonly string[] =>
  markersOf(jpeg)
    .filter((marker) => (marker > 0xe0 && marker <= 0xef) || marker === 0xfe)
    .map((marker) => marker.toString(16))

test('the photo that these tests blind tells everything', async () => {
  const photo = await telling()
  expect([...carriers(photo)].sort()).toEqual(['e1', 'e1', 'ed', 'fe'])
  expect(photo.includes('ZHANG WEI FACE')).toBe(true)
  expect(await readExif((await readHeader(photo)).exif ?? new Uint8Array())).toMatchObject({
    position: { lat: expect.any(Number) },
  })
})

test('a blind copy is a picture and nothing besides: no Exif, XMP, IPTC, comment, profile or embedded thumbnail', async () => {
  const intake = await takeIn(await telling(), { ...about, blind: true })
  if (intake.kind !== 'photo') throw new Error(intake.because)
  for (const copy of [intake.watermarked, intake.thumbnail]) {
    expect(carriers(copy)).toEqual([])
    const text = Buffer.from(copy).toString('latin1')
    for (const word of ['ZHANG', 'Exif', 'mwg-rs', 'Photoshop', 'Andon', 'WGS-84']) expect(text, word).not.toContain(word)
    expect(text.split('\xff\xd8\xff')).toHaveLength(2)
  }
})

test('the strip of a blind copy says when it was received; neither who, nor where, nor which case, whatever it was given', () => {
  const own = { lat: 30.72, lng: 121.33, datum: 'wgs84', accuracyMetres: 8 } as const
  const told = { ...about, position: { ...own, datum: 'gcj02' } as const }
  expect(rowsOf({ ...told, blind: true }, own)).toEqual([
    ['盲评副本', '人员与位置已隐去'],
    ['服务器时间 2026-11-22 15:40:12 UTC+08:00'],
  ])
  expect(
    rowsOf({ ...told, blind: false }, own)
      .flat()
      .join(),
  ).toMatch(/张伟.*3号泵房|3号泵房.*张伟/)
})

test('the same photo, blind and open, is two different pictures of one original', async () => {
  const photo = await quarters(1200, 900).jpeg().toBuffer()
  const open = await takeIn(photo, about)
  const blind = await takeIn(photo, { ...about, blind: true })
  const other = await takeIn(photo, { ...about, blind: true, code: 'YH-SH01-20261122-0043-X', person: '李娜', area: 'A罐区' })
  if (open.kind !== 'photo' || blind.kind !== 'photo' || other.kind !== 'photo') throw new Error('refused')
  expect(blind.original.sha256).toBe(open.original.sha256)
  expect(sha256(blind.watermarked)).not.toBe(sha256(open.watermarked))
  expect(sha256(other.watermarked), 'nothing that was said of the photo is in it').toBe(sha256(blind.watermarked))
  expect((await pixelAt(blind.watermarked, 0.1, 0.1))[0]).toBeGreaterThan(180)
})
