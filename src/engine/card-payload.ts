/** What a card for a person is sent with, as its effect keeps it. */
export type CardPayload = {
  /** What it asks of its reader; null when it only shows. */
  readonly duty: string | null
  /** What the same decision asks of them besides: one card tells of it all. */
  readonly also?: readonly string[]
  readonly ring: boolean
  /** Which of the person's accounts comes first, counted from 1. */
  readonly channel?: number
  /** Lives hang on it: never held back, never counted. */
  readonly vital?: true
  /** Sent by the clock: a reminder. */
  readonly clock?: boolean
  /** The answer to what this very person did. */
  readonly own?: boolean
}

/** All that a card asks of its reader; empty when it only shows. */
export const dutiesOf = ({ duty, also = [] }: { readonly duty?: unknown; readonly also?: unknown }): readonly string[] =>
  [duty, ...(Array.isArray(also) ? also : [])].filter((one) => typeof one === 'string')

/** Two cards of one decision to one person as one. It rings when either would. */
export const joined = (first: CardPayload, second: CardPayload): CardPayload => {
  const [duty = null, ...also] = [...new Set([...dutiesOf(first), ...dutiesOf(second)])]
  return { ...first, ...second, duty, ...(also.length > 0 ? { also } : {}), ring: first.ring || second.ring }
}
