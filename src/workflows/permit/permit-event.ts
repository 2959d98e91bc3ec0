import type { Overlay } from '../../rules/permits/overlay.ts'
import type { JobFacts, WorkType } from '../../rules/permits/rule-pack.ts'
import type {
  Around,
  ChainStep,
  Crew,
  GasSample,
  IsolationPicture,
  IsolationPoint,
  JsaStep,
  LevelFound,
  MeasureAnswer,
  Period,
  Signature,
  SuspendReason,
  WorkPlace,
} from './permit.ts'

/** What has happened to a permit. Every version ever written stays readable. Instants are ISO, persons ids. */
export type PermitEvent =
  | {
      readonly type: 'applied'
      readonly code: string
      readonly site: string
      readonly work: WorkType
      readonly job: string
      readonly by: string
      readonly what: string
      readonly at: string
      /** The code of the permit it was copied from. */
      readonly from: string | null
    }
  | {
      readonly type: 'filled'
      readonly answers?: JobFacts
      readonly what?: string
      readonly place?: WorkPlace
      readonly period?: Period
      readonly crew?: Crew
      readonly tools?: readonly string[]
      readonly coordinator?: string | null
      readonly job?: string
      readonly linked?: readonly string[]
      readonly isolations?: readonly IsolationPoint[]
      readonly by: string
      readonly at: string
    }
  | {
      readonly type: 'submitted'
      readonly pack: string
      readonly overlay: Overlay | null
      readonly level: LevelFound
      readonly chain: readonly ChainStep[]
      readonly around: Around
      /** The statutory or own JSA template that must be confirmed; null where none is forced. */
      readonly jsa: string | null
      readonly by: string
      readonly at: string
    }
  | {
      readonly type: 'jsaConfirmed'
      readonly template: string
      readonly steps: readonly JsaStep[]
      readonly by: string
      readonly at: string
    }
  | {
      readonly type: 'measureConfirmed'
      readonly answer: MeasureAnswer /** Was it the last one that was open? */
      readonly last: boolean
    }
  | { readonly type: 'isolationAdded'; readonly point: IsolationPoint; readonly by: string; readonly at: string }
  | { readonly type: 'isolationPhotoAsked'; readonly point: string; readonly by: string; readonly at: string }
  | {
      readonly type: 'isolationPhotoSent'
      readonly file: string
      readonly point: string
      readonly by: string
      readonly at: string
    }
  | {
      readonly type: 'isolationPhotographed'
      readonly point: string
      readonly photo: string
      readonly at: string
      readonly file?: string
      readonly picture?: IsolationPicture
    }
  | {
      readonly type: 'isolationPhotoRefused'
      readonly file: string
      readonly point: string
      readonly because: string
      readonly at: string
    }
  /** The statutory form was made from the journal up to `revision`; `document` is its SHA-256. */
  | { readonly type: 'papered'; readonly revision: number; readonly document: string; readonly at: string }
  | { readonly type: 'isolationTried'; readonly point: string; readonly by: string; readonly at: string; readonly last: boolean }
  | { readonly type: 'briefed'; readonly by: string; readonly at: string }
  | { readonly type: 'briefingReceived'; readonly person: string; readonly at: string; readonly last: boolean }
  | { readonly type: 'codeShown'; readonly by: string; readonly at: string }
  | {
      readonly type: 'signed'
      readonly signature: Signature /** The node that is asked next, null when none is left before the start. */
      readonly next: string | null
    }
  /** A wrong PIN or code: counted, so that guessing ends. */
  | {
      readonly type: 'proofFailed'
      readonly node: string
      readonly by: string
      readonly what: 'pin' | 'digits'
      readonly at: string
    }
  | { readonly type: 'sentBack'; readonly node: string; readonly by: string; readonly reason: string; readonly at: string }
  | { readonly type: 'gasRecorded'; readonly sample: GasSample }
  | { readonly type: 'declared'; readonly need: string; readonly by: string; readonly at: string }
  | { readonly type: 'checkedIn'; readonly attendant: string; readonly at: string }
  | { readonly type: 'pulseAsked'; readonly attendant: string; readonly at: string }
  | { readonly type: 'pulseAnswered'; readonly attendant: string; readonly at: string }
  | { readonly type: 'started'; readonly by: string; readonly at: string }
  | {
      readonly type: 'suspended'
      readonly by: string | null
      readonly because: SuspendReason
      readonly detail: string
      readonly final: boolean
      readonly at: string
    }
  | { readonly type: 'resumed'; readonly by: string; readonly at: string }
  | {
      readonly type: 'completed'
      readonly by: string
      readonly people: number
      readonly tools: number
      readonly note: string
      readonly at: string
    }
  | { readonly type: 'accepted'; readonly by: string; readonly at: string }
  | { readonly type: 'rejected'; readonly by: string; readonly reason: string; readonly at: string }
  | { readonly type: 'cancelled'; readonly by: string; readonly reason: string; readonly at: string }
  | { readonly type: 'expired'; readonly at: string; readonly wasActive: boolean }
  | { readonly type: 'revoked'; readonly by: string; readonly reason: string; readonly at: string }
  | { readonly type: 'conflictFound'; readonly with: string; readonly leader: string; readonly rule: string; readonly at: string }
  | {
      readonly type: 'climbed'
      readonly role: string
      readonly persons: readonly string[]
      readonly rung: number
      readonly at: string
    }
  | { readonly type: 'unreached'; readonly person: string; readonly duty: string; readonly at: string }
