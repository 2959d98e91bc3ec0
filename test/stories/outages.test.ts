import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { cardOf, casesSeenBy, codeIn, expectAnswered, looksAt } from '../support/acts.ts'
import { type Actor, type Stage, story } from '../support/story.ts'
import { type Arrangement, across } from '../support/world.ts'

const shifts: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: shift === 1 ? 'http' : 'stream',
}))

const platformOf = async ({ world }: Stage, { id }: Actor): Promise<string> => {
  const all = await world.get<{ id: string; platform: string }[]>('/people')
  return all.find((one) => one.id === id)?.platform ?? ''
}

const copiesOf = async (actor: Actor, code: string): Promise<readonly string[]> =>
  (await actor.sees()).filter(({ kind, text }) => kind === 'card' && text.includes(code)).map(({ title }) => title)

for (const name of ['e500', 'never', 'e429'] as const) {
  story(
    `one platform answers ${name} for an hour: the others go on, and what was due arrives once afterwards`,
    name === 'e500' ? across : shifts,
    async (stage) => {
      const { people, fault, noFaults, clock } = stage
      const { welder, teamLead, operator, leadOne, electrician, leadElectric } = people
      const down = await platformOf(stage, teamLead)
      await fault({ name, surface: down })
      await welder.says('3号泵房地面有油')
      const code = codeIn(await welder.seesCard('隐患已上报'))
      await Promise.all([operator.says('罐区积水'), electrician.says('变电所门锁坏了')])
      const others = [
        { reporter: operator, lead: leadOne },
        { reporter: electrician, lead: leadElectric },
      ]
      for (const { reporter, lead } of others) {
        if ((await platformOf(stage, lead)) !== down) await lead.seesCard('隐患待处理', { actions: ['接单'] })
        if ((await platformOf(stage, reporter)) !== down) await reporter.seesCard('隐患已上报')
      }
      await clock.passes(minutes(60))
      expect(await teamLead.sees()).toEqual([])
      await noFaults()
      await clock.passes(minutes(6))
      expect(await copiesOf(teamLead, code)).toHaveLength(1)
      expect(await casesSeenBy(teamLead)).toEqual([code])
      expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
      for (const { reporter, lead } of others) {
        expect(await casesSeenBy(lead)).toHaveLength(1)
        expect(await casesSeenBy(reporter)).toHaveLength(1)
      }
      await looksAt(teamLead, welder, operator, leadOne, electrician, leadElectric)
      await clock.passes(minutes(30))
      await people.everyone.seesNothingElse()
    },
  )
}

story(
  'a lost answer doubles nothing where the platform has a once-key; elsewhere at most once more, marked',
  across,
  async (stage) => {
    const { people, fault, clock, noFaults } = stage
    const { welder, teamLead } = people
    const surface = await platformOf(stage, teamLead)
    await fault({ name: 'lostAnswer', surface, times: 1 })
    await welder.says('3号泵房漏油')
    const code = codeIn(await welder.seesCard('隐患已上报'))
    await clock.passes(minutes(10))
    await noFaults()
    const copies = await copiesOf(teamLead, code)
    expect(copies[0]).toBe('隐患待处理')
    expect(copies.length).toBeLessThanOrEqual(surface === 'wecom' ? 2 : 1)
    for (const title of copies.slice(1)) expect(title).toContain('【重发】')
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
    await looksAt(teamLead, welder)
    await people.everyone.seesNothingElse()
  },
)

story('an expired token is fetched anew, and nothing is lost or doubled', shifts, async (stage) => {
  const { people, fault, clock, noFaults } = stage
  const { welder, teamLead } = people
  await fault({ name: 'tokenExpired', times: 4 })
  await welder.says('3号泵房漏油')
  await clock.passes(minutes(5))
  await noFaults()
  const code = codeIn(await welder.seesCard('隐患已上报'))
  expect(await copiesOf(teamLead, code)).toEqual(['隐患待处理'])
  expect(await copiesOf(welder, code)).toEqual(['隐患已上报'])
  await looksAt(teamLead)
  await people.everyone.seesNothingElse()
})

/** How a connection breaks, and on whose phone it is felt. A half-open one on DingTalk is noticed in real time only, after half a minute: see the stream's own tests. */
const breaks = [
  { name: 'cut', shift: 0 },
  { name: 'cut', shift: 1 },
  { name: 'halfOpen', shift: 0 },
] as const

for (const { name, shift } of breaks) {
  story(
    `a long connection that is ${name} heals, and what people say meanwhile is one case`,
    [{ database: 'pglite', shift, door: 'stream' }],
    async (stage) => {
      const { people, fault, clock, noFaults, settles } = stage
      const { welder, teamLead } = people
      await fault({ name, times: 1 })
      await welder.says('3号泵房漏油')
      await clock.passes(minutes(8))
      await noFaults()
      await settles()
      const code = codeIn(await welder.seesCard('隐患已上报'))
      expect(await copiesOf(teamLead, code)).toHaveLength(1)
      expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
      expect(await casesSeenBy(welder)).toEqual([code])
      await looksAt(teamLead, welder)
      await people.everyone.seesNothingElse()
    },
  )
}
