import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { ChatPlatform } from '../bots/platform.ts'
import { pagesText } from '../cards/text/pages.ts'
import type { Papers } from '../engine/papers.ts'
import { sha256 } from '../lib/crypto.ts'
import type { Log } from '../lib/log.ts'
import { type PageSession, type Pages, sessionLife } from '../people/pages.ts'
import { readCommand } from './miniapp-command.ts'
import { createDesk, type Desk, type DeskOptions, type No } from './miniapp-desk.ts'
import { cookieName, guarded, isOwnPage, isSecure, onlyLooks } from './miniapp-guard.ts'
import { isShown, markOf } from './miniapp-view.ts'
import { noticePage } from './notice-page.ts'
import { readBody } from './platforms.ts'
import { serveSignIn, signInWays } from './sign-in.ts'

export type { PageAnswer } from './miniapp-desk.ts'
export type { CaseView, PageCard, PagePicture } from './miniapp-view.ts'

/** What is answered instead of a page: a reason for programs and words for people. */
export type PageError = { readonly error: No; readonly text: string }

export type Asset = { readonly bytes: Uint8Array; readonly mime: string }

export type MiniappOptions = DeskOptions & {
  readonly pages: Pages
  readonly publicUrl: string
  /** Platforms at whose login people may sign in. */
  readonly platforms: ReadonlyMap<string, ChatPlatform>
  readonly log: Log
  /** The bytes of a stored blob, or null. */
  readonly readBlob: (sha: string) => Promise<Uint8Array | null>
  /** The paper of a case, or null where it has none now. */
  readonly papers: Papers
  /** A file of the built page by its path below `dist`, e.g. `index.html`, `assets/index-1a2b3c4d.js`; or null. */
  readonly readAsset: (path: string) => Promise<Asset | null>
  /** Origins that may show the pages in a frame, e.g. the sandbox's phones `http://127.0.0.1:*`; none in production. */
  readonly framedBy: readonly string[]
}

/** In bytes. */
const largestCommand = 64 * 1024

const shaForm = /^[0-9a-f]{64}$/
/** One segment, a hash in its name: whatever bears it never changes. */
const hashedAsset = /^[A-Za-z0-9_-]{1,60}-[A-Za-z0-9_-]{8}\.[a-z0-9]{2,5}$/
const plainAssets: Readonly<Record<string, string>> = { '/notice.css': 'notice.css', '/favicon.svg': 'favicon.svg' }

const statusOf: Readonly<Record<No, 400 | 401 | 403 | 404 | 409 | 413 | 500>> = {
  'no-session': 401,
  'not-found': 404,
  forged: 403,
  'other-account': 409,
  malformed: 400,
  'too-large': 413,
  'not-offered': 409,
  trouble: 500,
}

const fail = (c: Context, error: No): Response =>
  c.json({ error, text: pagesText.errors[error] } satisfies PageError, statusOf[error])
const cookieOf = (c: Context, { publicUrl }: MiniappOptions): string | null =>
  getCookie(c, cookieName(publicUrl, 'andon_session')) ?? null

/** `GET /p/:token`: the one opening of a link signs in and leads to the page; the token leaves the address bar at once. */
const serveLinks = (app: Hono, options: MiniappOptions): void => {
  const { pages, publicUrl, platforms } = options
  app.get('/p/:token', async (c) => {
    if (onlyLooks(c)) return c.body(null, 405, { allow: 'GET' })
    const opening = await pages.open(c.req.param('token'), cookieOf(c, options))
    if (opening.kind !== 'opened' && opening.kind !== 'again') {
      const { title, body } = pagesText.links[opening.kind]
      const ways = 'subject' in opening ? signInWays(platforms, opening.connection, opening.subject) : []
      return c.html(noticePage(pagesText.title, title, [body, pagesText.way], ways), opening.kind === 'invalid' ? 404 : 410)
    }
    if (opening.kind === 'opened')
      setCookie(c, cookieName(publicUrl, 'andon_session'), opening.cookie, {
        httpOnly: true,
        sameSite: 'Lax',
        secure: isSecure(publicUrl),
        path: '/',
        maxAge: sessionLife / 1000,
      })
    return c.redirect(`/c/${opening.subject}`, 302)
  })
}

