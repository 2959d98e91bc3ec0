import { expect } from 'vitest'
import { cardOf, judgesOf, looksAt, rectifies, returns, takesOn } from '../support/acts.ts'
import { beginsAt, passesTo } from '../support/moment.ts'
import { type Stage, story } from '../support/story.ts'
import { across } from '../support/world.ts'

type Given = { readonly colour: string; readonly holder: { readonly id: string }; readonly expiresAt: string | null }

/** Midnight that ends November at the plant. */
const yellow = 'yellow li-na 2026-11-30T16:00:00.000Z'
const red = 'red li-na null'

/** Every card that there is of the plant, as the database has it: colour, holder and end. */
const cardsGiven = async ({ world }: Stage): Promise<readonly string[]> => {
  const { db } = world.running().database
  const rows = await db.selectFrom('subject').select('state').where('workflow', '=', 'penalty').orderBy('id').execute()
  return rows
    .map(({ state }) => (typeof state === 'string' ? JSON.parse(state) : state) as Given)
    .map(({ colour, holder, expiresAt }) => `${colour} ${holder.id} ${expiresAt}`)
    .sort()
}

/** An orange hazard, taken on at 23:30 on 28 October: its term is 72 h later, 31 October 23:30. */
story(
  'a repair that is late over the end of a month gives yellow after 24 h and no red while it is with the verifiers; returned, red follows at once, each once',
  across,
  async (stage) => {
    const { people, world, settles } = stage
    const { welder, teamLead, deptHead, director } = people
    await beginsAt(stage, '2026-10-28T23:30')
    const code = await takesOn(people)
    await passesTo(stage, '2026-11-01T23:25')
    expect(await cardsGiven(stage)).toEqual([])
    await world.restart()
    await settles()
    await passesTo(stage, '2026-11-01T23:40')
    await teamLead.seesCard('黄牌通知', { facts: { 状态: '生效' } })
    expect(await cardsGiven(stage)).toEqual([yellow])

    await passesTo(stage, '2026-11-02T23:00')
    await rectifies(teamLead, code)
    await passesTo(stage, '2026-11-03T02:00')
    expect(await cardsGiven(stage)).toEqual([yellow])
    await world.restart()
    await settles()
    await returns((await judgesOf(people)).A, '还在滴油')
    await stage.clock.passes(60_000)
    await teamLead.seesCard('红牌通知', { tone: 'danger' })
    expect(await cardsGiven(stage)).toEqual([red, yellow])

    await passesTo(stage, '2026-11-06T12:00')
    expect(await cardsGiven(stage)).toEqual([red, yellow])
    expect((await teamLead.sees()).filter(({ title }) => title === '黄牌通知' || title === '红牌通知')).toHaveLength(2)
    expect((await cardOf(teamLead, code)).title).toContain('超期')
    await looksAt(welder, teamLead, deptHead, director, ...Object.values(people).flatMap((one) => ('id' in one ? [one] : [])))
    await people.everyone.seesNothingElse()
  },
)
