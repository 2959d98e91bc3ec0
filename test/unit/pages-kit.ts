import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'
import type { FileRef } from '../../src/bots/platform.ts'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import type { Outcome } from '../../src/engine/arrival.ts'
import { createDoor } from '../../src/engine/door.ts'
import { createDecideBatch } from '../../src/engine/engine.ts'
import { createHistory } from '../../src/engine/history.ts'
import { type EngineParts, noCallOut } from '../../src/engine/parts.ts'
import { createReads } from '../../src/engine/reads.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { createClock, type MovableClock, monotonic } from '../../src/lib/clock.ts'
import { type Log, silent } from '../../src/lib/log.ts'
import { importOrganisation, organisationFile } from '../../src/people/organisation.ts'
import { createPages, type Pages } from '../../src/people/pages.ts'
import { createMiniapp, type MiniappOptions } from '../../src/webhooks/miniapp.ts'
import { createPageFiles } from '../../src/webhooks/page-files.ts'
import type { AccountRef } from '../../src/workflows/workflow.ts'
import { scratch } from '../support/scratch.ts'

export const secret = 'a secret of this test that signs pages'
export const publicUrl = 'http://127.0.0.1:8080'

const organisation = organisationFile.parse(JSON.parse(readFileSync(new URL('../../demo/plant.json', import.meta.url), 'utf8')))

/** The account of a person of the demo plant. */
export const accountOf = (person: string): AccountRef => {
  const account = organisation.people.find(({ id }) => id === person)?.accounts[0]
  if (!account) throw new Error(`${person} has no account in the demo plant`)
  return account
}

