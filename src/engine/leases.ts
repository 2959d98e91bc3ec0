import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { EngineParts } from './parts.ts'

/** A replica whose heartbeat is older than this has lost its leases, whatever it is doing. Real time, by the database's own clock. */
const silentFor = '5 seconds'

export type Leases = {
  /** Announces this replica and starts holding its session lock where the database allows it. */
  readonly join: (lost: () => void) => Promise<void>
  readonly beat: () => Promise<void>
  /** Gives back what dead replicas held. Gives the number of effects and cards freed. */
  readonly takeOver: () => Promise<number>
  readonly leave: () => Promise<void>
}

const owners = async ({ db }: Database, replica: string): Promise<readonly { owner: string; silent: boolean }[]> => {
  const { rows } = await sql<{
    owner: string
    silent: boolean
  }>`select o.owner, coalesce(r.beat_real < now() - interval '${sql.raw(silentFor)}', true) as silent
    from (select lease_owner as owner from effect where state = 'leased' union select lease_owner from live_card where lease_owner is not null and state = 'live' and wanted_rev > drawn_rev) o
    left join replica r on r.id = o.owner where o.owner is not null and o.owner <> ${replica}`.execute(db)
  return rows
}

/** What a dead replica held may have been sent: it is sent again under the same once-key, or marked as a repetition where there is none. */
const free = async ({ db }: Database, owner: string): Promise<number> =>
  db.transaction().execute(async (tx) => {
    const effects = await tx
      .updateTable('effect')
      .set((update) => ({ state: 'waiting', lease_owner: null, maybe_sent: true, attempts: update('attempts', '+', 1) }))
      .where('state', '=', 'leased')
      .where('lease_owner', '=', owner)
      .executeTakeFirst()
    const cards = await tx.updateTable('live_card').set({ lease_owner: null }).where('lease_owner', '=', owner).executeTakeFirst()
    await tx.deleteFrom('replica').where('id', '=', owner).execute()
    return Number(effects.numUpdatedRows) + Number(cards.numUpdatedRows)
  })

/**
 * A lease is a replica's name plus its heartbeat row. A session lock on a direct connection is the fast path: when it is free its owner is dead, and its work
 * is taken over in milliseconds; a stopped process keeps its lock, so the heartbeat decides then.
 */
export const createLeases = (parts: EngineParts & { readonly replica: string }): Leases => {
  const { database, replica } = parts
  return {
    join: async (lost) => {
      await database.db.insertInto('replica').values({ id: replica, runtime: database.kind }).execute()
      await database.session?.hold(replica, lost)
    },
    beat: async () => {
      const { numUpdatedRows } = await database.db
        .updateTable('replica')
        .set({ beat_real: sql`now()` as unknown as Date })
        .where('id', '=', replica)
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0)
        await database.db
          .insertInto('replica')
          .values({ id: replica, runtime: database.kind })
          .onConflict((row) => row.doNothing())
          .execute()
    },
    takeOver: async () => {
      let freed = 0
      for (const { owner, silent } of await owners(database, replica)) {
        const dead = database.kind === 'pglite' || silent || ((await database.session?.free(owner)) ?? false)
        if (!dead) continue
        freed += await free(database, owner)
        parts.log.warn('the work of a silent replica was taken over', { owner, freed })
      }
      if (freed > 0) parts.count('lease-taken-over', freed)
      return freed
    },
    leave: async () => {
      await free(database, replica)
    },
  }
}
