import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { sha256 } from '../lib/crypto.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** Refusals of this file are for whoever starts the service; they say what to do next. */
export class DirectoryRefused extends Error {}

/**
 * Two processes on one PGlite directory lose data in silence, so the directory is locked exclusively. The lock is a listening socket named after the
 * directory, which the kernel gives up when the process dies, however it dies; a fresh heartbeat file of another host refuses too.
 */
const lockDirectory = async (directory: string): Promise<() => Promise<void>> => {
  const name = `andon-${sha256(realpathSync(directory)).slice(0, 24)}`
  const address =
    process.platform === 'linux'
      ? `\0${name}`
      : process.platform === 'win32'
        ? `\\\\.\\pipe\\${name}`
        : join(tmpdir(), `${name}.sock`)
  const beatFile = join(directory, '..', `${name}.lock`)
  refuseOtherHost(beatFile, directory)
  const server = await listen(address, directory)
  const beat = (): void => {
    writeFileSync(`${beatFile}.new`, JSON.stringify({ host: hostname(), pid: process.pid }))
    renameSync(`${beatFile}.new`, beatFile)
  }
  beat()
  const timer = setInterval(beat, 2_000)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await new Promise((resolve) => server.close(resolve))
  }
}

const refuseOtherHost = (beatFile: string, directory: string): void => {
  if (!existsSync(beatFile)) return
  const age = Math.abs(statSync(beatFile).mtimeMs - performance.timeOrigin - performance.now())
  const { host } = JSON.parse(readFileSync(beatFile, 'utf8')) as { host?: string }
  if (host !== hostname() && age < 10_000)
    throw new DirectoryRefused(
      `${directory} is in use by another machine (${host}). Stop that Andon, or give this one a database of its own (DATABASE_URL).`,
    )
}

const listen = (address: string, directory: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.once('error', () =>
      reject(
        new DirectoryRefused(
          `${directory} is in use by another process. Stop that Andon first, or use PostgreSQL (DATABASE_URL) for several replicas.`,
        ),
      ),
    )
    server.listen(address, () => resolve(server))
  })

/** What a PGlite directory must contain to be opened; a directory that lost them must never be initialised anew over the remains. */
const essentials = ['PG_VERSION', 'global/pg_control', 'base', 'pg_wal']

const checkDirectory = (directory: string, marker: string): void => {
  const filled = existsSync(directory) && readdirSync(directory).length > 0
  if (!filled && !existsSync(marker)) return
  const missing = essentials.filter((part) => !existsSync(join(directory, part)))
  if (missing.length > 0)
    throw new DirectoryRefused(
      `${directory} is damaged (${missing.join(', ')} missing). Nothing was changed. Restore it from a backup, or move it away to start empty.`,
    )
}

/**
 * PGlite on disk: for trying and for small sites. It survives a killed process but does not fsync, so a power cut can cost the last moments; production is PostgreSQL.
 * Throws DirectoryRefused when the directory is in use, damaged or cannot be opened; it is never emptied.
 */
export const openPglite = async (directory: string): Promise<Database> => {
  const marker = `${directory}.json`
  checkDirectory(directory, marker)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  // The embedded database writes its files readable by everybody, so the folder must keep others out; in older installations too.
  chmodSync(directory, 0o700)
  const unlock = await lockDirectory(directory)
  let client: PGlite
  try {
    client = await PGlite.create(directory, { relaxedDurability: false })
  } catch (error) {
    await unlock()
    throw new DirectoryRefused(
      `${directory} cannot be opened (${error instanceof Error ? error.message : 'unknown'}). Nothing was changed. Restore it from a backup.`,
    )
  }
  await client.exec('set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off')
  if (!existsSync(marker)) writeFileSync(marker, JSON.stringify({ kind: 'andon pglite' }))
  return {
    db: new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: client }) }),
    kind: 'pglite',
    executeSql: async (text, values) => (values?.length ? client.query(text, [...values]) : lastOf(await client.exec(text))),
    listen: null,
    session: null,
    close: async () => {
      await client.close()
      await unlock()
    },
  }
}

const lastOf = (results: readonly { rows: unknown[] }[]): { rows: unknown[] } => results[results.length - 1] ?? { rows: [] }
