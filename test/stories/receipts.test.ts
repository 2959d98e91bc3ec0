import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { codeIn } from '../support/acts.ts'
import type { Plant } from '../support/plant.ts'
import { type Stage, story } from '../support/story.ts'
import type { Arrangement } from '../support/world.ts'

const onFeishu: readonly Arrangement[] = [
  { database: 'pglite', shift: 2, door: 'stream' },
  { database: 'postgres', shift: 2, door: 'http' },
]
const onDingtalk: readonly Arrangement[] = [{ database: 'pglite', shift: 0, door: 'stream' }]
const onWecom: readonly Arrangement[] = [{ database: 'pglite', shift: 1, door: 'http' }]

const receiptsOf = ({ world }: Stage) =>
  world.running().database.db.selectFrom('receipt').select(['person', 'how', 'connection']).orderBy('person').execute()

story('who reads a card on a platform that says so is reached, once, however often it is said', onFeishu, async (stage) => {
  const { people, world, settles, fault, noFaults } = stage
  await people.welder.says('3号泵房漏油')
  await people.teamLead.seesCard('隐患待处理')
  expect(await receiptsOf(stage)).toEqual([])
  await fault({ name: 'twice', surface: 'feishu', times: 2 })
  await world.post('/people/li-na/reads', {})
  await settles()
  await noFaults()
  await world.post('/people/li-na/reads', {})
  await settles()
  expect(await receiptsOf(stage)).toEqual([{ person: 'li-na', how: 'read', connection: 'feishu-demo' }])
  await people.welder.seesCard('隐患已上报')
  await people.everyone.seesNothingElse()
})

story('a platform that reports no reads reports none: only an act counts', onWecom, async (stage) => {
  const { people, world, settles } = stage
  await people.welder.says('3号泵房漏油')
  await people.teamLead.seesCard('隐患待处理')
  await world.post('/people/li-na/reads', {})
  await settles()
  expect(await receiptsOf(stage)).toEqual([])
})

const leaderless = (plant: Plant): Plant => ({
  ...plant,
  people: plant.people.map((one) => (one.id === 'li-na' ? { ...one, roles: [] } : one)),
})
const alarms = async ({ people }: Stage) =>
  (await people.administrator.sees()).filter(({ text }) => text.includes('【告警】')).map(({ text }) => text.split('【告警】')[0])

story(
  'urgent words that the platform took and dropped are found missing after two minutes and sent again, marked',
  onDingtalk,
  async (stage) => {
    const { people, world, clock } = stage
    await world.post('/profile', { choices: { 'dingtalk.dropped': 'tang_ning' } })
    await people.welder.says('地上有油')
    codeIn(await people.welder.seesCard('隐患已上报'))
    expect(await alarms(stage)).toEqual([])
    await world.post('/profile', { choices: { 'dingtalk.dropped': '' } })
    await clock.passes(minutes(2))
    const found = await alarms(stage)
    expect(found.length).toBeGreaterThan(0)
    expect(new Set(found)).toEqual(new Set(['【重发】']))
    await clock.passes(minutes(15))
    expect(await alarms(stage)).toEqual(found)
  },
  { plant: leaderless },
)

story(
  'words that arrived are not sent again, read or unread',
  onDingtalk,
  async (stage) => {
    const { people, world, clock } = stage
    await people.welder.says('地上有油')
    const found = await alarms(stage)
    expect(found.length).toBeGreaterThan(0)
    await clock.passes(minutes(3))
    await world.post('/people/tang-ning/reads', {})
    await clock.passes(minutes(15))
    expect(await alarms(stage)).toEqual(found)
    expect((await receiptsOf(stage)).filter(({ person }) => person === 'tang-ning').length).toBe(found.length)
  },
  { plant: leaderless },
)
