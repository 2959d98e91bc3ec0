/** Bytes that pictures are made of: uploaded by the service or sent by a person. Bounded; the oldest go first. */
import { randomBytes } from 'node:crypto'

export type Blob = { readonly bytes: Uint8Array; readonly mime: string }

export type Blobs = {
  readonly keep: (bytes: Uint8Array, mime: string) => string
  readonly bytes: (id: string) => Blob | null
}

const mostBytes = 256_000_000

export const createBlobs = (most = mostBytes): Blobs => {
  const blobs = new Map<string, Blob>()
  let held = 0
  return {
    keep: (bytes, mime) => {
      const id = `img_${randomBytes(12).toString('hex')}`
      blobs.set(id, { bytes: Uint8Array.from(bytes), mime })
      held += bytes.byteLength
      for (const [oldest, blob] of blobs) {
        if (held <= most || oldest === id) break
        blobs.delete(oldest)
        held -= blob.bytes.byteLength
      }
      return id
    },
    bytes: (id) => blobs.get(id) ?? null,
  }
}

const pictures = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp'])

/** A type that a browser may show in place; anything else, SVG above all, is only ever handed over as a file. */
export const shownAs = (mime: string): string => (pictures.has(mime) ? mime : 'application/octet-stream')
