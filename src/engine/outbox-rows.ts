import { sql } from 'kysely'
import { type Handle, rowsOf, type Tx } from '../db/database.ts'
import type { EffectKind } from './effects.ts'

export type EffectRow = {
  readonly site: string
  readonly id: string
  readonly subject: string
  readonly revision: number
  readonly kind: string
  readonly person: string | null
  readonly connection: string | null
  readonly account: string | null
  readonly conversation: string | null
  readonly payload: string
  readonly urgent: boolean
  readonly attempts: number
  readonly maybe_sent: boolean
  readonly first_tried_at: string | Date | null
  readonly created_at: string | Date
  readonly fence: number | string
}

const ofKinds = (kinds: readonly EffectKind[] | undefined) =>
  kinds ? sql`and kind = any(array(select json_array_elements_text(${JSON.stringify(kinds)}::json)))` : sql``

/**
 * Takes waiting effects that are due for a replica; nobody else gets them until its lease falls. A runtime that cannot perform everything names the
 * `kinds` it can; the rest stays waiting for another.
 */
export const claimEffects = async (
  tx: Handle,
  replica: string,
  at: Date,
  most: number,
  kinds?: readonly EffectKind[],
): Promise<readonly EffectRow[]> => {
  const { rows } = await sql<EffectRow>`/* hot */ with due as (
      select site, id from effect where state = 'waiting' and due_at <= ${at.toISOString()}::timestamptz ${ofKinds(kinds)}
        order by urgent desc, due_at, id limit ${most}::int for update skip locked)
    update effect e set state = 'leased', lease_owner = ${replica}, leased_real = now(), fence = e.fence + 1,
        first_tried_at = coalesce(e.first_tried_at, ${at.toISOString()}::timestamptz)
      from due where e.site = due.site and e.id = due.id
      returning e.site, e.id, e.subject, e.revision, e.kind, e.person, e.connection, e.account, e.conversation, e.payload, e.urgent, e.attempts, e.maybe_sent,
        e.first_tried_at, e.created_at, e.fence`.execute(tx)
  return rows
}

/** What a replica holds, by the table. */
export const heldBy = async (handle: Handle, replica: string): Promise<readonly EffectRow[]> => {
  const { rows } =
    await sql<EffectRow>`select site, id, subject, revision, kind, person, connection, account, conversation, payload, urgent, attempts, maybe_sent,
    first_tried_at, created_at, fence from effect where state = 'leased' and lease_owner = ${replica} limit 500`.execute(handle)
  return rows
}

/** One attempt at one effect, ready to be written. */
export type Attempt = {
  readonly effect: EffectRow
  readonly attempt: number
  readonly connection: string
  readonly account: string
  /** done: it is there · dropped: overtaken · retry: later · dead: never, and why. */
  readonly outcome: 'done' | 'dropped' | 'retry' | 'dead'
  readonly at: Date
  readonly message: string | null
  readonly lost: string | null
  readonly detail: string | null
  readonly dueAt: Date | null
  readonly maybeSent: boolean
  /** The card that now hangs in a chat; null for texts and jobs. */
  readonly card: NewLiveCard | null
}

export type NewLiveCard = {
  readonly id: string
  readonly subject: string
  readonly person: string | null
  readonly connection: string
  readonly account: string
  readonly conversation: string | null
  readonly message: string
  readonly handle: string | null
  readonly drawn_rev: number
  readonly drawn_hash: string
}

const stateOf: Readonly<Record<Attempt['outcome'], string>> = { done: 'done', dropped: 'dropped', retry: 'waiting', dead: 'dead' }

const attemptRow = ({ effect, outcome, at, message, detail, dueAt, maybeSent }: Attempt): object => ({
  site: effect.site,
  id: effect.id,
  fence: Number(effect.fence),
  state: stateOf[outcome],
  message,
  error: detail,
  due_at: dueAt?.toISOString() ?? null,
  maybe_sent: maybeSent,
  done_at: outcome === 'retry' ? null : at.toISOString(),
})

const deliveryRow = ({ effect, attempt, connection, account, at, outcome, message, lost, detail }: Attempt): object => ({
  site: effect.site,
  effect: effect.id,
  attempt,
  connection,
  account,
  at: at.toISOString(),
  outcome,
  message,
  lost,
  detail,
})

const cardRow = (attempt: Attempt): object => ({
  ...attempt.card,
  site: attempt.effect.site,
  effect: attempt.effect.id,
  fence: Number(attempt.effect.fence),
  sent_at: attempt.at.toISOString(),
})

/**
 * Writes the outcome of attempts, each under its fencing number: a replica that lost its lease changes nothing. A new live card takes the revision the subject
 * has by now as wanted, under a lock that waits for a decision in flight, so that no card stays behind unseen. Gives the ids of cards that are behind already.
 */
export const settleAttempts = async (
  tx: Tx,
  attempts: readonly Attempt[],
  replica: string,
): Promise<readonly { site: string; id: string; subject: string }[]> => {
  const cards = attempts.filter(({ card }) => card !== null)
  if (cards.length > 0) {
    const subjects = JSON.stringify([...new Set(cards.map(({ effect }) => effect.subject))].sort())
    await sql`/* hot */ select id from subject where id = any(array(select json_array_elements_text(${subjects}::json))) order by id for key share`.execute(
      tx,
    )
  }
  const delivered = attempts.filter(({ connection }) => connection !== '')
  const { rows } = await sql<{ site: string; id: string; subject: string }>`/* hot */ with
    done as (update effect e set state = x.state, message = coalesce(x.message, e.message), error = x.error, due_at = coalesce(x.due_at, e.due_at),
        attempts = e.attempts + 1, maybe_sent = x.maybe_sent, done_at = x.done_at, lease_owner = null
      from json_to_recordset(${rowsOf(attempts.map(attemptRow))}::json)
        as x(site text, id text, fence bigint, state text, message text, error text, due_at timestamptz, maybe_sent boolean, done_at timestamptz)
      where e.site = x.site and e.id = x.id and e.fence = x.fence and e.state = 'leased' returning e.id),
    tried as (insert into delivery select * from json_populate_recordset(null::delivery, ${rowsOf(delivered.map(deliveryRow))}::json) on conflict do nothing)
    insert into live_card (site, id, subject, person, connection, account, conversation, message, handle, drawn_rev, wanted_rev, drawn_hash, sent_at, due_at, lease_owner)
      select c.site, c.id, c.subject, c.person, c.connection, c.account, c.conversation, c.message, c.handle, c.drawn_rev, greatest(c.drawn_rev, s.revision), c.drawn_hash,
          c.sent_at, c.sent_at, case when s.revision > c.drawn_rev then ${replica} end
        from json_to_recordset(${rowsOf(cards.map(cardRow))}::json) as c(site text, id text, subject text, person text, connection text, account text, conversation text,
          message text, handle text, drawn_rev integer, drawn_hash text, sent_at timestamptz, effect text, fence bigint)
        join done on done.id = c.effect
        join subject s on s.id = c.subject
      on conflict (connection, message) do nothing
      returning live_card.site, live_card.id, case when wanted_rev > drawn_rev then live_card.subject end as subject`.execute(tx)
  return rows.filter(({ subject }) => subject !== null)
}
