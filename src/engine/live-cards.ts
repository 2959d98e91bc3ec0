import { sql } from 'kysely'
import { type CardHandle, DeliveryError } from '../bots/platform.ts'
import { commonText } from '../cards/text/common.ts'
import { rowsOf } from '../db/database.ts'
import { createBatcher, createGate } from '../lib/batcher.ts'
import { later, minutes, seconds } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import { cardHash, type Drawn, sameDuties, sameEssence } from './draw.ts'
import { drawFor, type SenderTools } from './senders.ts'

export type CardKey = { readonly site: string; readonly id: string; readonly subject: string }

type Row = CardKey & {
  readonly person: string | null
  readonly connection: string
  readonly account: string
  readonly message: string
  readonly handle: string | null
  readonly drawn_rev: number
  readonly wanted_rev: number
  readonly drawn_hash: string
  readonly tries: number
  readonly state: string
  /** Its reader has been brought a newer card of the same case: a reminder, or another duty. */
  readonly superseded: boolean
  /** Any newer card of the case hangs there, so this one needs no successor. */
  readonly followed: boolean
}

export type LiveCards = {
  /** Repaints cards that this replica holds; one after the other for each card. */
  readonly follow: (cards: readonly CardKey[]) => void
  /** Looks for cards that are behind and held by nobody. Gives how many it took. */
  readonly sweep: () => Promise<number>
  /** Takes up cards that the table says are this replica's although it knows nothing of them. For a slow tick. */
  readonly adopt: () => Promise<number>
  /** The answer to a press has shown this. */
  readonly shown: (card: CardKey, drawn: { readonly hash: string; readonly revision: number }) => void
  readonly underWay: () => number
  readonly idle: () => Promise<void>
}

/** What a repaint came to: the card's new row values. */
type Repaint = {
  readonly row: Row
  readonly revision: number
  readonly hash: string | null
  readonly handle: string | null | undefined
  readonly state: 'live' | 'spent' | 'gone'
  readonly failed: boolean
  readonly wait: number
  /** The reader needs a new message, because this one cannot be changed any more. */
  readonly replace: boolean
}

const claim = async ({ parts }: SenderTools, replica: string, most: number): Promise<readonly CardKey[]> => {
  const { rows } = await sql<CardKey>`/* hot */ with due as (
      select site, id from live_card where state = 'live' and wanted_rev > drawn_rev and (lease_owner is null or lease_owner = ${replica})
        and due_at <= ${parts.clock.now().toISOString()}::timestamptz and (hold_real is null or hold_real < now()) order by due_at limit ${most}::int for update skip locked)
    update live_card c set lease_owner = ${replica} from due where c.site = due.site and c.id = due.id returning c.site, c.id, c.subject`.execute(
    parts.database.db,
  )
  return rows
}

/** Cards that are behind and held by a replica, by the table. */
const heldBy = async ({ parts }: SenderTools, replica: string): Promise<readonly CardKey[]> => {
  const { rows } =
    await sql<CardKey>`select site, id, subject from live_card where state = 'live' and wanted_rev > drawn_rev and lease_owner = ${replica}
    limit 500`.execute(parts.database.db)
  return rows
}

/** Newer cards of the same case in the same reader's chat. */
const newerOnes = sql`from live_card n left join effect e on e.site = n.site and e.id = n.effect
  where n.subject = live_card.subject and n.connection = live_card.connection and n.account = live_card.account and n.state in ('live', 'spent')
    and n.sent_at > live_card.sent_at`
const isFollowed = sql<boolean>`exists (select 1 ${newerOnes})`.as('followed')
const isSuperseded = sql<boolean>`exists (select 1 ${newerOnes} and e.kind = 'card'
    and (position('"clock":true' in e.payload) > 0 or position('"duty":null' in e.payload) = 0))`.as('superseded')

const readCard = async ({ parts }: SenderTools, { site, id }: CardKey): Promise<Row | null> =>
  (await parts.database.db
    .selectFrom('live_card')
    .selectAll()
    .select([isFollowed, isSuperseded])
    .where('site', '=', site)
    .where('id', '=', id)
    .executeTakeFirst()) ?? null

