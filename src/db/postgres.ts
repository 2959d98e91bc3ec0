import { createHash } from 'node:crypto'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database, SessionLocks } from './database.ts'
import type { Schema } from './schema.ts'

/** Marks a statement whose text never changes and that runs often: it is prepared once per connection. */
const hot = '/* hot */'

/**
 * Every statement of ours finds its rows by an index and touches few of them, but the planner guesses a hundred rows for each JSON list and, on tables whose
 * statistics are stale, would rather read whole tables: measured 10 times slower, and worse with every row. So it is told to keep to the indexes and to plan once.
 */
const planner =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan'

/** Names hot statements, which Kysely leaves unnamed. Only on a direct address: behind a transaction pooler names are lost. */
const nameHotStatements = (pool: pg.Pool): void => {
  const names = new Map<string, string>()
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    const named = (text: unknown, values?: unknown, ...rest: unknown[]): unknown => {
      if (typeof text !== 'string' || !text.startsWith(hot)) return query(text, values, ...rest)
      let name = names.get(text)
      if (!name) {
        name = `a${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
        names.set(text, name)
      }
      return query({ name, text, values }, ...rest)
    }
    client.query = named as typeof client.query
  })
}

const lockKey = (name: string): string => createHash('sha256').update(`andon:${name}`).digest().readBigInt64BE(0).toString()

const sessionLocks = (url: string, pool: pg.Pool): { locks: SessionLocks; close: () => Promise<void> } => {
  let holder: pg.Client | null = null
  return {
    locks: {
      hold: async (name, lost) => {
        const client = new pg.Client({ connectionString: url, application_name: 'andon session', keepAlive: true })
        client.on('error', () => lost())
        client.on('end', () => (holder === client ? lost() : undefined))
        await client.connect()
        await client.query('select pg_advisory_lock($1)', [lockKey(name)])
        holder = client
      },
      free: async (name) => {
        const client = await pool.connect()
        try {
          const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [lockKey(name)])
          if (rows[0]?.got !== true) return false
          await client.query('select pg_advisory_unlock($1)', [lockKey(name)])
          return true
        } finally {
          client.release()
        }
      },
    },
    close: async () => {
      const client = holder
      holder = null
      await client?.end().catch(() => {})
    },
  }
}

const listenOn =
  (url: string) =>
  async (channel: string, heard: () => void): Promise<() => Promise<void>> => {
    let client: pg.Client | null = null
    let stopped = false
    const open = async (): Promise<void> => {
      if (stopped) return
      const next = new pg.Client({ connectionString: url, application_name: 'andon listen', keepAlive: true })
      const again = (): void => {
        if (client !== next) return
        client = null
        setTimeout(() => void open().catch(again), 500).unref()
      }
      client = next
      next.on('error', again)
      next.on('end', again)
      next.on('notification', heard)
      try {
        await next.connect()
        await next.query(`listen ${channel}`)
        heard()
      } catch {
        again()
      }
    }
    await open()
    return async () => {
      stopped = true
      const last = client
      client = null
      await last?.end().catch(() => {})
    }
  }

export type PostgresOptions = {
  readonly url: string
  /** The address is a transaction pooler: no named statements, no LISTEN, no session locks. */
  readonly pooled: boolean
  readonly connections: number
  readonly onError: (message: string) => void
}

/** A pool on PostgreSQL 15 or newer. Connects lazily; a lost connection is replaced on the next use. */
export const openPostgres = ({ url, pooled, connections, onError }: PostgresOptions): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    ...(pooled ? {} : { options: planner }),
    connectionTimeoutMillis: 5_000,
    application_name: 'andon',
    keepAlive: true,
  })
  pool.on('error', (error) => onError(error.message))
  // A connection that breaks between two statements of a transaction tells it as an event; unheard, that would end the process.
  pool.on('connect', (client) => void client.on('error', () => {}))
  if (!pooled) nameHotStatements(pool)
  const { locks, close } = sessionLocks(url, pool)
  return {
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    kind: 'postgres',
    // The driver's own result: for several statements in one text it is a list, which is what pg-boss expects.
    executeSql: async (text, values) => await pool.query(text, values ? [...values] : undefined),
    listen: pooled ? null : listenOn(url),
    session: pooled ? null : locks,
    close: async () => {
      await close()
      await pool.end()
    },
  }
}
