import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { openBrowser, phone, requirePages } from '../support/browser.ts'
import { type Actor, openStage, type Stage, type StageOptions } from '../support/story.ts'

/** A browser for the file and, for each test, a stage on which everybody stands one platform further, so that the team lead is on WeCom. `more`: what the plant starts with. */
export const onStage = (more: StageOptions = {}): { readonly browser: () => Browser; readonly stage: () => Stage } => {
  let browser: Browser | null = null
  let stage: Stage | null = null
  const open = <T>(one: T | null): T => {
    if (one === null) throw new Error('nothing is open outside a test')
    return one
  }
  beforeAll(async () => {
    requirePages()
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    stage = await openStage({ database: 'pglite', shift: 1, door: 'stream' }, more)
  })
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()))
    await stage?.world.close()
    stage = null
  })
  return { browser: () => open(browser), stage: () => open(stage) }
}

export const ordinary = phone(390, 844)
export const smallest = phone(320, 568)

/** The signed address behind the newest card with this title. */
export const addressOf = async (stage: Stage, actor: Actor, title: string): Promise<string> => {
  const { id } = await actor.seesCard(title)
  const links = (await stage.world.get<{ id: string; links: string[] }[]>(`/people/${actor.id}/sees`)).find(
    (one) => one.id === id,
  )?.links
  const [label] = links ?? []
  if (label === undefined) throw new Error(`the card «${title}» of ${actor.id} opens no page`)
  const { url } = await stage.world.post<{ url: string }>(`/people/${actor.id}/opens`, { message: id, label, follow: false })
  return url
}

/** What a thumb could miss: everything to press or to fill that is lower or narrower than 44 px. */
export const tooSmall = (page: Page): Promise<readonly string[]> =>
  page.locator('button, a, select, input, textarea').evaluateAll((all) =>
    all.flatMap((one) => {
      const { width, height } = one.getBoundingClientRect()
      return width >= 44 && height >= 44 ? [] : [`${one.textContent || one.id}: ${width} × ${height}`]
    }),
  )

/** How far the page reaches past the glass, in px. */
export const sideways = (page: Page, width: number): Promise<number> =>
  page.evaluate((glass) => Math.max(document.documentElement.scrollWidth, innerWidth) - glass, width)
