import { expect } from 'vitest'
import { readLedger } from '../../src/engine/ledger.ts'
import { minutes } from '../../src/lib/clock.ts'
import { cardOf, codeIn, expectAnswered } from '../support/acts.ts'
import type { Plant } from '../support/plant.ts'
import { story } from '../support/story.ts'
import { type Arrangement, once } from '../support/world.ts'

const second: readonly Arrangement[] = [...once, { database: 'postgres', shift: 0, door: 'http' }]

/** The team lead (DingTalk) has Feishu as well. */
const withFeishu = (plant: Plant): Plant => ({
  ...plant,
  people: plant.people.map((one) =>
    one.id === 'li-na'
      ? { ...one, accounts: [...one.accounts, { connection: 'feishu-demo', account: `ou_${'5'.repeat(32)}` }] }
      : one,
  ),
})

const platformsOf = (seen: readonly { kind: string; title: string; platform: string }[]) =>
  seen.filter(({ kind, title }) => kind === 'card' && title === '隐患待处理').map(({ platform }) => platform)

story(
  'a platform is down: what is urgent comes on the next account within a minute, once, and the late one never',
  second,
  async ({ people, world, fault, noFaults, clock, settles }) => {
    const { welder, teamLead, deptHead } = people
    await teamLead.says('你好', { platform: 'dingtalk' })
    await teamLead.seesCard(/.*/)
    await fault({ name: 'e500', surface: 'dingtalk' })
    await welder.says('3号泵房漏油')
    const code = codeIn(await welder.seesCard('隐患已上报'))
    await clock.passes(minutes(1))
    expect(platformsOf(await teamLead.sees())).toEqual(['feishu'])
    await noFaults()
    await settles()
    await clock.passes(minutes(15))
    expect(platformsOf(await teamLead.sees())).toEqual(['feishu'])
    const { db } = world.running().database
    const { id } = await db.selectFrom('subject').select('id').where('code', '=', code).executeTakeFirstOrThrow()
    const tried = (await readLedger(db, id)).filter(({ person, attempt }) => person === 'li-na' && attempt !== null)
    expect(tried.map(({ connection, outcome }) => [connection, outcome])).toEqual([
      ['dingtalk-demo', 'retry'],
      ['dingtalk-demo', 'overtaken'],
      ['feishu-demo', 'done'],
    ])
    expect(new Set(tried.map(({ effect }) => effect)).size).toBe(1)
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
    await clock.passes(minutes(15))
    expect(await deptHead.sees()).toEqual([])
  },
  { plant: withFeishu },
)

story(
  'people are called where they were last seen',
  once,
  async ({ people, clock }) => {
    const { welder, teamLead } = people
    await welder.says('3号泵房漏油')
    expect(platformsOf(await teamLead.sees())).toEqual(['feishu'])
    await clock.passes(minutes(5))
    await teamLead.says('你好', { platform: 'dingtalk' })
    await welder.says('护栏松动了，需要焊')
    expect(platformsOf(await teamLead.sees())).toEqual(['feishu', 'dingtalk'])
  },
  { plant: withFeishu },
)
