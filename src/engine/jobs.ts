import { createHash } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import type { Database } from '../db/database.ts'
import type { Log } from '../lib/log.ts'

export const queues = ['photo', 'picture', 'who-is', 'weather', 'checkpoint', 'purge'] as const
export type Queue = (typeof queues)[number]

export type Jobs = {
  /** Puts slow work into its queue under a key: the same key is one job, however often it is sent. */
  readonly enqueue: (queue: string, key: string, payload: object) => Promise<void>
  /** Works a queue, a few jobs at a time. A job that throws is tried again with growing waits; after the last try `gaveUp` is told. */
  readonly work: (
    queue: Queue,
    atOnce: number,
    run: (payload: object) => Promise<void>,
    gaveUp: (payload: object) => Promise<void>,
  ) => Promise<void>
  /** Jobs that are waiting or under way now; what waits for a retry counts. */
  readonly waiting: () => Promise<number>
  readonly close: () => Promise<void>
}

const retryLimit = 8

/** A UUID that the key always gives. */
const jobId = (key: string): string => {
  const hex = createHash('sha256').update(key).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** pg-boss carries the slow work: photos, look-ups, checkpoints. It holds nothing with a business time. */
export const createJobs = async (database: Database, log: Log): Promise<Jobs> => {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.executeSql(text, values) as Promise<{ rows: never[] }> },
    backend: database.kind === 'pglite' ? 'pglite' : 'postgres',
    schedule: false,
    supervise: true,
    superviseIntervalSeconds: 30,
  } as ConstructorParameters<typeof PgBoss>[0])
  boss.on('error', (error) =>
    log.error('pg-boss reports an error', { error: error instanceof Error ? error.message : String(error) }),
  )
  await boss.start()
  for (const queue of queues)
    await boss.createQueue(queue, {
      retryLimit,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 60,
      expireInSeconds: 120,
      deleteAfterSeconds: 86_400,
    })
  /** Workers of this process by queue: work that it has just put there need not wait for the next look. */
  const workers = new Map<string, string>()
  type Job = { readonly id: string; readonly data: object; readonly retryCount: number }
  const settled = async (
    job: Job,
    run: (payload: object) => Promise<void>,
    gaveUp: (payload: object) => Promise<void>,
    queue: string,
  ) => {
    try {
      await run(job.data)
      return { id: job.id, status: 'completed' as const }
    } catch (error) {
      log.warn('a job failed', {
        queue,
        job: job.id,
        tries: job.retryCount + 1,
        error: error instanceof Error ? error.message : String(error),
      })
      if (job.retryCount >= retryLimit) await gaveUp(job.data)
      return { id: job.id, status: 'failed' as const }
    }
  }
  return {
    enqueue: async (queue, key, payload) => {
      await boss.send(queue, payload, { id: jobId(key) })
      const worker = workers.get(queue)
      if (worker !== undefined) boss.notifyWorker(worker)
    },
    work: async (queue, atOnce, run, gaveUp) => {
      const options = { pollingIntervalSeconds: 0.5, batchSize: atOnce, includeMetadata: true, perJobResults: true } as const
      const worker = await boss.work<object, undefined, typeof options>(queue, options, (jobs) =>
        Promise.all(jobs.map((job) => settled(job, run, gaveUp, queue))),
      )
      workers.set(queue, worker)
    },
    waiting: async () => {
      const { rows } = await database.executeSql(
        `select count(*)::int as n from pgboss.job where state in ('created', 'active', 'retry') and name in ('photo', 'picture', 'who-is', 'weather')`,
      )
      return Number((rows[0] as { n: number } | undefined)?.n ?? 0)
    },
    close: () => boss.stop({ graceful: true, timeout: 3_000 }),
  }
}
