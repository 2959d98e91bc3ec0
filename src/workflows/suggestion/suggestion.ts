import type { Sender } from '../pieces.ts'

/** Suggestion (合理化建议): from anybody, over the team lead, to whoever approves or declines it, to who implements it. The suggester is always answered. */
export type SuggestionState = {
  /** `proposed`: the team lead's turn. `forwarded`: the deciders'. `approved`: the implementer's. */
  readonly status: 'proposed' | 'forwarded' | 'approved' | 'declined' | 'implemented'
  readonly code: string
  readonly rule: string
  readonly text: string
  readonly suggester: Sender
  readonly team: string
  readonly proposedAt: string
  /** Whose turn it is while nothing is decided, and in which role; empty when nobody could be found, of which the operators know. */
  readonly asked: readonly string[]
  readonly role: string
  /** What the team lead said of it. */
  readonly opinion: { readonly by: string; readonly text: string; readonly at: string } | null
  readonly decided: { readonly by: string; readonly at: string; readonly reason: string | null } | null
  readonly implementer: string | null
  readonly dueAt: string | null
  readonly overdue: number
  /** How it was implemented. */
  readonly note: string | null
  /** How often the suggester was told that it is still undecided. */
  readonly progress: number
  readonly unreached: readonly string[]
  readonly endedAt: string | null
}

/** Where a text is optional it is missing from what a card sends; `reason` are the words that answer a question. */
export type SuggestionCommand =
  | { readonly type: 'propose'; readonly text: string }
  | { readonly type: 'endorse'; readonly opinion: string }
  | { readonly type: 'approve'; readonly implementer?: string; readonly reason?: string }
  | { readonly type: 'decline'; readonly reason: string }
  | { readonly type: 'reassign'; readonly implementer?: string; readonly reason?: string }
  | { readonly type: 'finish'; readonly reason: string }
  | { readonly type: 'passOn' }
  | { readonly type: 'tellProgress' }
  | { readonly type: 'callOverdue' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type SuggestionEvent =
  | {
      readonly type: 'proposed'
      readonly code: string
      readonly rule: string
      readonly text: string
      readonly suggester: Sender
      readonly team: string
      readonly at: string
      readonly asked: readonly string[]
    }
  | { readonly type: 'endorsed'; readonly by: string; readonly opinion: string; readonly at: string }
  /** It went to the deciders: after the lead's word, by the clock, or because there is no lead to ask. */
  | { readonly type: 'forwarded'; readonly role: string; readonly persons: readonly string[]; readonly at: string }
  | { readonly type: 'approved'; readonly by: string; readonly implementer: string; readonly dueAt: string; readonly at: string }
  | { readonly type: 'declined'; readonly by: string; readonly reason: string; readonly at: string }
  | { readonly type: 'reassigned'; readonly by: string; readonly implementer: string; readonly at: string }
  | { readonly type: 'implemented'; readonly by: string; readonly note: string; readonly at: string }
  | { readonly type: 'progressTold'; readonly count: number; readonly persons: readonly string[]; readonly at: string }
  | { readonly type: 'overdueCalled'; readonly count: number; readonly at: string }
  | { readonly type: 'unreached'; readonly person: string; readonly at: string }
