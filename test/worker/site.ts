import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Seen } from '../../sandbox/contract.ts'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { type Db, migrate } from '../../src/db/database.ts'
import type { Schema } from '../../src/db/schema.ts'
import { importOrganisation, organisationFile } from '../../src/people/organisation.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

const demo = (file: string): string => fileURLToPath(new URL(`../../demo/${file}`, import.meta.url))

export type Pressed = { readonly toast: { readonly text: string } | null; readonly card: Seen | null; readonly status: string }

/** One platform in each row: who reports, and whose phone must ring. Reporters and team leads are on all three platforms. */
export const teams = [
  { reporter: 'zhang-wei', on: 'Feishu', lead: 'li-na', place: '3号泵房', words: '3号泵房漏油' },
  { reporter: 'wu-gang', on: 'WeCom', lead: 'jiang-tao', place: 'A罐区', words: 'A罐区护栏松动' },
  { reporter: 'zheng-hao', on: 'DingTalk', lead: 'yang-guang', place: '二车间', words: '二车间安全出口堵塞' },
] as const

/** A plant in the sandbox, all doors HTTP, with a real database that knows its people. The service is somebody else's. */
export type Site = {
  readonly sandbox: Sandbox
  readonly secret: string
  readonly database: TestDatabase
  readonly db: Db
  readonly serve: (urls: readonly string[]) => Promise<void>
  readonly post: <T>(path: string, body?: object) => Promise<T>
  readonly says: (person: string, text: string) => Promise<void>
  readonly sees: (person: string) => Promise<readonly Seen[]>
  readonly presses: (person: string, label: string, message: string) => Promise<Pressed>
  /** Waits until nothing is under way or due on either side. Throws what still waits after a minute. */
  readonly settles: () => Promise<void>
  readonly close: () => Promise<void>
}

const call = async <T>(url: string, body?: object): Promise<T> => {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, body === undefined ? {} : request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 400)}`)
  return (text === '' ? {} : JSON.parse(text)) as T
}

const prepare = async (db: Db): Promise<void> => {
  await migrate(db)
  const organisation = organisationFile.parse(JSON.parse(readFileSync(demo('plant.json'), 'utf8')))
  await db.transaction().execute((tx) => importOrganisation(tx, organisation, new Date(0)))
}

export const openSite = async (): Promise<Site> => {
  const database = await createDatabase()
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => {})
  const db: Db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  await prepare(db)
  const secret = randomBytes(12).toString('hex')
  const sandbox = await startSandbox({ services: [], secret, doors: { feishu: 'http', dingtalk: 'http' }, env: {} })
  const post = <T>(path: string, body: object = {}): Promise<T> => call(`${sandbox.url}${path}`, body)
  return {
    sandbox,
    secret,
    database,
    db,
    post,
    serve: async (urls) => void (await post('/service', { urls })),
    says: async (person, text) => void (await post(`/people/${person}/says`, { text })),
    sees: async (person) =>
      (await call<readonly Seen[]>(`${sandbox.url}/people/${person}/sees`)).filter(({ from }) => from === 'bot'),
    presses: (person, label, message) => post(`/people/${person}/presses`, { label, message }),
    settles: async () => {
      const { settled, waiting } = await post<{ settled: boolean; waiting: readonly string[] }>('/settle')
      if (!settled) throw new Error(`not settled: ${waiting.join(', ')}`)
    },
    close: async () => {
      await sandbox.close()
      await db.destroy()
      await database.drop()
    },
  }
}

/** The demo's connections with every door HTTP and the sandbox as every address: what a Worker is configured with. */
export const workerVars = ({ sandbox, secret }: Site, publicUrl: string): Readonly<Record<string, string>> => {
  const list = JSON.parse(readFileSync(demo('connections.json'), 'utf8')) as readonly { readonly platform: string }[]
  const connections = list.map((one) => ({
    ...one,
    mode: 'webhook',
    apiBase: sandbox.url,
    ...(one.platform === 'dingtalk' ? { oapiBase: sandbox.url } : {}),
  }))
  return {
    ANDON_SECRET: installationSecret,
    ANDON_SITE: 'SH01',
    PUBLIC_URL: publicUrl,
    SANDBOX_SECRET: secret,
    CONNECTIONS: JSON.stringify(connections),
  }
}

/** The same for every replica of an installation. */
export const installationSecret = 'a secret of the installation under test'

/** What a Node replica on the same database is configured with. */
export const nodeEnv = (
  { sandbox, secret }: Site,
  about: { readonly url: string; readonly pooled: boolean; readonly port: number; readonly data: string },
): NodeJS.ProcessEnv => ({
  ANDON_DEMO: '1',
  ANDON_DIGEST: 'off',
  ANDON_DATA: about.data,
  ANDON_SECRET: installationSecret,
  DATABASE_URL: about.url,
  DATABASE_POOLED: about.pooled ? '1' : '0',
  PORT: String(about.port),
  SANDBOX_PORT: new URL(sandbox.url).port,
  SANDBOX_SECRET: secret,
  SANDBOX_DOORS: 'feishu:http,dingtalk:http',
  LOG_LEVEL: 'warn',
})

export const newestCard = (seen: readonly Seen[], title: string): Seen => {
  const found = seen.findLast((one) => one.kind === 'card' && one.title.includes(title))
  if (!found)
    throw new Error(`no card «${title}», but ${seen.map((one) => `«${one.title || one.text}»`).join(', ') || 'nothing'}`)
  return found
}

export const factOf = (seen: Seen | null, label: string): string | undefined => seen?.facts.find(([name]) => name === label)?.[1]

/** Cases on the books, in the order they were opened. */
export const hazards = (db: Db) =>
  db
    .selectFrom('subject')
    .select(['id', 'code', 'status', 'revision'])
    .where('workflow', '=', 'hazard')
    .orderBy('opened_at')
    .orderBy('id')
    .execute()

/** How often each effect was delivered for good: none may have been twice. */
export const doubled = async (db: Db): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('delivery')
    .select(['effect', ({ fn }) => fn.countAll<string>().as('n')])
    .where('outcome', '=', 'done')
    .groupBy('effect')
    .execute()
  return rows.filter(({ n }) => Number(n) > 1).map(({ effect }) => effect)
}

/** Looks again and again until it is so. Throws after half a minute, saying what was awaited. */
export const until = async (so: () => Promise<boolean>): Promise<void> => {
  for (let looks = 0; looks < 600; looks += 1) {
    if (await so()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`in vain: ${so.toString()}`)
}
