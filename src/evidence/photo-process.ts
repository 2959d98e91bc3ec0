import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import type { Millis } from '../lib/clock.ts'
import type { Job, Told } from './photo-child.ts'

/** How one try at a photo or drawing ended. */
export type Outcome =
  | Exclude<Told, { readonly kind: 'ready' }>
  /** The process is gone. `begun` tells whether it had the photo: if not, the photo is innocent. */
  | { readonly kind: 'died'; readonly begun: boolean; readonly how: string }
  /** Not done within the time; the process was killed. */
  | { readonly kind: 'late' }

export type PhotoProcess = {
  /** One photo at a time. Never rejects. */
  readonly run: (job: Job, within: Millis) => Promise<Outcome>
  /** Kills the process and resolves when it is gone. */
  readonly stop: () => Promise<void>
  readonly gone: () => boolean
}

/** The child gets the way to the system's programs and nothing else of our environment: no address, no secret. */
const environment = (): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'SystemRoot'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(kept), VIPS_WARNING: '1' }
}

export const startPhotoProcess = (): PhotoProcess => {
  const child = fork(new URL('./photo-child.ts', import.meta.url), {
    serialization: 'advanced',
    env: environment(),
    execArgv: ['--max-old-space-size=192'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  calm(child)
  let over: string | null = null
  const end = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.on('error', (error) => resolve(error.message))
  }).then((how) => {
    over = how
    return how
  })
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()))
  rest(child)
  return {
    run: async (job, within) => {
      wake(child)
      const outcome = await attempt({ child, end, ready }, job, within)
      rest(child)
      return outcome
    },
    stop: async () => {
      wake(child)
      child.kill('SIGKILL')
      await end
    },
    gone: () => over !== null,
  }
}

type Parts = { readonly child: ChildProcess; readonly end: Promise<string>; readonly ready: Promise<void> }

const attempt = async ({ child, end, ready }: Parts, job: Job, within: Millis): Promise<Outcome> => {
  let begun = false
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), within)
  })
  const died = end.then((how): Outcome => ({ kind: 'died', begun, how }))
  const told = ready.then(() => {
    begun = true
    return answer(child, job)
  })
  const outcome = await Promise.race([told, died, late])
  clearTimeout(timer)
  if (outcome.kind === 'late') {
    child.kill('SIGKILL')
    await end
  }
  return outcome
}

/** Stays open for ever when the process dies: `end` is the one that tells. */
const answer = (child: ChildProcess, job: Job): Promise<Outcome> =>
  new Promise((resolve) => {
    child.once('message', (told: Told) => {
      if (told.kind !== 'ready') resolve(told)
    })
    child.send(job, () => {})
  })

/**
 * As low as it goes, set from outside and at once: on Linux the priority belongs to each thread, and only threads made later inherit it.
 * A child that is gone already says so by its end.
 */
const calm = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {}
}

/** An idle child must not keep the service alive; a busy one must. */
const rest = (child: ChildProcess): void => {
  child.unref()
  child.channel?.unref()
}
const wake = (child: ChildProcess): void => {
  child.ref()
  child.channel?.ref()
}
