import type { EvidenceItem } from '../../rules/evidence.ts'
import type { VerdictOutcome, VerdictSeat } from '../verdict/verdict.ts'
import type { NewFile } from './hazard.ts'

/** What a picture or document of a case shows: the hazard, the repair under way, the repair, or an inspection or test report. */
export type Stage = 'before' | 'during' | 'after' | 'report'

/** What a picture is compared by: 64 bits to find it, 256 to tell a copy from a photo taken anew at the same spot. */
export type Look = { readonly likeness: string; readonly print: string }

/** What nobody but a person can settle about a picture of the repair; worded for verifiers. Nothing that is missing counts as in order. */
export type PhotoCheck =
  | 'no-time'
  | 'time-before'
  | 'time-ahead'
  | 'no-place'
  | 'outside'
  | 'no-fence'
  | 'blank'
  | 'alike'
  | 'many'

/** A picture for verifiers: neither person nor position on it, no metadata in it. SHA-256 of the picture and of its thumbnail. */
export type BlindCopy = { readonly watermarked: string; readonly thumbnail: string }

/** A signature at level L0: the account is proven by its platform, the words are the person's own. `covers` is the hash of the evidence it was given for. */
export type Signature = {
  readonly item: Extract<EvidenceItem, 'signature' | 'areaSignature'>
  readonly person: string
  readonly words: string
  readonly level: 'L0'
  readonly covers: string
  readonly at: string
}

/** One of the two verifiers of a submission. `verifier` is null while nobody could be drawn. */
export type Seat = {
  readonly seat: VerdictSeat
  readonly verifier: string | null
  /** The verdict that was asked for. */
  readonly verdict: string | null
  /** The verdict is awaited until then; null on a vacant seat. */
  readonly dueAt: string | null
  readonly outcome: 'passed' | 'vetoed' | null
}

/** What a case remembers of its evidence and its verification; each absent until it happens. */
export type ProofState = {
  /** The rules of evidence under which it opened; absent for cases of the first release, which keep theirs. */
  readonly evidence?: string
  /** What the next files of the owner show; after the repair when absent. */
  readonly collecting?: Stage
  /** Signatures of the present evidence; void as soon as evidence is added. */
  readonly signed?: readonly Signature[]
  /** Who may give the second signature that is awaited, and who of them was asked for it. */
  readonly confirming?: readonly string[]
  readonly askedToConfirm?: readonly string[]
  /** The verifiers of the present submission, or of the last one. */
  readonly seats?: readonly Seat[]
  readonly blindness?: Blindness
  /** How many draws there have been, over all submissions. */
  readonly draws?: number
  /** Everybody who owned the case before its present owner: none of them ever verifies it. */
  readonly formerOwners?: readonly string[]
  /** Who has been shown the case by name, or has acted in it: none of them judges it blind. */
  readonly knows?: readonly string[]
  /** Who was told of the case without names, because nobody could be drawn otherwise. */
  readonly nameless?: readonly string[]
  /** Officers who declared an interest in the case: never drawn for it again. */
  readonly conflicts?: readonly string[]
}

export type Blindness = 'double' | 'single'

/** A candidate and how many verdicts were asked of them lately. */
export type Candidate = readonly [person: string, load: number]

/** One draw, with all that is needed to find it again: who could be drawn, the hash of that, the lot. */
export type DrawnSeat = {
  readonly seat: VerdictSeat
  readonly verifier: string
  readonly verdict: string
  readonly pool: readonly Candidate[]
  readonly poolHash: string
  readonly label: string
  readonly number: string
  readonly dueAt: string
}

export type ProofCommand =
  | { readonly type: 'showDuring' }
  | { readonly type: 'showReport' }
  | { readonly type: 'addEvidence'; readonly text: string; readonly files: readonly NewFile[] }
  | { readonly type: 'sign'; readonly reason: string }
  | { readonly type: 'confirmRepair'; readonly reason: string }
  | {
      readonly type: 'recordVerdict'
      readonly verdict: string
      readonly outcome: VerdictOutcome
      readonly reason: string
    }
  | { readonly type: 'greetVerdict'; readonly verdict: string }
  | { readonly type: 'storeBlind'; readonly file: string; readonly watermarked: string; readonly thumbnail: string }
  | { readonly type: 'refuseBlind'; readonly file: string }
  | { readonly type: 'noteSeen'; readonly person: string }

export type ProofEvent =
  | { readonly type: 'collecting'; readonly stage: Stage; readonly at: string }
  | {
      readonly type: 'signed'
      readonly item: Signature['item']
      readonly by: string
      readonly name: string
      readonly words: string
      readonly level: 'L0'
      readonly covers: string
      /** Who may give the second signature now. */
      readonly asks: readonly string[]
      /** Who of them is asked for it; everybody where it is absent. */
      readonly first?: readonly string[]
      readonly at: string
    }
  | {
      readonly type: 'verifiersDrawn'
      readonly seats: readonly DrawnSeat[]
      readonly blindness: Blindness
      /** The day whose key was used, and what binds that key. */
      readonly epoch: string
      readonly commitment: string
      /** Nobody could be left out for being off shift: there is no roster. Absent where shifts do not matter, and in journals of earlier releases. */
      readonly shifts?: 'unknown'
      readonly at: string
    }
  | { readonly type: 'verdictGiven'; readonly seat: VerdictSeat; readonly outcome: 'passed' | 'vetoed'; readonly at: string }
  | {
      readonly type: 'verifierReleased'
      readonly seat: VerdictSeat
      readonly because: Exclude<VerdictOutcome, 'passed' | 'vetoed'> | 'seen'
      readonly at: string
    }
  /** They have looked the case up by its code, and know it. */
  | { readonly type: 'seen'; readonly persons: readonly string[]; readonly at: string }
  | { readonly type: 'seatVacant'; readonly seat: VerdictSeat; readonly at: string }
  | { readonly type: 'blindStored'; readonly file: string; readonly watermarked: string; readonly thumbnail: string }
  | { readonly type: 'blindRefused'; readonly file: string }
  | { readonly type: 'fileKept'; readonly file: string; readonly original: string }
