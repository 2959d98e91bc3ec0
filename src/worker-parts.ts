import { randomInt } from 'node:crypto'
import { createPlatforms, replicaName } from './adapters.ts'
import { ConfigError } from './connections.ts'
import type { Database } from './db/database.ts'
import { openHyperdrive } from './db/hyperdrive.ts'
import { createPictures, type Pictures } from './engine/images.ts'
import type { EngineParts } from './engine/parts.ts'
import { createRegistry } from './engine/registry.ts'
import type { BlobStore } from './evidence/blobs.ts'
import { createR2Blobs } from './evidence/r2-blobs.ts'
import { createClock } from './lib/clock.ts'
import { createPages, type Pages } from './people/pages.ts'
import { outgoingParts, postByFetch } from './webhooks/outgoing.ts'
import type { WorkerConfig } from './worker-config.ts'
import { createWorkerLog } from './worker-log.ts'

/** Everything of one visit: a request, or one run of the cron. Nothing of it is shared with another visit. */
export type WorkerParts = {
  readonly config: WorkerConfig
  readonly engine: EngineParts & { readonly replica: string }
  readonly blobs: BlobStore
  readonly pictures: Pictures
  readonly pages: Pages
  /**
   * Looks whether this database is for connections like ours, and what time it is there. Once for each visit; nothing may be decided before it.
   * Throws ConfigError when demo and real would mix.
   */
  readonly prepare: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Workers write few chains of seals in turn, not one each: a chain of a single seal proves nothing about what is missing after it. */
const lanes = 16

type Mark = { readonly kind: string; readonly offset: number }

const readMark = async ({ db }: Database): Promise<Mark | null> => {
  const row = await db
    .selectFrom('meta')
    .innerJoin('clock', (join) => join.onTrue())
    .select(['meta.value', 'clock.offset_ms'])
    .where('meta.key', '=', 'kind')
    .executeTakeFirst()
  return row ? { kind: row.value, offset: Number(row.offset_ms) } : null
}

/** A database that nobody has opened yet takes the mark of the first who does. */
const markIt = async ({ db }: Database, kind: string): Promise<void> => {
  await db
    .insertInto('meta')
    .values({ key: 'kind', value: kind })
    .onConflict((row) => row.doNothing())
    .execute()
}

const ourMark = async (database: Database, sandbox: boolean): Promise<Mark> => {
  const mine = sandbox ? 'demo' : 'real'
  let mark = await readMark(database)
  if (!mark) {
    await markIt(database, mine)
    mark = await readMark(database)
  }
  if (mark?.kind !== mine)
    throw new ConfigError(
      `This database is for ${mark?.kind ?? 'unknown'} cases, the connections are ${mine}. Give them a database of their own.`,
    )
  return mark
}

const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let begun: Promise<void> | null = null
  return () => {
    begun ??= work()
    return begun
  }
}

/** Builds the parts of one visit. Connects to nothing yet. */
export const createWorkerParts = async (config: WorkerConfig): Promise<WorkerParts> => {
  const database = openHyperdrive(config.database)
  const clock = createClock()
  const log = createWorkerLog()
  const replica = replicaName('w')
  const blobs = createR2Blobs(config.blobs)
  const platforms = await createPlatforms(config.connections, { database, clock, log, replica, sandbox: config.sandbox })
  const pictures = createPictures({ database, clock, log, platforms, bytesOf: (image) => blobs.get(image) })
  const pages = createPages({ database, clock, secret: config.secret, publicUrl: config.publicUrl })
  const heardOffset = (offset: number): void => (config.sandbox ? clock.setOffset(offset) : undefined)
  const engine = {
    database,
    clock,
    log,
    registry: createRegistry(),
    platforms,
    siteOf: (connection: string) => config.connections.find(({ id }) => id === connection)?.site || config.site,
    secret: config.secret,
    replica,
    lane: `w${randomInt(lanes)}`,
    page: pages.sign,
    images: pictures,
    ...outgoingParts({ targets: config.calls, sandbox: config.sandbox, clock, post: postByFetch }),
    count: (what: string, by = 1) => (by > 0 ? log.info('counted', { what, by }) : undefined),
    heardOffset,
    alertRule: config.alertRule,
  }
  return {
    config,
    engine,
    blobs,
    pictures,
    pages,
    prepare: once(async () => heardOffset((await ourMark(database, config.sandbox)).offset)),
    close: () => database.close(),
  }
}
