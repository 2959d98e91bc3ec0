import { sql } from 'kysely'
import { type BulkSent, DeliveryError, type PassedBy } from '../bots/platform.ts'
import { commonText } from '../cards/text/common.ts'
import { rowsOf } from '../db/database.ts'
import { idFor } from '../lib/id.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import { lotsOf } from './audience.ts'
import { type Address, givesWay, inOrder } from './delivery.ts'
import { type AttemptTools, backOff, nowhere, type Result, retry } from './delivery-outcomes.ts'
import { dated, type Gates } from './delivery-send.ts'
import type { EffectRow } from './outbox-rows.ts'

/** One of a crowd, and where the bulk call finds them. */
type Member = { readonly person: string; readonly account: string }

type Payload = { readonly text: string; readonly clock?: true }
type Crowd = Payload & { readonly persons: readonly string[] }
type Bulk = Payload & { readonly to: readonly Member[] }

// ── From a crowd to calls ────────────────────────────────────────────────────────────────────────────────────────────

/** Each person's first account, in the order in which every notice seeks them. */
const addressesOf = async (
  effect: EffectRow,
  persons: readonly string[],
  options: AttemptTools,
): Promise<ReadonlyMap<string, Address>> => {
  const { plantOf, parts } = options
  const plant = await plantOf(effect.site)
  const rows = await parts.database.db
    .selectFrom('account')
    .select(['connection', 'account', 'person', 'seen_at'])
    .where('site', '=', effect.site)
    .where('person', 'in', [...persons])
    .execute()
  const found = new Map<string, Address>()
  for (const person of persons) {
    const seen = rows.filter((row) => row.person === person).map((row) => ({ ...row, at: row.seen_at?.getTime() ?? 0 }))
    const accounts = plant.accountsOf(person).filter(({ connection }) => parts.platforms.has(connection))
    const [first] = inOrder(accounts, seen, parts.platforms)
    if (first) found.set(person, first)
  }
  return found
}

type NewRow = Readonly<Record<string, unknown>>

const rowOf = (effect: EffectRow, id: string, kind: 'bulk' | 'text', more: object, due: Date | string): NewRow => ({
  ...{ site: effect.site, subject: effect.subject, revision: effect.revision, urgent: effect.urgent },
  ...{ person: null, connection: null, account: null, conversation: null, ...more },
  ...{
    id,
    kind,
    due_at: due,
    created_at: new Date(effect.created_at).toISOString(),
    state: 'waiting',
    attempts: 0,
    maybe_sent: false,
    fence: 0,
  },
})

/** The same words to one person alone, by every way that they have. */
const aloneRow = (effect: EffectRow, person: string, { text, clock }: Payload, due: Date): NewRow => {
  const payload = JSON.stringify({ text, ...(clock ? { clock } : {}) })
  return rowOf(effect, idFor('eff', `alone ${effect.id} ${person}`), 'text', { person, payload }, due.toISOString())
}

const callsOf = (
  effect: EffectRow,
  crowd: Crowd,
  addresses: ReadonlyMap<string, Address>,
  options: AttemptTools,
): readonly NewRow[] => {
  const { platforms, clock } = options.parts
  const now = clock.now()
  const rows: NewRow[] = []
  const byConnection = new Map<string, Member[]>()
  for (const person of crowd.persons) {
    const address = addresses.get(person)
    if (!address || !platforms.get(address.connection)?.can.bulk) rows.push(aloneRow(effect, person, crowd, now))
    else
      byConnection.set(address.connection, [
        ...(byConnection.get(address.connection) ?? []),
        { person, account: address.account },
      ])
  }
  const { persons: _, ...said } = crowd
  for (const [connection, members] of byConnection)
    for (const [n, to] of lotsOf(members, platforms.get(connection)?.can.bulk?.most ?? 1).entries()) {
      const [only] = to
      if (to.length === 1 && only) rows.push(aloneRow(effect, only.person, crowd, now))
      else {
        const id = idFor('eff', `bulk ${effect.id} ${connection} ${n}`)
        rows.push(rowOf(effect, id, 'bulk', { connection, payload: JSON.stringify({ ...said, to }) }, now.toISOString()))
      }
    }
  return rows
}

