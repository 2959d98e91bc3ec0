import { canonical, sha256 } from '../../lib/crypto.ts'
import type { PenaltyNote } from '../penalty/penalty.ts'
import type { Axis } from '../points/portrait.ts'

/** A card of the portrait's months, as its person reads it. */
export type PortraitCard = Pick<PenaltyNote, 'colour' | 'cause' | 'status' | 'code'>

/** Somebody's safety portrait (我的安全画像) as of the moment they asked: it never changes, except that its picture comes later. */
export type PortraitState = {
  readonly status: 'asked' | 'drawn' | 'undrawn'
  readonly site: string
  readonly person: string
  readonly at: string
  /** The axes and their targets, frozen. */
  readonly rules: string
  readonly axes: readonly Axis[]
  readonly total: number
  readonly cards: readonly PortraitCard[]
  /** The radar picture in the store; null until it is drawn. */
  readonly picture: { readonly thumbnail: string } | null
  /** Was it drawn for this very portrait, and not found among those that were drawn before? */
  readonly own: boolean
}

export type PortraitCommand =
  | { readonly type: 'ask' }
  | { readonly type: 'storePicture'; readonly thumbnail: string }
  | { readonly type: 'refusePicture' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type PortraitEvent =
  | ({ readonly type: 'asked'; readonly thumbnail: string | null } & Pick<
      PortraitState,
      'site' | 'person' | 'at' | 'rules' | 'axes' | 'total' | 'cards'
    >)
  | { readonly type: 'drawn'; readonly thumbnail: string; readonly at: string }
  | { readonly type: 'undrawn'; readonly at: string }

/** Changes whenever the picture is drawn differently, so that no old one is shown for it. */
const drawing = 'radar@1'

/** The name of the rows by which a picture that was drawn once is found again, and its key: the same values are the same picture, whoever they belong to. */
export const pictureRows = 'radar'
export const pictureKey = (axes: readonly Axis[]): string => sha256(canonical({ drawing, axes }))
