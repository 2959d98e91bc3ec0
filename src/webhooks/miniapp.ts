import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Card, Toast } from '../cards/card.ts'
import { pagesText } from '../cards/text/pages.ts'
import type { Arrival, Outcome } from '../engine/arrival.ts'
import type { Drawable } from '../engine/draw.ts'
import type { History } from '../engine/history.ts'
import { type Clock, type Millis, seconds } from '../lib/clock.ts'
import { sha256 } from '../lib/crypto.ts'
import type { Log } from '../lib/log.ts'
import { type PageSession, type Pages, sessionLife } from '../people/pages.ts'
import type { LoadedPlant } from '../people/plant.ts'
import {
  answerTo,
  arrivalOf,
  filledCommand,
  isOffered,
  type PageCommand,
  pressedAction,
  pressKey,
  readCommand,
  repeatedToast,
} from './miniapp-command.ts'
import { guarded, isOwnPage, onlyLooks, sessionCookie } from './miniapp-guard.ts'
import { type CaseView, cardFor, caseView, isShown, markOf, maySee, mostLines } from './miniapp-view.ts'
import { noticePage } from './notice-page.ts'
import { readBody } from './platforms.ts'

export type { CaseView, PageCard, PagePicture } from './miniapp-view.ts'

/** What `GET /api/cases/:subject` answers with when it cannot: a reason for programs and words for people. */
export type PageError = { readonly error: keyof typeof pagesText.errors; readonly text: string }
/** What a press is answered with: the words, and the page as it stands now; without a card when the press ended the reader's part in the case. */
export type PageAnswer = { readonly toast: Toast | null } & (CaseView | { readonly card: null })

export type Asset = { readonly bytes: Uint8Array; readonly mime: string }

export type MiniappOptions = {
  readonly pages: Pages
  readonly publicUrl: string
  readonly clock: Clock
  readonly log: Log
  readonly subjectOf: (id: string, atLeast?: number) => Promise<Drawable | null>
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  readonly history: History
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
  /** The bytes of a stored blob, or null. */
  readonly readBlob: (sha: string) => Promise<Uint8Array | null>
  /** A file of the built page by its path below `dist`, e.g. `index.html`, `assets/case-1a2b3c4d.js`; or null. */
  readonly readAsset: (path: string) => Promise<Asset | null>
  /** Origins that may show the pages in a frame, e.g. the sandbox's phones `http://127.0.0.1:*`; none in production. */
  readonly framedBy: readonly string[]
}

/** In bytes. */
const largestCommand = 64 * 1024
/** People wait this long for the answer to a press; after that they are told that nothing was recorded and may press again under the same key. */
const answerWithin = seconds(8)

const subjectForm = /^[a-z]{3}_[0-9a-z]{10,40}$/
const shaForm = /^[0-9a-f]{64}$/
/** One segment, a hash in its name: whatever bears it never changes. */
const hashedAsset = /^[A-Za-z0-9_-]{1,60}-[A-Za-z0-9_-]{8}\.[a-z0-9]{2,5}$/
const plainAssets: Readonly<Record<string, string>> = { '/notice.css': 'notice.css', '/favicon.svg': 'favicon.svg' }

const statusOf: Readonly<Record<PageError['error'], 400 | 401 | 403 | 404 | 409 | 413 | 500>> = {
  'no-session': 401,
  'not-found': 404,
  forged: 403,
  'other-account': 409,
  malformed: 400,
  'too-large': 413,
  'not-offered': 409,
  trouble: 500,
}

const fail = (c: Context, error: PageError['error']): Response =>
  c.json({ error, text: pagesText.errors[error] } satisfies PageError, statusOf[error])

/** A subject as whoever is signed in may see it. */
type Seen = { readonly session: PageSession; readonly on: Drawable; readonly card: Card; readonly plant: LoadedPlant }

