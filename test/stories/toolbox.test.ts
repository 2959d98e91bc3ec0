import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { answerOf, expectAnswered, pressesOld } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

story(
  'a team signs in to its toolbox talk, and whoever did not is on the list at the end of the shift',
  across,
  async (stage) => {
    const { leadOne, operator, areaOwner } = stage.people
    await leadOne.says('班前会 3号泵房检修，注意隔离')
    await leadOne.seesCard('班前会', { actions: ['结束签到'], facts: { 状态: '签到中', 已签到: '0/2' } })
    const asked = await operator.seesCard('班前会签到', { actions: ['签到'], text: '3号泵房检修' })
    const late = await areaOwner.seesCard('班前会签到', { actions: ['签到'] })

    expectAnswered(await operator.presses('签到', {}, asked.id))
    await operator.seesCard('班前会已签到', { facts: { 状态: '已签到' } })
    await operator.mayHear('已签到')
    const again = await pressesOld(operator, '签到', asked.id)
    if (again) expect(answerOf(again)).toMatch(/每人只签一次|已签到/)

    const refreshed = expectAnswered(await leadOne.presses('刷新名单'))
    const facts = new Map((refreshed.card ?? (await leadOne.seesCard('班前会'))).facts)
    expect([facts.get('已签到'), facts.get('未签到')]).toEqual(['1/2', '周杰'])

    await stage.clock.passes(hours(12))
    await leadOne.seesCard('班前会已结束', { facts: { 已签到: '1/2', 未签到: '周杰' } })
    await areaOwner.seesCard('班前会已结束', { facts: { 状态: '未签到' } })
    const tooLate = await pressesOld(areaOwner, '签到', late.id)
    if (tooLate) expect(answerOf(tooLate)).toMatch(/已结束|不再补签/)
    await operator.mayHear('签到')
    await areaOwner.mayHear('签到')
    await leadOne.mayHear('名单')
    await stage.people.everyone.seesNothingElse()
  },
)

story('the lead who says no topic is asked for it, and closes the talk early', across.slice(0, 1), async ({ people }) => {
  const { leadOne, operator, areaOwner, teamLead } = people
  await operator.says('班前会 我来开')
  await operator.seesText('只有班组长可以为本班组发起')
  await leadOne.says('班前会')
  await leadOne.seesText('今天班前会讲什么')
  await leadOne.says('吊装作业，站位和警戒')
  await areaOwner.seesCard('班前会签到', { text: '吊装作业，站位和警戒' })
  await operator.seesCard('班前会签到')
  expectAnswered(await leadOne.presses('结束签到'))
  await leadOne.seesCard('班前会已结束', { facts: { 已签到: '0/2' } })
  await areaOwner.seesCard('班前会已结束')
  await operator.seesCard('班前会已结束')
  await teamLead.says('班前会 检修')
  await teamLead.seesCard('班前会', { facts: { 未关联: '林夏' } })
  await people.welder.seesCard('班前会签到')
  await leadOne.mayHear('名单')
  await people.everyone.seesNothingElse()
})
