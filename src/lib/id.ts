import { freshBytes } from './crypto.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

const encode = (bytes: Uint8Array): string => {
  let out = ''
  for (const byte of bytes) out += alphabet[byte & 31]
  return out
}

/** The prefix of an id tells what it names. */
export type IdPrefix = 'haz' | 'eff' | 'ddl' | 'crd' | 'fil' | 'rep' | 'lnk' | 'ses' | 'att' | 'arr'

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
