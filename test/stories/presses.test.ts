import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { answerOf, cardOf, codeIn, expectAnswered, factOf, pressesOld } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across, everywhere } from '../support/world.ts'

story(
  'two people press 接单 in the same moment: one has it, and both see who',
  everywhere,
  async ({ people, clock, settles }) => {
    const { welder, teamLead, deptHead } = people
    await welder.says('3号泵房漏油')
    await welder.seesCard('隐患已上报')
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    await clock.passes(hours(2))
    await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
    const both = [
      { actor: teamLead, name: '李娜' },
      { actor: deptHead, name: '王强' },
    ]
    const cards = await Promise.all(both.map(({ actor }) => cardOf(actor, code)))
    const pressed = await Promise.all(both.map(({ actor }, index) => actor.presses('接单', {}, cards[index]?.id)))
    for (const one of pressed) expectAnswered(one)
    await settles()

    const owners = pressed.map(({ card }) => factOf(card, '责任人'))
    expect(owners[0]).toBe(owners[1])
    const winner = both.findIndex(({ name }) => name === owners[0])
    expect(winner).toBeGreaterThanOrEqual(0)
    const loser = 1 - winner
    expect(answerOf(pressed[loser] as (typeof pressed)[number])).toContain(`${both[winner]?.name}已于`)
    const won = await cardOf(both[winner]?.actor ?? teamLead, code)
    expect(won.actions.join()).toMatch(/上传整改.?照片/)
    const lost = await cardOf(both[loser]?.actor ?? deptHead, code)
    expect(lost.actions).not.toContain('接单')
    expect(factOf(lost, '责任人')).toBe(owners[0])
    await clock.passes(hours(3))
    await people.everyone.seesNothingElse()
  },
)

story(
  'a phone that is behind presses an old button: it learns what happened and sees the present card',
  everywhere,
  async ({ people, clock }) => {
    const { welder, teamLead, deptHead } = people
    await welder.says('3号泵房漏油')
    await welder.seesCard('隐患已上报')
    const reported = await teamLead.seesCard('隐患待处理')
    await clock.passes(hours(2))
    const old = await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
    expectAnswered(await teamLead.presses('接单', {}, reported.id))
    for (const label of ['接单', '不是隐患', '接单']) {
      const late = await pressesOld(deptHead, label, old.id)
      if (!late) continue
      expect(answerOf(late)).toMatch(/李娜已于 .*接单/)
      expect(factOf(late.card, '状态')).toBe('已接单')
      expect(factOf(late.card, '责任人')).toBe('李娜')
    }
    const now = await deptHead.seesCard('隐患跟踪', { facts: { 状态: '已接单', 责任人: '李娜' } })
    expect(now.actions).not.toContain('接单')
    await clock.passes(hours(48))
    await welder.seesText(/您上报的 YH-/)
    await people.everyone.seesNothingElse()
  },
)

story('who was not asked gains nothing by a button', across, async ({ people, world, settles }) => {
  const { welder, teamLead, operator } = people
  await welder.says('3号泵房漏油')
  const mine = await welder.seesCard('隐患已上报')
  await teamLead.seesCard('隐患待处理', { actions: ['接单'] })
  expect(mine.actions).not.toContain('接单')
  await operator.says(codeIn(mine))
  await operator.seesText(/没有找到编号/)
  await settles()
  expect(world.running().url).toContain('127.0.0.1')
  await people.everyone.seesNothingElse()
})
