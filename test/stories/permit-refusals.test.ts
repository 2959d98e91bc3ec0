import { expect } from 'vitest'
import { highVoltage, methane, pin } from '../../scripts/tour-permit-forms.ts'
import { minutes } from '../../src/lib/clock.ts'
import { beginsAt } from '../support/moment.ts'
import {
  applies,
  checksIn,
  codeAt,
  declares,
  drafts,
  hotJob,
  measures,
  prepares,
  proofAt,
  setPins,
  signs,
} from '../support/permit-acts.ts'
import { morning, openDesk, withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { across, once } from '../support/world.ts'

story(
  'an electrician with a low-voltage certificate is not put on a high-voltage job: the clause is named, and nobody else hears of it',
  once,
  async (stage) => {
    await beginsAt(stage, morning)
    const { leadElectric, everyone } = stage.people
    const desk = openDesk(stage)
    const job = {
      words: '申请临时用电作业：变电所高压试验接线',
      area: 'substation',
      crew: { leader: 'leadElectric', workers: ['electrician'], attendants: ['operator'] },
      answers: highVoltage,
    } as const
    const code = await drafts(desk, job, leadElectric)
    const answer = await desk.taps(leadElectric, code, 'submit')
    expect(answer).toMatch(/没有提交：.*冯雪持“低压电工作业”，不能代替“高压电工作业”。按 .*请更换人员/)
    expect(answer).toMatch(/特种作业人员|GB 30871-2022/)
    expect((await desk.sees(leadElectric, code)).card.title).toBe('临时用电作业票待填写')
    expect(await desk.presses(leadElectric, code, 'fill', { workers: '徐磊', workLeader: '徐磊' })).toContain('已保存')
    expect(await desk.taps(leadElectric, code, 'submit')).toContain('已提交')
    await leadElectric.seesCard(/临时用电作业/)
    await leadElectric.mayHear(/没有提交|已保存|已提交/)
    await everyone.seesNothingElse()
  },
  withCertificates(),
)

story(
  'an approval is given at the work point: not from the office, not with an old code, not without the PIN; wrong ones are counted',
  across,
  async (stage) => {
    await beginsAt(stage, morning)
    const { people, clock } = stage
    const { welder, operator, areaOwner, officerA, safetyDirector } = people
    const desk = openDesk(stage)
    await setPins(desk, [areaOwner, officerA])
    const code = await applies(desk, hotJob, welder)
    await prepares(desk, code, { leader: welder, briefed: [operator] })
    await signs(desk, code, { node: '作业负责人', actor: welder }, {})
    await signs(desk, code, { node: '所在单位', actor: areaOwner })
    await signs(desk, code, { node: '安全管理部门', actor: officerA })

    const old = await codeAt(desk, operator, code)
    const here = await proofAt(desk, 'pump-3', old)
    const tries = (form: Readonly<Record<string, string>>) => desk.presses(safetyDirector, code, 'sign', form)
    expect(await tries({ pin })).toMatch(/须输入作业点码，证明您在现场。按 .*4\.11/)
    expect(await tries({ pin, digits: old })).toMatch(/须提供您的位置.*4\.11/)
    expect(await tries({ ...(await proofAt(desk, 'office', old)), pin })).toMatch(
      /您的位置不在 .*作业点.*50 米内。按 .*4\.11.*请到作业点再按/,
    )
    expect(await tries({ ...here, pin })).toMatch(/您还没有签名口令.*请发送“设置签名口令”/)
    await desk.setsPin(safetyDirector)
    expect(await tries({ ...here, pin: '135791' })).toMatch(/没有签字：签名口令不对.*还可再试 4 次/)
    await clock.passes(minutes(3))
    expect(await tries({ ...(await proofAt(desk, 'pump-3', old)), pin })).toMatch(/作业点码不对或已过期/)
    const fresh = await codeAt(desk, operator, code)
    expect(await tries({ ...here, digits: fresh, pin })).toMatch(/定位已超过 2 分钟/)
    expect((await desk.sees(welder, code)).card.title).toBe('动火作业票待签')
    expect(await tries({ ...(await proofAt(desk, 'pump-3', fresh)), pin })).toContain('已签字')
    expect((await desk.sees(welder, code)).card.title).toBe('动火作业票已签发')
  },
  withCertificates(),
)

story(
  'a gas test older than half an hour lets nothing start; a new one does',
  once,
  async (stage) => {
    await beginsAt(stage, morning)
    const { people, clock } = stage
    const { welder, operator, areaOwner, officerA, safetyDirector, leadOne } = people
    const desk = openDesk(stage)
    await setPins(desk, [areaOwner, officerA, safetyDirector, leadOne])
    const code = await applies(desk, hotJob, welder)
    await prepares(desk, code, { leader: welder, briefed: [operator] })
    await signs(desk, code, { node: '作业负责人', actor: welder }, {})
    await signs(desk, code, { node: '所在单位', actor: areaOwner })
    await signs(desk, code, { node: '安全管理部门', actor: officerA })
    const digits = await codeAt(desk, operator, code)
    await signs(desk, code, { node: '动火审批人', actor: safetyDirector }, { pin, ...(await proofAt(desk, 'pump-3', digits)) })
    await signs(desk, code, { node: '班长验票', actor: leadOne })
    await checksIn(desk, operator, code, 'pump-3')
    await declares(desk, welder, code)
    expect(await measures(desk, operator, code, methane)).toContain('合格')
    await clock.passes(minutes(31))
    expect(await desk.taps(welder, code, 'start')).toMatch(/没有开始：.*气体检测已超时.*5\.3\.1 c.*请重新采样/)
    expect((await desk.sees(welder, code)).card.title).toBe('动火作业票已签发')
    expect(await measures(desk, operator, code, methane)).toContain('合格')
    expect(await desk.taps(welder, code, 'start')).toContain('已开始作业')
  },
  withCertificates(),
)
