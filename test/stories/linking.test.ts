import { expect } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { answerOf, cardOf, casesSeenBy, codeIn, expectAnswered, factOf, looksAt } from '../support/acts.ts'
import { pressesUnasked, tellsThatLeft } from '../support/sealed.ts'
import { type Actor, type Stage, story } from '../support/story.ts'
import { type Arrangement, across } from '../support/world.ts'

const shifts: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: shift === 1 ? 'http' : 'stream',
}))
const asking = '请关联您的身份'
const assigning = '新账号等待关联'

/** The platform of the welder's second account, which only its platform's directory knows. */
const secondPlatform = async ({ world, people }: Stage): Promise<{ readonly platform: string }> => {
  const all = await world.get<{ id: string; platform: string; platforms: string[] }[]>('/people')
  const welder = all.find(({ id }) => id === people.welder.id)
  const platform = welder?.platforms.find((one) => one !== welder.platform)
  if (!platform) throw new Error('the welder has no second account')
  return { platform }
}

const codeOffered = async (actor: Actor): Promise<string> => {
  const pressed = expectAnswered(await actor.presses('获取关联码'))
  const said = `${answerOf(pressed)}\n${(await actor.sees()).map(({ text }) => text).join('\n')}`
  const code = [...said.matchAll(/关联码 (\d{8})/g)].at(-1)?.[1]
  if (!code) throw new Error(`no code in «${said}»`)
  if ((await actor.sees()).some(({ kind, text }) => kind === 'text' && text.includes(code))) await actor.seesText(code)
  return code
}

story('a stranger is asked to link, and the report reaches a team lead all the same', across, async ({ people, clock }) => {
  const { visitor, leadOne, administrator } = people
  await visitor.says('罐区有人抽烟')
  await leadOne.seesCard('隐患待处理', { actions: ['接单'] })
  const receipt = await visitor.seesCard('隐患已上报')
  await visitor.seesCard(asking, { actions: ['获取关联码'] })
  await administrator.seesCard(assigning, { actions: ['指定人员', '不是我'], text: /访客老马/ })
  expectAnswered(await leadOne.presses('接单', {}, (await cardOf(leadOne, codeIn(receipt))).id))
  await visitor.seesCard('隐患已上报', { facts: { 状态: '已接单' } })
  await clock.passes(hours(1))
  await people.everyone.seesNothingElse()
})

story('whom the directory of the platform vouches for is linked at once', shifts, async ({ people, world, clock }) => {
  const { newHire, leadOne, teamLead } = people
  /** WeCom shows an app no mobile numbers unless the member has agreed. */
  await world.post('/profile', { choices: { 'wecom.mobiles': 'visible' } })
  await newHire.says('3号泵房漏油')
  await newHire.seesText('关联成功，您好，林夏')
  await leadOne.seesCard('隐患待处理')
  await looksAt(newHire)
  const before = (await newHire.sees()).length
  await clock.passes(minutes(2))
  await newHire.says('护栏松动')
  expect((await newHire.sees()).slice(before).map(({ title }) => title)).toEqual(['隐患已上报'])
  await newHire.seesCard('隐患已上报', { facts: { 上报人: '林夏' } })
  await teamLead.seesCard('隐患待处理')
  await people.everyone.seesNothingElse()
})

story('a one-time code, typed on the linked account and confirmed there, links the second account', shifts, async (stage) => {
  const { people } = stage
  const { welder, leadOne, administrator } = people
  const second = await secondPlatform(stage)
  await welder.says('3号泵房漏油', second)
  await welder.seesCard('隐患已上报')
  await welder.seesCard(asking)
  await administrator.seesCard(assigning)
  await leadOne.seesCard('隐患待处理')
  const code = await codeOffered(welder)
  await welder.says(code)
  await welder.seesCard('确认是您本人的账号？', { actions: ['是我本人', '不是我'] })
  await welder.seesText('请在新卡片上确认')
  expectAnswered(await welder.presses('是我本人'))
  await welder.seesText('关联成功，您好，张伟')

  await welder.says(code)
  await welder.seesText('关联码无效或已过期')
  await looksAt(welder, administrator)
  await people.everyone.seesNothingElse()
})

story('a wrong, an expired and a stranger’s code are refused', shifts, async (stage) => {
  const { people, clock } = stage
  const { welder, teamLead, administrator, visitor, leadOne } = people
  const second = await secondPlatform(stage)
  await welder.says('3号泵房漏油', second)
  await welder.says('00000000')
  await welder.seesText('关联码无效或已过期')
  const late = await codeOffered(welder)
  await clock.passes(minutes(11))
  await welder.says(late)
  await welder.seesText('关联码无效或已过期')

  await visitor.says('罐区有人抽烟')
  const fresh = await codeOffered(welder)
  await visitor.says(fresh)
  await visitor.seesText('请先关联您的身份')
  expect((await visitor.sees()).every(({ title }) => title !== '确认是您本人的账号？')).toBe(true)
  await looksAt(welder, teamLead, administrator, visitor, leadOne)
  await people.everyone.seesNothingElse()
})

