import { sql } from 'kysely'
import { beat, type Readiness, readiness } from './engine/auditor.ts'
import type { EngineParts } from './engine/parts.ts'
import { minutes } from './lib/clock.ts'
import { newId } from './lib/id.ts'

/** What a deployment without a Node replica cannot promise. */
export const workersOnly =
  'Workers only: clocks and retries go by the minute; promises in seconds, photos, look-ups in the directory and long connections need one Node replica.'

/** Is there a Node replica at work on this database? */
export const hasNode = async ({ database: { db } }: EngineParts): Promise<boolean> => {
  const { rows } =
    await sql`select 1 from replica where runtime <> 'hyperdrive' and beat_real > now() - interval '10 seconds' limit 1`.execute(
      db,
    )
  return rows.length > 0
}

/** Visits that were cut off without leaving anything behind. Whoever had leases is dealt with, and removed, when those are taken over. */
export const forgetSilent = async ({ database: { db } }: EngineParts): Promise<void> => {
  await sql`delete from replica r where runtime = 'hyperdrive' and beat_real < now() - interval '1 hour'
    and not exists (select 1 from effect e where e.state = 'leased' and e.lease_owner = r.id)`.execute(db)
}

const probe = 'read-probe'
const verdict = 'fresh-reads'

const noteOf = async ({ database: { db } }: EngineParts): Promise<string | undefined> =>
  (await db.selectFrom('beat').select('note').where('name', '=', probe).executeTakeFirst())?.note

/**
 * Hyperdrive answers a repeated read from its cache for a minute unless its configuration says `--caching-disabled` (developers.cloudflare.com, "Query
 * caching", read 2026-11): cards would be drawn from the past. Tells by writing and reading twice, and leaves the finding where `/readyz` reads it.
 */
export const checkReads = async (parts: EngineParts): Promise<void> => {
  const [first, second] = [newId('att', parts.clock.now()), newId('att', parts.clock.now())]
  await beat(parts, probe, first)
  await noteOf(parts)
  await beat(parts, probe, second)
  const fresh = (await noteOf(parts)) === second
  if (!fresh) parts.log.error('Hyperdrive caches reads; switch that off (wrangler hyperdrive update <id> --caching-disabled)')
  await beat(parts, verdict, String(fresh))
}

type Beat = { readonly name: string; readonly note: string; readonly age: number | string }

const beats = async ({ database: { db } }: EngineParts): Promise<ReadonlyMap<string, Beat>> => {
  const { rows } = await sql<Beat>`select name, note, extract(epoch from now() - at_real) * 1000 as age from beat`.execute(db)
  return new Map(rows.map((row) => [row.name, row]))
}

/** By the cron's clock: the audit is the last thing of every minute, so its beat proves the rest. */
const byTheMinute = (known: ReadonlyMap<string, Beat>): readonly string[] => {
  const audit = known.get('auditor')
  if (!audit) return ['the cron has not run yet']
  const { content } = JSON.parse(audit.note || '{}') as { readonly content?: boolean }
  return [
    ...(Number(audit.age) <= minutes(3) ? [] : [`the cron has been silent for ${Math.round(Number(audit.age) / 1000)} s`]),
    ...(content === true ? [] : ['the auditor is not content']),
  ]
}

/** `/readyz` of a Worker: as strict as Node's where a Node replica runs, by the minute where none does. */
export const workerReadiness = async (parts: EngineParts): Promise<Readiness> => {
  const known = await beats(parts)
  const strict = (await hasNode(parts)) ? (await readiness(parts)).reasons : byTheMinute(known)
  const reasons =
    known.get(verdict)?.note === 'false'
      ? [...strict, 'Hyperdrive caches reads; its configuration needs --caching-disabled']
      : strict
  return { ready: reasons.length === 0, reasons }
}

type Due = { readonly at: Date | string | null; readonly visits: number | string; readonly leased: number | string }

/** What Workers have in hand or due, for the sandbox alone. Jobs are left out: no Worker will ever do them. */
const look = async ({ database: { db }, replica }: EngineParts, kinds: readonly string[]): Promise<Due> => {
  const { rows } = await sql<Due>`select least(
      (select min(due_at) from deadline),
      (select min(due_at) from effect where state = 'waiting' and kind = any(array(select json_array_elements_text(${JSON.stringify(kinds)}::json)))),
      (select min(due_at) from live_card where state = 'live' and wanted_rev > drawn_rev)) as at,
    (select count(*) from replica where runtime = 'hyperdrive' and id <> ${replica ?? ''} and beat_real > now() - interval '5 seconds') as visits,
    (select count(*) from effect where state = 'leased') as leased`.execute(db)
  return rows[0] ?? { at: null, visits: 0, leased: 0 }
}

export const nextDueOf = async (parts: EngineParts, kinds: readonly string[]): Promise<Date | null> => {
  const { at } = await look(parts, kinds)
  return at === null ? null : new Date(at)
}

export const waitingOf = async (parts: EngineParts, kinds: readonly string[]): Promise<readonly string[]> => {
  const { at, visits, leased } = await look(parts, kinds)
  const due = at !== null && new Date(at).getTime() <= parts.clock.now().getTime()
  return [
    ...(Number(visits) > 0 ? [`${visits} visits`] : []),
    ...(Number(leased) > 0 ? [`${leased} leased effects`] : []),
    ...(due ? ['something is due'] : []),
  ]
}
