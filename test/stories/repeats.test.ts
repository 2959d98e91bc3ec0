import { expect } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { answerOf, cardOf, casesSeenBy, codeIn, expectAnswered, factOf, pressesOld } from '../support/acts.ts'
import { openRelay } from '../support/relay.ts'
import { story } from '../support/story.ts'
import { type Arrangement, across, everywhere } from '../support/world.ts'

const callingBack: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: 'http',
}))

story('the same message delivered twice is one case and one card', everywhere, async ({ people, fault, noFaults, clock }) => {
  const { welder, teamLead } = people
  await fault({ name: 'twice' })
  await welder.says('3号泵房地面有油')
  await noFaults()
  await teamLead.seesCard('隐患待处理')
  await welder.seesCard('隐患已上报')
  expect(await casesSeenBy(teamLead)).toHaveLength(1)
  expect((await teamLead.sees()).length).toBe(1)
  await clock.passes(minutes(90))
  await people.everyone.seesNothingElse()
})

story(
  'a message whose answers get lost comes again for hours, and a copy of its bytes later still: one case, one card',
  callingBack,
  async ({ people, world, clock, settles }) => {
    const { welder, teamLead } = people
    const relay = await openRelay(world)
    relay.losesAnswers(3)
    await welder.says('3号泵房地面有油')
    await clock.passes(hours(1.9))
    const [first] = relay.pushes()
    if (!first) throw new Error('nothing crossed the wire')
    expect(relay.pushes().length).toBeGreaterThan(1)
    const again = await relay.replays(first)
    expect([200, 401, 403, 400]).toContain(again)
    await settles()
    await welder.seesCard('隐患已上报')
    await teamLead.seesCard('隐患待处理')
    expect(await casesSeenBy(teamLead)).toHaveLength(1)
    await people.everyone.seesNothingElse()
    await relay.close()
  },
)

story(
  'a press delivered twice changes nothing more and shows the present card',
  everywhere,
  async ({ people, fault, noFaults }) => {
    const { welder, teamLead } = people
    await welder.says('3号泵房漏油')
    const reported = await teamLead.seesCard('隐患待处理')
    await fault({ name: 'twice' })
    const pressed = expectAnswered(await teamLead.presses('接单', {}, reported.id))
    await noFaults()
    expect(factOf(pressed.card, '状态')).toBe('已接单')
    expect(answerOf(pressed)).not.toContain('已于')
    const now = await cardOf(teamLead, codeIn(reported))
    expect(now.actions.join()).toMatch(/上传整改.?照片/)
    expect(factOf(now, '责任人')).toBe('李娜')
    await welder.seesCard('隐患已上报')
    expect((await teamLead.sees()).length).toBe(1)
    await people.everyone.seesNothingElse()
  },
)

story('pressing again on the old button says what was done and shows the present card', across, async ({ people }) => {
  const { welder, teamLead } = people
  await welder.says('3号泵房漏油')
  const reported = await teamLead.seesCard('隐患待处理')
  expectAnswered(await teamLead.presses('接单', {}, reported.id))
  const again = await pressesOld(teamLead, '接单', reported.id)
  if (again) {
    expect(answerOf(again)).toMatch(/李娜已于 .*接单/)
    expect(factOf(again.card, '状态')).toBe('已接单')
  }
  await welder.seesCard('隐患已上报')
  await people.everyone.seesNothingElse()
})