/** The pages that open from cards: signed links, the built page, and the JSON behind it. Runs on Node and on Workers alike. */
export const createMiniapp = (options: MiniappOptions): Hono => {
  const app = new Hono()
  const { pages, clock, log } = options
  const { origin, protocol } = new URL(options.publicUrl)

  const cookieOf = (c: Context): string | null => getCookie(c, sessionCookie) ?? null

  /** Null for every reason alike: there is no such subject, it is of another site, or it is none of this reader's business. */
  const see = async (session: PageSession, id: string): Promise<Seen | null> => {
    const on = subjectForm.test(id) ? await options.subjectOf(id, Number.MAX_SAFE_INTEGER) : null
    const plant = await options.plantOf(session.site)
    const card = on && maySee(on, session, plant) ? cardFor(on, session, plant, clock.now()) : null
    return on && card ? { session, on, card, plant } : null
  }

  const viewOf = async ({ on, card, session, plant }: Seen): Promise<CaseView> =>
    caseView(on, card, { session, plant, history: await options.history.of(on.site, on.id, mostLines + 1) })

  /** What the press left is drawn anew. Whoever may no longer see the case still hears what became of it. */
  const answer = async (c: Context, seen: Seen | null, { status, toast }: Answered): Promise<Response> => {
    const now = seen && (await see(seen.session, seen.on.id))
    return c.json((now ? { ...(await viewOf(now)), toast } : { toast, card: null }) satisfies PageAnswer, status)
  }

  const press = async (c: Context, session: PageSession, subject: string, command: PageCommand): Promise<Response> => {
    const pressed = pressedAction(command.command, subject)
    if (!pressed) return fail(c, 'malformed')
    const key = pressKey(session, subject, pressed, command.key)
    const seen = await see(session, subject)
    const recorded = await options.history.outcomeOf(key)
    if (recorded !== null) return answer(c, seen, { status: 200, toast: repeatedToast(recorded) })
    if (!seen) return fail(c, 'not-found')
    if (!isOffered(seen.card, pressed))
      return answer(c, seen, { status: 409, toast: { tone: 'warning', text: pagesText.errors['not-offered'] } })
    const filled = filledCommand(pressed.name, command.form, seen.card)
    if (!filled) return fail(c, 'too-large')
    const outcome = await options.handle(arrivalOf(session, seen.on, key, filled), answerWithin)
    outcome.answered(true)
    return answer(c, seen, answerTo(outcome, outcome.kind === 'repeated' ? await options.history.outcomeOf(key) : null))
  }

  const asset = async (c: Context, path: string, cache: string): Promise<Response> => {
    const found = await options.readAsset(path)
    return found
      ? c.body(new Uint8Array(found.bytes), 200, { 'content-type': found.mime, 'cache-control': cache })
      : c.body(null, 404)
  }

  for (const path of ['/p/*', '/c/*', '/api/cases/*', '/assets/*', ...Object.keys(plainAssets)])
    app.use(path, guarded(options.framedBy))

  app.get('/p/:token', async (c) => {
    if (onlyLooks(c)) return c.body(null, 405, { allow: 'GET' })
    const opening = await pages.open(c.req.param('token'), cookieOf(c))
    if (opening.kind !== 'opened' && opening.kind !== 'again') {
      const { title, body } = pagesText.links[opening.kind]
      return c.html(noticePage(pagesText.title, title, [body, pagesText.way]), opening.kind === 'invalid' ? 404 : 410)
    }
    if (opening.kind === 'opened') {
      const secure = protocol === 'https:'
      setCookie(c, sessionCookie, opening.cookie, {
        httpOnly: true,
        sameSite: 'Lax',
        secure,
        path: '/',
        maxAge: sessionLife / 1000,
      })
    }
    return c.redirect(`/c/${opening.subject}`, 302)
  })

  app.get('/c/:subject', (c) => asset(c, 'index.html', 'no-cache'))
  app.get('/assets/:name', (c) => {
    const name = c.req.param('name')
    return hashedAsset.test(name) ? asset(c, `assets/${name}`, 'public, max-age=31536000, immutable') : c.body(null, 404)
  })
  for (const [path, name] of Object.entries(plainAssets)) app.get(path, (c) => asset(c, name, 'public, max-age=3600'))

  app.get('/api/cases/:subject', async (c) => {
    const session = await pages.session(cookieOf(c))
    if (!session) return fail(c, 'no-session')
    const seen = await see(session, c.req.param('subject'))
    return seen ? c.json(await viewOf(seen)) : fail(c, 'not-found')
  })

  app.post('/api/cases/:subject/commands', async (c) => {
    if (!isOwnPage(c, origin)) return fail(c, 'forged')
    const session = await pages.session(cookieOf(c))
    if (!session) return fail(c, 'no-session')
    const body = await readBody(c.req.raw, largestCommand)
    if (!body) return fail(c, 'too-large')
    const command = readCommand(body)
    if (!command) return fail(c, 'malformed')
    if (command.as !== undefined && command.as !== markOf(session)) return fail(c, 'other-account')
    return press(c, session, c.req.param('subject'), command)
  })

  app.get('/api/cases/:subject/photos/:sha', async (c) => {
    const session = await pages.session(cookieOf(c))
    if (!session) return fail(c, 'no-session')
    const seen = await see(session, c.req.param('subject'))
    const sha = c.req.param('sha')
    const bytes = seen && shaForm.test(sha) && isShown(seen.on.state, sha) ? await options.readBlob(sha) : null
    if (!bytes) return fail(c, 'not-found')
    if (sha256(bytes) !== sha) {
      log.error('a stored picture is not what its name says and is not shown', { subject: c.req.param('subject'), sha })
      return fail(c, 'not-found')
    }
    return c.body(new Uint8Array(bytes), 200, { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=3600' })
  })

  app.onError((error, c) => {
    log.error('a page could not be served', { error: error instanceof Error ? error.message : 'unknown' })
    return fail(c, 'trouble')
  })
  return app
}
