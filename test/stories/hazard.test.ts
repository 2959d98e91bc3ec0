import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { story } from '../support/story.ts'
import { everywhere } from '../support/world.ts'

story(
  'a hazard lives its whole life: reported with a photo, taken, rectified, verified, closed',
  everywhere,
  async ({ people, settles }) => {
    const { welder, teamLead, officerA, officerB } = people
    await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
    const reported = await teamLead.seesCard('隐患待处理', { actions: ['接单'], facts: { 状态: '待处理', 区域: /3号泵房|^$/ } })
    await welder.seesCard('隐患已上报')
    const pressed = await teamLead.presses('接单', {}, reported.id)
    expect(pressed.status).toBe('answered')
    expect(pressed.card?.facts.find(([label]) => label === '状态')?.[1]).toBe('已接单')
    await welder.seesCard('隐患已上报', { facts: { 状态: '已接单', 责任人: '李娜' } })

    await teamLead.presses('上传整改照片')
    await teamLead.sendsPhoto('fixed-oil-leak.jpg')
    await teamLead.seesText('整改照片已归入')
    await settles()
    const submitted = await teamLead.presses('提交整改')
    expect(submitted.status).toBe('answered')

    const officers = [officerA, officerB]
    const drawn = (await Promise.all(officers.map((one) => one.sees()))).findIndex((seen) => seen.length > 0)
    const verifier = officers[drawn]
    if (!verifier) throw new Error('nobody was asked to verify')
    await verifier.seesCard('隐患待验收', { actions: ['验收通过', '退回整改'] })
    const passed = await verifier.presses('验收通过')
    expect(passed.card?.title).toContain('隐患已关闭')

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
  await deptHead.seesCard('隐患跟踪', { facts: { 状态: '已接单' } })
  await clock.passes(hours(48))
  await welder.mayHear('已并入')
  await people.everyone.seesNothingElse()
})
