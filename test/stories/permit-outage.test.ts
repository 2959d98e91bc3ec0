import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { beginsAt } from '../support/moment.ts'
import { checksIn, setPins, startsHot } from '../support/permit-acts.ts'
import { morning, openDesk, withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

story(
  'the platform of the attendant is down when the question is due: the work ends suspended, the others know at once, and the attendant afterwards, though the service started anew',
  across.slice(0, 1),
  async (stage) => {
    await beginsAt(stage, morning)
    const { people, fault, noFaults, clock, world } = stage
    const { welder, operator, areaOwner, officerA } = people
    const desk = openDesk(stage)
    await setPins(desk, [areaOwner, officerA, people.safetyDirector, people.leadOne])
    const { code } = await startsHot(desk, people)
    const all = await world.get<{ id: string; platform: string }[]>('/people')
    const platformOf = (id: string): string => all.find((one) => one.id === id)?.platform ?? ''
    await fault({ name: 'e500', surface: platformOf(operator.id) })
    await clock.passes(minutes(22))
    // The page needs no platform, and says it all the same.
    expect((await desk.sees(operator, code)).card.title).toBe('动火作业已停止')
    for (const one of [welder, areaOwner, officerA])
      if (platformOf(one.id) !== platformOf(operator.id)) await one.seesCard('动火作业已停止', { tone: 'danger' })
    await noFaults()
    await world.restart()
    await clock.passes(minutes(6))
    await operator.seesCard('动火作业已停止', { tone: 'danger' })
    expect(await desk.taps(welder, code, 'resume')).toMatch(/没有开始：.*监护人不在岗/)
    await checksIn(desk, operator, code, 'pump-3')
    expect(await desk.taps(welder, code, 'resume')).toContain('已恢复作业')
  },
  withCertificates(),
)
