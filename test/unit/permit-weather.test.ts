import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import type { WorkRules } from '../../src/rules/permits/rule-pack.ts'
import {
  beaufort,
  type WeatherObservation,
  type WeatherPlace,
  weatherAge,
  weatherFor,
  windForceOf,
} from '../../src/rules/permits/weather.ts'

const at = new Date('2026-11-24T02:00:00.000Z')
const seen = (what: Partial<WeatherObservation> = {}, ago = 0): WeatherObservation => ({
  at: new Date(at.getTime() - ago).toISOString(),
  windForce: 2,
  fog: false,
  heavySnow: false,
  rainstorm: false,
  ...what,
})
const outside: WeatherPlace = { outdoors: true, acceptedWind: null }
const rules: Pick<WorkRules, 'weather'> = {
  weather: [
    { id: 'wind', kind: 'windForce', atLeast: 6, text: '六级', clause: '9.2.4' },
    { id: 'fog', kind: 'fog', text: '大雾', clause: '9.2.4' },
    { id: 'snow', kind: 'heavySnow', text: '大雪', clause: '9.2.4' },
  ],
}
const verdict = (observation: WeatherObservation | null, place = outside) => weatherFor(rules, place, { seen: observation, at })

test.each([
  [0, 0],
  [0.2, 0],
  [0.3, 1],
  [1.6, 2],
  [3.4, 3],
  [5.4, 3],
  [5.5, 4],
  [7.9, 4],
  [7.94, 4],
  [7.95, 5],
  [8.0, 5],
  [10.7, 5],
  [10.8, 6],
  [13.8, 6],
  [13.9, 7],
  [32.7, 12],
  [56.1, 17],
])('%d m/s is force %d', (speed, force) => {
  expect(beaufort(speed)).toBe(force)
})

test('what is no wind has no force', () => {
  expect([-0.1, Number.NaN, Number.POSITIVE_INFINITY, 121].map(beaufort)).toEqual([null, null, null, null])
})

test('the stronger of force and speed counts, and one that is no wind makes both unknown', () => {
  expect(windForceOf(seen({ windForce: 3, windSpeed: 8 }))).toBe(5)
  expect(windForceOf(seen({ windForce: 6, windSpeed: 1 }))).toBe(6)
  expect(windForceOf(seen({ windForce: 3, windSpeed: Number.NaN }))).toBeNull()
  expect(windForceOf(seen({ windForce: 3.5 }))).toBeNull()
  expect(windForceOf(seen({ windForce: null }))).toBeNull()
})

test('stops at its edge, and says which rules', () => {
  expect(verdict(seen({ windForce: 5 }))).toEqual({ kind: 'clear' })
  expect(verdict(seen({ windForce: 6, fog: true }))).toMatchObject({
    kind: 'stop',
    force: 6,
    stops: [{ id: 'wind' }, { id: 'fog' }],
  })
  expect(verdict(seen({ windForce: null, windSpeed: 10.8 }))).toMatchObject({ kind: 'stop', stops: [{ clause: '9.2.4' }] })
})

test('unknown is not calm: no observation, an old one, one from the future, one without a value', () => {
  expect(verdict(null)).toMatchObject({ kind: 'unknown', because: 'noObservation', missing: ['windForce', 'fog', 'heavySnow'] })
  expect(verdict(seen({}, weatherAge.most))).toEqual({ kind: 'clear' })
  expect(verdict(seen({}, weatherAge.most + 1))).toMatchObject({ kind: 'unknown', because: 'stale' })
  expect(verdict(seen({}, -minutes(1)))).toMatchObject({ kind: 'unknown', because: 'stale' })
  expect(verdict({ ...seen(), at: 'yesterday' })).toMatchObject({ kind: 'unknown', because: 'stale' })
  expect(verdict(seen({ fog: null }))).toEqual({ kind: 'unknown', because: 'incomplete', missing: ['fog'] })
})

test('a stop that is seen is told even where something else is unknown', () => {
  expect(verdict(seen({ windForce: null, fog: true }))).toMatchObject({ kind: 'stop', force: null, stops: [{ id: 'fog' }] })
})

test('indoors the weather does not matter; a place nobody described is outdoors', () => {
  expect(verdict(null, { outdoors: false, acceptedWind: null })).toEqual({ kind: 'clear' })
  expect(verdict(null, { ...outside, outdoors: null })).toMatchObject({ kind: 'unknown' })
})

test('wind that was approved as unavoidable is let go up to that force, and nothing else is', () => {
  const approved = { outdoors: true, acceptedWind: 6 }
  expect(verdict(seen({ windForce: 6 }), approved)).toEqual({ kind: 'clear' })
  expect(verdict(seen({ windForce: 7 }), approved)).toMatchObject({ kind: 'stop', force: 7 })
  expect(verdict(seen({ windForce: 6, fog: true }), approved)).toMatchObject({ kind: 'stop', stops: [{ id: 'fog' }] })
})

test('more wind never turns a stop into go', () => {
  const speed = fc.double({ min: 0, max: 120, noNaN: true })
  fc.assert(
    fc.property(speed, speed, (a, b) => {
      const [less, more] = a <= b ? [a, b] : [b, a]
      expect(Number(beaufort(more))).toBeGreaterThanOrEqual(Number(beaufort(less)))
    }),
  )
})
