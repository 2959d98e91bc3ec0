import { sql } from 'kysely'
import { type Handle, rowsOf } from '../db/database.ts'
import { canonical } from '../lib/crypto.ts'
import { nameOfCase, type Report } from './findings.ts'
import { type Entry, entryHash, firstHead } from './journal.ts'
import type { Registered } from './registry.ts'
import { exactTime, isoOf, pages } from './stored.ts'

export type EntryRow = Entry & { readonly hash: string }

type CaseRow = {
  readonly site: string
  readonly id: string
  readonly workflow: string
  readonly code: string
  readonly status: string
  readonly open: boolean
  readonly revision: number
  readonly state: string
  readonly head: string
  readonly owner: string | null
  readonly opened_at: string
  readonly changed_at: string
}

type State = { readonly status: string }

/** A journal while it is walked: what the entries so far say. */
type Chain = {
  readonly site: string
  readonly id: string
  readonly row: CaseRow | null
  readonly registered: Registered | undefined
  readonly firstAt: string
  lastAt: string
  seq: number
  hash: string
  state: State | null
  unreadable: { readonly seq: number; readonly because: string } | null
}

export type ChainTools = {
  readonly registry: ReadonlyMap<string, Registered>
  readonly report: Report
  readonly count: (what: 'cases' | 'entries') => void
  /** Is there a signed record that explains why an entry is no longer what was written? `content` is the hash of what stands there. */
  readonly redacted: (entry: EntryRow, content: string, on: string) => Promise<boolean>
  /** Looks at the photos that a state refers to. */
  readonly photos: (state: unknown, on: string) => Promise<void>
}

const pageSize = 1_000

