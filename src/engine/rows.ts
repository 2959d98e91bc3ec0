import { sql } from 'kysely'
import { type Db, type Handle, rowsOf, type Tx } from '../db/database.ts'
import type { Expectation } from './route.ts'

/** One question per arrival of a batch: is it known, and what does its sender's chat wait for? */
export type Question = {
  readonly connection: string
  readonly key: string
  readonly alias: string | null
  readonly account: string
  readonly conversation: string
  readonly message: string | null
  readonly code: string | null
  readonly secret: string | null
  readonly held: string | null
}

export type PressedCard = {
  readonly id: string
  readonly site: string
  readonly subject: string
  readonly connection: string
  readonly message: string
  readonly person: string | null
  readonly account: string
  readonly drawn_rev: number
}

export type Answers = {
  readonly offset: number
  readonly sites: readonly { readonly id: string; readonly revision: number }[]
  readonly seen: readonly {
    readonly connection: string
    readonly key: string
    readonly alias: string | null
    readonly subject: string | null
  }[]
  readonly expectations: readonly Expectation[]
  readonly cards: readonly PressedCard[]
  readonly accounts: readonly {
    readonly connection: string
    readonly account: string
    readonly state: string
    readonly seen: boolean
    /** Seen within the hour: which of a person's accounts is used most lately is kept to the hour, so that not every arrival writes. */
    readonly lately: boolean
  }[]
  readonly codes: readonly { readonly code: string; readonly id: string }[]
  readonly secrets: readonly { readonly hash: string; readonly subject: string }[]
  readonly held: readonly { readonly id: string; readonly body: string }[]
  readonly seal: { readonly seq: number; readonly hash: string } | null
}

const list = 'json_agg'

/** Everything a batch must know before it locks its subjects, in one statement. */
export const ask = async (tx: Tx, questions: readonly Question[], lane: string, at: Date): Promise<Answers> => {
  const { rows } = await sql<{ answers: string | object }>`/* hot */ with q as (
      select * from json_to_recordset(${rowsOf(questions)}::json) as q(connection text, key text, alias text, account text, conversation text, message text, code text, secret text, held text)),
    seen as (
      select i.connection, i.key, i.alias, i.subject from inbox i join q on i.connection = q.connection and i.key = q.key
      union select i.connection, i.key, i.alias, i.subject from inbox i join q on i.connection = q.connection and i.alias = q.alias where q.alias is not null)
    select json_build_object(
      'offset', (select offset_ms from clock),
      'sites', (select ${sql.raw(list)}(json_build_object('id', id, 'revision', revision)) from site),
      'seen', (select ${sql.raw(list)}(seen) from seen),
      'expectations', (select ${sql.raw(list)}(e) from expectation e where e.until > ${at.toISOString()}::timestamptz
          and exists (select 1 from q where q.connection = e.connection and q.account = e.account and q.conversation = e.conversation)),
      'cards', (select ${sql.raw(list)}(json_build_object('id', c.id, 'site', c.site, 'subject', c.subject, 'connection', c.connection, 'message', c.message,
          'person', c.person, 'account', c.account, 'drawn_rev', c.drawn_rev)) from live_card c join q on c.connection = q.connection and c.message = q.message),
      'accounts', (select ${sql.raw(list)}(json_build_object('connection', a.connection, 'account', a.account, 'state', a.state, 'seen', a.seen_at is not null,
          'lately', coalesce(a.seen_at > ${at.toISOString()}::timestamptz - interval '1 hour', false)))
          from account a where exists (select 1 from q where q.connection = a.connection and q.account = a.account)),
      'codes', (select ${sql.raw(list)}(json_build_object('code', s.code, 'id', s.id)) from subject s where s.code in (select code from q where code is not null)),
      'secrets', (select ${sql.raw(list)}(json_build_object('hash', l.hash, 'subject', l.subject)) from link_code l
          where l.until > ${at.toISOString()}::timestamptz and l.hash in (select secret from q where secret is not null)),
      'held', (select ${sql.raw(list)}(json_build_object('id', h.id, 'body', h.body)) from held h where h.id in (select held from q where held is not null)),
      'seal', (select json_build_object('seq', seq, 'hash', hash) from seal where lane = ${lane} order by seq desc limit 1)
    )::text as answers`.execute(tx)
  return readAnswers(String(rows[0]?.answers ?? '{}'))
}

