import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { casesSeenBy, looksAt, maySee } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { type Arrangement, across } from '../support/world.ts'

const shifts: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: shift === 1 ? 'http' : 'stream',
}))

story('a voice message or a file is never met with silence', shifts, async ({ people, world, settles, clock }) => {
  const { welder } = people
  for (const kind of ['voice', 'file'] as const) {
    const before = (await welder.sees()).length
    try {
      await world.post(`/people/${welder.id}/sends`, {
        kind,
        ...(kind === 'file' ? { base64: 'JVBERi0xLjQK', name: 'plan.pdf' } : {}),
      })
    } catch (error) {
      /** WeCom's client offers no files in the chat with an app. */
      expect(String(error)).toContain('offers no files')
      continue
    }
    await settles()
    const said = (await welder.sees()).slice(before).map(({ text }) => text)
    expect(said.join('\n')).toMatch(kind === 'voice' ? /语音.*报告已保留/ : /不是图片，报告已保留/)
    await clock.passes(minutes(2))
  }
  await looksAt(...Object.values(people).filter((one) => 'id' in one))
  await people.everyone.seesNothingElse()
})

story('a place joins the report it follows', across, async ({ people, settles }) => {
  const { welder, teamLead } = people
  await welder.says('地上有油')
  await welder.sends({ kind: 'location', place: '3号泵房' })
  await settles()
  expect(await casesSeenBy(welder)).toHaveLength(1)
  expect(await casesSeenBy(teamLead)).toHaveLength(1)
  const platform = (await teamLead.sees())[0]?.platform
  const seen = await teamLead.seesCard('隐患待处理')
  /** DingTalk's robot hears nothing of places; it says that it cannot read them. */
  const said = (await welder.sees()).some(({ text }) => text.includes('这种内容我还不能处理'))
  if (!said && platform !== 'wecom') expect(seen.facts.find(([label]) => label === '位置')?.[1]).toContain('3号泵房')
  await welder.seesCard('隐患已上报')
  await maySee(welder, /^已并入 YH-|这种内容我还不能处理/)
  await looksAt(welder)
  await people.everyone.seesNothingElse()
})

story('opening the chat greets once, thanks and questions are no reports', shifts, async ({ people }) => {
  const { welder } = people
  await welder.enters()
  const greeted = (await welder.sees()).length
  expect(greeted).toBeLessThanOrEqual(1)
  await welder.enters()
  await welder.enters()
  expect((await welder.sees()).length).toBe(greeted)
  await welder.says('谢谢')
  await welder.says('你好')
  expect(await casesSeenBy(welder)).toEqual([])
  await looksAt(welder)
  await people.everyone.seesNothingElse()
})

for (const keys of ['error', 'err'])
  story(
    `when DingTalk's monthly quota is spent, what comes without content is answered (${keys})`,
    [{ database: 'pglite', shift: 1, door: 'http' }],
    async ({ people, world }) => {
      const { welder, teamLead } = people
      await world.post('/profile', { choices: { 'dingtalk.pushQuota': '1', 'dingtalk.quotaKeys': keys } })
      await welder.says('3号泵房漏油')
      await welder.seesCard('隐患已上报')
      await teamLead.seesCard('隐患待处理')
      await welder.says('护栏也松了')
      await welder.seesText('平台本月的消息额度已用完')
      expect(await casesSeenBy(teamLead)).toHaveLength(1)
      await people.everyone.seesNothingElse()
    },
  )

story(
  'a voice counts as words where the platform writes it down; elsewhere its sender is asked to type',
  shifts,
  async ({ people, world, settles, clock }) => {
    const { welder, teamLead } = people
    const speaks = async (text: string): Promise<void> => {
      await world.post(`/people/${welder.id}/sends`, { kind: 'voice', text })
      await settles()
    }
    await speaks('3号泵房漏油')
    const seen = await teamLead.seesCard('隐患待处理')
    const { platform } = await welder.seesCard('隐患已上报')
    const said = (await welder.sees()).map(({ text }) => text).join('\n')
    if (platform === 'dingtalk') {
      expect(seen.text).toContain('3号泵房漏油')
      expect(said).not.toMatch(/语音/)
    } else expect(said).toMatch(/语音.*报告已保留。请再发一句话/)
    await clock.passes(minutes(2))
    await speaks('我的待办')
    if (platform === 'dingtalk') await welder.seesCard('我的待办')
    expect(await casesSeenBy(welder)).toHaveLength(platform === 'dingtalk' ? 1 : 2)
    await looksAt(welder, teamLead)
    await people.everyone.seesNothingElse()
  },
)
