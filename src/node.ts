import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import pino from 'pino'
import type { createApp } from './app.ts'
import type { Stream } from './bots/platform.ts'
import { type Config, ConfigError, type ConnectionConfig, readConfig } from './config.ts'
import { type Database, migrate } from './db/database.ts'
import { createCheckpointDirectory } from './engine/checkpoint-directory.ts'
import { beginDigest } from './engine/digests.ts'
import { createPictures } from './engine/images.ts'
import type { EngineParts } from './engine/parts.ts'
import { createRegistry } from './engine/registry.ts'
import { createReplica, type Replica } from './engine/replica.ts'
import { createDirectoryBlobs } from './evidence/directory-blobs.ts'
import { createPhotoWorkshop } from './evidence/photo-worker.ts'
import { createClock, monotonic } from './lib/clock.ts'
import { hmacSha256 } from './lib/crypto.ts'
import type { Log } from './lib/log.ts'
import { appFor } from './node-app.ts'
import { postByNode } from './node-post.ts'
import { createNodeCallbacks } from './node-request.ts'
import { importSite } from './node-site.ts'
import { createMetrics, createPlatforms, type Metrics, portsFor, replicaName } from './parts.ts'
import { createPages } from './people/pages.ts'
import { outgoingParts } from './webhooks/outgoing.ts'
import { createWeatherFeed } from './webhooks/weather-feed.ts'

export const createLog = (level = process.env.LOG_LEVEL ?? 'info'): Log => {
  const logger = pino({ level, base: null })
  const say =
    (how: 'info' | 'warn' | 'error') =>
    (message: string, about: Readonly<Record<string, unknown>> = {}): void =>
      logger[how](about, message)
  return { info: say('info'), warn: say('warn'), error: say('error') }
}

/** Opens the configured database and brings its schema up to date. The drivers load only when used. */
export const openDatabase = async (config: Config, log: Log): Promise<Database> => {
  if (config.database.kind === 'pglite') {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
    return (await import('./db/pglite.ts')).openPglite(config.database.dir)
  }
  const { url, pooled } = config.database
  return (await import('./db/postgres.ts')).openPostgres({
    url,
    pooled,
    connections: 10,
    onError: (error) => log.warn('an idle database connection was lost', { error }),
  })
}

/** A demo database is marked and refuses real connections, and the reverse: nobody's real case may stand among invented ones. */
export const markDatabase = async ({ db }: Database, sandbox: boolean): Promise<void> => {
  const mine = sandbox ? 'demo' : 'real'
  await db
    .insertInto('meta')
    .values({ key: 'kind', value: mine })
    .onConflict((row) => row.doNothing())
    .execute()
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', 'kind').executeTakeFirstOrThrow()
  if (value !== mine)
    throw new ConfigError(
      value === 'demo'
        ? 'This database holds the demo. Real connections are refused; give them a database of their own (DATABASE_URL).'
        : 'This database holds real cases. The sandbox is refused; give it a database of its own.',
    )
}

/** Replicas with different secrets would call each other's seals forged and refuse each other's page links, so the database knows which secret is the right one. */
export const checkSecret = async ({ db }: Database, secret: string): Promise<void> => {
  const mark = hmacSha256(secret, 'andon installation')
  await db
    .insertInto('meta')
    .values({ key: 'installation', value: mark })
    .onConflict((row) => row.doNothing())
    .execute()
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', 'installation').executeTakeFirstOrThrow()
  if (value !== mark)
    throw new ConfigError(
      'This database belongs to an installation with another secret. Give every replica the same ANDON_SECRET (or the same secret file).',
    )
}

const openDoor = async (
  connection: ConnectionConfig,
  service: Replica,
  siteOf: (id: string) => string,
  about: Parameters<typeof portsFor>[1],
): Promise<Stream | null> => {
  if (connection.mode !== 'stream') return null
  const ports = portsFor(connection, about)
  const deliver = async (incoming: Parameters<Parameters<typeof import('./bots/feishu/stream.ts').openStream>[1]>[0]) => {
    const outcome = await service.handle(
      { source: 'platform', site: siteOf(connection.id), incoming },
      incoming.kind === 'press' ? 1_000 : undefined,
    )
    if (incoming.kind !== 'press' && (outcome.kind === 'busy' || outcome.kind === 'undecided')) return null
    setImmediate(() => outcome.answered(true))
    return outcome.reply ?? { toast: null, card: null }
  }
  if (connection.platform === 'feishu')
    return (await import('./bots/feishu/stream.ts')).openStream(
      connection as Parameters<typeof import('./bots/feishu/stream.ts').openStream>[0],
      deliver,
      ports,
    )
  if (connection.platform === 'dingtalk')
    return (await import('./bots/dingtalk/stream.ts')).openStream(
      connection as Parameters<typeof import('./bots/dingtalk/stream.ts').openStream>[0],
      deliver,
      ports,
    )
  return null
}