/**
 * Makes one row of the outbox for each call that a crowd needs, so that each call has its own lease, its own tries and its own lines in the ledger. All rows
 * are made at once and only once, whoever tries again: the mark on the crowd's own row says so.
 */
export const planBroadcast = async (effect: EffectRow, options: AttemptTools): Promise<Result> => {
  const crowd = JSON.parse(effect.payload) as Crowd
  const rows = callsOf(effect, crowd, await addressesOf(effect, crowd.persons, options), options)
  await options.parts.database.db.transaction().execute(async (tx) => {
    const { rows: fresh } =
      await sql`update effect set message = 'planned' where site = ${effect.site} and id = ${effect.id} and message is null
      returning id`.execute(tx)
    if (fresh.length === 0) return
    await sql`insert into effect select * from json_populate_recordset(null::effect, ${rowsOf(rows)}::json) on conflict do nothing`.execute(
      tx,
    )
    await sql`select pg_notify('andon', '')`.execute(tx)
  })
  return { ...nowhere, outcome: 'done' }
}

// ── One call ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Line = NonNullable<Result['passedOver']>[number]
const lineFor = (to: AccountRef, outcome: Line['outcome'], more: Partial<Line> = {}): Line => ({
  ...{ message: null, lost: null, detail: null },
  ...to,
  outcome,
  ...more,
})

/** The effect as one person's, for the budget of their alerts and for what they are sent alone. */
const asOne = (effect: EffectRow, { person }: Member): EffectRow => ({
  ...effect,
  person,
  id: idFor('eff', `alone ${effect.id} ${person}`),
})

type Admitted = { readonly member: Member; readonly counted: boolean }
type Sorted = { readonly now: readonly Admitted[]; readonly lines: readonly Line[]; readonly later: readonly NewRow[] }

/** Who may be called now. What is over somebody's budget stands in their digest; what must wait for the end of quiet hours is sent to them alone. */
const sortOut = async (effect: EffectRow, bulk: Bulk, options: AttemptTools): Promise<Sorted> => {
  const { timeZone } = (await options.plantOf(effect.site)).plant
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject)
  const colour = on?.state && 'colour' in on.state && typeof on.state.colour === 'string' ? on.state.colour : null
  const said = { card: null, words: bulk.text, clock: bulk.clock === true, own: false, colour, timeZone }
  const sorted: { now: Admitted[]; lines: Line[]; later: NewRow[] } = { now: [], lines: [], later: [] }
  for (const member of bulk.to) {
    const answer = await options.alerts.admit({ ...said, effect: asOne(effect, member) })
    if (typeof answer !== 'object') {
      sorted.now.push({ member, counted: answer === 'counted' })
      continue
    }
    const { outcome, detail, dueAt } = answer
    if (dueAt) sorted.later.push(aloneRow(effect, member.person, bulk, dueAt))
    else sorted.lines.push(lineFor({ connection: effect.connection ?? '', account: member.account }, outcome, { detail }))
  }
  return sorted
}

/** Rows for those whom the call did not reach; their lines say why. Made before the call's own outcome is written, so nobody is lost in between. */
const sendAlone = async (rows: readonly NewRow[], { parts }: AttemptTools): Promise<void> => {
  if (rows.length === 0) return
  await sql`insert into effect select * from json_populate_recordset(null::effect, ${rowsOf(rows)}::json) on conflict do nothing`.execute(
    parts.database.db,
  )
  await sql`select pg_notify('andon', '')`.execute(parts.database.db)
}

const giveBack = (effect: EffectRow, admitted: readonly Admitted[], { alerts }: AttemptTools): void => {
  for (const { member, counted } of admitted) if (counted) alerts.giveBack(asOne(effect, member))
}

