import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'
import { type Entry, entryHash } from '../engine/journal.ts'
import { type Redaction, recordRedactions } from '../engine/redaction.ts'
import type { Registered } from '../engine/registry.ts'
import { exactTime, isoOf } from '../engine/stored.ts'
import { canonical } from '../lib/crypto.ts'
import { dropTraces, type Identity, scrub, scrubTables, tellingPattern } from '../people/erasure.ts'
import { CannotRun } from './command.ts'

export type Erasing = {
  readonly registry: ReadonlyMap<string, Registered>
  readonly secret: string
  readonly at: Date
  readonly by: string
  readonly reason: string
}
export type Erased = { readonly entries: number; readonly cases: number; readonly rows: number }

type Stored = Entry & { readonly hash: string }

const entriesAbout = async (tx: Tx, pattern: string): Promise<readonly Stored[]> => {
  const { rows } =
    await sql<Stored>`select site, subject, seq, ${exactTime('at')} as at, actor, arrival, version, event, prev, hash from journal
    where actor || ' ' || arrival || ' ' || event ~ ${pattern} order by site, subject, seq`.execute(tx)
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

/** The entry keeps the hash it was written under, by which the chain and the seals know it; what stands in it is hashed anew for the record. */
const redactEntry = async (tx: Tx, entry: Stored, identity: Identity, { at, by, reason }: Erasing): Promise<Redaction> => {
  const { hash, ...before } = entry
  const after = {
    ...before,
    actor: scrub(identity, entry.actor),
    arrival: scrub(identity, entry.arrival),
    event: scrub(identity, entry.event),
  }
  await tx
    .updateTable('journal')
    .set({ actor: after.actor, arrival: after.arrival, event: after.event })
    .where('site', '=', entry.site)
    .where('subject', '=', entry.subject)
    .where('seq', '=', entry.seq)
    .execute()
  return {
    ...{ site: entry.site, subject: entry.subject, seq: entry.seq, original: hash, redacted: entryHash(after) },
    ...{ at: at.toISOString(), by, reason: scrub(identity, reason), stand_in: identity.standIn },
  }
}

/** A case is what its journal adds up to, after the redaction as before. Throws CannotRun when this release cannot read the journal. */
const foldAgain = async (tx: Tx, site: string, id: string, registry: Erasing['registry']): Promise<void> => {
  const key = <T extends { where: (column: 'site' | 'id', is: '=', value: string) => T }>(query: T): T =>
    query.where('site', '=', site).where('id', '=', id)
  const { workflow: name } = await key(tx.selectFrom('subject').select('workflow')).executeTakeFirstOrThrow()
  const workflow = registry.get(name)?.workflow
  if (!workflow)
    throw new CannotRun(`The case ${id} is of the workflow ${name}, which this release does not know. Nothing was changed.`)
  const entries = await tx
    .selectFrom('journal')
    .select('event')
    .where('site', '=', site)
    .where('subject', '=', id)
    .orderBy('seq')
    .execute()
  let state: { readonly status: string } | null = null
  for (const { event } of entries) state = workflow.evolve(state, JSON.parse(event) as { type: string })
  if (state === null) return
  await key(tx.updateTable('subject').set({ state: canonical(state), owner: workflow.owner(state) })).execute()
}

const refuseBusy = async (tx: Tx, { site, person, active }: Identity): Promise<void> => {
  if (active)
    throw new CannotRun(
      `${person} is still in the organisation. Take them out of the organisation file and import it first, so that their cases find other owners.`,
    )
  const { rows } = await sql<{
    code: string
  }>`select s.code from subject s where s.site = ${site} and s.open and (s.owner = ${person}
      or exists (select 1 from subject_index i where i.site = s.site and i.subject = s.id and i.name = 'todo' and i.key = ${person})) order by 1`.execute(
    tx,
  )
  if (rows.length > 0)
    throw new CannotRun(
      `${person} still has to act in ${rows
        .map(({ code }) => code)
        .slice(0, 10)
        .join(', ')}. Hand these over first.`,
    )
}

/** Jobs carry what an account sent; whoever is erased waits for none of them. */
const dropJobs = async (tx: Tx, pattern: string): Promise<void> => {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('pgboss.job') is not null as there`.execute(tx)
  if (rows[0]?.there === true) await sql`delete from pgboss.job where data::text ~ ${pattern}`.execute(tx)
}

/**
 * Takes somebody's identity out of the whole database in one transaction: journal entries are redacted under a signed record, cases folded anew, everything else
 * scrubbed. What was done stays, under a stand-in. Throws CannotRun when the person is still needed; nothing is changed then.
 */
export const erasePerson = async (tx: Tx, identity: Identity, erasing: Erasing): Promise<Erased> => {
  // No entry may be written between the search and the end: it would keep what was to be taken out.
  await sql`lock table journal in share row exclusive mode`.execute(tx)
  await refuseBusy(tx, identity)
  const pattern = tellingPattern(identity)
  const entries = await entriesAbout(tx, pattern)
  const redactions: Redaction[] = []
  for (const entry of entries) redactions.push(await redactEntry(tx, entry, identity, erasing))
  if (redactions.length > 0) await recordRedactions(tx, erasing.secret, redactions)
  const cases = new Map(entries.map(({ site, subject }) => [JSON.stringify([site, subject]), { site, subject }]))
  for (const { site, subject } of cases.values()) await foldAgain(tx, site, subject, erasing.registry)
  await dropTraces(tx, identity)
  await dropJobs(tx, pattern)
  const rows = await scrubTables(tx, identity)
  return { entries: entries.length, cases: cases.size, rows }
}