/** DingTalk must be told where presses on cards go when they come over HTTP; until it has taken the address, it is told again every minute. */
const announceCardDoor = async (
  connection: ConnectionConfig,
  publicUrl: string,
  about: Parameters<typeof portsFor>[1],
): Promise<void> => {
  if (connection.platform !== 'dingtalk' || connection.mode !== 'webhook' || !connection.cardTemplateId) return
  const { registerCardCallback } = await import('./bots/dingtalk/platform.ts')
  try {
    const known = connection as Parameters<typeof registerCardCallback>[0]
    await registerCardCallback(known, portsFor(connection, about), `${publicUrl}/hooks/${connection.id}`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown'
    about.log.error('the platform was not told where presses on cards go; they cannot arrive until it is', {
      connection: connection.id,
      reason,
    })
    setTimeout(() => void announceCardDoor(connection, publicUrl, about), 60_000).unref()
  }
}

export type Running = {
  readonly url: string
  readonly service: Replica
  readonly database: Database
  readonly parts: EngineParts
  readonly metrics: Metrics
  readonly close: () => Promise<void>
}

/** Starts one replica. Throws ConfigError when it must not start. */
export const start = async (config: Config, log: Log): Promise<Running> => {
  const database = await openDatabase(config, log)
  try {
    return await startOn(database, config, log)
  } catch (error) {
    await database.close().catch(() => {})
    throw error
  }
}

/** The movable clock, and the word of the database on it: obeyed only when every connection is a sandbox. */
const openClock = async ({ db }: Database, sandbox: boolean) => {
  const clock = createClock()
  const heardOffset = (offset: number): void => (sandbox ? clock.setOffset(offset) : undefined)
  heardOffset(Number((await db.selectFrom('clock').select('offset_ms').executeTakeFirstOrThrow()).offset_ms))
  return { clock, heardOffset }
}

const startOn = async (database: Database, config: Config, log: Log): Promise<Running> => {
  await migrate(database.db)
  await markDatabase(database, config.sandbox)
  await checkSecret(database, config.secret)
  const { clock, heardOffset } = await openClock(database, config.sandbox)
  const site = await importSite(database, config, clock.now())
  const replica = replicaName()
  const metrics = createMetrics()
  const blobs = createDirectoryBlobs({ dir: config.blobs.dir })
  const about = { database, clock, log, replica, sandbox: config.sandbox }
  const platforms = await createPlatforms(config.connections, about)
  const pictures = createPictures({ database, clock, log, platforms, bytesOf: (image) => blobs.get(image) })
  const siteOf = (connection: string): string => config.connections.find(({ id }) => id === connection)?.site || site
  const workshop = createPhotoWorkshop({ log })
  const pages = createPages({ database, clock, secret: config.secret, publicUrl: config.publicUrl })
  const parts = {
    ...about,
    registry: createRegistry(),
    platforms,
    siteOf,
    secret: config.secret,
    lane: replica,
    page: pages.sign,
    images: pictures,
    ...outgoingParts({ targets: config.calls, sandbox: config.sandbox, clock, post: postByNode }),
    count: metrics.count,
    alertRule: config.alertRule,
    heardOffset,
  }
  const service = await createReplica({
    parts,
    monotonic,
    pictures,
    blobs,
    develop: workshop.develop,
    paint: workshop.paint,
    tidy: pages.sweep,
    weather: createWeatherFeed({ feeds: config.weather, sandbox: config.sandbox, post: postByNode }),
    checkpoints: createCheckpointDirectory(join(config.dataDir, 'checkpoints')),
  })
  const app = appFor({ config, parts, service, metrics, pages, blobs })
  const callbacks = createNodeCallbacks({ platforms, siteOf, handle: service.handle, refused: metrics.refused, log })
  const { port, close } = await listen(app, callbacks, config)
  const streams = await Promise.all(config.connections.map((one) => openDoor(one, service, siteOf, about)))
  for (const one of config.connections) void announceCardDoor(one, config.publicUrl, about)
  if (config.digest) await beginDigest({ site, clock, plantOf: service.plantOf, handle: service.handle })
  return {
    url: `http://127.0.0.1:${port}`,
    service,
    database,
    parts,
    metrics,
    close: async () => {
      await Promise.all(streams.map((stream) => stream?.close()))
      await close()
      await service.close()
      await workshop.close()
      await database.close()
    },
  }
}

/** Whoever sends slowly holds a place and memory before any proof is looked at; the platforms send at once. Milliseconds. */
const slowestRequest = 15_000
const slowestHeaders = 10_000
const mostConnections = 2_000

const listen = async (
  app: ReturnType<typeof createApp>,
  callbacks: ReturnType<typeof createNodeCallbacks>,
  { port, host }: Config,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> => {
  const pages = getRequestListener(app.fetch)
  const server = createServer({ requestTimeout: slowestRequest, headersTimeout: slowestHeaders }, (incoming, outgoing) => {
    if (!callbacks(incoming, outgoing)) void pages(incoming, outgoing)
  })
  server.maxConnections = mostConnections
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: address && typeof address === 'object' ? address.port : port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Only when this file is the program: tests and the command line import it. */
if (import.meta.main) {
  const log = createLog()
  try {
    const running = await start(readConfig(), log)
    console.log(`service ${running.url}`)
    const stop = (): void => void running.close().then(() => process.exit(0))
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    console.error(
      error instanceof ConfigError || error.constructor.name === 'DirectoryRefused'
        ? `Andon cannot start. ${error.message}`
        : error.stack,
    )
    process.exit(1)
  }
}