type Called = { readonly effect: EffectRow; readonly bulk: Bulk; readonly sorted: Sorted; readonly options: AttemptTools }

const wasSent = async ({ effect, bulk, sorted, options }: Called, sent: BulkSent): Promise<Result> => {
  const connection = effect.connection ?? ''
  const passed = new Map<string, PassedBy>(sent.passedBy.map((one) => [one.account, one]))
  const lost = sent.lost.length > 0 ? JSON.stringify(sent.lost) : null
  const missed = sorted.now.filter(({ member }) => passed.has(member.account))
  giveBack(effect, missed, options)
  const alone = missed.map(({ member }) => aloneRow(effect, member.person, bulk, options.parts.clock.now()))
  await sendAlone([...alone, ...sorted.later], options)
  const lines = sorted.now.map(({ member: { account } }) => {
    const refusal = passed.get(account)
    return refusal
      ? lineFor({ connection, account }, 'dead', { detail: refusal.because })
      : lineFor({ connection, account }, 'done', { message: sent.message, lost })
  })
  return { ...nowhere, outcome: 'done', message: sent.message, passedOver: [...lines, ...sorted.lines] }
}

/** A call that failed for good, or for longer than these words can wait, is given up: each is sent them alone, by whatever way is left. */
const wasNotSent = async (called: Called, error: DeliveryError): Promise<Result> => {
  const { effect, bulk, sorted, options } = called
  const to = { connection: effect.connection ?? '', account: '' }
  options.pauses.note(to.connection, error)
  giveBack(effect, sorted.now, options)
  const maybe = effect.maybe_sent || error.kind === 'ambiguous'
  const again = retry(to, error.because, backOff(effect.attempts, error.retryAfter), maybe, options)
  const givenUp = error.kind === 'permanent' || (!maybe && givesWay(effect, again, options.parts.clock.now()))
  if (!givenUp) return again
  const alone = sorted.now.map(({ member }) => aloneRow(effect, member.person, bulk, options.parts.clock.now()))
  await sendAlone([...alone, ...sorted.later], options)
  const lines = sorted.now.map(({ member: { account } }) =>
    lineFor({ connection: to.connection, account }, 'dead', { detail: error.because }),
  )
  return { ...nowhere, outcome: 'done', detail: 'sent to each alone', passedOver: [...lines, ...sorted.lines] }
}

/** Words that may have been shown are marked as a repetition, unless the platform tells repeats by itself. */
const wordsOf = async (effect: EffectRow, { text }: Bulk, once: boolean, options: AttemptTools): Promise<string> =>
  `${effect.maybe_sent && !once ? commonText.resent : ''}${await dated(effect, text, options)}`

/** One try at one call for many. Throws only what is no DeliveryError. */
export const sendBulk = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const bulk = JSON.parse(effect.payload) as Bulk
  const connection = effect.connection ?? ''
  const paused = options.pauses.until(connection)
  if (paused && !effect.urgent)
    return { ...nowhere, outcome: 'retry', detail: 'the platform asked us to wait', dueAt: paused, maybeSent: effect.maybe_sent }
  const platform = options.parts.platforms.get(connection)
  const sorted = await sortOut(effect, bulk, options)
  const called = { effect, bulk, sorted, options }
  if (!platform?.can.bulk) return wasNotSent(called, new DeliveryError('permanent', 'no-such-connection'))
  if (sorted.now.length === 0) return wasSent(called, { message: null, passedBy: [], lost: [] })
  const text = await wordsOf(effect, bulk, platform.can.bulk.once, options)
  const accounts = sorted.now.map(({ member }) => member.account)
  return gateFor(connection)(async () => {
    try {
      return await wasSent(called, await platform.broadcast(accounts, { text, urgent: effect.urgent }, effect.id))
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      return wasNotSent(called, error)
    }
  })
}
