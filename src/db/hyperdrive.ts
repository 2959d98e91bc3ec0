import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** PostgreSQL through Hyperdrive, made for one request and closed after it: a Worker shares no sockets between requests. */
export const openHyperdrive = (url: string): Database => {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => {})
  // A connection that breaks between two statements of a transaction tells it as an event; unheard, that would end the process.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return {
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    kind: 'hyperdrive',
    executeSql: async (text, values) => ({ rows: (await pool.query(text, values ? [...values] : undefined)).rows }),
    listen: null,
    session: null,
    close: () => pool.end(),
  }
}
