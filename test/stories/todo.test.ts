import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { expectAnswered, looksAt } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { once } from '../support/world.ts'

story('what waits for somebody across workflows is one list, and empties as it is done', once, async ({ people, clock }) => {
  const { leadTwo, operator2, officerB, deptHead } = people
  await operator2.says('我的待办')
  await operator2.seesCard('我的待办', { text: '没有等待您处理的事项' })
  await leadTwo.says('班前会 登高作业')
  await leadTwo.says('交班 无异常')
  await leadTwo.says('我的待办')
  await leadTwo.seesCard('我的待办', { facts: { 待办: '1 件', 已逾期: '0 件' }, text: /1[.．] JB-/ })
  await operator2.says('待办')
  await operator2.seesCard('我的待办', { facts: { 待办: '1 件' }, text: /1[.．] BQ-.*登高作业/ })
  expectAnswered(await operator2.presses('签到'))
  await operator2.says('我的待办')
  await operator2.seesCard('我的待办', { text: '没有等待您处理的事项' })
  await clock.passes(hours(1))
  await leadTwo.says('我的待办')
  const late = await leadTwo.seesCard('我的待办', { facts: { 已逾期: '1 件' } })
  expect(late.text).toContain('【逾期】JB-')
  await looksAt(leadTwo, operator2, officerB, deptHead)
  await people.everyone.seesNothingElse()
})
