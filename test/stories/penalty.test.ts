import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { days, hours, minutes } from '../../src/lib/clock.ts'
import { answerOf, expectAnswered, factOf, looksAt } from '../support/acts.ts'
import { beginsAt } from '../support/moment.ts'
import { type Actor, story } from '../support/story.ts'
import { across } from '../support/world.ts'

/** Presses a button that needs a reason: in the card's field where there is one, else by the next words in the chat. */
const pressesWith = async (actor: Actor, label: string, reason: string, card: Seen): Promise<void> => {
  if (card.form.some(({ name }) => name === 'reason')) {
    expectAnswered(await actor.presses(label, { reason }, card.id))
    return
  }
  expect(answerOf(expectAnswered(await actor.presses(label, {}, card.id)))).toContain('请直接回复一句话')
  await actor.says(reason)
}

/** Answers to questions are cards on some doors and words on others. */
const reads = async (actor: Actor, ...words: readonly RegExp[]): Promise<void> => {
  const last = (await actor.sees()).findLast(({ title, text }) => /我的安全/.test(`${title} ${text}`))
  const all = `${last?.title} ${last?.text} ${(last?.facts ?? []).flat().join(' ')}`
  for (const one of words) expect(all).toMatch(one)
  await actor.mayHear(/我的安全/)
  if (last?.kind === 'card') await actor.seesCard(/我的安全/)
}

story(
  'a red card is proposed, confirmed, its freeze confirmed by a named manager, appealed and overturned: points come back',
  across,
  async (stage) => {
    const { people, settles, world } = stage
    await beginsAt(stage, '2026-11-24T10:00')
    const { officerB, director, operator, leadOne, principal, safetyDirector, welder, deptHead, officerA } = people
    await welder.says('提议红牌 吴刚 未做气体检测')
    await welder.seesText('只有安全员和安全总监可以提议')
    await officerB.says('提议红牌 吴刚 老是上报隐患')
    await officerB.seesText('《安全生产法》第五十四条')
    await officerB.says('提议红牌 吴刚 未做气体检测')
    await officerB.seesCard('红牌提议', { facts: { 状态: '提议，待确认', 对象: '吴刚' } })
    const asked = await director.seesCard('红牌提议待确认', { actions: ['确认发牌', '不同意'], text: '未做气体检测' })
    expect(await operator.sees()).toEqual([])

    expectAnswered(await director.presses('确认发牌', {}, asked.id))
    const notice = await operator.seesCard('红牌通知', {
      tone: 'danger',
      actions: ['申诉'],
      facts: { 状态: '生效', 津贴冻结: '已申请，待确认，尚未生效' },
    })
    await leadOne.seesCard('红牌通知')
    const talk = await deptHead.seesCard('红牌约谈待办', { actions: ['记录约谈'], facts: { 约谈: /待办/ } })
    await pressesWith(deptHead, '记录约谈', '11-24 面谈，承诺作业前必测', talk)
    await operator.seesText('已记录您的红牌约谈')
    await officerA.seesCard('红牌复训待办', { actions: ['记录复训'] })
    const freeze = await principal.seesCard('津贴冻结待确认', { actions: ['确认冻结', '不冻结'] })
    await operator.says('我的积分')
    await reads(operator, /我的安全积分/, /总积分.*[-－]30/s)

    expectAnswered(await principal.presses('确认冻结', {}, freeze.id))
    expect(factOf(await operator.seesCard('红牌通知'), '津贴冻结')).toBe('已确认')

    await pressesWith(
      operator,
      '申诉',
      '检测过，记录在纸质票上',
      (await operator.sees()).findLast(({ actions }) => actions.includes('申诉')) ?? notice,
    )
    const review = await safetyDirector.seesCard('红牌申诉待复核', { actions: ['维持原牌', '撤销此牌'], text: '记录在纸质票上' })
    await pressesWith(safetyDirector, '撤销此牌', '已查到纸质检测记录', review)
    await settles()
    const calls = await world.get<{ target: string; event: string; verified: boolean }[]>('/calls')
    expect(calls.map(({ target, event, verified }) => `${target} ${event} ${verified}`)).toEqual([
      'hr allowance.freeze true',
      'hr allowance.unfreeze true',
    ])
    await operator.seesCard('红牌已撤销', { facts: { 状态: '已撤销' }, text: '已查到纸质检测记录' })
    await director.seesCard('红牌已撤销')
    await operator.says('我的安全画像')
    // More messages than a chat takes in a second: the rest follows.
    await stage.clock.passes(minutes(1))
    await reads(operator, /我的安全画像/, /守规.*100/s, /总积分 0/, /近三个月没有红黄牌/)

    await officerB.seesCard('红牌已撤销')
    await leadOne.seesCard('红牌已撤销')
    await principal.seesCard('红牌已撤销')
    await safetyDirector.seesCard('红牌已撤销')
    await looksAt(operator, director, principal, safetyDirector, officerB, leadOne, deptHead, officerA)
    await people.everyone.seesNothingElse()
  },
)

story(
  'a yellow card that nobody confirms climbs to the safety director; confirmed late, it ends with the month',
  across.slice(0, 1),
  async (stage) => {
    const { people, clock } = stage
    await beginsAt(stage, '2026-11-24T10:00')
    const { officerA, deptHead, safetyDirector, welder, teamLead } = people
    await officerA.says('提议黄牌 张伟 监护人脱岗')
    await officerA.seesCard('黄牌提议')
    await deptHead.seesCard('黄牌提议待确认', { actions: ['确认发牌'] })
    await clock.passes(days(1))
    const asked = await safetyDirector.seesCard('黄牌提议待确认', { actions: ['确认发牌'] })
    expectAnswered(await safetyDirector.presses('确认发牌', {}, asked.id))
    await welder.seesCard('黄牌通知', { facts: { 状态: '生效', 到期: /^12-01 00:00$/ } })
    await teamLead.seesCard('黄牌通知')
    await deptHead.seesCard('黄牌通知')
    await clock.passes(days(7) + hours(1))
    await welder.seesCard('黄牌已到期', { facts: { 状态: '已到期' } })
    for (const actor of [officerA, deptHead, safetyDirector, teamLead]) await actor.seesCard('黄牌已到期')
    await deptHead.mayHear('提议')
    await safetyDirector.mayHear('已发牌')
    await people.everyone.seesNothingElse()
  },
)
