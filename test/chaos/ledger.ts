import type pg from 'pg'
import { type Entry, entryHash, firstHead } from '../../src/engine/journal.ts'

type Chained = Entry & { readonly hash: string }

/** Every way in which the books can be wrong, as a query for the rows that are, and what to call them. */
const questions: Readonly<Record<string, string>> = {
  'open case without a deadline': `select s.id from subject s where s.open and s.workflow = 'hazard'
    and not exists (select 1 from deadline d where d.site = s.site and d.subject = s.id)`,
  'effect not settled': `select id || ' ' || kind || ' ' || state || ' ' || coalesce(error, '') as id from effect where state in ('waiting', 'leased')`,
  'effect given up': `select id || ' ' || kind || ' ' || coalesce(error, '') as id from effect where state = 'dead'`,
  'live card behind its case': `select id from live_card where state = 'live' and wanted_rev > drawn_rev`,
  'two live cards of one reader': `select min(id) as id from live_card where state = 'live' group by subject, connection, account having count(*) > 1`,
  'quarantined arrival': `select connection || ' ' || key as id from inbox where outcome = 'quarantined'`,
  'effect performed but not in the ledger': `select id from effect e where state = 'done' and kind in ('card', 'plainCard', 'text')
    and not exists (select 1 from delivery d where d.site = e.site and d.effect = e.id and d.outcome = 'done')`,
  'case whose state is not its journal': `select s.id from subject s where s.head is distinct from
    (select j.hash from journal j where j.site = s.site and j.subject = s.id order by seq desc limit 1)
    or s.revision <> (select count(*) from journal j where j.site = s.site and j.subject = s.id)`,
}

const brokenChains = (entries: readonly Chained[]): readonly string[] => {
  const heads = new Map<string, string>()
  return entries.flatMap(({ hash, ...entry }) => {
    const prev = heads.get(entry.subject) ?? firstHead(entry.site, entry.subject)
    heads.set(entry.subject, hash)
    return entry.prev === prev && entryHash(entry) === hash ? [] : [`journal broken at ${entry.subject} ${entry.seq}`]
  })
}

/** What is wrong in the books of one database; empty when nothing is. */
export const complaintsOf = async (client: pg.Client): Promise<readonly string[]> => {
  const found: string[] = []
  for (const [name, question] of Object.entries(questions)) {
    const { rows } = await client.query<{ id: string }>(question)
    found.push(...rows.map(({ id }) => `${name}: ${id}`))
  }
  const { rows } = await client.query<Omit<Chained, 'at'> & { at: Date }>(
    'select site, subject, seq, at, actor, arrival, version, event, prev, hash from journal order by subject, seq',
  )
  return [...found, ...brokenChains(rows.map((row) => ({ ...row, at: row.at.toISOString() })))]
}

/** Cases by what their reports said: how many each of these words opened. */
export const casesSaying = async (client: pg.Client, words: string): Promise<number> => {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from subject where workflow = 'hazard' and position($1 in state) > 0`,
    [words],
  )
  return rows[0]?.n ?? 0
}
