import type { Colour, Rung } from '../../rules/sla.ts'
import type { AccountRef } from '../workflow.ts'

/** Hazard (隐患): an unsafe condition, act or management gap, from the report to the proven closing. */
export type HazardStatus = 'reported' | 'triaged' | 'accepted' | 'rectifying' | 'submitted' | 'verifying' | 'closed' | 'rejected'

export type HazardState = {
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
  readonly suggestion: { readonly colour: Colour; readonly area: string | null }
  readonly colour: Colour | null
  readonly area: string | null
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
  /** The last act by a person, so that a late presser learns who was first. */
  readonly last: { readonly act: string; readonly by: string; readonly name: string; readonly at: string } | null
}

/** Who reported: an account always, a person once it is linked. */
export type Who = {
  readonly account: AccountRef
  readonly conversation: string
  readonly person: string | null
  readonly name: string
}

export type HazardFile = {
  readonly id: string
  readonly kind: 'photo' | 'voice' | 'video' | 'file'
  readonly stage: 'before' | 'after'
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
}

/** A file as the arrival names it; `ref` opens it on the platform it came from. */
export type NewFile = {
  readonly id: string
  readonly kind: HazardFile['kind']
  readonly connection: string
  readonly ref: Readonly<Record<string, string>>
  readonly name: string | null
}

export type HazardCommand =
  | { readonly type: 'report'; readonly text: string; readonly files: readonly NewFile[]; readonly place: HazardState['place'] }
  | {
      readonly type: 'addToReport'
      readonly text: string
      readonly files: readonly NewFile[]
      readonly place: HazardState['place']
    }
  | { readonly type: 'triage'; readonly colour: string; readonly area: string; readonly owner: string }
  | { readonly type: 'accept'; readonly colour: string; readonly area: string }
  | { readonly type: 'reject'; readonly reason: string }
  | { readonly type: 'startRectify' }
  | { readonly type: 'addEvidence'; readonly text: string; readonly files: readonly NewFile[] }
  | { readonly type: 'submit' }
  | { readonly type: 'pass' }
  | { readonly type: 'veto'; readonly reason: string }
  | { readonly type: 'reopen'; readonly reason: string }
  | { readonly type: 'climb'; readonly rung: number }
  | { readonly type: 'callOverdue' }
  | { readonly type: 'redraw' }
  | {
      readonly type: 'storePhoto'
      readonly file: string
      readonly original: string
      readonly watermarked: string
      readonly thumbnail: string
      readonly exif: PhotoFacts
    }
  | { readonly type: 'refusePhoto'; readonly file: string; readonly because: string; readonly original: string | null }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

/** What the camera wrote into the photo, if anything. Coordinates are WGS-84 as EXIF defines them. */
export type PhotoFacts = {
  readonly takenAt: string | null
  readonly lat: number | null
  readonly lng: number | null
  readonly datum: 'WGS-84' | null
}

export type HazardEvent =
  | {
      readonly type: 'reported'
      readonly site: string
      readonly code: string
      readonly at: string
      readonly reporter: Who
      readonly text: string
      readonly files: readonly HazardFile[]
      readonly place: HazardState['place']
      readonly team: string
      readonly suggestion: HazardState['suggestion']
      readonly ladder: readonly Rung[]
      readonly sla: string
    }
  | {
      readonly type: 'added'
      readonly text: string
      readonly files: readonly HazardFile[]
      readonly place: HazardState['place']
      readonly suggestion: HazardState['suggestion']
    }
  | {
      readonly type: 'called'
      readonly rung: number
      readonly role: string
      readonly persons: readonly string[]
      readonly at: string
      readonly next: HazardState['nextClimb']
    }
  | {
      readonly type: 'triaged'
      readonly colour: Colour
      readonly area: string
      readonly owner: string
      readonly by: string
      readonly name: string
      readonly at: string
      readonly dueAt: string
    }
  | { readonly type: 'accepted'; readonly by: string; readonly name: string; readonly at: string }
  | { readonly type: 'rejected'; readonly by: string; readonly name: string; readonly reason: string; readonly at: string }
  | { readonly type: 'rectificationStarted'; readonly by: string; readonly name: string; readonly at: string }
  | {
      readonly type: 'evidenceAdded'
      readonly by: string
      readonly text: string
      readonly files: readonly HazardFile[]
      readonly at: string
    }
  | { readonly type: 'submitted'; readonly by: string; readonly name: string; readonly at: string }
  | {
      readonly type: 'verifierDrawn'
      readonly verifier: string
      readonly pool: readonly string[]
      readonly seed: string
      readonly at: string
    }
  | { readonly type: 'verifierMissing'; readonly at: string }
  | { readonly type: 'vetoed'; readonly by: string; readonly name: string; readonly reason: string; readonly at: string }
  | { readonly type: 'closed'; readonly by: string; readonly name: string; readonly at: string }
  | {
      readonly type: 'reopened'
      readonly by: string
      readonly name: string
      readonly reason: string
      readonly at: string
      /** Who goes on rectifying until `dueAt`; null when the ladder starts anew. */
      readonly owner: string | null
      readonly dueAt: string | null
      readonly appeal: boolean
    }
  | { readonly type: 'overdueCalled'; readonly count: number; readonly at: string }
  | {
      readonly type: 'photoStored'
      readonly file: string
      readonly original: string
      readonly watermarked: string
      readonly thumbnail: string
      readonly exif: PhotoFacts
    }
  | { readonly type: 'photoRefused'; readonly file: string; readonly because: string; readonly original: string | null }
  | { readonly type: 'unreachable'; readonly person: string; readonly duty: string; readonly at: string }
