import { accept, type Effect, type Facts } from '../workflow.ts'
import { isExplainable } from './causes.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import { questionOf } from './govern-state.ts'
import { takeOverAt } from './hand-over.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { neverByItself } from './major.ts'
import { askDeciders, decideAt, decidersLost } from './questions.ts'
import { followRepeat, followSource } from './repeat.ts'

type Clock = { readonly at: Date; readonly type: HazardCommand['type'] }

/** The clocks of approvals, deferrals and handing over; they follow from the state alone, so that no command forgets one. */
const clocks: Readonly<Record<string, (state: HazardState) => Clock | null>> = {
  decide: (state) => clock(decideAt(state), 'callDecider'),
  defer: ({ deferral }) => clock(deferral ? new Date(deferral.until) : null, 'endDeferral'),
  takeOver: (state) => clock(takeOverAt(state), 'callTakeOver'),
}
const clock = (at: Date | null, type: Clock['type']): Clock | null => at && { at, type }

/** What makes the clocks of `before` those of `after`; one that has just struck has no row any more. */
const rewind = (before: HazardState | null, after: HazardState, struck: string): readonly Effect[] =>
  Object.entries(clocks).flatMap(([tag, read]): readonly Effect[] => {
    const old = before ? read(before) : null
    const now = read(after)
    if (!now) return old ? [{ kind: 'cancelDeadline', tag }] : []
    if (old && old.at.getTime() === now.at.getTime() && now.type !== struck) return []
    return [{ kind: 'setDeadline', tag, at: now.at, command: { type: now.type } }]
  })

const isRectified = ({ status }: HazardState): boolean => status === 'accepted' || status === 'rectifying'
const isUnderRepair = ({ status }: HazardState): boolean => status === 'rectifying'
const isUndecided = ({ status }: HazardState): boolean => status === 'reported' || status === 'triaged'

/** While these hold, somebody may still be asked for the words or photos of the command. */
const wanted: Readonly<Record<string, (state: HazardState) => boolean>> = {
  reject: isUndecided,
  merge: isUndecided,
  explain: isExplainable,
  regrade: isExplainable,
  addEvidence: isUnderRepair,
  sign: isUnderRepair,
  confirmRepair: isUnderRepair,
  extend: isRectified,
  defer: isRectified,
  sendBack: (state) => questionOf(state) !== null,
}

/** Words that were asked for and are no longer wanted. */
const forgotten = (before: HazardState | null, after: HazardState): readonly Effect[] =>
  before === null
    ? []
    : Object.entries(wanted).flatMap(([command, holds]): readonly Effect[] =>
        holds(before) && !holds(after) ? [{ kind: 'forget', command }] : [],
      )

const fold = (state: HazardState | null, events: readonly HazardEvent[]): HazardState | null =>
  events.reduce<HazardState | null>(evolveHazard, state)

/**
 * What follows of any decision for the treatment of a case: what it repeats is told, a question that is open now is put to whoever decides it, a major hazard
 * is never closed by itself, and the clocks are those of the state it leads to. A refusal has no consequences.
 */
export const supervise = (
  before: HazardState | null,
  command: HazardCommand,
  decided: HazardDecision,
  facts: Facts,
): HazardDecision => {
  const decision = neverByItself(before, command, decided)
  if (decision.kind === 'refused') return decision
  const so = fold(before, decision.events)
  if (!so) return decision
  const repeat = followRepeat(so, decision.events, facts)
  const told = fold(so, repeat) ?? so
  const source = followSource(told, decision.events, facts)
  const now = fold(told, source.events) ?? told
  const lost = command.type === 'reportUnreachable' ? decidersLost(now, command.person, facts) : { events: [], effects: [] }
  const asks = questionOf(now) !== null && !now.asked ? askDeciders(now, 0, facts) : lost
  const events = [...decision.events, ...repeat, ...source.events, ...asks.events]
  const after = fold(now, asks.events) ?? now
  return {
    ...accept(events, [
      ...decision.effects,
      ...source.effects,
      ...asks.effects,
      ...forgotten(before, after),
      ...rewind(before, after, command.type),
    ]),
    say: decision.say,
  }
}
