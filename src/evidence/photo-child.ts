/**
 * The process in which strangers' pictures are decoded: no secrets in its environment, low priority, first in line when memory runs out.
 * Started by `photo-process.ts` and by nothing else.
 */
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Drawing } from '../lib/drawing.ts'
import { type Intake, takeIn } from './intake.ts'
import { paint } from './painting.ts'
import type { About } from './strip.ts'

/** A photo that somebody sent, or a picture of our own to be drawn. */
export type Job =
  | { readonly kind: 'photo'; readonly bytes: Uint8Array; readonly about: About }
  | { readonly kind: 'drawing'; readonly drawing: Drawing }

export type Told =
  | { readonly kind: 'ready' }
  /** `memory`: resident bytes of this process after the work. */
  | { readonly kind: 'developed'; readonly intake: Intake; readonly memory: number }
  | { readonly kind: 'painted'; readonly picture: Uint8Array; readonly memory: number }
  /** A mistake of ours or of the caller, not of the photo. */
  | { readonly kind: 'failed'; readonly because: string }

const tell = (told: Told): void => {
  process.send?.(told)
}

const done = async (job: Job): Promise<Told> => {
  if (job.kind === 'photo') {
    const intake = await takeIn(job.bytes, job.about)
    return { kind: 'developed', intake, memory: process.memoryUsage.rss() }
  }
  const picture = await paint(job.drawing)
  return { kind: 'painted', picture, memory: process.memoryUsage.rss() }
}

const work = async (job: Job): Promise<void> => {
  try {
    tell(await done(job))
  } catch (error) {
    tell({ kind: 'failed', because: error instanceof Error ? error.message : String(error) })
  }
}

sharp.concurrency(1)
sharp.cache(false)
// The parent decides when this process ends: Ctrl-C in a terminal reaches the whole group and would call an honest photo corrupt.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
// SIGKILL, because an orderly exit would wait for the picture that is being decoded.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (job: Job) => void work(job))
// Linux only; elsewhere there is nothing to write to, and nothing is lost.
await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined)
tell({ kind: 'ready' })
