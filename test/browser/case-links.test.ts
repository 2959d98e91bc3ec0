import { expect, test } from 'vitest'
import { type Visitor, visit } from '../support/browser.ts'
import { addressOf, onStage, ordinary, sideways, smallest, tooSmall } from './case-kit.ts'

const world = onStage()

const refused = (status: number, words: string): string =>
  `error: Failed to load resource: the server responded with a status of ${status} (${words})`

/** Everything that somebody learns about a case: what the page says, and what the service answers. */
const learns = async ({ page }: Visitor, subject: string): Promise<readonly unknown[]> => {
  await page.goto(new URL(`/c/${subject}`, page.url()).href)
  await page.getByRole('alert').waitFor()
  const api = `/api/cases/${subject}`
  const answer = await page.evaluate(async (path) => {
    const { status, headers, text } = await fetch(path).then(async (got) => ({
      status: got.status,
      headers: [...got.headers],
      text: await got.text(),
    }))
    return { status, text, headers: headers.filter(([name]) => name !== 'date') }
  }, api)
  return [answer, await page.locator('body').textContent()]
}

test('a link opens once: in another browser it says that it is used, and tells nothing', async () => {
  const { welder, teamLead } = world.stage().people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const address = await addressOf(world.stage(), teamLead, '隐患待处理')
  const owner = await visit(world.browser(), ordinary)
  await owner.page.goto(address)
  await owner.page.getByText('3号泵房漏油', { exact: true }).waitFor()

  const other = await visit(world.browser(), smallest)
  const answer = await other.page.goto(address)
  expect(answer?.status()).toBe(410)
  await other.page.getByRole('heading', { name: '这个链接已经用过' }).waitFor()
  await other.page.getByText('请回到聊天').waitFor()
  expect(await other.page.locator('body').textContent()).not.toMatch(/漏油|YH-|李娜/)
  expect(await other.context.cookies()).toEqual([])
  expect(await sideways(other.page, 320)).toBe(0)
  await other.page.goto(owner.page.url())
  await other.page.getByRole('heading', { name: '请从聊天重新打开' }).waitFor()
  expect(await other.page.locator('body').textContent()).not.toMatch(/漏油|YH-|李娜/)

  await owner.page.goto(address)
  await owner.page.getByText('3号泵房漏油', { exact: true }).waitFor()
  expect(await owner.complaints()).toEqual([])
  expect(await other.complaints()).toEqual([refused(410, 'Gone'), refused(401, 'Unauthorized')])
})

test('somebody without permission cannot tell a case from one that does not exist', async () => {
  const { welder, teamLead, operator } = world.stage().people
  await operator.says('二车间安全通道堵塞')
  const stranger = await visit(world.browser(), ordinary)
  await stranger.page.goto(await addressOf(world.stage(), operator, '隐患已上报'))
  await stranger.page.getByText('当前身份：吴刚').waitFor()
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const lead = await visit(world.browser(), ordinary)
  await lead.page.goto(await addressOf(world.stage(), teamLead, '隐患待处理'))
  await lead.page.getByText('当前身份：李娜').waitFor()
  const subject = new URL(lead.page.url()).pathname.slice('/c/'.length)
  const missing = `${subject.slice(0, -1)}${subject.endsWith('0') ? '1' : '0'}`

  const forbidden = await learns(stranger, subject)
  expect(forbidden).toEqual(await learns(stranger, missing))
  expect(JSON.stringify(forbidden)).toContain('没有找到，或您没有查看权限')
  expect(await sideways(stranger.page, 390)).toBe(0)
  expect(await tooSmall(stranger.page)).toEqual([])
  expect(new Set(await stranger.complaints())).toEqual(new Set([refused(404, 'Not Found')]))
  expect(await lead.complaints()).toEqual([])
})
