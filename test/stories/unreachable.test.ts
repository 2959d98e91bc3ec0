import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { cardOf, codeIn, expectAnswered } from '../support/acts.ts'
import type { Plant } from '../support/plant.ts'
import { story } from '../support/story.ts'
import { type Arrangement, across } from '../support/world.ts'

const shifts: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: shift === 1 ? 'http' : 'stream',
}))
const alarm = /【告警】隐患 YH-/

const changed =
  (id: string, change: object) =>
  (plant: Plant): Plant => ({ ...plant, people: plant.people.map((one) => (one.id === id ? { ...one, ...change } : one)) })

const climbsAtOnce = ['a role that nobody holds', 'a role whose holder has no account'] as const
const holders = [changed('li-na', { roles: [] }), changed('li-na', { accounts: [] })]

climbsAtOnce.forEach((name, index) => {
  story(
    `${name} is passed over at once, and the operators hear of it`,
    index === 0 ? across : shifts,
    async ({ people, clock }) => {
      const { welder, deptHead, administrator, director } = people
      await welder.says('地上有油')
      await welder.seesCard('隐患已上报')
      const called = await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
      await administrator.seesText(alarm)
      await clock.passes(hours(46))
      await people.everyone.seesNothingElse()
      await clock.passes(hours(2))
      await director.seesCard('隐患待处理')
      await welder.seesText(/您上报的 YH-.* 还没有人接单/)
      expectAnswered(await deptHead.presses('接单', { area: 'pump-3' }, (await cardOf(deptHead, codeIn(called))).id))
      await people.everyone.seesNothingElse()
    },
    { plant: holders[index] ?? changed('li-na', {}) },
  )
})

story(
  'nobody on any rung: the operators are called, again and again until somebody is there',
  shifts,
  async ({ people, clock }) => {
    const { welder, administrator } = people
    await welder.says('地上有油')
    await welder.seesCard('隐患已上报')
    await administrator.seesText(alarm)
    const first = (await administrator.sees()).length
    expect(first).toBeGreaterThan(0)
    await clock.passes(hours(73))
    expect((await administrator.sees()).length).toBeGreaterThan(first)
    await welder.seesText(/您上报的 YH-/)
    await administrator.seesText(alarm)
    await people.everyone.seesNothingElse()
  },
  {
    plant: (plant) => ({
      ...plant,
      people: plant.people.map((one) => (['li-na', 'wang-qiang', 'chen-jing'].includes(one.id) ? { ...one, roles: [] } : one)),
    }),
  },
)

story(
  'an account that its platform no longer knows is a reason to climb at once',
  shifts,
  async ({ people, clock }) => {
    const { welder, deptHead } = people
    await welder.says('3号泵房漏油')
    await welder.seesCard('隐患已上报')
    await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
    await clock.passes(hours(1))
    await welder.says('护栏松动')
    await welder.seesCard('隐患已上报')
    await deptHead.seesCard('隐患待处理')
    /** From the second report on the service knows that the account is dead, passes it over and says so. */
    await people.administrator.seesText(alarm)
    await people.everyone.seesNothingElse()
  },
  { unknown: ['li-na'] },
)

story(
  'a colleague who has resigned on Feishu cannot be reached: the ladder climbs at once',
  [{ database: 'pglite', shift: 2, door: 'stream' }],
  async ({ people, world }) => {
    const { welder, deptHead, teamLead } = people
    const lead = world.sandbox.core.plant.people.find(({ id }) => id === teamLead.id)?.accounts[0]
    await world.post('/profile', { choices: { [`feishu.user.${lead?.account}`]: 'resigned' } })
    await welder.says('3号泵房漏油')
    await welder.seesCard('隐患已上报')
    await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
    expect(await teamLead.sees()).toEqual([])
    await people.everyone.seesNothingElse()
  },
)

story(
  'an owner whom nobody can reach any more is brought to the department head when the repair is overdue',
  [{ database: 'pglite', shift: 2, door: 'stream' }],
  async ({ people, world, clock }) => {
    const { welder, deptHead, teamLead } = people
    await welder.says('3号泵房漏油')
    await welder.seesCard('隐患已上报')
    const reported = await teamLead.seesCard('隐患待处理')
    expectAnswered(await teamLead.presses('接单', {}, reported.id))
    const lead = world.sandbox.core.plant.people.find(({ id }) => id === teamLead.id)?.accounts[0]
    await world.post('/profile', { choices: { [`feishu.user.${lead?.account}`]: 'resigned' } })
    await clock.passes(hours(73))
    await deptHead.seesCard(/隐患跟踪|整改已超期/)
    await welder.seesText(/您上报的 YH-/)
    await people.everyone.seesNothingElse()
  },
)
