import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { visit } from '../support/browser.ts'
import { applies, codeAt, prepares, signs, spaceJob } from '../support/permit-acts.ts'
import { openDesk, pin } from '../support/permit-desk.ts'
import { addressOf, onStage, ordinary, sideways, tooSmall } from './case-kit.ts'

/** The demo's certificates, which its start moves to today. */
const certificates = fileURLToPath(new URL('../../demo/certificates.csv', import.meta.url))
const world = onStage({ env: { ANDON_SANDBOX_CERTIFICATES: certificates } })

const types = (page: Page, label: string, text: string): Promise<void> => page.getByLabel(label).fill(text)
const presses = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).tap()
/** What the page says: as a status where all is well, as an alert where it is not. */
const hears = (page: Page, words: string | RegExp): Promise<void> =>
  page.locator('[role=status], [role=alert]').filter({ hasText: words }).first().waitFor()

test('an approver signs at the work point with the code, the phone’s position and a masked PIN, and nowhere else', async () => {
  const { people, world: plant } = world.stage()
  const { teamLead, welder, operator2, areaOwner } = people
  const desk = openDesk(world.stage())
  const center = plant.sandbox.core.plant.areas.find(({ id }) => id === 'tank-a')?.center
  if (!center) throw new Error('the tank farm has no place on the map')
  const there = { latitude: center.lat, longitude: center.lng, accuracy: 8 }

  await areaOwner.says('设置签名口令')
  const { context, page, complaints } = await visit(world.browser(), { ...ordinary, permissions: [], geolocation: there })
  await page.goto(await addressOf(world.stage(), areaOwner, '请设置签名口令'))
  for (const label of ['新口令（6–12 位数字）', '再输一遍']) {
    expect(await page.getByLabel(label).getAttribute('type')).toBe('password')
    await types(page, label, pin)
  }
  await presses(page, '保存口令')
  await hears(page, '签名口令已设置')

  const code = await applies(desk, spaceJob, teamLead)
  await prepares(desk, code, { leader: teamLead, briefed: [welder, operator2] })
  await signs(desk, code, { node: '作业负责人', actor: teamLead }, {})
  await page.goto(await addressOf(world.stage(), areaOwner, '受限空间作业票待签'))
  await page.getByText('没有定位权限').waitFor()
  expect(await tooSmall(page)).toEqual([])
  expect(await sideways(page, ordinary.viewport.width)).toBe(0)
  await types(page, '作业点码', '000000')
  await types(page, '签名口令', pin)
  await presses(page, '签字')
  await hears(page, '请先填写“我的位置”')

  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ ...there, latitude: there.latitude + 0.01 })
  await presses(page, '获取位置')
  await hears(page, '已定位，精度约 8 米')
  await types(page, '作业点码', await codeAt(desk, operator2, code))
  await presses(page, '签字')
  await hears(page, /不在 .+ 的作业点.+50 米内/)

  await context.setGeolocation(there)
  await page.reload()
  await hears(page, '已定位，精度约 8 米')
  expect(await page.getByLabel('签名口令').getAttribute('type')).toBe('password')
  await types(page, '作业点码', await codeAt(desk, operator2, code))
  await types(page, '签名口令', pin)
  await presses(page, '签字')
  await hears(page, '已签字')
  await page.getByRole('heading', { name: '受限空间作业票已签发' }).waitFor()
  expect(await complaints()).toEqual([])
  await world.stage().settles()
  expect((await desk.sees(teamLead, code)).card.title).toBe('受限空间作业票已签发')
})
