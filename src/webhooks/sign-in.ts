import type { Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { type ChatPlatform, DeliveryError } from '../bots/platform.ts'
import { pagesText } from '../cards/text/pages.ts'
import { fill } from '../cards/words.ts'
import type { Log } from '../lib/log.ts'
import { journeyLife, type Pages, sessionLife } from '../people/pages.ts'
import { cookieName, isSecure, onlyLooks } from './miniapp-guard.ts'
import { noticePage, type Way } from './notice-page.ts'

export type SignInOptions = {
  readonly pages: Pages
  readonly publicUrl: string
  readonly platforms: ReadonlyMap<string, ChatPlatform>
  readonly log: Log
}

const subjectForm = /^[a-z]{3}_[0-9a-z]{10,40}$/
const longestCode = 1_024

/** How a page is reached without a link: through the login of the platform that the card hangs on. */
export const signInWays = (platforms: ReadonlyMap<string, ChatPlatform>, connection: string, subject: string): readonly Way[] => {
  const platform = platforms.get(connection)
  if (!platform) return []
  const label = fill(pagesText.signIn.by, { name: platform.signIn.name })
  return [{ label, href: `/sign-in/${encodeURIComponent(connection)}?subject=${encodeURIComponent(subject)}` }]
}

type Trouble = 'failed' | 'unlinked' | 'busy'
const statusOf = { failed: 400, unlinked: 403, busy: 503 } as const
const stop = (c: Context, trouble: Trouble, ways: readonly Way[] = []): Response => {
  const { title, body } = pagesText.signIn[trouble]
  return c.html(noticePage(pagesText.title, title, [body], ways), statusOf[trouble])
}

/**
 * `GET /sign-in/<connection>?subject=…` leads to the platform's login, and `/sign-in/<connection>/back` takes whoever returns. The state belongs to a ticket in
 * this very browser, is signed, short-lived and used once, so that nobody can be signed in as somebody else; and only a linked account gets in.
 */
export const serveSignIn = (app: Hono, { pages, publicUrl, platforms, log }: SignInOptions): void => {
  const ticketName = cookieName(publicUrl, 'andon_sign_in')
  const kept = { httpOnly: true, sameSite: 'Lax', secure: isSecure(publicUrl), path: '/' } as const
  const backTo = (connection: string): string => new URL(`/sign-in/${encodeURIComponent(connection)}/back`, publicUrl).href

  app.get('/sign-in/:connection', (c) => {
    if (onlyLooks(c)) return c.body(null, 405, { allow: 'GET' })
    const connection = c.req.param('connection')
    const platform = platforms.get(connection)
    const subject = c.req.query('subject') ?? ''
    if (!platform || !subjectForm.test(subject)) return stop(c, 'failed')
    const { ticket, state } = pages.depart(connection, subject)
    setCookie(c, ticketName, ticket, { ...kept, maxAge: journeyLife / 1000 })
    return c.redirect(platform.signIn.address(backTo(connection), state), 302)
  })

  /** The account that the platform names, or why there is none. */
  const accountOf = async (platform: ChatPlatform, code: string): Promise<{ readonly account: string } | Trouble> => {
    try {
      return { account: await platform.signIn.account(code, backTo(platform.connection)) }
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      log.warn('a sign-in was refused', { connection: platform.connection, because: error.because })
      return error.kind === 'permanent' && error.because === 'bad-code' ? 'failed' : 'busy'
    }
  }

  app.get('/sign-in/:connection/back', async (c) => {
    if (onlyLooks(c)) return c.body(null, 405, { allow: 'GET' })
    const connection = c.req.param('connection')
    const platform = platforms.get(connection)
    const ticket = getCookie(c, ticketName) ?? ''
    deleteCookie(c, ticketName, kept)
    const journey = platform ? await pages.arrive(connection, ticket, c.req.query('state') ?? '') : null
    if (!platform || !journey) return stop(c, 'failed')
    const ways = signInWays(platforms, connection, journey.subject)
    const code = c.req.query(platform.signIn.codeIn) ?? ''
    if (code === '' || code.length > longestCode) return stop(c, 'failed', ways)
    const proved = await accountOf(platform, code)
    if (typeof proved === 'string') return stop(c, proved, ways)
    const entered = await pages.enter({ connection, account: proved.account })
    if (!entered) return stop(c, 'unlinked')
    setCookie(c, cookieName(publicUrl, 'andon_session'), entered.cookie, { ...kept, maxAge: sessionLife / 1000 })
    return c.redirect(`/c/${journey.subject}`, 302)
  })
}
