import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { readLedger } from '../../src/engine/ledger.ts'
import { hours } from '../../src/lib/clock.ts'
import {
  answerOf,
  bothPass,
  cardOf,
  codeIn,
  expectAnswered,
  factOf,
  judgesOf,
  livesWhole,
  looksAt,
  passes,
  pressesOld,
  rectifies,
  reopens,
  returns,
  takesOn,
} from '../support/acts.ts'
import type { Plant } from '../support/plant.ts'
import { type Actor, story } from '../support/story.ts'
import { across, everywhere, once, type World } from '../support/world.ts'

story('a return with a reason goes back to the owner; the second try passes and the reporter is told', everywhere, livesWhole)

/** Each platform's own way to ask for the reason: a field of the card, or the next words. The engineer of EHS has task B, and is on another platform each time. */
for (const shift of [0, 1, 2] as const)
  story(
    'the reason of a return is a field of the card, or is asked for where a card has no field for words',
    [{ database: 'pglite', shift, door: 'stream' }],
    async ({ people, clock }) => {
      const { teamLead, safetyDirector } = people
      const code = await takesOn(people)
      await rectifies(teamLead, code)
      const { A, B } = await judgesOf(people)
      expect(B.actor.id).toBe(safetyDirector.id)
      const asked = await safetyDirector.seesCard('验收任务 B', { actions: ['验收通过', '退回整改', '有利害关系'] })
      const hasForm = asked.form.some(({ name }) => name === 'reason')
      expect(hasForm).toBe(shift !== 1)
      if (hasForm) expectAnswered(await safetyDirector.presses('退回整改', { reason: '还在滴油' }, asked.id))
      else {
        const answer = answerOf(expectAnswered(await safetyDirector.presses('退回整改', {}, asked.id)))
        expect(answer).toContain('请直接回复一句话说明退回原因')
        expect(factOf(await cardOf(teamLead, code), '退回原因')).toBeUndefined()
        await clock.passes(hours(0.1))
        await safetyDirector.says('还在滴油')
      }
      expect(factOf(await cardOf(teamLead, code), '退回原因')).toBe('还在滴油')
      expect((await A.actor.seesCard('验收任务 A')).actions).not.toContain('验收通过')
      await looksAt(teamLead, safetyDirector, A.actor)
      await people.everyone.seesNothingElse()
    },
  )

/** The task has left the chat of whoever no longer holds its seat: by a recall, or emptied where the platform deletes no cards. */
const isTakenBack = async ({ actor, card }: { readonly actor: Actor; readonly card: Seen }): Promise<void> => {
  const seen = (await actor.sees()).find(({ id }) => id === card.id)
  expect(seen?.recalled === true || seen?.title === '—', JSON.stringify(seen)).toBe(true)
  if (seen?.recalled !== true) expect(seen).toMatchObject({ facts: [], images: [] })
  expect(seen?.actions).toEqual([])
}

/** What the ledger says of one kind of line, over all cases. */
const ledgerOf = async (world: World, kind: string) => {
  const { db } = world.running().database
  const subjects = await db.selectFrom('subject').select('id').execute()
  const lines = (await Promise.all(subjects.map(({ id }) => readLedger(db, id)))).flat()
  return lines.filter((line) => line.kind === kind).map(({ person, outcome, detail }) => ({ person, outcome, detail }))
}

story('only officers of another team than the owner’s verify', once, async ({ people }) => {
  const { operator2, leadTwo, officerA, officerB } = people
  await operator2.says('二车间护栏松动')
  const code = codeIn(await leadTwo.seesCard('隐患待处理'))
  expectAnswered(await leadTwo.presses('接单', {}, (await cardOf(leadTwo, code)).id))
  await rectifies(leadTwo, code)
  const { A } = await judgesOf(people)
  expect(A.actor.id).toBe(officerA.id)
  expect(await officerB.sees()).toEqual([])
  await looksAt(operator2, leadTwo, officerA, people.safetyDirector)
  await people.everyone.seesNothingElse()
})

