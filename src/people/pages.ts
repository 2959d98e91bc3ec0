import { randomBytes } from 'node:crypto'
import type { Database, Handle, Tx } from '../db/database.ts'
import { type Clock, hours, later, minutes } from '../lib/clock.ts'
import { sha256 } from '../lib/crypto.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import { freshNonce, type LinkPayload, linkToken, readLinkToken } from './page-link.ts'
import { freshJourneyNonce, type Journey, readJourney, stateOf, ticketOf } from './sign-in.ts'

/** A link on a card can be opened this long after the card was drawn. */
export const linkLife = hours(72)
/** A page stays signed in this long. */
export const sessionLife = hours(8)
/** In bytes; a longer address is no link at all, because some door would cut it and nobody could open it. */
const longestUrl = 1024

/** Whoever goes to a platform's login comes back within this time. */
export const journeyLife = minutes(10)
/** A link session remembers so many of the cases that its links have opened; older ones are opened by their cards again. */
const mostSubjects = 20

/**
 * Who is signed in, as the account links say it now. `person` is null for an account that is not linked to anybody. `subjects` are the cases whose links were
 * opened: a link can be passed on, so it signs in for nothing else; null for whoever proved who they are at their platform's login.
 */
export type PageSession = AccountRef & {
  readonly site: string
  readonly person: string | null
  readonly subjects: readonly string[] | null
}

/** Does the session reach this case at all? What the reader may see there is another question. */
export const reaches = ({ subjects }: Pick<PageSession, 'subjects'>, subject: string): boolean =>
  subjects === null || subjects.includes(subject)

/**
 * What an opening comes to. None of it depends on whether the subject exists.
 * - `opened`: the first opening; `cookie` is the new session's secret.
 * - `again`: opened before, by somebody who is signed in as this account.
 * - `used`: opened before, by whom we cannot tell; `expired`: too old; `gone`: the account is no longer known; `invalid`: not signed by us.
 */
export type Opening =
  | { readonly kind: 'opened'; readonly subject: string; readonly cookie: string; readonly until: Date }
  | { readonly kind: 'again'; readonly subject: string }
  | { readonly kind: 'used' | 'expired'; readonly subject: string; readonly connection: string }
  | { readonly kind: 'gone' | 'invalid' }

export type Entered = { readonly cookie: string; readonly until: Date }

export type Pages = {
  /** The signed page of a subject for one account; null when the address would be too long for a card. Touches no database. */
  readonly sign: (subject: string, account: AccountRef, label: string) => { readonly label: string; readonly url: string } | null
  /** Opens a link. `cookie` is what the browser holds, if anything. */
  readonly open: (token: string, cookie: string | null) => Promise<Opening>
  /** Who the cookie signs in, or null. Reads the account links anew every time: an account that was unlinked, or whose person left, is out at once. */
  readonly session: (cookie: string | null) => Promise<PageSession | null>
  /** Sends somebody to a platform's login: the ticket stays in the browser, the state travels. */
  readonly depart: (connection: string, subject: string) => { readonly ticket: string; readonly state: string }
  /** The journey that a returning browser was on, once; null for one that never began here, took too long, or has come back before. */
  readonly arrive: (connection: string, ticket: string, state: string) => Promise<Journey | null>
  /** Signs in whoever proved at their platform to be this account; null unless it is linked to somebody active. */
  readonly enter: (account: AccountRef) => Promise<Entered | null>
  /** Forgets links that have expired and sessions that have ended; for a loop, not for a request. Gives how many rows went. */
  readonly sweep: () => Promise<number>
}

export type PagesOptions = {
  readonly database: Database
  readonly clock: Clock
  readonly secret: string
  readonly publicUrl: string
}

const cookieForm = /^[A-Za-z0-9_-]{43}$/
/** Only the hash is stored, so that whoever reads the database cannot sign in. */
const sessionId = (cookie: string): string => sha256(`andon page session\n${cookie}`)
const isSame = (one: AccountRef, other: AccountRef): boolean =>
  one.connection === other.connection && one.account === other.account

