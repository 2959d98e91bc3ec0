import { randomBytes } from 'node:crypto'
import { appendFileSync, cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { readConfig } from '../../src/config.ts'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { createJobs } from '../../src/engine/jobs.ts'
import { silent } from '../../src/lib/log.ts'
import { createLog, type Running, start } from '../../src/node.ts'
import { freePort } from './free-port.ts'
import { type Plant, shiftedPlant } from './plant.ts'
import { createDatabase, databaseTemplate, type TestDatabase } from './postgres.ts'
import { madeOnce, scratch } from './scratch.ts'

/** One arrangement under which a story is played: who is on which platform, through which doors, on which database. */
export type Arrangement = {
  readonly database: 'pglite' | 'postgres'
  readonly shift: 0 | 1 | 2
  readonly door: 'stream' | 'http'
}

/** Six arrangements in which every role meets every platform through every door, on both databases. */
export const everywhere: readonly Arrangement[] = [
  { database: 'pglite', shift: 0, door: 'stream' },
  { database: 'pglite', shift: 1, door: 'http' },
  { database: 'postgres', shift: 2, door: 'stream' },
  { database: 'postgres', shift: 0, door: 'http' },
  { database: 'postgres', shift: 1, door: 'stream' },
  { database: 'pglite', shift: 2, door: 'http' },
]
/** Three arrangements in which every role meets every platform once, through both kinds of door and on both databases: for stories that are not the core. */
export const across: readonly Arrangement[] = [
  { database: 'pglite', shift: 0, door: 'stream' },
  { database: 'postgres', shift: 1, door: 'stream' },
  { database: 'postgres', shift: 2, door: 'http' },
]
export const once: readonly Arrangement[] = [{ database: 'pglite', shift: 0, door: 'stream' }]

export const arrangementName = ({ database, shift, door }: Arrangement): string => `${database}, shift ${shift}, ${door}`

/** The tables of the service and of pg-boss, and nothing in them: what a start on a database of this release finds. */
const furnish = async (database: Database): Promise<void> => {
  await migrate(database.db)
  await (await createJobs(database, silent)).close()
}

/** For databases that live for seconds: PGlite takes all of its buffers from the system when it is opened, 128 MB if nothing else is said. */
const small = '\nshared_buffers = 16MB\nmax_connections = 10\n'

/** Two of the three databases of a PGlite directory are never opened and are more than half of its files. */
const strip = async ({ db }: Database): Promise<void> => {
  for (const name of ['template0', 'template1']) {
    await sql`update pg_database set datistemplate = false where datname = ${name}`.execute(db)
    await sql`drop database ${sql.id(name)}`.execute(db)
  }
}

/** A PGlite directory made once per run, copied for each test. */
export const pgliteTemplate = (): Promise<string> =>
  madeOnce('pglite', async (folder) => {
    const directory = join(folder, 'db')
    const database = await openPglite(directory)
    await furnish(database)
    await strip(database)
    await database.close()
    appendFileSync(join(directory, 'postgresql.conf'), small)
  })

/** A database made of a template that is filled once per run. */
const createFurnished = async (): Promise<TestDatabase> =>
  createDatabase(
    await databaseTemplate('furnished', async (url) => {
      const database = openPostgres({ url, pooled: false, connections: 2, onError: () => {} })
      await furnish(database)
      await database.close()
    }),
  )

export type World = {
  readonly sandbox: Sandbox
  readonly running: () => Running
  readonly dataDir: string
  readonly arrangement: Arrangement
  readonly post: <T = Record<string, unknown>>(path: string, body?: object) => Promise<T>
  readonly get: <T = unknown>(path: string) => Promise<T>
  /** Stops the service as a deploy would, and starts it again on the same data. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly close: () => Promise<void>
}

export type WorldOptions = {
  readonly arrangement: Arrangement
  readonly plant?: (plant: Plant) => Plant
  /** People whose accounts the platforms do not know (any more), although our organisation file names them. */
  readonly unknown?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Puts a database of one's own where the service will look for it, instead of an empty one of this release. `url` is null for PGlite. */
  readonly prepare?: (at: { readonly dataDir: string; readonly url: string | null }) => Promise<void>
}

const call = async <T>(url: string, body?: object): Promise<T> => {
  const response = await fetch(
    url,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 400)}`)
  return (text === '' ? {} : JSON.parse(text)) as T
}

/** The whole service and the sandbox on their own sockets, with a database of their own. */
export const openWorld = async ({ arrangement, plant, unknown = [], env = {}, prepare }: WorldOptions): Promise<World> => {
  const dataDir = scratch('andon world ')
  const secret = randomBytes(12).toString('hex')
  const plantFile = shiftedPlant(arrangement.shift, plant)
  const withoutUnknown = (file: Plant): Plant => {
    const { people, ...rest } = plant ? plant(file) : file
    return { ...rest, people: people.map((one) => (unknown.includes(one.id) ? { ...one, accounts: [] } : one)) } as Plant
  }
  const platformsFile = unknown.length > 0 ? shiftedPlant(arrangement.shift, withoutUnknown) : plantFile
  const doors = arrangement.door === 'http' ? { feishu: 'http', dingtalk: 'http' } : { feishu: 'stream', dingtalk: 'stream' }
  const sandbox = await startSandbox({ services: [], secret, plant: platformsFile, doors: doors as never, env: {} })
  const postgres = arrangement.database === 'postgres' ? await (prepare ? createDatabase() : createFurnished()) : null
  if (prepare) await prepare({ dataDir, url: postgres?.url ?? null })
  else if (!postgres) cpSync(await pgliteTemplate(), dataDir, { recursive: true })
  const config = readConfig({
    ANDON_DATA: dataDir,
    ANDON_PLANT: plantFile,
    ANDON_DEMO: '1',
    SANDBOX_PORT: new URL(sandbox.url).port,
    SANDBOX_SECRET: secret,
    SANDBOX_DOORS: Object.entries(doors)
      .map(([platform, door]) => `${platform}:${door}`)
      .join(','),
    ANDON_DIGEST: 'off',
    // The pages' addresses name it, so it must be known before the service starts.
    PORT: String(await freePort()),
    ...(postgres ? { DATABASE_URL: postgres.url } : {}),
    ...env,
  })
  const log = process.env.ANDON_TEST_LOG ? createLog(process.env.ANDON_TEST_LOG) : silent
  let running: Running | null = null
  const boot = async (): Promise<void> => {
    running = await start(config, log)
    await call(`${sandbox.url}/service`, { urls: [running.url] })
  }
  const halt = async (): Promise<void> => {
    const last = running
    running = null
    await last?.close()
  }
  await boot()
  await call(`${sandbox.url}/settle`, {})
  return {
    sandbox,
    dataDir,
    arrangement,
    running: () => {
      if (!running) throw new Error('the service is not running')
      return running
    },
    post: (path, body = {}) => call(`${sandbox.url}${path}`, body),
    get: (path) => call(`${sandbox.url}${path}`),
    restart: async () => {
      await halt()
      await boot()
    },
    stop: halt,
    close: async () => {
      await halt()
      await sandbox.close()
      await postgres?.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
