/**
 * The second runtime: the same application in Cloudflare Workers. A Worker is a door: it takes HTTP callbacks, decides, answers, and performs what it
 * decided after the response; what is due comes with the cron, by the minute. Nothing outlives a visit: no sockets, no timers, no truth in this module.
 */
import { createApp } from './app.ts'
import { ConfigError } from './connections.ts'
import { createAlarmFailures } from './engine/alarm-failures.ts'
import type { Readiness } from './engine/auditor.ts'
import { createHistory } from './engine/history.ts'
import { readOpenPermits } from './engine/open-permits.ts'
import { createPapers } from './engine/papers.ts'
import { accessDoor, alarmDoor } from './integrations.ts'
import { readBoardLink } from './people/board-link.ts'
import { createMiniapp } from './webhooks/miniapp.ts'
import { createPermitBoard } from './webhooks/permit-board.ts'
import { createPlatformDoors } from './webhooks/platforms.ts'
import { type Assets, readWorkerConfig } from './worker-config.ts'
import { createWorkerLog } from './worker-log.ts'
import { createWorkerParts, type WorkerParts } from './worker-parts.ts'
import { hasNode, nextDueOf, waitingOf, workerReadiness, workersOnly } from './worker-state.ts'
import { createVisit, type Visit, workerKinds } from './worker-visit.ts'

type Context = { readonly waitUntil: (work: Promise<unknown>) => void }

/** A Worker keeps nothing between visits; what Node counts at `/metrics` are lines of its log here. */
const noMetrics = '# Counters of Workers are lines of their log ("counted"); Node replicas show theirs here.\n'

const readAsset = (assets: Assets) => async (path: string) => {
  const found = await assets.fetch(`https://assets.invalid/${path}`)
  if (found.status !== 200) return null
  return {
    bytes: new Uint8Array(await found.arrayBuffer()),
    mime: found.headers.get('content-type') ?? 'application/octet-stream',
  }
}

const sandboxClockOf = ({ config, engine }: WorkerParts) =>
  config.sandbox
    ? {
        secret: config.sandboxSecret,
        clock: engine.clock,
        store: async (offset: number) =>
          void (await engine.database.db.updateTable('clock').set({ offset_ms: offset }).execute()),
        waiting: () => waitingOf(engine, workerKinds),
        nextDue: () => nextDueOf(engine, workerKinds),
        // Its cron is the only thing that looks at the clock.
        wake: () => {},
      }
    : null

const ready = async ({ engine, prepare }: WorkerParts): Promise<Readiness> => {
  try {
    await prepare()
  } catch (error) {
    if (error instanceof ConfigError) return { ready: false, reasons: [error.message] }
    throw error
  }
  return workerReadiness(engine)
}

/** Callbacks may come only to connections that have no long connection elsewhere; every connection can be sent to. */
const appOf = (parts: WorkerParts, visit: Visit, note: string | null) => {
  const { config, engine } = parts
  const open = new Set(config.connections.filter(({ mode }) => mode === 'webhook').map(({ id }) => id))
  const refused = (connection: string, because: string): void =>
    engine.log.info('counted', { what: 'refused-callback', connection, because })
  return createApp({
    log: engine.log,
    doors: createPlatformDoors({
      platforms: new Map([...engine.platforms].filter(([id]) => open.has(id))),
      siteOf: engine.siteOf,
      handle: visit.handle,
      refused,
      log: engine.log,
      whenSent: visit.whenSent,
    }),
    alarms: alarmDoor(config.alarms, {
      clock: engine.clock,
      log: engine.log,
      siteOf: engine.siteOf,
      handle: visit.handle,
      refused,
      failed: createAlarmFailures(engine),
      openPermits: (site, at) => readOpenPermits(engine.database.db, site, at),
      plantOf: visit.plantOf,
      blobs: parts.blobs,
    }),
    access: accessDoor(config.access, {
      ...{ clock: engine.clock, log: engine.log, siteOf: engine.siteOf, refused, database: engine.database },
    }),
    board: createPermitBoard({
      ...{ pages: parts.pages, publicUrl: config.publicUrl, clock: engine.clock, log: engine.log, plantOf: visit.plantOf },
      framedBy: config.sandbox ? ['http://127.0.0.1:*'] : [],
      linkOf: (key, at) => readBoardLink(engine.database.db, config.secret, key, at),
      openPermits: (site, at) => readOpenPermits(engine.database.db, site, at),
    }),
    health: { readiness: () => ready(parts), metrics: async () => noMetrics, note },
    pages: createMiniapp({
      pages: parts.pages,
      publicUrl: config.publicUrl,
      clock: engine.clock,
      log: engine.log,
      subjectOf: visit.subjectOf,
      plantOf: visit.plantOf,
      history: createHistory(engine.database),
      handle: visit.handle,
      readBlob: (sha) => parts.blobs.get(sha),
      papers: createPapers({
        ...{ database: engine.database, blobs: parts.blobs, plantOf: visit.plantOf, decide: visit.handle, draw: null },
        ...{ publicUrl: config.publicUrl, log: engine.log },
      }),
      readAsset: readAsset(config.assets),
      platforms: engine.platforms,
      framedBy: config.sandbox ? ['http://127.0.0.1:*'] : [],
    }),
    sandboxClock: sandboxClockOf(parts),
  })
}

/** Real callbacks are proven authentic before the database hears of them; the sandbox's clock stands in the database. */
const mustPrepare = (path: string, sandbox: boolean): boolean =>
  !['/healthz', '/readyz', '/metrics'].includes(path) && (sandbox || !path.startsWith('/hooks/'))

const answer = async (request: Request, env: object, parts: WorkerParts, visit: Visit): Promise<Response> => {
  const path = new URL(request.url).pathname
  if (mustPrepare(path, parts.config.sandbox)) await parts.prepare()
  const alone = path === '/readyz' && !(await hasNode(parts.engine).catch(() => true))
  return appOf(parts, visit, alone ? workersOnly : null).fetch(request, env)
}

const closed = (error: unknown): Response => {
  createWorkerLog().error('a visit was turned away', { error: error instanceof Error ? error.message : String(error) })
  return new Response('', { status: 503 })
}

export default {
  fetch: async (request: Request, env: object, context: Context): Promise<Response> => {
    let parts: WorkerParts
    try {
      parts = await createWorkerParts(readWorkerConfig(env))
    } catch (error) {
      return closed(error)
    }
    const visit = createVisit(parts)
    try {
      return await answer(request, env, parts, visit)
    } catch (error) {
      return closed(error)
    } finally {
      context.waitUntil(visit.finish(() => !request.signal.aborted))
    }
  },
  scheduled: async (_: unknown, env: object): Promise<void> =>
    createVisit(await createWorkerParts(readWorkerConfig(env))).minute(),
}