story(
  'a verifier who is silent is replaced by another; what they press afterwards does not count',
  across,
  async ({ people, clock }) => {
    const { teamLead, welder } = people
    const code = await takesOn(people)
    await rectifies(teamLead, code)
    const first = await judgesOf(people)
    await passes(first.B)
    await clock.passes(hours(8))
    const seats = [people.officerA, people.officerB]
    const taker = seats.find((one) => one.id !== first.A.actor.id) ?? people.officerA
    const task = await taker.seesCard('验收任务 A', { actions: ['验收通过'] })
    await isTakenBack(first.A)
    const late = await pressesOld(first.A.actor, '验收通过', first.A.card.id)
    if (late) expect(answerOf(late)).toContain('已经结束或改由他人验收')
    expect(factOf(await cardOf(welder, code), '状态')).not.toBe('已关闭')
    expectAnswered(await taker.presses('验收通过', {}, task.id))
    await welder.seesCard('隐患已关闭')
    await looksAt(welder, teamLead, people.officerA, people.officerB, people.safetyDirector)
    await clock.passes(hours(30))
    await people.everyone.seesNothingElse()
  },
)

story('whoever declares an interest is replaced at once, and nobody is told why', across, async ({ people, world }) => {
  const { teamLead, officerA, officerB } = people
  const code = await takesOn(people)
  await rectifies(teamLead, code)
  const { A } = await judgesOf(people)
  expectAnswered(await A.actor.presses('有利害关系', {}, A.card.id))
  const other = A.actor.id === officerA.id ? officerB : officerA
  await other.seesCard('验收任务 A', { actions: ['验收通过'] })
  expect((await cardOf(teamLead, code)).text).not.toMatch(/利害|回避|刘洋|孙丽/)
  await isTakenBack(A)
  expect(await ledgerOf(world, 'recall')).toEqual([{ person: A.actor.id, outcome: 'done', detail: 'taken back' }])
  await looksAt(people.welder, teamLead, officerA, officerB, people.safetyDirector)
  await people.everyone.seesNothingElse()
})

/** Enough officers of other teams that two of them verify, and nobody can tell who. */
const manyOfficers = (plant: Plant): Plant => ({
  ...plant,
  people: plant.people.map((one) =>
    ['feng-xue', 'wu-gang', 'zheng-hao'].includes(one.id) ? { ...one, roles: [...one.roles, 'safetyOfficer@SH01'] } : one,
  ),
})

story(
  'two officers judge blind: no name, no team, no code, no place on the picture; both pass, closed',
  across,
  async ({ people, world }) => {
    const { teamLead, welder, officerA, officerB, electrician, operator, operator2 } = people
    await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油，李娜和张伟都看见了')
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
    await rectifies(teamLead, code)
    const { A, B } = await judgesOf(people)
    const officers = [officerA, officerB, electrician, operator, operator2]
    for (const { actor, card } of [A, B]) {
      expect(officers.map(({ id }) => id)).toContain(actor.id)
      expect(`${card.title}\n${card.text}\n${JSON.stringify(card.facts)}`).not.toMatch(/李娜|张伟|机修班|YH-|滨海/)
      expect(card.text).toContain('3号泵房漏油，＊＊和＊＊都看见了')
      await actor.says(code)
      await actor.seesText(/没有找到编号/)
    }
    expect(factOf(await cardOf(teamLead, code), '验收人')).toBe('A、B，已验收 0/2')
    const { db } = world.running().database
    const parent = await db.selectFrom('subject').select(['id', 'state']).where('code', '=', code).executeTakeFirstOrThrow()
    const files = (JSON.parse(parent.state) as { files: { watermarked: string; blind: { watermarked: string } }[] }).files
    expect(files).toHaveLength(3)
    for (const { watermarked, blind } of files) expect(blind.watermarked).not.toBe(watermarked)
    await passes(A)
    await passes(B)
    await welder.seesCard('隐患已关闭')
    await looksAt(welder, teamLead, ...officers)
    await people.everyone.seesNothingElse()
  },
  { plant: manyOfficers },
)

story('the reporter brings a closed case back: its owner goes on', across, async ({ people }) => {
  const { teamLead, welder } = people
  const code = await takesOn(people)
  await rectifies(teamLead, code)
  const judges = await bothPass(people)
  await welder.seesCard('隐患已关闭', { actions: ['仍未解决'] })
  await reopens(welder, code, '又开始漏了')
  const back = await cardOf(teamLead, code)
  expect(back.actions).toContain('上传整改后照片')
  await rectifies(teamLead, code)
  const again = await judgesOf(people)
  await returns(again.B, '仍有渗漏')
  await looksAt(welder, teamLead, ...judges, again.A.actor, again.B.actor)
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
