import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { readLedger } from '../../src/engine/ledger.ts'
import { hours, minutes } from '../../src/lib/clock.ts'
import { newId } from '../../src/lib/id.ts'
import { cardOf, codeIn, expectAnswered } from '../support/acts.ts'
import { type Stage, story } from '../support/story.ts'
import { type Arrangement, across } from '../support/world.ts'

type Row = {
  readonly kind: string
  readonly person?: string | null
  readonly connection?: string | null
  readonly account?: string | null
  readonly payload?: object
  readonly revision?: number
  readonly due?: Date
}

const caseOf = ({ world }: Stage) =>
  world
    .running()
    .database.db.selectFrom('subject')
    .select(['id', 'revision'])
    .where('workflow', '=', 'hazard')
    .executeTakeFirstOrThrow()

/** A row as a decision leaves it in the outbox. Rows of later decisions have greater revisions. */
const leaves = async (
  stage: Stage,
  { kind, person = null, connection = null, account = null, payload = {}, revision, due }: Row,
): Promise<void> => {
  const { database, parts, service } = stage.world.running()
  const on = await caseOf(stage)
  const at = parts.clock.now()
  await database.db
    .insertInto('effect')
    .values({
      ...{
        site: 'SH01',
        id: newId('eff', at),
        subject: on.id,
        revision: revision ?? on.revision,
        kind,
        person,
        urgent: kind === 'recall',
      },
      ...{
        connection,
        account,
        conversation: null,
        payload: JSON.stringify(payload),
        due_at: due ?? at,
        created_at: at,
      },
      lease_owner: null,
    })
    .execute()
  service.wake()
  await stage.settles()
}

/** Still says something: neither taken back nor emptied. */
const speaks = ({ recalled, title, text, facts }: Seen): boolean =>
  !recalled && !(title === '—' && facts.length === 0 && !text.includes('漏油'))

const linesOf = async (stage: Stage, kind: string) =>
  (await readLedger(stage.world.running().database.db, (await caseOf(stage)).id)).filter((line) => line.kind === kind)

story(
  'what one person was sent about a case leaves their chat; nobody else loses anything, and the card does not come back',
  across,
  async (stage) => {
    const { people, clock, world } = stage
    await people.welder.says('3号泵房漏油')
    const code = codeIn(await people.teamLead.seesCard('隐患待处理'))
    const { revision } = await caseOf(stage)
    await leaves(stage, { kind: 'text', person: 'li-na', payload: { text: '请尽快处理漏油' } })
    const later = new Date(world.running().parts.clock.now().getTime() + hours(1))
    await leaves(stage, { kind: 'text', person: 'li-na', payload: { text: '再次提醒' }, due: later })
    expect((await people.teamLead.sees()).filter(speaks).length).toBeGreaterThan(1)
    const receipt = await cardOf(people.welder, code)
    await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
    expect((await people.teamLead.sees()).filter(speaks)).toEqual([])
    expect(await cardOf(people.welder, code)).toEqual(receipt)
    const [taken] = await linesOf(stage, 'recall')
    expect(taken).toMatchObject({ person: 'li-na', outcome: 'done', detail: expect.stringMatching(/^taken back/) })
    const sent = [...(await linesOf(stage, 'card')), ...(await linesOf(stage, 'text'))].filter(({ person }) => person === 'li-na')
    expect(sent.map(({ detail }) => detail)).toEqual(sent.map(() => 'taken back'))
    const { db } = world.running().database
    const cards = await db.selectFrom('live_card').select('state').where('person', '=', 'li-na').execute()
    expect(cards.map(({ state }) => state)).toEqual(cards.map(() => 'gone'))
    await clock.passes(minutes(70))
    expect((await people.teamLead.sees()).filter(({ text }) => text.includes('再次提醒'))).toEqual([])
  },
)

story('a second recall finds nothing, and one that comes before anything was sent neither', across.slice(0, 1), async (stage) => {
  await stage.people.welder.says('3号泵房漏油')
  const { revision } = await caseOf(stage)
  await leaves(stage, { kind: 'recall', person: 'chen-jing', revision: revision + 1 })
  await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
  await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
  expect((await linesOf(stage, 'recall')).map(({ person, state, outcome }) => [person, state, outcome])).toEqual([
    ['chen-jing', 'dropped', null],
    ['li-na', 'done', 'done'],
    ['li-na', 'dropped', null],
  ])
})

story('what a later decision sent stays', across.slice(0, 1), async (stage) => {
  const { people } = stage
  await people.welder.says('3号泵房漏油')
  const { revision } = await caseOf(stage)
  await leaves(stage, { kind: 'text', person: 'li-na', payload: { text: '您已不再负责' }, revision: revision + 1 })
  await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
  expect((await people.teamLead.sees()).filter(speaks).map(({ text }) => text)).toEqual([expect.stringContaining('您已不再负责')])
})

