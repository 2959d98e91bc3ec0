import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser, phone, requirePages, type Visitor, visit } from '../support/browser.ts'
import { type Actor, openStage, type Stage } from '../support/story.ts'

let browser: Browser
let stage: Stage
beforeAll(async () => {
  requirePages()
  browser = await openBrowser()
})
afterAll(() => browser?.close())
/** Everybody one platform further, so that the team lead is on WeCom. */
beforeEach(async () => {
  stage = await openStage({ database: 'pglite', shift: 1, door: 'stream' })
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await stage?.world.close()
})

const ordinary = phone(390, 844)
const smallest = phone(320, 568)
/** One word, longer than any screen is wide. */
const endless = 'P301'.repeat(40)

/** The signed address behind the newest card with this title. */
const addressOf = async (actor: Actor, title: string): Promise<string> => {
  const { id } = await actor.seesCard(title)
  const links = (await stage.world.get<{ id: string; links: string[] }[]>(`/people/${actor.id}/sees`)).find(
    (one) => one.id === id,
  )?.links
  const [label] = links ?? []
  if (label === undefined) throw new Error(`the card «${title}» of ${actor.id} opens no page`)
  const { url } = await stage.world.post<{ url: string }>(`/people/${actor.id}/opens`, { message: id, label, follow: false })
  return url
}

/** A hand that counts how often it touches the glass. Choosing in a native control is one touch; the list is the phone's own. */
const createThumb = (page: Page) => {
  let taps = 0
  const touch = async (act: Promise<unknown>): Promise<void> => {
    taps += 1
    await act
  }
  return {
    taps: () => taps,
    opens: (address: string) => touch(page.goto(address)),
    chooses: (label: string, option: string) => touch(page.getByLabel(label).selectOption({ label: option })),
    presses: (name: string) => touch(page.getByRole('button', { name, exact: true }).tap()),
  }
}

/** What a thumb could miss: everything to press or to fill that is lower or narrower than 44 px. */
const tooSmall = (page: Page): Promise<readonly string[]> =>
  page.locator('button, a, select, input, textarea').evaluateAll((all) =>
    all.flatMap((one) => {
      const { width, height } = one.getBoundingClientRect()
      return width >= 44 && height >= 44 ? [] : [`${one.textContent || one.id}: ${width} × ${height}`]
    }),
  )

/** How far the page reaches past the glass, in px. */
const sideways = (page: Page, width: number): Promise<number> =>
  page.evaluate((glass) => Math.max(document.documentElement.scrollWidth, innerWidth) - glass, width)

const isDrawn = (image: Locator): Promise<boolean> =>
  image.evaluate(async (one: HTMLImageElement) => {
    await one.decode()
    return one.naturalWidth > 0
  })

const triagings = (page: Page): Locator => page.locator('.timeline li').filter({ hasText: '分级指派' })
const assignedTo = async (actor: Actor): Promise<number> =>
  (await actor.sees()).filter(({ kind, title }) => kind === 'card' && title === '隐患待接单').length

/** Nobody but those who must know was told. */
const ends = async ({ people }: Stage): Promise<void> => {
  await people.welder.seesCard('隐患已上报')
  await people.welder.mayHear('已并入')
  await people.leadOne.seesCard('隐患待接单')
  await people.everyone.seesNothingElse()
}

