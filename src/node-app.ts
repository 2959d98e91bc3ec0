import { fileURLToPath } from 'node:url'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createAlarmFailures } from './engine/alarm-failures.ts'
import { readiness } from './engine/auditor.ts'
import { createHistory } from './engine/history.ts'
import { readOpenPermits } from './engine/open-permits.ts'
import { createPapers } from './engine/papers.ts'
import type { EngineParts } from './engine/parts.ts'
import type { Replica } from './engine/replica.ts'
import type { BlobStore } from './evidence/blobs.ts'
import { accessDoor, alarmDoor } from './integrations.ts'
import { paperPdf } from './papers/paper-pdf.ts'
import type { Metrics } from './parts.ts'
import { readBoardLink } from './people/board-link.ts'
import type { Pages } from './people/pages.ts'
import { createMiniapp } from './webhooks/miniapp.ts'
import { createPageFiles } from './webhooks/page-files.ts'
import { createPermitBoard } from './webhooks/permit-board.ts'

type Served = {
  readonly config: Config
  readonly parts: EngineParts
  readonly service: Replica
  readonly metrics: Metrics
  readonly pages: Pages
  readonly blobs: BlobStore
}

const sandboxClockOf = ({ config, parts: { clock, database }, service }: Served) => ({
  secret: config.sandboxSecret,
  clock,
  store: async (offset: number) => void (await database.db.updateTable('clock').set({ offset_ms: offset }).execute()),
  waiting: service.waiting,
  nextDue: service.nextDue,
  wake: service.wake,
})

const framesOf = ({ sandbox }: Config): readonly string[] => (sandbox ? ['http://127.0.0.1:*'] : [])

/** Cameras and sensors, access control, wall screens. */
const outsideOf = ({ config, parts, service, metrics, pages, blobs }: Served) => {
  const { database, clock, log, siteOf } = parts
  const { handle, plantOf } = service
  const { refused } = metrics
  const openPermits = (site: string, at: Date) => readOpenPermits(database.db, site, at)
  const failed = createAlarmFailures(parts)
  return {
    alarms: alarmDoor(config.alarms, { clock, log, siteOf, handle, refused, failed, openPermits, plantOf, blobs }),
    access: accessDoor(config.access, { clock, log, siteOf, refused, database }),
    board: createPermitBoard({
      ...{ pages, publicUrl: config.publicUrl, clock, log, framedBy: framesOf(config), openPermits, plantOf },
      linkOf: (key, at) => readBoardLink(database.db, config.secret, key, at),
    }),
  }
}

const pagesOf = ({ config, parts, service, pages, blobs }: Served) => {
  const { database, clock, log, platforms } = parts
  const { handle, plantOf, subjectOf } = service
  const { publicUrl } = config
  return createMiniapp({
    ...{ pages, publicUrl, clock, log, subjectOf, plantOf, handle, platforms, framedBy: framesOf(config) },
    history: createHistory(database),
    readBlob: (sha) => blobs.get(sha),
    papers: createPapers({ database, blobs, plantOf, decide: handle, draw: paperPdf, publicUrl, log }),
    readAsset: createPageFiles(fileURLToPath(new URL('../miniapp/dist', import.meta.url))),
  })
}

/** The application of a Node replica: everything that it serves but the callbacks of the platforms. */
export const appFor = (served: Served) =>
  createApp({
    log: served.parts.log,
    doors: null,
    ...outsideOf(served),
    health: { readiness: () => readiness(served.parts), metrics: served.metrics.text, note: null },
    pages: pagesOf(served),
    sandboxClock: served.config.sandbox ? sandboxClockOf(served) : null,
  })
