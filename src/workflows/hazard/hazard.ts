import type { Colour, Rung } from '../../rules/sla.ts'
import type { AccountRef } from '../workflow.ts'
import type { Credit } from './credits.ts'
import type { GovernState } from './govern.ts'
import type { BlindCopy, Look, PhotoCheck, ProofState, Stage } from './proof.ts'

export type { HazardCommand } from './hazard-command.ts'
export type { HazardEvent } from './hazard-event.ts'

/** Hazard (隐患): an unsafe condition, act or management gap, from the report to the proven closing. */
export type HazardStatus =
  | 'reported'
  | 'triaged'
  | 'listed_pending'
  | 'accepted'
  | 'rectifying'
  | 'deferred'
  | 'submitted'
  | 'verifying'
  | 'verified'
  | 'closed'
  | 'rejected'
  | 'merged'

export type HazardState = ProofState &
  GovernState & {
    readonly status: HazardStatus
    readonly site: string
    readonly code: string
    readonly reporter: Who
    readonly reportedAt: string
    /** The words of the report, in the order they came. */
    readonly texts: readonly string[]
    readonly files: readonly HazardFile[]
    readonly place: { readonly lat: number; readonly lng: number; readonly datum: string; readonly label: string } | null
    /** The team whose lead is asked first: the reporter's, else the area's; empty when neither is known. */
    readonly team: string
    /** What the words suggest; `equipment` is absent where they name none. */
    readonly suggestion: { readonly colour: Colour; readonly area: string | null; readonly equipment?: string }
    readonly colour: Colour | null
    readonly area: string | null
    /** The piece of equipment, or null for none; absent until a triage in a plant that has listed any. */
    readonly equipment?: string | null | undefined
    readonly owner: string | null
    /** Frozen when the case opened, so that a changed table changes no open case. */
    readonly ladder: readonly Rung[]
    readonly sla: string
    /** The ladder counts from here: the report, or the reopening of a case that has no owner. */
    readonly ladderFrom: string
    /** Index of the highest rung that was called, and who was called on which. */
    readonly rung: number
    readonly called: readonly {
      readonly rung: number
      readonly role: string
      readonly persons: readonly string[]
      readonly at: string
    }[]
    readonly nextClimb: { readonly at: string; readonly role: string } | null
    readonly triagedAt: string | null
    readonly acceptedAt: string | null
    readonly dueAt: string | null
    readonly overdue: number
    readonly submittedAt: string | null
    readonly verifier: string | null
    /** Officers drawn before for the present submission, so that a redraw finds another. */
    readonly drawn: readonly string[]
    /** Who could not be reached since the present duty was given out; nobody rings at a dead door again and again. */
    readonly unreached: readonly string[]
    /** The reporter has brought a rejected report back once; a second time takes a safety officer. */
    readonly appealed: boolean
    readonly returned: readonly { readonly by: string; readonly reason: string; readonly at: string }[]
    readonly reopened: readonly { readonly by: string; readonly reason: string; readonly at: string }[]
    readonly closedAt: string | null
    readonly closing: string | null
    /** How often the device behind this case has raised it, once it has done so again; absent before. */
    readonly alarms?: { readonly count: number; readonly at: string }
    /** What the clocks remember; under the first table, and until it happens, absent. */
    /** Since when the case has a colour with a limit for acceptance. */
    readonly urgentFrom?: string | undefined
    readonly startedAt?: string | undefined
    /** When a case that is not closed by its verdict passed it. */
    readonly passedAt?: string | undefined
    readonly previousOwner?: { readonly person: string; readonly at: string } | undefined
    /** Who must be reached, and whether they were. */
    readonly reach?: readonly ReachTarget[]
    readonly informed?: string | undefined
    /** How many times the reporter has heard of the case since the report or the last reopening. */
    readonly answers?: number | undefined
    /** When it was closed before it was last brought back; absent where it was not, or had not been closed as rectified. */
    readonly closedBefore?: string | undefined
    /** When the reporter first heard of the case, its end included; absent before. */
    readonly answeredAt?: string | undefined
    /** The last weekly plan it was on. */
    readonly plannedFor?: string | undefined
    /** Cards given for the present term, by colour: a reopened case has a new term. */
    readonly carded?: Readonly<Partial<Record<'yellow' | 'red', string>>> | undefined
    /** Points and scores that the case has given and that stand, and how many it has given so far; absent before the first. */
    readonly credits?: readonly Credit[]
    readonly credited?: number
    /** The last act by a person, so that a late presser learns who was first. */
    readonly last: { readonly act: string; readonly by: string; readonly name: string; readonly at: string } | null
  }

/** Who reported: an account always, a person once it is linked. A camera or sensor is the account `<device>` of the connection `alarm:<source>`, and nobody can be written to there. */
export type Who = {
  readonly account: AccountRef
  readonly conversation: string
  readonly person: string | null
  readonly name: string
}

/**
 * Somebody who must read or act, by role. `persons` are called now, as the `rung`-th stand-in (0 is the role itself) by their `step`-th further account;
 * `called` is everybody who was, and any of them is enough.
 */
export type ReachTarget = {
  readonly role: string
  /** The area for which it was called. */
  readonly area: string | null
  readonly persons: readonly string[]
  readonly called: readonly string[]
  readonly rung: number
  readonly step: number
  /** How often the last stand-in has been called again since nobody is left; absent before. */
  readonly round?: number
  readonly since: string
  readonly reached: { readonly person: string; readonly how: 'read' | 'acted'; readonly at: string } | null
}

export type HazardFile = {
  readonly id: string
  readonly kind: 'photo' | 'voice' | 'video' | 'file'
  readonly stage: Stage
  /** How many returns and reopenings came before it; counted, because a clock can be set back. */
  readonly round: number
  readonly at: string
  readonly by: string
  readonly state: 'fetching' | 'stored' | 'refused' | 'lost'
  /** SHA-256 of the original bytes, of the watermarked picture and of the thumbnail. */
  readonly original: string | null
  readonly watermarked: string | null
  readonly thumbnail: string | null
  readonly because: string | null
  /** The copy for verifiers; null when none can be made, absent before it was asked for. */
  readonly blind?: BlindCopy | null
  /** A voice whose words came with it. */
  readonly heard?: true
  /** What it is compared by; null when there is too little in it, absent for pictures of earlier releases. */
  readonly look?: Look | null
  /** What the verifiers are to look at themselves; absent when nothing was found, and for all but pictures of the repair. */
  readonly checks?: readonly PhotoCheck[]
}

/** A file as the arrival names it; `ref` opens it on the platform it came from. */
export type NewFile = {
  readonly id: string
  readonly kind: HazardFile['kind']
  readonly connection: string
  readonly ref: Readonly<Record<string, string>>
  readonly name: string | null
  /** Set for a voice that its platform has written down: its words are in the message. */
  readonly heard?: true
}

/** What the camera wrote into the photo, if anything. Coordinates are WGS-84 as EXIF defines them. */
export type PhotoFacts = {
  readonly takenAt: string | null
  readonly lat: number | null
  readonly lng: number | null
  readonly datum: 'WGS-84' | null
  /** The camera's zone such as `+08:00`, and the radius of the position in metres; absent where the camera wrote none. */
  readonly offset?: string
  readonly accuracyMetres?: number
}
