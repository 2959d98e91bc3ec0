import type { Overlay } from '../../rules/permits/overlay.ts'
import type { JobFacts, WorkType } from '../../rules/permits/rule-pack.ts'

/**
 * A special-work permit (特殊作业票), one kind of work each (4.6): applied for, its risks analysed, measures confirmed, briefed, signed at the site, started through
 * the gate, watched, closed. Its rules are those of the pack and overlay that held when it was submitted, for ever.
 */
export type PermitStatus =
  | 'draft'
  | 'jsa'
  | 'measures'
  | 'briefing'
  | 'signing'
  | 'issued'
  | 'active'
  | 'suspended'
  | 'completed'
  | 'accepted'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'revoked'

/** Where the work is. `level` metres above (or below, negative) the ground; `line` and `space` name the pipe or vessel where there is one. WGS-84. */
export type WorkPlace = {
  readonly area: string
  readonly point: string
  readonly lat: number
  readonly lng: number
  readonly level: number
  readonly line: string | null
  readonly space: string | null
  readonly outdoors: boolean
}
/** ISO instants. */
export type Period = { readonly from: string; readonly to: string }

/** Person ids; `contractor` a company name or null for own people. */
export type Crew = {
  readonly workLeader: string
  readonly workers: readonly string[]
  readonly attendants: readonly string[]
  readonly contractor: string | null
}

export type LevelFound = {
  readonly level: string
  readonly reason: string
  readonly clause: string
  readonly upgradedFrom: string | null
}

/** Proof that somebody stood at the work point (4.11 a): the rotating code, and a fresh position inside the fence. Metres. */
export type SiteProof = {
  readonly how: 'code' | 'scan' | 'position'
  readonly lat: number | null
  readonly lng: number | null
  readonly accuracy: number | null
  readonly at: string
  /** SHA-256 of the live photo, where one was taken. */
  readonly photo: string | null
}

export type Signature = {
  readonly node: string
  readonly by: string
  readonly at: string
  readonly proof: SiteProof | null
  /** The second factor beside the chat login. */
  readonly factor: 'pin' | null
}

export type MeasureAnswer = {
  readonly line: string
  readonly involved: boolean
  readonly value: number | null
  readonly by: string
  readonly at: string
}

export type IsolationPicture = { readonly original: string; readonly watermarked: string; readonly thumbnail: string }

export type IsolationPoint = {
  readonly id: string
  readonly what: string
  readonly kind: 'mechanical' | 'process' | 'electrical' | 'source'
  /** SHA-256 of the photo of the lock and tag; null until it came. */
  readonly photo: string | null
  /** The photo as it came, with its watermark and small; absent until it came. SHA-256 each. */
  readonly picture?: IsolationPicture
  /** Tried to start or open after isolation, and nothing moved. */
  readonly tried: { readonly by: string; readonly at: string } | null
}

/** One sample at one point. `value` in `unit`; `vol` the same in vol% where it was measured as %LEL. */
export type GasSample = {
  readonly id: string
  readonly point: string
  readonly substance: string
  readonly kind: 'combustible' | 'oxygen' | 'toxic'
  readonly value: number
  readonly unit: 'vol%' | 'LEL%' | 'mg/m3' | 'ppm'
  readonly instrument: string
  readonly calibrationDue: string
  readonly sampledAt: string
  readonly enteredAt: string
  readonly analyst: string
  readonly passed: boolean
  /** The limit that decided and its clause, in words. */
  readonly limit: string
  readonly clause: string
}

export type Attendance = {
  readonly attendant: string
  readonly since: string
  /** Last sign of presence: check-in or answered pulse. */
  readonly lastSeen: string
  /** When the pulse that is not answered yet was sent; null when none waits. */
  readonly asked: string | null
}

export type Suspension = {
  readonly at: string
  readonly by: string | null
  readonly because: SuspendReason
  readonly detail: string
  /** Changed conditions go to re-issue (4.17), never to resume. */
  readonly final: boolean
}
export type SuspendReason =
  | 'stop'
  | 'attendantAbsent'
  | 'gasExpired'
  | 'gasAlarm'
  | 'deviceAlarm'
  | 'weather'
  | 'conflict'
  | 'certificate'
  | 'leader'
  | 'changed'
  | 'emergency'

