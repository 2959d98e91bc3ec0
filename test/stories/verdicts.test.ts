import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import {
  answerOf,
  cardOf,
  codeIn,
  expectAnswered,
  factOf,
  livesWhole,
  looksAt,
  rectifies,
  reopens,
  takesOn,
  verifierOf,
} from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across, everywhere, once } from '../support/world.ts'

story('a return with a reason goes back to the owner; the second try passes and the reporter is told', everywhere, livesWhole)

/** With one officer only, so that it is certain who is asked, and on which platform: Feishu, DingTalk, WeCom. */
for (const shift of [0, 1, 2] as const)
  story(
    shift === 2 ? 'where a card has no field for words the reason is asked for' : 'the reason of a return is a field of the card',
    [{ database: 'pglite', shift, door: 'stream' }],
    async ({ people, clock }) => {
      const { teamLead, officerB } = people
      const code = await takesOn(people)
      await rectifies(teamLead, code)
      const asked = await officerB.seesCard('隐患待验收', { actions: ['验收通过', '退回整改'] })
      expect(asked.form.some(({ name }) => name === 'reason')).toBe(shift !== 2)
      if (shift === 2) {
        expect(answerOf(expectAnswered(await officerB.presses('退回整改', {}, asked.id)))).toContain(
          '请直接回复一句话说明退回原因',
        )
        expect(factOf(await cardOf(teamLead, code), '退回原因')).toBeUndefined()
        await clock.passes(hours(0.1))
        await officerB.says('还在滴油')
      } else expectAnswered(await officerB.presses('退回整改', { reason: '还在滴油' }, asked.id))
      expect(factOf(await cardOf(teamLead, code), '退回原因')).toBe('还在滴油')
      await looksAt(teamLead, officerB)
      await people.everyone.seesNothingElse()
    },
    {
      plant: (plant) => ({ ...plant, people: plant.people.map((one) => (one.id === 'liu-yang' ? { ...one, roles: [] } : one)) }),
    },
  )

story('only an officer of another team than the owner’s verifies', once, async ({ people }) => {
  const { operator2, leadTwo, officerA, officerB } = people
  await operator2.says('二车间护栏松动')
  const code = codeIn(await leadTwo.seesCard('隐患待处理'))
  expectAnswered(await leadTwo.presses('接单', {}, (await cardOf(leadTwo, code)).id))
  await rectifies(leadTwo, code)
  await officerA.seesCard('隐患待验收', { actions: ['验收通过', '退回整改'] })
  expect(await officerB.sees()).toEqual([])
  await looksAt(operator2, leadTwo)
  await people.everyone.seesNothingElse()
})

story('a verifier who is silent is replaced by another, who alone can decide then', across, async ({ people, clock }) => {
  const { teamLead, officerA, officerB, welder } = people
  const code = await takesOn(people)
  await rectifies(teamLead, code)
  const officers = [officerA, officerB]
  const first = await verifierOf(code, officers)
  const old = await cardOf(first, code)
  await clock.passes(hours(8))
  const second = officers.find((one) => one !== first) ?? first
  await second.seesCard('隐患待验收', { actions: ['验收通过'] })
  try {
    const late = await first.presses('验收通过', {}, old.id)
    expect(answerOf(late)).toContain('验收人不是您')
  } catch (error) {
    /** WeCom's client has already taken the buttons away. */
    expect(String(error)).toContain('there is no button 验收通过')
  }
  expect(factOf(await cardOf(welder, code), '状态')).not.toBe('已关闭')
  expectAnswered(await second.presses('验收通过', {}, (await cardOf(second, code)).id))
  await welder.seesCard('隐患已关闭')
  await looksAt(teamLead, officerA, officerB)
  await clock.passes(hours(30))
  await people.everyone.seesNothingElse()
})

story('the reporter brings a closed case back: its owner goes on', across, async ({ people }) => {
  const { teamLead, officerA, officerB, welder } = people
  const code = await takesOn(people)
  await rectifies(teamLead, code)
  const verifier = await verifierOf(code, [officerA, officerB])
  expectAnswered(await verifier.presses('验收通过', {}, (await cardOf(verifier, code)).id))
  await welder.seesCard('隐患已关闭', { actions: ['仍未解决'] })
  await reopens(welder, code, '又开始漏了')
  const back = await cardOf(teamLead, code)
  expect(back.actions).toContain('上传整改照片')
  await rectifies(teamLead, code)
  await looksAt(welder, teamLead, officerA, officerB)
  await people.everyone.seesNothingElse()
})

story('a rejected report is answered with the reason, and its reporter can bring it back', across, async ({ people, clock }) => {
  const { teamLead, welder, deptHead } = people
  await welder.says('3号泵房漏油')
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  expectAnswered(await teamLead.presses('不是隐患', {}, (await cardOf(teamLead, code)).id))
  await teamLead.says('是冷凝水')
  await welder.seesCard('上报未受理', { facts: { 处理结果: '是冷凝水', 答复人: '李娜' }, actions: ['仍未解决'] })
  await clock.passes(hours(3))
  await looksAt(teamLead, welder)
  await people.everyone.seesNothingElse()
  await reopens(welder, code, '是油，不是水')
  const again = await cardOf(teamLead, code)
  expect(again.actions).toContain('接单')
  await clock.passes(hours(2))
  await deptHead.seesCard('隐患待处理')
  expectAnswered(await teamLead.presses('接单', {}, again.id))
  await looksAt(teamLead, welder, deptHead)
  await people.everyone.seesNothingElse()
})
