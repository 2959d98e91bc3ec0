import { sql } from 'kysely'
import { z } from 'zod'
import type { Database, Handle } from '../db/database.ts'
import { type Clock, later, minutes } from '../lib/clock.ts'
import { canonical, hmacSha256, sameSecret, sha256 } from '../lib/crypto.ts'
import type { Log } from '../lib/log.ts'
import { commitmentDays, commitmentsFrom } from '../lib/lots.ts'
import { type Head, headList, readSeal, type SealRow, sealColumns, sealedHeads, sealFits } from './seals.ts'

/**
 * Where checkpoints live: outside the database, written once, never changed. A directory today; an object store that refuses to overwrite
 * (S3 `If-None-Match: *` under an object lock) fits the same three functions.
 */
export type CheckpointStore = {
  /** For messages: where somebody would look. */
  readonly place: string
  /** Names in ascending order. */
  readonly list: () => Promise<readonly string[]>
  readonly read: (name: string) => Promise<Uint8Array | null>
  /** False when the name is taken. When it resolves, the bytes survive a power cut. */
  readonly append: (name: string, bytes: Uint8Array) => Promise<boolean>
}

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.iso.datetime({ precision: 3 })

const body = z.strictObject({
  format: z.literal('andon checkpoint 1'),
  seq: z.number().int().min(1),
  at: instant,
  /** Seals made after this are covered; null: all. */
  since: instant.nullable(),
  /** The next file continues this one. */
  more: z.boolean(),
  /** SHA-256 of the file before, byte for byte. */
  prev: digest,
  /** The last seal of each lane that sealed anything since. */
  lanes: z.array(z.tuple([z.string(), z.number().int().min(1), digest])),
  heads: headList,
  /** What binds the keys of the draws of this day and the next ones, published before anybody is drawn; absent in files of earlier releases. */
  draws: z.array(z.tuple([z.iso.date(), digest])).optional(),
})
const signed = body.extend({ signature: digest })

export type Checkpoint = z.infer<typeof signed>
type Body = z.infer<typeof body>

/** What stands before the first checkpoint. */
export const firstCheckpoint = sha256('andon checkpoint')

export const checkpointName = (seq: number): string => `${String(seq).padStart(8, '0')}.json`
/** The number in a name; null for files that are not ours. */
export const seqOfName = (name: string): number | null => (/^\d{8,15}\.json$/.test(name) ? Number.parseInt(name, 10) : null)

const signatureOf = (secret: string, content: Body): string =>
  hmacSha256(hmacSha256(secret, 'andon checkpoint'), canonical(content))

export const writeCheckpointFile = (secret: string, content: Body): Uint8Array =>
  new TextEncoder().encode(`${canonical({ ...content, signature: signatureOf(secret, content) })}\n`)

/** The checkpoint in some bytes; null when they are not one. Whether it is ours says `signedByUs`. */
export const readCheckpointFile = (bytes: Uint8Array): Checkpoint | null => {
  try {
    return signed.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return null
  }
}

export const signedByUs = (secret: string, { signature, ...content }: Checkpoint): boolean =>
  sameSecret(signature, signatureOf(secret, content))

/** Seals this much older than the last checkpoint are looked at again: for commits that were in flight, and clocks of replicas that differ. */
const overlap = minutes(15)
/** Heads of one file; more go into the next. */
const mostHeads = 50_000
const pageSize = 200

type Lane = { readonly lane: string; readonly seq: number; readonly hash: string }

