import { sql } from 'kysely'
import { commonText } from '../cards/text/common.ts'
import { fill } from '../cards/words.ts'
import { days, hours, later, minutes, seconds } from '../lib/clock.ts'
import { noticeRow } from './operators.ts'
import type { EngineParts } from './parts.ts'

export type Findings = {
  /** Open cases without any deadline: nobody would ever be asked again. */
  readonly openWithoutDeadline: number
  /** Deadlines overdue by more than two minutes: the loop is not firing. */
  readonly deadlinesLate: number
  /** Effects due for more than two minutes that nobody holds, or held by somebody silent. */
  readonly effectsLate: number
  readonly cardsBehind: number
  readonly quarantined: number
  readonly deadLetters: number
}

export type Audit = Findings & { readonly at: Date; readonly repaired: number; readonly content: boolean }

type Orphan = { readonly site: string; readonly id: string; readonly workflow: string; readonly status: string }

/** Cases that changed lately are looked at every minute; the rest in turns, so that the cost does not grow with the number of open cases. */
const lately = minutes(15)
const perTurn = 5_000

/**
 * Open cases without any deadline, among those that changed lately and the next few thousand of the slow round. Where the round stands is kept in the
 * database; at the end it begins anew.
 */
const findOrphans = async ({ database: { db }, clock }: EngineParts): Promise<readonly Orphan[]> => {
  const cursor = (await db.selectFrom('meta').select('value').where('key', '=', 'audit-round').executeTakeFirst())?.value ?? ''
  const [changedAt = '-infinity', id = ''] = cursor === '' ? [] : cursor.split(' ')
  const { rows } = await sql<Orphan & { kind: string; changed_at: Date | string }>`with
    recent as (select site, id, workflow, status, changed_at from subject where open and changed_at > ${later(clock.now(), -lately).toISOString()}::timestamptz
      order by changed_at limit ${perTurn}::int),
    turn as (select site, id, workflow, status, changed_at from subject where open and (changed_at, id) > (${changedAt}::timestamptz, ${id})
      order by changed_at, id limit ${perTurn}::int),
    last as (select 'last' as kind, site, id, workflow, status, changed_at from turn order by changed_at desc, id desc limit 1)
    select 'orphan' as kind, site, id, workflow, status, changed_at from (select * from recent union select * from turn) s
      where not exists (select 1 from deadline d where d.site = s.site and d.subject = s.id)
    union all select kind, site, id, workflow, status, changed_at from last`.execute(db)
  const last = rows.find(({ kind }) => kind === 'last')
  const value = last ? `${new Date(last.changed_at).toISOString()} ${last.id}` : ''
  await db
    .insertInto('meta')
    .values({ key: 'audit-round', value })
    .onConflict((row) => row.column('key').doUpdateSet({ value }))
    .execute()
  return rows.filter(({ kind }) => kind === 'orphan')
}

/** Open cases that have no deadline get one: now. Their workflow says which; how many got one is given. */
const repairDeadlines = async ({ database: { db }, clock, registry }: EngineParts, rows: readonly Orphan[]): Promise<number> => {
  let repaired = 0
  for (const { site, id, workflow, status } of rows) {
    const next = registry.get(workflow)?.workflow.repair?.[status]
    if (!next) continue
    const due = clock.now()
    await db
      .insertInto('deadline')
      .values({
        site,
        subject: id,
        tag: next.tag,
        id: `ddl_repair_${id.slice(4, 24)}_${due.getTime()}`,
        due_at: due,
        command: JSON.stringify({ workflow, command: next.command }),
      })
      .onConflict((row) => row.doNothing())
      .execute()
    repaired += 1
  }
  return repaired
}

const count = async ({ database: { db }, clock }: EngineParts, orphans: number): Promise<Findings> => {
  const late = later(clock.now(), -minutes(2)).toISOString()
  const { rows } = await sql<Record<keyof Findings, number | string>>`select
    (select count(*) from (select 1 from deadline where due_at < ${late}::timestamptz limit 1000) x) as "deadlinesLate",
    (select count(*) from (select 1 from effect where state = 'waiting' and due_at < ${late}::timestamptz limit 1000) x) as "effectsLate",
    (select count(*) from (select 1 from live_card where state = 'live' and wanted_rev > drawn_rev and due_at < ${late}::timestamptz limit 1000) x) as "cardsBehind",
    (select count(*) from (select 1 from inbox where outcome = 'quarantined' limit 1000) x) as quarantined,
    (select count(*) from (select 1 from effect where state = 'dead' and done_at > ${later(clock.now(), -minutes(60)).toISOString()}::timestamptz limit 1000) x) as "deadLetters"`.execute(
    db,
  )
  const row = rows[0]
  const number = (name: keyof Findings): number => Number(row?.[name] ?? 0)
  return {
    openWithoutDeadline: orphans,
    deadlinesLate: number('deadlinesLate'),
    effectsLate: number('effectsLate'),
    cardsBehind: number('cardsBehind'),
    quarantined: number('quarantined'),
    deadLetters: number('deadLetters'),
  }
}