story('a code shown to the wrong person is turned down there, and the account stays nobody’s', shifts, async (stage) => {
  const { people } = stage
  const { visitor, teamLead, administrator, leadOne } = people
  await visitor.says('罐区有人抽烟')
  const code = await codeOffered(visitor)
  await teamLead.says(code)
  const asked = await teamLead.seesCard('确认是您本人的账号？', { actions: ['是我本人', '不是我'] })
  await teamLead.seesText('请在新卡片上确认')
  expectAnswered(await teamLead.presses('不是我', {}, asked.id))
  await teamLead.says(code)
  await teamLead.seesText('关联码无效或已过期')
  expect((await visitor.sees()).some(({ text }) => text.includes('关联成功'))).toBe(false)
  await looksAt(visitor, teamLead, administrator, leadOne)
  await people.everyone.seesNothingElse()
})

story(
  'an administrator names the person, who confirms it on the account they hold; nobody else can',
  shifts,
  async ({ people }) => {
    const { visitor, leadOne, administrator, teamLead, operator } = people
    await visitor.says('罐区有人抽烟')
    const waiting = await administrator.seesCard(assigning, { actions: ['指定人员'] })
    const form = waiting.form.some(({ name }) => name === 'employeeNo') ? { employeeNo: 'E9999' } : {}
    const wrong = expectAnswered(await administrator.presses('指定人员', form, waiting.id))
    if ('employeeNo' in form) expect(answerOf(wrong)).toContain('没有找到唯一的在职人员')
    if (!('employeeNo' in form)) {
      await administrator.says('E9999')
      await administrator.seesText('没有找到唯一的在职人员')
      expectAnswered(await administrator.presses('指定人员', {}, waiting.id))
      await administrator.says('E1009')
    } else expectAnswered(await administrator.presses('指定人员', { employeeNo: ' E1009 ' }, waiting.id))
    const asked = await operator.seesCard('确认是您本人的账号？', {
      actions: ['是我本人', '不是我'],
      text: /系统管理员.*访客老马/,
    })
    expect((await visitor.sees()).some(({ text }) => text.includes('关联成功'))).toBe(false)
    expectAnswered(await operator.presses('是我本人', {}, asked.id))
    await visitor.seesText('关联成功，您好，吴刚')
    expect((await teamLead.sees()).length).toBe(0)
    await looksAt(visitor, leadOne, administrator, operator)
    await people.everyone.seesNothingElse()
  },
)

story('a stranger who claims a role or presses what is not theirs gains nothing', shifts, async ({ people, world, settles }) => {
  const { visitor, welder, teamLead, administrator, deptHead } = people
  await welder.says('3号泵房漏油')
  const code = codeIn(await welder.seesCard('隐患已上报'))
  await visitor.says('我是李娜，机修班班长，teamLead@机修班，给我接单权限')
  await visitor.says(code)
  await visitor.seesText(/没有找到编号/)
  expect((await casesSeenBy(visitor)).includes(code)).toBe(false)
  const log = JSON.stringify(await world.get('/log'))
  const subject = /hazard\.accept:(haz_[0-9a-z]+)@/.exec(log)?.[1]
  if (!subject) throw new Error('no button crossed the wire')
  const forged = ['accept', 'triage', 'reject', 'submit', 'pass', 'reportUnreachable', 'climb', 'storePhoto', 'nothing']
  const keys = forged.map((command) => `hazard.${command}:${subject}@9`)
  for (const key of [...keys, `link.confirm:${subject}@1`, 'hazard.accept:haz_00000000000000000000@1', 'DROP TABLE', '{}'])
    for (const { status, text } of await pressesUnasked(world, visitor.id, key)) {
      expect(status).toBe(200)
      expect(text).not.toContain('漏油')
    }
  for (const seen of await visitor.sees()) expect(seen.actions).not.toContain('接单')
  expect(factOf(await cardOf(teamLead, code), '状态')).toBe('待处理')
  await settles()
  expect(factOf(await cardOf(teamLead, code), '状态')).toBe('待处理')
  expect((await visitor.sees()).some(({ text }) => text.includes(code) && text.includes('3号泵房漏油'))).toBe(false)
  await looksAt(visitor, teamLead, administrator, deptHead)
  await people.everyone.seesNothingElse()
})

story('who has left the company is out, and the ladder climbs past them', shifts, async ({ people, world, clock, settles }) => {
  const { welder, teamLead, deptHead, administrator } = people
  await welder.says('3号泵房漏油')
  const first = codeIn(await teamLead.seesCard('隐患待处理'))
  await welder.seesCard('隐患已上报')
  expect(await tellsThatLeft(world, teamLead.id)).toEqual([200])
  await settles()

  const refused = await teamLead.presses('接单', {}, (await cardOf(teamLead, first)).id)
  expect(answerOf(refused)).not.toContain('已接单')
  await clock.passes(minutes(2))
  await welder.says('护栏松动')
  const second = codeIn(await welder.seesCard('隐患已上报'))
  expect(second).not.toBe(first)
  expect((await deptHead.seesCard('隐患待处理', { actions: ['接单'] })).text).toContain(second)
  await administrator.seesText(/【告警】隐患 .*班组长/)
  expect(await casesSeenBy(teamLead)).toEqual([first])
  await clock.passes(hours(2))
  expect([...(await casesSeenBy(deptHead))].sort()).toEqual([first, second].sort())
  await deptHead.seesCard('隐患待处理')
  await looksAt(teamLead, administrator)
  await people.everyone.seesNothingElse()
})
