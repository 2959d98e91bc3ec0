import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database, Tx } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { writeCheckpoint } from '../../src/engine/checkpoint.ts'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { type Finding, sayFinding } from '../../src/engine/findings.ts'
import { entryHash, firstHead } from '../../src/engine/journal.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { type Counts, type VerifyTools, verifyWithin } from '../../src/engine/verify.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { canonical } from '../../src/lib/crypto.ts'
import { silent } from '../../src/lib/log.ts'
import { bothPass, codeIn, rectifies, takesOn } from '../support/acts.ts'
import { postgresUrl } from '../support/postgres.ts'
import { scratch } from '../support/scratch.ts'
import { openStage, type Stage } from '../support/story.ts'

export type Found = {
  readonly kinds: readonly string[]
  readonly lines: readonly string[]
  readonly findings: readonly Finding[]
  readonly counts: Counts
}

/** A database with true cases in it, made by people over the platforms' wires, and the means to falsify it. */
export type Proof = {
  readonly stage: Stage
  readonly dataDir: string
  readonly secret: string
  /** Codes and ids of the cases: one closed with photos, one open, one that opened after the second checkpoint. */
  readonly closed: Named
  readonly open: Named
  readonly late: Named
  /** Numbers of the checkpoints written after each of the three; the service writes others of its own. */
  readonly checkpoints: readonly [afterClosed: number, afterOpen: number, afterLate: number]
  /** Seals that stood when the late case had not been heard of. */
  readonly sealsBefore: ReadonlyMap<string, number>
  /** Verifies what a tampering leaves, and takes the tampering back. */
  readonly after: (tamper: (tx: Tx) => Promise<void>, tools?: Partial<VerifyTools>) => Promise<Found>
  /** A copy of the photos or the checkpoints, to be falsified. */
  readonly copyOf: (what: 'blobs' | 'checkpoints') => string
  /** Gives the database up, so that a service or a command can open it. */
  readonly letGo: () => Promise<void>
  readonly close: () => Promise<void>
}
export type Named = { readonly code: string; readonly id: string }

const undone = Symbol('undone')

const named = async (stage: Stage, code: string): Promise<Named> => {
  const { db } = stage.world.running().database
  return db.selectFrom('subject').select(['code', 'id']).where('code', '=', code).executeTakeFirstOrThrow()
}

const lanes = async (stage: Stage): Promise<ReadonlyMap<string, number>> => {
  const rows = await stage.world
    .running()
    .database.db.selectFrom('seal')
    .select(['lane', ({ fn }) => fn.max('seq').as('seq')])
    .groupBy('lane')
    .execute()
  return new Map(rows.map(({ lane, seq }) => [lane, Number(seq)]))
}

/** One hazard from the report to the proven closing, with two photos; one that stays open; a stranger who asks to be linked; a restart between them. */
const playCases = async (stage: Stage, checkpoint: () => Promise<number>) => {
  const { people, world } = stage
  const closed = await takesOn(people)
  await rectifies(people.teamLead, closed)
  await bothPass(people)
  const afterClosed = await checkpoint()
  await people.newHire.says('这里有东西掉下来')
  await world.restart()
  await stage.settles()
  await people.operator2.says('变电所护栏松动')
  const open = codeIn(await people.operator2.seesCard('隐患已上报'))
  const afterOpen = await checkpoint()
  const sealsBefore = await lanes(stage)
  await people.contractorWelder.says('配电室门口堆物')
  await stage.settles()
  const late = codeIn(await people.contractorWelder.seesCard('隐患已上报'))
  const afterLate = await checkpoint()
  return {
    closed: await named(stage, closed),
    open: await named(stage, open),
    late: await named(stage, late),
    sealsBefore,
    checkpoints: [afterClosed, afterOpen, afterLate] as const,
  }
}

/** The database of a service that has stopped, for ourselves. */
const takeOver = async (stage: Stage, kind: 'pglite' | 'postgres'): Promise<Database> => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(stage.world.running().database.db)
  await stage.world.stop()
  if (kind === 'pglite') return openPglite(join(stage.world.dataDir, 'db'))
  return openPostgres({ url: `${await postgresUrl()}/${rows[0]?.name}`, pooled: false, connections: 2, onError: () => {} })
}

/** Plays the cases on a database of that kind, and stops the service. */
export const openProof = async (kind: 'pglite' | 'postgres'): Promise<Proof> => {
  const stage = await openStage({ database: kind, shift: 0, door: 'stream' })
  const { dataDir } = stage.world
  const { secret } = stage.world.running().parts
  const store = createCheckpointDirectory(join(dataDir, 'checkpoints'))
  const checkpoint = async (): Promise<number> => {
    const { database, parts } = stage.world.running()
    const written = await writeCheckpoint({ database, clock: parts.clock, secret, store, log: silent })
    return Number.parseInt(written[0]?.name ?? '', 10)
  }
  const cases = await playCases(stage, checkpoint)
  const genuine = {
    registry: createRegistry(),
    secret,
    blobs: createDirectoryBlobs({ dir: join(dataDir, 'blobs') }),
    checkpoints: store,
  }
  const database = await takeOver(stage, kind)
  let held = true
  const letGo = async (): Promise<void> => {
    if (held) await database.close()
    held = false
  }

  const after: Proof['after'] = async (tamper, tools = {}) => {
    const findings: Finding[] = []
    let counts: Counts | null = null
    const work = async (tx: Tx): Promise<void> => {
      await tamper(tx)
      counts = await verifyWithin(tx, { ...genuine, found: (finding) => void findings.push(finding), ...tools })
      throw undone
    }
    await database.db
      .transaction()
      .execute(work)
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
    if (counts === null) throw new Error('nothing was verified')
    return { kinds: [...new Set(findings.map(({ kind }) => kind))].sort(), lines: findings.map(sayFinding), findings, counts }
  }

  return {
    stage,
    dataDir,
    secret,
    ...cases,
    after,
    copyOf: (what) => {
      const copy = join(scratch(`andon-${what}-`), what)
      cpSync(join(dataDir, what), copy, { recursive: true })
      return copy
    },
    letGo,
    close: async () => {
      await letGo()
      await stage.world.close()
    },
  }
}