/** Writes what repaints came to and lets the cards go, or keeps those that fell behind again meanwhile. */
const settleRepaints = async (
  { parts }: SenderTools,
  repaints: readonly Repaint[],
  replica: string,
): Promise<readonly CardKey[]> => {
  const at = parts.clock.now()
  const rows = repaints.map(({ row, revision, hash, handle, state, failed, wait }) => ({
    site: row.site,
    id: row.id,
    rev: failed ? row.drawn_rev : revision,
    hash: hash ?? row.drawn_hash,
    handle: handle === undefined ? null : handle,
    keep: handle === undefined,
    spent: row.handle,
    state,
    due: later(at, wait).toISOString(),
    tries: failed ? row.tries + 1 : 0,
  }))
  return parts.database.db.transaction().execute(async (tx) => {
    const subjects = JSON.stringify([...new Set(repaints.map(({ row }) => row.subject))].sort())
    await sql`/* hot */ select id from subject where id = any(array(select json_array_elements_text(${subjects}::json))) order by id for key share`.execute(
      tx,
    )
    const done = await sql<
      CardKey & { again: boolean }
    >`/* hot */ update live_card c set drawn_rev = greatest(c.drawn_rev, x.rev), drawn_hash = x.hash, tries = x.tries,
        handle = case when x.keep or c.handle is distinct from x.spent then c.handle else x.handle end,
        state = case when c.handle is distinct from x.spent and x.state = 'spent' then c.state else x.state end,
        due_at = x.due::timestamptz, hold_real = null,
        lease_owner = case when c.wanted_rev > greatest(c.drawn_rev, x.rev) and x.tries = 0 and x.state = 'live' then ${replica} end
      from json_to_recordset(${rowsOf(rows)}::json) as x(site text, id text, rev integer, hash text, handle text, keep boolean, spent text, state text, due text, tries integer)
      where c.site = x.site and c.id = x.id and c.lease_owner = ${replica}
      returning c.site, c.id, c.subject, c.lease_owner is not null as again`.execute(tx)
    const ours = new Set(done.rows.map(({ id }) => id))
    for (const repaint of repaints) if (repaint.replace && ours.has(repaint.row.id)) await insertReplacement(tx, repaint, at)
    return done.rows.filter(({ again }) => again)
  })
}

const insertReplacement = async (
  tx: Parameters<Parameters<ReturnType<SenderTools['parts']['database']['db']['transaction']>['execute']>[0]>[0],
  { row, revision }: Repaint,
  at: Date,
): Promise<void> => {
  await tx
    .insertInto('effect')
    .values({
      site: row.site,
      id: newId('eff', at),
      subject: row.subject,
      revision,
      kind: 'card',
      person: row.person,
      connection: row.connection,
      account: row.account,
      conversation: null,
      payload: JSON.stringify({ duty: null, ring: false, replaces: row.id }),
      due_at: at,
      created_at: at,
      lease_owner: null,
    })
    .execute()
}

/** Does a card that cannot be changed any more need a successor? When its reader's duties changed or the case has ended; a mere watcher keeps the old one. */
const needsSuccessor = (row: Row, drawn: Drawn, open: boolean): boolean =>
  !row.followed && !sameDuties(drawn.hash, row.drawn_hash) && (drawn.card.actions.length > 0 || !open)

/** Without buttons, and with a word about where they are now: people who are reminded are not left with a row of cards that all ask the same. */
const withoutButtons = (drawn: Drawn): Drawn => {
  const card = { ...drawn.card, form: [], actions: [], note: commonText.superseded }
  return { ...drawn, card, hash: cardHash(card) }
}

/** The last change of a card that gives way to a newer one of the same reader. Failing for good is no loss: the newer one is there. */
const tryLastUpdate = async (row: Row, drawn: Drawn, open: boolean, tools: SenderTools): Promise<Repaint> => {
  const last = await tryUpdate(row, withoutButtons(drawn), open, tools)
  return last.failed ? last : { ...last, state: 'gone', handle: null, replace: false }
}

const tryUpdate = async (row: Row, drawn: Drawn, open: boolean, tools: SenderTools): Promise<Repaint> => {
  const base = {
    row,
    revision: drawn.revision,
    hash: drawn.hash,
    handle: undefined,
    failed: false,
    wait: 0,
    replace: false,
  } as const
  if (drawn.hash === row.drawn_hash) return { ...base, state: 'live' }
  const platform = tools.parts.platforms.get(row.connection)
  const uses = platform?.can.update.uses ?? 'never'
  if (uses !== 'many' && sameEssence(drawn.hash, row.drawn_hash)) return { ...base, hash: row.drawn_hash, state: 'live' }
  if (!platform || row.handle === null || uses === 'never') {
    const replace = needsSuccessor(row, drawn, open)
    return { ...base, hash: replace ? drawn.hash : row.drawn_hash, state: 'spent', replace }
  }
  try {
    const { handle } = await platform.update(row.message, JSON.parse(row.handle) as CardHandle, drawn.card)
    return { ...base, state: 'live', handle: handle === null ? null : JSON.stringify(handle) }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    if (error.kind === 'permanent' && error.scope !== 'connection')
      return { ...base, state: 'gone', handle: null, replace: needsSuccessor(row, drawn, open) }
    const wait = Math.max(error.retryAfter ?? 0, Math.min(minutes(5), seconds(1) * 2 ** Math.min(row.tries, 9)))
    return { ...base, hash: row.drawn_hash, state: 'live', failed: true, wait }
  }
}

