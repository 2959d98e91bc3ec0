import { join } from 'node:path'
import pg from 'pg'
import { openPostgres } from '../../src/db/postgres.ts'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { sayFinding } from '../../src/engine/findings.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { verify } from '../../src/engine/verify.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'

/** The books of one installation: its database, what it keeps beside it, and the secret it seals with. */
export type Books = { readonly url: string; readonly home: string; readonly secret: string }

/** Every way in which the books can be wrong, as a query for the rows that are, and what to call them. */
const questions: Readonly<Record<string, string>> = {
  'open case without a deadline': `select s.id from subject s where s.open and s.workflow = 'hazard'
    and not exists (select 1 from deadline d where d.site = s.site and d.subject = s.id)`,
  'effect not settled': `select id || ' ' || kind || ' ' || state || ' ' || coalesce(error, '') as id from effect where state = 'leased'
    or (state = 'waiting' and (kind <> 'check' or due_at < (select max(at) from journal)))`,
  'effect given up': `select id || ' ' || kind || ' ' || coalesce(error, '') as id from effect where state = 'dead'`,
  'live card behind its case': `select id from live_card where state = 'live' and wanted_rev > drawn_rev`,
  'two live cards of one notice': `select min(id) as id from live_card where state = 'live' group by subject, connection, account, effect having count(*) > 1`,
  'one notice twice': `select min(id) as id from effect where kind in ('card', 'text') and person is not null
    group by subject, revision, person, kind, payload having count(*) > 1`,
  'quarantined arrival': `select connection || ' ' || key as id from inbox where outcome = 'quarantined'`,
  'effect performed but not in the ledger': `select id from effect e where state = 'done' and kind in ('card', 'plainCard', 'text')
    and not exists (select 1 from delivery d where d.site = e.site and d.effect = e.id and d.outcome = 'done')`,
}

/** What the product's own verification finds: changed, missing or unsealed entries, states that are not their journal, photos, checkpoints. */
const findingsIn = async ({ url, home, secret }: Books): Promise<readonly string[]> => {
  const database = openPostgres({ url, pooled: true, connections: 1, onError: () => {} })
  const findings: string[] = []
  try {
    await verify(database, {
      registry: createRegistry(),
      secret,
      blobs: createDirectoryBlobs({ dir: join(home, 'blobs') }),
      checkpoints: createCheckpointDirectory(join(home, 'checkpoints')),
      found: (finding) => void findings.push(sayFinding(finding)),
    })
  } finally {
    await database.close()
  }
  return findings
}

/** Asks a database through a connection of its own. */
export const asking = async <T>({ url }: Pick<Books, 'url'>, question: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await question(client)
  } finally {
    await client.end()
  }
}

/** What is wrong in the books; empty when nothing is. */
export const complaintsOf = async (books: Books): Promise<readonly string[]> => {
  const found = await asking(books, async (client) => {
    const all: string[] = []
    for (const [name, question] of Object.entries(questions)) {
      const { rows } = await client.query<{ id: string }>(question)
      all.push(...rows.map(({ id }) => `${name}: ${id}`))
    }
    return all
  })
  return [...found, ...(await findingsIn(books))]
}

/** Cases by what their reports said: how many each of these words opened. */
export const casesSaying = async (client: pg.Client, words: string): Promise<number> => {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from subject where workflow = 'hazard' and position($1 in state) > 0`,
    [words],
  )
  return rows[0]?.n ?? 0
}
