import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { isPast } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { withdraw } from './blind.ts'
import { type Called, forget, iso } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardEvent, HazardState } from './hazard.ts'
import type { Seat } from './proof.ts'
import { drawVerifiers, lookAgain, redrawSeat, slack } from './seats.ts'

/** Several steps, each on what the ones before have left. */
const inTurn = (state: HazardState, steps: readonly ((state: HazardState) => Called)[]): Called => {
  let now = state
  const events: HazardEvent[] = []
  const effects: Effect[] = []
  for (const step of steps) {
    const done = step(now)
    now = done.events.reduce<HazardState>((so, event) => evolveHazard(so, event), now)
    events.push(...done.events)
    effects.push(...done.effects)
  }
  return { events, effects }
}

/** The seats whose verdict the clock need not wait for any longer: vacant, or late even by the clock of the case. */
const lateSeats = (state: HazardState, facts: Facts): readonly Seat[] =>
  (state.seats ?? []).filter(
    ({ outcome, dueAt }) => outcome === null && (dueAt === null || isPast(iso(later(new Date(dueAt), slack)), facts.at)),
  )

const hasSeats = (state: HazardState): boolean => state.status === 'verifying' && (state.seats ?? []).length > 0

/** Whoever sits there is asked no longer, and another is drawn. */
export const replaceSeat =
  ({ seat, verifier, verdict }: Seat, because: 'expired' | 'seen', facts: Facts) =>
  (state: HazardState): Called => {
    const released: readonly HazardEvent[] =
      verifier === null ? [] : [{ type: 'verifierReleased', seat, because, at: iso(facts.at) }]
    const { events, effects } = redrawSeat(seat, state, facts)
    return { events: [...released, ...events], effects: [...(verdict === null ? [] : [withdraw(verdict)]), ...effects] }
  }

/**
 * The clock: a submission without verifiers, a seat that is vacant, or a verdict of which nothing was heard although its time is over. A case of the first
 * release, with its one verifier, gets two. Struck too early, the clock is set right.
 */
export const redraw = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  if (state.status !== 'verifying' && state.status !== 'submitted') return refuse('nothing-to-verify', { code: state.code })
  if (!hasSeats(state)) {
    const drawn = drawVerifiers(state, facts)
    return accept(drawn.events, [forget('veto'), ...drawn.effects])
  }
  const late = lateSeats(state, facts)
  if (late.length === 0) {
    const last = Math.max(...(state.seats ?? []).map(({ dueAt }) => new Date(dueAt ?? facts.at).getTime()))
    return accept([], [lookAgain(later(new Date(last), slack))])
  }
  const done = inTurn(
    state,
    late.map((seat) => replaceSeat(seat, 'expired', facts)),
  )
  return accept(done.events, done.effects)
}
