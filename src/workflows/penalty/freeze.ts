import { later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { penaltyClauses } from '../../rules/penalties.ts'
import { forget, inform, iso, isPast, isRefusal, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { askDeciders, askReason, cancel, decider, type PenaltyDecision, rulesOf } from './common.ts'
import { payCall } from './consequences.ts'
import { type PenaltyCommand, type PenaltyState, stands } from './penalty.ts'
import { speakersOf } from './people.ts'

type DeclineFreeze = Extract<PenaltyCommand, { type: 'declineFreeze' }>

/** Whoever may decide about the freeze now, or why not: an appeal is decided first. */
const freezer = (state: PenaltyState, facts: Facts): { readonly id: string; readonly name: string } | Refusal => {
  const by = decider('freeze', state.freeze === 'requested' && stands(state), state, facts)
  if (isRefusal(by)) return by
  return state.status === 'underAppeal' ? refuse('appeal-first', { code: state.code }, penaltyClauses.freeze) : by
}

const ended = (state: PenaltyState, facts: Facts): readonly Effect[] => [
  ...cancel('freeze'),
  forget('declineFreeze'),
  ...speakersOf(state.holder, facts.plant).map((id) => inform(toPerson(id))),
]

/** 确认冻结: only now does HR hear of it. A decision about pay is a person's, named, never the machine's. */
export const confirmFreeze = (state: PenaltyState, _: object, facts: Facts): PenaltyDecision => {
  const by = freezer(state, facts)
  if (isRefusal(by)) return by
  return accept(
    [{ type: 'freezeConfirmed', by: by.id, name: by.name, at: iso(facts.at) }],
    [...ended(state, facts), payCall('allowance.freeze', state, by.id, facts)],
    'freeze-confirmed',
    { code: state.code },
  )
}

/** 不冻结: with a reason. HR never hears of it. */
export const declineFreeze = (state: PenaltyState, command: DeclineFreeze, facts: Facts): PenaltyDecision => {
  const by = freezer(state, facts)
  if (isRefusal(by)) return by
  const reason = command.reason.trim()
  if (reason === '') return askReason('declineFreeze', state, facts)
  return accept(
    [{ type: 'freezeDeclined', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    ended(state, facts),
    'freeze-declined',
    { code: state.code },
  )
}

/** The clock: nobody has decided about the freeze. The next role is asked too; in the end it falls. While an appeal runs, it waits. */
export const chaseFreeze = (state: PenaltyState, facts: Facts): PenaltyDecision => {
  if (state.freeze !== 'requested' || !stands(state)) return refuse('nothing-due', { code: state.code })
  if (state.status === 'underAppeal') {
    const at = later(facts.at, rulesOf(state).askAgain)
    return accept([], [strikeAt('freeze', at, { type: 'askAgain', question: 'freeze' })])
  }
  if (isPast(state.freezeUntil ?? iso(facts.at), facts.at))
    return accept([{ type: 'freezeLapsed', at: iso(facts.at) }], ended(state, facts))
  const asked = askDeciders('freeze', state, (state.asked.freeze?.level ?? -1) + 1, facts)
  return accept(asked.events, asked.effects)
}
