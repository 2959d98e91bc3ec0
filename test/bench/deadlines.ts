/**
 * Deadlines, lists and the audit on a PostgreSQL that is small and one that is large: what an idle look, setting one, cancelling one, a list, a counter and the
 * auditor's minute cost on each. Ratios are taken within the round.
 */
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { type Database, migrate, rowsOf } from '../../src/db/database.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { runAudit } from '../../src/engine/auditor.ts'
import { dueDeadlines } from '../../src/engine/deadlines.ts'
import { satisfy } from '../../src/engine/index-rows.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { nothingKnown, noWants, queryKey, readsOf } from '../../src/engine/wants.ts'
import { createClock, later, minutes } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { quantile } from './figures.ts'
import type { Stage } from './stage.ts'

const site = 'BENCH'
const small = 10_000

/** Open cases, each with a deadline in the future, a to-do and a place in the lists of a hundred people. */
const fill = async (database: Database, cases: number): Promise<void> => {
  await sql`insert into site (id, name, time_zone) values (${site}, 'Bench', 'Asia/Shanghai') on conflict do nothing`.execute(
    database.db,
  )
  for (let from = 0; from < cases; from += 500_000) {
    const to = Math.min(cases, from + 500_000) - 1
    await sql`insert into deadline select ${site}, 'haz_' || lpad(n::text, 24, '0'), 'climb', 'ddl_' || lpad(n::text, 24, '0'),
        now() + interval '1 day' + (n % 1000000) * interval '1 second', '{"workflow":"hazard","command":{"type":"climb","rung":1}}', 0
      from generate_series(${from}::int, ${to}::int) n`.execute(database.db)
    await sql`insert into subject select ${site}, 'haz_' || lpad(n::text, 24, '0'), 'hazard', 'YH-BENCH-20260101-' || n, 'reported', true, 1, '{}', 'x', null,
        now() - interval '1 day', now() - interval '1 day' - (n % 100000) * interval '1 second'
      from generate_series(${from}::int, ${to}::int) n`.execute(database.db)
    await sql`insert into subject_index select ${site}, 'todo', 'person-' || (n % 100), 'haz_' || lpad(n::text, 24, '0'), now() - n * interval '1 second', 1, '{}'
      from generate_series(${from}::int, ${to}::int) n`.execute(database.db)
  }
  await sql`insert into tally select ${site}, 'hazard.reported', 'day-' || n, n from generate_series(1, 1000) n on conflict do nothing`.execute(
    database.db,
  )
  await sql`analyze`.execute(database.db)
}

/** Median of some runs, in milliseconds. */
const median = async (runs: number, work: (n: number) => Promise<unknown>): Promise<number> => {
  const times: number[] = []
  for (let n = 0; n < runs + 5; n += 1) {
    const begun = performance.now()
    await work(n)
    if (n >= 5) times.push(performance.now() - begun)
  }
  return quantile(times, 0.5)
}

type Row = {
  readonly name: string
  readonly most?: number
  readonly ratio?: number
  readonly run: (database: Database, n: number) => Promise<unknown>
  readonly runs?: number
}

const clock = createClock()
const deadlineRow = (n: number): object => ({
  site,
  subject: `haz_bench${n}`,
  tag: 'climb',
  id: `ddl_bench${n}`,
  due_at: later(clock.now(), minutes(90)).toISOString(),
  command: '{}',
  tries: 0,
})
const parts = (database: Database): EngineParts =>
  ({ database, clock, registry: createRegistry(), log: silent, count: () => {} }) as unknown as EngineParts

const listOf = async (database: Database, person: string): Promise<number> => {
  const [wants, known] = [noWants(), nothingKnown()]
  const query = { name: 'todo', key: person, most: 50 }
  readsOf(site, known, wants, new Map()).read(query)
  await database.db.transaction().execute((tx) => satisfy(tx, wants, known))
  return known.found.get(queryKey(site, query))?.length ?? 0
}

const rows: readonly Row[] = [
  { name: 'idle look for due deadlines', run: (database) => dueDeadlines(database, null, clock.now(), 256) },
  {
    name: 'setting one deadline',
    most: 0.5,
    run: ({ db }, n) =>
      sql`/* hot */ insert into deadline select * from json_populate_recordset(null::deadline, ${rowsOf([deadlineRow(n)])}::json)
      on conflict (site, subject, tag) do update set id = excluded.id, due_at = excluded.due_at, command = excluded.command, tries = 0`.execute(
        db,
      ),
  },
  {
    name: 'cancelling one deadline',
    most: 0.5,
    run: ({ db }, n) =>
      sql`/* hot */ delete from deadline d using json_to_recordset(${rowsOf([{ site, subject: `haz_bench${n}`, tag: 'climb' }])}::json)
      as x(site text, subject text, tag text) where d.site = x.site and d.subject = x.subject and d.tag = x.tag`.execute(db),
  },
  { name: 'a person’s list of 50', run: (database, n) => listOf(database, `person-${n % 100}`) },
  {
    name: 'thirty counters of a board',
    run: ({ db }) =>
      sql`/* hot */ select key, n from tally where site = ${site} and name = 'hazard.reported' and key = any(array(select 'day-' || g from generate_series(1, 30) g))`.execute(
        db,
      ),
  },
  {
    name: 'the auditor’s minute',
    most: 50,
    ratio: Number.POSITIVE_INFINITY,
    run: (database) => runAudit(parts(database)),
    runs: 10,
  },
]

/** Rows of one round: each on the small base, then on the large one. */
export const deadlines = async (stage: Stage, large: number): Promise<void> => {
  const bases: Database[] = []
  for (const [name, cases] of [
    ['deadlines_small', small],
    ['deadlines_large', large],
  ] as const) {
    const url = await stage.postgres.createDatabase(name)
    const database = openPostgres({ url, pooled: false, connections: 2, onError: () => {} })
    await migrate(database.db)
    stage.say(`deadlines: ${cases} open cases`)
    await fill(database, cases)
    bases.push(database)
  }
  const [little, big] = bases
  if (!little || !big) return
  for (let round = 1; round <= stage.settings.rounds; round += 1) {
    for (const { name, most, ratio = 1.5, run, runs = 60 } of rows) {
      const reference = `${name}, ${small} open`
      stage.sheet.put({ name: reference, unit: 'ms' }, await median(runs, (n) => run(little, n)))
      const target = { of: 'ratio', most: ratio } as const
      const value = await median(runs, (n) => run(big, n))
      stage.sheet.put({ name: `${name}, ${large} open`, unit: 'ms', reference, target }, value)
      if (most !== undefined)
        stage.sheet.put({ name: `${name}, ${large} open, itself`, unit: 'ms', target: { of: 'value', most } }, value)
    }
    stage.sheet.nextRound()
  }
  for (const base of bases) await base.close()
}
