import { sql } from 'kysely'
import { type Handle, rowsOf } from '../db/database.ts'
import { type FindingKind, nameOfCase, type Report } from './findings.ts'
import type { Head } from './seals.ts'

/** What to call the three ways in which a head may no longer be there. */
export type HeadKinds = { readonly gone: FindingKind; readonly missing: FindingKind; readonly differs: FindingKind }

type Found = { readonly n: number; readonly code: string | null; readonly hash: string | null }

/** Asks for many heads at once whether each still is an entry of its case's journal. `source` says who remembers it, for the finding. */
export const verifyHeads = async (
  handle: Handle,
  heads: readonly { readonly head: Head; readonly source: string }[],
  kinds: HeadKinds,
  report: Report,
): Promise<void> => {
  if (heads.length === 0) return
  const asked = heads.map(({ head: [id, revision] }, n) => ({ n, id, revision }))
  const { rows } =
    await sql<Found>`select k.n, s.code, j.hash from json_to_recordset(${rowsOf(asked)}::json) as k(n integer, id text, revision integer)
    left join subject s on s.id = k.id left join journal j on j.site = s.site and j.subject = s.id and j.seq = k.revision`.execute(
      handle,
    )
  for (const { n, code, hash } of rows) {
    const known = heads[n]
    if (!known) continue
    const [id, revision, expected] = known.head
    const kind = code === null ? kinds.gone : hash === null ? kinds.missing : hash === expected ? null : kinds.differs
    if (kind !== null) report(kind, `${known.source}, ${nameOfCase(id, code)}`, { revision })
  }
}
