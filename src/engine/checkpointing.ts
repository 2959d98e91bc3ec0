import { schedule } from 'node-cron'
import type { Clock } from '../lib/clock.ts'
import { type CheckpointOptions, writeCheckpoint } from './checkpoint.ts'
import type { Jobs } from './jobs.ts'

export type Checkpointing = { readonly stop: () => Promise<void> }

/** One job per hour, however many replicas ask for it. */
const slotOf = (clock: Clock): string => `checkpoint:${clock.now().toISOString().slice(0, 13)}`

/** Writes a checkpoint at the start and then every hour, through the job queue, so that one replica writes and a failure is tried again. */
export const createCheckpointing = async (
  options: CheckpointOptions & { readonly jobs: Pick<Jobs, 'enqueue' | 'work'> },
): Promise<Checkpointing> => {
  const { jobs, clock, log } = options
  const ask = async (): Promise<void> => {
    try {
      await jobs.enqueue('checkpoint', slotOf(clock), {})
    } catch (error) {
      log.error('a checkpoint could not be asked for', { error: String(error) })
    }
  }
  const write = async (): Promise<void> => void (await writeCheckpoint(options))
  await jobs.work('checkpoint', 1, write, async () =>
    log.error('a checkpoint could not be written', { place: options.store.place }),
  )
  await ask()
  const hourly = schedule('0 * * * *', ask)
  return { stop: async () => void (await hourly.stop()) }
}
