import { sql } from 'kysely'
import type { Handle } from '../db/database.ts'
import { nameOfCase, type Report } from './findings.ts'
import { firstSeal } from './journal.ts'
import { type Head, readSeal, type SealRow, sealColumns, sealedHeads, sealFits } from './seals.ts'
import { pages } from './stored.ts'
import { type HeadKinds, verifyHeads } from './verify-heads.ts'

const kinds: HeadKinds = { gone: 'sealed-case-missing', missing: 'sealed-entry-missing', differs: 'sealed-entry-differs' }
const pageSize = 500

const readSeals = async (handle: Handle, after: SealRow | null): Promise<readonly SealRow[]> => {
  const from = after === null ? sql`` : sql`where (lane, seq) > (${after.lane}, ${after.seq}::bigint)`
  const { rows } =
    await sql<SealRow>`select ${sealColumns} from seal ${from} order by lane, seq limit ${pageSize}::integer`.execute(handle)
  return rows.map(readSeal)
}

const laneName = (lane: string): string => `seal lane ${lane}`

type Lane = { readonly lane: string; readonly seq: number; readonly hash: string }

const checkPlace = (lane: Lane, seal: SealRow, report: Report): void => {
  const expected = lane.seq + 1
  const on = laneName(seal.lane)
  if (seal.seq > expected) report('seals-missing', on, { from: expected, to: seal.seq - 1 })
  else if (seal.seq < expected) report('seal-out-of-place', on, { seq: seal.seq })
  else if (seal.prev !== lane.hash) report('seal-unlinked', on, { seq: seal.seq })
}

export type SealTools = { readonly secret: string; readonly report: Report; readonly count: (what: 'lanes' | 'seals') => void }

/** What a seal says it covers. A seal that is not ours is reported and not believed. */
const readHeads = (seal: SealRow, fits: boolean, report: Report): readonly { head: Head; source: string }[] => {
  if (!fits) {
    report('seal-changed', laneName(seal.lane), { seq: seal.seq })
    return []
  }
  const heads = sealedHeads(seal.body)
  if (heads === null) report('seal-unreadable', laneName(seal.lane), { seq: seal.seq })
  return (heads ?? []).map((head) => ({ head, source: `seal ${seal.lane}/${seal.seq}` }))
}

/** Walks every seal of every lane, and holds what each seals against the journals. */
export const verifySeals = async (handle: Handle, { secret, report, count }: SealTools): Promise<void> => {
  const fitting = { yes: 0, no: 0 }
  let lane: Lane | null = null
  const follow = (seal: SealRow, last: Lane | null): Lane => {
    const on = last?.lane === seal.lane ? last : { lane: seal.lane, seq: 0, hash: firstSeal(seal.lane) }
    if (on !== last) count('lanes')
    count('seals')
    checkPlace(on, seal, report)
    return { lane: seal.lane, seq: seal.seq, hash: seal.hash }
  }
  for await (const seals of pages<SealRow>((after) => readSeals(handle, after))) {
    const heads: { head: Head; source: string }[] = []
    for (const seal of seals) {
      lane = follow(seal, lane)
      const fits = sealFits(secret, seal)
      fitting[fits ? 'yes' : 'no'] += 1
      heads.push(...readHeads(seal, fits, report))
    }
    await verifyHeads(handle, heads, kinds, report)
  }
  if (fitting.no > 0 && fitting.yes === 0) report('no-seal-fits', 'the secret', { count: fitting.no })
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
