import { sql } from 'kysely'
import { DeliveryError, type Reading } from '../bots/platform.ts'
import { gathered, later, type Millis, minutes } from '../lib/clock.ts'
import type { Try } from './delivery.ts'
import { type EffectRow, lookRound } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'
import { recordReceipts } from './receipts.ts'

/** What is looked for: a notice, at whom, as which message. */
type Looked = {
  readonly effect: string
  readonly person: string | null
  readonly connection: string
  readonly account: string
  readonly message: string
}

/** Between one look and the next: the ladder asks 2, 5 and 10 minutes after sending. */
const between: readonly Millis[] = [minutes(3), minutes(5)]
/** A notice that its platform has dropped this often is left to the ladder. */
const mostSends = 3

const nowhere = { connection: '', account: '', message: null, lost: null, dueAt: null, card: null, maybeSent: false } as const
const done = (detail: string): Try => ({ ...nowhere, outcome: 'done', detail })

const again = (effect: EffectRow, detail: string, { clock }: EngineParts): Try => {
  const wait = between[effect.attempts]
  return wait === undefined
    ? done(detail)
    : { ...nowhere, outcome: 'retry', detail, dueAt: gathered(later(clock.now(), wait), lookRound) }
}

/**
 * Looks on the platform for a message that must arrive: an answer of success is no delivery. Read: it is noted, and the workflow hears of it. Unknown there: it
 * was dropped, and is sent again, marked. Unread: looked for again, three times in all.
 */
export const checkReceipt = async (effect: EffectRow, parts: EngineParts): Promise<Try> => {
  const looked = JSON.parse(effect.payload) as Looked
  if (await isKnownRead(effect.site, looked, parts)) return done('read')
  const platform = parts.platforms.get(looked.connection)
  if (!platform) return done('no-such-connection')
  let readers: readonly Reading[] | null
  try {
    readers = await platform.readBy(looked.message)
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return error.kind === 'permanent' && error.scope !== 'connection' ? done(error.because) : again(effect, error.because, parts)
  }
  if (readers === null) return done((await sendAgain(effect.site, looked, parts)) ? 'dropped, sent again' : 'dropped')
  const reader = readers.find(({ account }) => account === looked.account)
  if (!reader) return again(effect, 'unread', parts)
  await noteRead(effect, looked, reader, parts)
  return done('read')
}

const isKnownRead = async (site: string, { effect }: Looked, { database: { db } }: EngineParts): Promise<boolean> =>
  (await db.selectFrom('receipt').select('effect').where('site', '=', site).where('effect', '=', effect).limit(1).execute())
    .length > 0

const noteRead = async ({ site, subject }: EffectRow, looked: Looked, { at }: Reading, parts: EngineParts): Promise<void> => {
  const { connection, account, person, effect } = looked
  await parts.database.db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('subject').select('workflow').where('id', '=', subject).executeTakeFirst()
    const receipt = {
      site,
      effect,
      subject,
      workflow: row?.workflow ?? null,
      connection,
      account,
      person,
      at: at ?? parts.clock.now(),
    }
    await recordReceipts(tx, [receipt], parts)
  })
}

/** The once-key of the first sending is spent, so it counts as older than any platform remembers: the repetition is a message of its own and says so. */
const sendAgain = async (site: string, { effect }: Looked, { database: { db }, clock, log }: EngineParts): Promise<boolean> => {
  const { rows } =
    await sql`update effect set state = 'waiting', maybe_sent = true, first_tried_at = '1970-01-01T00:00:00Z'::timestamptz, done_at = null,
      due_at = ${clock.now().toISOString()}::timestamptz
    where site = ${site} and id = ${effect} and state = 'done' and urgent and attempts < ${mostSends}::int returning id`.execute(
      db,
    )
  log.warn('a platform took a message and dropped it', { effect, again: rows.length > 0 })
  return rows.length > 0
}
