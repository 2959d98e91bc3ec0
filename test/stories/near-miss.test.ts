import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { expectAnswered, looksAt } from '../support/acts.ts'
import { type Actor, story } from '../support/story.ts'
import { once } from '../support/world.ts'

/** The receipt that somebody was told, as it stands in their chat. */
const receiptOf = async (actor: Actor): Promise<string> => {
  const { text } = await actor.seesText('已匿名登记')
  const [receipt] = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text) ?? []
  if (!receipt) throw new Error(`no receipt in «${text}»`)
  return receipt
}

story('a near miss climbs while nobody answers it, and its reporter reads the answer', once, async ({ people, clock }) => {
  const { welder, teamLead, officerA, officerB } = people
  await welder.says('未遂 吊物从钩头滑落，无人受伤')
  await welder.seesCard('未遂事件已上报', { facts: { 状态: '待答复' } })
  await teamLead.seesCard('未遂事件待答复', { actions: ['答复'] })
  await clock.passes(hours(12))
  await officerB.seesCard('未遂事件待答复')
  const card = await officerA.seesCard('未遂事件待答复', { actions: ['答复', '转为隐患'], facts: { 上报人: '张伟' } })
  expectAnswered(await officerA.presses('答复', {}, card.id))
  await officerA.says('已更换钩头保险，全厂排查')
  await welder.seesCard('未遂事件已答复', { facts: { 答复: '已更换钩头保险，全厂排查' } })
  await clock.passes(hours(72))
  await looksAt(welder, teamLead, officerA, officerB)
  await people.everyone.seesNothingElse()
})

story(
  'a near miss without a name reaches the safety officers, names nobody anywhere, and its reporter reads the answer under a receipt',
  once,
  async ({ people, clock, world }) => {
    const { welder, officerA, officerB, operator } = people
    await welder.says('匿名未遂')
    await welder.seesText('请不要写您自己的姓名')
    await welder.says('吊物从钩头滑落')
    const receipt = await receiptOf(welder)
    const card = await officerA.seesCard('未遂事件待答复', { facts: { 上报人: '匿名' }, text: '吊物从钩头滑落' })
    for (const secret of ['张伟', 'zhang', receipt]) expect(JSON.stringify(card)).not.toContain(secret)

    await welder.says(`回执 ${receipt}`)
    await welder.seesText('正在处理，最迟')
    expectAnswered(await officerA.presses('答复', {}, card.id))
    await officerA.says('已更换钩头保险')
    await welder.says(`回执 ${receipt.toLowerCase()}`)
    await welder.seesText(/答复：已更换钩头保险/)
    await operator.says('回执 0000-0000-0000')
    await operator.seesText('没有找到这个回执号')
    await clock.passes(hours(72))

    const { database } = world.running()
    const journal = await database.db.selectFrom('journal').selectAll().execute()
    const subjects = await database.db.selectFrom('subject').selectAll().execute()
    const index = await database.db.selectFrom('subject_index').selectAll().execute()
    expect(subjects.map(({ workflow }) => workflow)).toEqual(['near-miss'])
    const written = JSON.stringify([journal, subjects, index])
    const accounts = await database.db.selectFrom('account').selectAll().where('person', '=', 'zhang-wei').execute()
    expect(accounts.length).toBeGreaterThan(0)
    for (const secret of ['zhang-wei', '张伟', receipt, receipt.replaceAll('-', ''), ...accounts.map(({ account }) => account)])
      expect(written).not.toContain(secret)
    await looksAt(welder, officerA, officerB, operator)
    await people.everyone.seesNothingElse()
  },
)

story(
  'a safety officer makes a hazard of a near miss: it knows the case and no person, and the reply is still owed',
  once,
  async ({ people, world }) => {
    const { welder, officerA, officerB, leadOne } = people
    await welder.says('匿名未遂 3号泵房吊物从钩头滑落')
    await welder.seesText('已匿名登记')
    const card = await officerB.seesCard('未遂事件待答复', { actions: ['转为隐患'] })
    expectAnswered(await officerB.presses('转为隐患', {}, card.id))
    const raised = await leadOne.seesCard('隐患待处理', { text: '3号泵房吊物从钩头滑落' })
    for (const secret of ['张伟', 'zhang', '孙丽']) expect(JSON.stringify(raised)).not.toContain(secret)
    const rows = await world.running().database.db.selectFrom('subject').selectAll().where('workflow', '=', 'hazard').execute()
    expect(
      rows.map(({ state }) => (JSON.parse(state) as { reporter: { name: string; person: string | null } }).reporter),
    ).toMatchObject([{ name: expect.stringMatching(/^WS-/), person: null }])
    expect((await officerB.seesCard('未遂事件待答复')).actions).not.toContain('转为隐患')
    await officerB.mayHear('已转为隐患')
    await looksAt(welder, officerA, officerB, leadOne)
    await people.everyone.seesNothingElse()
  },
)
