import type { NewFile } from '../hazard/hazard.ts'
import type { Crew, SuspendReason, WorkPlace } from './permit.ts'

/** A position as a page's browser gives it: `lat,lng,accuracy in metres,milliseconds since 1970`. */
export type PositionText = string

/** Everything that may be asked of a permit. Text fields come from forms and are strings; what a form leaves out is missing. */
export type PermitCommand =
  /** 申请动火作业：… Opens a draft; `和昨天3号罐一样` copies the newest of the applicant's at that place. */
  | { readonly type: 'apply'; readonly text: string }
  /** Opens with what another permit said, by the machine, for 重新开票. */
  | { readonly type: 'applyAgain'; readonly by: string; readonly from: string; readonly copy: Copied }
  | ({ readonly type: 'fill' } & Readonly<Record<string, string>>)
  | { readonly type: 'submit' }
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'confirmJsa' }
  | { readonly type: 'confirmMeasure'; readonly line: string; readonly involved: string; readonly value?: string }
  | { readonly type: 'addIsolation'; readonly what: string; readonly kind: string }
  | { readonly type: 'tryIsolation'; readonly point: string }
  /** What is sent next in this chat are photos of the isolation, of this point first. */
  | { readonly type: 'photographIsolation'; readonly point?: string }
  | { readonly type: 'addIsolationPhoto'; readonly text: string; readonly files: readonly NewFile[] }
  | {
      readonly type: 'storePhoto'
      readonly file: string
      readonly original: string
      readonly watermarked: string
      readonly thumbnail: string
    }
  | { readonly type: 'refusePhoto'; readonly file: string; readonly because: string; readonly original: string | null }
  /** The statutory form was made and stored. */
  | { readonly type: 'notePaper'; readonly revision: number; readonly document: string }
  | { readonly type: 'brief' }
  | { readonly type: 'receiveBriefing' }
  /** Shows the rotating code of the work point to whoever stands there with their phone. */
  | { readonly type: 'showCode' }
  | {
      readonly type: 'sign'
      readonly digits?: string
      readonly position?: PositionText
      readonly pin?: string
      readonly reason?: string
    }
  | { readonly type: 'sendBack'; readonly reason: string }
  | ({ readonly type: 'recordGas' } & Readonly<Record<string, string>>)
  | { readonly type: 'declare'; readonly need: string }
  | { readonly type: 'checkIn'; readonly digits?: string; readonly position?: PositionText }
  | { readonly type: 'answerPulse'; readonly digits?: string; readonly position?: PositionText }
  | { readonly type: 'start' }
  | { readonly type: 'pause'; readonly reason: string }
  /** 停止作业, by anybody at the site who sees danger. */
  | { readonly type: 'stopWork'; readonly reason?: string }
  | { readonly type: 'reportChange'; readonly reason: string }
  | { readonly type: 'resume' }
  | { readonly type: 'complete'; readonly people: string; readonly tools: string; readonly note?: string }
  | { readonly type: 'reissue' }
  | { readonly type: 'revoke'; readonly reason: string }
  | { readonly type: 'suspendBy'; readonly because: SuspendReason; readonly detail: string }
  | { readonly type: 'noteConflict'; readonly with: string; readonly leader: string; readonly rule: string }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }
  | { readonly type: 'recheck' }
  | { readonly type: 'watch' }
  | { readonly type: 'climb'; readonly rung: number }

/** What a new application takes over from an earlier permit: never measures, signatures, gas or proofs. */
export type Copied = {
  readonly work: string
  readonly what: string
  readonly answers: Readonly<Record<string, boolean | number | string | readonly string[]>>
  readonly place: WorkPlace | null
  readonly crew: Crew | null
  readonly tools: readonly string[]
  readonly hours: number
  readonly isolations: readonly { readonly what: string; readonly kind: string }[]
  readonly job: string
}
