import { type BlobKey, type BlobStore, blobKey, isBlobKey, keyOf, largestBlob } from './blobs.ts'

/**
 * What this store uses of a bucket binding (Cloudflare R2, "Workers API reference", developers.cloudflare.com/r2/api/workers/workers-api-reference,
 * read 2026-11-20). Written as methods, so that a binding of any version of the vendor's types fits.
 */
export type R2Bucket = {
  head(key: string): Promise<{ readonly size: number } | null>
  get(key: string): Promise<{ readonly size: number; arrayBuffer(): Promise<ArrayBuffer> } | null>
  put(
    key: string,
    value: Uint8Array,
    options: {
      readonly sha256: string
      readonly onlyIf: { readonly etagDoesNotMatch: string }
      readonly httpMetadata: { readonly contentType: string }
    },
  ): Promise<unknown>
  list(options: { readonly prefix: string; readonly cursor?: string }): Promise<{
    readonly objects: readonly { readonly key: string; readonly size: number }[]
    readonly truncated: boolean
    readonly cursor?: string
  }>
}

const prefix = 'blobs/'

/**
 * Blobs in R2, under `blobs/<key>`. The bucket checks the digest itself on arrival (`sha256`) and writes only where nothing is
 * (`etagDoesNotMatch: '*'`), so neither a damaged upload nor a second writer can change what is stored.
 */
export const createR2Blobs = (bucket: R2Bucket, largest = largestBlob): BlobStore => ({
  put: async (bytes, mime) => {
    const key = keyOf(bytes, largest)
    await bucket.put(prefix + key, bytes, { sha256: key, onlyIf: { etagDoesNotMatch: '*' }, httpMetadata: { contentType: mime } })
    return { key, size: bytes.byteLength, mime }
  },
  get: async (key) => {
    const found = await bucket.get(prefix + blobKey(key))
    if (found === null) return null
    if (!(found.size <= largest)) throw new RangeError(`the stored blob has ${found.size} bytes, over the limit of ${largest}`)
    return new Uint8Array(await found.arrayBuffer())
  },
  has: async (key) => (await bucket.head(prefix + blobKey(key))) !== null,
  list: () => pages(bucket),
})

async function* pages(bucket: R2Bucket): AsyncGenerator<{ readonly key: BlobKey; readonly size: number }> {
  let cursor: string | undefined
  do {
    const page = await bucket.list(cursor === undefined ? { prefix } : { prefix, cursor })
    for (const { key, size } of page.objects) {
      const name = key.slice(prefix.length)
      if (isBlobKey(name)) yield { key: name, size }
    }
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor !== undefined)
}
