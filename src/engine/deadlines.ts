import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { later, seconds } from '../lib/clock.ts'
import type { Arrival, Command, Outcome } from './arrival.ts'
import type { EngineParts } from './parts.ts'

type Row = {
  readonly site: string
  readonly id: string
  readonly subject: string
  readonly tag: string
  readonly command: string
  readonly due_at: Date | string
}

/** Due deadlines, oldest first. Reading is enough: each becomes an arrival under its own id, and the inbox lets only the first replica decide it. */
export const dueDeadlines = async ({ db }: Database, at: Date, most: number): Promise<readonly Row[]> => {
  const { rows } =
    await sql<Row>`/* hot */ select site, id, subject, tag, command, due_at from deadline where due_at <= ${at.toISOString()}::timestamptz
    order by due_at, id limit ${most}::int`.execute(db)
  return rows
}

/** The earliest instant at which a clock of ours strikes; null when nothing waits. Effects that wait for a retry count too. */
export const nextDue = async ({ db }: Database): Promise<Date | null> => {
  const { rows } = await sql<{
    at: Date | string | null
  }>`select least((select min(due_at) from deadline), (select min(due_at) from effect where state = 'waiting'),
    (select min(due_at) from live_card where state = 'live' and wanted_rev > drawn_rev)) as at`.execute(db)
  const at = rows[0]?.at
  return at ? new Date(at) : null
}

const arrivalOf = (row: Row): Arrival => {
  const { workflow, command } = JSON.parse(row.command) as { workflow: string; command: Command }
  return { source: 'clock', site: row.site, id: row.id, subject: row.subject, workflow, tag: row.tag, command }
}

export type Deadlines = { readonly sweep: () => Promise<number>; readonly underWay: () => number }

/** Fires what is due. A deadline whose decision failed is put off a little, so that one broken case holds up nobody. */
export const createDeadlines = (parts: EngineParts, handle: (arrival: Arrival) => Promise<Outcome>): Deadlines => {
  const firing = new Set<string>()
  const fire = async (row: Row): Promise<void> => {
    firing.add(row.id)
    try {
      const outcome = await handle(arrivalOf(row))
      if (outcome.kind === 'repeated' || outcome.kind === 'quarantined') await settleOrphan(row, outcome.kind)
    } finally {
      firing.delete(row.id)
    }
  }
  /** Its arrival is known but the row still stands: remove it when decided by another replica, try again later when it is broken. */
  const settleOrphan = async (row: Row, kind: 'repeated' | 'quarantined'): Promise<void> => {
    const still = parts.database.db.deleteFrom('deadline').where('site', '=', row.site).where('id', '=', row.id)
    if (kind === 'repeated') return void (await still.execute())
    await parts.database.db
      .updateTable('deadline')
      .set((update) => ({
        due_at: later(parts.clock.now(), seconds(60)),
        tries: update('tries', '+', 1),
        id: `${row.id.slice(0, 32)}r`,
      }))
      .where('site', '=', row.site)
      .where('id', '=', row.id)
      .execute()
  }
  return {
    sweep: async () => {
      const rows = (await dueDeadlines(parts.database, parts.clock.now(), 256)).filter(({ id }) => !firing.has(id))
      await Promise.all(rows.map(fire))
      return rows.length
    },
    underWay: () => firing.size,
  }
}
