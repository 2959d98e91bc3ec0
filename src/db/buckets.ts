import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Millis, Monotonic } from '../lib/clock.ts'
import { sha256 } from '../lib/crypto.ts'
import { type Database, type Db, rowsOf } from './database.ts'

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

/** Something that is written to and counted beside the endpoint. */
export type Chat = { readonly kind: 'person' | 'group' | 'message'; readonly id: string }
/** Windows of a chat by its kind. */
export type ChatLimits = Readonly<Record<Chat['kind'], readonly Window[]>>
const noChatLimits: ChatLimits = { person: [], group: [], message: [] }

/** Rows of chats bear a digest: whose chat it is stays out of the table. */
const chatRow = ({ kind, id }: Chat): string => `chat ${kind} ${sha256(id).slice(0, 32)}`

/** Rows of chats that nothing was written to for longer than any window are full again, and are dropped; for a slow tick. */
export const forgetQuietChats = async (db: Db): Promise<void> => {
  await sql`delete from bucket where endpoint like 'chat %' and at_real < clock_timestamp() - interval '2 hours'`.execute(db)
}

type Options = {
  readonly database: Database
  readonly monotonic: Monotonic
  readonly connection: string
  readonly limits: Limits
  /** The error of a call that must come back later. */
  readonly refuse: (wait: Millis) => Error
  /** What one chat allows, and the error of a call that must come back later for its sake. */
  readonly chats?: { readonly limits: ChatLimits; readonly refuse: (wait: Millis) => Error }
}

/**
 * The budget of one connection's endpoints, shared by all replicas through the database. Calls are taken in blocks; an endpoint without a limit costs nothing.
 * What is urgent is never held back by an endpoint: it may use the headroom, and when that is spent as well the platform's own answer decides. A chat is another
 * matter: what is over its limit is dropped in silence or costs the chat, so that is never passed, and nothing is kept in memory for it.
 */
export const createBuckets = ({ database: { db }, monotonic, connection, limits, refuse, chats }: Options) => {
  const chatLimits = chats?.limits ?? noChatLimits
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

  /** One of each of these chats where there is one to take, in one transaction; gives those that have none, and when they will. */
  const drawChats = (wanted: readonly Chat[], urgent: boolean): Promise<readonly (Chat & { readonly wait: Millis })[]> =>
    db.transaction().execute(async (tx) => {
      const byRow = new Map(wanted.map((chat) => [chatRow(chat), chat]))
      const names = JSON.stringify([...byRow.keys()].sort())
      await sql`insert into bucket (connection, endpoint, levels)
        select ${connection}, name, '[]' from json_array_elements_text(${names}::json) as name order by name on conflict do nothing`.execute(
        tx,
      )
      const { rows } = await sql<{ endpoint: string; levels: string; passed: number | string }>`select endpoint, levels,
          extract(epoch from clock_timestamp() - at_real) * 1000 as passed from bucket
        where connection = ${connection} and endpoint = any(array(select json_array_elements_text(${names}::json)))
        order by endpoint for update`.execute(tx)
      const drawn = rows.flatMap(({ endpoint, levels, passed }) => {
        const chat = byRow.get(endpoint)
        const kept = JSON.parse(levels) as readonly number[]
        return chat ? [{ endpoint, chat, ...draw(chatLimits[chat.kind], kept, { passed: Number(passed), want: 1, urgent }) }] : []
      })
      const left = drawn.map(({ endpoint, levels }) => ({ endpoint, levels: JSON.stringify(levels) }))
      await sql`update bucket b set levels = x.levels, at_real = clock_timestamp()
        from json_to_recordset(${rowsOf(left)}::json) as x(endpoint text, levels text)
        where b.connection = ${connection} and b.endpoint = x.endpoint`.execute(tx)
      return drawn.flatMap(({ chat, tokens, wait }) => (tokens > 0 ? [] : [{ ...chat, wait }]))
    })
  const counted = ({ kind }: Chat): boolean => chatLimits[kind].length > 0

  const takeChat = async (chat: Chat, urgent: boolean): Promise<void> => {
    for (const since = monotonic.now(); ; ) {
      const [full] = await drawChats([chat], urgent)
      if (!full) return
      if (monotonic.now() - since + full.wait > patience) throw (chats?.refuse ?? refuse)(full.wait)
      await sleep(full.wait)
    }
  }

  return {
    full: async (wanted: readonly Chat[], urgent: boolean): Promise<readonly Chat[]> => {
      const some = wanted.filter(counted)
      return some.length === 0 ? [] : drawChats(some, urgent)
    },
    take: async (endpoint: string, urgent: boolean, chat?: Chat): Promise<void> => {
      if (chat && counted(chat)) await takeChat(chat, urgent)
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
