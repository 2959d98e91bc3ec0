import { sql } from 'kysely'
import { commonText } from './cards/text/common.ts'
import { forgetQuietChats } from './db/buckets.ts'
import type { Arrival, Outcome } from './engine/arrival.ts'
import { runAudit } from './engine/auditor.ts'
import type { Settled } from './engine/batch.ts'
import { createDeadlines } from './engine/deadlines.ts'
import { createDoor } from './engine/door.ts'
import type { EffectKind } from './engine/effects.ts'
import { type Committed, createDecideBatch, heldEffects } from './engine/engine.ts'
import { createLeases } from './engine/leases.ts'
import { createLiveCards } from './engine/live-cards.ts'
import { createOutbox } from './engine/outbox.ts'
import { createReads, type Reads } from './engine/reads.ts'
import { createReceipts } from './engine/receipts.ts'
import { type Millis, monotonic, seconds } from './lib/clock.ts'
import type { WorkerParts } from './worker-parts.ts'
import { checkReads, forgetSilent } from './worker-state.ts'

/** What a Worker performs by itself. Jobs (photos, look-ups in a directory) wait for a Node replica. */
export const workerKinds: readonly EffectKind[] = [
  ...(['card', 'plainCard', 'text', 'broadcast', 'bulk', 'recall', 'command', 'callOut', 'check', 'digest', 'leaver'] as const),
]

/** A Worker may go on for 30 s after its response (developers.cloudflare.com, "Context (ctx)", waitUntil, read 2026-11). */
const afterResponse = seconds(25)
/** One run of the cron ends before the next begins. */
const oneMinute = seconds(50)

export type Visit = {
  /** As `Door.handle`: never rejects. */
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
  readonly subjectOf: Reads['subjectOf']
  readonly plantOf: Reads['plantOf']
  /** Keeps what must be told when the response has left. */
  readonly whenSent: (_: unknown, sent: (left: boolean) => void) => void
  /** After the response: performs what this visit has decided, wakes the others, gives back what it could not do, and closes. Never rejects. */
  readonly finish: (left: () => boolean) => Promise<void>
  /** One run of the cron: fires and performs whatever is due, takes over from the dead, audits, and closes. */
  readonly minute: () => Promise<void>
}

const undecided: Outcome = {
  kind: 'undecided',
  reply: { toast: { tone: 'danger', text: commonText.notRecorded }, card: null },
  subject: null,
  answered: () => {},
}

/** Rejects when the work takes longer. The work itself goes on. */
const inTime = async (work: Promise<void>, within: Millis): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('not in time')), within)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Decides, and keeps what its commits leave to be done until `release`: the answer leaves first. */
const createHands = ({ engine, pictures }: WorkerParts) => {
  const { replica } = engine
  const reads = createReads(engine.database, engine.registry, monotonic)
  const tools = { parts: engine, plantOf: reads.plantOf, subjectOf: reads.subjectOf, upload: pictures.upload }
  const cards = createLiveCards(tools, replica)
  const kept: Committed[] = []
  let released = false

  const perform = (left: Committed): void => {
    const { behind } = left
    reads.learn(left)
    outbox.perform(heldEffects(left, replica))
    cards.follow(behind.filter((card) => card.lease_owner === replica && !card.held))
  }
  const committed = (left: Committed): void => {
    if (released) perform(left)
    else kept.push(left)
  }
  const answered = (settled: Settled, left: boolean): void => {
    if (left && settled.pressed && settled.drawn) cards.shown(settled.pressed, settled.drawn)
  }
  const door = createDoor({ parts: engine, decide: createDecideBatch(engine, { kinds: workerKinds }), committed, answered })
  const outbox = createOutbox({
    ...tools,
    replica,
    kinds: workerKinds,
    enqueue: (queue) => Promise.reject(new Error(`a Worker was handed a job of «${queue}»`)),
    decide: (arrival) => door.handle(arrival),
    behind: cards.follow,
    pressed: () => false,
    roomAgain: () => {},
  })
  const underWay = (): number => door.waiting() + outbox.underWay() + cards.underWay()

  return {
    reads,
    door,
    receipts: createReceipts(engine, () => {}),
    outbox,
    cards,
    release: (): void => {
      released = true
      for (const one of kept.splice(0)) perform(one)
    },
    /** True when nothing is under way any more; false when that takes longer than until this instant of monotonic time. */
    settle: async (until: Millis): Promise<boolean> => {
      while (underWay() > 0) {
        const idle = Promise.all([door.idle(), outbox.idle(), cards.idle()]).then(() => {})
        if (
          !(await inTime(idle, until - monotonic.now()).then(
            () => true,
            () => false,
          ))
        )
          return false
      }
      return true
    },
  }
}

