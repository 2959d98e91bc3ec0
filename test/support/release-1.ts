import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { type Database, rowsOf } from '../../src/db/database.ts'
import { up } from '../../src/db/migrations/0001-first-hazard.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'

const folder = fileURLToPath(new URL('../fixtures/release-1', import.meta.url))

type Written = {
  readonly secret: string
  /** Codes of the cases, by how far they had come. */
  readonly cases: Readonly<Record<'reported' | 'accepted' | 'rectifying' | 'verifying' | 'closed' | 'rejected', string>>
  readonly tables: Readonly<Record<string, readonly object[]>>
}

/** What the first release wrote: one case of each status, played by people over the wires, with its photos and checkpoint. */
export const releaseOne = JSON.parse(readFileSync(join(folder, 'database.json'), 'utf8')) as Written

/** Tokens and picture keys were given by platforms that are gone; those of the test know none of them. */
const ofThePlatforms: ReadonlySet<string> = new Set(['token', 'image_key'])

const fill = async ({ db }: Database): Promise<void> => {
  const provider = {
    getMigrations: async () => ({
      '0001-first-hazard': {
        up: async (tx: typeof db) => {
          for (const statement of up) await sql.raw(statement).execute(tx)
        },
      },
    }),
  }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
  for (const [name, rows] of Object.entries(releaseOne.tables)) {
    if (name.startsWith('kysely_') || ofThePlatforms.has(name) || rows.length === 0) continue
    await sql`delete from ${sql.table(name)}`.execute(db)
    await sql`insert into ${sql.table(name)} select * from json_populate_recordset(null::${sql.table(name)}, ${rowsOf(rows)}::json)`.execute(
      db,
    )
  }
  // The people of the first release had moved the clock; here it is the machine's.
  await sql`update clock set offset_ms = 0`.execute(db)
}

/** Lays the database, the photos and the checkpoints of the first release where a service will open them. */
export const layReleaseOne = async ({
  dataDir,
  url,
}: {
  readonly dataDir: string
  readonly url: string | null
}): Promise<void> => {
  for (const name of ['blobs', 'checkpoints']) cpSync(join(folder, name), join(dataDir, name), { recursive: true })
  const database =
    url === null ? await openPglite(join(dataDir, 'db')) : openPostgres({ url, pooled: false, connections: 2, onError: () => {} })
  await fill(database)
  await database.close()
}
