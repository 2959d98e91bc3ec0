import type { CardColour, FollowUp, PenaltyCause } from '../../rules/penalties.ts'

export { type FollowUp, followUps } from '../../rules/penalties.ts'

/** Who holds a card. */
export type Holder = { readonly kind: 'person' | 'team' | 'contractor'; readonly id: string }

/** Who was asked to decide something, in which role of the list, and when the next is asked. */
export type Asked = { readonly persons: readonly string[]; readonly level: number; readonly until: string }
export type Question = 'confirm' | 'review' | 'freeze' | FollowUp

export type Decider = { readonly by: string; readonly name: string; readonly at: string; readonly reason: string }

export type FreezeStatus = 'none' | 'requested' | 'confirmed' | 'declined' | 'lapsed'

/** A red or yellow card, from its proposal or its rule to its end. Overturned cards leave every statistic and stay in the journal. */
export type PenaltyState = {
  /** `expired` is a yellow card past its life; `withdrawn` a red one whose yellow card was overturned. */
  readonly status: 'proposed' | 'declined' | 'issued' | 'underAppeal' | 'expired' | 'overturned' | 'withdrawn'
  readonly site: string
  readonly code: string
  readonly rules: string
  readonly holder: Holder
  readonly holderName: string
  /** Who answered for the holder when the card was raised. */
  readonly speakers: readonly string[]
  readonly team: string
  /** The contractor that the holder works for; absent for the plant's own people. */
  readonly company?: string
  readonly colour: CardColour
  readonly cause: PenaltyCause
  readonly reason: string
  /** The case it is about: its id, its code as people read it, and the round of it. */
  readonly case: string | null
  readonly caseCode: string | null
  readonly round: number
  /** The two yellow cards that a red one of `twoYellows` stands on. */
  readonly cards: readonly string[]
  readonly raisedAt: string
  /** The officer who proposed it; null when it follows from a rule. */
  readonly proposer: { readonly by: string; readonly name: string } | null
  readonly confirmer: Decider | null
  readonly issuedAt: string | null
  readonly expiresAt: string | null
  readonly expired: boolean
  /** Until when it can be appealed; null while the calendar cannot say, which keeps the way open. */
  readonly appealUntil: string | null
  readonly appealClosed: boolean
  readonly appeal: Decider | null
  readonly verdict: Decider | null
  readonly freeze: FreezeStatus
  readonly freezeUntil: string | null
  readonly freezer: Decider | null
  /** The yellow card it made a red one with, and the id of that one. */
  readonly pair: { readonly with: string; readonly red: string } | null
  /** Talk and re-training that were held, with their minutes; absent before the first. */
  readonly held?: Readonly<Partial<Record<FollowUp, Decider>>>
  readonly asked: Readonly<Partial<Record<Question, Asked>>>
  readonly last: { readonly act: string; readonly name: string; readonly at: string } | null
}

/** What a command from the machine says of a card that a rule gives. */
export type Issue = {
  readonly type: 'issue'
  readonly holder: Holder
  readonly colour: CardColour
  readonly cause: PenaltyCause
  readonly reason: string
  readonly case: string | null
  readonly code: string | null
  readonly round: number
  readonly at: string
  /** Who reported what this card is about, where somebody did. */
  readonly reporter?: string | null
  readonly cards?: readonly string[]
}

