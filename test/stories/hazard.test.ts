import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { codeIn, judgesOf, looksAt, passes, rectifies } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { everywhere } from '../support/world.ts'

story(
  'a hazard lives its whole life: reported with a photo, taken, rectified, verified, closed',
  everywhere,
  async ({ people }) => {
    const { welder, teamLead } = people
    await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
    const reported = await teamLead.seesCard('隐患待处理', { actions: ['接单'], facts: { 状态: '待处理', 区域: /3号泵房|^$/ } })
    await welder.seesCard('隐患已上报')
    const pressed = await teamLead.presses('接单', {}, reported.id)
    expect(pressed.status).toBe('answered')
    expect(pressed.card?.facts.find(([label]) => label === '状态')?.[1]).toBe('已接单')
    await welder.seesCard('隐患已上报', { facts: { 状态: '已接单', 责任人: '李娜' } })

    await rectifies(teamLead, codeIn(reported))
    const { A, B } = await judgesOf(people)
    for (const { card } of [A, B]) expect(card.actions).toEqual(expect.arrayContaining(['验收通过', '退回整改', '有利害关系']))
    expect((await passes(A)).card?.title ?? '验收任务 A').toContain('验收任务 A')
    expect((await welder.sees()).some(({ title }) => title.includes('隐患已关闭'))).toBe(false)
    await passes(B)
    await looksAt(A.actor, B.actor, teamLead)

    await welder.seesCard('隐患已关闭', { facts: { 状态: '已关闭' } })
    await welder.mayHear('已并入')
    await people.everyone.seesNothingElse()
  },
)

story('a hazard nobody takes climbs the ladder, and stops climbing when somebody does', everywhere, async ({ people, clock }) => {
  const { welder, teamLead, deptHead, director } = people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  await welder.seesCard('隐患已上报')
  await teamLead.seesCard('隐患待处理', { actions: ['接单'] })
  await clock.passes(hours(2))
  await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
  await clock.passes(hours(46))
  await director.seesCard('隐患待处理')
  await teamLead.presses('接单')
  await deptHead.seesCard(/隐患跟踪|请补充原因与管控建议/, { facts: { 状态: '已接单' } })
  await clock.passes(hours(48))
  await welder.seesText(/您上报的 YH-/)
  await welder.mayHear('已并入')
  await people.everyone.seesNothingElse()
})
