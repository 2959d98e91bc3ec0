import type { WeatherObservation } from '../../rules/permits/weather.ts'
import { weatherSubject } from '../weather/weather.ts'
import type { Effect, Facts } from '../workflow.ts'
import type { PermitState } from './permit.ts'

/** The newest observation that the weather feed has brought for this site; null when there is none, which is never calm. */
export const weatherSeen = ({ read, plant }: Pick<Facts, 'read' | 'plant'>): WeatherObservation | null => {
  const row = read({ name: 'weather', key: plant.site, most: 1 })[0]
  return row ? (JSON.parse(row.note) as WeatherObservation) : null
}

/** Work under the sky will need to know the weather, for its level and at its start: the site's feed is looked at from now on. */
export const lookAtWeather = ({ place }: Pick<PermitState, 'place'>, { plant, subject, arrival }: Facts): readonly Effect[] =>
  place === null || place.outdoors === false
    ? []
    : [
        {
          kind: 'command',
          workflow: 'weather',
          subject: weatherSubject(plant.site),
          key: `look:${subject}:${arrival}`,
          command: { type: 'look' },
        },
      ]