export type PenaltyCommand =
  | Issue
  /** Said by a safety officer: `提议红牌 王强 未做气体检测`. */
  | { readonly type: 'propose'; readonly text: string }
  | { readonly type: 'confirm' }
  | { readonly type: 'decline'; readonly reason: string }
  | { readonly type: 'appeal'; readonly reason: string }
  | { readonly type: 'uphold'; readonly reason: string }
  | { readonly type: 'overturn'; readonly reason: string }
  | { readonly type: 'confirmFreeze' }
  | { readonly type: 'declineFreeze'; readonly reason: string }
  /** The talk or the re-training was held; the words are its minutes. */
  | { readonly type: 'noteTalk'; readonly reason: string }
  | { readonly type: 'noteTraining'; readonly reason: string }
  | { readonly type: 'expire' }
  | { readonly type: 'closeAppeal' }
  | { readonly type: 'askAgain'; readonly question: Question }
  /** Looks whether this yellow card makes a red one with another. */
  | { readonly type: 'weigh'; readonly holder: Holder }
  /** This yellow card was overturned: red ones that stand on it fall. */
  | { readonly type: 'settle'; readonly holder: Holder }
  | { readonly type: 'withdraw'; readonly card: string }
  /** A card of one of its people was given or has fallen: looks whether the team or contractor gets one of its own, or loses it. */
  | { readonly type: 'weighGroup'; readonly holder: Holder }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

type Decided = { readonly by: string; readonly name: string; readonly at: string }

export type PenaltyEvent =
  | ({ readonly type: 'raised'; readonly proposer: PenaltyState['proposer']; readonly at: string } & Pick<
      PenaltyState,
      | 'site'
      | 'code'
      | 'rules'
      | 'holder'
      | 'holderName'
      | 'speakers'
      | 'team'
      | 'company'
      | 'colour'
      | 'cause'
      | 'reason'
      | 'case'
      | 'caseCode'
      | 'round'
      | 'cards'
    >)
  | {
      readonly type: 'issued'
      readonly confirmer: Decided | null
      readonly at: string
      readonly expiresAt: string | null
      readonly appealUntil: string | null
    }
  | ({ readonly type: 'declined'; readonly reason: string } & Decided)
  | { readonly type: 'lapsed'; readonly at: string }
  | {
      readonly type: 'asked'
      readonly question: Question
      readonly role: string
      readonly persons: readonly string[]
      readonly level: number
      readonly until: string
      readonly at: string
    }
  | { readonly type: 'freezeRequested'; readonly until: string; readonly at: string }
  | ({ readonly type: 'freezeConfirmed' } & Decided)
  | ({ readonly type: 'freezeDeclined'; readonly reason: string } & Decided)
  | { readonly type: 'freezeLapsed'; readonly at: string }
  | ({ readonly type: 'appealed'; readonly reason: string } & Decided)
  | ({ readonly type: 'upheld'; readonly reason: string; readonly freezeUntil: string | null } & Decided)
  | ({ readonly type: 'overturned'; readonly reason: string } & Decided)
  | ({ readonly type: 'talkHeld' | 'trainingHeld'; readonly reason: string } & Decided)
  | { readonly type: 'expired'; readonly at: string }
  | { readonly type: 'appealClosed'; readonly at: string }
  | { readonly type: 'paired'; readonly with: string; readonly red: string; readonly at: string }
  | { readonly type: 'withdrawn'; readonly card: string; readonly at: string }
  | { readonly type: 'unreachable'; readonly person: string; readonly duty: string; readonly at: string }

/** What the index row `penalty` says of a card, under `person:<id>`, `team:<id>` or `contractor:<id>`. */
export type PenaltyNote = {
  readonly code: string
  readonly colour: CardColour
  readonly cause: PenaltyCause
  readonly status: PenaltyState['status']
  readonly case: string | null
  readonly caseCode: string | null
  readonly round: number
  readonly pair: PenaltyState['pair']
  readonly cards: readonly string[]
}

export const holderKey = ({ kind, id }: Holder): string => `${kind}:${id}`

/** Given, and neither overturned nor withdrawn. */
export const stands = ({ status }: Pick<PenaltyState, 'status'>): boolean =>
  status === 'issued' || status === 'underAppeal' || status === 'expired'

/** Counts in boards and statistics: what is under appeal is hidden until it is decided. */
export const counts = ({ status }: Pick<PenaltyState, 'status'>): boolean => status === 'issued' || status === 'expired'
