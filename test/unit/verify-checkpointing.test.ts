import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import type { CheckpointStore } from '../../src/engine/checkpoint.ts'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { createCheckpointing } from '../../src/engine/checkpointing.ts'
import { createJobs, type Jobs } from '../../src/engine/jobs.ts'
import { createClock, hours } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { scratch } from '../support/scratch.ts'

let database: Database
let jobs: Jobs
beforeAll(async () => {
  database = await openPglite(join(scratch('andon-checkpointing-'), 'db'))
  await migrate(database.db)
  jobs = await createJobs(database, silent)
})
afterAll(async () => {
  await jobs.close()
  await database.close()
})

const jobCount = async (): Promise<number> => {
  const { rows } = await database.executeSql(`select count(*)::int as n from pgboss.job where name = 'checkpoint'`)
  return (rows[0] as { n: number }).n
}

test('a start writes a checkpoint through the job queue, and two replicas of one hour ask for one', async () => {
  const directory = createCheckpointDirectory(join(scratch('andon-checkpoints-'), 'c'))
  let heard: () => void = () => {}
  const written = new Promise<void>((resolve) => {
    heard = resolve
  })
  const store: CheckpointStore = {
    ...directory,
    append: async (name, bytes) => {
      const first = await directory.append(name, bytes)
      heard()
      return first
    },
  }
  const clock = createClock()
  clock.setOffset(hours(1) - (clock.now().getTime() % hours(1))) // the beginning of an hour, so that both starts fall into it
  const options = { database, clock, secret: 'secret', store, log: silent, jobs }
  const one = await createCheckpointing(options)
  const two = await createCheckpointing(options)
  await written
  expect(await jobCount()).toBe(1)
  expect(await directory.list()).toEqual(['00000001.json'])
  clock.setOffset(clock.offset() + hours(1))
  const three = await createCheckpointing(options)
  expect(await jobCount()).toBe(2)
  for (const checkpointing of [one, two, three]) await checkpointing.stop()
})
