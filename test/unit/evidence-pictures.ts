import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { About } from '../../src/evidence/strip.ts'

export const about: About = {
  code: 'YH-SH01-20261122-0042-K',
  at: new Date('2026-11-22T07:40:12Z'),
  timeZone: 'Asia/Shanghai',
  position: null,
  area: '3号泵房',
  person: '张伟',
}

/** Exif as a phone writes it: 30°43'13.08"N 121°19'48.36"E, 8 m, WGS-84. */
export const phoneExif = {
  IFD0: { Make: 'Andon', Model: 'Test' },
  IFD2: { DateTimeOriginal: '2026:11:22 15:39:58', OffsetTimeOriginal: '+08:00' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '30/1 43/1 1308/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '121/1 19/1 4836/100',
    GPSStatus: 'A',
    GPSMapDatum: 'WGS-84',
    GPSHPositioningError: '8/1',
  },
}

/** Four quarters: red and green above, blue and yellow below. */
export const quarters = (width: number, height: number): Sharp => {
  const part = (left: number, top: number, background: string) => ({
    input: { create: { width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels: 3 as const, background } },
    left,
    top,
  })
  const right = Math.floor(width / 2)
  const below = Math.floor(height / 2)
  return sharp({ create: { width, height, channels: 3, background: '#808080' } }).composite([
    part(0, 0, '#e00000'),
    part(right, 0, '#00c000'),
    part(0, below, '#0000e0'),
    part(right, below, '#e0e000'),
  ])
}

export const plain = (width: number, height: number, background: string): Sharp =>
  sharp({ create: { width, height, channels: 3, background } })

/** Something that compresses badly. */
export const noise = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })

/** A PNG whose header is honest about its size and whose data is next to nothing. */
export const pngHeader = (width: number, height: number): Uint8Array => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const mark = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    mark,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** The head of a HEIC file as phones write it: brand `heic`, generic `mif1` beside it, and no picture. */
export const heicHeader = (): Uint8Array => {
  const meta = Buffer.concat([Buffer.from([0, 0, 0, 12]), Buffer.from('meta\0\0\0\0', 'latin1')])
  return Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'), meta])
}

/** Red, green, blue of the pixel at shares of width and height. */
export const pixelAt = async (image: Uint8Array, x: number, y: number): Promise<readonly number[]> => {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
  return [...data.subarray(at, at + 3)]
}
