import { sql } from 'kysely'
import type { Handle, Tx } from '../db/database.ts'
import { canonical, hmacSha256, sameSecret } from '../lib/crypto.ts'
import { type Entry, firstSeal, sealHash } from './journal.ts'
import { type Head, sealedHeads } from './seals.ts'
import { exactTime, isoOf, pages } from './stored.ts'

/** Says that an entry was redacted: the hash it was written under, the hash of what stands there now, by whom, when, why, and by which stand-in. */
export type Redaction = {
  readonly site: string
  readonly subject: string
  readonly seq: number
  readonly original: string
  readonly redacted: string
  readonly at: string
  readonly by: string
  readonly reason: string
  readonly stand_in: string
}
type Signed = Redaction & { readonly mac: string }

/** The lane of seals that lists what was redacted, so that a redaction cannot be undone or forgotten without a trace. */
export const redactionLane = 'redaction'

const macOf = (secret: string, redaction: Redaction): string =>
  hmacSha256(hmacSha256(secret, 'andon redaction'), canonical(redaction))

const unsigned = ({ mac: _, ...redaction }: Signed): Redaction => redaction

export const recordRedactions = async (tx: Tx, secret: string, redactions: readonly Redaction[]): Promise<void> => {
  for (const one of redactions)
    await tx
      .insertInto('redaction')
      .values({ ...one, mac: macOf(secret, one) })
      .execute()
  await sealRedactions(tx, secret, redactions)
}

/** Most entries of one seal. */
const mostHeads = 1_000

const sealRedactions = async (tx: Tx, secret: string, redactions: readonly Redaction[]): Promise<void> => {
  await sql`lock table redaction in exclusive mode`.execute(tx)
  for (let from = 0; from < redactions.length; from += mostHeads) {
    const page = redactions.slice(from, from + mostHeads)
    const last = await tx
      .selectFrom('seal')
      .select(['seq', 'hash'])
      .where('lane', '=', redactionLane)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const seq = Number(last?.seq ?? 0) + 1
    const prev = last?.hash ?? firstSeal(redactionLane)
    const at = page[0]?.at ?? ''
    const body = canonical(page.map(({ subject, seq: entry, original }): Head => [subject, entry, original]))
    const hash = sealHash(secret, redactionLane, seq, at, body, prev)
    await tx.insertInto('seal').values({ lane: redactionLane, seq, at, body, prev, hash }).execute()
  }
}

const columns = sql`site, subject, seq, original, redacted, ${exactTime('at')} as at, by, reason, stand_in, mac`

/** The signed record that explains why an entry is not what was written; null when there is none, and then it was changed. */
export const redactionOf = async (
  handle: Handle,
  secret: string,
  entry: Pick<Entry, 'site' | 'subject' | 'seq'> & { readonly hash: string },
  content: string,
): Promise<Redaction | null> => {
  const { rows } = await sql<Signed>`select ${columns} from redaction where site = ${entry.site} and subject = ${entry.subject}
      and seq = ${entry.seq}::integer and redacted = ${content}`.execute(handle)
  const [found] = rows.map((row) => ({ ...row, at: isoOf(row.at) }))
  if (!found || found.original !== entry.hash || !sameSecret(found.mac, macOf(secret, unsigned(found)))) return null
  return unsigned(found)
}

type SealBody = { readonly seq: number; readonly body: string }

/** Entries that were sealed as redacted and whose record is gone: somebody has put back what was taken out, or hides who took it. */
export const forgottenRedactions = async (handle: Handle): Promise<readonly Head[]> => {
  const forgotten: Head[] = []
  const read = async (after: SealBody | null): Promise<readonly SealBody[]> =>
    (
      await sql<SealBody>`select seq::integer as seq, body from seal where lane = ${redactionLane} and seq > ${after?.seq ?? 0}::integer order by seq limit 100`.execute(
        handle,
      )
    ).rows
  for await (const seals of pages<SealBody>(read))
    for (const head of seals.flatMap(({ body }) => sealedHeads(body) ?? [])) {
      const [subject, seq, original] = head
      const there = await handle
        .selectFrom('redaction')
        .select('seq')
        .where('subject', '=', subject)
        .where('seq', '=', seq)
        .where('original', '=', original)
        .executeTakeFirst()
      if (!there) forgotten.push(head)
    }
  return forgotten
}
