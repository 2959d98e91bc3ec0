import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { later, type Millis, seconds } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
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

/**
 * Due deadlines after `from`, oldest first. Reading is enough: each becomes an arrival under its own id, and the inbox lets only the first replica decide it.
 * With a lower end the index is entered behind the rows that were fired lately, which stay in it for as long as any transaction may still see them.
 */
export const dueDeadlines = async ({ db }: Database, from: Date | null, at: Date, most: number): Promise<readonly Row[]> => {
  const { rows } = await sql<Row>`/* hot */ select site, id, subject, tag, command, due_at from deadline
    where due_at > ${from?.toISOString() ?? '-infinity'}::timestamptz and due_at <= ${at.toISOString()}::timestamptz
    order by due_at, id limit ${most}::int`.execute(db)
  return rows
}

/** Milliseconds until the next deadline within this time; null when there is none. */
const nextWithin = async ({ db }: Database, at: Date, within: Millis): Promise<Millis | null> => {
  const { rows } = await sql<{ at: Date | string | null }>`/* hot */ select min(due_at) as at from deadline
    where due_at > ${at.toISOString()}::timestamptz and due_at <= ${later(at, within).toISOString()}::timestamptz`.execute(db)
  const next = rows[0]?.at
  return next ? new Date(next).getTime() - at.getTime() : null
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

export type Deadlines = {
  /** Fires what is due and gives how many it found. */
  readonly sweep: () => Promise<number>
  /** Milliseconds until the next one strikes, when that is within this time: so that it does not wait for a tick. */
  readonly next: (within: Millis) => Promise<Millis | null>
  /** A commit has set a deadline for this instant, perhaps behind where the sweeps have got to. */
  readonly noted: (at: string | null) => void
  readonly underWay: () => number
}

/** Sweeps begin this far behind the end of the last one, because replicas' clocks and commits are not quite in step. */
const overlap = seconds(5)
/** Every so many sweeps the whole past is looked at: for what was set there by others, or put off. */
const wholeEvery = 5
const perSweep = 256

/** Fires what is due. A deadline whose decision failed is put off a little, so that one broken case holds up nobody. */
export const createDeadlines = (parts: EngineParts, handle: (arrival: Arrival) => Promise<Outcome>): Deadlines => {
  const firing = new Set<string>()
  let reached: Date | null = null
  let sweeps = 0
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
        // A fresh id each time: one that was seen before would be taken for decided, and the deadline would be gone.
        id: newId('ddl', parts.clock.now()),
      }))
      .where('site', '=', row.site)
      .where('id', '=', row.id)
      .execute()
  }
  return {
    sweep: async () => {
      const at = parts.clock.now()
      sweeps += 1
      const whole = reached === null || sweeps % wholeEvery === 0 || at.getTime() < reached.getTime()
      const due = await dueDeadlines(parts.database, whole || !reached ? null : later(reached, -overlap), at, perSweep)
      // While there is more than one sweep takes, nothing has been reached for good.
      reached = due.length < perSweep ? at : null
      const rows = due.filter(({ id }) => !firing.has(id))
      await Promise.all(rows.map(fire))
      return rows.length
    },
    next: (within) => nextWithin(parts.database, parts.clock.now(), within),
    noted: (at) => {
      if (at !== null && reached !== null && new Date(at).getTime() <= reached.getTime()) reached = null
    },
    underWay: () => firing.size,
  }
}
