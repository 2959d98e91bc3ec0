import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBuckets, draw, forgetQuietChats, type Window } from '../../src/db/buckets.ts'
import { migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { scratch } from '../support/scratch.ts'

const perSecond = (calls: number): Window => ({ calls, per: 1_000 })

test('a full bucket gives all but its headroom; what is urgent gets that too', () => {
  expect(draw([perSecond(20)], [], { passed: 0, want: 50, urgent: false })).toMatchObject({ tokens: 16, levels: [4] })
  expect(draw([perSecond(20)], [4], { passed: 0, want: 50, urgent: true })).toMatchObject({ tokens: 4, levels: [0] })
  expect(draw([perSecond(20)], [4], { passed: 0, want: 1, urgent: false })).toMatchObject({ tokens: 0, wait: 50 })
})

test('the tightest window decides', () => {
  const windows = [perSecond(50), { calls: 1_000, per: 60_000 }]
  expect(draw(windows, [50, 203], { passed: 0, want: 50, urgent: false })).toMatchObject({ tokens: 3 })
  expect(draw(windows, [50, 200], { passed: 0, want: 50, urgent: false })).toMatchObject({ tokens: 0, wait: 60 })
})

const step = fc.record({
  passed: fc.integer({ min: -50, max: 2_000 }),
  want: fc.integer({ min: 1, max: 60 }),
  urgent: fc.boolean(),
})

test('no order of calls takes more than the windows hold and refill, and waiting as told always helps', () => {
  const windows = fc.array(fc.record({ calls: fc.integer({ min: 1, max: 100 }), per: fc.integer({ min: 500, max: 60_000 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(windows, fc.array(step, { maxLength: 30 }), (all, steps) => {
      let levels: readonly number[] = []
      let taken = 0
      let elapsed = 0
      for (const one of steps) {
        const drawn = draw(all, levels, one)
        levels = drawn.levels
        taken += drawn.tokens
        elapsed += Math.max(0, one.passed)
        for (const level of levels) expect(level).toBeGreaterThan(-1e-6)
        if (drawn.tokens === 0) expect(draw(all, levels, { passed: drawn.wait, want: 1, urgent: one.urgent }).tokens).toBe(1)
      }
      for (const { calls, per } of all) expect(taken).toBeLessThanOrEqual(calls + (elapsed * calls) / per + 1e-6)
    }),
  )
})

const open = async () => {
  const database = await openPglite(join(scratch('andon-buckets-'), 'db'))
  await migrate(database.db)
  return database
}
class TooFast extends Error {}

test('two replicas share one bucket, an endpoint without a limit asks nobody, and what is urgent is never refused', async () => {
  const database = await open()
  let now = 0
  const replica = () =>
    createBuckets({
      ...{ database, connection: 'c', monotonic: { now: () => now }, refuse: () => new TooFast() },
      limits: { send: [{ calls: 10, per: 3_600_000 }] },
    })
  const [one, other] = [replica(), replica()]
  const tries = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => (i % 2 ? one : other).take('send', false)))
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(8)
  for (const tried of tries) if (tried.status === 'rejected') expect(tried.reason).toBeInstanceOf(TooFast)
  await Promise.all(Array.from({ length: 5 }, () => one.take('send', true)))
  await one.take('elsewhere', false)
  const rows = await database.db.selectFrom('bucket').select(['endpoint', 'levels']).execute()
  expect(rows.map(({ endpoint }) => endpoint)).toEqual(['send'])
  expect(JSON.parse(rows[0]?.levels ?? '[]')[0]).toBeLessThan(1)
  now += 10_000
  await expect(one.take('send', false)).rejects.toBeInstanceOf(TooFast)
  await database.close()
})

test('a block spares the database: four calls of a quick endpoint are one draw, and an old block is given up', async () => {
  const database = await open()
  let now = 0
  const buckets = createBuckets({
    ...{ database, connection: 'c', monotonic: { now: () => now }, refuse: () => new TooFast() },
    limits: { '*': [{ calls: 160_000, per: 10_000_000 }] },
  })
  const left = async () =>
    Math.round(JSON.parse((await database.db.selectFrom('bucket').select('levels').executeTakeFirstOrThrow()).levels)[0])
  for (let call = 0; call < 4; call += 1) await buckets.take('send', false)
  expect(await left()).toBe(160_000 - 4)
  now += 1_000
  await buckets.take('send', false)
  expect(await left()).toBe(160_000 - 8)
  await database.close()
})

const anHour = 3_600_000
const chatLimits = (person: readonly Window[]) => ({ person, group: [{ calls: 2, per: anHour }], message: [] })
const to = (id: string) => ({ kind: 'person', id }) as const
const outcomes = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((one) => (one.status === 'fulfilled' ? 'taken' : String((one.reason as Error).message)))
const count = (all: readonly string[], what: string): number => all.filter((one) => one === what).length

test('no chat gets more than it allows, whichever replica writes, urgent or not; another chat is not held back', async () => {
  const database = await open()
  const replica = () =>
    createBuckets({
      ...{ database, connection: 'c', monotonic: { now: () => 0 }, refuse: () => new TooFast('app') },
      limits: {},
      chats: { limits: chatLimits([{ calls: 30, per: anHour }]), refuse: () => new TooFast('chat') },
    })
  const [one, other] = [replica(), replica()]
  const calm = await outcomes(Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).take('send', false, to('li'))))
  expect([count(calm, 'taken'), count(calm, 'chat')]).toEqual([24, 16])
  const urgent = await outcomes(Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).take('send', true, to('li'))))
  expect([count(urgent, 'taken'), count(urgent, 'chat')]).toEqual([6, 34])
  expect(await outcomes([one.take('send', false, to('wang')), one.take('send', true, { kind: 'group', id: 'li' })])).toEqual([
    'taken',
    'taken',
  ])
  expect(await outcomes([one.take('send', true, { kind: 'message', id: 'om_1' })])).toEqual(['taken'])
  await database.close()
})

test('of many at once those without room are named, each counts one, and nobody is named in the table', async () => {
  const database = await open()
  const buckets = createBuckets({
    ...{ database, connection: 'c', monotonic: { now: () => 0 }, refuse: () => new TooFast() },
    limits: {},
    chats: { limits: chatLimits([{ calls: 1, per: anHour }]), refuse: () => new TooFast('chat') },
  })
  const all = ['li', 'wang', 'zhao'].map(to)
  await buckets.take('send', true, to('wang'))
  expect(await buckets.full(all, true)).toMatchObject([to('wang')])
  expect((await buckets.full(all, true)).map(({ id }) => id).sort()).toEqual(['li', 'wang', 'zhao'])
  expect(await buckets.full([{ kind: 'message', id: 'om' }], false)).toEqual([])
  const rows = await database.db.selectFrom('bucket').select('endpoint').execute()
  expect(rows).toHaveLength(3)
  for (const { endpoint } of rows) expect(endpoint).toMatch(/^chat person [0-9a-f]{32}$/)
  await forgetQuietChats(database.db)
  expect(await database.db.selectFrom('bucket').select('endpoint').execute()).toHaveLength(3)
  await database.db
    .updateTable('bucket')
    .set({ at_real: new Date(Date.now() - 3 * anHour) })
    .execute()
  await forgetQuietChats(database.db)
  expect(await database.db.selectFrom('bucket').select('endpoint').execute()).toEqual([])
  await database.close()
})
