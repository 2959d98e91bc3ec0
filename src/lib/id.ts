import { freshBytes, sha256 } from './crypto.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

const encode = (bytes: Uint8Array): string => {
  let out = ''
  for (const byte of bytes) out += alphabet[byte & 31]
  return out
}

/** Three small letters that tell what an id names: `haz`, `eff`, `ddl`, … */
export type IdPrefix = string

/** The id of something that is known by a key: the same key gives the same id, here and on every replica. 26 characters of 32 letters after the prefix. */
export const idFor = (prefix: IdPrefix, key: string): string =>
  `${prefix}_${encode(Buffer.from(sha256(key), 'hex').subarray(0, 26))}`

/** A fresh id such as `haz_01k9…`: 9 characters of time (so that indexes grow at one end) and 80 random bits. */
export const newId = (prefix: IdPrefix, at: Date): string => {
  let time = at.getTime()
  let head = ''
  for (let i = 0; i < 9; i += 1) {
    head = alphabet[time % 32] + head
    time = Math.floor(time / 32)
  }
  return `${prefix}_${head}${encode(freshBytes(16))}`
}
