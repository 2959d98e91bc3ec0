import { sql } from 'kysely'
import type { Handle } from '../db/database.ts'
import { dutiesOf } from './card-payload.ts'

/** One attempt to reach one account about a case; a notice that was never attempted is one line without an attempt. */
export type LedgerLine = {
  readonly effect: string
  /** What was sent: a card with its duty, words, words to many (`bulk`), an event to a system outside; or that all of it was taken back (`recall`). */
  readonly kind: string
  readonly duty: string | null
  readonly event: string | null
  readonly ring: boolean
  readonly urgent: boolean
  readonly createdAt: Date
  readonly state: string
  readonly person: string | null
  readonly name: string | null
  readonly connection: string | null
  readonly account: string | null
  readonly attempt: number | null
  readonly at: Date | null
  /** done: the platform took it · retry: tried again later · dead: never · dropped: overtaken by events · overtaken: another account of the same person took it. */
  readonly outcome: string | null
  readonly message: string | null
  readonly lost: string | null
  readonly detail: string | null
  /** When the reader's platform says that it was read; null where it reports nothing, or nothing yet. */
  readonly read: Date | null
  /** What this person did in the case next, and when: an act is the only proof of having been reached that no platform can fake. */
  readonly acted: { readonly at: Date; readonly event: string } | null
}

type Row = Omit<LedgerLine, 'duty' | 'event' | 'ring' | 'acted'> & {
  readonly payload: string
  readonly acted_at: Date | null
  readonly acted: string | null
}

type Payload = Pick<LedgerLine, 'duty' | 'event' | 'ring'> & { readonly target: string | null }

const wordOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const payloadOf = (text: string): Payload => {
  try {
    const { event, ring, target, ...card } = JSON.parse(text) as Readonly<Record<string, unknown>>
    return { duty: dutiesOf(card).join(' and ') || null, event: wordOf(event), ring: ring === true, target: wordOf(target) }
  } catch {
    return { duty: null, event: null, ring: false, target: null }
  }
}

const typeOf = (event: string | null): string => {
  try {
    const { type } = JSON.parse(event ?? '{}') as { type?: unknown }
    return typeof type === 'string' ? type : '?'
  } catch {
    return '?'
  }
}

const lineOf = ({ payload, acted_at, acted, ...row }: Row): LedgerLine => {
  const { target, ...told } = payloadOf(payload)
  return {
    ...row,
    ...told,
    connection: row.connection ?? (target === null ? null : `call:${target}`),
    acted: acted_at === null ? null : { at: acted_at, event: typeOf(acted) },
  }
}

/** Who was sent what about a case, when, on which platform, at which attempt, when they read it, and what they did next; oldest first. */
export const readLedger = async (handle: Handle, subject: string): Promise<readonly LedgerLine[]> => {
  const { rows } = await sql<Row>`with acts as (
      select at, seq, event, actor::json ->> 'person' as person, actor::json -> 'account' ->> 'connection' as connection,
        actor::json -> 'account' ->> 'account' as account from journal j where j.subject = ${subject} and j.site = (select site from subject where id = ${subject}))
    select e.id as effect, e.kind, e.payload, e.urgent, e.created_at as "createdAt", e.state, coalesce(e.person, a.person) as person, p.name,
      coalesce(d.connection, e.connection) as connection, coalesce(d.account, e.account) as account, d.attempt, d.at, d.outcome,
      coalesce(d.message, e.message) as message, d.lost, coalesce(d.detail, e.error) as detail, r.at as read, x.at as acted_at, x.event as acted
    from effect e left join delivery d on d.site = e.site and d.effect = e.id
      left join account a on a.connection = coalesce(d.connection, e.connection) and a.account = coalesce(d.account, e.account)
      left join person p on p.site = e.site and p.id = coalesce(e.person, a.person)
      left join lateral (select acts.at, acts.event from acts
        where acts.at >= coalesce(d.at, e.created_at) and (acts.person = coalesce(e.person, a.person) or (acts.connection = a.connection and acts.account = a.account))
        order by acts.seq limit 1) as x on d.outcome = 'done'
    left join receipt r on r.site = e.site and r.effect = e.id and r.connection = d.connection and r.account = d.account and r.how = 'read'
        and d.outcome = 'done'
    where e.subject = ${subject} and e.kind in ('card', 'text', 'plainCard', 'bulk', 'recall', 'callOut')
    order by coalesce(d.at, e.created_at), e.id, d.attempt, d.outcome = 'done'`.execute(handle)
  return rows.map(lineOf)
}