/** One visit to a Worker is a replica of its own, for as long as it lasts: a name, a heartbeat, leases that fall to others when the heartbeat stops. */
export const createVisit = (parts: WorkerParts): Visit => {
  const { engine } = parts
  const { log } = engine
  const hands = createHands(parts)
  const leases = createLeases(engine)
  const deadlines = createDeadlines(engine, (arrival) => hands.door.handle(arrival))
  const leaving: ((left: boolean) => void)[] = []
  let joined: Promise<void> | null = null
  let beating: ReturnType<typeof setInterval> | undefined
  let over = false

  const enter = async (): Promise<void> => {
    await parts.prepare()
    await leases.join(() => {})
    if (over) return
    beating = setInterval(() => void leases.beat().catch(() => {}), seconds(1))
  }
  const join = (): Promise<void> => {
    joined ??= enter()
    return joined
  }

  /** Best effort: Hyperdrive's list of what it does not support names NOTIFY, and a Node replica looks by itself every second. */
  const wakeOthers = async (): Promise<void> => {
    await sql`select pg_notify('andon', '')`
      .execute(engine.database.db)
      .catch((error: unknown) => log.warn('the other replicas could not be woken', { error: String(error) }))
  }

  const leave = async (): Promise<void> => {
    over = true
    clearInterval(beating)
    if (joined)
      await leases.leave().catch((error: unknown) => log.warn('a visit could not give back its leases', { error: String(error) }))
    await parts.close().catch(() => {})
  }

  const sweep = async (): Promise<number> =>
    (await deadlines.sweep()) + (await hands.outbox.sweep()) + (await hands.cards.sweep())

  /** Again and again while something is found; what cannot be finished now is given back for the next minute. */
  const sweepAll = async (until: Millis): Promise<void> => {
    for (let found = 1; found > 0 && monotonic.now() < until; ) {
      found = await sweep()
      if (!(await hands.settle(until))) break
    }
  }

  return {
    subjectOf: hands.reads.subjectOf,
    plantOf: hands.reads.plantOf,
    handle: async (arrival, within = afterResponse) => {
      const begun = monotonic.now()
      try {
        await inTime(join(), within)
      } catch (error) {
        log.error('a visit could not begin', { error: error instanceof Error ? error.message : String(error) })
        return undecided
      }
      return hands.receipts.aside(hands.door.handle)(arrival, Math.max(0, within - (monotonic.now() - begun)))
    },
    whenSent: (_, sent) => void leaving.push(sent),
    finish: async (left) => {
      const until = monotonic.now() + afterResponse
      try {
        if (!joined) return
        // A turn of the event loop: the runtime takes the response before anything is sent to anybody.
        await new Promise((resolve) => setTimeout(resolve, 0))
        for (const sent of leaving) sent(left())
        hands.release()
        // On the visit's one connection this also waits for what the answer has shown to be written down.
        await wakeOthers()
        if (!(await hands.settle(until)))
          log.warn('a visit ends with work in hand; others take it over', { replica: engine.replica })
      } catch (error) {
        log.error('what a visit decided could not be performed by it', {
          error: error instanceof Error ? error.stack : String(error),
        })
      } finally {
        await leave()
      }
    },
    minute: async () => {
      const until = monotonic.now() + oneMinute
      try {
        await join()
        hands.release()
        await leases.takeOver()
        await sweepAll(until)
        await forgetSilent(engine)
        await checkReads(engine)
        await runAudit(engine)
        await forgetQuietChats(engine.database.db)
        await sweepAll(until)
        await wakeOthers()
      } finally {
        await leave()
      }
    },
  }
}
