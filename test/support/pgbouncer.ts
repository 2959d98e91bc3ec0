import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { scratch } from './scratch.ts'
import { startSharedConnection } from './shared-connection.ts'

/** A transaction pooler before one database. */
export type Pooler = {
  readonly kind: 'PgBouncer in transaction mode' | 'one shared connection'
  readonly url: string
  readonly close: () => Promise<void>
}

/** Debian installs into `sbin`, which is not on everybody's path. */
const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const binary = places.map((place) => join(place, 'pgbouncer')).find((file) => existsSync(file)) ?? null

/** What `startPooler` will give on this machine; for the names of tests. */
export const poolerKind: Pooler['kind'] = binary ? 'PgBouncer in transaction mode' : 'one shared connection'

type Address = {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
  readonly name: string
}

const addressOf = (url: string): Address => {
  const { hostname, port, username, password, pathname } = new URL(url)
  return { host: hostname, port, user: username, password, name: pathname.slice(1) }
}

/** Few server connections, so that work which needs a second connection inside a transaction stands still instead of passing unseen. */
const settings = ({ host, port, user, password, name }: Address, listenPort: number, users: string): string => `[databases]
${name} = host=${host} port=${port} user=${user} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 300
ignore_startup_parameters = extra_float_digits
`

/** PgBouncer refuses to run as root. */
const plainUser = (): { uid: number; gid: number } | null => {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const startPgbouncer = async (program: string, url: string): Promise<Pooler> => {
  const at = addressOf(url)
  const port = await freePort()
  const home = scratch('andon-pgbouncer-')
  const as = plainUser()
  const [ini, users] = [join(home, 'pgbouncer.ini'), join(home, 'users.txt')]
  writeFileSync(users, `"${at.user}" "${at.password}"\n`, { mode: 0o600 })
  writeFileSync(ini, settings(at, port, users), { mode: 0o600 })
  if (as) for (const file of [home, ini, users]) chownSync(file, as.uid, as.gid)
  chmodSync(home, 0o700)
  let said = ''
  const child = spawn(program, ['-q', ini], { stdio: ['ignore', 'ignore', 'pipe'], ...as })
  child.stderr.on('data', (bytes: Buffer) => {
    said = `${said}${bytes.toString()}`.slice(-4_000)
  })
  const through = `postgres://${at.user}:${at.password}@127.0.0.1:${port}/${at.name}`
  const close = async (): Promise<void> => {
    if (!ended(child)) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    }
    rmSync(home, { recursive: true, force: true })
  }
  for (let tries = 0; tries < 200; tries += 1) {
    if (ended(child)) break
    if (await answers(through)) return { kind: 'PgBouncer in transaction mode', url: through, close }
    await sleep(50)
  }
  await close()
  throw new Error(`PgBouncer did not start: ${said}`)
}

/**
 * Puts a transaction pooler before a database: PgBouncer where it is installed (`apt-get install pgbouncer`), otherwise a pooler of our own with one
 * server connection. Either way named statements, LISTEN and session locks do not hold, and whoever waits for a second connection waits for ever.
 */
export const startPooler = (url: string): Promise<Pooler> => (binary ? startPgbouncer(binary, url) : startSharedConnection(url))
