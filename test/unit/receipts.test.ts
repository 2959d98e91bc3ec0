import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import type { FindingKind } from '../../src/engine/findings.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { type Receipt, recordReceipts } from '../../src/engine/receipts.ts'
import { verifyLinks } from '../../src/engine/verify-links.ts'
import { linkSubject } from '../../src/workflows/link/workflow.ts'
import { scratch } from '../support/scratch.ts'

let database: Database
beforeAll(async () => {
  database = await openPglite(join(scratch('andon-receipts-'), 'db'))
  await migrate(database.db)
})
afterAll(() => database.close())

const at = new Date('2026-05-06T08:00:00Z')
const listens = { commands: { noteReached: { from: 'system' } } }
const parts = () =>
  ({
    clock: { now: () => at },
    registry: new Map([
      ['hazard', { workflow: listens }],
      ['deaf', { workflow: { commands: {} } }],
      ['public', { workflow: { commands: { noteReached: { from: 'person' } } } }],
    ]),
  }) as unknown as EngineParts

const receipt = (effect: string, workflow: string | null, person: string | null = 'li-na'): Receipt => ({
  ...{ site: 'SH01', effect, subject: `sub_${effect}`, workflow, person, at },
  ...{ connection: 'feishu-demo', account: 'ou_1' },
})

test('a workflow that wants to know is told once, under the key of the notice; the others are left alone', async () => {
  const record = (receipts: readonly Receipt[]): Promise<number> =>
    database.db.transaction().execute((tx) => recordReceipts(tx, receipts, parts()))
  const all = [
    receipt('e1', 'hazard'),
    receipt('e2', 'deaf'),
    receipt('e3', 'public'),
    receipt('e4', null),
    receipt('e5', 'hazard', null),
  ]
  expect(await record(all)).toBe(5)
  expect(await record([...all, receipt('e1', 'hazard')])).toBe(0)
  const rows = await database.db.selectFrom('effect').selectAll().execute()
  expect(rows.map(({ kind, subject, urgent, state }) => [kind, subject, urgent, state])).toEqual([
    ['command', 'sub_e1', true, 'waiting'],
  ])
  expect(JSON.parse(rows[0]?.payload ?? '{}')).toEqual({
    workflow: 'hazard',
    subject: 'sub_e1',
    key: 'reached:e1',
    command: { type: 'noteReached', person: 'li-na', how: 'read', at: at.toISOString() },
  })
})

const link = async (account: string, person: string | null, proof: string | null, said: object | null): Promise<void> => {
  const connection = 'feishu-demo'
  await database.db.insertInto('account').values({ connection, account, site: 'SH01', person, proof }).execute()
  if (said === null) return
  const id = linkSubject({ connection, account })
  const state = JSON.stringify({ account: { connection, account }, ...said })
  const status = (said as { status?: string }).status ?? ''
  await database.db
    .insertInto('subject')
    .values({
      ...{ site: 'SH01', id, workflow: 'link', code: id, status, open: false, revision: 1, state, head: '' },
      ...{ owner: null, opened_at: at, changed_at: at },
    })
    .execute()
}

test('an account whose link its own request does not bear out is found, and so is one that was taken away', async () => {
  const linked = (person: string, proof: string) => ({ status: 'linked', person, proof })
  await link('honest', 'li-na', 'directory', linked('li-na', 'directory'))
  await link('filed', 'li-na', 'organisation-file', linked('wu-gang', 'code'))
  await link('stranger', null, null, { status: 'waiting', person: null, proof: null })
  await link('moved', 'chen-jing', 'code', linked('wu-gang', 'code'))
  await link('invented', 'chen-jing', 'administrator', null)
  await link('reproved', 'wu-gang', 'directory', linked('wu-gang', 'code'))
  await link('robbed', null, 'released', linked('wu-gang', 'code'))
  const found: (readonly [FindingKind, string])[] = []
  await verifyLinks(database.db, (kind, on) => void found.push([kind, on]))
  const id = (account: string) => linkSubject({ connection: 'feishu-demo', account })
  expect(new Set(found.map((one) => one.join(' ')))).toEqual(
    new Set([
      'link-unproved account feishu-demo moved',
      'link-unproved account feishu-demo invented',
      'link-unproved account feishu-demo reproved',
      `link-lost ${id('moved')}`,
      `link-lost ${id('robbed')}`,
    ]),
  )
})
