import type { CauseItem, QuestionKind, Severity } from '../../rules/hazard-grades.ts'
import type { Colour } from '../../rules/sla.ts'

export type { QuestionKind }

/** The five fixes (五落实) of a rectification. For a general hazard money and contingency are `不需要` unless somebody says otherwise. */
export type Fixes = {
  readonly owner: string
  readonly measure: string
  readonly funding: string
  /** The instant by which it is done. */
  readonly deadline: string
  readonly contingency: string
}

/** What an owner asks for beyond their own power. */
export type Request = {
  readonly kind: Extract<QuestionKind, 'deferral' | 'extension'>
  readonly by: string
  readonly name: string
  readonly at: string
  /** The new term, or until when it rests. */
  readonly until: string
  readonly reason: string
  /** What keeps people safe meanwhile; empty where none is demanded. */
  readonly interim: string
}

export type Asked = {
  readonly kind: QuestionKind
  readonly persons: readonly string[]
  /** How many times whoever stands in was called. */
  readonly level: number
  readonly at: string
}

export type Moved = {
  readonly from: string
  readonly to: string
  readonly by: string
  readonly reason: string
  readonly interim: string
  readonly at: string
}

/** How the case ended that this one is told with. */
export type MergedResult = { readonly ending: 'closed' | 'rejected'; readonly reason: string; readonly at: string }

/** How this hazard repeats what was there before: the `count`-th in so many days, and how often the last rectification had been returned. */
export type Repeat = { readonly count: number; readonly days: number; readonly returned: number }

/** What a case remembers of its grade and treatment; each absent until it happens. */
export type GovernState = {
  /** The rules of treatment under which it opened; absent for cases of the first release, of which nothing more is demanded. */
  readonly grades?: string | undefined
  readonly severity?: Severity
  /** The criteria by which it was judged major. */
  readonly basis?: string | undefined
  readonly category?: string
  readonly triager?: { readonly person: string; readonly name: string }
  readonly causes?: Readonly<Partial<Record<CauseItem, string>>>
  readonly measure?: string
  /** The plan of a major hazard, as proposed or approved. */
  readonly plan?: (Fixes & { readonly by: string; readonly at: string; readonly approved: boolean }) | undefined
  /** Why the last plan was sent back. */
  readonly planReturned?: string | undefined
  readonly request?: Request | undefined
  readonly asked?: Asked | undefined
  readonly deferral?: (Request & { readonly from: string }) | undefined
  readonly deferrals?: number | undefined
  readonly extensions?: readonly Moved[] | undefined
  /** The first term of the present rectification, by which it is judged whether it was closed on time. */
  readonly firstDueAt?: string
  /** The new owner has yet to say that they have the case. */
  readonly handover?: { readonly from: string; readonly to: string; readonly at: string; readonly count: number } | undefined
  readonly merged?: { readonly into: string; readonly code: string; readonly result?: MergedResult } | undefined
  /** Codes of cases that were merged into this one, and their ids as far as they were told. */
  readonly absorbed?: readonly string[]
  readonly absorbedIds?: readonly string[]
  readonly repeat?: Repeat | undefined
  /** Its place was reported as a frequent source with this case. */
  readonly source?: { readonly count: number; readonly at: string }
}

type Causes = Readonly<Partial<Record<CauseItem, string>>>

/** What a form of the triage may say besides colour, area and owner. */
export type TriageMore = Causes & {
  /** `general`, or the id of the criteria by which it is major. */
  readonly severity?: string
  readonly category?: string
  /** Code of a piece of equipment, or `none`. */
  readonly equipment?: string
  readonly measure?: string
  /** Days from now, where it shall be earlier than the colour says. */
  readonly deadline?: string
}

type Words = { readonly reason?: string }

export type GovernCommand =
  | ({ readonly type: 'explain' } & Causes & Words)
  | ({ readonly type: 'regrade'; readonly severity?: string; readonly colour?: string } & Words)
  | {
      readonly type: 'proposePlan'
      readonly owner?: string
      readonly measure?: string
      readonly funding?: string
      readonly deadline?: string
      readonly contingency?: string
    }
  | { readonly type: 'approve' }
  | ({ readonly type: 'sendBack' } & Words)
  | ({ readonly type: 'extend'; readonly until?: string; readonly interim?: string } & Words)
  | ({ readonly type: 'defer'; readonly until?: string; readonly interim?: string } & Words)
  | { readonly type: 'resume' }
  | { readonly type: 'endDeferral' }
  | { readonly type: 'callDecider' }
  | ({ readonly type: 'merge'; readonly into?: string } & Words)
  | { readonly type: 'absorb'; readonly from: string; readonly code: string; readonly text: string }
  | { readonly type: 'comeBack'; readonly code: string }
  /** The case that this one was merged into has ended. */
  | ({ readonly type: 'tellResult'; readonly code: string } & MergedResult)
  | { readonly type: 'handOver'; readonly owner?: string }
  | { readonly type: 'takeOver' }
  | { readonly type: 'callTakeOver' }

type By = { readonly by: string; readonly name: string; readonly at: string }

export type GovernEvent =
  | ({ readonly type: 'explained'; readonly causes: Causes } & By)
  | ({
      readonly type: 'regraded'
      readonly severity: Severity
      readonly basis?: string | undefined
      readonly colour: Colour
      readonly reason: string
      readonly dueAt: string | null
    } & By)
  | { readonly type: 'listed'; readonly at: string }
  | ({ readonly type: 'planProposed' } & Fixes & By)
  | ({ readonly type: 'planApproved'; readonly owner: string; readonly dueAt: string } & By)
  | ({ readonly type: 'planReturned'; readonly reason: string } & By)
  | { readonly type: 'verified'; readonly at: string }
  | ({
      readonly type: 'askedFor'
      readonly kind: Request['kind']
      readonly until: string
      readonly reason: string
      readonly interim: string
    } & By)
  | {
      readonly type: 'deciderAsked'
      readonly kind: QuestionKind
      readonly persons: readonly string[]
      readonly level: number
      readonly at: string
    }
  | ({ readonly type: 'extended'; readonly dueAt: string } & By)
  | ({ readonly type: 'deferred'; readonly until: string; readonly interim: string } & By)
  | ({ readonly type: 'declined'; readonly reason: string } & By)
  | { readonly type: 'requestLapsed'; readonly at: string }
  | { readonly type: 'resumed'; readonly dueAt: string; readonly at: string }
  | ({ readonly type: 'merged'; readonly into: string; readonly code: string; readonly reason: string } & By)
  | {
      readonly type: 'absorbed'
      readonly code: string
      /** The case itself; absent from journals before its reporter was told of the end. */
      readonly from?: string
      readonly text: string
      readonly at: string
    }
  | ({ readonly type: 'resultTold'; readonly code: string } & MergedResult)
  | ({ readonly type: 'handedOver'; readonly from: string; readonly owner: string } & By)
  | ({ readonly type: 'takenOver' } & By)
  | { readonly type: 'takeOverCalled'; readonly count: number; readonly at: string }
  | {
      readonly type: 'repeated'
      readonly repeat: Repeat | null
      readonly colour: Colour
      /** For the first time of this case, so that it is counted once. */
      readonly first: boolean
      readonly at: string
    }
  | { readonly type: 'sourceReported'; readonly count: number; readonly persons: readonly string[]; readonly at: string }
