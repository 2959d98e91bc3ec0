import { sql } from 'kysely'
import { type Handle, rowsOf, type Tx } from '../db/database.ts'
import type { FoundRow } from '../workflows/workflow.ts'
import { type Known, tallyKey, usualRows, type Wants } from './wants.ts'

type ReadRow = Omit<FoundRow, 'at' | 'weight'> & {
  readonly at: string | Date
  readonly weight: string | number
  readonly q: number
}

const siteOf = (key: string): string => key.slice(0, key.indexOf('\n'))

const found = (row: ReadRow): FoundRow => ({
  name: row.name,
  key: row.key,
  subject: row.subject,
  at: new Date(row.at).toISOString(),
  weight: Number(row.weight),
  note: row.note,
})

/** Reads all wanted rows of the index in one statement, each query by its own index range. */
const readQueries = async (handle: Handle, { queries }: Wants, known: Known): Promise<void> => {
  if (queries.size === 0) return
  const asked = [...queries].map(([key, query], q) => ({
    ...query,
    q,
    site: siteOf(key),
    from: query.from ?? '0001-01-01T00:00:00Z',
    most: query.most ?? usualRows,
  }))
  const { rows } = await sql<ReadRow>`/* hot */ select x.q, i.name, i.key, i.subject, i.at, i.weight, i.note
    from json_to_recordset(${rowsOf(asked)}::json) as x(q integer, site text, name text, key text, "from" timestamptz, most integer)
    cross join lateral (select * from subject_index s where s.site = x.site and s.name = x.name and s.key = x.key and s.at >= x."from"
      order by s.at desc, s.subject limit x.most) i order by x.q, i.at desc, i.subject`.execute(handle)
  const byQuery = new Map<number, FoundRow[]>()
  for (const row of rows) byQuery.set(row.q, [...(byQuery.get(row.q) ?? []), found(row)])
  for (const [q, key] of [...queries.keys()].entries()) known.found.set(key, byQuery.get(q) ?? [])
}

const readTallies = async (handle: Handle, { tallies }: Wants, known: Known): Promise<void> => {
  if (tallies.size === 0) return
  const asked = [...tallies].map(([key, tally]) => ({ ...tally, site: siteOf(key) }))
  const { rows } = await sql<{
    site: string
    name: string
    key: string
    n: string | number
  }>`/* hot */ select t.site, t.name, t.key, t.n
    from json_to_recordset(${rowsOf(asked)}::json) as x(site text, name text, key text)
    join tally t on t.site = x.site and t.name = x.name and t.key = x.key`.execute(handle)
  const counted = new Map(rows.map((row) => [tallyKey(row.site, row), Number(row.n)]))
  for (const key of tallies.keys()) known.counted.set(key, counted.get(key) ?? 0)
}

/** Locks what spans subjects, in the order of the names; rows that are not there yet are made. */
export const lockGuards = async (tx: Tx, keys: readonly string[], known: Known): Promise<void> => {
  const fresh = [...new Set(keys)].filter((key) => !known.locked.has(key)).sort()
  if (fresh.length === 0) return
  const rows = fresh.map((key) => ({ site: siteOf(key), key: key.slice(key.indexOf('\n') + 1) }))
  await sql`/* hot */ insert into guard select * from json_populate_recordset(null::guard, ${rowsOf(rows)}::json) on conflict do nothing`.execute(
    tx,
  )
  await sql`/* hot */ select 1 from guard g join json_to_recordset(${rowsOf(rows)}::json) as x(site text, key text) on g.site = x.site and g.key = x.key
    order by g.site, g.key for update of g`.execute(tx)
  for (const key of fresh) known.locked.add(key)
}

/** Everything that was found wanting, read; what others change meanwhile waits for the locks. */
export const satisfy = async (tx: Tx, wants: Wants, known: Known): Promise<void> => {
  await lockGuards(tx, [...wants.locks], known)
  // What was read before a lock was taken may be out of date by now, so it is read again under it.
  if (wants.locks.size > 0) {
    known.found.clear()
    known.counted.clear()
  }
  await readQueries(tx, wants, known)
  await readTallies(tx, wants, known)
}
