import type { GovernCommand, TriageMore } from './govern.ts'
import type { HazardState, NewFile, PhotoFacts } from './hazard.ts'
import type { Look, ProofCommand } from './proof.ts'

/** Everything that people, clocks and other subjects may ask of a hazard. */
export type HazardCommand =
  | GovernCommand
  | { readonly type: 'report'; readonly text: string; readonly files: readonly NewFile[]; readonly place: HazardState['place'] }
  | {
      readonly type: 'addToReport'
      readonly text: string
      readonly files: readonly NewFile[]
      readonly place: HazardState['place']
    }
  /** An alarm of a camera or sensor. Words of the source stand for area and colour, or nothing; `within` is how long later alarms of the device join its open case. */
  | {
      readonly type: 'raise'
      /** `alarm:<source>`, and the device as the source calls it. */
      readonly source: string
      readonly device: string
      readonly name: string
      readonly text: string
      readonly area: string
      readonly defaultArea: string
      readonly colour: string
      readonly within: number
      readonly files: readonly NewFile[]
    }
  | ({ readonly type: 'triage'; readonly colour: string; readonly area: string; readonly owner: string } & TriageMore)
  | { readonly type: 'accept'; readonly colour: string; readonly area: string }
  | { readonly type: 'reject'; readonly reason: string }
  | { readonly type: 'startRectify' }
  | ProofCommand
  | { readonly type: 'submit' }
  | { readonly type: 'pass' }
  | { readonly type: 'veto'; readonly reason: string }
  | { readonly type: 'reopen'; readonly reason: string }
  | { readonly type: 'climb'; readonly rung: number }
  | { readonly type: 'callOverdue' }
  | { readonly type: 'callReach' }
  | { readonly type: 'noteReached'; readonly person: string; readonly how: string; readonly at: string }
  | { readonly type: 'acknowledge' }
  | { readonly type: 'answerReporter' }
  | { readonly type: 'joinPlan' }
  | { readonly type: 'redraw' }
  | {
      readonly type: 'storePhoto'
      readonly file: string
      readonly original: string
      readonly watermarked: string
      readonly thumbnail: string
      readonly exif: PhotoFacts
      /** What it is compared by; null when there is too little in the picture. */
      readonly look?: Look | null
    }
  | { readonly type: 'refusePhoto'; readonly file: string; readonly because: string; readonly original: string | null }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }
