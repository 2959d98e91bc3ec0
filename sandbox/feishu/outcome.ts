/** How one push to the service ended. */
export type Outcome =
  /** Taken. `body` is the JSON text of the answer, null when there was none. */
  | { readonly kind: 'answered'; readonly body: string | null }
  /** A status or ack code other than 200. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Nothing within three seconds. */
  | { readonly kind: 'silent' }
  /** No connection could be made. */
  | { readonly kind: 'unreachable' }
  /** No address that passed its check. */
  | { readonly kind: 'unset' }

/** Three seconds of real time, for events and callbacks alike. */
export const answerWithin = 3_000

export type PushKind = 'event' | 'callback'

/** Carries JSON to the service. `what` is the event type, for the log. */
export type Door = (json: string, kind: PushKind, what: string) => Promise<Outcome>
