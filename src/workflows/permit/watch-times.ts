import { hours, inZone, later, type Millis, minutes } from '../../lib/clock.ts'
import { pickByWeight } from '../../lib/lots.ts'
import { weatherAge } from '../../rules/permits/weather.ts'
import { dateAfter, startOfDay } from '../../rules/working-days.ts'
import { strikeAt } from '../pieces.ts'
import type { Effect, Facts } from '../workflow.ts'
import { gasNow } from './gas-now.ts'
import type { PermitState } from './permit.ts'
import { weatherSeen } from './weather.ts'

/** An attendant is asked for a sign of presence at random after 8 to 15 min, and has 5 min to give it (3.8, promise S2). */
export const pulseBetween: readonly [least: Millis, most: Millis] = [minutes(8), minutes(15)]
export const pulseAnswer = minutes(5)
/** Metres from the work point at which an attendant is no longer on post. */
export const postFence = 50
/** A permit that is not closed so long after its end goes up to the unit. */
export const closeWithin = minutes(30)
/** After that it goes up again this often. */
export const closeRepeat = hours(1)
/** How long before the end of the gas test the crew is told that a new one is due. */
export const gasWarning = minutes(10)

const lots = Array.from({ length: 8 }, (_, minute) => ({ item: pulseBetween[0] + minutes(minute), weight: 1 }))

/** When the attendant is asked next: drawn by lot, so that nobody can be there only when it counts. */
export const nextPulse = (state: PermitState, facts: Facts): Date | null => {
  const { attendance } = state
  if (!attendance) return null
  if (attendance.asked !== null) return later(new Date(attendance.asked), pulseAnswer)
  const wait = pickByWeight(lots, facts.keyed(`pulse\n${facts.subject}\n${attendance.lastSeen}`)) ?? pulseBetween[0]
  return later(new Date(attendance.lastSeen), wait)
}

/** The next instant at which the clock has something to look at while work goes on, is stopped, or waits to be closed. */
export const nextWatchAt = (state: PermitState, facts: Facts): Date | null => {
  if (state.endedAt !== null) return null
  const end = state.period ? new Date(state.period.to) : null
  const gas = state.status === 'active' ? gasNow(state, facts.plant, facts.at) : null
  const until = gas?.kind === 'valid' ? gas.until : null
  const pulse = state.status === 'active' ? nextPulse(state, facts) : null
  const closing = state.called.length > 0 ? later(new Date(state.called.at(-1)?.at ?? state.since), closeRepeat) : null
  const late = end && end.getTime() <= facts.at.getTime() ? (closing ?? later(end, closeWithin)) : end
  const active = state.status === 'active' ? outside(facts) : []
  // One millisecond past the last instant that counts.
  const instants = [late, pulse, until && later(until, 1), ...active].filter((one) => one !== null)
  return instants.length === 0 ? null : new Date(Math.min(...instants.map((one) => one.getTime())))
}

/** When something outside may stop to hold by itself: certificates and health end with a day, and an observation of the weather grows old. */
const outside = (facts: Facts): readonly Date[] => {
  const { timeZone } = facts.plant
  const midnight = startOfDay(dateAfter(inZone(facts.at, timeZone).date, 1), timeZone)
  const seen = weatherSeen(facts)
  const old = seen ? later(new Date(seen.at), weatherAge.most + 1) : null
  return [midnight, ...(old && old.getTime() > facts.at.getTime() ? [old] : [])]
}

/** Sets the clock of a permit to the next instant that matters; one deadline holds them all, so none can be forgotten. */
export const nextWatch = (state: PermitState, facts: Facts): readonly Effect[] => {
  const at = nextWatchAt(state, facts)
  return at ? [strikeAt('watch', at, { type: 'watch' })] : []
}
