/**
 * The inbox row alone: our own door verifies and decodes, then the row is committed together with those of the other requests under way, and the answer leaves. No decision.
 * `DOOR=hono` puts the same behind the web framework, to tell what that costs.
 */
import { mkdtempSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { sql } from 'kysely'
import { createFeishu } from '../../../src/bots/feishu/platform.ts'
import type { Incoming } from '../../../src/bots/platform.ts'
import { type Database, migrate, rowsOf } from '../../../src/db/database.ts'
import { createBatcher } from '../../../src/lib/batcher.ts'
import { createClock } from '../../../src/lib/clock.ts'
import { silent } from '../../../src/lib/log.ts'
import { createNodeCallbacks } from '../../../src/node-request.ts'
import { createPlatformDoors, type PlatformDoors } from '../../../src/webhooks/platforms.ts'
import { credentials } from '../plant.ts'

const open = async (): Promise<Database> => {
  const url = process.env.DATABASE_URL
  if (!url)
    return (await import('../../../src/db/pglite.ts')).openPglite(
      join(mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'inbox-')), 'db'),
    )
  return (await import('../../../src/db/postgres.ts')).openPostgres({ url, pooled: false, connections: 10, onError: () => {} })
}

const database = await open()
await migrate(database.db)
const clock = createClock()

const rowOf = (incoming: Incoming): object => ({
  connection: incoming.connection,
  key: incoming.key,
  alias: incoming.alias,
  kind: incoming.kind,
  account: incoming.account,
  conversation: incoming.conversation,
  arrived_at: clock.now().toISOString(),
  outcome: 'ignored',
})
const record = createBatcher<Incoming, null>(async (arrivals) => {
  await sql`/* hot */ insert into inbox select * from json_populate_recordset(null::inbox, ${rowsOf(arrivals.map(rowOf))}::json) on conflict do nothing`.execute(
    database.db,
  )
  return arrivals.map(() => null)
}, 64)

const { id = '', appId = '', appSecret = '', encryptKey = '', verificationToken = '', tenantKey = '' } = credentials.feishu
const keys = { id, appId, appSecret, encryptKey, verificationToken, tenantKey }
const noTokens = { get: async () => '', drop: async () => {} }
const ports = { clock, log: silent, tokens: noTokens, budget: { take: async () => {}, full: async () => [] } }
const feishu = createFeishu({ ...keys, platform: 'feishu', mode: 'webhook', apiBase: 'http://127.0.0.1' }, ports)

const doors: PlatformDoors = {
  platforms: new Map([[id, feishu]]),
  siteOf: () => 'BENCH',
  handle: async (arrival) => {
    if (arrival.source === 'platform') await record(arrival.incoming)
    return { kind: 'ignored', reply: null, subject: null, answered: () => {} }
  },
  refused: () => {},
  log: silent,
  whenSent: (env, sent) => {
    const { outgoing } = env as { outgoing: ServerResponse }
    outgoing.once('finish', () => sent(true))
  },
}

if (process.env.DOOR === 'hono')
  serve({ fetch: createPlatformDoors(doors).fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`ready ${port}`))
else {
  const callbacks = createNodeCallbacks(doors)
  const server = createServer((incoming, outgoing) => {
    if (!callbacks(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    console.log(`ready ${address && typeof address === 'object' ? address.port : 0}`)
  })
}