export const samplePhoto = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../demo/photos/${name}`, import.meta.url)))

/** The plant's database, the engine without its loops, and the pages in front of them. Nothing is played. */
export type Plant = {
  readonly database: Database
  readonly clock: MovableClock
  readonly pages: Pages
  readonly app: Hono
  readonly blobs: ReturnType<typeof createDirectoryBlobs>
  readonly logged: readonly string[]
  /** Reports a hazard from this account and gives its subject. */
  readonly report: (from: AccountRef, text: string, files?: readonly FileRef[]) => Promise<string>
  /** Presses a button of a chat card. */
  readonly presses: (from: AccountRef, action: string, form?: Readonly<Record<string, string>>) => Promise<Outcome>
  /** Stores a photo as the workshop would; gives the three digests. */
  readonly develops: (
    subject: string,
    picture: Uint8Array,
  ) => Promise<{ readonly original: string; readonly watermarked: string; readonly thumbnail: string }>
  /** Opens a fresh link as this account and gives the cookie. */
  readonly signsIn: (account: AccountRef, subject: string) => Promise<string>
  /** The same pages with other parts. */
  readonly with: (change: Partial<MiniappOptions>) => Hono
  readonly close: () => Promise<void>
}

/** A page built for tests of what is served, not of how it looks. */
const builtPage = createPageFiles(fileURLToPath(new URL('../../miniapp/dist', import.meta.url)))
const page: MiniappOptions['readAsset'] = async (path) =>
  path === 'index.html'
    ? { bytes: Buffer.from('<!doctype html><div id="app"></div>'), mime: 'text/html; charset=utf-8' }
    : builtPage(path)

const site = organisation.site.id

/** The engine without its loops: decisions are real, effects stay in their table. */
const openEngine = (database: Database, clock: MovableClock, log: Log, pages: Pages) => {
  const registry = createRegistry()
  const parts: EngineParts = {
    database,
    clock,
    log,
    registry,
    platforms: new Map(),
    siteOf: () => site,
    secret,
    replica: null,
    lane: 'test',
    page: pages.sign,
    images: { known: () => undefined, takes: () => false },
    count: () => {},
    heardOffset: () => {},
    callOut: noCallOut,
  }
  const door = createDoor({ parts, decide: createDecideBatch(parts), committed: () => {}, answered: () => {} })
  return { door, reads: createReads(database, registry, monotonic) }
}

type Engine = ReturnType<typeof openEngine>

/** People in their chats, as the platforms would tell of them. */
const chats = ({ door }: Engine, clock: MovableClock): Pick<Plant, 'report' | 'presses'> => {
  let events = 0
  const origin = (from: AccountRef) => {
    events += 1
    return {
      ...from,
      key: `event-${events}`,
      alias: null,
      accountName: null,
      conversation: 'direct',
      direct: true,
      at: clock.now(),
    }
  }
  return {
    report: async (from, text, files = []) => {
      const outcome = await door.handle({
        source: 'platform',
        site,
        incoming: { ...origin(from), kind: 'message', text, files, place: null },
      })
      if (outcome.kind !== 'decided' || !outcome.subject) throw new Error(`the report was ${outcome.kind}`)
      return outcome.subject
    },
    presses: (from, action, form = {}) =>
      door.handle({
        source: 'platform',
        site,
        incoming: { ...origin(from), kind: 'press', action, form, message: null, handle: null },
      }),
  }
}

type Blobs = Plant['blobs']

const workshop =
  ({ door, reads }: Engine, blobs: Blobs): Plant['develops'] =>
  async (subject, picture) => {
    const on = await reads.subjectOf(subject, Number.MAX_SAFE_INTEGER)
    const state = on?.state as { readonly files?: readonly { readonly id: string; readonly state: string }[] } | null | undefined
    const file = state?.files?.find((one) => one.state === 'fetching')
    if (!file) throw new Error('no photo waits')
    const put = async (mark: string) =>
      (await blobs.put(new Uint8Array(Buffer.concat([picture, Buffer.from(mark)])), 'image/jpeg')).key
    const keys = { original: await put(''), watermarked: await put(`w${file.id}`), thumbnail: await put(`t${file.id}`) }
    const command = { type: 'storePhoto', file: file.id, ...keys, exif: { takenAt: null, lat: null, lng: null, datum: null } }
    await door.handle({ source: 'system', site, key: `photo:${file.id}`, subject, workflow: 'hazard', command })
    return keys
  }

export const openPlant = async (): Promise<Plant> => {
  const directory = scratch('andon-pages-')
  const database = await openPglite(join(directory, 'db'))
  await migrate(database.db)
  const clock = createClock()
  await database.db.transaction().execute((tx) => importOrganisation(tx, organisation, clock.now()))
  const logged: string[] = []
  const log: Log = { ...silent, error: (message, about) => void logged.push(`${message} ${JSON.stringify(about)}`) }
  const pages = createPages({ database, clock, secret, publicUrl })
  const engine = openEngine(database, clock, log, pages)
  const blobs = createDirectoryBlobs({ dir: join(directory, 'blobs') })
  const options: MiniappOptions = {
    pages,
    publicUrl,
    platforms: new Map(),
    clock,
    log,
    subjectOf: engine.reads.subjectOf,
    plantOf: engine.reads.plantOf,
    history: createHistory(database),
    handle: engine.door.handle,
    readBlob: blobs.get,
    papers: { of: async () => null },
    readAsset: page,
    framedBy: ['http://127.0.0.1:*'],
  }
  const app = createMiniapp(options)
  return {
    ...chats(engine, clock),
    database,
    clock,
    pages,
    app,
    blobs,
    logged,
    develops: workshop(engine, blobs),
    signsIn: async (account, subject) => {
      const entered = await pages.enter(account)
      if (entered) return `andon_session=${entered.cookie}`
      const link = pages.sign(subject, account, '查看详情')
      if (!link) throw new Error('no link')
      const response = await app.request(new URL(link.url).pathname)
      return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    },
    with: (change) => createMiniapp({ ...options, ...change }),
    close: async () => {
      await engine.door.idle()
      await database.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export const aPhoto = (name: string): FileRef => ({ kind: 'photo', ref: { fileKey: name }, name })

/** Headers that the page's own script sends. */
export const ownPage = { 'content-type': 'application/json', 'x-andon': '1', origin: publicUrl, 'sec-fetch-site': 'same-origin' }

type Body = {
  readonly command?: unknown
  readonly form?: unknown
  readonly key?: unknown
  readonly as?: unknown
  readonly [more: string]: unknown
}
let presses = 0
/** A press as the page sends it, with a fresh key unless the test brings one. */
export const post = (cookie: string, body: Body, headers: Readonly<Record<string, string>> = ownPage): RequestInit => {
  presses += 1
  return {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ form: {}, key: `press-key-${presses}`, ...body }),
  }
}

/** The action key of a button, as the page of this reader shows it. */
export const buttonOf = async (app: Hono, cookie: string, subject: string, label: string): Promise<string> => {
  const response = await app.request(`/api/cases/${subject}`, { headers: { cookie } })
  const view = (await response.json()) as { card: { actions: { key: string; label: string }[] } }
  const action = view.card.actions.find((one) => one.label === label)
  if (!action) throw new Error(`no button ${label} among ${view.card.actions.map((one) => one.label).join(' ')}`)
  return action.key
}