/** Pages that open from cards. Throws when the secret is too short to sign with or the address is not one. */
export const createPages = ({ database: { db }, clock, secret, publicUrl }: PagesOptions): Pages => {
  if (!(secret.length >= 16)) throw new Error('the secret that signs page links needs at least 16 characters')
  const base = new URL(publicUrl).href.replace(/\/+$/, '')

  const session = async (cookie: string | null): Promise<PageSession | null> => {
    if (cookie === null || !cookieForm.test(cookie)) return null
    const row = await readSession(db, sessionId(cookie))
    if (!row || !(row.until.getTime() > clock.now().getTime())) return null
    if (!isStill(row)) return null
    const { site, connection, account, person, subjects } = row
    return { site, connection, account, person, subjects: subjects?.split(' ') ?? null }
  }

  return {
    session,
    sign: (subject, account, label) => {
      const url = `${base}/p/${linkToken(secret, { account, subject, nonce: freshNonce(), until: later(clock.now(), linkLife) })}`
      return Buffer.byteLength(url) <= longestUrl ? { label, url } : null
    },
    open: async (token, cookie) => {
      const link = readLinkToken(secret, token)
      if (!link) return { kind: 'invalid' }
      const where = { subject: link.subject, connection: link.account.connection }
      if (!(link.until.getTime() > clock.now().getTime())) return { kind: 'expired', ...where }
      const already = await session(cookie)
      const known = already && isSame(already, link.account) ? already : null
      const opened = await db.transaction().execute((tx) => useUp(tx, link, known, clock.now()))
      if (opened) return opened
      return known && reaches(known, link.subject) ? { kind: 'again', subject: link.subject } : { kind: 'used', ...where }
    },
    depart: (connection, subject) => {
      const ticket = ticketOf(secret, { connection, subject, nonce: freshJourneyNonce(), until: later(clock.now(), journeyLife) })
      return { ticket, state: stateOf(ticket) }
    },
    arrive: async (connection, ticket, state) => {
      const journey = readJourney(secret, ticket, state)
      if (journey?.connection !== connection || !(journey.until.getTime() > clock.now().getTime())) return null
      const first = await spend(db, journey.nonce, 'sign-in', clock.now())
      return first ? journey : null
    },
    enter: (account) =>
      db.transaction().execute(async (tx) => {
        const holder = await readHolder(tx, account)
        if (!holder || holder.person === null || !isActive(holder)) return null
        return beginSession(tx, account, holder, null, clock.now())
      }),
    sweep: async () => {
      const now = clock.now()
      const links = await db.deleteFrom('page_link').where('used_at', '<', later(now, -linkLife)).executeTakeFirst()
      const sessions = await db.deleteFrom('page_session').where('until', '<', now).executeTakeFirst()
      return Number(links.numDeletedRows + sessions.numDeletedRows)
    },
  }
}

/** The row that uses a link up and the session it opens are one commit: a link is never spent without letting its owner in. Null when it was spent before. */
const useUp = async (
  tx: Tx,
  { account, subject, nonce }: LinkPayload,
  known: PageSession | null,
  at: Date,
): Promise<Opening | null> => {
  const holder = await readHolder(tx, account)
  if (!holder || !isActive(holder)) return { kind: 'gone' }
  if (!(await spend(tx, nonce, 'link', at))) return null
  const { cookie, until } = await beginSession(tx, account, holder, subjectsWith(known, subject), at)
  return { kind: 'opened', subject, cookie, until }
}

/** Whoever opens the links of two cases one after the other goes on reading both; whoever is signed in by login goes on being so. */
const subjectsWith = (known: PageSession | null, subject: string): readonly string[] | null =>
  known?.subjects === null ? null : [...(known?.subjects ?? []).filter((one) => one !== subject), subject].slice(-mostSubjects)

/** True for the first who shows a nonce. */
const spend = async (handle: Handle, nonce: string, what: string, at: Date): Promise<boolean> => {
  const first = await handle
    .insertInto('page_link')
    .values({ nonce, used_at: at, session: what })
    .onConflict((row) => row.column('nonce').doNothing())
    .returning('nonce')
    .executeTakeFirst()
  return first !== undefined
}

const beginSession = async (
  tx: Tx,
  account: AccountRef,
  { site, person }: Holder,
  subjects: readonly string[] | null,
  at: Date,
): Promise<Entered> => {
  const cookie = randomBytes(32).toString('base64url')
  const until = later(at, sessionLife)
  const row = { id: sessionId(cookie), site, ...account, person, until, subjects: subjects?.join(' ') ?? null }
  await tx.insertInto('page_session').values(row).execute()
  return { cookie, until }
}

type Holder = { readonly site: string; readonly person: string | null; readonly state: string; readonly active: boolean | null }

/** An account without a person may look at what it reported itself; one whose person has left may look at nothing. */
const isActive = (holder: Holder): boolean => holder.state === 'active' && (holder.person === null || holder.active === true)

const readHolder = (handle: Handle, { connection, account }: AccountRef): Promise<Holder | undefined> =>
  handle
    .selectFrom('account as a')
    .leftJoin('person as p', (join) => join.onRef('p.site', '=', 'a.site').onRef('p.id', '=', 'a.person'))
    .select(['a.site', 'a.person', 'a.state', 'p.active'])
    .where('a.connection', '=', connection)
    .where('a.account', '=', account)
    .executeTakeFirst()

type SessionRow = Omit<PageSession, 'subjects'> & {
  readonly subjects: string | null
  readonly until: Date
  readonly heldBy: string | null
  readonly heldAt: string
  readonly state: string
  readonly active: boolean | null
}

/** Whoever the account belongs to now must be who it belonged to when the page was opened. */
const isStill = (row: SessionRow): boolean => row.heldAt === row.site && row.heldBy === row.person && isActive(row)

const readSession = (handle: Handle, id: string): Promise<SessionRow | undefined> =>
  handle
    .selectFrom('page_session as s')
    .innerJoin('account as a', (join) => join.onRef('a.connection', '=', 's.connection').onRef('a.account', '=', 's.account'))
    .leftJoin('person as p', (join) => join.onRef('p.site', '=', 'a.site').onRef('p.id', '=', 'a.person'))
    .select([
      's.site',
      's.connection',
      's.account',
      's.person',
      's.until',
      's.subjects',
      'a.person as heldBy',
      'a.site as heldAt',
      'a.state',
      'p.active',
    ])
    .where('s.id', '=', id)
    .executeTakeFirst()
