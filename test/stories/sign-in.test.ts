import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { type Stage, story } from '../support/story.ts'
import type { Arrangement } from '../support/world.ts'

/** The team lead on DingTalk, WeCom and Feishu. */
const shifts: readonly Arrangement[] = [
  { database: 'pglite', shift: 0, door: 'stream' },
  { database: 'postgres', shift: 1, door: 'http' },
  { database: 'postgres', shift: 2, door: 'http' },
]

/** A browser: keeps cookies by name, follows nothing by itself. */
const browser = () => {
  const jar = new Map<string, string>()
  const get = async (url: string): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  return { get, jar }
}

const locationOf = (response: Response): string => response.headers.get('location') ?? ''

const leadOf = ({ world, people }: Stage) => {
  const account = world.sandbox.core.plant.people.find(({ id }) => id === people.teamLead.id)?.accounts[0]
  if (!account) throw new Error('the team lead has no account')
  return { connection: `${account.platform}-demo`, account: account.account, name: account.name }
}

const subjects = async ({ world }: Stage): Promise<readonly string[]> =>
  (
    await world
      .running()
      .database.db.selectFrom('subject')
      .select('id')
      .where('workflow', '=', 'hazard')
      .orderBy('opened_at')
      .execute()
  ).map(({ id }) => id)

/** From our page to the platform's login, where `name` is chosen, and the address that leads back. */
const chooses = async (page: ReturnType<typeof browser>, start: string, name: string): Promise<string> => {
  const login = locationOf(await page.get(start))
  const choice = await (await fetch(login)).text()
  const [, target = ''] = new RegExp(`<a href="([^"]+)">${name}</a>`).exec(choice) ?? []
  const query = target.replaceAll('&#38;', '&')
  return locationOf(await fetch(new URL(query, login), { redirect: 'manual' }))
}

story(
  'whoever signs in at their own platform reads every case that is theirs; codes and states work once',
  shifts,
  async (stage) => {
    const { people, world } = stage
    await people.welder.says('3号泵房漏油')
    await people.teamLead.seesCard('隐患待处理')
    const [subject = ''] = await subjects(stage)
    const { connection, name } = leadOf(stage)
    const base = world.running().url
    const page = browser()
    expect((await page.get(`${base}/api/cases/${subject}`)).status).toBe(401)
    const back = await chooses(page, `${base}/sign-in/${connection}?subject=${subject}`, name)
    const here = back.replace(/^https?:\/\/[^/]+/, base)
    expect((await browser().get(here)).status).toBe(400)
    const returned = await page.get(here)
    expect([returned.status, locationOf(returned)]).toEqual([302, `/c/${subject}`])
    const shown = await page.get(`${base}/api/cases/${subject}`)
    expect(shown.status).toBe(200)
    expect(await shown.json()).toMatchObject({ reader: { name: '李娜' } })
    expect((await page.get(here)).status).toBe(400)
  },
)

story('a ticket of another journey, an old one, a forged code: nobody is signed in', shifts, async (stage) => {
  const { people, world, clock } = stage
  await people.welder.says('3号泵房漏油')
  const [subject = ''] = await subjects(stage)
  const { connection, name } = leadOf(stage)
  const base = world.running().url
  const start = `${base}/sign-in/${connection}?subject=${subject}`
  const [victim, thief] = [browser(), browser()]
  const back = (await chooses(thief, start, name)).replace(/^https?:\/\/[^/]+/, base)
  await victim.get(start)
  expect((await victim.get(back)).status).toBe(400)
  expect(victim.jar.size).toBe(0)
  const forged = new URL(locationOf(await victim.get(start))).searchParams.get('state') ?? ''
  expect(forged).toMatch(/^[0-9a-f]{64}$/)
  const answer = await victim.get(`${base}/sign-in/${connection}/back?code=forged&authCode=forged&state=${forged}`)
  expect(answer.status).toBe(400)
  await clock.passes(minutes(11))
  expect((await thief.get(back)).status).toBe(400)
  expect((await thief.get(`${base}/api/cases/${subject}`)).status).toBe(401)
  expect((await thief.get(`${base}/sign-in/nowhere?subject=${subject}`)).status).toBe(400)
  expect((await thief.get(`${base}/sign-in/${connection}?subject=//evil.example`)).status).toBe(400)
})

story('an account that is not linked is told so and sees nothing', shifts.slice(0, 1), async (stage) => {
  const { people, world } = stage
  await people.welder.says('3号泵房漏油')
  const [subject = ''] = await subjects(stage)
  const { connection, account, name } = leadOf(stage)
  const base = world.running().url
  await world.running().database.db.updateTable('account').set({ state: 'gone' }).where('account', '=', account).execute()
  const page = browser()
  const back = (await chooses(page, `${base}/sign-in/${connection}?subject=${subject}`, name)).replace(/^https?:\/\/[^/]+/, base)
  expect((await page.get(back)).status).toBe(403)
  expect(page.jar.size).toBe(0)
})

story(
  'a link that is passed on opens its own case and no other; links of one reader add up',
  shifts.slice(0, 1),
  async (stage) => {
    const { people, world } = stage
    await people.welder.says('3号泵房漏油')
    await people.teamLead.seesCard('隐患待处理')
    await stage.clock.passes(minutes(5))
    await people.welder.says('护栏松动了，需要焊')
    const [first = '', second = ''] = await subjects(stage)
    const { connection, account } = leadOf(stage)
    const base = world.running().url
    const link = (subject: string): string =>
      (world.running().parts.page(subject, { connection, account }, '查看详情')?.url ?? '').replace(/^https?:\/\/[^/]+/, base)
    const page = browser()
    expect((await page.get(link(first))).status).toBe(302)
    expect((await page.get(`${base}/api/cases/${first}`)).status).toBe(200)
    expect((await page.get(`${base}/api/cases/${second}`)).status).toBe(404)
    expect((await page.get(link(second))).status).toBe(302)
    expect((await page.get(`${base}/api/cases/${first}`)).status).toBe(200)
    expect((await page.get(`${base}/api/cases/${second}`)).status).toBe(200)
    const used = link(first)
    await browser().get(used)
    const notice = await browser().get(used)
    expect(notice.status).toBe(410)
    expect(await notice.text()).toContain(`/sign-in/${connection}?subject=${first}`)
  },
)
