import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { answerOf, cardOf, codeIn, expectAnswered, looksAt } from '../support/acts.ts'
import { beginsAt, passesTo } from '../support/moment.ts'
import { type Actor, type Stage, story } from '../support/story.ts'
import { across } from '../support/world.ts'

/** The newest card about somebody, by title. */
const about = async (actor: Actor, title: string, name: string): Promise<Seen> => {
  const found = (await actor.sees()).findLast((one) => one.title === title && one.facts.some(([, value]) => value === name))
  if (!found) throw new Error(`${actor.id} has no «${title}» about ${name}`)
  return found
}

/** Presses a button that needs a reason: in the card's field where there is one, else by the next words in the chat. */
const pressesWith = async (actor: Actor, label: string, reason: string, card: Seen): Promise<void> => {
  const hasField = card.form.some(({ name }) => name === 'reason')
  const pressed = expectAnswered(await actor.presses(label, hasField ? { reason } : {}, card.id))
  if (hasField) return
  expect(answerOf(pressed)).toContain('请直接回复一句话')
  await actor.says(reason)
}

/** A card that is too old for its platform to be changed cannot show its end, so what has become of both is read where it is kept. */
const statuses = async ({ world }: Stage): Promise<readonly string[]> => {
  const { db } = world.running().database
  return (await db.selectFrom('subject').select('status').where('workflow', '=', 'penalty').execute()).map(({ status }) => status)
}

/** The button is gone; where a card is too old for its platform to be changed, it is still there and is answered with the rule. */
const appealsTooLate = async (actor: Actor): Promise<void> => {
  const card = (await actor.sees()).findLast(({ title }) => title === '黄牌通知')
  if (!card?.actions.includes('申诉')) return
  const field = card.form.some(({ name }) => name === 'reason') ? { reason: '我测了' } : {}
  const said = answerOf(expectAnswered(await actor.presses('申诉', field, card.id)))
  if (!said.includes('3 个工作日')) await actor.seesText('3 个工作日')
}

/** 2026: free 15 to 23 February, Saturday the 14th worked instead (notice of the State Council's General Office, November 2025). */
story(
  'three working days for an appeal use the Saturday that is worked and run over Spring Festival, over a restart; both cards end with the month',
  across,
  async (stage) => {
    const { people, world, settles } = stage
    const { officerA, officerB, deptHead, welder, operator, safetyDirector } = people
    await beginsAt(stage, '2026-02-12T16:30')
    await officerA.says('提议黄牌 张伟 监护人脱岗')
    await officerB.says('提议黄牌 吴刚 未做气体检测')
    for (const name of ['张伟', '吴刚'])
      expectAnswered(await deptHead.presses('确认发牌', {}, (await about(deptHead, '黄牌提议待确认', name)).id))
    for (const actor of [welder, operator]) await actor.seesCard('黄牌通知', { actions: ['申诉'], facts: { 状态: '生效' } })

    await passesTo(stage, '2026-02-18T12:00')
    await world.restart()
    await settles()
    await passesTo(stage, '2026-02-24T23:50')
    const first = (await welder.sees()).findLast(({ actions }) => actions.includes('申诉'))
    if (!first) throw new Error('the last working day is not over, and the appeal is')
    await pressesWith(welder, '申诉', '我在岗，有监控', first)
    await safetyDirector.seesCard('黄牌申诉待复核', { actions: ['维持原牌', '撤销此牌'] })
    await passesTo(stage, '2026-02-25T00:05')
    await appealsTooLate(operator)
    await pressesWith(safetyDirector, '维持原牌', '监控显示离岗', await about(safetyDirector, '黄牌申诉待复核', '张伟'))

    await passesTo(stage, '2026-02-28T23:50')
    expect(await statuses(stage)).toEqual(['issued', 'issued'])
    await world.restart()
    await settles()
    await passesTo(stage, '2026-03-01T00:05')
    expect(await statuses(stage)).toEqual(['expired', 'expired'])
    const titles = [...(await welder.sees()), ...(await operator.sees())].map(({ title }) => title)
    expect(titles).toContain('黄牌已到期')
    await looksAt(officerA, officerB, deptHead, welder, operator, safetyDirector, people.teamLead, people.leadOne)
    await people.everyone.seesNothingElse()
  },
)

story(
  'the plan of the week leaves out both Mondays of Spring Festival and comes on the first morning that is worked, over a restart',
  across,
  async (stage) => {
    const { people, world, settles } = stage
    const { welder, teamLead, areaOwner } = people
    await beginsAt(stage, '2026-02-12T10:00')
    await welder.says('3号泵房标识脏污')
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
    await passesTo(stage, '2026-02-16T12:00')
    await world.restart()
    await settles()
    await passesTo(stage, '2026-02-24T07:55')
    expect(await areaOwner.sees()).toEqual([])
    await passesTo(stage, '2026-02-24T08:05')
    expect((await areaOwner.seesCard('本周滚动整改计划')).text).toContain(code)
    expect((await areaOwner.sees()).filter(({ kind }) => kind === 'card')).toHaveLength(1)
    await looksAt(welder, teamLead)
    await people.everyone.seesNothingElse()
  },
)
