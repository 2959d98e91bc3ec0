import { type RawBuilder, sql } from 'kysely'
import type { Handle, Tx } from '../db/database.ts'
import { newId } from '../lib/id.ts'

/** What tells who somebody is, and what stands in its place afterwards. `weak` marks are names, which others may bear too. */
export type Mark = { readonly pattern: string; readonly by: string; readonly weak: boolean }

export type Identity = {
  readonly site: string
  readonly person: string
  readonly name: string
  readonly active: boolean
  /** The id by which the same person stays the same person in every entry, so that "repaired by one, verified by another" can still be proven. */
  readonly standIn: string
  readonly marks: readonly Mark[]
  /** Others of the same name: then a name alone does not tell who is meant. */
  readonly namesakes: number
  readonly accounts: readonly { readonly connection: string; readonly account: string }[]
}

/** What is left of an account that was erased; the verification does not look for its proof. */
export const erasedProof = 'erased'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const isAscii = (text: string): boolean => /^[\x20-\x7e]+$/.test(text)
/** Whole words only: an id is not looked for inside a longer id. Written so that JavaScript and PostgreSQL read it alike. */
const word = (text: string): string => (isAscii(text) ? `(?<![A-Za-z0-9_-])${escaped(text)}(?![A-Za-z0-9_-])` : escaped(text))

/** A name is not looked for inside a longer name of somebody else. */
const nameWord = (name: string, others: readonly string[]): string => {
  if (isAscii(name)) return word(name)
  const longer = others.filter((other) => other !== name && other.includes(name))
  const before = longer.filter((other) => other.endsWith(name)).map((other) => `(?<!${escaped(other.slice(0, -name.length))})`)
  const after = longer.filter((other) => other.startsWith(name)).map((other) => `(?!${escaped(other.slice(name.length))})`)
  return `${before.join('')}${escaped(name)}${after.join('')}`
}

/** An id, an account or a number, and what stands in its place. */
export const markOf = (text: string, by: string): Mark => ({ pattern: word(text), by, weak: false })
/** A name, given the names of everybody else. */
export const nameMark = (name: string, by: string, others: readonly string[]): Mark => ({
  pattern: nameWord(name, others),
  by,
  weak: true,
})

const accountsOf = (handle: Handle, site: string, person: string) =>
  handle
    .selectFrom('account')
    .select(['connection', 'account', 'name'])
    .where('site', '=', site)
    .where('person', '=', person)
    .orderBy('connection')
    .orderBy('account')
    .execute()

/** What of the numbers of somebody's certificates is ever shown. A mask that shows little fits many people, so it tells nobody. */
const maskedNumbers = async (handle: Handle, site: string, person: string): Promise<readonly string[]> => {
  const rows = await handle
    .selectFrom('certificate')
    .select('number_masked')
    .distinct()
    .where('site', '=', site)
    .where('person', '=', person)
    .orderBy('number_masked')
    .execute()
  return rows.map(({ number_masked }) => number_masked).filter((number) => number.replaceAll('*', '').length >= 8)
}

/** Chats that nobody but this account has been seen in: their ids lead to the person as the account does. */
const ownConversations = async (handle: Handle, { connection, account }: { connection: string; account: string }) => {
  const { rows } = await sql<{ conversation: string }>`select i.conversation from inbox i where i.connection = ${connection}
      and i.conversation in (select o.conversation from inbox o where o.connection = ${connection} and o.account = ${account})
    group by i.conversation having count(distinct i.account) = 1`.execute(handle)
  return rows.map(({ conversation }) => conversation).filter((one) => one.length > 6 && one !== 'direct')
}

/** Somebody by id or employee number, whether still here or not. Gives everybody whom the words may mean. */
export const findIdentities = (handle: Handle, words: string) =>
  handle
    .selectFrom('person')
    .selectAll()
    .where((where) => where.or([where('id', '=', words), where('employee_no', '=', words)]))
    .orderBy('site')
    .orderBy('id')
    .execute()

type PersonRow = Awaited<ReturnType<typeof findIdentities>>[number]

