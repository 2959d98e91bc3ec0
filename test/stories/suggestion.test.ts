import { expect } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import { answerOf, expectAnswered, looksAt } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { once } from '../support/world.ts'

story(
  'a suggestion goes over the team lead to the department head, is implemented, and its author is answered at each step',
  once,
  async ({ people, clock }) => {
    const { welder, teamLead, deptHead, areaOwner } = people
    await welder.says('建议 3号泵房加装接油盘')
    await welder.seesCard('合理化建议已收到', { facts: { 状态: '等待班组长意见' } })
    expectAnswered(await teamLead.presses('上报审批', { opinion: '班组同意' }))
    const asked = await deptHead.seesCard('合理化建议待审批', { actions: ['采纳', '不采纳'], facts: { 建议人: '张伟' } })
    expect(asked.text).toContain('加装接油盘')
    expect(answerOf(expectAnswered(await deptHead.presses('采纳')))).toContain('请直接回复实施人的姓名')
    await deptHead.says('周杰')
    await welder.seesCard('合理化建议已采纳', { facts: { 实施人: '周杰' } })
    expectAnswered(await areaOwner.presses('已实施', { reason: '' }))
    await areaOwner.says('已加装并试用')
    await welder.seesCard('合理化建议已实施', { facts: { 实施情况: '已加装并试用' } })
    await clock.passes(days(3))
    await looksAt(welder, teamLead, deptHead, areaOwner)
    await people.everyone.seesNothingElse()
  },
)

story(
  'an undecided suggestion is passed on by the clock, and its author hears within 48 hours',
  once,
  async ({ people, clock }) => {
    const { welder, teamLead, deptHead, director } = people
    await welder.says('合理化建议：检修平台加护栏')
    await teamLead.seesCard('合理化建议待上报')
    await clock.passes(hours(24))
    await deptHead.seesCard('合理化建议待审批')
    await clock.passes(hours(23))
    await welder.seesText(/还在处理中.*王强/)
    await director.seesCard('合理化建议待审批')
    expectAnswered(await deptHead.presses('不采纳'))
    await deptHead.says('已列入明年技改')
    await welder.seesCard('合理化建议未采纳', { facts: { 未采纳原因: '已列入明年技改' } })
    await clock.passes(days(5))
    await looksAt(welder, teamLead, deptHead, director)
    await people.everyone.seesNothingElse()
  },
)
