import { sql } from 'kysely'
import type { Incoming } from '../bots/platform.ts'
import { rowsOf, type Tx } from '../db/database.ts'
import { createBatcher } from '../lib/batcher.ts'
import type { Millis } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { EngineParts } from './parts.ts'

/** A notice that its addressee has read, as the platform says. */
export type Receipt = {
  readonly site: string
  readonly effect: string
  readonly subject: string
  readonly workflow: string | null
  readonly connection: string
  readonly account: string
  readonly person: string | null
  readonly at: Date
}

type Read = Incoming & { readonly kind: 'read' }
/** Only the person whom a card was sent to can have read it for them; a card in a group is nobody's. */
const readsOf = ({ connection, account, messages, at }: Read): readonly object[] =>
  messages.map((message) => ({ connection, account, message, at: at.toISOString() }))

const cardsRead = async (tx: Tx, reads: readonly Read[]): Promise<readonly Receipt[]> => {
  const { rows } = await sql<
    Omit<Receipt, 'at'> & { at: string | Date }
  >`select distinct on (c.site, c.effect) c.site, c.effect, c.subject, s.workflow,
      c.connection, c.account, c.person, r.at
    from json_to_recordset(${rowsOf(reads.flatMap(readsOf))}::json) as r(connection text, account text, message text, at timestamptz)
    join live_card c on c.connection = r.connection and c.message = r.message and c.account = r.account
    join subject s on s.id = c.subject where c.effect is not null order by c.site, c.effect, r.at`.execute(tx)
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}

/**
 * Writes who has read what, once, and tells the workflow of each subject that wants to know. The command leaves through the outbox under a key of its own, so
 * that it is neither lost nor decided twice. Gives how many were news.
 */
export const recordReceipts = async (tx: Tx, receipts: readonly Receipt[], parts: EngineParts): Promise<number> => {
  if (receipts.length === 0) return 0
  const rows = receipts.map(({ site, effect, connection, account, person, at }) => ({
    ...{ site, effect, connection, account, person, how: 'read', at: at.toISOString() },
  }))
  const { rows: fresh } = await sql<{
    effect: string
  }>`insert into receipt select * from json_populate_recordset(null::receipt, ${rowsOf(rows)}::json) on conflict do nothing returning effect`.execute(
    tx,
  )
  const news = new Set(fresh.map(({ effect }) => effect))
  const commands = receipts.filter(({ effect }) => news.has(effect)).flatMap((one) => reachedCommand(one, parts))
  if (commands.length > 0) await tx.insertInto('effect').values(commands).execute()
  return news.size
}

const reachedCommand = ({ site, effect, subject, workflow, person, at }: Receipt, { registry, clock }: EngineParts) => {
  const rules = workflow === null ? undefined : registry.get(workflow)?.workflow.commands
  const rule = (rules as Readonly<Record<string, { readonly from: string }>> | undefined)?.noteReached
  if (rule?.from !== 'system' || person === null) return []
  const now = clock.now()
  const command = { type: 'noteReached', person, how: 'read', at: at.toISOString() }
  const payload = JSON.stringify({ workflow, subject, key: `reached:${effect}`, command })
  const nobody = { person: null, connection: null, account: null, conversation: null }
  const id = newId('eff', now)
  return [
    {
      ...nobody,
      site,
      id,
      subject,
      revision: 0,
      kind: 'command',
      payload,
      urgent: true,
      due_at: now,
      created_at: now,
      lease_owner: null,
    },
  ]
}

export type Receipts = {
  /** Takes events of reading out of the way of what is decided. Reading decides nothing, so it has no row in the inbox: the receipt itself is there once. */
  readonly aside: (handle: Handling) => Handling
}
type Handling = (arrival: Arrival, within?: Millis) => Promise<Outcome>

/** What platforms push about reading, written in groups. A group that cannot be written is answered so that the platform sends it again. */
export const createReceipts = (parts: EngineParts, wake: () => void): Receipts => {
  const note = createBatcher<Read, null>(async (reads) => {
    const news = await parts.database.db
      .transaction()
      .execute(async (tx) => recordReceipts(tx, await cardsRead(tx, reads), parts))
    if (news > 0) wake()
    return reads.map(() => null)
  }, 64)
  const outcome = (kind: 'ignored' | 'undecided'): Outcome => ({ kind, reply: null, subject: null, answered: () => {} })
  const take = async (read: Read): Promise<Outcome> => {
    try {
      await note(read)
      return outcome('ignored')
    } catch (error) {
      parts.log.warn('who has read a message could not be written', { connection: read.connection, error: String(error) })
      return outcome('undecided')
    }
  }
  return {
    aside: (handle) => (arrival, within) =>
      arrival.source === 'platform' && arrival.incoming.kind === 'read' ? take(arrival.incoming) : handle(arrival, within),
  }
}
