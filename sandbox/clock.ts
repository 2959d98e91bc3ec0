/** The sandbox's own movable time: the machine's clock plus an offset, with timers that fire when either passes them. */
import type { SandboxClock } from './contract.ts'

export type Clock = SandboxClock & {
  readonly offset: () => number
  /** Sets the offset. Timers that are due then fire at once, earliest first. */
  readonly setOffset: (offset: number) => void
  /** The earliest instant a timer waits for, due ones left out; null when none does. */
  readonly nextDue: () => number | null
  /** Labels of timers that are due or whose task still runs. */
  readonly waiting: () => readonly string[]
  /** Forgets every timer. */
  readonly close: () => void
}

type Timer = { readonly instant: number; readonly label: string; readonly task: () => Promise<void> | void; running: boolean }

const longestTimeout = 2_147_483_647 // setTimeout fires at once beyond 2^31-1 ms

/** `failed` hears of a task that threw: a bug of the sandbox, never silence. */
export const createClock = (failed: (label: string, error: unknown) => void): Clock => {
  const timers = new Set<Timer>()
  let offset = 0
  let wake: NodeJS.Timeout | undefined
  const now = () => Date.now() + offset

  const run = async (timer: Timer) => {
    timer.running = true
    try {
      await timer.task()
    } catch (error) {
      failed(timer.label, error)
    } finally {
      timers.delete(timer)
    }
  }

  const idle = () => [...timers].filter((timer) => !timer.running)
  const fire = () => {
    const due = idle().filter((timer) => timer.instant <= now())
    for (const timer of due.toSorted((a, b) => a.instant - b.instant)) void run(timer)
    arm()
  }
  const arm = () => {
    clearTimeout(wake)
    const instants = idle().map((timer) => timer.instant)
    if (instants.length === 0) return
    wake = setTimeout(fire, Math.min(longestTimeout, Math.max(0, Math.min(...instants) - now())))
    wake.unref()
  }

  return {
    now,
    offset: () => offset,
    setOffset: (next) => {
      offset = next
      fire()
    },
    at: (instant, label, task) => {
      const timer: Timer = { instant, label, task, running: false }
      timers.add(timer)
      arm()
      return () => {
        if (timer.running) return
        timers.delete(timer)
        arm()
      }
    },
    nextDue: () => {
      const future = idle()
        .map((timer) => timer.instant)
        .filter((instant) => instant > now())
      return future.length === 0 ? null : future.reduce((a, b) => Math.min(a, b))
    },
    waiting: () => [...timers].filter((timer) => timer.running || timer.instant <= now()).map((timer) => timer.label),
    close: () => {
      clearTimeout(wake)
      timers.clear()
    },
  }
}