// ── What somebody could do who may write the database, knows this code, and lacks the secret ─────────────────────────

type Stored = {
  site: string
  subject: string
  seq: number
  at: Date
  actor: string
  arrival: string
  version: number
  event: string
  prev: string
  hash: string
}

export const journalOf = (tx: Tx, id: string): Promise<Stored[]> =>
  tx.selectFrom('journal').selectAll().where('subject', '=', id).orderBy('seq').execute()

/** Makes a falsified journal consistent again: numbers, hashes, and the case's own columns. */
export const makeConsistent = async (tx: Tx, id: string): Promise<void> => {
  const entries = await journalOf(tx, id)
  const { site, workflow: name } = await tx
    .selectFrom('subject')
    .select(['site', 'workflow'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const workflow = createRegistry().get(name)?.workflow
  if (!workflow) throw new Error(`no workflow ${name}`)
  await tx.deleteFrom('journal').where('subject', '=', id).execute()
  let head = firstHead(site, id)
  let state: { readonly status: string } | null = null
  for (const [index, { hash: _, ...entry }] of entries.entries()) {
    const hashed = { ...entry, seq: index + 1, prev: head }
    head = entryHash({ ...hashed, at: entry.at.toISOString() })
    state = workflow.evolve(state, JSON.parse(entry.event) as { type: string })
    await tx
      .insertInto('journal')
      .values({ ...hashed, hash: head })
      .execute()
  }
  if (state === null) throw new Error('no entry is left')
  const columns = { state: canonical(state), status: state.status, open: workflow.open(state), owner: workflow.owner(state) }
  const changed_at = entries.at(-1)?.at ?? new Date(0)
  await tx
    .updateTable('subject')
    .set({ ...columns, changed_at, head, revision: entries.length })
    .where('id', '=', id)
    .execute()
}

export const changeEvent = async (tx: Tx, id: string, seq: number, from: string, to: string): Promise<void> => {
  await sql`update journal set event = replace(event, ${from}, ${to}) where subject = ${id} and seq = ${seq}::integer`.execute(tx)
}

/** Every row of a case in every table, as thorough as somebody could be. */
export const eraseCase = async (tx: Tx, id: string): Promise<void> => {
  await sql`delete from delivery where effect in (select id from effect where subject = ${id})`.execute(tx)
  for (const table of ['journal', 'effect', 'live_card', 'deadline', 'expectation', 'inbox'] as const)
    await tx.deleteFrom(table).where('subject', '=', id).execute()
  await tx.deleteFrom('subject').where('id', '=', id).execute()
}

/** Exchanges the numbers of the second and the third row of a journal or a lane. */
export const exchange = async (tx: Tx, which: { readonly subject: string } | { readonly lane: string }): Promise<void> => {
  const steps = [
    [2, -2],
    [3, 2],
    [-2, 3],
  ] as const
  for (const [from, to] of steps) {
    if ('subject' in which)
      await tx.updateTable('journal').set({ seq: to }).where('subject', '=', which.subject).where('seq', '=', from).execute()
    else await tx.updateTable('seal').set({ seq: to }).where('lane', '=', which.lane).where('seq', '=', from).execute()
  }
}

export const deleteEntry = async (tx: Tx, id: string, seq: number): Promise<void> => {
  await tx.deleteFrom('journal').where('subject', '=', id).where('seq', '=', seq).execute()
}

/** Adds an entry of a known kind a minute after the last, and makes the rest fit. Gives its place and hash. */
export const inventEntry = async (
  tx: Tx,
  id: string,
): Promise<{ readonly seq: number; readonly at: Date; readonly hash: string }> => {
  const last = (await journalOf(tx, id)).at(-1)
  if (!last) throw new Error('no journal')
  const at = new Date(last.at.getTime() + 60_000)
  const event = JSON.stringify({ type: 'unreachable', person: 'li-na', duty: 'triage', at: at.toISOString() })
  await tx
    .insertInto('journal')
    .values({ ...last, seq: last.seq + 1, at, event })
    .execute()
  await makeConsistent(tx, id)
  return { seq: last.seq + 1, at, hash: (await journalOf(tx, id)).at(-1)?.hash ?? '' }
}

export const longestLane = async (tx: Tx): Promise<{ lane: string; last: number }> => {
  const { rows } = await sql<{
    lane: string
    last: number
  }>`select lane, max(seq)::integer as last from seal group by lane order by 2 desc, 1 limit 1`.execute(tx)
  if (!rows[0]) throw new Error('no seal')
  return rows[0]
}

export const nothing = async (): Promise<void> => {}
