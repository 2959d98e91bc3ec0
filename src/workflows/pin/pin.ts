/** The signing PIN of one person (签名口令): the second factor beside the chat login. Only a keyed hash of it is kept. */
export type PinState = {
  /** `asked`: the words that led to the person's own subject; `unset`: no PIN yet. */
  readonly status: 'asked' | 'unset' | 'set'
  readonly person: string
  readonly hash: string | null
  readonly setAt: string | null
  /** Wrong ones since the last reset; see `mostWrong`. */
  readonly wrong: number
  /** Closed to everybody until then. */
  readonly until: string | null
}

export type PinCommand =
  /** 设置签名口令: the PIN itself is never said in a chat. */
  | { readonly type: 'ask'; readonly text: string }
  /** Opens the one subject of a person, and the card on which the PIN is typed. */
  | { readonly type: 'offer'; readonly person: string }
  | { readonly type: 'setPin'; readonly pin: string; readonly again: string }
  /** A permit met a wrong one. */
  | { readonly type: 'noteWrong'; readonly person: string }

export type PinEvent =
  | { readonly type: 'asked'; readonly person: string; readonly at: string }
  | { readonly type: 'offered'; readonly person: string; readonly at: string }
  | { readonly type: 'pinSet'; readonly hash: string; readonly at: string }
  | { readonly type: 'wrongNoted'; readonly count: number; readonly until: string | null; readonly at: string }
