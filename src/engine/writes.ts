import { sql } from 'kysely'
import { rowsOf, type Tx } from '../db/database.ts'

type Row = Readonly<Record<string, unknown>>

/** Everything one batch writes. Rows have the names of their tables' columns. */
export type Writes = {
  readonly inbox: Row[]
  readonly subject: Row[]
  readonly journal: Row[]
  readonly deadline: Row[]
  readonly deadlineGone: { site: string; subject: string; tag: string }[]
  readonly effect: Row[]
  /** Subjects whose live cards must follow, with the revision they must show. */
  readonly behind: { subject: string; revision: number }[]
  /** Pressed cards: the answer repaints them, so the queue holds back; a fresh handle replaces the old one. */
  readonly pressed: { site: string; id: string; subject: string; handle: string | null; hold: boolean }[]
  readonly seal: Row[]
  readonly expectation: Row[]
  readonly expectationGone: { subject: string; command: string }[]
  readonly held: Row[]
  /** Kept arrivals that have found their place: a second press on the question finds nothing. */
  readonly heldGone: { id: string }[]
  readonly linkCode: Row[]
  readonly account: Row[]
  readonly link: { connection: string; account: string; site: string; person: string | null; proof: string; at: string }[]
  readonly alarm: Row[]
  /** Subjects whose rows of the index are replaced by those of `index`. */
  readonly indexGone: { site: string; subject: string }[]
  readonly index: Row[]
  readonly tally: { site: string; name: string; key: string; n: number }[]
}

export const noWrites = (): Writes => ({
  inbox: [],
  subject: [],
  journal: [],
  deadline: [],
  deadlineGone: [],
  effect: [],
  behind: [],
  pressed: [],
  seal: [],
  expectation: [],
  expectationGone: [],
  held: [],
  heldGone: [],
  linkCode: [],
  account: [],
  link: [],
  alarm: [],
  indexGone: [],
  index: [],
  tally: [],
})

