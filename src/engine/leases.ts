import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { EngineParts } from './parts.ts'

/** A replica whose heartbeat is older than this has lost its leases, whatever it is doing. Real time, by the database's own clock. */
const silentFor = '5 seconds'
/** Longer than that: everybody who lives has beaten by then. Milliseconds of real time. */
const warinessLasts = 6_000

export type Leases = {
  /** Announces this replica and starts holding its session lock where the database allows it. `lost` is called when it breaks, `held` each time it is taken. */
  readonly join: (lost: () => void, held?: () => void) => Promise<void>
  readonly beat: () => Promise<void>
  /** Gives back what dead replicas held. Gives the number of effects and cards freed. */
  readonly takeOver: () => Promise<number>
  readonly leave: () => Promise<void>
}

const owners = async (
  { db }: Database,
  replica: string,
): Promise<readonly { owner: string; silent: boolean; runtime: string | null }[]> => {
  const { rows } = await sql<{
    owner: string
    silent: boolean
    runtime: string | null
  }>`select o.owner, r.runtime, coalesce(r.beat_real < now() - interval '${sql.raw(silentFor)}', true) as silent
    from (select lease_owner as owner from effect where state = 'leased' union select lease_owner from live_card where lease_owner is not null and state = 'live' and wanted_rev > drawn_rev) o
    left join replica r on r.id = o.owner where o.owner is not null and o.owner <> ${replica}`.execute(db)
  return rows
}

/** Only who stands on a direct address holds a session lock; of the others, a lock that is free says nothing. */
const runtimeOf = ({ kind, session }: Database): string => (kind === 'postgres' && session === null ? 'pooled' : kind)

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
    await tx.updateTable('token').set({ fetching_by: null, fetching_real: null }).where('fetching_by', '=', owner).execute()
    await tx.deleteFrom('replica').where('id', '=', owner).execute()
    return Number(effects.numUpdatedRows) + Number(cards.numUpdatedRows)
  })

/**
 * Holds the session lock for as long as this process lives: when its connection breaks it is taken anew, because a lock that is free says that its owner is
 * dead. `broken` hears of every loss (true) and of every attempt that failed (false).
 */
const holdOn = async (
  { session }: Database,
  replica: string,
  broken: (lost: boolean) => void,
  held: () => void,
): Promise<() => void> => {
  let left = false
  const again = (lost: boolean): void => {
    if (left) return
    broken(lost)
    setTimeout(() => void hold().catch(() => again(false)), 300).unref()
  }
  /** One connection, which may tell its end in several ways. */
  const hold = async (): Promise<void> => {
    let over = false
    const end = (): void => {
      if (!over) again(true)
      over = true
    }
    try {
      await session?.hold(replica, end)
      if (!over) held()
    } catch (error) {
      if (over) return
      over = true
      throw error
    }
  }
  await hold()
  return () => {
    left = true
  }
}

/**
 * A lease is a replica's name plus its heartbeat row. A session lock on a direct connection is the fast path: when it is free its owner is dead, and its work
 * is taken over in milliseconds; a stopped process keeps its lock, so the heartbeat decides then. A database that restarts frees every lock and lets every
 * heartbeat grow old: whoever could not reach it trusts neither for a while.
 */
export const createLeases = (parts: EngineParts & { readonly replica: string }): Leases => {
  const { database, replica } = parts
  let wary: ReturnType<typeof setTimeout> | null = null
  let letGo = (): void => {}
  const beWary = (): void => {
    if (wary) clearTimeout(wary)
    wary = setTimeout(() => {
      wary = null
    }, warinessLasts).unref()
  }

  const announce = async (): Promise<void> => {
    const { numUpdatedRows } = await database.db
      .updateTable('replica')
      .set({ beat_real: sql`now()` as unknown as Date })
      .where('id', '=', replica)
      .executeTakeFirst()
    if (Number(numUpdatedRows) > 0) return
    await database.db
      .insertInto('replica')
      .values({ id: replica, runtime: runtimeOf(database) })
      .onConflict((row) => row.doNothing())
      .execute()
  }

  return {
    join: async (lost, held = () => {}) => {
      await announce()
      letGo = await holdOn(
        database,
        replica,
        (wasHeld) => {
          beWary()
          if (wasHeld) lost()
        },
        held,
      )
    },
    beat: async () => {
      try {
        await announce()
      } catch (error) {
        beWary()
        throw error
      }
    },
    takeOver: async () => {
      if (wary) return 0
      let freed = 0
      for (const { owner, silent, runtime } of await owners(database, replica)) {
        const dead =
          database.kind === 'pglite' || silent || (runtime === 'postgres' && ((await database.session?.free(owner)) ?? false))
        if (!dead) continue
        freed += await free(database, owner)
        parts.log.warn('the work of a silent replica was taken over', { owner, freed })
      }
      if (freed > 0) parts.count('lease-taken-over', freed)
      return freed
    },
    leave: async () => {
      letGo()
      await free(database, replica)
    },
  }
}
