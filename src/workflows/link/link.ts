import type { AccountRef } from '../workflow.ts'

/**
 * Linking an account of a platform to a person of ours. One subject per account. Nobody gains a person, and so no role, by claiming one:
 * the proof is the platform's directory, a one-time code confirmed on an account that is linked already, or an administrator. Whoever an administrator names
 * confirms it on an account they hold, or a second administrator does; for somebody without any account their lead and the safety director are told.
 */
export type LinkState = {
  readonly status: 'waiting' | 'coded' | 'claimed' | 'linked' | 'denied'
  readonly account: AccountRef
  readonly conversation: string
  /** The name the platform shows; for words only, never a proof. */
  readonly name: string
  readonly since: string
  /** SHA-256 of the one-time code and its end; the code itself is never stored. */
  readonly code: { readonly hash: string; readonly until: string } | null
  readonly person: string | null
  readonly proof: string | null
  /** The administrator who named the person, while the person has not confirmed it; absent otherwise. */
  readonly assignedBy?: string | undefined
  readonly reminded: number
}

export type LinkCommand =
  | { readonly type: 'request' }
  | {
      readonly type: 'matchDirectory'
      readonly mobile: string
      readonly employeeNo: string
      readonly active: boolean
      /** The name in the directory, for the words of a card: the administrators must know whom they link. */
      readonly name?: string
    }
  | { readonly type: 'issueCode' }
  | { readonly type: 'claim'; readonly code: string }
  | { readonly type: 'confirm' }
  | { readonly type: 'deny' }
  | { readonly type: 'assign'; readonly employeeNo: string }
  | { readonly type: 'remind' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }
  | {
      /** An administrator at the console vouches for an account, whether or not it has asked. `by` names the console's user. */
      readonly type: 'appoint'
      readonly account: AccountRef
      readonly name: string
      readonly person: string
      readonly by: string
    }
  /** An administrator at the console takes an account away from its person. */
  | { readonly type: 'release'; readonly account: AccountRef; readonly name: string; readonly by: string }

export type LinkEvent =
  | {
      readonly type: 'requested'
      readonly account: AccountRef
      readonly conversation: string
      readonly name: string
      readonly at: string
    }
  | { readonly type: 'codeIssued'; readonly hash: string; readonly until: string; readonly at: string }
  | { readonly type: 'claimed'; readonly person: string; readonly at: string }
  /** An administrator has named somebody who holds an account already, and who must confirm this one there. */
  | { readonly type: 'assigned'; readonly person: string; readonly by: string; readonly at: string }
  | {
      readonly type: 'linked'
      readonly person: string
      readonly proof: 'directory' | 'code' | 'administrator'
      readonly by: string
      readonly at: string
    }
  | { readonly type: 'denied'; readonly by: string; readonly at: string }
  | { readonly type: 'released'; readonly by: string; readonly at: string }
  | {
      readonly type: 'notMatched'
      readonly because: 'nobody' | 'several' | 'inactive'
      readonly at: string
      readonly name?: string
    }
  | { readonly type: 'reminded'; readonly count: number; readonly at: string }
