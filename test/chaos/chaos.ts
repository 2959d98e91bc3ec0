/**
 * `npm run chaos -- --seed <n> --minutes <n>`: two replicas, random people, random troubles; ends with one line of counts.
 * `npm run chaos -- --points [--door http|stream]`: kills the service before and after every wire message of the stories.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { sumLine, tryPoints } from './points.ts'
import { chaosLine, runChaos } from './run.ts'

const options = z.object({
  seed: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
  minutes: z.coerce
    .number()
    .positive()
    .max(24 * 60)
    .default(2),
  points: z.boolean().default(false),
  door: z.enum(['http', 'stream']).default('http'),
})

const { values } = parseArgs({
  options: { seed: { type: 'string' }, minutes: { type: 'string' }, points: { type: 'boolean' }, door: { type: 'string' } },
})

const everyPoint = async (door: 'http' | 'stream', seed: number): Promise<boolean> => {
  const sum = await tryPoints({ door, seed, workers: 2, within: null })
  for (const { point, complaints } of sum.failures) console.log([point, ...complaints].join('\n    '))
  console.log(sumLine(sum, seed))
  return sum.failures.length === 0
}

const rage = async (seed: number, minutes: number): Promise<boolean> => {
  console.log(`chaos, seed ${seed}, ${minutes} min`)
  const reckoning = await runChaos({ seed, seconds: minutes * 60, say: (line) => console.log(`  ${line}`) })
  const { lost, doubled, wrong, undelivered } = reckoning
  for (const [what, list] of Object.entries({ lost, doubled, wrong })) for (const one of list) console.log(`${what}: ${one}`)
  console.log(`given up by their platform: ${undelivered.join(', ') || 'none'}`)
  console.log(chaosLine(reckoning))
  return lost.length + doubled.length + wrong.length === 0
}

const parsed = options.safeParse(values)
if (parsed.success) {
  const { seed = randomInt(1_000_000), minutes, points, door } = parsed.data
  const good = await (points ? everyPoint(door, seed) : rage(seed, minutes))
  process.exit(good ? 0 : 1)
} else {
  console.error(z.prettifyError(parsed.error))
  process.exit(2)
}
