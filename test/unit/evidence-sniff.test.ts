import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { type Kind, sniff } from '../../src/evidence/sniff.ts'
import { heicHeader, plain } from './evidence-pictures.ts'

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const ftyp = (major: string, ...compatible: readonly string[]): Uint8Array =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 16 + 4 * compatible.length]),
    latin(`ftyp${major}\0\0\0\0${compatible.join('')}`),
    latin('\0\0\0\x08mdat'),
  ])

const written: readonly (readonly [Kind, Uint8Array])[] = [
  ['pdf', latin('%PDF-1.7\n')],
  ['zip', latin('PK\x03\x04rest')],
  ['zip', latin('PK\x05\x06\0\0')],
  ['bmp', latin('BM\x36\0\0\0\0\0\0\0\x36\0\0\0')],
  ['tiff', latin('MM\0*\0\0\0\x08')],
  ['mp4', ftyp('isom', 'iso2', 'avc1')],
  ['mp4', ftyp('qt  ')],
  ['mp4', ftyp('XXXX', 'mp42')],
  ['heic', heicHeader()],
  ['heic', ftyp('mif1', 'miaf', 'heic')],
  ['avif', ftyp('mif1', 'avif')],
  ['heif', ftyp('mif1', 'miaf')],
  ['unknown', ftyp('toString')],
  ['unknown', ftyp('XXXX')],
  ['text', Buffer.from('3号泵房漏油，地面有积液\n')],
  ['text', latin('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['unknown', new Uint8Array()],
  ['unknown', latin('\xFF\xD8')],
  ['unknown', latin('RIFF\0\0\0\0WAVE')],
  ['unknown', latin('text with a \0 in it')],
]

test.each(written)('%s is known by its first bytes (%#)', (kind, bytes) => {
  expect(sniff(bytes)).toBe(kind)
})

test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)(
  'a real %s is one, wherever it lies in its buffer',
  async (kind) => {
    const bytes = await plain(8, 8, '#456').toFormat(kind).toBuffer()
    const inside = Buffer.concat([Buffer.from('before'), bytes]).subarray(6)
    expect(sniff(bytes)).toBe(kind)
    expect(sniff(inside)).toBe(kind)
    expect((await sharp(bytes).metadata()).width).toBe(8)
  },
)

test('a Chinese character cut by the window is still text', () => {
  for (const before of ['', 'a', 'ab']) expect(sniff(Buffer.from(before + '漏'.repeat(400)))).toBe('text')
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, box) => {
      if (box && bytes.length >= 8) bytes.set(latin('ftyp'), 4)
      expect(typeof sniff(bytes)).toBe('string')
    }),
  )
})
