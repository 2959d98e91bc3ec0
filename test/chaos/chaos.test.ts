import { expect, test } from 'vitest'
import { chaosLine, runChaos } from './run.ts'

/** Another one each day; the line that a run prints names it, and `npm run chaos -- --seed <n>` draws the same again. */
const seed = Number(process.env.ANDON_CHAOS_SEED ?? 11)

test('two replicas lose and double nothing while people report and press and everything breaks for 20 seconds', async () => {
  const said: string[] = []
  const reckoning = await runChaos({ seed, seconds: 20, say: (line) => void said.push(line) })
  console.log(`chaos, seed ${seed}: ${chaosLine(reckoning)}; ${said.join(', ')}`)
  const { lost, doubled, wrong } = reckoning
  expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] })
  expect(reckoning.arrivals).toBeGreaterThan(40)
})
