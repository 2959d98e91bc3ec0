/**
 * A base with many open cases, made in a few minutes: rows go into the real tables of the real schema while those have no indexes, then every index and key is built as
 * the schema has it, then the tables are vacuumed, as they are where autovacuum has had its time.
 */
import { sql } from 'kysely'
import type { Database, Handle } from '../../src/db/database.ts'

export const site = 'BENCH'
export const people = 100

const tables = ['deadline', 'subject', 'subject_index', 'tally'] as const
const perStatement = 500_000

type Shape = { readonly drop: string; readonly make: string }

/** Every index and key of the filled tables, as statements that take it away and that bring it back. */
const shapesOf = async (handle: Handle): Promise<readonly Shape[]> => {
  const { rows } = await sql<Shape>`select format('alter table %I drop constraint %I', t.relname, c.conname) as drop,
      format('alter table %I add constraint %I %s', t.relname, c.conname, pg_get_constraintdef(c.oid)) as make
    from pg_constraint c join pg_class t on t.oid = c.conrelid where c.contype = 'p' and t.relname = any(${tables})
    union all select format('drop index %I', i.indexname), i.indexdef from pg_indexes i
    where i.tablename = any(${tables}) and not exists (select 1 from pg_constraint c where c.conname = i.indexname)`.execute(
    handle,
  )
  return rows
}

/**
 * What a case leaves in a table, by its number `n`: a deadline in the future, a to-do and a place in the list of its team and its site, and the counters of its days.
 * Everybody has as many to-dos as the base is large, so that a list grows with it.
 */
const rowsOfCase: readonly string[] = [
  `insert into deadline select '${site}', 'haz_' || lpad(n::text, 24, '0'), 'climb', 'ddl_' || lpad(n::text, 24, '0'),
    now() + interval '1 day' + (n % 1000000) * interval '1 second', '{"workflow":"hazard","command":{"type":"climb","rung":1}}', 0`,
  `insert into subject select '${site}', 'haz_' || lpad(n::text, 24, '0'), 'hazard', 'YH-BENCH-20260101-' || n, 'reported', true, 1, '{}', 'x', null,
    now() - interval '1 day', now() - interval '1 day' - (n % 100000) * interval '1 second'`,
  `insert into subject_index select '${site}', 'todo', 'person-' || (n % ${people}), 'haz_' || lpad(n::text, 24, '0'), now() - n * interval '1 second', 1, '{}'`,
  `insert into subject_index select '${site}', 'open', 'site', 'haz_' || lpad(n::text, 24, '0'), now() - n * interval '1 second', 1 + n % 8, '{}'`,
]

/** One counter for each hundred cases. */
const counters = `insert into tally select '${site}', 'hazard.reported', 'day-' || n, n`

const fillTables = async (handle: Handle, cases: number): Promise<void> => {
  for (const rows of rowsOfCase) {
    for (let from = 0; from < cases; from += perStatement) {
      const to = Math.min(cases, from + perStatement) - 1
      await sql.raw(`${rows} from generate_series(${from}, ${to}) n`).execute(handle)
    }
  }
  await sql.raw(`${counters} from generate_series(1, ${Math.ceil(cases / 100)}) n`).execute(handle)
}

/** Fills an empty, migrated base. The settings are of this connection alone. */
export const fillBase = async ({ db }: Database, cases: number): Promise<void> => {
  await sql`insert into site (id, name, time_zone) values (${site}, 'Bench', 'Asia/Shanghai')`.execute(db)
  await db.connection().execute(async (handle) => {
    await sql`set maintenance_work_mem = '1GB'`.execute(handle)
    const shapes = await shapesOf(handle)
    for (const { drop } of shapes) await sql.raw(drop).execute(handle)
    await fillTables(handle, cases)
    for (const { make } of shapes) await sql.raw(make).execute(handle)
    await sql`reset maintenance_work_mem`.execute(handle)
  })
  await sql`vacuum analyze`.execute(db)
  await sql`checkpoint`.execute(db)
}