type RawAnswers = { readonly [K in keyof Answers]: Answers[K] | null }

const readAnswers = (text: string): Answers => {
  const raw = JSON.parse(text) as RawAnswers
  return {
    offset: Number(raw.offset ?? 0),
    sites: raw.sites ?? [],
    seen: raw.seen ?? [],
    expectations: (raw.expectations ?? []).map((one) => ({ ...one, until: new Date(one.until) })),
    cards: raw.cards ?? [],
    accounts: raw.accounts ?? [],
    codes: raw.codes ?? [],
    secrets: raw.secrets ?? [],
    held: raw.held ?? [],
    seal: raw.seal ?? null,
  }
}

export type SubjectRow = {
  readonly site: string
  readonly id: string
  readonly workflow: string
  readonly code: string
  readonly revision: number
  readonly state: string
  readonly head: string
}

/** Locks the subjects of a batch in the order of their ids and reads them. */
export const lockSubjects = async (tx: Tx, ids: readonly string[]): Promise<readonly SubjectRow[]> => {
  if (ids.length === 0) return []
  const { rows } = await sql<SubjectRow>`/* hot */ select site, id, workflow, code, revision, state, head from subject
    where id = any(array(select json_array_elements_text(${JSON.stringify([...new Set(ids)].sort())}::json))) order by id for update`.execute(
    tx,
  )
  return rows
}

export type DeadlineKey = { readonly site: string; readonly subject: string; readonly tag: string; readonly id: string }

/** Which of these deadlines still stand, asked after their subjects are locked: one that was set anew or cancelled meanwhile must not fire. */
export const standingDeadlines = async (tx: Tx, keys: readonly DeadlineKey[]): Promise<ReadonlySet<string>> => {
  if (keys.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`/* hot */ select d.id from deadline d
    join json_to_recordset(${rowsOf(keys)}::json) as x(site text, subject text, tag text, id text)
      on d.site = x.site and d.subject = x.subject and d.tag = x.tag and d.id = x.id`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** A subject as it stands now, without a lock. */
export const readSubject = async (handle: Handle, id: string): Promise<SubjectRow | null> =>
  (await handle
    .selectFrom('subject')
    .select(['site', 'id', 'workflow', 'code', 'revision', 'state', 'head'])
    .where('id', '=', id)
    .executeTakeFirst()) ?? null

export type Sender = { readonly connection: string; readonly account: string; readonly site: string }

/**
 * Makes messages of one account, arriving at two replicas at once, wait for each other, so that an album is one case. The account's own row is the lock
 * (advisory locks are not to be had behind every pooler); an account that was never seen gets its row here, which makes the second one wait as well.
 */
export const lockSenders = async (tx: Tx, senders: readonly Sender[]): Promise<void> => {
  if (senders.length === 0) return
  await sql`/* hot */ with q as (select * from json_to_recordset(${rowsOf(senders)}::json) as q(connection text, account text, site text)),
    fresh as (insert into account (connection, account, site)
      select connection, account, site from q where not exists (select 1 from account a where a.connection = q.connection and a.account = q.account)
      order by connection, account on conflict do nothing)
    select 1 from account a join q on a.connection = q.connection and a.account = q.account order by a.connection, a.account for update of a`.execute(
    tx,
  )
}

/** Draws `count` numbers of a day's counter and gives the first. Numbers may be lost, never given twice. */
export const drawNumbers = async (tx: Tx, site: string, prefix: string, day: string, count: number): Promise<number> => {
  const { rows } = await sql<{
    n: number | string
  }>`/* hot */ insert into code_counter (site, prefix, day, n) values (${site}, ${prefix}, ${day}, ${count}::bigint)
    on conflict (site, prefix, day) do update set n = code_counter.n + ${count}::bigint returning n`.execute(tx)
  return Number(rows[0]?.n) - count + 1
}

/** A short transaction without retries, for everything that is not a decision. */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(work)
