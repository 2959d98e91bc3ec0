import type { WeatherObservation } from '../../rules/permits/weather.ts'
import type { Facts } from '../workflow.ts'

/** The newest observation that the weather feed has brought for this site; null when there is none, which is never calm. */
export const weatherSeen = ({ read, plant }: Facts): WeatherObservation | null => {
  const row = read({ name: 'weather', key: plant.site, most: 1 })[0]
  return row ? (JSON.parse(row.note) as WeatherObservation) : null
}
