import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import {
  type Checkpoint,
  type CheckpointStore,
  readCheckpointFile,
  rememberedCheckpoint,
  signedByUs,
  writeCheckpoint,
  writeCheckpointFile,
} from '../../src/engine/checkpoint.ts'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { firstSeal, sealHash } from '../../src/engine/journal.ts'
import { createClock, days, hours, later } from '../../src/lib/clock.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import type { Log } from '../../src/lib/log.ts'
import { scratch } from '../support/scratch.ts'

const secret = 'the secret of this installation'
const head = (n: number): string => sha256(`head ${n}`)

describe('the directory of checkpoints', () => {
  const dir = (): string => join(scratch('andon-checkpoints-'), 'deep', 'down')
  const bytes = new TextEncoder().encode('{}')

  test('a name is taken once, and whoever comes second is told', async () => {
    const store = createCheckpointDirectory(dir())
    expect(await store.append('00000001.json', bytes)).toBe(true)
    expect(await store.append('00000001.json', new TextEncoder().encode('other'))).toBe(false)
    expect(await store.read('00000001.json')).toEqual(bytes)
  })

  test('of many writers of one name exactly one is first', async () => {
    const store = createCheckpointDirectory(dir())
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.append('00000001.json', new TextEncoder().encode(String(n)))),
    )
    expect(taken.filter((first) => first)).toHaveLength(1)
    expect(await store.read('00000001.json')).toEqual(new TextEncoder().encode(String(taken.indexOf(true))))
  })

  test('files are read-only, lie alone in their folder, and come in the order of their numbers', async () => {
    const place = dir()
    const store = createCheckpointDirectory(place)
    for (const name of ['00000002.json', '100000000.json', '00000001.json', '99999999.json']) await store.append(name, bytes)
    writeFileSync(join(place, '.draft'), 'half')
    writeFileSync(join(place, 'notes.txt'), 'foreign')
    expect(await store.list()).toEqual(['00000001.json', '00000002.json', '99999999.json', '100000000.json'])
    expect(statSync(join(place, '00000001.json')).mode & 0o777).toBe(0o400)
    expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual(['.draft'])
  })

  test('an absent directory is empty, and only names of checkpoints are read', async () => {
    const store = createCheckpointDirectory(dir())
    expect(await store.list()).toEqual([])
    expect(await store.read('00000001.json')).toBeNull()
    await expect(store.read('../secret')).rejects.toThrow(TypeError)
  })
})

describe('a checkpoint file', () => {
  const content = {
    format: 'andon checkpoint 1' as const,
    seq: 1,
    at: '2026-11-24T06:00:00.000Z',
    since: null,
    more: false,
    prev: head(0),
    lanes: [],
    heads: [['haz_1', 3, head(1)] as [string, number, string]],
  }
  const parsed = (bytes: Uint8Array): Checkpoint => {
    const checkpoint = readCheckpointFile(bytes)
    if (!checkpoint) throw new Error('not a checkpoint')
    return checkpoint
  }

  test('is signed over everything it says', () => {
    const genuine = parsed(writeCheckpointFile(secret, content))
    expect(signedByUs(secret, genuine)).toBe(true)
    expect(signedByUs('another', genuine)).toBe(false)
    const changes: Partial<Checkpoint>[] = [
      { seq: 2 },
      { at: '2026-11-24T06:00:00.001Z' },
      { since: genuine.at },
      { more: true },
      { prev: head(9) },
      { lanes: [['r1', 1, head(2)]] },
      { heads: [] },
      { signature: head(3) },
    ]
    for (const change of changes) expect(signedByUs(secret, { ...genuine, ...change })).toBe(false)
  })

  test('is nothing else than it says', () => {
    const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
    const genuine = parsed(writeCheckpointFile(secret, content))
    for (const wrong of [
      { ...genuine, more: 'no' },
      { ...genuine, extra: 1 },
      { ...genuine, heads: [['x', 0, head(1)]] },
      { ...genuine, prev: 'x' },
      [],
      null,
    ])
      expect(readCheckpointFile(text(wrong))).toBeNull()
    expect(readCheckpointFile(new Uint8Array([0xff, 0xfe]))).toBeNull()
  })
})