/** The last seal of every lane that has sealed since: one look into the index per lane. */
const activeLanes = async (handle: Handle, since: string | null): Promise<readonly Lane[]> => {
  const { rows } = await sql<Lane>`with recursive l as (
      select min(lane) as lane from seal
      union all select (select min(s.lane) from seal s where s.lane > l.lane) from l where l.lane is not null)
    select t.lane, t.seq, t.hash from l cross join lateral (select lane, seq, at, hash from seal where lane = l.lane order by seq desc limit 1) as t
      where ${since}::timestamptz is null or t.at > ${since}::timestamptz order by t.lane`.execute(handle)
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

const sealsBefore = async (handle: Handle, lane: string, seq: number): Promise<readonly SealRow[]> => {
  const { rows } =
    await sql<SealRow>`select ${sealColumns} from seal where lane = ${lane} and seq < ${seq}::bigint order by seq desc limit ${pageSize}::integer`.execute(
      handle,
    )
  return rows.map(readSeal)
}

type Chunk = { readonly lanes: Lane[]; readonly heads: Map<string, Head> }

type Writer = { readonly handle: Handle; readonly secret: string; readonly log: Log }

/** The newest head of each case that a lane sealed since, walking back from its end. */
async function* headsOfLane({ handle, secret, log }: Writer, lane: Lane, since: string | null): AsyncGenerator<Head> {
  for (let seq = lane.seq + 1; ; ) {
    const seals = await sealsBefore(handle, lane.lane, seq)
    for (const seal of seals) {
      if (since !== null && seal.at <= since) return
      const heads = sealFits(secret, seal) ? sealedHeads(seal.body) : null
      if (heads === null)
        log.error('a seal does not fit and stays out of the checkpoint; run verify', { lane: seal.lane, seq: seal.seq })
      yield* heads ?? []
      seq = seal.seq
    }
    if (seals.length < pageSize) return
  }
}

async function* chunks(writer: Writer, since: string | null): AsyncGenerator<Chunk> {
  let chunk: Chunk = { lanes: [], heads: new Map() }
  for (const lane of await activeLanes(writer.handle, since)) {
    chunk.lanes.push(lane)
    for await (const head of headsOfLane(writer, lane, since)) {
      const known = chunk.heads.get(head[0])
      if (!known || known[1] < head[1]) chunk.heads.set(head[0], head)
      if (chunk.heads.size < mostHeads) continue
      yield chunk
      chunk = { lanes: [], heads: new Map() }
    }
  }
  yield chunk
}

const metaKey = 'checkpoint'

/** The newest checkpoint as the database remembers it, so that removing the newest file alone is found. Not itself a proof. */
export const rememberedCheckpoint = async (handle: Handle): Promise<{ readonly seq: number; readonly hash: string } | null> => {
  const row = await handle.selectFrom('meta').select('value').where('key', '=', metaKey).executeTakeFirst()
  const [seq, hash] = row?.value.split(' ') ?? []
  return seq && hash && /^\d{1,15}$/.test(seq) ? { seq: Number(seq), hash } : null
}

const remember = async (handle: Handle, seq: number, hash: string): Promise<void> => {
  const value = `${String(seq).padStart(15, '0')} ${hash}`
  await sql`insert into meta (key, value) values (${metaKey}, ${value}) on conflict (key) do update set value = excluded.value where meta.value < excluded.value`.execute(
    handle,
  )
}

type Last = { readonly seq: number; readonly hash: string; readonly since: string | null }

export type CheckpointOptions = {
  readonly database: Database
  readonly clock: Clock
  readonly secret: string
  readonly store: CheckpointStore
  readonly log: Log
}

/** Where the next checkpoint begins. After a file that is lost or not ours, everything is listed anew: more than needed is safe, less is not. */
const lastOf = async ({ database, secret, store, log }: CheckpointOptions): Promise<Last> => {
  const seq = (await store.list()).reduce((most, name) => Math.max(most, seqOfName(name) ?? 0), 0)
  const remembered = await rememberedCheckpoint(database.db)
  if (remembered && remembered.seq > seq) {
    log.error('checkpoints are missing from their store; the next one begins anew', {
      place: store.place,
      known: remembered.seq,
      found: seq,
    })
    return { ...remembered, since: null }
  }
  const bytes = seq === 0 ? null : await store.read(checkpointName(seq))
  if (bytes === null) return { seq, hash: firstCheckpoint, since: null }
  const last = readCheckpointFile(bytes)
  const ours = last !== null && signedByUs(secret, last)
  if (!ours) log.error('the last checkpoint is not ours; the next one begins anew', { place: store.place, seq })
  const since = !ours ? null : last.more ? last.since : later(new Date(last.at), -overlap).toISOString()
  return { seq, hash: sha256(bytes), since }
}

export type Written = { readonly name: string; readonly heads: number }

const writeOnce = async (options: CheckpointOptions): Promise<readonly Written[] | 'overtaken'> => {
  const { database, clock, secret, store, log } = options
  const { since, ...last } = await lastOf(options)
  const written: Written[] = []
  let { seq, hash } = last
  const put = async (chunk: Chunk, more: boolean): Promise<boolean> => {
    seq += 1
    const lanes = chunk.lanes.map((lane): [string, number, string] => [lane.lane, lane.seq, lane.hash])
    const heads = [...chunk.heads.values()].map(([id, revision, head]): [string, number, string] => [id, revision, head])
    const at = clock.now().toISOString()
    const draws = commitmentsFrom(secret, new Date(at), commitmentDays).map(([epoch, binds]): [string, string] => [epoch, binds])
    const content: Body = { format: 'andon checkpoint 1', seq, at, since, more, prev: hash, lanes, heads, draws }
    const bytes = writeCheckpointFile(secret, content)
    if (!(await store.append(checkpointName(seq), bytes))) return false
    hash = sha256(bytes)
    await remember(database.db, seq, hash)
    written.push({ name: checkpointName(seq), heads: heads.length })
    return true
  }
  let held: Chunk | null = null
  for await (const chunk of chunks({ handle: database.db, secret, log }, since)) {
    if (held !== null && !(await put(held, true))) return 'overtaken'
    held = chunk
  }
  return held !== null && (await put(held, false)) ? written : 'overtaken'
}

/**
 * Writes the heads of all cases that changed since the last checkpoint, signed, outside the database. Two writers at once do not harm each other: a name is taken once,
 * and whoever comes second begins again. Throws what the store or the database throws; half-written files do not appear.
 */
export const writeCheckpoint = async (options: CheckpointOptions): Promise<readonly Written[]> => {
  for (let tries = 0; tries < 5; tries += 1) {
    const written = await writeOnce(options)
    if (written !== 'overtaken') return written
  }
  throw new Error(`other writers were first five times in ${options.store.place}; try again`)
}
