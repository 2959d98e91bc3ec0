import { schedule } from 'node-cron'
import { forgetQuietChats } from '../db/buckets.ts'
import { type Millis, type Monotonic, seconds } from '../lib/clock.ts'
import type { Apologies } from './apologies.ts'
import { beat, runAudit } from './auditor.ts'
import type { Deadlines } from './deadlines.ts'
import type { Leases } from './leases.ts'
import type { LiveCards } from './live-cards.ts'
import type { Outbox } from './outbox.ts'
import type { EngineParts } from './parts.ts'

type Loop = { readonly run: () => Promise<void>; readonly stop: () => void }
type LoopOptions = {
  readonly parts: EngineParts
  readonly monotonic: Monotonic
  readonly name: string
  readonly every: Millis
  readonly turn: () => Promise<number>
}

/** One loop: runs again at once while it finds work, otherwise at the next tick or wake-up. Errors are logged and never end it. */
const createLoop = ({ parts, monotonic, name, every, turn }: LoopOptions): Loop => {
  let closing = false
  let running = false
  let again = false
  let lastBeat = -Infinity
  const once = async (): Promise<void> => {
    try {
      again = (await turn()) > 0 || again
      if (monotonic.now() - lastBeat <= seconds(5)) return
      lastBeat = monotonic.now()
      await beat(parts, name)
    } catch (error) {
      if (!closing)
        parts.log.error('a loop stumbled', { loop: name, error: error instanceof Error ? error.message : String(error) })
    }
  }
  const run = async (): Promise<void> => {
    if (closing) return
    if (running) {
      again = true
      return
    }
    running = true
    do {
      again = false
      await once()
    } while (again && !closing)
    running = false
  }
  const timer = setInterval(() => void run(), every)
  timer.unref()
  return {
    run,
    stop: () => {
      closing = true
      clearInterval(timer)
    },
  }
}

export type LoopParts = {
  readonly parts: EngineParts
  readonly monotonic: Monotonic
  readonly outbox: Outbox
  readonly liveCards: LiveCards
  readonly deadlines: Deadlines
  readonly leases: Leases
  readonly apologies: Apologies
  /** What else to do once a minute. */
  readonly tidy: () => Promise<unknown>
}

export type Loops = { readonly wake: () => void; readonly stop: () => Promise<void> }

/** What ticks on a replica: the outbox, the deadlines, the clock and leases each second; the audit each minute. */
export const startLoops = async ({
  parts,
  monotonic,
  outbox,
  liveCards,
  deadlines,
  leases,
  apologies,
  tidy,
}: LoopParts): Promise<Loops> => {
  const loop = (name: string, turn: () => Promise<number>): Loop =>
    createLoop({ parts, monotonic, name, every: seconds(1), turn })
  const sending = loop('outbox', async () => (await apologies.flush()) + (await outbox.sweep()) + (await liveCards.sweep()))
  const firing = loop('deadlines', async () => {
    const fired = await deadlines.sweep()
    if (fired === 0) alarm(await deadlines.next(seconds(1)))
    return fired
  })
  let timer: NodeJS.Timeout | undefined
  /** Deadlines strike when they are due, not at the next tick. */
  const alarm = (within: Millis | null): void => {
    clearTimeout(timer)
    if (within !== null) timer = setTimeout(() => void firing.run(), within + 1)
  }
  const wake = (): void => {
    void sending.run()
    void firing.run()
  }
  let lastAdoption = monotonic.now()
  const living = loop('clock', async () => {
    await leases.beat()
    const { offset_ms } = await parts.database.db.selectFrom('clock').select('offset_ms').executeTakeFirstOrThrow()
    parts.heardOffset(Number(offset_ms))
    if (monotonic.now() - lastAdoption > seconds(5)) {
      lastAdoption = monotonic.now()
      await outbox.adopt()
      await liveCards.adopt()
    }
    if ((await leases.takeOver()) > 0) wake()
    return 0
  })
  const auditing = schedule('* * * * *', () => void minute(parts, tidy))
  const stopListening = await parts.database.listen?.('andon', wake)
  await living.run()
  await runAudit(parts)
  wake()
  return {
    wake,
    stop: async () => {
      for (const one of [sending, firing, living]) one.stop()
      clearTimeout(timer)
      await auditing.stop()
      await stopListening?.()
    },
  }
}

/** Two replicas auditing is harmless, and the row they leave is the same. */
const minute = async (parts: EngineParts, tidy: () => Promise<unknown>): Promise<void> => {
  try {
    await runAudit(parts)
    await forgetQuietChats(parts.database.db)
    await tidy()
  } catch (error) {
    parts.log.error('the audit failed', { error: String(error) })
  }
}
