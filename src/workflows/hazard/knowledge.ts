import { verifying } from '../../rules/evidence.ts'
import { accept, type Facts, type Plant } from '../workflow.ts'
import { iso } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { involvedIn } from './draw.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { wasCalled } from './people.ts'
import { replaceSeat } from './redraw.ts'

type Seen = Extract<HazardCommand, { type: 'noteSeen' }>

/** Everybody who could be drawn, or is drawn, for a case under verification and has no part in it otherwise. */
const isJudge = (state: HazardState, person: string, plant: Plant): boolean =>
  (state.seats ?? []).some(({ verifier }) => verifier === person) || plant.holders('safetyOfficer', plant.site).includes(person)

/**
 * May the person know the case by name while it is verified? Verifiers judge blind: whoever sits on a seat, and every officer who may still be drawn, sees the
 * verdict's own card and page and nothing of the case. Whoever has had a hand in it is never drawn and knows it anyway.
 */
export const mayKnow = (state: HazardState, person: string, plant: Plant): boolean => {
  if (state.status !== 'verifying' && state.status !== 'submitted') return true
  const isVerifier = (state.seats ?? []).some(({ verifier }) => verifier === person)
  const isParty = involvedIn(state, plant).has(person) || wasCalled(state, person)
  return state.verifier === person || !isJudge(state, person, plant) || (isParty && !isVerifier)
}

/** Could this person be drawn for any case, by the roles they hold? */
const isDrawable = (person: string, plant: Plant): boolean =>
  ['safetyOfficer', ...verifying.engineers].some((role) => plant.holders(role, plant.site).includes(person))

/** Does the case have to remember that this person looks it up by its code, and so sees who reported and who repairs? Only of those who could judge it otherwise. */
export const remembersLook = (state: HazardState, person: string, plant: Plant): boolean =>
  state.evidence !== undefined && isDrawable(person, plant) && !(state.knows ?? []).includes(person)

/**
 * Somebody who could be drawn has looked the case up: from now on they know it, and are not. Messages keep no order, so the draw may have been first: then
 * another takes the seat.
 */
export const noteSeen = (state: HazardState, { person }: Seen, facts: Facts): HazardDecision => {
  if (!remembersLook(state, person, facts.plant)) return accept([])
  const seen: HazardEvent = { type: 'seen', persons: [person], at: iso(facts.at) }
  const seat = (state.seats ?? []).find(({ verifier, outcome }) => verifier === person && outcome === null)
  if (!seat || state.status !== 'verifying') return accept([seen])
  const { events, effects } = replaceSeat(seat, 'seen', facts)(evolveHazard(state, seen))
  return accept([seen, ...events], effects)
}