describe('writing checkpoints', () => {
  let database: Database
  let place: string
  let store: CheckpointStore
  const clock = createClock()
  const complaints: string[] = []
  const log: Log = { info: () => {}, warn: () => {}, error: (message) => void complaints.push(message) }
  const write = () => writeCheckpoint({ database, clock, secret, store, log })
  const read = (n: number): Checkpoint => {
    const checkpoint = readCheckpointFile(readFileSync(join(place, `${String(n).padStart(8, '0')}.json`)))
    if (!checkpoint) throw new Error(`checkpoint ${n} is none`)
    return checkpoint
  }
  const last = new Map<string, { seq: number; hash: string }>()
  const sealCases = async (lane: string, heads: readonly (readonly [string, number, string])[], by = secret): Promise<void> => {
    const { seq, hash: prev } = last.get(lane) ?? { seq: 0, hash: firstSeal(lane) }
    const at = clock.now().toISOString()
    const body = JSON.stringify(heads)
    const hash = sealHash(by, lane, seq + 1, at, body, prev)
    await database.db
      .insertInto('seal')
      .values({ lane, seq: seq + 1, at, body, prev, hash })
      .execute()
    last.set(lane, { seq: seq + 1, hash })
  }

  beforeAll(async () => {
    database = await openPglite(join(scratch('andon-checkpoint-'), 'db'))
    await migrate(database.db)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await sql`truncate seal, meta`.execute(database.db)
    last.clear()
    complaints.length = 0
    clock.setOffset(0)
    place = join(scratch('andon-checkpoints-'), 'c')
    store = createCheckpointDirectory(place)
  })

  test('each lists what changed since the one before, with the newest head of a case, and is bounded by that', async () => {
    await sealCases('a', [['haz_1', 1, head(1)]])
    await sealCases('b', [['haz_2', 1, head(2)]])
    await sealCases('a', [['haz_1', 4, head(4)]])
    await write()
    expect(read(1)).toMatchObject({
      seq: 1,
      since: null,
      lanes: [
        ['a', 2, last.get('a')?.hash],
        ['b', 1, last.get('b')?.hash],
      ],
      heads: [
        ['haz_1', 4, head(4)],
        ['haz_2', 1, head(2)],
      ],
    })
    clock.setOffset(hours(1))
    await write()
    expect(read(2).heads, 'what may have been in flight is said again').toEqual(read(1).heads)
    clock.setOffset(hours(2))
    await sealCases('a', [['haz_3', 1, head(3)]])
    await write()
    expect(read(3)).toMatchObject({
      seq: 3,
      lanes: [['a', 3, last.get('a')?.hash]],
      heads: [['haz_3', 1, head(3)]],
      prev: sha256(readFileSync(join(place, '00000002.json'))),
    })
    clock.setOffset(hours(3))
    await write()
    clock.setOffset(hours(4))
    await write()
    expect(read(5)).toMatchObject({ lanes: [], heads: [], more: false })
    expect(await rememberedCheckpoint(database.db)).toEqual({ seq: 5, hash: sha256(readFileSync(join(place, '00000005.json'))) })
    expect(complaints).toEqual([])
  })

  test('a seal that was in flight while the last one was written is in the next', async () => {
    await write()
    const { at } = read(1)
    const before = later(new Date(at), -60_000).toISOString()
    const body = JSON.stringify([['haz_1', 1, head(1)]])
    const prev = firstSeal('slow')
    await database.db
      .insertInto('seal')
      .values({ lane: 'slow', seq: 1, at: before, body, prev, hash: sealHash(secret, 'slow', 1, before, body, prev) })
      .execute()
    await write()
    expect(read(2).heads).toEqual([['haz_1', 1, head(1)]])
  })

  test('a lane longer than a page is walked to its start', async () => {
    for (let n = 1; n <= 450; n += 1) await sealCases('long', [[`haz_${n}`, 1, head(n)]])
    await write()
    expect(read(1).heads).toHaveLength(450)
  })

  test('a seal that somebody without the secret made vouches for nothing, and is complained about', async () => {
    await sealCases('a', [['haz_1', 1, head(1)]])
    await sealCases('a', [['haz_1', 2, head(666)]], 'a guess')
    await write()
    expect(read(1).heads).toEqual([['haz_1', 1, head(1)]])
    expect(complaints).toEqual(['a seal does not fit and stays out of the checkpoint; run verify'])
  })

  test('two writers at once write two checkpoints of one chain', async () => {
    await sealCases('a', [['haz_1', 1, head(1)]])
    const written = (await Promise.all([write(), write(), write()])).flat()
    expect(written.map(({ name }) => name).sort()).toEqual(['00000001.json', '00000002.json', '00000003.json'])
    for (const n of [2, 3]) expect(read(n).prev).toBe(sha256(readFileSync(join(place, `0000000${n - 1}.json`))))
  })

  test('after a lost directory the chain goes on under the next number, everything listed anew', async () => {
    await sealCases('a', [['haz_1', 1, head(1)]])
    await write()
    const lost = sha256(readFileSync(join(place, '00000001.json')))
    place = join(scratch('andon-checkpoints-'), 'c')
    store = createCheckpointDirectory(place)
    clock.setOffset(days(1))
    await write()
    expect(read(2)).toMatchObject({ seq: 2, since: null, prev: lost, heads: [['haz_1', 1, head(1)]] })
    expect(complaints).toEqual(['checkpoints are missing from their store; the next one begins anew'])
  })

  test('after a spoilt file everything is listed anew', async () => {
    await sealCases('a', [['haz_1', 1, head(1)]])
    await write()
    chmodSync(join(place, '00000001.json'), 0o600)
    writeFileSync(join(place, '00000001.json'), 'spoilt')
    clock.setOffset(days(1))
    await write()
    expect(read(2)).toMatchObject({ since: null, prev: sha256('spoilt'), heads: [['haz_1', 1, head(1)]] })
    expect(complaints).toEqual(['the last checkpoint is not ours; the next one begins anew'])
  })

  test('more heads than one file holds go into several that belong together', async () => {
    const many = Array.from({ length: 70_000 }, (_, n) => [`haz_${n}`, 1, head(0)] as const)
    for (let at = 0; at < many.length; at += 10_000) await sealCases('a', many.slice(at, at + 10_000))
    const written = await write()
    expect(written.map(({ heads }) => heads)).toEqual([50_000, 20_000])
    expect([read(1).more, read(2).more]).toEqual([true, false])
    expect(new Set([...read(1).heads, ...read(2).heads].map(([id]) => id)).size).toBe(70_000)
  })

  test('a store that fails leaves no mark in the database', async () => {
    const failing: CheckpointStore = { ...store, append: () => Promise.reject(new Error('the disk is full')) }
    await expect(writeCheckpoint({ database, clock, secret, store: failing, log })).rejects.toThrow('the disk is full')
    expect(await rememberedCheckpoint(database.db)).toBeNull()
  })
})
