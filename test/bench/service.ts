/** The whole service as `npm start` runs it, alone on the server's core, with the stand-in as its platforms and the HTTP doors open. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { cores, cpuOf, type Started, startOn } from './cores.ts'

const secret = 'bench-sandbox-secret-0123456789'
const clockState = z.object({ offset: z.number(), waiting: z.array(z.string()) })

export type ServiceOptions = {
  readonly folder: string
  readonly plant: string
  readonly platformsPort: number
  /** PostgreSQL's address; without one the service opens PGlite in its folder. */
  readonly database: string | null
  readonly flags?: readonly string[]
}

export type Service = {
  readonly process: Started
  readonly port: number
  readonly cpu: () => number
  /** How far its clock is ahead, in milliseconds. */
  readonly offset: () => number
  /** Moves its clock ahead, in milliseconds. */
  readonly ahead: (by: number) => Promise<void>
  /** Moves its clock past the minute within which two messages of one person are one report. */
  readonly nextMinute: () => Promise<void>
  /** Waits until everything that was decided has been sent; false when that takes longer than `within` milliseconds. */
  readonly settled: (within: number) => Promise<boolean>
}

const start = fileURLToPath(new URL('../../src/node.ts', import.meta.url))

export const startService = async ({ folder, plant, platformsPort, database, flags = [] }: ServiceOptions): Promise<Service> => {
  mkdirSync(folder, { recursive: true })
  const env = {
    ANDON_DATA: folder,
    ANDON_PLANT: plant,
    ANDON_DEMO: '1',
    ANDON_DIGEST: 'off',
    ANDON_SECRET: 'bench-secret-0123456789',
    SANDBOX_PORT: String(platformsPort),
    SANDBOX_SECRET: secret,
    SANDBOX_DOORS: 'feishu:http,dingtalk:http',
    PORT: '0',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    DATABASE_URL: database ?? '',
  }
  const process_ = await startOn({ file: start, core: cores.server, ready: /service http:\/\/127\.0\.0\.1:(\d+)/, env, flags })
  const port = Number(process_.said)
  let offset = 0
  const clock = async (body?: object): Promise<z.infer<typeof clockState>> => {
    const headers = { 'x-andon-sandbox': secret, 'content-type': 'application/json' }
    const url = `http://127.0.0.1:${port}/sandbox/clock`
    const response = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers })
    return clockState.parse(await response.json())
  }
  const settled: Service['settled'] = async (within) => {
    for (const until = performance.now() + within; performance.now() < until; await sleep(100)) {
      if ((await clock()).waiting.length === 0) return true
    }
    return false
  }
  const ahead = async (by: number): Promise<void> => {
    offset += by
    await clock({ offset })
  }
  offset = (await clock()).offset
  return {
    process: process_,
    port,
    cpu: () => cpuOf(process_.pid),
    offset: () => offset,
    ahead,
    nextMinute: () => ahead(70_000),
    settled,
  }
}

export const profileFlags = (folder: string, name: string): readonly string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${join(folder, 'profiles')}`,
  `--cpu-prof-name=${name}.cpuprofile`,
]
