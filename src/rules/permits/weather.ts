import { type Millis, minutes } from '../../lib/clock.ts'
import type { Clause, WeatherStop, WorkRules } from './rule-pack.ts'

/** How old an observation may be before it says nothing any more. The standard fixes none: a default of the product. */
export const weatherAge: { readonly most: Millis; readonly clause: Clause } = { most: minutes(60), clause: '自定' }

/** Lowest wind speed (m/s, mean of ten minutes at 10 m) of each force from 1 up. GB/T 28591-2012 风力等级, table 1. */
const forceFrom = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7, 37.0, 41.5, 46.2, 51.0, 56.1] as const
const mostForce = forceFrom.length
/** Faster wind was never measured near the ground; a feed that says so is broken. */
const mostSpeed = 120

/**
 * Wind force of a speed in m/s; null for what is no speed. The table goes by tenths, so a speed is rounded to them first: 7.95 m/s is 8.0, force 5.
 */
export const beaufort = (metresPerSecond: number): number | null => {
  if (!(metresPerSecond >= 0 && metresPerSecond <= mostSpeed)) return null
  const tenths = Math.round(metresPerSecond * 10 + 1e-9) / 10
  return forceFrom.filter((from) => tenths >= from).length
}

/** What a station, feed or person saw. What is left out, or null, is not known; `at` an ISO instant. Wind in force, in m/s or both: the stronger counts. */
export type WeatherObservation = {
  readonly at: string
  readonly windForce?: number | null
  readonly windSpeed?: number | null
  /** Dense fog (大雾 and up). */
  readonly fog?: boolean | null
  readonly heavySnow?: boolean | null
  readonly rainstorm?: boolean | null
  readonly thunder?: boolean | null
}

export type WeatherVerdict =
  | { readonly kind: 'clear' }
  | { readonly kind: 'stop'; readonly stops: readonly WeatherStop[]; readonly force: number | null }
  | {
      readonly kind: 'unknown'
      readonly because: 'noObservation' | 'stale' | 'incomplete'
      readonly missing: readonly WeatherStop['kind'][]
    }

export type WeatherPlace = {
  /** Null where nobody said: taken for outdoors. */
  readonly outdoors: boolean | null
  /** Wind force up to which work that cannot wait was approved with upgraded management (5.2.15); null where it was not. */
  readonly acceptedWind: number | null
}

const isForce = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= mostForce

/** The stronger of what was seen; null when nothing was, or when any of it is no wind. */
export const windForceOf = ({ windForce, windSpeed }: WeatherObservation): number | null => {
  const forces: (number | null)[] = []
  if (windForce !== null && windForce !== undefined) forces.push(isForce(windForce) ? windForce : null)
  if (windSpeed !== null && windSpeed !== undefined) forces.push(beaufort(windSpeed))
  const known = forces.filter((force) => force !== null)
  return known.length === forces.length && known.length > 0 ? Math.max(...known) : null
}

const verdictOf = (stop: WeatherStop, seen: WeatherObservation, accepted: number | null): 'stop' | 'clear' | 'unknown' => {
  if (stop.kind !== 'windForce') {
    const value = seen[stop.kind]
    return value === true ? 'stop' : value === false ? 'clear' : 'unknown'
  }
  const force = windForceOf(seen)
  if (force === null) return 'unknown'
  return force >= (stop.atLeast ?? 0) && !(accepted !== null && force <= accepted) ? 'stop' : 'clear'
}

/** Whether an observation may still be used at this instant: neither too old nor from the future. */
const isFresh = (seen: WeatherObservation, at: Date): boolean => {
  const age = at.getTime() - new Date(seen.at).getTime()
  return age >= 0 && age <= weatherAge.most
}

/** What the weather says of the work now. No observation, an old one or one that lacks what the rules ask is unknown, which is never calm. */
export const weatherFor = (
  rules: Pick<WorkRules, 'weather'>,
  place: WeatherPlace,
  now: { readonly seen: WeatherObservation | null; readonly at: Date },
): WeatherVerdict => {
  if (place.outdoors === false || rules.weather.length === 0) return { kind: 'clear' }
  const missingAll = rules.weather.map(({ kind }) => kind)
  const { seen, at } = now
  if (!seen) return { kind: 'unknown', because: 'noObservation', missing: missingAll }
  if (!isFresh(seen, at)) return { kind: 'unknown', because: 'stale', missing: missingAll }
  const verdicts = rules.weather.map((stop) => ({ stop, verdict: verdictOf(stop, seen, place.acceptedWind) }))
  const stops = verdicts.filter(({ verdict }) => verdict === 'stop').map(({ stop }) => stop)
  if (stops.length > 0) return { kind: 'stop', stops, force: windForceOf(seen) }
  const missing = verdicts.filter(({ verdict }) => verdict === 'unknown').map(({ stop }) => stop.kind)
  return missing.length > 0 ? { kind: 'unknown', because: 'incomplete', missing } : { kind: 'clear' }
}
