import { commonText } from '../cards/text/common.ts'
import { breath } from '../lib/batcher.ts'
import type { Millis } from '../lib/clock.ts'
import { type Arrival, inboxKey, type Outcome } from './arrival.ts'
import type { Settled } from './batch.ts'
import { type Committed, type DecideBatch, quarantined } from './engine.ts'
import type { EngineParts } from './parts.ts'

/** Most arrivals of one commit. */
const batchSize = 64
/** Arrivals that may wait; beyond it the door says busy, which platforms answer by sending again. */
const lineLength = 4_000
/** After this share of its time an undecided arrival is given up: the answer that says so must still be sealed and leave. */
const patience = 0.7

type Waiting = { readonly arrival: Arrival; readonly settle: (outcome: Outcome) => void; started: boolean; abandoned: boolean }

export type Door = {
  /**
   * Decides an arrival together with those that come at the same time. Never rejects. With `within` the answer comes in time or says that nothing was
   * recorded; an arrival that has not begun by then is withdrawn.
   */
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
  /** Arrivals waiting or under way. */
  readonly waiting: () => number
  readonly idle: () => Promise<void>
}

export type DoorOptions = {
  readonly parts: EngineParts
  readonly decide: DecideBatch
  readonly committed: (committed: Committed) => void
  /** The answer of a pressed card has left, or got lost. */
  readonly answered: (settled: Settled, left: boolean) => void
}

const trouble = (kind: 'busy' | 'undecided' | 'quarantined', text: string): Outcome => ({
  kind,
  reply: { toast: { tone: 'danger', text }, card: null },
  subject: null,
  answered: () => {},
})

/** PostgreSQL's codes for "not now": lost connections, restarts, deadlocks, another replica was first. */
const transient = /^(08|40|53|57P|55P03|23505)/

const isTransient = (error: unknown): boolean => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return (
    transient.test(code) ||
    /^E(CONN|PIPE|TIMEDOUT|HOST)/.test(code) ||
    (error instanceof Error && /terminated|timeout exceeded|Connection ended|not queryable/i.test(error.message))
  )
}

/** The line before the database: arrivals that come while a commit is in flight ride in the next one. */
export const createDoor = ({ parts, decide, committed, answered }: DoorOptions): Door => {
  const line: Waiting[] = []
  const idlers: (() => void)[] = []
  let underWay = 0
  let running = false

  const finish = (waiting: Waiting, settled: Settled): void =>
    waiting.settle({
      ...settled.outcome,
      ...(settled.outcome.kind === 'quarantined' ? trouble('quarantined', commonText.notRecorded) : {}),
      answered: (left) => answered(settled, left),
    })

  const commit = async (batch: readonly Waiting[], tries = 0): Promise<void> => {
    try {
      const done = await decide(batch.map(({ arrival }) => arrival))
      committed(done.committed)
      for (const [index, waiting] of batch.entries()) finish(waiting, done.settled[index] as Settled)
    } catch (error) {
      await recover(batch, error, tries)
    }
  }

  const recover = async (batch: readonly Waiting[], error: unknown, tries: number): Promise<void> => {
    if (isTransient(error)) {
      if (tries < 3 && !isLost(error)) return commit(batch, tries + 1)
      parts.log.warn('a batch could not be committed', { size: batch.length, error: String(error) })
      parts.count('undecided', batch.length)
      for (const waiting of batch) waiting.settle(trouble('undecided', commonText.notRecorded))
      return
    }
    const [only] = batch
    if (batch.length === 1 && only) return quarantine(only, error)
    const half = Math.ceil(batch.length / 2)
    await commit(batch.slice(0, half))
    await commit(batch.slice(half))
  }

  const quarantine = async (waiting: Waiting, error: unknown): Promise<void> => {
    const { connection, key } = inboxKey(waiting.arrival)
    parts.log.error('an arrival spoils its statement and is quarantined', { connection, key, error: String(error) })
    parts.count('quarantined')
    try {
      await parts.database.db
        .insertInto('inbox')
        .values({
          connection,
          key,
          alias: null,
          kind: 'poison',
          arrived_at: parts.clock.now(),
          outcome: 'quarantined',
          note: String(error).slice(0, 500),
          raw: asciiOf(waiting.arrival),
          subject: null,
        })
        .onConflict((row) => row.columns(['connection', 'key']).doNothing())
        .execute()
      finish(waiting, quarantined(error))
    } catch {
      waiting.settle(trouble('undecided', commonText.notRecorded))
    }
  }

  const pump = async (): Promise<void> => {
    if (running) return
    running = true
    while (line.length > 0) {
      await breath()
      const batch = line.splice(0, batchSize).filter((one) => !one.abandoned)
      for (const one of batch) one.started = true
      underWay = batch.length
      if (batch.length > 0) await commit(batch)
      underWay = 0
    }
    running = false
    for (const idle of idlers.splice(0)) idle()
  }

  return {
    handle: (arrival, within) =>
      new Promise((resolve) => {
        if (line.length >= lineLength) {
          parts.count('busy')
          return resolve(trouble('busy', commonText.busy))
        }
        const waiting: Waiting = { arrival, settle: resolve, started: false, abandoned: false }
        line.push(waiting)
        if (within !== undefined) giveUpAfter(waiting, within, resolve, parts)
        void pump()
      }),
    waiting: () => line.length + underWay,
    idle: () => (running ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  }
}

const isLost = (error: unknown): boolean => !(error instanceof Error && 'code' in error && /^(40|23505)/.test(String(error.code)))

/** The poisonous arrival in a form that any database can store. */
const asciiOf = (arrival: Arrival): string => Buffer.from(JSON.stringify(arrival)).subarray(0, 60_000).toString('base64')

const giveUpAfter = (waiting: Waiting, within: Millis, resolve: (outcome: Outcome) => void, parts: EngineParts): void => {
  const timer = setTimeout(() => {
    if (!waiting.started) waiting.abandoned = true
    parts.count('undecided')
    resolve(trouble('undecided', commonText.notRecorded))
  }, within * patience)
  const settle = waiting.settle
  Object.assign(waiting, {
    settle: (outcome: Outcome) => {
      clearTimeout(timer)
      settle(outcome)
    },
  })
}
