import { sql } from 'kysely'
import { type Handle, rowsOf, type Tx } from '../db/database.ts'
import { gathered, later, seconds } from '../lib/clock.ts'
import { idFor } from '../lib/id.ts'
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
  /** Accounts that were tried before this one in the same attempt and did not take it; left out when there are none. */
  readonly passedOver?: readonly PassedOver[]
  /** Should the platform be asked whether this was read, or even known? Only for what must not be dropped in silence. */
  readonly watch?: true
}

type PassedOver = Pick<Attempt, 'connection' | 'account' | 'outcome' | 'message' | 'lost' | 'detail'>

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

/** Looks are due together: every five seconds there is one round of them, however many notices wait. */
export const lookRound = seconds(5)
/** When a message that must arrive is first looked for on its platform: before the ladder goes on to the next way after two minutes. */
const firstLook = (sent: Date): Date => gathered(later(sent, seconds(105)), lookRound)

const checkRow = ({ effect, attempt, connection, account, at, message }: Attempt): object => ({
  ...{ site: effect.site, id: idFor('eff', `check ${effect.id} ${attempt}`), subject: effect.subject, revision: effect.revision },
  ...{ kind: 'check', person: null, connection: null, account: null, conversation: null, urgent: false },
  payload: JSON.stringify({ effect: effect.id, person: effect.person, connection, account, message }),
  ...{
    due_at: firstLook(at).toISOString(),
    created_at: at.toISOString(),
    state: 'waiting',
    attempts: 0,
    maybe_sent: false,
    fence: 0,
  },
})

/** Looks for the messages that must not be dropped in silence, later, as effects of their own; most batches have none. */
const checks = (attempts: readonly Attempt[]) => {
  const rows = attempts.filter(({ watch, outcome, connection }) => watch && outcome === 'done' && connection !== '').map(checkRow)
  return rows.length === 0
    ? sql``
    : sql`looked as (insert into effect select * from json_populate_recordset(null::effect, ${rowsOf(rows)}::json) on conflict do nothing),`
}

const deliveryRow = ({ effect, attempt, at }: Attempt, tried: PassedOver, outcome: string): object => ({
  site: effect.site,
  effect: effect.id,
  attempt,
  connection: tried.connection,
  account: tried.account,
  at: at.toISOString(),
  outcome,
  message: tried.message,
  lost: tried.lost,
  detail: tried.detail,
})

/** The ledger's lines of one attempt, one for each account. Where another account took the notice, the one that was late is overtaken. */
const deliveryRows = (made: Attempt): readonly object[] => {
  const tried = [...(made.passedOver ?? []), made].filter(({ connection }) => connection !== '')
  return tried.map((one) =>
    deliveryRow(made, one, one.outcome === 'retry' && made.outcome === 'done' ? 'overtaken' : one.outcome),
  )
}

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
  const { rows } = await sql<{ site: string; id: string; subject: string }>`/* hot */ with
    done as (update effect e set state = x.state, message = coalesce(x.message, e.message), error = x.error, due_at = coalesce(x.due_at, e.due_at),
        attempts = e.attempts + 1, maybe_sent = x.maybe_sent, done_at = x.done_at, lease_owner = null
      from json_to_recordset(${rowsOf(attempts.map(attemptRow))}::json)
        as x(site text, id text, fence bigint, state text, message text, error text, due_at timestamptz, maybe_sent boolean, done_at timestamptz)
      where e.site = x.site and e.id = x.id and e.fence = x.fence and e.state = 'leased' returning e.id),
    ${checks(attempts)}
    tried as (insert into delivery select * from json_populate_recordset(null::delivery, ${rowsOf(attempts.flatMap(deliveryRows))}::json) on conflict do nothing)
    insert into live_card (site, id, subject, person, connection, account, conversation, message, handle, drawn_rev, wanted_rev, drawn_hash, sent_at, due_at, lease_owner, effect)
      select c.site, c.id, c.subject, c.person, c.connection, c.account, c.conversation, c.message, c.handle, c.drawn_rev, greatest(c.drawn_rev, s.revision), c.drawn_hash,
          c.sent_at, c.sent_at, case when s.revision > c.drawn_rev then ${replica} end, c.effect
        from json_to_recordset(${rowsOf(cards.map(cardRow))}::json) as c(site text, id text, subject text, person text, connection text, account text, conversation text,
          message text, handle text, drawn_rev integer, drawn_hash text, sent_at timestamptz, effect text, fence bigint)
        join done on done.id = c.effect
        join subject s on s.id = c.subject
      on conflict (connection, message) do nothing
      returning live_card.site, live_card.id, case when wanted_rev > drawn_rev then live_card.subject end as subject`.execute(tx)
  return rows.filter(({ subject }) => subject !== null)
}
