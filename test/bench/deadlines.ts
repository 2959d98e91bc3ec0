/**
 * Deadlines, lists and the audit on a PostgreSQL that is small and one that is large: what an idle look, setting one, cancelling one, lists, counters, a board and
 * the auditor's minute cost on each. Ratios are taken within the round.
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
import { nothingKnown, noWants, readsOf } from '../../src/engine/wants.ts'
import { createClock, later, minutes } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { quantile } from './figures.ts'
import { fillBase, people, site } from './large-base.ts'
import type { Stage } from './stage.ts'

const small = 10_000

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

type Asked = { readonly found: number; readonly counted: number }

/** Asks as a decision asks, in one transaction; gives how many rows and counters came. */
const asked = async (
  database: Database,
  lists: readonly { readonly name: string; readonly key: string; readonly most: number }[],
  days: readonly number[],
): Promise<Asked> => {
  const [wants, known] = [noWants(), nothingKnown()]
  const reads = readsOf(site, known, wants, new Map())
  for (const list of lists) reads.read(list)
  for (const day of days) reads.count({ name: 'hazard.reported', key: `day-${day}` })
  await database.db.transaction().execute((tx) => satisfy(tx, wants, known))
  const found = [...known.found.values()].reduce((sum, list) => sum + list.length, 0)
  return { found, counted: [...known.counted.values()].filter((n) => n > 0).length }
}

/** A row that found less than it should has measured nothing. */
const whole = async (answer: Promise<Asked>, found: number, counted: number): Promise<void> => {
  const came = await answer
  if (came.found !== found || came.counted !== counted)
    throw new Error(`${came.found} of ${found} rows and ${came.counted} of ${counted} counters came`)
}

const days = (n: number, count: number): readonly number[] => Array.from({ length: count }, (_, day) => 1 + ((n + day) % 100))
const todoOf = (n: number) => ({ name: 'todo', key: `person-${n % people}`, most: 50 })
const openOnes = { name: 'open', key: 'site', most: 100 } as const

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
  { name: 'a person’s list of 50', run: (database, n) => whole(asked(database, [todoOf(n)], []), 50, 0) },
  { name: 'thirty counters', run: (database, n) => whole(asked(database, [], days(n, 30)), 0, 30) },
  {
    name: 'a board: 100 open cases, 50 to-dos, thirty counters',
    run: (database, n) => whole(asked(database, [openOnes, todoOf(n)], days(n, 30)), 150, 30),
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
    const begun = performance.now()
    await fillBase(database, cases)
    stage.say(`deadlines: ${cases} open cases, made in ${Math.round((performance.now() - begun) / 1000)} s`)
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
