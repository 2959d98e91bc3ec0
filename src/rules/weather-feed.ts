import { hours, type Millis, minutes } from '../lib/clock.ts'

/** How the weather of a site is looked at while permits are open there. No standard fixes it; defaults of the product, well within the age at which an observation says nothing any more. */
export const weatherFeedRule: {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  readonly every: Millis
  /** After a look that brought nothing. */
  readonly again: Millis
  /** It is looked at so long after the last permit asked for it, whether permits are open or not: applications take their time. */
  readonly patience: Millis
  /** Permits that ask again so soon change nothing. */
  readonly quiet: Millis
  /** Looks in a row that bring nothing before people are told. */
  readonly tellAfter: number
  /** How far ahead of our clock an observation may be. */
  readonly ahead: Millis
} = {
  id: 'weather-feed@1',
  effectiveFrom: '2026-11-01',
  source: '自定',
  every: minutes(10),
  again: minutes(1),
  patience: hours(8),
  quiet: hours(1),
  tellAfter: 3,
  ahead: minutes(5),
}