/** Everything by which a person can be recognised in the database. */
export const identityOf = async (handle: Handle, row: PersonRow, at: Date): Promise<Identity> => {
  const { site, id, name, active } = row
  const accounts = await accountsOf(handle, site, id)
  const others = await handle.selectFrom('person').select('name').where('site', '=', site).where('id', '<>', id).execute()
  const names = others.map((one) => one.name)
  const standIn = newId('erased', at).replace('erased_', 'erased-')
  const short = standIn.slice(-4).toUpperCase()
  const strong: (readonly [string, string])[] = [[id, standIn]]
  for (const [n, one] of accounts.entries()) {
    strong.push([one.account, `${standIn}-a${n + 1}`])
    for (const [m, conversation] of (await ownConversations(handle, one)).entries())
      strong.push([conversation, `${standIn}-c${n + 1}${m + 1}`])
  }
  // Permits keep the masked number beside what was done under it.
  for (const [n, number] of (await maskedNumbers(handle, site, id)).entries()) strong.push([number, `${standIn}-k${n + 1}`])
  for (const number of [row.employee_no, row.mobile])
    if (number !== null && number.length > 3) strong.push([number, `${standIn}-n`])
  const called = [...new Set([name, ...accounts.map((one) => one.name)])].filter((one) => one.trim().length > 1)
  return {
    ...{ site, person: id, name, active, standIn },
    marks: [...strong.map(([text, by]) => markOf(text, by)), ...called.map((one) => nameMark(one, `已删除人员${short}`, names))],
    namesakes: names.filter((one) => called.includes(one)).length,
    accounts: accounts.map(({ connection, account }) => ({ connection, account })),
  }
}

const anyOf = (marks: readonly Mark[]): string => marks.map(({ pattern }) => `(?:${pattern})`).join('|')
/** What must be found in a text before anything of it is replaced: with a namesake, more than the name. */
export const tellingPattern = ({ marks, namesakes }: Identity): string =>
  anyOf(namesakes > 0 ? marks.filter(({ weak }) => !weak) : marks)
export const everyPattern = ({ marks }: Identity): string => anyOf(marks)

/** A text with every mark replaced. */
export const scrub = ({ marks }: Identity, text: string): string =>
  marks.reduce((so, { pattern, by }) => so.replace(new RegExp(pattern, 'g'), by), text)

/** Tables that are not scrubbed column by column: the journal and its cases are rewritten entry by entry, and what proves them holds no names. */
const apart = new Set(['journal', 'subject', 'redaction', 'seal', 'meta', 'clock', 'kysely_migration', 'kysely_migration_lock'])

export const textColumns = async (handle: Handle): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { rows } = await sql<{ table: string; column: string }>`select c.relname as "table", a.attname as "column" from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'text'::regtype order by c.relname, a.attnum`.execute(
    handle,
  )
  const tables = new Map<string, string[]>()
  for (const { table, column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
  return tables
}

const scrubbed = ({ marks }: Identity, column: string): RawBuilder<string> =>
  marks.reduce<RawBuilder<string>>(
    (so, { pattern, by }) => sql<string>`regexp_replace(${so}, ${pattern}, ${by}, 'g')`,
    sql<string>`${sql.ref(column)}`,
  )

/** Takes the marks out of every text column of every table beside the journal. Gives the number of rows that were changed. */
export const scrubTables = async (tx: Tx, identity: Identity): Promise<number> => {
  let changed = 0
  for (const [table, columns] of await textColumns(tx)) {
    if (apart.has(table)) continue
    const sets = columns.map((column) => sql`${sql.ref(column)} = ${scrubbed(identity, column)}`)
    const { numAffectedRows } =
      await sql`update ${sql.table(table)} t set ${sql.join(sets)} where row_to_json(t)::text ~ ${tellingPattern(identity)}`.execute(
        tx,
      )
    changed += Number(numAffectedRows ?? 0)
  }
  return changed
}

/** What must not stay even without a name: what the platforms sent, numbers, sessions, and what was expected of the account. Before the marks are taken out. */
export const dropTraces = async (tx: Tx, { site, person, accounts }: Identity): Promise<void> => {
  for (const { connection, account } of accounts) {
    for (const table of ['expectation', 'held', 'page_session'] as const)
      await tx.deleteFrom(table).where('connection', '=', connection).where('account', '=', account).execute()
    await tx
      .updateTable('inbox')
      .set({ raw: null, note: null })
      .where('connection', '=', connection)
      .where('account', '=', account)
      .execute()
    await tx
      .updateTable('account')
      .set({ proof: erasedProof, state: 'dead', seen_at: null })
      .where('connection', '=', connection)
      .where('account', '=', account)
      .execute()
  }
  await tx.deleteFrom('role_holder').where('site', '=', site).where('person', '=', person).execute()
  await tx.deleteFrom('certificate').where('site', '=', site).where('person', '=', person).execute()
  await tx
    .updateTable('person')
    .set({ job: '', employee_no: null, mobile: null, active: false })
    .where('site', '=', site)
    .where('id', '=', person)
    .execute()
  await sql`update site set revision = revision + 1 where id = ${site}`.execute(tx)
}
