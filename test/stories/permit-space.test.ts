import { expect } from 'vitest'
import { oxygen, pin, sulfide, vapour } from '../../scripts/tour-permit-forms.ts'
import { minutes } from '../../src/lib/clock.ts'
import { looksAt } from '../support/acts.ts'
import { beginsAt } from '../support/moment.ts'
import {
  applies,
  checksIn,
  codeAt,
  declares,
  measures,
  prepares,
  proofAt,
  setPins,
  signs,
  spaceJob,
} from '../support/permit-acts.ts'
import { morning, openDesk, withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

story(
  'a confined space from the application to the last person out: three gases, what is declared, and a count that must match',
  across,
  async (stage) => {
    await beginsAt(stage, morning)
    const { people } = stage
    const { teamLead, welder, operator2, areaOwner } = people
    const desk = openDesk(stage)
    await setPins(desk, [areaOwner])
    const code = await applies(desk, spaceJob, teamLead)
    await prepares(desk, code, { leader: teamLead, briefed: [welder, operator2] })
    await signs(desk, code, { node: '作业负责人', actor: teamLead }, {})
    const digits = await codeAt(desk, operator2, code)
    await signs(desk, code, { node: '所在单位', actor: areaOwner }, { pin, ...(await proofAt(desk, 'tank-a', digits)) })
    await checksIn(desk, operator2, code, 'tank-a')

    expect(await desk.taps(teamLead, code, 'start')).toMatch(/没有开始：.*还没有.*检测值.*GB 30871-2022.*记录气体/)
    const rich = await measures(desk, operator2, code, { ...oxygen, value: '21.5' })
    expect(rich).toMatch(/不合格.*19.5.*21/)
    // Of two values of one minute both count, so the second sample is taken in the next.
    await stage.clock.passes(minutes(1))
    for (const value of [oxygen, sulfide, vapour]) expect(await measures(desk, operator2, code, value)).toContain('已记录，合格')
    expect(await desk.taps(teamLead, code, 'start')).toMatch(/没有开始：.*尚未声明/)
    expect(await declares(desk, teamLead, code)).toBeGreaterThan(1)
    expect(await desk.taps(teamLead, code, 'start')).toMatch(/已开始作业|进行中/)
    await operator2.seesCard('受限空间作业进行中', { actions: ['停止作业'] })

    expect(await desk.presses(operator2, code, 'complete', { people: '0', tools: '2' })).toContain('应撤出 1 人、收回 2 件工具')
    expect(await desk.presses(operator2, code, 'complete', { people: '1', tools: '2' })).toContain('已完工')
    await signs(desk, code, { node: '完工验收', actor: areaOwner })
    expect((await desk.sees(teamLead, code)).card.title).toBe('受限空间作业票已关闭')
    await looksAt(teamLead, welder, operator2, areaOwner, people.leadOne)
    await people.everyone.seesNothingElse()
  },
  withCertificates(),
)
