/** The photos a person of the demo can send: files of `demo/photos`, by name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Sample = { readonly name: string; readonly title: string; readonly hostile: boolean }

const folder = fileURLToPath(new URL('../demo/photos/', import.meta.url))

/** What each file is for; hostile ones are never shown as a thumbnail, because a browser would choke as a service might. */
const known: Readonly<Record<string, readonly [title: string, hostile: boolean]>> = {
  'oil-leak.jpg': ['3号泵房漏油', false],
  'loose-guardrail.jpg': ['护栏松动', false],
  'blocked-exit.jpg': ['安全出口堵塞', false],
  'fixed-oil-leak.jpg': ['漏油已整改', false],
  'rotated.jpg': ['横着拍的', false],
  'photo.heic': ['HEIC 照片', true],
  'corrupt.jpg': ['坏掉的照片', true],
  'not-an-image.jpg': ['不是照片', true],
  'bomb-100mp.png': ['一亿像素', true],
}

export const sampleNames = (): readonly string[] => (existsSync(folder) ? readdirSync(folder).toSorted() : [])

/** The known ones first, in the order of the demo. */
export const samples = (): readonly Sample[] => {
  const present = sampleNames()
  const shown = Object.entries(known).filter(([name]) => present.includes(name))
  return shown.map(([name, [title, hostile]]) => ({ name, title, hostile }))
}

/** The bytes of a sample; null when the folder has no file of exactly this name. */
export const sampleBytes = (name: string): Uint8Array | null =>
  sampleNames().includes(name) ? Uint8Array.from(readFileSync(join(folder, name))) : null

const beginnings: readonly (readonly [mime: string, at: number, bytes: string])[] = [
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/gif', 0, '47494638'],
  ['image/webp', 8, '57454250'],
  ['image/heic', 4, '6674797068656963'],
  ['audio/amr', 0, '2321414d52'],
  ['application/pdf', 0, '25504446'],
]

/** What the bytes begin like, as a phone's gallery would guess. */
export const looksLike = (bytes: Uint8Array): string => {
  const head = Buffer.from(bytes.subarray(0, 32))
  const found = beginnings.find(([, at, hex]) => head.subarray(at, at + hex.length / 2).toString('hex') === hex)
  return found?.[0] ?? 'application/octet-stream'
}

/** One second of silence: AMR narrow band, 50 frames of 12.2 kbit/s without a voice in them (RFC 4867, section 5). */
export const silence = (): Uint8Array => {
  const frame = Buffer.alloc(32)
  frame[0] = 0x3c
  return Uint8Array.from(Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: 50 }, () => frame)]))
}
