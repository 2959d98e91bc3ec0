import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Handle, Tx } from '../db/database.ts'
import { newId } from '../lib/id.ts'
import type { Manifest } from './backup-manifest.ts'

/** What belongs to the running processes and not to the plant: heartbeats, buckets, platform tokens, which are fetched anew, and what the migrator knows by itself. */
const left = new Set(['replica', 'beat', 'bucket', 'token', 'kysely_migration', 'kysely_migration_lock'])
const pageSize = 500

export const fileOf = (folder: string, table: string): string => join(folder, 'tables', `${table}.jsonl`)

/** Every table of a backup, in the order of their names: whatever a later release adds is among them. */
export const tablesIn = async (handle: Handle): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname`.execute(handle)
  return rows.map(({ name }) => name).filter((name) => !left.has(name))
}

export const schemaOf = async (handle: Handle): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(handle)
  return rows.map(({ name }) => name)
}

/** Tables that hold rows. The clock has its row from the first migration on, so it says nothing. */
export const filledTables = async (handle: Handle): Promise<readonly string[]> => {
  const filled: string[] = []
  for (const table of await tablesIn(handle)) {
    const { rows } = await sql<{ there: boolean }>`select exists (select 1 from ${sql.table(table)}) as there`.execute(handle)
    if (table !== 'clock' && rows[0]?.there === true) filled.push(table)
  }
  return filled
}

type Lines = { readonly rows: number; readonly sha256: string }

const writeLines = async (path: string, pages: AsyncIterable<readonly string[]>): Promise<Lines> => {
  const hash = createHash('sha256')
  let rows = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const page of pages) {
      const text = page.map((line) => `${line}\n`).join('')
      hash.update(text)
      rows += page.length
      await file.writeFile(text)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { rows, sha256: hash.digest('hex') }
}

/** Rows as the database itself writes them, one a line; a cursor, so that no table has to fit into memory. */
async function* rowsOf(tx: Tx, from: ReturnType<typeof sql>): AsyncGenerator<readonly string[]> {
  await sql`declare backup_rows no scroll cursor for ${from}`.execute(tx)
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.raw(String(pageSize))} from backup_rows`.execute(tx)
    if (rows.length === 0) break
    yield rows.map(({ line }) => line)
  }
  await sql`close backup_rows`.execute(tx)
}

/** Slow work that is under way lives in the queue's own tables; it goes along as effects that put it there again. */
const pendingJobs = async (tx: Tx): Promise<readonly { id: string; name: string; data: Record<string, unknown> }[]> => {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('pgboss.job') is not null as there`.execute(tx)
  if (rows[0]?.there !== true) return []
  const found = await sql<{
    id: string
    name: string
    data: string
  }>`select id::text as id, name, data::text as data from pgboss.job
    where name in ('photo', 'who-is') and state in ('created', 'retry', 'active') order by id`.execute(tx)
  return found.rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }))
}

const jobEffects = async (tx: Tx, at: Date): Promise<readonly string[]> =>
  (await pendingJobs(tx)).map(({ id, name, data }) =>
    JSON.stringify({
      ...{ site: String(data.site), id: newId('eff', at), subject: String(data.subject), revision: 0, kind: 'job' },
      ...{ person: null, connection: null, account: null, conversation: null, lease_owner: null, leased_real: null },
      payload: JSON.stringify({ queue: name, key: `restored:${id}`, payload: data }),
      ...{ urgent: false, due_at: at, created_at: at, state: 'waiting', attempts: 0, maybe_sent: false, fence: 0 },
      ...{ first_tried_at: null, done_at: null, message: null, error: null },
    }),
  )

/** Writes every table of one moment. The transaction must be of isolation `repeatable read`. */
export const dumpTables = async (tx: Tx, folder: string, at: Date): Promise<Manifest['tables']> => {
  const tables: Manifest['tables'] = []
  const jobs = await jobEffects(tx, at)
  for (const name of await tablesIn(tx)) {
    const pages = async function* (): AsyncGenerator<readonly string[]> {
      yield* rowsOf(tx, sql`select row_to_json(t)::text as line from ${sql.table(name)} t`)
      if (name === 'effect' && jobs.length > 0) yield jobs
    }
    tables.push({ name, ...(await writeLines(fileOf(folder, name), pages())) })
  }
  return tables
}

/** The lines of a file by pages. Split at line feeds alone: JSON escapes those, but not the other ends of lines that readers of text know. */
async function* pagesIn(path: string): AsyncGenerator<readonly string[]> {
  let page: string[] = []
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    page = [...page, ...lines]
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** Puts the rows of every file into its table, which must be empty. Throws what the database says; the caller's transaction then leaves nothing. */
export const loadTables = async (tx: Tx, folder: string, tables: Manifest['tables']): Promise<void> => {
  await sql`delete from clock`.execute(tx)
  for (const { name } of tables)
    for await (const page of pagesIn(fileOf(folder, name)))
      await sql`insert into ${sql.table(name)} select * from json_populate_recordset(null::${sql.table(name)}, ${`[${page.join(',')}]`}::text::json)`.execute(
        tx,
      )
}