test.each([ordinary, smallest])(
  'a thumb triages a case in three taps on a phone of $viewport.width × $viewport.height',
  async (size) => {
    const { welder, teamLead, leadOne } = stage.people
    const width = size.viewport.width
    await welder.sendsPhoto('oil-leak.jpg', `3号泵房漏油 ${endless}`)
    const { page, complaints } = await visit(browser, size)
    const thumb = createThumb(page)

    await thumb.opens(await addressOf(teamLead, '隐患待处理'))
    await page.getByRole('heading', { name: '隐患待处理' }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/c\/haz_[0-9a-z]+$/)
    await page.getByText('当前身份：李娜').waitFor()
    for (const label of ['区域', '等级', '责任人'])
      expect(await page.getByLabel(label).evaluate((control) => control.tagName)).toBe('SELECT')
    expect(await tooSmall(page)).toEqual([])
    expect(await sideways(page, width)).toBe(0)
    await page.locator('.timeline li').filter({ hasText: '上报隐患' }).waitFor()

    await thumb.chooses('责任人', '蒋涛')
    await thumb.presses('转派')
    await page.getByRole('status').getByText('已指派给蒋涛').waitFor()
    expect(thumb.taps()).toBe(3)
    await triagings(page).filter({ hasText: '责任人蒋涛' }).waitFor()
    expect(await triagings(page).count()).toBe(1)
    expect(await tooSmall(page)).toEqual([])
    expect(await sideways(page, width)).toBe(0)

    await page.locator('.photos button').first().tap()
    const viewer = page.getByRole('dialog', { name: '整改前 1' })
    expect(await isDrawn(viewer.getByRole('img'))).toBe(true)
    expect(await tooSmall(page)).toEqual([])
    expect(await sideways(page, width)).toBe(0)
    await viewer.getByRole('button', { name: '关闭' }).tap()
    expect(await viewer.count()).toBe(0)
    expect(await isDrawn(page.locator('.photos img').first())).toBe(true)

    await stage.settles()
    await leadOne.seesCard('隐患待接单')
    expect(await complaints()).toEqual([])
    await ends(stage)
  },
)

test('a link opens once: in another browser it says that it is used, and tells nothing', async () => {
  const { welder, teamLead } = stage.people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const address = await addressOf(teamLead, '隐患待处理')
  const owner = await visit(browser, ordinary)
  await owner.page.goto(address)
  await owner.page.getByText('3号泵房漏油', { exact: true }).waitFor()

  const other = await visit(browser, smallest)
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

test('somebody without permission cannot tell a case from one that does not exist', async () => {
  const { welder, teamLead, operator } = stage.people
  await operator.says('二车间安全通道堵塞')
  const stranger = await visit(browser, ordinary)
  await stranger.page.goto(await addressOf(operator, '隐患已上报'))
  await stranger.page.getByText('当前身份：吴刚').waitFor()
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const lead = await visit(browser, ordinary)
  await lead.page.goto(await addressOf(teamLead, '隐患待处理'))
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

test('when the network drops at the press nothing is lost, and trying again records it once', async () => {
  const { welder, teamLead, leadOne } = stage.people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const { page, complaints } = await visit(browser, ordinary)
  await page.goto(await addressOf(teamLead, '隐患待处理'))
  await page.getByLabel('等级').selectOption('red')
  await page.getByLabel('责任人').selectOption({ label: '蒋涛' })
  const keepsWhatWasChosen = async (): Promise<void> => {
    await page.getByRole('alert').getByText('不会重复提交').waitFor()
    expect(await page.getByLabel('等级').inputValue()).toBe('red')
    expect(await page.getByLabel('责任人').inputValue()).toBe('jiang-tao')
  }
  const failsOn = async (button: Locator): Promise<void> => {
    await Promise.all([page.waitForEvent('requestfailed'), button.tap()])
    await page.getByRole('button', { name: '重试' }).waitFor()
  }

  await page.route('**/commands', (route) => route.abort('connectionfailed'), { times: 1 })
  await failsOn(page.getByRole('button', { name: '转派', exact: true }))
  await keepsWhatWasChosen()
  await stage.settles()
  expect(await assignedTo(leadOne)).toBe(0)

  await page.route('**/commands', (route) => route.fetch().then(() => route.abort('connectionreset')), { times: 1 })
  await failsOn(page.getByRole('button', { name: '重试' }))
  await keepsWhatWasChosen()
  await stage.settles()
  expect(await assignedTo(leadOne)).toBe(1)

  await page.getByRole('button', { name: '重试' }).tap()
  await page.getByRole('status').getByText('已记下').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await triagings(page).filter({ hasText: '红（重大风险）' }).waitFor()
  expect(await triagings(page).count()).toBe(1)
  await stage.settles()
  expect(await assignedTo(leadOne)).toBe(1)
  expect(await complaints()).toEqual(
    ['net::ERR_CONNECTION_FAILED', 'net::ERR_CONNECTION_RESET'].map((why) => `error: Failed to load resource: ${why}`),
  )
  await ends(stage)
})