export type PermitState = {
  readonly status: PermitStatus
  readonly code: string
  readonly site: string
  readonly work: WorkType
  /** Id of the rule pack, and the site's overlay as it was; null while a draft. */
  readonly pack: string | null
  readonly overlay: Overlay | null
  /** Permits of one job (4.6) share it. */
  readonly job: string
  readonly linked: readonly string[]
  readonly applicant: string
  readonly answers: JobFacts
  readonly what: string
  readonly place: WorkPlace | null
  readonly period: Period | null
  readonly crew: Crew | null
  readonly tools: readonly string[]
  /** Who coordinates cross-work here (4.7); null where nobody must. */
  readonly coordinator: string | null
  readonly level: LevelFound | null
  /** What has happened around the place before; null while a draft. */
  readonly around: Around | null
  readonly jsa: { readonly template: string; readonly steps: readonly JsaStep[]; readonly by: string; readonly at: string } | null
  readonly measures: readonly MeasureAnswer[]
  readonly isolations: readonly IsolationPoint[]
  readonly briefing: {
    readonly by: string
    readonly at: string
    readonly receivers: readonly { readonly person: string; readonly at: string }[]
  } | null
  /** Nodes that this permit needs, statutory ones in order with the site's additions between them. */
  readonly chain: readonly ChainStep[]
  readonly signatures: readonly Signature[]
  readonly gas: readonly GasSample[]
  readonly attendance: Attendance | null
  readonly declared: readonly { readonly id: string; readonly by: string; readonly at: string }[]
  readonly suspensions: readonly (Suspension & { readonly endedAt: string | null })[]
  readonly startedAt: string | null
  /** When work last began, at the start or a resumption; null before the start. */
  readonly workingSince: string | null
  /** When work last stopped, for the break rule of the gas test; null while it goes on or never began. */
  readonly stoppedAt: string | null
  readonly completed: {
    readonly by: string
    readonly at: string
    readonly people: number
    readonly tools: number
    readonly note: string
  } | null
  readonly endedAt: string | null
  readonly ending: string | null
  readonly unreached: readonly string[]
  readonly openedAt: string
  /** The template whose analysis must be confirmed before measures; null where none is forced. */
  readonly jsaTemplate: string | null
  /** Wrong codes and PINs by person since their last right one. */
  readonly wrong: Readonly<Record<string, number>>
  readonly conflict: { readonly with: string; readonly leader: string; readonly rule: string; readonly at: string } | null
  readonly called: readonly {
    readonly role: string
    readonly persons: readonly string[]
    readonly rung: number
    readonly at: string
  }[]
  /** When the present status began. */
  readonly since: string
  /** Photos of isolation points that were sent and are not developed yet; absent before the first. */
  readonly photographs?: readonly { readonly file: string; readonly point: string; readonly by: string; readonly at: string }[]
  /** The point whose photo each person pressed for last; absent before the first. */
  readonly photographing?: Readonly<Record<string, string>>
  /** The newest paper: the entry of the journal up to which it tells, and the SHA-256 of the document; absent before the first. */
  readonly paper?: { readonly revision: number; readonly document: string; readonly at: string }
}

export type ChainStep = {
  readonly id: string
  readonly label: string
  readonly role: string
  readonly scope: 'site' | 'area' | 'permit'
  readonly kind: 'confirm' | 'review' | 'countersign' | 'approve' | 'beforeStart' | 'acceptance'
  readonly clause: string
  readonly statutory: boolean
}
export type JsaStep = { readonly step: string; readonly hazard: string; readonly control: string }

/** The thirty days before the submission, for those who approve: permits of the area and how often they were stopped; hazards that are open there now. */
export type Around = { readonly permits: number; readonly stops: number; readonly hazards: number; readonly urgent: number }

/** One condition of the start gate at an instant. The permit may be active only while all hold. */
export type Condition = {
  readonly id: string
  readonly holds: boolean
  readonly clause: string
  /** Key of the words that say what is missing, and their values. */
  readonly because: string
  readonly values: Readonly<Record<string, string>>
}
