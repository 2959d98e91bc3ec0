import { expect } from 'vitest'
import { days } from '../../src/lib/clock.ts'
import { bothPass, cardOf, codeIn, expectAnswered, looksAt, rectifies } from '../support/acts.ts'
import { beginsAt } from '../support/moment.ts'
import { story } from '../support/story.ts'
import { across, once } from '../support/world.ts'

/** `1124-0001`: day and number, as people say it. */
const shortOf = (code: string): string => /-\d{4}(\d{4}-\d+)-/.exec(code)?.[1] ?? ''

story(
  'who needs more time asks before the term, and has it when the department head says so',
  across,
  async ({ people, clock }) => {
    const { welder, teamLead, deptHead } = people
    await welder.sendsPhoto('oil-leak.jpg', '3号泵房地面积水')
    const first = await teamLead.seesCard('隐患待处理', { actions: ['接单', '并入其他隐患'] })
    const taken = await teamLead.presses('接单', {}, first.id)
    const before = new Map(taken.card?.facts ?? []).get('整改期限')
    await teamLead.presses('上传整改照片', {}, first.id)
    await teamLead.presses('申请延期', {}, first.id)
    await teamLead.says('3天\n等备件到货')
    await deptHead.seesCard('延期申请待审批', { actions: ['批准', '不同意'], facts: { 申请: /延期至 .*等备件到货/ } })
    const granted = await deptHead.presses('批准')
    expect(granted.status).toBe('answered')
    await teamLead.seesText(/延期申请已批准/)
    const after = await teamLead.seesCard('隐患待整改', { actions: ['申请延期'] })
    expect(new Map(after.facts).get('整改期限')).not.toBe(before)
    await deptHead.seesCard('隐患跟踪')
    await teamLead.mayHear('申请已提交')
    await teamLead.mayHear('请直接')
    await clock.passes(days(1))
    await welder.mayHear('已并入')
    await welder.seesCard('隐患已上报')
    await people.everyone.seesNothingElse()
  },
)

story('the same leak reported twice ends in one case, and both who saw it hear of that', once, async ({ people }) => {
  const { welder, operator, teamLead, leadOne } = people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房地面积水')
  const first = codeIn(await teamLead.seesCard('隐患待处理'))
  await operator.says('3号泵房地面有水，请看一下')
  await operator.seesCard('隐患已上报')
  const second = await leadOne.seesCard('隐患待处理', { actions: ['并入其他隐患'] })
  await leadOne.presses('并入其他隐患', {}, second.id)
  await leadOne.says(`${shortOf(first)} 同一处积水`)
  await operator.seesCard('上报已并入其他隐患', { facts: { 并入: first, 处理结果: '同一处积水' } })
  await leadOne.seesCard('上报已并入其他隐患')
  await welder.seesText(/是同一隐患，已并入处理/)
  await teamLead.seesCard('隐患待处理', { facts: { 已并入本条: codeIn(second) } })
  await welder.seesCard('隐患已上报')
  await welder.mayHear('已并入')
  await operator.mayHear('已并入')
  await leadOne.mayHear(/并入|短号/)
  await people.everyone.seesNothingElse()
})

story(
  'who reported a merged case gets its result when the other one closes, and points go to the first report alone',
  once,
  async (stage) => {
    const { people } = stage
    const { welder, operator, teamLead, leadOne } = people
    await welder.sendsPhoto('oil-leak.jpg', '3号泵房地面积水')
    const seen = await teamLead.seesCard('隐患待处理')
    const first = codeIn(seen)
    await operator.says('3号泵房地面有水，请看一下')
    const second = await leadOne.seesCard('隐患待处理', { actions: ['并入其他隐患'] })
    await leadOne.presses('并入其他隐患', {}, second.id)
    await leadOne.says(`${first} 同一处积水`)
    await operator.seesCard('上报已并入其他隐患', { facts: { 并入: first } })
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, first)).id))
    await rectifies(teamLead, first)
    const verifiers = await bothPass(people)
    await welder.seesCard('隐患已关闭')
    await operator.seesCard('上报的隐患已关闭', { facts: { 并入: first, 并案结果: /验收通过，已关闭/ } })
    const given = await stage.world
      .running()
      .database.db.selectFrom('subject')
      .select(['state'])
      .where('workflow', '=', 'points')
      .execute()
    const ledgers = given.map(
      ({ state }) => JSON.parse(state) as { person: string; entries: readonly { kind: string; points: number }[] },
    )
    const lines = ledgers.flatMap(({ person, entries }) => entries.map(({ kind, points }) => `${person} ${kind} ${points}`))
    expect(lines.filter((line) => line.includes('report'))).toEqual([`${welder.id} reportYellow 8`])
    expect(lines.filter((line) => line.includes('onTime'))).toEqual([`${teamLead.id} onTime 5`])
    expect(lines.filter((line) => line.includes('verification')).sort()).toEqual(
      verifiers.map(({ id }) => `${id} verification 3`).sort(),
    )
    await looksAt(welder, operator, teamLead, leadOne, ...verifiers)
    await people.everyone.seesNothingElse()
  },
)

story('a hazard judged major waits for its plan, and the plan for the principal', once, async (stage) => {
  const { people } = stage
  await beginsAt(stage, '2026-11-24T10:00')
  const { welder, teamLead, principal, director, safetyDirector, areaOwner } = people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  const causes = { direct: '密封老化', indirect: '点检缺失', control: '停泵' }
  const major = { area: 'pump-3', colour: 'orange', owner: teamLead.id, severity: 'order10', ...causes }
  expectAnswered(await teamLead.presses('转派', major, (await cardOf(teamLead, code)).id))
  await teamLead.seesCard('请编制治理方案', { actions: ['提交治理方案'], facts: { 等级: /^红/, 法定分级: /重大隐患/ } })
  await director.seesCard(/隐患/, { facts: { 状态: '挂牌督办，待批方案' } })
  const plan = { owner: teamLead.id, measure: '更换机封', funding: '3 万元', deadline: '2027-03-31', contingency: '接油盘、警戒' }
  const card = (await cardOf(teamLead, code)).id
  const half = await teamLead.presses('提交治理方案', { ...plan, deadline: '2020-01-01' }, card)
  expect(JSON.stringify(half)).toMatch(/还缺完成日期/)
  expectAnswered(await teamLead.presses('提交治理方案', plan, card))
  await principal.seesCard('治理方案待审批', { actions: ['批准', '不同意'] })
  expectAnswered(await principal.presses('批准'))
  await teamLead.seesCard('隐患待整改', { facts: { 状态: '整改中', 整改期限: /04-01|03-31/ } })
  await looksAt(welder, teamLead, principal, director, safetyDirector, areaOwner)
  await people.everyone.seesNothingElse()
})
