import { newId } from '../lib/id.ts'
import type { EngineParts } from './parts.ts'

/** Words for an administrator: a row of the outbox. */
export const noticeRow = (site: string, person: string, text: string, at: Date) => ({
  site,
  id: newId('eff', at),
  subject: '',
  revision: 0,
  kind: 'text',
  person,
  connection: null,
  account: null,
  conversation: null,
  payload: JSON.stringify({ text }),
  urgent: true,
  due_at: at,
  created_at: at,
  lease_owner: null,
})

export type Trouble = {
  readonly site: string
  /** The same id is one trouble, however often and by however many replicas it is told. */
  readonly id: string
  readonly because: string
  readonly values: Readonly<Record<string, string>>
  readonly text: string
}

/** Keeps an alarm for the operators and tells the administrators of the site in words; both or neither, and once for each id. True when it was told now. */
export const tellOperators = async (
  { database: { db }, clock, count }: Pick<EngineParts, 'database' | 'clock' | 'count'>,
  { site, id, because, values, text }: Trouble,
): Promise<boolean> => {
  const at = clock.now()
  const told = await db.transaction().execute(async (tx) => {
    const fresh = await tx
      .insertInto('alarm')
      .values({ site, id, because, vals: JSON.stringify(values), at, cleared_at: null })
      .onConflict((row) => row.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!fresh) return false
    const holders = await tx
      .selectFrom('role_holder')
      .select('person')
      .distinct()
      .where('site', '=', site)
      .where('role', '=', 'administrator')
      .execute()
    const rows = holders.map(({ person }) => noticeRow(site, person, text, at))
    if (rows.length > 0) await tx.insertInto('effect').values(rows).execute()
    return true
  })
  if (told) count('alarm')
  return told
}
