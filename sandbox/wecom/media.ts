/** Temporary media (临时素材): three days, shared by the apps of one corp (document/path/90253, 90254). */
import type { World } from '../contract.ts'

export type Media = {
  readonly corpId: string
  readonly type: string
  readonly kept: string
  readonly mime: string
  readonly name: string
  readonly until: number
}

export type MediaStore = {
  readonly put: (
    corpId: string,
    type: string,
    file: { readonly bytes: Uint8Array; readonly mime: string; readonly name: string },
  ) => string
  /** Null when unknown, of another corp, or older than three days. */
  readonly get: (corpId: string, mediaId: string) => Media | null
}

const life = 3 * 24 * 3_600_000

export const createMedia = (world: World, draw: (length: number) => string): MediaStore => {
  const stored = new Map<string, Media>()
  return {
    put: (corpId, type, { bytes, mime, name }) => {
      const mediaId = `3${draw(60)}`
      stored.set(mediaId, { corpId, type, kept: world.keep(bytes, mime), mime, name, until: world.clock.now() + life })
      return mediaId
    },
    get: (corpId, mediaId) => {
      const media = stored.get(mediaId)
      return media && media.corpId === corpId && media.until > world.clock.now() ? media : null
    },
  }
}
