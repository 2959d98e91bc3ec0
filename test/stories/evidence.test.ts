import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import {
  answerOf,
  asksFor,
  cardOf,
  casesSeenBy,
  codeIn,
  expectAnswered,
  explains,
  looksAt,
  pressesOld,
  takesOn,
} from '../support/acts.ts'
import { type Actor, type Stage, story } from '../support/story.ts'
import { across, everywhere } from '../support/world.ts'

const asking = '这些内容属于哪一条？'

/** The owner, who has said why it came about, is asked for photos of the repair. */
const expectPhoto = async (owner: Actor, code: string): Promise<void> => {
  await explains(owner, code)
  expect(await asksFor(owner, code, 'after')).toBe(true)
}

const twoCases = async ({ people, clock }: Stage): Promise<readonly [string, string]> => {
  const first = await takesOn(people, '3号泵房漏油')
  await clock.passes(minutes(2))
  await people.welder.sendsPhoto('loose-guardrail.jpg', '变电所护栏松动')
  await people.welder.seesCard('隐患已上报')
  const second = codeIn(await people.teamLead.seesCard('隐患待处理'))
  expectAnswered(await people.teamLead.presses('接单', {}, (await cardOf(people.teamLead, second)).id))
  await expectPhoto(people.teamLead, first)
  await expectPhoto(people.teamLead, second)
  return [first, second]
}

story('a photo after 上传整改照片 belongs to that case, also after the service was restarted', everywhere, async (stage) => {
  const { people, world, clock } = stage
  const { teamLead } = people
  const code = await takesOn(people)
  await expectPhoto(teamLead, code)
  await clock.passes(minutes(9))
  await world.restart()
  await stage.settles()
  await teamLead.sendsPhoto('fixed-oil-leak.jpg')
  await teamLead.seesText(`整改照片已归入 ${code}`)
  expect((await cardOf(teamLead, code)).actions).toContain('提交整改')
  await clock.passes(minutes(9))
  await teamLead.sendsPhoto('fixed-oil-leak.jpg')
  await teamLead.seesText(`整改照片已归入 ${code}`)
  expect(await casesSeenBy(teamLead)).toEqual([code])
  await people.everyone.seesNothingElse()
})

story('ten minutes later a photo is a new report', across, async ({ people, clock }) => {
  const { teamLead } = people
  const code = await takesOn(people)
  await expectPhoto(teamLead, code)
  await clock.passes(minutes(11))
  await teamLead.sendsPhoto('loose-guardrail.jpg')
  const codes = await casesSeenBy(teamLead)
  expect(codes).toHaveLength(2)
  expect((await cardOf(teamLead, code)).actions).not.toContain('提交整改')
  const fresh = codes.find((one) => one !== code) ?? ''
  expect((await cardOf(teamLead, fresh)).actions).toContain('接单')
  await looksAt(teamLead)
  await people.everyone.seesNothingElse()
})

story(
  'with two cases waiting a card asks, a press puts the photo there, and a second press finds nothing',
  across,
  async (stage) => {
    const { people } = stage
    const { welder, teamLead } = people
    const [first, second] = await twoCases(stage)
    await welder.seesCard('隐患已上报')
    await teamLead.sendsPhoto('fixed-oil-leak.jpg')
    const asked = await teamLead.seesCard(asking)
    const short = (code: string): string => code.slice(12, 21)
    for (const code of [first, second]) {
      expect(asked.actions).toContain(short(code))
      expect(asked.text).toContain(code)
    }
    await stage.world.restart()
    await stage.settles()
    const placed = expectAnswered(await teamLead.presses(short(first), {}, asked.id))
    expect(answerOf(placed)).toContain(first)
    expect((await cardOf(teamLead, first)).actions).toContain('提交整改')
    expect((await cardOf(teamLead, second)).actions).not.toContain('提交整改')

    const again = await pressesOld(teamLead, short(second), asked.id)
    if (again) expect(answerOf(again)).toContain('失效')
    expect((await cardOf(teamLead, second)).actions).not.toContain('提交整改')
    expect(await casesSeenBy(teamLead)).toHaveLength(2)
    await looksAt(teamLead, welder)
    await people.everyone.seesNothingElse()
  },
)

story('words while photos are awaited are asked about too, and can be a report of their own', across, async (stage) => {
  const { people } = stage
  const { teamLead, leadElectric } = people
  const code = await takesOn(people)
  await expectPhoto(teamLead, code)
  await teamLead.says('变电所门锁坏了')
  const asked = await teamLead.seesCard(asking, { actions: ['作为新隐患上报'] })
  expectAnswered(await teamLead.presses('作为新隐患上报', {}, asked.id))
  const fresh = (await casesSeenBy(teamLead)).find((one) => one !== code) ?? ''
  expect((await cardOf(teamLead, fresh)).text).toContain('变电所门锁坏了')
  expect((await cardOf(teamLead, code)).text).not.toContain('变电所门锁坏了')
  await looksAt(teamLead, leadElectric)
  await people.everyone.seesNothingElse()
})
