import { expect } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { cardOf, casesSeenBy, codeIn, expectAnswered, looksAt } from '../support/acts.ts'
import { type Stage, story } from '../support/story.ts'
import { across, once } from '../support/world.ts'

const zone = 'Asia/Shanghai'
const dayAt = (instant: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(instant).replaceAll('-', '')

/** Milliseconds from the world's now to two minutes before a midnight of the site. `last` waits for the midnight that ends a month. */
const untilMidnight = async ({ world }: Stage, last: boolean): Promise<number> => {
  const { now } = await world.get<{ now: number }>('/clock')
  const shanghai = hours(8)
  let midnight = Math.ceil((now + shanghai) / hours(24)) * hours(24) - shanghai
  while (last && !dayAt(midnight).endsWith('01')) midnight += hours(24)
  const before = midnight - now - minutes(2)
  return before > 0 ? before : before + hours(24)
}

const dayOf = (code: string): string => code.slice(8, 16)
const counterOf = (code: string): number => Number(code.split('-')[3])

story(
  'codes count anew each day of the site, across the end of a month, and the ladder goes on over midnight and a restart',
  across,
  async (stage) => {
    const { people, clock, world, settles } = stage
    const { welder, teamLead, deptHead } = people
    await clock.passes(await untilMidnight(stage, true))
    await welder.says('3号泵房漏油')
    const before = codeIn(await welder.seesCard('隐患已上报'))
    await teamLead.seesCard('隐患待处理')
    await clock.passes(minutes(4))
    await welder.says('护栏松动')
    const after = (await casesSeenBy(welder)).find((code) => code !== before) ?? ''
    expect(dayOf(before)).not.toBe(dayOf(after))
    expect(dayOf(after).endsWith('01')).toBe(true)
    expect(counterOf(before)).toBe(1)
    expect(counterOf(after)).toBe(1)

    await world.restart()
    await settles()
    await clock.passes(minutes(2))
    await welder.says('地面积水')
    const third = (await casesSeenBy(welder)).find((code) => code !== before && code !== after) ?? ''
    expect(dayOf(third)).toBe(dayOf(after))
    expect(counterOf(third)).toBeGreaterThan(counterOf(after))
    await clock.passes(hours(1.9))
    await deptHead.seesCard('隐患待处理')
    expect(await casesSeenBy(deptHead)).toContain(before)
    await looksAt(welder, teamLead, deptHead)
    await people.everyone.seesNothingElse()
  },
)

story('a restart in the middle of everything loses and doubles nothing', across, async (stage) => {
  const { people, clock, world, settles } = stage
  const { welder, teamLead, deptHead } = people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  await world.restart()
  await settles()
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  expect(await casesSeenBy(teamLead)).toEqual([code])
  await clock.passes(hours(1))
  await world.restart()
  await clock.passes(hours(1))
  await settles()
  const called = await deptHead.seesCard('隐患待处理', { actions: ['接单'] })
  await world.restart()
  await settles()
  expectAnswered(
    await deptHead.presses('接单', { ...(called.form.some(({ name }) => name === 'area') ? { area: 'pump-3' } : {}) }, called.id),
  )
  expect((await cardOf(deptHead, code)).actions.join()).toMatch(/上传整改.?照片/)
  await clock.passes(hours(47))
  await looksAt(welder, teamLead, deptHead)
  await people.everyone.seesNothingElse()
})

story(
  'what was said while the service was down arrives when it is back',
  [
    { database: 'pglite', shift: 0, door: 'http' },
    { database: 'pglite', shift: 1, door: 'http' },
    { database: 'pglite', shift: 2, door: 'http' },
  ],
  async (stage) => {
    const { people, clock, world, settles } = stage
    const { welder, teamLead } = people
    await world.stop()
    await world.post(`/people/${welder.id}/says`, { text: '3号泵房漏油' })
    await world.restart()
    await settles()
    await clock.passes(minutes(3))
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    expect(await casesSeenBy(welder)).toEqual([code])
    await looksAt(welder)
    await people.everyone.seesNothingElse()
  },
)

story(
  'a clock that jumps over two days at once calls every rung that has become due, each once',
  across,
  async ({ people, clock, settles }) => {
    const { welder, teamLead, deptHead, director } = people
    await welder.says('3号泵房漏油')
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    await clock.jumps(hours(50))
    await settles()
    expect(await casesSeenBy(deptHead)).toEqual([code])
    expect(await casesSeenBy(director)).toEqual([code])
    for (const actor of [teamLead, deptHead, director])
      expect((await actor.sees()).filter(({ kind }) => kind === 'card')).toHaveLength(1)
    expectAnswered(await director.presses('接单', {}, (await cardOf(director, code)).id))
    await looksAt(welder, teamLead, deptHead, director)
    await clock.passes(hours(40))
    await people.everyone.seesNothingElse()
  },
)

story('a night passes with nothing open: nothing is sent', once, async ({ people, clock }) => {
  await clock.passes(hours(24))
  await people.everyone.seesNothingElse()
})