const readEntries = async (handle: Handle, after: EntryRow | null): Promise<readonly EntryRow[]> => {
  const from = after === null ? sql`` : sql`where (site, subject, seq) > (${after.site}, ${after.subject}, ${after.seq}::integer)`
  const { rows } =
    await sql<EntryRow>`select site, subject, seq, ${exactTime('at')} as at, actor, arrival, version, event, prev, hash
    from journal ${from} order by site, subject, seq limit ${pageSize}::integer`.execute(handle)
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

const keyOf = (site: string, id: string): string => JSON.stringify([site, id])

const readCases = async (handle: Handle, entries: readonly EntryRow[]): Promise<ReadonlyMap<string, CaseRow>> => {
  const wanted = new Map(entries.map(({ site, subject }) => [keyOf(site, subject), { site, id: subject }]))
  const { rows } =
    await sql<CaseRow>`select s.site, s.id, s.workflow, s.code, s.status, s.open, s.revision, s.state, s.head, s.owner,
      ${exactTime('s.opened_at')} as opened_at, ${exactTime('s.changed_at')} as changed_at
    from json_to_recordset(${rowsOf([...wanted.values()])}::json) as k(site text, id text) join subject s on s.site = k.site and s.id = k.id`.execute(
      handle,
    )
  return new Map(
    rows.map((row) => [keyOf(row.site, row.id), { ...row, opened_at: isoOf(row.opened_at), changed_at: isoOf(row.changed_at) }]),
  )
}

const begin = (entry: EntryRow, row: CaseRow | null, registry: ChainTools['registry']): Chain => ({
  site: entry.site,
  id: entry.subject,
  row,
  registered: row ? registry.get(row.workflow) : undefined,
  firstAt: entry.at,
  lastAt: entry.at,
  seq: 0,
  hash: firstHead(entry.site, entry.subject),
  state: null,
  unreadable: null,
})

const nameOf = ({ id, row }: Chain): string => nameOfCase(id, row?.code ?? null)

const checkPlace = (chain: Chain, entry: EntryRow, report: Report): void => {
  const expected = chain.seq + 1
  if (entry.seq > expected) report('entries-missing', nameOf(chain), { from: expected, to: entry.seq - 1 })
  else if (entry.seq < expected) report('entry-out-of-place', nameOf(chain), { seq: entry.seq })
  else if (entry.prev !== chain.hash) report('entry-unlinked', nameOf(chain), { seq: entry.seq })
}

const foldEntry = (chain: Chain, entry: EntryRow): void => {
  if (!chain.registered || chain.unreadable) return
  const { workflow } = chain.registered
  try {
    if (!(entry.version <= workflow.version)) throw new Error('it was written by a newer release')
    chain.state = workflow.evolve(chain.state, JSON.parse(entry.event) as { type: string })
  } catch (error) {
    chain.unreadable = { seq: entry.seq, because: error instanceof Error ? error.message : 'unknown' }
  }
}

const follow = async (chain: Chain, entry: EntryRow, { report, count, redacted }: ChainTools): Promise<void> => {
  count('entries')
  checkPlace(chain, entry, report)
  const { hash, ...hashed } = entry
  const content = entryHash(hashed)
  if (content !== hash && !(await redacted(entry, content, nameOf(chain))))
    report('entry-changed', nameOf(chain), { seq: entry.seq })
  foldEntry(chain, entry)
  chain.seq = entry.seq
  chain.hash = hash
  chain.lastAt = entry.at
}

/** The columns that are copies of what the journal says. Throws when the folded state is not one the workflow can speak about. */
const expectedColumns = (state: State, chain: Chain, { workflow }: Registered): Readonly<Partial<CaseRow>> => ({
  status: state.status,
  open: workflow.open(state),
  owner: workflow.owner(state),
  code: 'code' in state && typeof state.code === 'string' ? state.code : chain.id,
  opened_at: chain.firstAt,
  changed_at: chain.lastAt,
})

const compareState = (chain: Chain, row: CaseRow, registered: Registered, report: Report): void => {
  const { state } = chain
  if (state === null) return
  try {
    const columns = Object.entries(expectedColumns(state, chain, registered))
    if (canonical(state) !== row.state) report('state-differs', nameOf(chain))
    for (const [column, value] of columns)
      if (row[column as keyof CaseRow] !== value) report('column-differs', nameOf(chain), { column })
  } catch (error) {
    chain.unreadable = { seq: chain.seq, because: error instanceof Error ? error.message : 'unknown' }
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const finish = async (chain: Chain, tools: ChainTools): Promise<void> => {
  const { report } = tools
  const { row, registered } = chain
  const on = nameOf(chain)
  if (!row) return report('case-missing', on)
  tools.count('cases')
  if (row.head !== chain.hash) report('head-differs', on)
  if (row.revision !== chain.seq) report('revision-differs', on, { revision: row.revision, seq: chain.seq })
  if (!registered) report('case-unknown', on, { workflow: row.workflow })
  else if (!chain.unreadable) compareState(chain, row, registered, report)
  if (chain.unreadable) report('entry-unreadable', on, chain.unreadable)
  await tools.photos(registered && !chain.unreadable ? chain.state : parsed(row.state), on)
}

/** Walks every journal entry in the order of the chains, however many there are, and holds each chain against its case. */
export const verifyChains = async (handle: Handle, tools: ChainTools): Promise<void> => {
  let chain: Chain | null = null
  for await (const entries of pages<EntryRow>((after) => readEntries(handle, after))) {
    const rows = await readCases(handle, entries)
    for (const entry of entries) {
      if (chain === null || chain.site !== entry.site || chain.id !== entry.subject) {
        if (chain !== null) await finish(chain, tools)
        chain = begin(entry, rows.get(keyOf(entry.site, entry.subject)) ?? null, tools.registry)
      }
      await follow(chain, entry, tools)
    }
  }
  if (chain !== null) await finish(chain, tools)
}

type Bare = { readonly site: string; readonly id: string; readonly code: string }

/** Cases whose journal has not one entry; the walk over the journal cannot meet them. */
export const verifyJournals = async (handle: Handle, { report, count }: ChainTools): Promise<void> => {
  const read = async (after: Bare | null): Promise<readonly Bare[]> => {
    const from = after === null ? sql`` : sql`and (s.site, s.id) > (${after.site}, ${after.id})`
    const { rows } = await sql<Bare>`select s.site, s.id, s.code from subject s
      where not exists (select 1 from journal j where j.site = s.site and j.subject = s.id) ${from} order by s.site, s.id limit ${pageSize}::integer`.execute(
      handle,
    )
    return rows
  }
  for await (const cases of pages<Bare>(read)) {
    for (const { id, code } of cases) {
      count('cases')
      report('journal-missing', nameOfCase(id, code))
    }
  }
}

type Trace = { readonly subject: string; readonly traces: string }

/** Other tables that keep a case's id: whoever removes a case without a trace must think of all of them. */
export const verifyTraces = async (handle: Handle, report: Report): Promise<void> => {
  const read = async (after: Trace | null): Promise<readonly Trace[]> => {
    const from = after === null ? sql`` : sql`and t.subject > ${after.subject}`
    const { rows } = await sql<Trace>`select t.subject, string_agg(distinct t.what, ', ' order by t.what) as traces from (
        select subject, 'arrival' as what from inbox where subject is not null
        union all select subject, 'effect' from effect where subject <> ''
        union all select subject, 'card' from live_card
        union all select subject, 'deadline' from deadline) as t
      where not exists (select 1 from subject s where s.id = t.subject) ${from} group by t.subject order by t.subject limit ${pageSize}::integer`.execute(
      handle,
    )
    return rows
  }
  for await (const found of pages<Trace>(read))
    for (const { subject, traces } of found) report('trace-without-case', nameOfCase(subject, null), { traces })
}
