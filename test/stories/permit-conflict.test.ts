import { expect } from 'vitest'
import { looksAt } from '../support/acts.ts'
import { beginsAt } from '../support/moment.ts'
import { applies, drafts, hotJob, type Job, spaceJob } from '../support/permit-acts.ts'
import { morning, openDesk, withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

const hotAtTank: Job = { ...hotJob, words: '申请动火作业：A罐区管线焊接', area: 'tank-a' }

story(
  'independent hot work beside a confined space is locked: the other permit and its leader are named, and both leaders have a card',
  across,
  async (stage) => {
    await beginsAt(stage, morning)
    const { people } = stage
    const { welder, teamLead } = people
    const desk = openDesk(stage)
    const space = await applies(desk, spaceJob, teamLead)
    const hot = await drafts(desk, hotAtTank, welder)
    const answer = await desk.taps(welder, hot, 'submit')
    for (const words of [space, '李娜', '不得同时进行', '已通知双方']) expect(answer).toContain(words)
    const locked = await welder.seesCard('动火作业与他票冲突')
    expect(JSON.stringify([locked.text, locked.facts])).toContain(space)
    const told = await teamLead.seesCard('受限空间作业危害分析')
    for (const words of [hot, '张伟']) expect(JSON.stringify([told.text, told.facts])).toContain(words)
    expect(await desk.taps(welder, hot, 'submit')).toContain('不能办理')

    expect(await desk.presses(teamLead, space, 'cancel', { reason: '改期' })).toContain('已取消')
    expect(await desk.taps(welder, hot, 'submit')).toContain('已提交')
    await looksAt(welder, teamLead)
    await people.everyone.seesNothingElse()
  },
  withCertificates(),
)

story(
  'permits of one job are no conflict: the vessel is welded from inside under both',
  across.slice(0, 1),
  async (stage) => {
    await beginsAt(stage, morning)
    const { welder, teamLead } = stage.people
    const desk = openDesk(stage)
    const space = await applies(desk, { ...spaceJob, answers: { ...spaceJob.answers, q_hotInside: 'yes' } }, teamLead)
    const hot = await drafts(desk, hotAtTank, welder)
    expect(await desk.presses(welder, hot, 'fill', { job: space })).toContain('已保存')
    expect(await desk.taps(welder, hot, 'submit')).toContain('已提交')
  },
  withCertificates(),
)
