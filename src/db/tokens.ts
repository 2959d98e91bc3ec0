import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Clock, later, minutes } from '../lib/clock.ts'
import { seal, unseal } from '../lib/crypto.ts'
import type { Database } from './database.ts'

/** Used until this long before its end, so that no call starts with a token that dies on the way. */
const margin = minutes(5)

type Fetched = { readonly token: string; readonly life: number }
type Options = {
  readonly database: Database
  readonly clock: Clock
  readonly connection: string
  readonly secret: string
  readonly owner: string
}

/**
 * Platform tokens, fetched once across replicas and kept sealed under the app's own secret. One replica fetches while the others wait for its row;
 * a fetcher that dies is replaced after 15 s. In memory only the last token read is kept, and it is checked against its end at each use.
 */
export const createTokenStore = ({ database: { db }, clock, connection, secret, owner }: Options) => {
  const inFlight = new Map<string, Promise<string>>()
  const kept = new Map<string, { readonly token: string; readonly until: Date }>()

  const read = async (name: string): Promise<string | null> => {
    const row = await db
      .selectFrom('token')
      .select(['sealed', 'expires_at'])
      .where('connection', '=', connection)
      .where('name', '=', name)
      .executeTakeFirst()
    if (!row?.sealed || !row.expires_at || !(row.expires_at.getTime() - margin > clock.now().getTime())) return null
    const token = unseal(secret, row.sealed)
    if (token !== null) kept.set(name, { token, until: later(row.expires_at, -margin) })
    return token
  }

  /** True when it is this process that must fetch. */
  const win = async (name: string): Promise<boolean> => {
    const { rows } =
      await sql`insert into token (connection, name, fetching_by, fetching_real) values (${connection}, ${name}, ${owner}, now())
      on conflict (connection, name) do update set fetching_by = ${owner}, fetching_real = now()
      where token.fetching_real is null or token.fetching_real < now() - interval '15 seconds' returning name`.execute(db)
    return rows.length > 0
  }

  const store = async (name: string, fetch: () => Promise<Fetched>): Promise<string> => {
    try {
      const { token, life } = await fetch()
      const expires = later(clock.now(), life)
      await db
        .updateTable('token')
        .set({ sealed: seal(secret, token), expires_at: expires, fetching_by: null, fetching_real: null })
        .where('connection', '=', connection)
        .where('name', '=', name)
        .execute()
      kept.set(name, { token, until: later(expires, -margin) })
      return token
    } catch (error) {
      await db
        .updateTable('token')
        .set({ fetching_by: null, fetching_real: null })
        .where('connection', '=', connection)
        .where('name', '=', name)
        .where('fetching_by', '=', owner)
        .execute()
      throw error
    }
  }

  const obtain = async (name: string, fetch: () => Promise<Fetched>): Promise<string> => {
    for (;;) {
      const known = await read(name)
      if (known !== null) return known
      if (await win(name)) return store(name, fetch)
      await sleep(30)
    }
  }

  return {
    get: (name: string, fetch: () => Promise<Fetched>): Promise<string> => {
      const known = kept.get(name)
      if (known && known.until.getTime() > clock.now().getTime()) return Promise.resolve(known.token)
      const running = inFlight.get(name)
      if (running) return running
      const started = obtain(name, fetch).finally(() => inFlight.delete(name))
      inFlight.set(name, started)
      return started
    },
    drop: async (name: string, token: string): Promise<void> => {
      if (kept.get(name)?.token === token) kept.delete(name)
      const row = await db
        .selectFrom('token')
        .select('sealed')
        .where('connection', '=', connection)
        .where('name', '=', name)
        .executeTakeFirst()
      if (row?.sealed && unseal(secret, row.sealed) === token)
        await db
          .updateTable('token')
          .set({ sealed: null, expires_at: null })
          .where('connection', '=', connection)
          .where('name', '=', name)
          .where('sealed', '=', row.sealed)
          .execute()
    },
  }
}
