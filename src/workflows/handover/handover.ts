import type { HandoverLine } from '../../rules/handover.ts'

/** Shift handover (交接班): the outgoing lead goes through the checklist line by line and signs, the incoming lead signs or sends it back. */
export type HandoverState = {
  /** `preparing`: the outgoing lead's turn. `offered`: the incoming lead's. */
  readonly status: 'preparing' | 'offered' | 'signed' | 'cancelled'
  readonly code: string
  readonly rule: string
  readonly team: string
  readonly outgoing: string
  readonly incoming: string | null
  readonly remarks: string
  readonly openedAt: string
  readonly lines: readonly CheckedLine[]
  /** Open hazards of the team, as they stood when the handover opened. */
  readonly hazards: readonly OpenHazard[]
  /** The line whose note the outgoing lead was asked for. */
  readonly asking: string | null
  /** Both should have signed by then. */
  readonly signBy: string
  /** When it goes to the department head, for the first time or again. */
  readonly climbsAt: string
  readonly called: readonly { readonly persons: readonly string[]; readonly at: string }[]
  readonly unreached: readonly string[]
  readonly offeredAt: string | null
  readonly returned: readonly { readonly by: string; readonly reason: string; readonly at: string }[]
  readonly endedAt: string | null
  readonly closing: string | null
}

/** `note` null: found in order. */
export type CheckedLine = HandoverLine & { readonly checked: { readonly at: string; readonly note: string | null } | null }
export type OpenHazard = { readonly code: string; readonly title: string; readonly due: string }

export type HandoverCommand =
  | { readonly type: 'start'; readonly text: string }
  | { readonly type: 'confirm'; readonly line: string; readonly note: string }
  /** `line` is missing when the words come as an answer to a question; then it is the line that was asked about. */
  | { readonly type: 'note'; readonly line?: string; readonly note?: string; readonly reason?: string }
  | { readonly type: 'offer'; readonly incoming?: string; readonly reason?: string }
  | { readonly type: 'sign' }
  | { readonly type: 'disagree'; readonly reason: string }
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'climb' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type HandoverEvent =
  | {
      readonly type: 'started'
      readonly code: string
      readonly rule: string
      readonly team: string
      readonly by: string
      readonly at: string
      readonly remarks: string
      readonly lines: readonly HandoverLine[]
      readonly hazards: readonly OpenHazard[]
      readonly climbsAt: string
    }
  | { readonly type: 'confirmed'; readonly line: string; readonly by: string; readonly at: string }
  | { readonly type: 'noteAsked'; readonly line: string; readonly by: string; readonly at: string }
  | { readonly type: 'noted'; readonly line: string; readonly note: string; readonly by: string; readonly at: string }
  | { readonly type: 'offered'; readonly incoming: string; readonly by: string; readonly at: string }
  | { readonly type: 'signed'; readonly by: string; readonly at: string }
  | { readonly type: 'returned'; readonly by: string; readonly reason: string; readonly at: string }
  | { readonly type: 'cancelled'; readonly by: string; readonly reason: string; readonly at: string }
  | {
      readonly type: 'called'
      readonly role: string
      readonly persons: readonly string[]
      readonly at: string
      readonly climbsAt: string
    }
  | { readonly type: 'unreached'; readonly person: string; readonly at: string }
