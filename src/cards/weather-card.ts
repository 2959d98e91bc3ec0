import { type WeatherState, windForceOf } from '../workflows/weather/weather.ts'
import type { Card, Fact } from './card.ts'
import { weatherText as text } from './text/weather.ts'
import type { View } from './view.ts'
import { fill, spokenTime } from './words.ts'

const kinds = ['fog', 'heavySnow', 'rainstorm', 'thunder'] as const

const spoken = (value: boolean | null | undefined): string =>
  value === true ? text.yes : value === false ? text.no : text.unknown

const windOf = ({ seen }: WeatherState): string => {
  const force = seen ? windForceOf(seen) : null
  return force === null ? text.unknown : fill(text.force, { force: String(force) })
}

const factsOf = (state: WeatherState, { at, plant }: View): readonly Fact[] => {
  const { seen } = state
  if (!seen) return []
  return [
    { label: text.facts.at, value: spokenTime(seen.at, at, plant.timeZone) },
    { label: text.facts.wind, value: windOf(state) },
    ...kinds.map((kind) => ({ label: text.facts[kind], value: spoken(seen[kind]) })),
  ]
}

/** What is known of the weather. What was not observed is unknown, and says so. Pure. */
export const weatherCard = (state: WeatherState, view: View): Card => ({
  tone: state.seen ? 'info' : 'warning',
  title: text.title,
  subtitle: '',
  facts: factsOf(state, view),
  body: state.seen ? '' : text.none,
  pictures: [],
  form: [],
  actions: [],
  summary: fill(text.summary, { wind: windOf(state) }),
  page: view.page(text.page),
  note: state.status === 'watching' ? text.watching : text.waiting,
})
