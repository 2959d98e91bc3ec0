import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { type CheckpointStore, readCheckpointFile, writeCheckpoint, writeCheckpointFile } from '../../src/engine/checkpoint.ts'
import { boundBefore, publishedCommitments } from '../../src/engine/draw-commitments.ts'
import { silent } from '../../src/lib/log.ts'
import { commitmentsFrom, lotOf } from '../../src/lib/lots.ts'
import { scratch } from '../support/scratch.ts'

const secret = 'the secret of this installation'
const at = new Date('2026-11-24T23:30:00.000Z')

/** Checkpoints in memory. */
const memory = (): CheckpointStore & { readonly files: Map<string, Uint8Array> } => {
  const files = new Map<string, Uint8Array>()
  return {
    place: 'memory',
    files,
    list: async () => [...files.keys()].sort(),
    read: async (name) => files.get(name) ?? null,
    append: async (name, bytes) => !files.has(name) && files.set(name, bytes).size > 0,
  }
}

let database: Database
beforeAll(async () => {
  database = await openPglite(scratch('andon-commitments-'))
  await migrate(database.db)
})
afterAll(async () => {
  await sql`select 1`.execute(database.db)
  await database.close()
})

const write = (store: CheckpointStore, key = secret, when = at) =>
  writeCheckpoint({ database, clock: { now: () => when }, secret: key, store, log: silent })

test('a commitment binds the key of its day, tells nothing of another day, and fits what is drawn', () => {
  const days = commitmentsFrom(secret, at, 8)
  expect(days.map(([epoch]) => epoch)).toEqual(
    ['24', '25', '26', '27', '28', '29', '30'].map((day) => `2026-11-${day}`).concat('2026-12-01'),
  )
  for (const [epoch, commitment] of days) expect(lotOf(secret, epoch, 'haz_1', 'a').commitment).toBe(commitment)
  expect(new Set(days.map(([, commitment]) => commitment)).size).toBe(8)
  expect(commitmentsFrom('another', at, 1)[0]?.[1]).not.toBe(days[0]?.[1])
})

test('every checkpoint publishes what binds the keys of this day and the seven after it', async () => {
  const store = memory()
  await sql`delete from meta where key = 'checkpoint'`.execute(database.db)
  await write(store)
  const file = readCheckpointFile(store.files.get('00000001.json') ?? new Uint8Array())
  expect(file?.draws).toEqual(commitmentsFrom(secret, at, 8))
})

const [epoch, commitment] = commitmentsFrom(secret, at, 2)[1] ?? ['', '']
const draw = (when: string) => ({ epoch, commitment, at: when })
const published = (store: CheckpointStore) => publishedCommitments(store, secret, new Set([epoch]))

test('a draw is bound by the first file that was written before it; one written afterwards binds nothing', async () => {
  const store = memory()
  await sql`delete from meta where key = 'checkpoint'`.execute(database.db)
  await write(store)
  await write(store)
  const days = await published(store)
  expect(boundBefore(draw('2026-11-25T08:00:00.000Z'), days)).toEqual({
    before: { name: '00000001.json', at: at.toISOString() },
    wrong: [],
  })
  expect(boundBefore(draw('2026-11-24T23:29:59.999Z'), days).before).toBeNull()
  expect(boundBefore({ ...draw('2026-11-25T08:00:00.000Z'), epoch: '2026-12-25' }, days)).toEqual({ before: null, wrong: [] })
})

const forged = (more: object, key = secret): Uint8Array => {
  const content = {
    format: 'andon checkpoint 1',
    seq: 1,
    at: at.toISOString(),
    since: null,
    more: false,
    prev: 'a'.repeat(64),
    lanes: [],
    heads: [],
  }
  return writeCheckpointFile(key, { ...content, ...more } as Parameters<typeof writeCheckpointFile>[1])
}

test('a key that was chosen afterwards fits no commitment that was published before', async () => {
  const store = memory()
  store.files.set('00000001.json', forged({ draws: [[epoch, 'b'.repeat(64)]] }))
  expect(boundBefore(draw('2026-11-25T08:00:00.000Z'), await published(store))).toEqual({
    before: null,
    wrong: ['checkpoints published another commitment for that day'],
  })
})

test.each([
  ['signed with another secret', forged({ draws: [[epoch, commitment]] }, 'another')],
  ['of an earlier release', forged({})],
  ['half a file', forged({ draws: [[epoch, commitment]] }).subarray(0, 100)],
])('a file publishes nothing that is %s', async (_, bytes) => {
  const store = memory()
  store.files.set('00000001.json', bytes)
  store.files.set('notes.txt', forged({ draws: [[epoch, commitment]] }))
  expect([...(await published(store))]).toEqual([])
})
