import { type BlobStore, isBlobKey, verifyBlob } from '../evidence/blobs.ts'
import type { Report } from './findings.ts'

/** Fields of a state that name a blob, in every workflow; a document counts among the photos. */
const fields = new Set(['original', 'watermarked', 'thumbnail', 'document'])

/** Every blob that a state refers to, wherever in it. */
export const photosIn = (state: unknown): readonly string[] => {
  if (Array.isArray(state)) return state.flatMap(photosIn)
  if (state === null || typeof state !== 'object') return []
  return Object.entries(state).flatMap(([name, value]) =>
    fields.has(name) && typeof value === 'string' ? [value] : photosIn(value),
  )
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'error')

/** Reads each photo of a case and hashes it anew: its name is what its bytes must hash to. */
export const verifyPhotos = async (blobs: BlobStore, state: unknown, on: string, report: Report): Promise<number> => {
  const photos = [...new Set(photosIn(state))]
  for (const photo of photos) {
    try {
      const found = isBlobKey(photo) ? await verifyBlob(blobs, photo) : 'missing'
      if (found !== 'intact') report(found === 'missing' ? 'photo-missing' : 'photo-changed', on, { photo })
    } catch (error) {
      if (error instanceof RangeError) report('photo-changed', on, { photo })
      else report('photo-unreadable', on, { photo, because: codeOf(error) })
    }
  }
  return photos.length
}
