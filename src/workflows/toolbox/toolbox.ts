import { hours, type Millis, minutes } from '../../lib/clock.ts'

/**
 * Toolbox talk (班前会): before the shift the team lead says what today's work is and what can go wrong, and everybody of the team signs that they heard it.
 */
export type ToolboxState = {
  readonly status: 'gathering' | 'closed'
  readonly code: string
  readonly topic: string
  readonly team: string
  readonly lead: string
  readonly openedAt: string
  /** When the clock closes it; frozen at the opening, as the rule then said. */
  readonly closesAt: string
  readonly rule: string
  /** Who was asked to sign. */
  readonly expected: readonly string[]
  /** People of the team without a usable account: nothing can be sent to them, so the lead must see to them. */
  readonly unlinked: readonly string[]
  readonly signed: readonly { readonly person: string; readonly at: string }[]
  /** Who was sent the card and did not get it. */
  readonly unreached: readonly string[]
  readonly closedAt: string | null
  /** Null while it is open, and when the clock closed it. */
  readonly closedBy: string | null
}

export type ToolboxCommand =
  | { readonly type: 'gather'; readonly text: string }
  | { readonly type: 'sign' }
  | { readonly type: 'review' }
  | { readonly type: 'close' }
  | { readonly type: 'end' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type ToolboxEvent =
  | {
      readonly type: 'gathered'
      readonly code: string
      readonly topic: string
      readonly team: string
      readonly by: string
      readonly at: string
      readonly closesAt: string
      readonly rule: string
      readonly expected: readonly string[]
      readonly unlinked: readonly string[]
    }
  | { readonly type: 'signed'; readonly by: string; readonly at: string }
  | { readonly type: 'unreached'; readonly person: string; readonly at: string }
  | { readonly type: 'closed'; readonly by: string; readonly at: string; readonly missing: readonly string[] }
  | { readonly type: 'ended'; readonly at: string; readonly missing: readonly string[] }

/** The numbers of a toolbox talk. Source: product promise. */
export type ToolboxRule = {
  readonly id: string
  readonly effectiveFrom: string
  /** One shift: after it the talk closes by itself. */
  readonly shift: Millis
  /** The topic is waited for this long. */
  readonly askWithin: Millis
  readonly longestTopic: number
}

export const toolboxRule: ToolboxRule = {
  id: 'toolbox@1',
  effectiveFrom: '2026-01-01',
  shift: hours(12),
  askWithin: minutes(10),
  longestTopic: 500,
}

/** Who was asked and has not signed, in the order of the list. */
export const missing = ({ expected, signed }: Pick<ToolboxState, 'expected' | 'signed'>): readonly string[] =>
  expected.filter((id) => !signed.some(({ person }) => person === id))
