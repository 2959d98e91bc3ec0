import { type Millis, seconds } from '../lib/clock.ts'
import { sha256 } from '../lib/crypto.ts'
import type { Drawing } from '../lib/drawing.ts'
import { type Log, silent } from '../lib/log.ts'
import type { Intake } from './intake.ts'
import type { Job, Told } from './photo-child.ts'
import { type PhotoProcess, startPhotoProcess } from './photo-process.ts'
import { mimeOf, sniff } from './sniff.ts'
import type { About } from './strip.ts'

export type PhotoWorkshopOptions = {
  readonly log?: Log
  /** For one photo, in milliseconds; 30 s by default. */
  readonly timeLimit?: Millis
  /** Photos that may wait, the one at work included; 32 by default. Each holds its bytes in memory. */
  readonly longestLine?: number
  /** Resident bytes after which the process is replaced by a fresh one; 512 MB by default. */
  readonly mostMemory?: number
}

export type PhotoWorkshop = {
  /**
   * `takeIn` in a process of its own, one photo after the other. A photo that kills the process twice or outlasts the time twice is refused as
   * `corrupt`. Rejects when the photo is not to blame and should be tried again later: the line is full, the workshop is closed, the
   * process does not start, or it reports a mistake.
   */
  readonly develop: (bytes: Uint8Array, about: About) => Promise<Intake>
  /** Draws a picture of ours in that process, in the same line; a JPEG. Rejects when it cannot now. */
  readonly paint: (drawing: Drawing) => Promise<Uint8Array>
  /** Ends the process; photos at work and in line are rejected. */
  readonly close: () => Promise<void>
}

/** Nothing is started before the first photo; the process ends with this one. */
export const createPhotoWorkshop = (options: PhotoWorkshopOptions = {}): PhotoWorkshop => {
  const { log = silent, timeLimit = seconds(30), longestLine = 32, mostMemory = 512 * 1024 * 1024 } = options
  let running: PhotoProcess | null = null
  let closed = false
  let line = 0
  let tail: Promise<unknown> = Promise.resolve()

  const attempt = async (job: Job, last: boolean): Promise<Made> => {
    if (closed) throw new Error('the photo workshop is closed')
    if (running === null || running.gone()) running = startPhotoProcess()
    const outcome = await running.run(job, timeLimit)
    if (closed) throw new Error('the photo workshop was closed while the photo was at work')
    switch (outcome.kind) {
      case 'developed':
      case 'painted':
        if (outcome.memory > mostMemory) await running.stop()
        return outcome
      case 'failed':
        throw new Error(`a photo could not be developed: ${outcome.because}`)
      case 'late':
        log.warn('a photo took too long and its process was killed', nameOf(job))
        // A busy machine is not the photo's fault: it is called corrupt only when a fresh process cannot do it either.
        return last ? null : attempt(job, true)
      case 'died':
        log.warn('the photo process died', {
          ...nameOf(job),
          how: outcome.how,
          begun: outcome.begun,
        })
        if (!last) return attempt(job, true)
        if (!outcome.begun) throw new Error(`the photo process does not start (${outcome.how})`)
        return null
    }
  }

  const inLine = (job: Job): Promise<Made> => {
    if (line >= longestLine) return Promise.reject(new Error('the photo workshop is full'))
    line += 1
    const mine = tail.then(() => attempt(job, false))
    tail = mine
      .catch(() => undefined)
      .then(() => {
        line -= 1
      })
    return mine
  }

  return {
    develop: async (bytes, about) => {
      const made = await inLine({ kind: 'photo', bytes, about })
      return made?.kind === 'developed' ? made.intake : corrupt(bytes)
    },
    paint: async (drawing) => {
      const made = await inLine({ kind: 'drawing', drawing })
      if (made?.kind !== 'painted') throw new Error('a drawing could not be painted')
      return made.picture
    },
    close: async () => {
      closed = true
      await running?.stop()
      await tail
    },
  }
}

/** What came of a job; null when it killed the process twice or outlasted the time twice. */
type Made = Extract<Told, { readonly kind: 'developed' | 'painted' }> | null

const nameOf = (job: Job): Readonly<Record<string, unknown>> =>
  job.kind === 'photo' ? { photo: sha256(job.bytes), size: job.bytes.byteLength } : { drawing: sha256(job.drawing.svg) }

const corrupt = (bytes: Uint8Array): Intake => ({
  kind: 'refused',
  because: 'corrupt',
  original: { sha256: sha256(bytes), size: bytes.byteLength, mime: mimeOf[sniff(bytes)] },
  kept: true,
})
