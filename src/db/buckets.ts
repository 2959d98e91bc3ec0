import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Millis, Monotonic } from '../lib/clock.ts'
import type { Database } from './database.ts'

/** So many calls in any stretch of this length. */
export type Window = { readonly calls: number; readonly per: Millis }
/** Windows by endpoint; `*` for each endpoint that is not named. */
export type Limits = Readonly<Record<string, readonly Window[]>>

/** This share of every window is kept for what is urgent. */
const headroom = 0.2
/** Calls that one replica takes at once and keeps in memory, so that not every call asks the database. */
const largestBlock = 50
/** What is kept longer than this is given up: it would let a later second have more than its share. */
const blockLife: Millis = 1_000
/** A call waits this long for its turn; after that it is told when to come back. */
const patience: Millis = 1_000

export type Drawn = { readonly tokens: number; readonly wait: Millis; readonly levels: readonly number[] }

/**
 * What a bucket gives: at most `want` calls, fewer when its windows have less, none when only the headroom is left and the call is not urgent; then `wait` is
 * when the next call may be made. Pure. `levels` are what was left `passed` milliseconds ago; a window never seen is full.
 */
export const draw = (
  windows: readonly Window[],
  levels: readonly number[],
  { passed, want, urgent }: { readonly passed: Millis; readonly want: number; readonly urgent: boolean },
): Drawn => {
  const filled = windows.map(({ calls, per }, index) =>
    Math.min(calls, (levels[index] ?? calls) + (Math.max(0, passed) * calls) / per),
  )
  const kept = windows.map(({ calls }) => (urgent || calls < 2 ? 0 : Math.ceil(calls * headroom)))
  const free = Math.min(...filled.map((level, index) => level - (kept[index] ?? 0)))
  const tokens = Math.max(0, Math.min(want, Math.floor(free + 1e-9)))
  const waits = windows.map(({ calls, per }, index) => ((1 + (kept[index] ?? 0) - (filled[index] ?? 0)) * per) / calls)
  const wait = tokens > 0 ? 0 : Math.max(1, Math.ceil(Math.max(...waits)))
  return { tokens, wait, levels: filled.map((level) => level - tokens) }
}

/** A quarter of a second's worth: two replicas share a second without one of them keeping it all. */
const blockOf = (windows: readonly Window[]): number => {
  const perSecond = Math.min(...windows.map(({ calls, per }) => (calls * 1_000) / per))
  return Math.max(1, Math.min(largestBlock, Math.floor(perSecond / 4)))
}

type Options = {
  readonly database: Database
  readonly monotonic: Monotonic
  readonly connection: string
  readonly limits: Limits
  /** The error of a call that must come back later. */
  readonly refuse: (wait: Millis) => Error
}

/**
 * The budget of one connection's endpoints, shared by all replicas through the database. Calls are taken in blocks; an endpoint without a limit costs nothing.
 * What is urgent is never held back here: it may use the headroom, and when that is spent as well the platform's own answer decides.
 */
export const createBuckets = ({ database: { db }, monotonic, connection, limits, refuse }: Options) => {
  const blocks = new Map<string, { tokens: number; readonly until: number }>()
  const filling = new Map<string, Promise<Pick<Drawn, 'tokens' | 'wait'>>>()

  /** Real time by the database's own clock, which all replicas share. */
  const drawBlock = (endpoint: string, windows: readonly Window[], urgent: boolean): Promise<Drawn> =>
    db.transaction().execute(async (tx) => {
      await sql`insert into bucket (connection, endpoint, levels) values (${connection}, ${endpoint}, '[]') on conflict do nothing`.execute(
        tx,
      )
      const { rows } = await sql<{ levels: string; passed: number | string }>`select levels,
          extract(epoch from clock_timestamp() - at_real) * 1000 as passed from bucket
        where connection = ${connection} and endpoint = ${endpoint} for update`.execute(tx)
      const levels = JSON.parse(rows[0]?.levels ?? '[]') as readonly number[]
      const drawn = draw(windows, levels, { passed: Number(rows[0]?.passed ?? 0), want: blockOf(windows), urgent })
      await sql`update bucket set levels = ${JSON.stringify(drawn.levels)}, at_real = clock_timestamp()
        where connection = ${connection} and endpoint = ${endpoint}`.execute(tx)
      return drawn
    })

  const fill = (endpoint: string, windows: readonly Window[], urgent: boolean): Promise<Pick<Drawn, 'tokens' | 'wait'>> => {
    const key = `${endpoint}\n${urgent}`
    const running = filling.get(key)
    if (running) return running
    const started = drawBlock(endpoint, windows, urgent)
      .then((drawn) => {
        if (drawn.tokens > 0) blocks.set(endpoint, { tokens: drawn.tokens, until: monotonic.now() + blockLife })
        return drawn
      })
      .finally(() => filling.delete(key))
    filling.set(key, started)
    return started
  }

  const fromBlock = (endpoint: string): boolean => {
    const block = blocks.get(endpoint)
    if (!block || block.tokens < 1 || !(block.until > monotonic.now())) return false
    block.tokens -= 1
    return true
  }

  return {
    take: async (endpoint: string, urgent: boolean): Promise<void> => {
      const windows = limits[endpoint] ?? limits['*']
      if (!windows || windows.length === 0) return
      for (const since = monotonic.now(); !fromBlock(endpoint); ) {
        const { tokens, wait } = await fill(endpoint, windows, urgent)
        if (tokens > 0) continue
        if (urgent) return
        if (monotonic.now() - since + wait > patience) throw refuse(wait)
        await sleep(wait)
      }
    },
  }
}
