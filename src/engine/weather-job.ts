import type { WeatherObservation } from '../rules/permits/weather.ts'
import type { WeatherMiss } from '../workflows/weather/weather.ts'
import type { Arrival, Outcome } from './arrival.ts'

export type WeatherPayload = { readonly site: string; readonly subject: string; readonly asked: string }

/** One look at what the weather of a site is. Never rejects for what the other side does. */
export type WeatherLook =
  | { readonly kind: 'seen'; readonly seen: WeatherObservation }
  | { readonly kind: 'missed'; readonly because: WeatherMiss }

export type WeatherTools = {
  readonly feed: (site: string) => Promise<WeatherLook>
  readonly decide: (arrival: Arrival) => Promise<Pick<Outcome, 'kind'>>
}

const told = async (
  { site, subject, asked }: WeatherPayload,
  command: Extract<Arrival, { source: 'system' }>['command'],
  decide: WeatherTools['decide'],
): Promise<void> =>
  void (await decide({ source: 'system', site, key: `weather:${subject}:${asked}`, subject, workflow: 'weather', command }))

/** Asks the feed once and tells the site's weather what came, or why nothing did; the next look is the weather's own to set. */
export const runWeatherJob = async (payload: WeatherPayload, { feed, decide }: WeatherTools): Promise<void> => {
  const look = await feed(payload.site)
  const command = look.kind === 'seen' ? { type: 'observe', seen: look.seen } : { type: 'miss', because: look.because }
  await told(payload, command, decide)
}

/** Something of ours went wrong every time: said as a look that brought nothing. */
export const giveUpWeather = (payload: WeatherPayload, { decide }: Pick<WeatherTools, 'decide'>): Promise<void> =>
  told(payload, { type: 'miss', because: 'unreachable' }, decide)