/** Keeps every card that shows a subject in step with it. One queue per card; a card whose own facts stayed is not sent. */
export const createLiveCards = (tools: SenderTools, replica: string): LiveCards => {
  const { parts } = tools
  const inHand = new Set<string>()
  const again = new Set<string>()
  let suspects = new Set<string>()
  const gate = createGate(32)
  const idlers: (() => void)[] = []

  const settle = createBatcher<Repaint, null>(async (repaints) => {
    const behind = await settleRepaints(tools, repaints, replica)
    for (const { id } of behind) again.add(id)
    return repaints.map(() => null)
  }, 64)

  const repaint = async (key: CardKey): Promise<void> => {
    const row = await readCard(tools, key)
    if (!row || row.state === 'gone') return
    const on = await tools.subjectOf(row.subject, row.wanted_rev)
    if (!on?.state) return
    const drawn = await drawFor(on, { person: row.person, account: { connection: row.connection, account: row.account } }, tools)
    if (!drawn) return
    const change = row.superseded ? tryLastUpdate : tryUpdate
    await settle(await change(row, drawn, on.registered.workflow.open(on.state), tools))
  }

  const run = async (key: CardKey): Promise<void> => {
    do {
      again.delete(key.id)
      await repaint(key)
    } while (again.has(key.id))
  }

  const letGo = async (key: CardKey, error: unknown): Promise<void> => {
    parts.log.error('a card could not be repainted', {
      card: key.id,
      error: error instanceof Error ? error.stack : String(error),
    })
    await sql`update live_card set lease_owner = null, tries = tries + 1, due_at = ${later(parts.clock.now(), seconds(30)).toISOString()}::timestamptz
      where site = ${key.site} and id = ${key.id} and lease_owner = ${replica}`
      .execute(parts.database.db)
      .catch(() => {})
  }

  const take = (key: CardKey): void => {
    if (inHand.has(key.id)) return void again.add(key.id)
    inHand.add(key.id)
    gate(() => run(key))
      .catch((error: unknown) => letGo(key, error))
      .finally(() => {
        inHand.delete(key.id)
        if (again.delete(key.id)) take(key)
        if (inHand.size === 0) for (const idle of idlers.splice(0)) idle()
      })
  }

  const markShown = createBatcher<{ card: CardKey; drawn: { hash: string; revision: number } }, null>(async (items) => {
    const rows = items
      .map(({ card, drawn }) => ({ site: card.site, id: card.id, rev: drawn.revision, hash: drawn.hash }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    const { rows: behind } =
      await sql<CardKey>`/* hot */ update live_card c set drawn_rev = greatest(c.drawn_rev, x.rev), drawn_hash = x.hash, hold_real = null,
        lease_owner = case when c.wanted_rev > x.rev then coalesce(c.lease_owner, ${replica}) else c.lease_owner end
      from json_to_recordset(${rowsOf(rows)}::json) as x(site text, id text, rev integer, hash text) where c.site = x.site and c.id = x.id
      returning c.site, c.id, case when c.wanted_rev > c.drawn_rev and c.lease_owner = ${replica} then c.subject end as subject`.execute(
        parts.database.db,
      )
    for (const card of behind) if (card.subject !== null) take(card)
    return items.map(() => null)
  }, 64)

  return {
    follow: (cards) => cards.forEach(take),
    sweep: async () => {
      const cards = (await claim(tools, replica, 64)).filter(({ id }) => !inHand.has(id))
      cards.forEach(take)
      return cards.length
    },
    adopt: async () => {
      const unknown = (await heldBy(tools, replica)).filter(({ id }) => !inHand.has(id))
      const certain = unknown.filter(({ id }) => suspects.has(id))
      suspects = new Set(unknown.map(({ id }) => id))
      certain.forEach(take)
      return certain.length
    },
    shown: (card, drawn) => void markShown({ card, drawn }).catch(() => {}),
    underWay: () => inHand.size,
    idle: () => (inHand.size === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  }
}
