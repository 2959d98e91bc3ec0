import { createDecipheriv } from 'node:crypto'

/** Gives the plain bytes of whole 16-byte blocks, padding included, the first block as rubbish. Throws for anything but whole blocks. */
export type OpenBlocks = (sealed: Uint8Array) => Buffer

/**
 * AES-256-CBC for those who put an IV or 16 random bytes first and read on from the second block. Setting a cipher context up costs ten times
 * what it decrypts (9.6 µs against 0.8 µs for 640 bytes, Node 24 on a small machine), so one context is kept per key: it reads all messages as
 * one stream, in which only the first block of each comes out wrong. A runtime that holds a block back gets a fresh context each time.
 */
export const createOpenBlocks = (key: Uint8Array): OpenBlocks => {
  const context = () => createDecipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false)
  const kept = context()
  const keeps = kept.update(Buffer.alloc(32)).length === 32
  return (sealed) => {
    if (sealed.byteLength % 16 !== 0) throw new RangeError('not whole blocks')
    if (keeps) return kept.update(sealed)
    const fresh = context()
    return Buffer.concat([fresh.update(sealed), fresh.final()])
  }
}

/** Where the padding of 1 to `most` equal bytes begins that tell their number; null when it is not exactly that. */
export const paddingAt = (plain: Uint8Array, most: number): number | null => {
  const pad = plain[plain.length - 1] ?? 0
  const end = plain.length - pad
  if (!(pad >= 1 && pad <= most && end >= 0)) return null
  for (let at = end; at < plain.length; at += 1) if (plain[at] !== pad) return null
  return end
}
