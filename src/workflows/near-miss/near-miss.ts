import type { Rung } from '../../rules/sla.ts'
import type { Sender } from '../pieces.ts'

/**
 * Near miss (未遂事件): something went wrong and nobody was hurt. With the reporter's name, or without: then nothing that leads to a person enters the case, and
 * the reporter reads the reply under a receipt that only they were given.
 */
export type NearMissState = {
  readonly status: 'unanswered' | 'answered'
  readonly code: string
  readonly rule: string
  readonly text: string
  /** Null when it was reported without a name. */
  readonly reporter: Sender | null
  /** What stands for a reporter without a name: made from the receipt, never from an account. */
  readonly alias: string | null
  readonly team: string
  readonly reportedAt: string
  readonly replyBy: string
  readonly ladder: readonly Rung[]
  readonly called: readonly {
    readonly rung: number
    readonly role: string
    readonly persons: readonly string[]
    readonly at: string
  }[]
  readonly nextClimb: { readonly rung: number; readonly role: string; readonly at: string } | null
  readonly unreached: readonly string[]
  readonly reply: { readonly by: string; readonly text: string; readonly at: string } | null
  /** The hazard that a safety officer made of it. */
  readonly converted: { readonly by: string; readonly hazard: string; readonly at: string } | null
}

export type NearMissCommand =
  | { readonly type: 'report'; readonly text: string }
  | { readonly type: 'reportAnonymously'; readonly text: string }
  /** What a report without a name comes to: from the system, so that nobody stands behind it. */
  | { readonly type: 'record'; readonly text: string; readonly alias: string }
  | { readonly type: 'askReceipt'; readonly text: string }
  | { readonly type: 'reply'; readonly reason: string }
  | { readonly type: 'convert' }
  | { readonly type: 'climb'; readonly rung: number }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type NearMissEvent =
  | {
      readonly type: 'reported'
      readonly code: string
      readonly rule: string
      readonly text: string
      readonly reporter: Sender | null
      readonly alias: string | null
      readonly team: string
      readonly at: string
      readonly replyBy: string
      readonly ladder: readonly Rung[]
    }
  | {
      readonly type: 'called'
      readonly rung: number
      readonly role: string
      readonly persons: readonly string[]
      readonly at: string
      readonly next: NearMissState['nextClimb']
    }
  | { readonly type: 'replied'; readonly by: string; readonly reply: string; readonly at: string }
  | { readonly type: 'converted'; readonly by: string; readonly hazard: string; readonly at: string }
  | { readonly type: 'unreached'; readonly person: string; readonly at: string }
