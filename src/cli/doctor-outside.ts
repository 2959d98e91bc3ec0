import { sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import { failureName } from '../engine/alarm-failures.ts'
import { bad, note, ok, type Remark } from './remark.ts'

type Instant = Date | string | null
const said = (at: Instant): string => (at === null ? 'never' : new Date(at).toISOString())
const isAfter = (a: Instant, b: Instant): boolean => a !== null && (b === null || new Date(a).getTime() > new Date(b).getTime())

/** What the operators can do about an alarm that became no case. */
const mending: Readonly<Record<string, string>> = {
  'nothing-mapped': 'its body has neither the device nor the text of the mapping; mend `device` and `text` of the source',
  'not-json': 'it does not send a JSON object; mend the sender',
  'too-large': 'it sends more than 64 KiB; mend the sender',
}

/** One source: when it last raised a case or was counted on one, and when it last failed after it had proven itself. */
const examineSource = async ({ db }: Database, id: string): Promise<Remark> => {
  const { rows } = await sql<{ seen: Instant }>`select max(arrived_at) as seen from inbox
    where connection = ${`alarm:${id}`} and outcome = 'decided'`.execute(db)
  const seen = rows[0]?.seen ?? null
  const failed = await db.selectFrom('beat').select(['at', 'note']).where('name', '=', failureName(id)).executeTakeFirst()
  const state = `alarms: ${id} was last heard ${said(seen)}`
  if (!failed) return seen === null ? note(`${state}; it has never sent anything that could be believed`) : ok(state)
  const failure = `last failed ${said(failed.at)} (${failed.note}${mending[failed.note] ? `: ${mending[failed.note]}` : ''})`
  return isAfter(failed.at, seen) ? bad(`${state}, ${failure}`) : ok(`${state}, ${failure}`)
}

type Told = { readonly told: Instant; readonly failed: Instant; readonly detail: string | null }

/** One target: when it last took a call, when a try last failed and why, and how many calls wait for it. */
const examineTarget = async ({ db }: Database, id: string): Promise<Remark> => {
  const connection = `call:${id}`
  const { rows } =
    await sql<Told>`select max(at) filter (where outcome = 'done') as told, max(at) filter (where outcome <> 'done') as failed,
    (select detail from delivery where connection = ${connection} and outcome <> 'done' order by at desc, attempt desc limit 1) as detail
    from delivery where connection = ${connection}`.execute(db)
  const { told = null, failed = null, detail = null } = rows[0] ?? {}
  const waiting = await sql<{
    n: number | string
  }>`select count(*) as n from effect where kind = 'callOut' and state in ('waiting', 'leased')
    and payload::json ->> 'target' = ${id}`.execute(db)
  const n = Number(waiting.rows[0]?.n ?? 0)
  const state = `calls: ${id} last took one ${said(told)}${failed === null ? '' : `, last failed ${said(failed)} (${detail ?? 'no reason given'})`}`
  const line = n > 0 ? `${state}; ${n} wait for it` : state
  if (isAfter(failed, told)) return bad(line)
  return n > 0 ? note(line) : ok(line)
}

/** Every source of alarms and every target of calls that is configured, as this database has known them. */
export const examineOutside = async (
  { alarms, calls }: Pick<Config, 'alarms' | 'calls'>,
  database: Database,
): Promise<readonly Remark[]> => {
  const remarks: Remark[] = []
  for (const { id } of alarms) remarks.push(await examineSource(database, id))
  for (const { id } of calls) remarks.push(await examineTarget(database, id))
  return remarks
}