/** One row for each counter, in the order in which replicas lock them. */
const summed = (rows: Writes['tally']): Writes['tally'] => {
  const sums = new Map<string, Writes['tally'][number]>()
  for (const row of rows) {
    const key = `${row.site}\n${row.name}\n${row.key}`
    sums.set(key, { ...row, n: (sums.get(key)?.n ?? 0) + row.n })
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

export type BehindCard = {
  readonly site: string
  readonly id: string
  readonly subject: string
  readonly lease_owner: string | null
  readonly held: boolean
}

/**
 * The core of a decision in one statement whatever the size of the batch: inbox rows, state, journal, seal, deadlines, effects, and the live cards that must
 * follow. Gives the cards that are behind now; those not leased by anybody are leased to `replica`. A known inbox key aborts everything (another replica
 * was first) and the batch is read anew.
 */
export const writeCore = async (tx: Tx, writes: Writes, replica: string | null): Promise<readonly BehindCard[]> => {
  const fellBehind = writes.inbox[0]?.arrived_at ?? null
  const { rows } = await sql<BehindCard>`/* hot */ with
    i as (insert into inbox select * from json_populate_recordset(null::inbox, ${rowsOf(writes.inbox)}::json)),
    j as (insert into journal select * from json_populate_recordset(null::journal, ${rowsOf(writes.journal)}::json)),
    s as (insert into subject select * from json_populate_recordset(null::subject, ${rowsOf(writes.subject)}::json)
      on conflict (site, id) do update set status = excluded.status, open = excluded.open, revision = excluded.revision, state = excluded.state,
        head = excluded.head, owner = excluded.owner, changed_at = excluded.changed_at),
    l as (insert into seal select * from json_populate_recordset(null::seal, ${rowsOf(writes.seal)}::json)),
    g as (delete from deadline d using json_to_recordset(${rowsOf(writes.deadlineGone)}::json) as x(site text, subject text, tag text)
      where d.site = x.site and d.subject = x.subject and d.tag = x.tag),
    d as (insert into deadline select * from json_populate_recordset(null::deadline, ${rowsOf(writes.deadline)}::json)
      on conflict (site, subject, tag) do update set id = excluded.id, due_at = excluded.due_at, command = excluded.command, tries = 0),
    e as (insert into effect select * from json_populate_recordset(null::effect, ${rowsOf(writes.effect)}::json))
    update live_card c set
        wanted_rev = coalesce(k.revision, c.wanted_rev),
        handle = case when k.handle is null then c.handle else (coalesce(c.handle, '{}')::jsonb || k.handle::jsonb)::text end,
        state = case when k.handle is not null and c.state = 'spent' then 'live' else c.state end,
        hold_real = case when k.hold then now() + interval '6 seconds' else c.hold_real end,
        due_at = case when c.wanted_rev > c.drawn_rev then least(c.due_at, ${fellBehind}::timestamptz) else ${fellBehind}::timestamptz end,
        lease_owner = case when k.hold then c.lease_owner else coalesce(c.lease_owner, ${replica}) end
      from (
        select c.site, c.id, b.revision, p.handle, coalesce(p.hold, false) as hold
          from json_to_recordset(${rowsOf(writes.behind)}::json) as b(subject text, revision integer)
          cross join lateral (select k.site, k.id from live_card k where k.subject = b.subject and k.state in ('live', 'spent') offset 0) c
          left join json_to_recordset(${rowsOf(writes.pressed)}::json) as p(id text, handle text, hold boolean) on p.id = c.id
        union all
        select c.site, c.id, null, p.handle, p.hold
          from json_to_recordset(${rowsOf(writes.pressed)}::json) as p(site text, id text, handle text, hold boolean, subject text)
          join live_card c on c.site = p.site and c.id = p.id
          where p.subject not in (select subject from json_to_recordset(${rowsOf(writes.behind)}::json) as b(subject text))
        order by 2) as k
      where c.site = k.site and c.id = k.id
      returning c.site, c.id, c.subject, c.lease_owner, k.hold as held`.execute(tx)
  return rows
}

/** What only some batches write; nothing is sent for an empty list. */
export const writeRest = async (tx: Tx, writes: Writes): Promise<void> => {
  if (writes.indexGone.length > 0) await writeIndex(tx, writes)
  if (writes.tally.length > 0)
    await sql`/* hot */ insert into tally select * from json_populate_recordset(null::tally, ${rowsOf(summed(writes.tally))}::json)
      on conflict (site, name, key) do update set n = tally.n + excluded.n`.execute(tx)
  if (writes.expectationGone.length > 0)
    await sql`delete from expectation e using json_to_recordset(${rowsOf(writes.expectationGone)}::json) as x(subject text, command text)
      where e.subject = x.subject and e.command = x.command`.execute(tx)
  if (writes.expectation.length > 0)
    await sql`/* hot */ insert into expectation select * from json_populate_recordset(null::expectation, ${rowsOf(writes.expectation)}::json)
      on conflict (connection, account, conversation, subject, command) do update set until = excluded.until, takes = excluded.takes`.execute(
      tx,
    )
  if (writes.held.length > 0)
    await sql`insert into held select * from json_populate_recordset(null::held, ${rowsOf(writes.held)}::json)`.execute(tx)
  if (writes.heldGone.length > 0) await takeHeld(tx, writes.heldGone)
  if (writes.linkCode.length > 0)
    await sql`insert into link_code select * from json_populate_recordset(null::link_code, ${rowsOf(writes.linkCode)}::json) on conflict (hash) do nothing`.execute(
      tx,
    )
  if (writes.account.length > 0)
    await sql`/* hot */ insert into account select * from json_populate_recordset(null::account, ${rowsOf(writes.account)}::json)
      on conflict (connection, account) do update set seen_at = excluded.seen_at,
        state = case when account.state = 'dead' then 'active' else account.state end,
        name = case when account.name = '' then excluded.name else account.name end`.execute(tx)
  if (writes.link.length > 0) await writeLinks(tx, writes.link)
  if (writes.alarm.length > 0)
    await sql`insert into alarm select * from json_populate_recordset(null::alarm, ${rowsOf(writes.alarm)}::json)`.execute(tx)
}

/**
 * Rows that stay are changed in place, and only where they differ; those that went are deleted. `not in` is answered from one hash table, where an anti-join without hash joins
 * (see the planner's settings) compares every row with every other: measured 60 ms for a batch of 64 cases, and growing with its square.
 */
const writeIndex = async (tx: Tx, { indexGone, index }: Writes): Promise<void> => {
  await sql`/* hot */ with
    fresh as (select * from json_populate_recordset(null::subject_index, ${rowsOf(index)}::json)),
    gone as (delete from subject_index i using json_to_recordset(${rowsOf(indexGone)}::json) as x(site text, subject text)
      where i.subject = x.subject and i.site = x.site
        and (i.site, i.name, i.key, i.subject) not in (select site, name, key, subject from fresh))
    insert into subject_index select site, name, key, subject, at, weight, note from fresh order by site, name, key, subject
      on conflict (site, name, key, subject) do update set at = excluded.at, weight = excluded.weight, note = excluded.note
        where (subject_index.at, subject_index.weight, subject_index.note) is distinct from (excluded.at, excluded.weight, excluded.note)`.execute(
    tx,
  )
}

const writeLinks = async (tx: Tx, links: Writes['link']): Promise<void> => {
  for (const { connection, account, site, person, proof, at } of links) {
    const link =
      person === null ? { state: proof } : { site, person: person === '' ? null : person, proof, linked_at: at, state: 'active' }
    await tx.updateTable('account').set(link).where('connection', '=', connection).where('account', '=', account).execute()
    await tx.updateTable('site').set({ revision: sql`revision + 1` }).where('id', '=', site).execute()
  }
}

/** PostgreSQL's code for "the world changed meanwhile": the batch is read and decided anew. */
class ChangedMeanwhile extends Error {
  readonly code = '40001'
}

/** A kept arrival finds its place once: when another replica was first, the batch is decided anew and finds nothing to place. */
const takeHeld = async (tx: Tx, gone: Writes['heldGone']): Promise<void> => {
  const { rows } =
    await sql`delete from held h using json_to_recordset(${rowsOf(gone)}::json) as x(id text) where h.id = x.id returning h.id`.execute(
      tx,
    )
  if (rows.length < new Set(gone.map(({ id }) => id)).size)
    throw new ChangedMeanwhile('a kept arrival was placed by another replica')
}
