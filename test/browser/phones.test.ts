import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { desk, openBrowser, requirePages, type Visitor, visit } from '../support/browser.ts'
import { openStage, type Stage } from '../support/story.ts'

let browser: Browser
let stage: Stage
let visitor: Visitor

beforeAll(async () => {
  requirePages()
  stage = await openStage({ database: 'pglite', shift: 0, door: 'stream' })
  browser = await openBrowser()
  visitor = await visit(browser, desk)
})
afterAll(async () => {
  await browser?.close()
  await stage?.world.close()
})

const phoneOf = (page: Page, name: string): Locator => page.getByRole('region', { name: `${name}的手机` })

/** The card with this title about a case; the words tell the cases apart. */
const cardOn = (phone: Locator, title: string, words: string): Locator =>
  phone
    .getByRole('article')
    .filter({ has: phone.page().getByRole('heading', { name: title, exact: true }) })
    .filter({ hasText: words })

const factOn = (card: Locator, label: string, value: string): Locator =>
  card.locator('dl > div').filter({ hasText: new RegExp(`^${label}${value}$`) })

const isDrawn = (image: HTMLImageElement): Promise<boolean> => image.decode().then(() => image.naturalWidth > 0)

/** Through the composer and the picker, as a person does it. */
const sends = async (phone: Locator, name: string, words: string, sample: string): Promise<void> => {
  await phone.getByLabel(`${name}说`).fill(words)
  await phone.getByRole('button', { name: '照片' }).click()
  await phone.getByTitle(new RegExp(`^${sample}`)).click()
}

/** Finds an exchange of one platform in the log pane and opens it: its bytes, sent and answered. */
const bytesOf = async (page: Page, platform: string, exchange: RegExp): Promise<string> => {
  const pane = page.getByRole('complementary', { name: '日志与设置' })
  await pane.getByRole('group', { name: '平台' }).getByRole('button', { name: platform }).click()
  await pane.locator('ol > li').filter({ hasText: exchange }).first().getByRole('button').click()
  const bytes = pane.locator('li', { has: page.locator('[aria-expanded="true"]') }).locator('pre')
  await bytes.last().waitFor()
  return (await bytes.allTextContents()).join('\n')
}

test('the cord is pulled, answered and left hanging on three phones before our eyes', async () => {
  const { page, complaints } = visitor
  const loads: string[] = []
  page.on('framenavigated', (frame) => void (frame === page.mainFrame() && loads.push(frame.url())))
  await page.goto(stage.world.sandbox.url)
  const welder = phoneOf(page, '张伟')
  const teamLead = phoneOf(page, '李娜')
  const deptHead = phoneOf(page, '王强')
  for (const phone of [welder, teamLead, deptHead]) await phone.getByText('还没有消息').waitFor()

  await sends(welder, '张伟', '3号泵房漏油', 'oil-leak.jpg')
  await welder.getByText('3号泵房漏油', { exact: true }).waitFor()
  expect(await welder.getByLabel('张伟说').inputValue()).toBe('')
  const leak = cardOn(teamLead, '隐患待处理', '3号泵房漏油')
  await leak.getByRole('img').waitFor()
  expect(await leak.getByRole('img').evaluate(isDrawn)).toBe(true)
  for (const name of ['接单', '转派', '不是隐患']) await leak.getByRole('button', { name, exact: true }).waitFor()
  await factOn(cardOn(welder, '隐患已上报', '3号泵房漏油'), '状态', '待处理').waitFor()

  await leak.getByRole('button', { name: '接单', exact: true }).click()
  const taken = cardOn(teamLead, '隐患待整改', '3号泵房漏油')
  await factOn(taken, '状态', '已接单').waitFor()
  await taken.getByRole('button', { name: '上传整改后照片' }).waitFor()
  expect(await taken.getByRole('button', { name: '接单', exact: true }).count()).toBe(0)
  const followed = cardOn(welder, '隐患已上报', '3号泵房漏油')
  await factOn(followed, '状态', '已接单').waitFor()
  await factOn(followed, '责任人', '李娜').waitFor()
  expect(
    await welder
      .getByRole('article')
      .filter({ has: page.getByRole('heading') })
      .count(),
  ).toBe(1)

  await sends(welder, '张伟', 'A罐区护栏松动', 'loose-guardrail.jpg')
  await cardOn(teamLead, '隐患待处理', 'A罐区护栏松动').waitFor()
  await stage.settles()
  expect(await deptHead.getByRole('article').count()).toBe(0)
  const before = Date.parse((await page.getByRole('banner').getByRole('time').getAttribute('datetime')) ?? '')
  await page.getByRole('button', { name: '+2 h', exact: true }).click()
  const climbed = cardOn(deptHead, '隐患待处理', 'A罐区护栏松动')
  await climbed.waitFor()
  await page.getByRole('banner').getByText('已平静').waitFor()
  await page.waitForFunction(
    (reached) => Date.parse(document.querySelector('header time')?.getAttribute('datetime') ?? '') >= reached,
    before + hours(2),
  )
  expect(await deptHead.getByRole('article').count()).toBe(1)
  await climbed.getByRole('button', { name: '接单', exact: true }).waitFor()

  for (const [platform, exchange, word] of [
    ['飞书', /im\.message\.receive/, 'im.message.receive_v1'],
    ['钉钉', /card\/instances/, 'outTrackId'],
    ['企业微信', /message\/send/, 'A罐区护栏松动'],
  ] as const)
    expect(await bytesOf(page, platform, exchange)).toContain(word)

  await climbed.getByRole('button', { name: '查看详情' }).click()
  const opened = deptHead.frameLocator('iframe')
  await opened.getByRole('heading', { name: '隐患待处理', exact: true }).waitFor()
  await opened.getByText('A罐区护栏松动', { exact: true }).waitFor()
  await opened.getByText('当前身份：王强').waitFor()
  await deptHead.getByRole('button', { name: '关闭网页' }).click()
  expect(await deptHead.getByRole('dialog').count()).toBe(0)
  await followed.getByRole('button', { name: '查看详情' }).click()
  await welder.frameLocator('iframe').getByText('当前身份：张伟').waitFor()

  expect(loads).toHaveLength(1)
  expect(await complaints()).toEqual([])
})
