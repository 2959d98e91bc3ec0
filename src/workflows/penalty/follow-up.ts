import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { type FollowUp, followUps, penaltyClauses } from '../../rules/penalties.ts'
import { actingPerson, forget, iso, isRefusal, strikeAt, tell, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { askDeciders, askReason, cancel, noSteps, overtaken, type PenaltyDecision, rulesOf, type Steps } from './common.ts'
import { evolvePenalty } from './evolve.ts'
import { type PenaltyState, stands } from './penalty.ts'
import { holdsRoleFor, isSeparateFor, speakersOf } from './people.ts'

/** A red card of people asks for talk and re-training; a contractor's site access is suspended until its review instead. */
const asksFor = ({ colour, holder }: Pick<PenaltyState, 'colour' | 'holder'>): boolean =>
  colour === 'red' && holder.kind !== 'contractor'

/** Is it still to be held? */
export const isOwed = (followUp: FollowUp, state: PenaltyState): boolean =>
  asksFor(state) && stands(state) && state.asked[followUp] !== undefined && state.held?.[followUp] === undefined

/** With the red card whoever must hold them is asked, each until its own day. */
export const beginFollowUps = (state: PenaltyState, facts: Facts): Steps => {
  if (!asksFor(state)) return noSteps
  let now = state
  const steps = followUps.map((followUp): Steps => {
    const asked = askDeciders(followUp, now, 0, facts)
    now = asked.events.reduce(evolvePenalty, now)
    return asked
  })
  return { events: steps.flatMap(({ events }) => events), effects: steps.flatMap(({ effects }) => effects) }
}

const command: Readonly<Record<FollowUp, string>> = { talk: 'noteTalk', training: 'noteTraining' }

/** 记录约谈、记录复训: by whoever was asked or may be, never by its holder; the minutes are the proof and are sealed with the case. */
const note =
  (followUp: FollowUp) =>
  (state: PenaltyState, { reason }: { readonly reason: string }, facts: Facts): PenaltyDecision => {
    const by = actingPerson(facts)
    if (isRefusal(by)) return by
    if (!isOwed(followUp, state)) return overtaken(state)
    if (!holdsRoleFor(followUp, state, by.id, facts.plant))
      return refuse(`not-yours-to-${followUp}`, { code: state.code }, penaltyClauses.followUp)
    if (!isSeparateFor(followUp, state, by.id, facts.plant))
      return refuse('separate-duties', { code: state.code }, penaltyClauses.separation)
    if (state.status === 'underAppeal') return refuse('appeal-before-follow-up', { code: state.code }, penaltyClauses.followUp)
    const minutes = reason.trim()
    if (minutes === '') return askReason(command[followUp], state, facts)
    return accept(
      [{ type: `${followUp}Held`, reason: minutes, by: by.id, name: by.name, at: iso(facts.at) }],
      [...cancel(followUp), forget(command[followUp]), ...told(followUp, state, by.name, facts)],
      `${followUp}-noted`,
      { code: state.code },
    )
  }
export const noteTalk = note('talk')
export const noteTraining = note('training')

/** Whoever holds the card hears that there are minutes; they stand on the card. */
const told = (followUp: FollowUp, state: PenaltyState, name: string, { plant }: Facts): readonly Effect[] =>
  speakersOf(state.holder, plant).map((id) => tell(toPerson(id), `${followUp}-held`, { code: state.code, name }))

/** The clock: it was not held in time. The next role is asked too, again and again; while an appeal runs it waits. */
const chase =
  (followUp: FollowUp) =>
  (state: PenaltyState, facts: Facts): PenaltyDecision => {
    if (!isOwed(followUp, state)) return refuse('nothing-due', { code: state.code })
    if (state.status === 'underAppeal') {
      const at = later(facts.at, rulesOf(state).askAgain)
      return accept([], [strikeAt(followUp, at, { type: 'askAgain', question: followUp })])
    }
    const asked = askDeciders(followUp, state, (state.asked[followUp]?.level ?? -1) + 1, facts)
    return accept(asked.events, asked.effects)
  }
export const chaseTalk = chase('talk')
export const chaseTraining = chase('training')
