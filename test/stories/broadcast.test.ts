import { expect } from 'vitest'
import { readLedger } from '../../src/engine/ledger.ts'
import { hours, minutes } from '../../src/lib/clock.ts'
import { newId } from '../../src/lib/id.ts'
import type { Plant } from '../support/plant.ts'
import { type Stage, story } from '../support/story.ts'
import { across, once } from '../support/world.ts'

const words = '演练：请全体人员到东门集合点'

type Line = { readonly id: number; readonly what: string; readonly status: number | null }
const sending = /batch_send|oToMessages\/batchSend|cgi-bin\/message\/send|im\/v1\/messages\?/

/** Calls that send something, since a line of the log. */
const callsSince = async ({ world }: Stage, since: number): Promise<readonly string[]> =>
  (await world.get<Line[]>(`/log?since=${since}`)).filter(({ what }) => sending.test(what)).map(({ what }) => what)
const lastLine = async ({ world }: Stage): Promise<number> => (await world.get<Line[]>('/log')).at(-1)?.id ?? 0

/** A case of which it is spoken, and everybody who can be reached. */
const opens = async ({ world, people }: Stage) => {
  await people.welder.says('3号泵房漏油')
  const { db } = world.running().database
  const { id, revision } = await db
    .selectFrom('subject')
    .select(['id', 'revision'])
    .where('workflow', '=', 'hazard')
    .executeTakeFirstOrThrow()
  const reached = await db
    .selectFrom('account')
    .innerJoin('person', 'person.id', 'account.person')
    .select('person.id')
    .distinct()
    .where('person.active', '=', true)
    .where('account.state', '=', 'active')
    .orderBy('person.id')
    .execute()
  return { subject: id, revision, persons: reached.map((row) => row.id) }
}

type Crowd = { readonly subject: string; readonly revision: number; readonly persons: readonly string[] }

/** Words for many, as a decision leaves them in the outbox. */
const broadcasts = async ({ world, settles }: Stage, { subject, revision, persons }: Crowd, urgent = true): Promise<void> => {
  const { database, parts, service } = world.running()
  const at = parts.clock.now()
  await database.db
    .insertInto('effect')
    .values({
      ...{ site: 'SH01', id: newId('eff', at), subject, revision, kind: 'broadcast', urgent, person: null, connection: null },
      ...{ account: null, conversation: null, payload: JSON.stringify({ text: words, persons }), due_at: at, created_at: at },
      lease_owner: null,
    })
    .execute()
  service.wake()
  await settles()
}

const copiesOf = async ({ world }: Stage, person: string): Promise<readonly string[]> =>
  (await world.get<{ text: string; from: string }[]>(`/people/${person}/sees`))
    .filter(({ text, from }) => from === 'bot' && text.includes(words))
    .map(({ text }) => text)

const bulkLines = async ({ world }: Stage, subject: string) =>
  (await readLedger(world.running().database.db, subject)).filter(({ kind }) => kind === 'bulk')

story(
  'one text reaches everybody once, with one call for each platform, and the ledger has a line for each',
  across,
  async (stage) => {
    const crowd = await opens(stage)
    const since = await lastLine(stage)
    await broadcasts(stage, crowd)
    await stage.clock.passes(minutes(1))
    for (const person of crowd.persons) expect(await copiesOf(stage, person), person).toHaveLength(1)
    expect((await callsSince(stage, since)).toSorted()).toEqual([
      'POST /cgi-bin/message/send',
      'POST /open-apis/message/v4/batch_send/',
      'POST /v1.0/robot/oToMessages/batchSend',
    ])
    const lines = await bulkLines(stage, crowd.subject)
    expect(lines.map(({ person }) => person).toSorted()).toEqual(crowd.persons)
    expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['done']))
    await stage.clock.passes(minutes(5))
    for (const person of crowd.persons) expect(await copiesOf(stage, person), person).toHaveLength(1)
  },
)

/** The operator is on Feishu, whose app may not reach them, and has DingTalk as well. */
const withSpare = (plant: Plant): Plant => ({
  ...plant,
  people: plant.people.map((one) =>
    one.id === 'wu-gang' ? { ...one, accounts: [...one.accounts, { connection: 'dingtalk-demo', account: 'wu_gang_2' }] } : one,
  ),
})

story(
  'whoever the bulk call passes over is sent the words alone, and on their next account',
  [{ database: 'pglite', shift: 1, door: 'stream' }],
  async (stage) => {
    const { world } = stage
    const crowd = await opens(stage)
    const { db } = world.running().database
    const first = await db
      .selectFrom('account')
      .select('account')
      .where('person', '=', 'wu-gang')
      .where('connection', '=', 'feishu-demo')
      .executeTakeFirstOrThrow()
    await world.post('/profile', { choices: { [`feishu.user.${first.account}`]: 'invisible' } })
    await broadcasts(stage, crowd)
    await stage.clock.passes(minutes(2))
    const his = (await readLedger(db, crowd.subject)).filter(({ person, kind }) => person === 'wu-gang' && kind !== 'card')
    expect(his.map(({ kind, connection, outcome, detail }) => [kind, connection, outcome, detail])).toEqual([
      ['bulk', 'feishu-demo', 'dead', 'unknown-account'],
      ['text', 'feishu-demo', 'dead', 'unreachable'],
      ['text', 'dingtalk-demo', 'done', null],
    ])
    for (const person of crowd.persons) expect(await copiesOf(stage, person), person).toHaveLength(1)
  },
  { plant: withSpare },
)

for (const [surface, copies] of [
  ['wecom', ['plain']],
  ['feishu', ['plain', 'marked']],
  ['dingtalk', ['plain', 'marked']],
] as const)
  story(`an answer lost by ${surface}: repeated as the platform allows, and what is shown twice says so`, once, async (stage) => {
    const crowd = await opens(stage)
    await stage.fault({ name: 'lostAnswer', surface, times: 1 })
    await broadcasts(stage, crowd)
    await stage.noFaults()
    await stage.clock.passes(minutes(2))
    const { db } = stage.world.running().database
    const accounts = await db
      .selectFrom('account')
      .select('person')
      .where('connection', '=', `${surface}-demo`)
      .where('person', 'is not', null)
      .execute()
    for (const { person } of accounts) {
      if (!crowd.persons.includes(person ?? '')) continue
      const seen = (await copiesOf(stage, person ?? '')).map((text) => (text.startsWith('【重发】') ? 'marked' : 'plain'))
      expect(seen, person ?? '').toEqual(copies)
    }
  })

story('information for many counts against the budget of each: what is over it stands in their digest', once, async (stage) => {
  const crowd = await opens(stage)
  const few = { ...crowd, persons: ['chen-jing', 'sun-li'] }
  for (let n = 0; n < 25; n += 1) await broadcasts(stage, few, false)
  const alone = (await copiesOf(stage, 'chen-jing')).length
  expect(alone).toBeLessThanOrEqual(20)
  expect(alone).toBeGreaterThan(0)
  await stage.clock.passes(minutes(11))
  const texts = await copiesOf(stage, 'chen-jing')
  expect(texts).toHaveLength(alone + 1)
  expect(texts.at(-1)).toContain(`以下 ${25 - alone} 条`)
  await stage.clock.passes(hours(1))
  expect(await copiesOf(stage, 'chen-jing')).toHaveLength(alone + 1)
})
