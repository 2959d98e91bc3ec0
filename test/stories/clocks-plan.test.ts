import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { cardOf, codeIn, expectAnswered, looksAt } from '../support/acts.ts'
import { beginsAt, jumpsTo } from '../support/moment.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

story(
  'what is blue rings nobody: on Monday morning the owner of the area has one plan of the week with all of it',
  across,
  async (stage) => {
    const { people, clock, world, settles } = stage
    await beginsAt(stage, '2026-11-25T10:00')
    const { welder, teamLead, areaOwner } = people
    const codes: string[] = []
    for (const words of ['3号泵房标识脏污', '3号泵房照明偏暗']) {
      await clock.passes(minutes(2))
      await welder.says(words)
      const code = codeIn(await teamLead.seesCard('隐患待处理'))
      expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
      codes.push(code)
    }
    await jumpsTo(stage, '2026-11-30T07:55')
    await settles()
    await world.restart()
    await settles()
    expect(await areaOwner.sees()).toEqual([])
    await clock.passes(minutes(10))
    const plan = await areaOwner.seesCard('本周滚动整改计划')
    for (const code of codes) expect(plan.text).toContain(code)
    expect((await areaOwner.sees()).filter(({ kind }) => kind === 'card')).toHaveLength(1)
    await looksAt(welder, teamLead, people.deptHead, people.director)
    await people.everyone.seesNothingElse()
  },
)
