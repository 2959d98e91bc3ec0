/** Service and sandbox for the tour: two processes on free ports and a directory of their own, gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { certificatesFor, playedOn } from './tour-certificates.ts'

export type TourStage = { readonly sandbox: string; readonly service: string; readonly close: () => Promise<void> }

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const startWithin = 90_000
const mostWords = 20_000

/** Settings of the shell that would make the tour another one: another plant, real connections, a database that is not its own. */
const foreign = /^(ANDON_|SANDBOX_|DATABASE_|SERVICE_URLS$|PUBLIC_URL$|HOST$|PORT$|VITEST|NODE_OPTIONS$|NODE_ENV$)/
const inherited = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))

/** The service's pages name its port, so it must be known before the service starts. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))))
    })
  })

type Process = { readonly child: ChildProcess; readonly gone: Promise<void>; readonly url: Promise<string> }

/** Starts one of the two; `url` is what it says when it is ready, and fails with its last words when it ends before. */
const launch = (path: string, ready: RegExp, env: NodeJS.ProcessEnv): Process => {
  const child = spawn(process.execPath, [file(path)], { env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = new Promise<string>((resolve, reject) => {
    let words = ''
    const fail = (why: string): void => reject(new Error(`${path} ${why}\n${words}`))
    const timer = setTimeout(fail, startWithin, 'did not start in time')
    const hear = (bytes: Buffer): void => {
      words = (words + bytes.toString()).slice(-mostWords)
      const found = ready.exec(words)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    void gone.then(() => {
      clearTimeout(timer)
      fail('ended before it was ready')
    })
  })
  url.catch(() => undefined)
  return { child, gone, url }
}

const stop = async ({ child, gone }: Process): Promise<void> => {
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(late)
}

const tell = async (url: string, body: object): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

/** The tour is always played from this instant: later the working calendar may not be published yet, and the service rightly says so to its operators. */
const begins = new Date(`${playedOn}T10:00:00+08:00`).getTime()
/** The most minutes of one jump. */
const longestJump = 300 * 24 * 60

const turnBack = async (sandbox: string): Promise<void> => {
  for (let left = (begins - Date.now()) / 60_000; left !== 0; ) {
    const minutes = Math.max(-longestJump, Math.min(longestJump, left))
    await tell(`${sandbox}/clock/jump`, { minutes })
    left -= minutes
  }
}

const launchBoth = async (dataDir: string, started: Process[]): Promise<{ sandbox: string; service: string }> => {
  const secret = randomBytes(24).toString('hex')
  const phones = launch('sandbox/main.ts', /sandbox (http:\S+)/, {
    SANDBOX_PORT: '0',
    SANDBOX_SECRET: secret,
    SERVICE_URLS: '',
  })
  started.push(phones)
  const sandbox = await phones.url
  const certificates = join(dataDir, 'certificates.csv')
  writeFileSync(certificates, certificatesFor(new Date()))
  const andon = launch('src/node.ts', /service (http:\S+)/, {
    ANDON_DATA: dataDir,
    ANDON_SANDBOX_CERTIFICATES: certificates,
    SANDBOX_SECRET: secret,
    SANDBOX_PORT: new URL(sandbox).port,
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
  })
  started.push(andon)
  const service = await andon.url
  await tell(`${sandbox}/service`, { urls: [service] })
  await turnBack(sandbox)
  return { sandbox, service }
}

/** Opens both; `prepare` may lay a database into the directory before. Throws with the last words of a process that does not start. */
export const openTourStage = async (prepare: (dataDir: string) => void | Promise<void> = () => undefined): Promise<TourStage> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'andon-tour-'))
  const started: Process[] = []
  const close = async (): Promise<void> => {
    await Promise.all(started.toReversed().map(stop))
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await prepare(dataDir)
    return { ...(await launchBoth(dataDir, started)), close }
  } catch (error) {
    await close()
    throw error
  }
}
