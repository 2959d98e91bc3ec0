import { expect } from 'vitest'
import { seconds } from '../../src/lib/clock.ts'
import { cardOf, casesSeenBy, codeIn, expectAnswered, maySee } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across, everywhere } from '../support/world.ts'

const joined = /^已并入 YH-/

story('several photos and words within a minute are one report, whatever comes first', everywhere, async ({ people, clock }) => {
  const { welder, teamLead } = people
  await Promise.all([
    welder.sendsPhoto('oil-leak.jpg'),
    welder.sendsPhoto('loose-guardrail.jpg'),
    welder.sendsPhoto('blocked-exit.jpg'),
  ])
  await clock.passes(seconds(40))
  await welder.says('3号泵房漏油')
  await clock.passes(seconds(40))
  await welder.sendsPhoto('rotated.jpg')
  const [code, ...more] = await casesSeenBy(teamLead)
  expect(more).toEqual([])
  const card = await teamLead.seesCard('隐患待处理')
  expect(codeIn(card)).toBe(code)
  await welder.seesCard('隐患已上报')
  await maySee(welder, joined)
  await people.everyone.seesNothingElse()
})

story('words first, the photo after them: one report', across, async ({ people }) => {
  const { welder, teamLead } = people
  await welder.says('3号泵房漏油')
  await welder.sendsPhoto('oil-leak.jpg')
  expect(await casesSeenBy(teamLead)).toHaveLength(1)
  await teamLead.seesCard('隐患待处理', { text: /3号泵房漏油/ })
  await welder.seesCard('隐患已上报')
  await maySee(welder, joined)
  await people.everyone.seesNothingElse()
})

story('after the minute it is a second report', across, async ({ people, clock }) => {
  const { welder, teamLead } = people
  await welder.says('3号泵房漏油')
  await clock.passes(seconds(61))
  await welder.sendsPhoto('loose-guardrail.jpg')
  expect(await casesSeenBy(teamLead)).toHaveLength(2)
  expect(await casesSeenBy(welder)).toHaveLength(2)
  await teamLead.seesCard('隐患待处理')
  await welder.seesCard('隐患已上报')
  await people.everyone.seesNothingElse()
})

story('once somebody has taken it on, what follows within the minute is a new report', across, async ({ people }) => {
  const { welder, teamLead } = people
  await welder.says('3号泵房漏油')
  const first = codeIn(await teamLead.seesCard('隐患待处理'))
  expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, first)).id))
  await welder.sendsPhoto('loose-guardrail.jpg')
  const codes = await casesSeenBy(teamLead)
  expect(codes).toHaveLength(2)
  const second = codes.find((code) => code !== first) ?? ''
  expect((await cardOf(teamLead, second)).actions).toContain('接单')
  expect((await cardOf(teamLead, first)).actions.join()).toMatch(/上传整改.?照片/)
  await teamLead.seesCard('隐患待处理')
  await welder.seesCard('隐患已上报')
  await people.everyone.seesNothingElse()
})

story('several people who send at once stay apart, each with their own photos and words', across, async ({ people, settles }) => {
  const { welder, electrician, operator, operator2, teamLead, leadElectric, leadOne, leadTwo } = people
  const reporters = [
    { actor: welder, lead: teamLead, words: '泵房漏油甲' },
    { actor: electrician, lead: leadElectric, words: '变电所门锁乙' },
    { actor: operator, lead: leadOne, words: 'A罐区积水丙' },
    { actor: operator2, lead: leadTwo, words: '二车间护栏丁' },
  ]
  await Promise.all(
    reporters.flatMap(({ actor, words }) => [
      actor.sendsPhoto('oil-leak.jpg', words),
      actor.sendsPhoto('loose-guardrail.jpg'),
      actor.sendsPhoto('blocked-exit.jpg'),
    ]),
  )
  await settles()
  for (const { actor, lead, words } of reporters) {
    expect(await casesSeenBy(actor)).toHaveLength(1)
    expect(await casesSeenBy(lead)).toEqual(await casesSeenBy(actor))
    const card = await lead.seesCard('隐患待处理')
    for (const other of reporters) if (other.words !== words) expect(card.text).not.toContain(other.words)
    await actor.seesCard('隐患已上报')
    await maySee(actor, joined)
  }
  await people.everyone.seesNothingElse()
})
