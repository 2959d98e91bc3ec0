import { sha256 } from '../lib/crypto.ts'

/** The name of a blob: the SHA-256 of its bytes in lower-case hex. The name proves the content, so equal bytes are stored once. */
export type BlobKey = string

export type Stored = { readonly key: BlobKey; readonly size: number; readonly mime: string }

/**
 * Where evidence bytes live: a directory, R2, or anything that speaks S3. Written once, never changed, never overwritten; forgetting is not
 * part of the port, because whoever forgets evidence must first prove that its retention has ended.
 *
 * A key that is not one (a path, an upper-case digest, user text) throws TypeError everywhere, so that no store is ever asked for `../`.
 */
export type BlobStore = {
  /**
   * Keeps the bytes; when the promise resolves they survive a power cut. The same bytes twice are one blob. `mime` is a hint for stores that
   * serve files by themselves, never a claim about the content (`sniff` is). Throws RangeError past the store's largest size.
   */
  readonly put: (bytes: Uint8Array, mime: string) => Promise<Stored>
  /** The bytes as they are stored now, or null. Believes nothing and checks nothing: whoever shows them as evidence uses `verifyBlob`. */
  readonly get: (key: BlobKey) => Promise<Uint8Array | null>
  readonly has: (key: BlobKey) => Promise<boolean>
  /** Every blob once, in the order of the keys; half-written and foreign files are not among them. */
  readonly list: () => AsyncIterable<{ readonly key: BlobKey; readonly size: number }>
}

/** The largest blob that a store takes, in bytes; the platforms hand over files of at most 20 MB. */
export const largestBlob = 64 * 1024 * 1024

const form = /^[0-9a-f]{64}$/

export const isBlobKey = (text: string): boolean => form.test(text)

/** The key itself, or a TypeError that does not repeat the text (it may be anything). */
export const blobKey = (text: string): BlobKey => {
  if (!isBlobKey(text)) throw new TypeError('not a blob key: 64 lower-case hex digits were expected')
  return text
}

/** The key of some bytes. Throws RangeError when they are more than a store may take. */
export const keyOf = (bytes: Uint8Array, largest = largestBlob): BlobKey => {
  if (!(bytes.byteLength <= largest)) throw new RangeError(`a blob of ${bytes.byteLength} bytes is over the limit of ${largest}`)
  return sha256(bytes)
}

/** Reads a blob and hashes it again: `changed` means that the store no longer holds what was put. */
export const verifyBlob = async (store: BlobStore, key: BlobKey): Promise<'intact' | 'changed' | 'missing'> => {
  const bytes = await store.get(key)
  if (bytes === null) return 'missing'
  return sha256(bytes) === key ? 'intact' : 'changed'
}
