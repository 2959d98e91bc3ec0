import { idFor } from '../../lib/id.ts'
import type { WeatherObservation } from '../../rules/permits/weather.ts'

/** For the card, which may not look at rules. */
export { windForceOf } from '../../rules/permits/weather.ts'

/** What is known of the weather at a site. It is looked at while permits are open there, and rests otherwise. */
export type WeatherState = {
  readonly status: 'watching' | 'resting'
  readonly site: string
  /** The newest observation; null before the first. */
  readonly seen: WeatherObservation | null
  /** Looks in a row that brought nothing, as far as they are counted. */
  readonly missed: number
  /** When a permit last asked for it, or when it began to rest. */
  readonly since: string
}

export type WeatherCommand =
  /** A permit is about to need the weather. */
  | { readonly type: 'look' }
  | { readonly type: 'lookAgain' }
  /** What the feed said. */
  | { readonly type: 'observe'; readonly seen: WeatherObservation }
  | { readonly type: 'miss'; readonly because: WeatherMiss }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type WeatherMiss = 'no-feed' | 'unreachable' | 'refused' | 'not-understood'

export type WeatherEvent =
  | { readonly type: 'watched'; readonly site: string; readonly at: string }
  | { readonly type: 'rested'; readonly at: string }
  | { readonly type: 'observed'; readonly seen: WeatherObservation; readonly at: string }
  | { readonly type: 'missed'; readonly because: WeatherMiss; readonly at: string }

/** The one subject that holds the weather of a site. */
export const weatherSubject = (site: string): string => idFor('wea', `weather:${site}`)
