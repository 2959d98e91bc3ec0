import type { Severity } from '../../rules/hazard-grades.ts'
import type { Colour, Rung } from '../../rules/sla.ts'
import type { Credit } from './credits.ts'
import type { GovernEvent } from './govern.ts'
import type { HazardFile, HazardState, HazardStatus, PhotoFacts, Who } from './hazard.ts'
import type { Look, PhotoCheck, ProofEvent } from './proof.ts'

/** Everything that can have happened to a hazard; what the first release wrote has no newer fields, so those are optional. */
export type HazardEvent =
  | GovernEvent
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
      /** The rules of treatment; absent from reports of the first release. */
      readonly grades?: string
      readonly evidence?: string
    }
  | {
      readonly type: 'added'
      /** Absent in journals of the first release. */
      readonly at?: string
      readonly text: string
      readonly files: readonly HazardFile[]
      readonly place: HazardState['place']
      readonly suggestion: HazardState['suggestion']
    }
  | {
      readonly type: 'alarmed'
      readonly count: number
      readonly at: string
      readonly text: string
      readonly files: readonly HazardFile[]
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
      /** Legal grade, the criteria it was judged by, kind and measure; absent from triages of the first release. */
      readonly severity?: Severity
      readonly basis?: string | undefined
      readonly category?: string
      readonly measure?: string
      /** Absent where the plant has listed no equipment. */
      readonly equipment?: string | null
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
  | ProofEvent
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
      readonly type: 'overdueCarded'
      readonly card: 'yellow' | 'red'
      readonly persons: readonly string[]
      readonly at: string
    }
  | {
      readonly type: 'reachCalled'
      readonly role: string
      readonly area: string | null
      readonly persons: readonly string[]
      readonly rung: number
      readonly step: number
      readonly round?: number
      /** Besides those who were called before; else from the start. */
      readonly again: boolean
      /** Of these, who sees no names. */
      readonly nameless?: readonly string[]
      readonly at: string
    }
  | { readonly type: 'reached'; readonly person: string; readonly how: 'read' | 'acted'; readonly at: string }
  | {
      readonly type: 'informed'
      readonly persons: readonly string[]
      readonly nameless?: readonly string[]
      readonly at: string
    }
  | { readonly type: 'reporterAnswered'; readonly count: number; readonly status: HazardStatus; readonly at: string }
  | { readonly type: 'planned'; readonly week: string; readonly planner: string | null; readonly at: string }
  | {
      readonly type: 'photoStored'
      readonly file: string
      readonly original: string
      readonly watermarked: string
      readonly thumbnail: string
      readonly exif: PhotoFacts
      /** Absent in journals of earlier releases. */
      readonly look?: Look | null
      readonly checks?: readonly PhotoCheck[]
    }
  | {
      readonly type: 'photoRefused'
      readonly file: string
      readonly because: string
      readonly original: string | null
      /** The case and the picture of which it is a copy. */
      readonly twin?: readonly [subject: string, file: string]
    }
  | { readonly type: 'unreachable'; readonly person: string; readonly duty: string; readonly at: string }
  | ({ readonly type: 'credited' } & Credit)
  | ({ readonly type: 'discredited' } & Credit)
