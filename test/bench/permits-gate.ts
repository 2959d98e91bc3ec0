/** Access control before a gate: what one question costs on a base with many open permits, at the pace of a change of shift. */
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { readAccess } from '../../src/engine/open-permits.ts'
import { mayEnter } from '../../src/engine/permit-access.ts'
import { createClock } from '../../src/lib/clock.ts'
import { quantile } from './figures.ts'
import type { Stage } from './stage.ts'

const site = 'BENCH'
const [persons, areas, permits, crew] = [10_000, 200, 20_000, 5] as const
/** Questions a second, and how many are asked in a round. */
const pace = 200
const questions = 1_000
const clock = createClock()

const fill = async ({ db }: Database): Promise<void> => {
  await sql`insert into person (site, id, name, job, team, company, employee_no)
    select ${site}, 'p' || n, 'n', 'j', 't', 'c', 'E' || n from generate_series(1, ${sql.lit(persons)}) n`.execute(db)
  await sql`insert into area (site, id, name, aliases, team) select ${site}, 'a' || n, '区' || n, '[]', 't' from generate_series(1, ${sql.lit(areas)}) n`.execute(
    db,
  )
  await sql`insert into subject_index select ${site}, 'permit-person', 'p' || who, 'per_' || n, now(), 1, json_build_object('code', 'ZY-' || n, 'subject', 'per_' || n,
      'work', 'hot', 'status', 'active', 'area', 'a' || (1 + n % ${sql.lit(areas)}), 'point', 'x', 'from', '2020-01-01T00:00:00.000Z', 'to', '2099-01-01T00:00:00.000Z',
      'leader', 'p', 'people', json_build_array('p' || who), 'attendants', '[]'::json, 'name', 'x', 'level', '')::text
    from (select n, 1 + (n * ${sql.lit(crew)} + k) % ${sql.lit(persons)} as who from generate_series(1, ${sql.lit(permits)}) n, generate_series(0, ${sql.lit(crew - 1)}) k) x`.execute(
    db,
  )
  await sql`insert into deadline select ${site}, 'per_' || n, 'watch', 'ddl_' || n, now() + interval '1 day', '{}', 0 from generate_series(1, ${sql.lit(permits)}) n`.execute(
    db,
  )
  await sql`vacuum analyze`.execute(db)
}

/** The `n`th question, by id and by employee number in turn, and how long its answer took. */
const ask = async ({ db }: Database, n: number): Promise<number> => {
  const begun = performance.now()
  const number = 1 + ((n * 7) % persons)
  const at = clock.now()
  const found = await readAccess(db, { site, person: `${n % 2 ? 'E' : 'p'}${number}`, area: `a${1 + (n % areas)}`, at })
  mayEnter(found, at)
  if (found.people.length !== 1 || found.areas.length !== 1 || found.permits.length === 0)
    throw new Error('a question found nothing')
  return performance.now() - begun
}

/** Questions come at their pace whether the ones before are answered or not. */
const round = async (database: Database): Promise<readonly number[]> => {
  const under: Promise<number>[] = []
  const begun = performance.now()
  for (let n = 0; n < questions; n += 1) {
    const wait = begun + (n * 1_000) / pace - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    under.push(ask(database, n))
  }
  return Promise.all(under)
}

export const permitsGate = async (stage: Stage): Promise<void> => {
  const url = await stage.postgres.createDatabase('permits_gate')
  const database = openPostgres({ url, pooled: false, connections: 10, onError: () => {} })
  await migrate(database.db)
  await fill(database)
  await round(database)
  for (let n = 1; n <= stage.settings.rounds; n += 1) {
    stage.say(`access control, round ${n} of ${stage.settings.rounds}`)
    const times = await round(database)
    stage.sheet.put({ name: `a gate’s question among ${permits} permits, ${pace}/s`, unit: 'ms' }, quantile(times, 0.5))
    const target = { of: 'value', most: 50 } as const
    stage.sheet.put(
      { name: `a gate’s question among ${permits} permits, ${pace}/s, p99`, unit: 'ms', target },
      quantile(times, 0.99),
    )
    stage.sheet.nextRound()
  }
  await database.close()
}
