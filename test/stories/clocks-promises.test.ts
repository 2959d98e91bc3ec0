import { expect } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { cardOf, codeIn, expectAnswered, factOf, looksAt } from '../support/acts.ts'
import { type Stage, story } from '../support/story.ts'
import { across } from '../support/world.ts'

const cards = async (actor: Stage['people']['areaOwner'], code: string): Promise<number> =>
  (await actor.sees()).filter(({ kind, text }) => kind === 'card' && text.includes(code)).length

story(
  'red is not sent but reached: rung again while it is unread, handed to whoever stands in after 15 min, over a restart, until somebody acts',
  across,
  async ({ people, clock, world, settles }) => {
    const { welder, teamLead, safetyDirector, areaOwner, director, administrator } = people
    await welder.says('3号泵房起火')
    const code = codeIn(await teamLead.seesCard('隐患待处理', { tone: 'danger' }))
    await safetyDirector.seesCard('隐患待处理', { actions: ['已知悉'] })
    const first = await areaOwner.seesCard('红色隐患，请知悉', { actions: ['已知悉'] })
    await clock.passes(minutes(3))
    expect(await cards(areaOwner, code)).toBe(2)
    await world.restart()
    await settles()
    expectAnswered(await areaOwner.presses('已知悉', {}, first.id))
    await clock.passes(minutes(11))
    expect(await cards(areaOwner, code)).toBe(2)
    expect(await cards(director, code)).toBe(0)
    await clock.passes(minutes(2))
    const called = await director.seesCard('红色隐患，请知悉', { actions: ['已知悉'] })
    await administrator.seesText(/【告警】红色隐患 YH-/)
    expectAnswered(await director.presses('已知悉', {}, called.id))
    const seen = await cards(safetyDirector, code)
    await clock.passes(minutes(10))
    expect(await cards(safetyDirector, code)).toBe(seen)
    await looksAt(welder, teamLead, safetyDirector, areaOwner, director, administrator)
    await people.everyone.seesNothingElse()
  },
)

story(
  'yellow that somebody took and did not begin is the department head’s after 2 h, and the reporter hears of it after 48 h',
  across,
  async ({ people, clock }) => {
    const { welder, teamLead, deptHead, director } = people
    await welder.sendsPhoto('oil-leak.jpg', '3号泵房地面积水')
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    await clock.passes(minutes(20))
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
    await clock.passes(hours(1.6))
    expect(await cards(deptHead, code)).toBe(0)
    await clock.passes(minutes(10))
    expect(factOf(await deptHead.seesCard('隐患跟踪'), '状态')).toBe('已接单')
    expectAnswered(await teamLead.presses('上传整改照片', {}, (await cardOf(teamLead, code)).id))
    await clock.passes(hours(45))
    expect(await cards(director, code)).toBe(0)
    await clock.passes(hours(2))
    await welder.seesText(new RegExp(`您上报的 ${code} 正由李娜整改`))
    await looksAt(welder, teamLead, deptHead)
    await people.everyone.seesNothingElse()
  },
)
