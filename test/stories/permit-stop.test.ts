import { expect } from 'vitest'
import { methane } from '../../scripts/tour-permit-forms.ts'
import { minutes } from '../../src/lib/clock.ts'
import { looksAt } from '../support/acts.ts'
import { beginsAt } from '../support/moment.ts'
import { checksIn, measures, proofAt, setPins, startsHot } from '../support/permit-acts.ts'
import { morning, openDesk, withCertificates } from '../support/permit-desk.ts'
import { type Stage, story } from '../support/story.ts'
import { across } from '../support/world.ts'

const underWay = async (stage: Stage) => {
  await beginsAt(stage, morning)
  const { people } = stage
  const desk = openDesk(stage)
  await setPins(desk, [people.areaOwner, people.officerA, people.safetyDirector, people.leadOne])
  const { code } = await startsHot(desk, people)
  return { desk, code }
}

story(
  'STOP by a worker of another job flips every card, and the gate is passed again before work goes on',
  across,
  async (stage) => {
    const { desk, code } = await underWay(stage)
    const { people } = stage
    const { welder, operator, areaOwner, leadOne, officerA, officerB, electrician } = people
    await electrician.says('停止作业 3号泵房 闻到异味')
    await electrician.seesCard('已停止作业', { facts: { 叫停人: '冯雪' }, text: code })
    await electrician.mayHear('所有人员已通知')
    for (const one of [welder, operator, areaOwner, leadOne, officerA, officerB])
      await one.seesCard('动火作业已停止', { tone: 'danger', text: /有人叫停 冯雪：3号泵房 闻到异味/ })
    await stage.clock.passes(minutes(31))
    expect(await desk.taps(welder, code, 'resume')).toMatch(/没有开始：.*中断后未重新检测气体.*5\.3\.1 d/)
    expect(await measures(desk, operator, code, methane)).toContain('合格')
    expect(await desk.taps(welder, code, 'resume')).toContain('已恢复作业')
    await welder.seesCard('动火作业进行中')
    await looksAt(welder, operator, areaOwner, leadOne, officerA, officerB, people.safetyDirector)
    await people.everyone.seesNothingElse()
  },
  withCertificates(),
)

story(
  'an attendant who does not answer within five minutes ends the work; one who is back goes on post again, and it goes on',
  across,
  async (stage) => {
    const { desk, code } = await underWay(stage)
    const { clock, people } = stage
    const { welder, operator } = people
    // The question comes at a drawn time between 8 and 15 min, and waits 5 min for its answer.
    await clock.passes(minutes(8))
    const isAsked = async () => (await operator.sees()).some(({ title }) => title === '请监护人答复在岗')
    for (let minute = 0; minute < 8 && !(await isAsked()); minute += 1) await clock.passes(minutes(1))
    await operator.seesCard('请监护人答复在岗', { tone: 'danger' })
    const position = (await proofAt(desk, 'pump-3', '')).position ?? ''
    expect(await desk.presses(operator, code, 'answerPulse', { position })).toContain('已记下您在岗')

    await clock.passes(minutes(21))
    const stopped = await welder.seesCard('动火作业已停止', { tone: 'danger' })
    expect(stopped.text + JSON.stringify(stopped.facts)).toContain('监护人不在岗')
    expect(await desk.taps(welder, code, 'resume')).toMatch(/没有开始：.*监护人不在岗/)
    await checksIn(desk, operator, code, 'pump-3')
    expect(await desk.taps(welder, code, 'resume')).toContain('已恢复作业')
  },
  withCertificates(),
)

story(
  'a clock that jumps over the question to the attendant, and a service that starts anew: the work ends suspended, never silently active',
  across.slice(1, 2),
  async (stage) => {
    const { desk, code } = await underWay(stage)
    const { world, clock, people } = stage
    await clock.jumps(minutes(40))
    await world.restart()
    // Nobody could be asked meanwhile: the attendant is asked at once, and five minutes later the work is over.
    await clock.passes(minutes(6))
    await people.welder.seesCard('动火作业已停止', { tone: 'danger' })
    expect((await desk.sees(people.operator, code)).card.title).toBe('动火作业已停止')
  },
  withCertificates(),
)
