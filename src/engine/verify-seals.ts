import { sql } from 'kysely'
import { z } from 'zod'
import type { Handle } from '../db/database.ts'
import { nameOfCase, type Report } from './findings.ts'
import { firstSeal, sealHash } from './journal.ts'
import { exactTime, isoOf, pages } from './stored.ts'
import { type Head, type HeadKinds, verifyHeads } from './verify-heads.ts'

export type SealRow = {
  readonly lane: string
  readonly seq: number
  readonly at: string
  readonly body: string
  readonly prev: string
  readonly hash: string
}

/** Columns of a seal, its time to the microsecond. */
export const sealColumns = sql`lane, seq, ${exactTime('at')} as at, body, prev, hash`

export const readSeal = (row: SealRow): SealRow => ({ ...row, seq: Number(row.seq), at: isoOf(row.at) })

/** Was it made with this secret, and is it unchanged since? */
export const sealFits = (secret: string, { lane, seq, at, body, prev, hash }: SealRow): boolean =>
  sealHash(secret, lane, seq, at, body, prev) === hash

const digest = z.string().regex(/^[0-9a-f]{64}$/)
export const headList = z.array(z.tuple([z.string(), z.number().int().min(1).max(2_147_483_647), digest]))

/** The heads that a seal covers; null when its body is not a list of heads. */
export const sealedHeads = (body: string): readonly Head[] | null => {
  try {
    return headList.parse(JSON.parse(body))
  } catch {
    return null
  }
}

const kinds: HeadKinds = { gone: 'sealed-case-missing', missing: 'sealed-entry-missing', differs: 'sealed-entry-differs' }
const pageSize = 500

const readSeals = async (handle: Handle, after: SealRow | null): Promise<readonly SealRow[]> => {
  const from = after === null ? sql`` : sql`where (lane, seq) > (${after.lane}, ${after.seq}::bigint)`
  const { rows } =
    await sql<SealRow>`select ${sealColumns} from seal ${from} order by lane, seq limit ${pageSize}::integer`.execute(handle)
  return rows.map(readSeal)
}

const laneName = (lane: string): string => `seal lane ${lane}`

type Lane = { readonly lane: string; seq: number; hash: string }

const checkPlace = (lane: Lane, seal: SealRow, report: Report): void => {
  const expected = lane.seq + 1
  const on = laneName(seal.lane)
  if (seal.seq > expected) report('seals-missing', on, { from: expected, to: seal.seq - 1 })
  else if (seal.seq < expected) report('seal-out-of-place', on, { seq: seal.seq })
  else if (seal.prev !== lane.hash) report('seal-unlinked', on, { seq: seal.seq })
}

export type SealTools = { readonly secret: string; readonly report: Report; readonly count: (what: 'lanes' | 'seals') => void }

/** Walks every seal of every lane, and holds what each seals against the journals. A seal that is not ours is not believed. */
export const verifySeals = async (handle: Handle, { secret, report, count }: SealTools): Promise<void> => {
  let lane: Lane | null = null
  let fitting = 0
  let foreign = 0
  for await (const seals of pages<SealRow>((after) => readSeals(handle, after))) {
    const heads: { head: Head; source: string }[] = []
    for (const seal of seals) {
      if (lane?.lane !== seal.lane) {
        lane = { lane: seal.lane, seq: 0, hash: firstSeal(seal.lane) }
        count('lanes')
      }
      count('seals')
      checkPlace(lane, seal, report)
      lane.seq = seal.seq
      lane.hash = seal.hash
      const fits = sealFits(secret, seal)
      const sealed = fits ? sealedHeads(seal.body) : []
      if (fits) fitting += 1
      else foreign += 1
      if (!fits) report('seal-changed', laneName(seal.lane), { seq: seal.seq })
      if (sealed === null) report('seal-unreadable', laneName(seal.lane), { seq: seal.seq })
      for (const head of sealed ?? []) heads.push({ head, source: `seal ${seal.lane}/${seal.seq}` })
    }
    await verifyHeads(handle, heads, kinds, report)
  }
  if (foreign > 0 && fitting === 0) report('no-seal-fits', 'the secret', { count: foreign })
}

const mostUnsealed = 1_000

/**
 * Entries that no seal covers. A batch seals the last entry that it wrote of each case, at the time of the batch, and that entry's hash commits to the ones before; so
 * every entry whose successor is of another time must stand in a seal of its own time. One statement, so that the database chooses how to join.
 */
export const verifySealed = async (handle: Handle, report: Report): Promise<void> => {
  const { rows } = await sql<{ subject: string; code: string | null; seq: number; total: number | string }>`with ends as (
      select site, subject, seq, at, hash, lead(at) over (partition by site, subject order by seq) as next from journal),
    bare as (select e.site, e.subject, e.seq from ends e where e.next is distinct from e.at
      and not exists (select 1 from seal l where l.at = e.at and position(e.hash in l.body) > 0))
    select b.subject, b.seq, s.code, count(*) over () as total from bare b left join subject s on s.site = b.site and s.id = b.subject
      order by b.site, b.subject, b.seq limit ${mostUnsealed}::integer`.execute(handle)
  for (const { subject, code, seq } of rows) report('entry-unsealed', nameOfCase(subject, code), { seq })
  const more = Number(rows[0]?.total ?? 0) - rows.length
  if (more > 0) report('entries-unsealed', 'the journal', { count: more })
}
