import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/free-port.ts'
import { scratch } from '../support/scratch.ts'

/** The Worker in the real runtime, as `wrangler dev` starts it from the project's own `wrangler.toml`. */
export type RunningWorker = {
  readonly url: string
  /** Fires the cron once and waits until that run has ended. Throws when it failed. */
  readonly minute: () => Promise<void>
  /** Everything the runtime and the Worker have said. */
  readonly said: () => string
  /** As a crash would: nothing of it goes on. */
  readonly close: () => Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const wrangler = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url))
const startWithin = 60_000

/** No telemetry, no look for updates, no sign-in, no place: a test talks to nobody but this machine. */
const quiet = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  XDG_CONFIG_HOME: home,
  CI: '1',
  NO_COLOR: '1',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_LOG_PATH: join(home, 'logs'),
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
})

/** Lines of an env file; the values hold JSON, so they stand in single quotes. */
const envFile = (vars: Readonly<Record<string, string>>): string =>
  Object.entries(vars)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')

/** Runs a command of wrangler's in a home of its own. `home` is where it may write. */
export const spawnWrangler = (home: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [wrangler, ...args], {
    cwd: root,
    env: { ...quiet(home), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })

/** Wrangler keeps workerd as a child; the whole group ends together. */
const endGroup = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGKILL')
  await gone
}

const untilReady = (child: ChildProcess, said: () => string): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`wrangler dev ${why}\n${said()}`))
    const timer = setTimeout(fail, startWithin, 'did not start in time')
    const look = setInterval(() => {
      if (!/Ready on http/.test(said())) return
      clearInterval(look)
      clearTimeout(timer)
      resolve()
    }, 50)
    child.once('exit', () => {
      clearInterval(look)
      clearTimeout(timer)
      fail('ended before it was ready')
    })
  })

/** Starts the Worker on a database, with the vars and secrets that belong to its address. */
export const startWorker = async (
  database: string,
  vars: (url: string) => Readonly<Record<string, string>>,
): Promise<RunningWorker> => {
  const home = scratch('andon-worker-')
  mkdirSync(join(home, 'logs'))
  const secrets = join(home, 'secrets.env')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  writeFileSync(secrets, envFile(vars(url)), { mode: 0o600 })
  const flags = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', String(await freePort())]
  const files = ['--env-file', secrets, '--persist-to', join(home, 'state')]
  const child = spawnWrangler(home, ['dev', ...flags, ...files, '--show-interactive-dev-session=false', '--log-level', 'log'], {
    CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: database,
  })
  let words = ''
  const hear = (bytes: Buffer): void => {
    words = (words + bytes.toString()).slice(-200_000)
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const close = async (): Promise<void> => {
    await endGroup(child)
    rmSync(home, { recursive: true, force: true })
  }
  try {
    await untilReady(child, () => words)
  } catch (error) {
    await close()
    throw error
  }
  return {
    url,
    said: () => words,
    close,
    minute: async () => {
      const fired = await fetch(`${url}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`)
      const answer = await fired.text()
      if (answer !== 'ok' && !answer.startsWith('Ran scheduled'))
        throw new Error(`the cron failed: ${fired.status} ${answer}\n${words.slice(-4_000)}`)
    },
  }
}
