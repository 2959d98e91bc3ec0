import { expect, test } from 'vitest'
import { sumLine, tryPoints } from './points.ts'

/** Where the choice of points begins: the day, unless a run is to be repeated. */
const seed = Number(process.env.ANDON_CHAOS_SEED ?? Math.floor(Date.now() / 86_400_000))
/** So long may the tries take on two cores, in milliseconds; `npm run chaos -- --points` tries all. */
const within = 50_000

test('killed before or after any wire message, the service loses no report, shows no card twice, and the ladder still climbs', async () => {
  const sum = await tryPoints({ door: 'http', within, seed, workers: 2 })
  console.log(sumLine(sum, seed))
  expect(sum.failures).toEqual([])
  expect(sum.tried).toBeGreaterThan(10)
})
