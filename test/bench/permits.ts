/**
 * Permits on PostgreSQL: how long it takes to find what a work is in conflict with among many open ones, and whether two replicas that let in permits which exclude
 * each other at one instant ever let in both.
 */
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { type Database, rowsOf } from '../../src/db/database.ts'
import { satisfy } from '../../src/engine/index-rows.ts'
import { nothingKnown, noWants, readsOf } from '../../src/engine/wants.ts'
import { createClock, hours, later } from '../../src/lib/clock.ts'
import { loadPlant } from '../../src/people/plant.ts'
import type { WorkType } from '../../src/rules/permits/rule-pack.ts'
import { conflictsHere, occupancyRows } from '../../src/workflows/permit/conflicts.ts'
import { evolvePermit } from '../../src/workflows/permit/evolve.ts'
import type { PermitState } from '../../src/workflows/permit/permit.ts'
import { openRivals, race } from '../support/permit-rivals.ts'
import { quantile } from './figures.ts'
import type { Stage } from './stage.ts'

const site = 'SH01'
/** So many permits are open at a plant of a hundred areas, two kilometres wide and deep. */
export const openPermits = 20_000
const side = 10
const degree = 111_195
const works: readonly WorkType[] = [
  'hot',
  'confinedSpace',
  'blindPlate',
  'height',
  'lifting',
  'temporaryPower',
  'excavation',
  'roadClosure',
]
const clock = createClock()

/** The `n`th open permit: the areas side by side, the works in turn, some ten metres from one another. */
const permitAt = (n: number): PermitState => {
  const begins = later(clock.now(), hours(1))
  const [x, y] = [(n * 7919) % 2000, (n * 104_729) % 2000]
  const area = `area-${Math.floor((x / 2000) * side)}-${Math.floor((y / 2000) * side)}`
  const place = {
    ...{
      area,
      point: `p${n}`,
      lat: 30.7 + x / degree,
      lng: 121.3 + y / degree / 0.86,
      level: 0,
      line: `L-${n % 500}`,
      space: null,
      outdoors: true,
    },
  }
  const work = works[n % works.length] ?? 'hot'
  const at = clock.now().toISOString()
  const applied = {
    type: 'applied',
    code: `ZY-${n}`,
    site,
    work,
    job: `job ${n}`,
    by: 'leader',
    what: '检修',
    at,
    from: null,
  } as const
  const filled = {
    type: 'filled',
    place,
    period: { from: begins.toISOString(), to: later(begins, hours(8)).toISOString() },
    by: 'leader',
    at,
  } as const
  return { ...[applied, filled].reduce<PermitState | null>(evolvePermit, null), status: 'active' } as PermitState
}
const subjectOf = (n: number): string => `per_${String(n).padStart(25, '0')}`

const fill = async ({ db }: Database): Promise<void> => {
  for (let from = 0; from < openPermits; from += 2_000) {
    const rows = Array.from({ length: 2_000 }, (_, n) => from + n).flatMap((n) =>
      occupancyRows(permitAt(n), subjectOf(n)).map((row) => ({ site, subject: subjectOf(n), ...row })),
    )
    await sql`insert into subject_index select * from json_populate_recordset(null::subject_index, ${rowsOf(rows)}::json)`.execute(
      db,
    )
  }
  await sql`vacuum analyze subject_index`.execute(db)
}

/** One check as a decision makes it: what is around is read in one statement, then judged. Gives how long it took and how many works it found. */
const check = async (database: Database, n: number): Promise<{ readonly ms: number; readonly found: number }> => {
  const { plant } = await loadPlant(database.db, site)
  const state = permitAt(n)
  const begun = performance.now()
  const [wants, known] = [noWants(), nothingKnown()]
  const facts = { ...readsOf(site, known, wants, new Map()), plant, subject: 'per_new', at: clock.now() }
  conflictsHere(state, facts)
  await database.db.transaction().execute((tx) => satisfy(tx, wants, known))
  const found = conflictsHere(state, { ...facts, ...readsOf(site, known, noWants(), new Map()) })
  return { ms: performance.now() - begun, found: found?.length ?? -1 }
}

const checks = async (stage: Stage, database: Database): Promise<void> => {
  const times: number[] = []
  let most = 0
  for (let n = 0; n < 220; n += 1) {
    const { ms, found } = await check(database, n * 89)
    // A check that could not judge, or found nobody in a full area, has measured nothing.
    if (found <= 0) throw new Error(`the check of permit ${n * 89} among ${openPermits} found ${found} works`)
    most = Math.max(most, found)
    if (n >= 20) times.push(ms)
  }
  const target = { of: 'value', most: 20 } as const
  const note = `up to ${most} works in conflict with one`
  stage.sheet.put({ name: `conflict check, ${openPermits} open permits, median`, unit: 'ms', target }, quantile(times, 0.5), note)
  stage.sheet.put({ name: `conflict check, ${openPermits} open permits, p99`, unit: 'ms', target }, quantile(times, 0.99), note)
}

/** All rows; `pairs` of permits race. */
export const permits = async (stage: Stage, pairs: number): Promise<void> => {
  const rivals = await openRivals(await stage.postgres.createDatabase('permit_race'))
  const doubled: number[] = []
  const winners = new Map<string, number>()
  const begun = performance.now()
  for (let round = 0; round < pairs; round += 1) {
    const { statuses, winner } = await race(rivals, round)
    if (statuses !== 'draft jsa') doubled.push(round)
    winners.set(winner, (winners.get(winner) ?? 0) + 1)
  }
  const seconds = Math.round((performance.now() - begun) / 1000)
  const note = `${pairs} pairs in ${seconds} s; let in by ${[...winners].map(([who, n]) => `${who}: ${n}`).join(', ')}`
  const target = { of: 'value', most: 0 } as const
  stage.sheet.put(
    { name: 'pairs of permits through two replicas of which not exactly one got in', unit: 'count', target },
    doubled.length,
    note,
  )
  await fill(rivals.base)
  await checks(stage, rivals.base)
  stage.sheet.nextRound()
  await rivals.close()
}
