import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { visit } from '../support/browser.ts'
import type { Actor, Stage } from '../support/story.ts'
import { addressOf, onStage, ordinary, sideways, smallest, tooSmall } from './case-kit.ts'

const world = onStage()

/** One word, longer than any screen is wide. */
const endless = 'P301'.repeat(40)

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
  await people.leadTwo.seesCard('隐患待接单')
  await people.everyone.seesNothingElse()
}

test.each([ordinary, smallest])(
  'a thumb triages a case in three taps on a phone of $viewport.width × $viewport.height',
  async (size) => {
    const { welder, teamLead, leadTwo } = world.stage().people
    const width = size.viewport.width
    await welder.sendsPhoto('oil-leak.jpg', `3号泵房地面有油 ${endless}`)
    const { page, complaints } = await visit(world.browser(), size)
    const thumb = createThumb(page)

    await thumb.opens(await addressOf(world.stage(), teamLead, '隐患待处理'))
    await page.getByRole('heading', { name: '隐患待处理' }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/c\/haz_[0-9a-z]+$/)
    await page.getByText('当前身份：李娜').waitFor()
    for (const label of ['区域', '等级', '责任人'])
      expect(await page.getByLabel(label).evaluate((control) => control.tagName)).toBe('SELECT')
    expect(await tooSmall(page)).toEqual([])
    expect(await sideways(page, width)).toBe(0)
    await page.locator('.timeline li').filter({ hasText: '上报隐患' }).waitFor()

    await thumb.chooses('责任人', '杨光')
    await thumb.presses('转派')
    await page.getByRole('status').getByText('已指派给杨光').waitFor()
    expect(thumb.taps()).toBe(3)
    await triagings(page).filter({ hasText: '责任人杨光' }).waitFor()
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

    await world.stage().settles()
    await leadTwo.seesCard('隐患待接单')
    expect(await complaints()).toEqual([])
    await ends(world.stage())
  },
)

test('when the network drops at the press nothing is lost, and trying again records it once', async () => {
  const { welder, teamLead, leadTwo } = world.stage().people
  await welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
  const { page, complaints } = await visit(world.browser(), ordinary)
  await page.goto(await addressOf(world.stage(), teamLead, '隐患待处理'))
  await page.getByLabel('等级').selectOption('yellow')
  await page.getByLabel('责任人').selectOption({ label: '杨光' })
  const keepsWhatWasChosen = async (): Promise<void> => {
    await page.getByRole('alert').getByText('不会重复提交').waitFor()
    expect(await page.getByLabel('等级').inputValue()).toBe('yellow')
    expect(await page.getByLabel('责任人').inputValue()).toBe('yang-guang')
  }
  const failsOn = async (button: Locator): Promise<void> => {
    await Promise.all([page.waitForEvent('requestfailed'), button.tap()])
    await page.getByRole('button', { name: '重试' }).waitFor()
  }

  await page.route('**/commands', (route) => route.abort('connectionfailed'), { times: 1 })
  await failsOn(page.getByRole('button', { name: '转派', exact: true }))
  await keepsWhatWasChosen()
  await world.stage().settles()
  expect(await assignedTo(leadTwo)).toBe(0)

  await page.route('**/commands', (route) => route.fetch().then(() => route.abort('connectionreset')), { times: 1 })
  await failsOn(page.getByRole('button', { name: '重试' }))
  await keepsWhatWasChosen()
  await world.stage().settles()
  expect(await assignedTo(leadTwo)).toBe(1)

  await page.getByRole('button', { name: '重试' }).tap()
  await page.getByRole('status').getByText('已记下').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await triagings(page).filter({ hasText: '黄（一般风险）' }).waitFor()
  expect(await triagings(page).count()).toBe(1)
  await world.stage().settles()
  expect(await assignedTo(leadTwo)).toBe(1)
  expect(await complaints()).toEqual(
    ['net::ERR_CONNECTION_FAILED', 'net::ERR_CONNECTION_RESET'].map((why) => `error: Failed to load resource: ${why}`),
  )
  await ends(world.stage())
})
