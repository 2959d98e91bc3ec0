import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import type { Arrival } from '../../src/engine/arrival.ts'
import { createDeadlines } from '../../src/engine/deadlines.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { hours, later, minutes, seconds } from '../../src/lib/clock.ts'
import { scratch } from '../support/scratch.ts'

const directory = scratch('andon-deadlines-')
let database: Database
const start = new Date('2026-11-24T02:00:00.000Z')
let now = start

beforeAll(async () => {
  database = await openPglite(join(directory, 'db'))
  await migrate(database.db)
})
afterAll(async () => {
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})
beforeEach(async () => {
  now = start
  await database.db.deleteFrom('deadline').execute()
})

const set = (id: string, due: Date): Promise<unknown> =>
  database.db
    .insertInto('deadline')
    .values({
      site: 'SH01',
      subject: `haz_${id}`,
      tag: 'climb',
      id,
      due_at: due,
      command: '{"workflow":"hazard","command":{"type":"climb"}}',
    })
    .execute()

/** Fires by taking the row away, as a decision does. */
const open = () => {
  const fired: string[] = []
  const handle = async (arrival: Arrival) => {
    if (arrival.source !== 'clock') throw new Error('only the clock comes here')
    fired.push(arrival.id)
    await database.db.deleteFrom('deadline').where('id', '=', arrival.id).execute()
    return { kind: 'decided', reply: null, subject: null, answered: () => {} } as const
  }
  const parts = { database, clock: { now: () => now } } as unknown as EngineParts
  return { fired, deadlines: createDeadlines(parts, handle) }
}

test('what is due fires oldest first, and what is not stays', async () => {
  await set('b', later(start, -minutes(1)))
  await set('a', later(start, -minutes(2)))
  await set('c', later(start, minutes(1)))
  const { fired, deadlines } = open()
  expect(await deadlines.sweep()).toBe(2)
  expect(fired).toEqual(['a', 'b'])
})

test('a deadline set behind where the sweeps have got to is not passed over', async () => {
  const { fired, deadlines } = open()
  expect(await deadlines.sweep()).toBe(0)
  await set('late', later(start, -hours(3)))
  expect(await deadlines.sweep()).toBe(0)
  deadlines.noted(later(start, -hours(3)).toISOString())
  expect(await deadlines.sweep()).toBe(1)
  expect(fired).toEqual(['late'])
})

test('set there by another replica, it is found within five sweeps', async () => {
  const { fired, deadlines } = open()
  await deadlines.sweep()
  await set('foreign', later(start, -hours(3)))
  for (let sweep = 0; sweep < 4; sweep += 1) await deadlines.sweep()
  expect(fired).toEqual(['foreign'])
})

test('a clock that is set back and forth loses none', async () => {
  const { fired, deadlines } = open()
  await set('first', later(start, minutes(5)))
  now = later(start, hours(1))
  await deadlines.sweep()
  now = later(start, -hours(1))
  await set('second', later(start, -hours(2)))
  await deadlines.sweep()
  expect(fired).toEqual(['first', 'second'])
})

test('the next one within a second is told to the millisecond, and none beyond', async () => {
  const { deadlines } = open()
  await set('soon', later(start, 250))
  expect(await deadlines.next(seconds(1))).toBe(250)
  expect(await deadlines.next(100)).toBeNull()
})

test('a deadline whose decision fails again and again is put off each time and never lost', async () => {
  const known = new Set<string>()
  const handle = async (arrival: Arrival) => {
    if (arrival.source !== 'clock') throw new Error('only the clock comes here')
    const kind = known.has(arrival.id) ? 'repeated' : 'quarantined'
    known.add(arrival.id)
    return { kind, reply: null, subject: null, answered: () => {} } as const
  }
  const parts = { database, clock: { now: () => now } } as unknown as EngineParts
  const deadlines = createDeadlines(parts, handle)
  await set('ddl_1m86hhfq14tzxbbv5xg0paha2', start)
  for (let round = 1; round <= 12; round += 1) {
    for (let sweep = 0; sweep < 5; sweep += 1) await deadlines.sweep()
    const row = await database.db.selectFrom('deadline').select(['tries', 'due_at']).executeTakeFirst()
    expect(row).toMatchObject({ tries: round, due_at: later(now, seconds(60)) })
    now = later(now, minutes(2))
  }
  expect(known.size).toBe(12)
})