/** The built page. It is the same for everybody and tells nothing; what it shows comes from the API. */
const serveAssets = (app: Hono, { readAsset }: MiniappOptions): void => {
  const serve = async (c: Context, path: string, cache: string): Promise<Response> => {
    const found = await readAsset(path)
    return found
      ? c.body(new Uint8Array(found.bytes), 200, { 'content-type': found.mime, 'cache-control': cache })
      : c.body(null, 404)
  }
  app.get('/c/:subject', (c) => serve(c, 'index.html', 'no-cache'))
  app.get('/assets/:name', async (c) => {
    const name = c.req.param('name')
    return hashedAsset.test(name) ? serve(c, `assets/${name}`, 'public, max-age=31536000, immutable') : c.body(null, 404)
  })
  for (const [path, name] of Object.entries(plainAssets)) app.get(path, (c) => serve(c, name, 'public, max-age=3600'))
}

type SignedIn = (c: Context, session: PageSession) => Promise<Response>

const serveCases = (app: Hono, desk: Desk, options: MiniappOptions, origin: string): void => {
  const { pages, readBlob, log } = options
  const signedIn =
    (work: SignedIn) =>
    async (c: Context): Promise<Response> => {
      const session = await pages.session(cookieOf(c, options))
      return session ? work(c, session) : fail(c, 'no-session')
    }
  const param = (c: Context, name: string): string => c.req.param(name) ?? ''

  const show: SignedIn = async (c, session) => {
    const seen = await desk.see(session, param(c, 'subject'))
    return seen ? c.json(await desk.view(seen)) : fail(c, 'not-found')
  }
  const press: SignedIn = async (c, session) => {
    const body = await readBody(c.req.raw, largestCommand)
    if (!body) return fail(c, 'too-large')
    const command = readCommand(body)
    if (!command) return fail(c, 'malformed')
    if (command.as !== undefined && command.as !== markOf(session)) return fail(c, 'other-account')
    const pressed = await desk.press(session, param(c, 'subject'), command)
    return pressed.kind === 'no' ? fail(c, pressed.no) : c.json(pressed.body, pressed.status)
  }
  const photo: SignedIn = async (c, session) => {
    const seen = await desk.see(session, param(c, 'subject'))
    const sha = param(c, 'sha')
    const bytes = seen && shaForm.test(sha) && isShown(seen.on.state, sha) ? await readBlob(sha) : null
    if (!bytes) return fail(c, 'not-found')
    if (sha256(bytes) !== sha) {
      log.error('a stored picture is not what its name says and is not shown', { sha })
      return fail(c, 'not-found')
    }
    return c.body(new Uint8Array(bytes), 200, { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=3600' })
  }

  const paper: SignedIn = async (c, session) => {
    const seen = await desk.see(session, param(c, 'subject'))
    const found = seen && (await options.papers.of(seen.on))
    if (!found) return fail(c, 'not-found')
    return c.body(new Uint8Array(found.bytes), 200, {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${seen.on.id}-${found.revision}.pdf"`,
      'cache-control': 'private, no-cache',
      etag: `"${found.document}"`,
    })
  }

  const takePress = signedIn(press)
  app.get('/api/cases/:subject', signedIn(show))
  app.post('/api/cases/:subject/commands', (c) => (isOwnPage(c, origin) ? takePress(c) : fail(c, 'forged')))
  app.get('/api/cases/:subject/photos/:sha', signedIn(photo))
  app.get('/api/cases/:subject/paper', signedIn(paper))
}

/** The pages that open from cards: signed links, the built page, and the JSON behind it. Runs on Node and on Workers alike. */
export const createMiniapp = (options: MiniappOptions): Hono => {
  const app = new Hono()
  for (const path of ['/p/*', '/c/*', '/api/cases/*', '/assets/*', '/sign-in/*', ...Object.keys(plainAssets)])
    app.use(path, guarded(options.framedBy, options.publicUrl))
  app.onError((error, c) => {
    options.log.error('a page could not be served', { error: error instanceof Error ? error.message : 'unknown' })
    return fail(c, 'trouble')
  })
  serveLinks(app, options)
  serveSignIn(app, options)
  serveAssets(app, options)
  serveCases(app, createDesk(options), options, new URL(options.publicUrl).origin)
  return app
}