/** Rows that have served their time: expectations, one-time codes and kept arrivals that ended long ago. A little at a time, so that it costs the same on a large base. */
const purge = async ({ database: { db }, clock }: EngineParts): Promise<void> => {
  const old = later(clock.now(), -hours(24)).toISOString()
  const ancient = later(clock.now(), -days(7)).toISOString()
  await sql`delete from expectation where ctid in (select ctid from expectation where until < ${old}::timestamptz limit 1000)`.execute(
    db,
  )
  await sql`delete from link_code where ctid in (select ctid from link_code where until < ${old}::timestamptz limit 1000)`.execute(
    db,
  )
  await sql`delete from held where ctid in (select ctid from held where at < ${ancient}::timestamptz limit 1000)`.execute(db)
}

/** Tells the administrators of every site, at most once an hour, that something waits which should not. */
const callOperators = async ({ database: { db }, clock, count: counted }: EngineParts, found: Findings): Promise<void> => {
  const at = clock.now()
  const slot = Math.floor(at.getTime() / hours(1))
  const { rows } = await sql<{
    site: string
  }>`insert into alarm (site, id, because, vals, at) select id, ${`audit-${slot}`}, 'audit', ${JSON.stringify(found)}, ${at.toISOString()}::timestamptz
    from site on conflict do nothing returning site`.execute(db)
  if (rows.length === 0) return
  counted('alarm', rows.length)
  const holders = await db
    .selectFrom('role_holder')
    .selectAll()
    .where('role', '=', 'administrator')
    .where(
      'site',
      'in',
      rows.map(({ site }) => site),
    )
    .execute()
  const text = fill(commonText.audit, Object.fromEntries(Object.entries(found).map(([name, n]) => [name, String(n)])))
  for (const { site, person } of holders)
    await db
      .insertInto('effect')
      .values(noticeRow(site, person, text, at))
      .execute()
}

/** Looks once a minute for what silence would hide, repairs what is safe, and leaves its finding where `/readyz` reads it. */
export const runAudit = async (parts: EngineParts): Promise<Audit> => {
  const orphans = await findOrphans(parts)
  const found = await count(parts, orphans.length)
  const repaired = orphans.length > 0 ? await repairDeadlines(parts, orphans) : 0
  const at = parts.clock.now()
  const content =
    found.deadlinesLate === 0 && found.effectsLate === 0 && found.cardsBehind === 0 && found.openWithoutDeadline === 0
  if (repaired > 0) parts.count('repaired', repaired)
  await beat(parts, 'auditor', JSON.stringify({ ...found, content }))
  if (!content) parts.log.error('the auditor is not content', { ...found, repaired })
  if (!content) await callOperators(parts, found)
  await purge(parts)
  return { ...found, at, repaired, content }
}

/** Leaves a sign of life of a loop. */
export const beat = async ({ database: { db }, clock }: EngineParts, name: string, note = ''): Promise<void> => {
  const at = clock.now()
  await db
    .insertInto('beat')
    .values({ name, at, note })
    .onConflict((row) => row.column('name').doUpdateSet({ at, note, at_real: sql`now()` as unknown as Date }))
    .execute()
}

/** Loops that must have beaten lately for the service to be ready, and how old a beat may be, in real time. */
export const loops: Readonly<Record<string, number>> = {
  auditor: minutes(3),
  deadlines: seconds(30),
  outbox: seconds(30),
  clock: seconds(30),
}

export type Readiness = { readonly ready: boolean; readonly reasons: readonly string[] }

export const readiness = async ({ database: { db } }: EngineParts): Promise<Readiness> => {
  const { rows } = await sql<{
    name: string
    note: string
    age: number | string
  }>`select name, note, extract(epoch from now() - at_real) * 1000 as age from beat`.execute(db)
  const reasons = Object.entries(loops).flatMap(([name, most]) => {
    const row = rows.find((one) => one.name === name)
    if (!row) return [`${name} has not run yet`]
    return Number(row.age) <= most ? [] : [`${name} has been silent for ${Math.round(Number(row.age) / 1000)} s`]
  })
  const audit = rows.find(({ name }) => name === 'auditor')
  const found = audit ? (JSON.parse(audit.note || '{}') as { content?: boolean }) : {}
  return {
    ready: reasons.length === 0 && found.content === true,
    reasons: found.content === false ? [...reasons, 'the auditor is not content'] : reasons,
  }
}
