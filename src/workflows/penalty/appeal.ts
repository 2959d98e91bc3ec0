import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { penaltyClauses } from '../../rules/penalties.ts'
import { actingPerson, duty, forget, inform, iso, isPast, isRefusal, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { askDeciders, askReason, cancel, decider, forgetReasons, overtaken, type PenaltyDecision, rulesOf } from './common.ts'
import { dischargeEffects, payCall } from './consequences.ts'
import { evolvePenalty } from './evolve.ts'
import { lookAtGroups } from './group.ts'
import { appealEnd } from './issue.ts'
import { type PenaltyCommand, type PenaltyEvent, type PenaltyState, stands } from './penalty.ts'
import { isConcerned, speakersOf } from './people.ts'

type Reasoned<T extends 'appeal' | 'uphold' | 'overturn'> = Extract<PenaltyCommand, { type: T }>

/** The days for an appeal are over. While the calendar cannot say when that is, they are not. */
export const isTooLate = (state: PenaltyState, facts: Pick<Facts, 'at' | 'plant'>): boolean => {
  if (state.appealClosed) return true
  const until = state.appealUntil ?? appealEnd(state, new Date(state.issuedAt ?? facts.at), facts)?.toISOString()
  return until !== undefined && isPast(until, facts.at)
}

/** 申诉: by whoever holds the card or speaks for its holder, within three working days, once. */
export const appeal = (state: PenaltyState, command: Reasoned<'appeal'>, facts: Facts): PenaltyDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!isConcerned(state, by.id, facts.plant)) return refuse('not-your-card', { code: state.code }, penaltyClauses.appeal)
  if (state.appeal) return refuse('appealed-already', { code: state.code }, penaltyClauses.appeal)
  if (!stands(state)) return overtaken(state)
  if (isTooLate(state, facts)) return refuse('appeal-too-late', { code: state.code }, penaltyClauses.appeal)
  const reason = command.reason.trim()
  if (reason === '') return askReason('appeal', state, facts)
  const appealed: PenaltyEvent = { type: 'appealed', by: by.id, name: by.name, reason, at: iso(facts.at) }
  const asked = askDeciders('review', evolvePenalty(state, appealed), 0, facts)
  const effects: readonly Effect[] = [...cancel('appeal'), forget('appeal'), ...asked.effects]
  return accept([appealed, ...asked.events], effects, 'appealed', { code: state.code })
}

const outcome = (state: PenaltyState, facts: Facts): readonly Effect[] => [
  ...speakersOf(state.holder, facts.plant).map((id) => duty(toPerson(id), 'outcome')),
  ...(state.proposer ? [inform(toPerson(state.proposer.by))] : []),
]

/** A freeze that waited for the appeal is asked about anew, with its whole time. */
const resumeFreeze = (state: PenaltyState, facts: Facts) => {
  if (state.freeze !== 'requested') return { until: state.freezeUntil, effects: [] }
  const until = iso(later(facts.at, rulesOf(state).freezeLife))
  const at = later(facts.at, rulesOf(state).askAgain)
  const effects: readonly Effect[] = [
    ...(state.asked.freeze?.persons ?? []).map((id) => duty(toPerson(id), 'freeze')),
    strikeAt('freeze', at, { type: 'askAgain', question: 'freeze' }),
  ]
  return { until, effects }
}

/** 维持: the appeal fails. By a reviewer who had no hand in the card. */
export const uphold = (state: PenaltyState, command: Reasoned<'uphold'>, facts: Facts): PenaltyDecision => {
  const by = decider('review', state.status === 'underAppeal', state, facts)
  if (isRefusal(by)) return by
  const reason = command.reason.trim()
  if (reason === '') return askReason('uphold', state, facts)
  const freeze = resumeFreeze(state, facts)
  return accept(
    [{ type: 'upheld', by: by.id, name: by.name, reason, freezeUntil: freeze.until, at: iso(facts.at) }],
    [...cancel('review', 'appeal'), ...forgetReasons, ...outcome(state, facts), ...freeze.effects],
    'upheld',
    { code: state.code },
  )
}

/** Cards that stood on this one: a red one for two yellow ones, and one of the team or contractor. Looked at once the fall is committed. */
const lookAtOthers = (state: PenaltyState, facts: Facts): readonly Effect[] => {
  const { subject } = facts
  const settle: Effect = {
    kind: 'command',
    workflow: 'penalty',
    subject,
    key: `settle:${subject}`,
    command: { type: 'settle', holder: state.holder },
  }
  return [...(state.colour === 'yellow' ? [settle] : []), ...lookAtGroups(state, 'fallen', facts)]
}

/** What falls with a card: its clocks, its points, the pay that was frozen for it, and whatever stood on it. */
export const undo = (state: PenaltyState, by: string, facts: Facts): readonly Effect[] => [
  ...cancel('expire', 'appeal', 'review', 'freeze', 'talk', 'training'),
  ...forgetReasons,
  ...dischargeEffects(state, facts),
  ...(state.freeze === 'confirmed' ? [payCall('allowance.unfreeze', state, by, facts)] : []),
  ...lookAtOthers(state, facts),
]

/** 撤销: the appeal succeeds. The card leaves every statistic and stays in the journal; a red one that stood on it falls too. */
export const overturn = (state: PenaltyState, command: Reasoned<'overturn'>, facts: Facts): PenaltyDecision => {
  const by = decider('review', state.status === 'underAppeal', state, facts)
  if (isRefusal(by)) return by
  const reason = command.reason.trim()
  if (reason === '') return askReason('overturn', state, facts)
  return accept(
    [{ type: 'overturned', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    [...undo(state, by.id, facts), ...outcome(state, facts)],
    'overturned',
    { code: state.code },
  )
}

/** The clock: nobody has reviewed the appeal yet; the next role is asked with those before. */
export const chaseReview = (state: PenaltyState, facts: Facts): PenaltyDecision => {
  if (state.status !== 'underAppeal') return refuse('nothing-due', { code: state.code })
  const asked = askDeciders('review', state, (state.asked.review?.level ?? -1) + 1, facts)
  return accept(asked.events, asked.effects)
}

/** The clock: the days for an appeal are over. Too early, or with a calendar that does not reach that far, it is set right. */
export const closeAppeal = (state: PenaltyState, _: object, facts: Facts): PenaltyDecision => {
  if (!stands(state) || state.status === 'underAppeal' || state.appealClosed) return refuse('nothing-due', { code: state.code })
  const until = state.appealUntil ?? appealEnd(state, new Date(state.issuedAt ?? facts.at), facts)?.toISOString() ?? null
  const again = until === null ? later(facts.at, rulesOf(state).askAgain) : new Date(until)
  if (until === null || !isPast(until, facts.at)) return accept([], [strikeAt('appeal', again, { type: 'closeAppeal' })])
  return accept([{ type: 'appealClosed', at: iso(facts.at) }], [forget('appeal')])
}