story('from one account, whoever stands behind it', across, async (stage) => {
  const { people, world } = stage
  await people.welder.says('3号泵房漏油')
  const { revision } = await caseOf(stage)
  const { db } = world.running().database
  const to = await db
    .selectFrom('account')
    .select(['connection', 'account'])
    .where('person', '=', 'li-na')
    .executeTakeFirstOrThrow()
  await leaves(stage, { kind: 'recall', ...to, revision: revision + 1 })
  expect((await people.teamLead.sees()).filter(speaks)).toEqual([])
  expect((await people.welder.sees()).filter(speaks)).toHaveLength(1)
  expect((await linesOf(stage, 'recall')).map(({ person, outcome }) => [person, outcome])).toEqual([['li-na', 'done']])
})

story('from everybody: also what went to many in one message', across.slice(0, 2), async (stage) => {
  const { people } = stage
  await people.welder.says('3号泵房漏油')
  const { revision } = await caseOf(stage)
  const persons = ['chen-jing', 'li-na', 'liu-yang', 'sun-li', 'wang-qiang', 'wu-gang', 'zhao-min', 'zheng-hao']
  await leaves(stage, { kind: 'broadcast', payload: { text: '3号泵房停用', persons } })
  await stage.clock.passes(minutes(1))
  const before = await Promise.all([people.director, people.teamLead, people.deptHead].map((one) => one.sees()))
  expect(before.every((all) => all.some(({ text }) => text.includes('3号泵房停用')))).toBe(true)
  await leaves(stage, { kind: 'recall', revision: revision + 1 })
  const everyone = [people.welder, people.director, people.teamLead, people.deptHead, people.officerA, people.officerB]
  for (const one of everyone) expect((await one.sees()).filter(speaks)).toEqual([])
  const outcomes = (await linesOf(stage, 'recall')).map(({ outcome }) => outcome)
  expect(outcomes.length).toBeGreaterThanOrEqual(persons.length)
  expect(new Set(outcomes)).toEqual(new Set(['done']))
})

/** The team lead is on Feishu, whose tenants set how long a bot may recall. */
const onFeishu: readonly Arrangement[] = [{ database: 'pglite', shift: 2, door: 'stream' }]
story('too late for a recall: the card is emptied, words that cannot be are reported', onFeishu, async (stage) => {
  const { people, world } = stage
  await world.post('/profile', { choices: { 'feishu.recallWindowHours': '0' } })
  await people.welder.says('3号泵房漏油')
  codeIn(await people.teamLead.seesCard('隐患待处理'))
  const { revision } = await caseOf(stage)
  await stage.clock.passes(minutes(1))
  await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
  const [card] = await people.teamLead.sees()
  expect(card).toMatchObject({ recalled: false, title: '内容已收回', facts: [], actions: [], images: [] })
  expect(card?.text).not.toContain('漏油')
  expect((await linesOf(stage, 'recall')).map(({ outcome, detail }) => [outcome, detail])).toEqual([['done', 'emptied']])
  await leaves(stage, { kind: 'text', person: 'li-na', payload: { text: '漏油' } })
  await stage.clock.passes(minutes(1))
  await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
  expect((await linesOf(stage, 'recall')).map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ['done', 'emptied'],
    ['dead', 'expired'],
  ])
  const alarms = await world
    .running()
    .database.db.selectFrom('alarm')
    .select('because')
    .where('because', '=', 'not-taken-back')
    .execute()
  expect(alarms).toHaveLength(1)
})

/** WeCom: 24 hours for a recall, 72 for the one repaint that a card has left. */
const onWecom: readonly Arrangement[] = [{ database: 'pglite', shift: 1, door: 'stream' }]
story('a day later the last card on WeCom is emptied by the repaint that it has left', onWecom, async (stage) => {
  const { people } = stage
  await people.welder.says('3号泵房漏油')
  const code = codeIn(await people.teamLead.seesCard('隐患待处理'))
  expectAnswered(await people.teamLead.presses('接单', {}, (await cardOf(people.teamLead, code)).id))
  const { revision } = await caseOf(stage)
  const before = (await people.teamLead.sees()).filter(({ kind }) => kind === 'card')
  await stage.clock.jumps(hours(25))
  await stage.settles()
  await leaves(stage, { kind: 'recall', person: 'li-na', revision: revision + 1 })
  await stage.clock.passes(minutes(2))
  const old = (await people.teamLead.sees()).filter(({ id }) => before.some((one) => one.id === id))
  expect(old.length).toBeGreaterThan(0)
  expect(old.map(({ title, recalled }) => [title, recalled])).toEqual(old.map(() => ['内容已收回', false]))
})
