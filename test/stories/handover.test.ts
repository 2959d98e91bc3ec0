import { expect } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { expectAnswered, factOf, looksAt } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { once } from '../support/world.ts'

story(
  'a handover is gone through line by line, climbs while it is unsigned, comes back once, and is signed by two persons',
  once,
  async ({ people, clock }) => {
    const { leadOne, leadTwo, deptHead } = people
    await leadOne.says('交班 2号泵备用')
    const card = await leadOne.seesCard('交接班：逐项确认', { actions: ['确认无误', '有情况'], text: '未接入，请当面交接' })
    expect(card.form.map(({ name }) => name)).toContain('line')

    expectAnswered(await leadOne.presses('确认无误', { line: 'hazards' }))
    expectAnswered(await leadOne.presses('有情况', { line: 'equipment' }))
    await leadOne.says('2号泵振动偏大')
    expectAnswered(await leadOne.presses('确认无误', { line: 'interimControls' }))
    expectAnswered(await leadOne.presses('确认无误', { line: 'permits' }))
    await leadOne.seesCard('交接班：请签字交班', { actions: ['签字交班'], text: '2号泵振动偏大' })

    await clock.passes(minutes(30))
    await deptHead.seesCard('交接班超时未签', { tone: 'danger', facts: { 交班人: '蒋涛' } })
    expectAnswered(await leadOne.presses('签字交班', { incoming: 'yang-guang' }))
    await leadTwo.seesCard('请签字接班', { actions: ['签字接班', '有异议'], facts: { 交班人: '蒋涛' } })
    await clock.passes(hours(1))
    await leadTwo.seesCard('请签字接班')
    await deptHead.seesCard('交接班超时未签')

    expectAnswered(await leadTwo.presses('有异议'))
    await leadTwo.says('围挡已拆，与说明不符')
    const back = await leadOne.seesCard('交接班被退回')
    expect(factOf(back, '退回原因')).toBe('围挡已拆，与说明不符')
    expectAnswered(await leadOne.presses('有情况', { line: 'interimControls' }))
    await leadOne.says('围挡已恢复')
    expectAnswered(await leadOne.presses('签字交班'))
    await leadTwo.seesCard('请签字接班', { text: '围挡已恢复' })
    expectAnswered(await leadTwo.presses('签字接班'))
    await leadOne.seesCard('交接班已完成', { facts: { 状态: '双方已签字', 接班人: '杨光' } })
    await leadTwo.seesCard('交接班已完成')
    await deptHead.seesCard('交接班已完成')
    await clock.passes(hours(8))
    for (const one of [leadOne, leadTwo, deptHead]) {
      await one.mayHear(/编号 JB-|JB-.*(回复|签字|退回)|已签字|已退回|已经确认/)
      for (const { kind, title } of await one.sees()) if (kind === 'card') await one.seesCard(title)
    }
    await people.everyone.seesNothingElse()
  },
)

story(
  'what is open in the team stands on the handover, and a handover that was a mistake is called off with a reason',
  once,
  async ({ people }) => {
    const { operator, leadOne, welder } = people
    await welder.says('交班')
    await welder.seesText('由本班组班组长发起')
    await operator.says('3号泵房漏油')
    await leadOne.seesCard('隐患待处理')
    await leadOne.says('交班')
    await leadOne.seesCard('交接班：逐项确认', { text: /本班组未结隐患：1 条（YH-.*漏油/ })
    expectAnswered(await leadOne.presses('作废'))
    await leadOne.says('发错了')
    await leadOne.seesCard('交接班已作废', { facts: { 状态: '已作废' } })
    await looksAt(operator, leadOne, welder)
    await people.everyone.seesNothingElse()
  },
)
