import { expect } from 'vitest'
import { answerOf, asksFor, bothPass, cardOf, codeIn, expectAnswered, explains, looksAt, proves } from '../support/acts.ts'
import { type Actor, story } from '../support/story.ts'
import { across, once } from '../support/world.ts'

const pdf = Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n').toString('base64')

/** The report as a document; as a photo of it where a client sends no documents. */
const sendsReport = async (actor: Actor): Promise<void> => {
  try {
    await actor.sends({ kind: 'file', base64: pdf })
  } catch (error) {
    if (!String(error).includes('client-refuses')) throw error
    await actor.sendsPhoto('rotated.jpg')
  }
}

story('red: every stage, a test report and two signatures; each refusal names what is missing', across, async ({ people }) => {
  const { welder, teamLead, areaOwner } = people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房联锁被旁路')
  const code = codeIn(await teamLead.seesCard('隐患待处理', { facts: { 建议等级: /^红/ } }))
  expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
  await explains(teamLead, code)
  const submits = async (): Promise<string> => {
    const pressed = expectAnswered(await teamLead.presses('提交整改', {}, (await cardOf(teamLead, code)).id))
    const said = await teamLead.sees()
    return `${answerOf(pressed)}\n${said.at(-1)?.text}`
  }
  await proves(teamLead, code, 'after')
  expect(await submits()).toContain('还缺整改中照片、检测报告（证据规则 2.6）')
  await proves(teamLead, code, 'during')
  expect(await submits()).toContain('还缺检测报告（证据规则 2.6）')
  expectAnswered(await teamLead.presses('上传检测报告', {}, (await cardOf(teamLead, code)).id))
  await sendsReport(teamLead)
  await teamLead.seesText(`检测报告已归入 ${code}`)
  expect(await submits()).toContain('请直接回复“本人确认”')
  await teamLead.says('应该可以了')
  await teamLead.seesText('没有签认')
  await teamLead.says('本人确认，已恢复联锁')
  await teamLead.seesText(/已签认，等待周杰确认/)
  const asked = await areaOwner.seesCard('整改待您确认', { actions: ['确认整改'] })
  expectAnswered(await areaOwner.presses('确认整改', {}, asked.id))
  await areaOwner.says('本人确认')
  await looksAt(teamLead, areaOwner)
  const judges = await bothPass(people)
  await welder.seesCard('隐患已关闭')
  await looksAt(welder, teamLead, areaOwner, people.safetyDirector, ...judges)
  await people.everyone.seesNothingElse()
})

story('a repair without a photo of before is asked for one first', once, async ({ people }) => {
  const { welder, teamLead } = people
  await welder.says('3号泵房漏油')
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
  expect((await cardOf(teamLead, code)).actions).toContain('上传整改前照片')
  expect(await asksFor(teamLead, code, 'after')).toBe(false)
  await proves(teamLead, code, 'before')
  expect(await asksFor(teamLead, code, 'after')).toBe(true)
  await looksAt(welder, teamLead)
  await people.everyone.seesNothingElse()
})
