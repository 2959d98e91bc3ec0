import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseView, PageAnswer } from '../../src/webhooks/miniapp.ts'
import { accountOf, aPhoto, buttonOf, openPlant, type Plant, post, samplePhoto } from './pages-kit.ts'

const welder = accountOf('zhang-wei')
const teamLead = accountOf('li-na')

let plant: Plant
let subject: string
beforeAll(async () => {
  plant = await openPlant()
})
afterAll(() => plant.close())

const viewFor = async (cookie: string, id = subject): Promise<CaseView> => {
  const response = await plant.app.request(`/api/cases/${id}`, { headers: { cookie } })
  expect(response.status).toBe(200)
  return (await response.json()) as CaseView
}
const press = async (cookie: string, label: string, form = {}, key?: string) => {
  const command = await buttonOf(plant.app, cookie, subject, label)
  const response = await plant.app.request(
    `/api/cases/${subject}/commands`,
    post(cookie, { command, form, ...(key ? { key } : {}) }),
  )
  return { status: response.status, answer: (await response.json()) as PageAnswer & { card: CaseView['card'] } }
}

describe('a link on a card', () => {
  test('signs in with a cookie that no script can read and leads to the page, and the token is gone from the address', async () => {
    subject = await plant.report(welder, '3号泵房漏油')
    const url = plant.pages.sign(subject, teamLead, '查看详情')?.url ?? ''
    const response = await plant.app.request(new URL(url).pathname)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe(`/c/${subject}`)
    expect(response.headers.get('set-cookie')).toMatch(
      /^andon_session=[A-Za-z0-9_-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('says Secure where the service is reached over https', async () => {
    const https = plant.with({ publicUrl: 'https://andon.example.com' })
    const url = plant.pages.sign(subject, teamLead, '查看详情')?.url ?? ''
    const response = await https.request(new URL(url).pathname)
    expect(response.headers.get('set-cookie')).toMatch(/; Secure; /)
  })

  test('opens again for whoever opened it, without another cookie', async () => {
    const path = new URL(plant.pages.sign(subject, teamLead, '查看详情')?.url ?? '').pathname
    const cookie = ((await plant.app.request(path)).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const again = await plant.app.request(path, { headers: { cookie } })
    expect(again.status).toBe(302)
    expect(again.headers.get('set-cookie')).toBeNull()
  })
})

describe('the page of a case', () => {
  test('is one document for everybody; its files never change under their names', async () => {
    const shell = await plant.app.request(`/c/${subject}`)
    expect(shell.status).toBe(200)
    expect(shell.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(shell.headers.get('cache-control')).toBe('no-cache')
    expect(await shell.text()).not.toContain(subject)
    const withAsset = plant.with({
      readAsset: async (path) =>
        path === 'assets/index-AbCd12_-.js' ? { bytes: Buffer.from('1'), mime: 'text/javascript; charset=utf-8' } : null,
    })
    const script = await withAsset.request('/assets/index-AbCd12_-.js')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  test('shows the card drawn for the reader, and the history in words and in the time of the site', async () => {
    const view = await viewFor(await plant.signsIn(teamLead, subject))
    expect(view.reader).toEqual({ name: '李娜', mark: expect.stringMatching(/^[0-9a-f]{16}$/) })
    expect(view.card).toMatchObject({ title: '隐患待处理', body: '3号泵房漏油', pictures: [] })
    expect(view.card.subtitle).toMatch(/^YH-SH01-\d{8}-\d{4}-[0-9A-Z]$/)
    expect(view.card.actions.map(({ label }) => label)).toEqual(['接单', '转派', '不是隐患', '并入其他隐患'])
    expect(view.card).not.toHaveProperty('page')
    expect(view.timeline.map(({ who, what }) => `${who} ${what}`)).toEqual(['系统 通知班组长：李娜', '张伟 上报隐患'])
    const { at = '', time } = view.timeline[0] ?? {}
    const inShanghai = new Date(new Date(at).getTime() + 8 * 3_600_000).toISOString()
    expect(time).toBe(`${inShanghai.slice(0, 10)} ${inShanghai.slice(11, 16)}`)
    expect(view.earlier).toBe(false)
  })

  test('shows the reporter the same case without the buttons of others', async () => {
    const view = await viewFor(await plant.signsIn(welder, subject))
    expect(view.card).toMatchObject({ title: '隐患已上报', actions: [], form: [] })
  })

  test('shows an account without a person what it reported itself', async () => {
    const newcomer = { connection: 'feishu-demo', account: 'ou_newcomer' }
    const own = await plant.report(newcomer, 'A罐区护栏松动')
    const view = await viewFor(await plant.signsIn(newcomer, own), own)
    expect(view.reader.name).toBe('未关联账号')
    expect(view.card.body).toBe('A罐区护栏松动')
  })

  test('shows every stored photo, the small one and the one with the watermark', async () => {
    const withPhotos = await plant.report(welder, '3号泵房漏油', [aPhoto('one'), aPhoto('two'), aPhoto('three')])
    const keys = [
      await plant.develops(withPhotos, samplePhoto('oil-leak.jpg')),
      await plant.develops(withPhotos, samplePhoto('oil-leak.jpg')),
    ]
    const cookie = await plant.signsIn(teamLead, withPhotos)
    const { card } = await viewFor(cookie, withPhotos)
    expect(card.pictures).toEqual(
      keys.map(({ thumbnail, watermarked }, index) => ({
        thumbnail: `/api/cases/${withPhotos}/photos/${thumbnail}`,
        full: `/api/cases/${withPhotos}/photos/${watermarked}`,
        alt: `整改前 ${index + 1}`,
      })),
    )
    const photo = await plant.app.request(card.pictures[0]?.full ?? '', { headers: { cookie } })
    expect(photo.status).toBe(200)
    expect(photo.headers.get('content-type')).toBe('image/jpeg')
    expect(photo.headers.get('x-content-type-options')).toBe('nosniff')
    expect(photo.headers.get('cache-control')).toBe('private, max-age=3600')
    const bytes = new Uint8Array(await photo.arrayBuffer())
    expect(Buffer.compare(bytes, (await plant.blobs.get(keys[0]?.watermarked ?? '')) ?? new Uint8Array())).toBe(0)
  })
})

describe('a press on the page', () => {
  test('is decided like one in the chat, with the values of the form, and answered with words and the new card', async () => {
    const cookie = await plant.signsIn(teamLead, subject)
    const { status, answer } = await press(cookie, '转派', { area: 'pump-3', colour: 'red', owner: 'zhou-jie' })
    expect(status).toBe(200)
    expect(answer.toast).toMatchObject({ tone: 'success', text: expect.stringContaining('已指派给周杰') })
    expect(answer.card.facts).toContainEqual({ label: '责任人', value: '周杰' })
    const row = await plant.database.db
      .selectFrom('journal')
      .selectAll()
      .where('subject', '=', subject)
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    expect(JSON.parse(row.actor)).toEqual({ kind: 'person', person: 'li-na', account: teamLead })
    expect(row.arrival).toMatch(/^page\/[0-9a-f]{64}$/)
  })

  test('that is refused says why and shows the case as it is', async () => {
    const cookie = await plant.signsIn(accountOf('zhou-jie'), subject)
    await press(cookie, '接单')
    await press(cookie, '上传整改后照片')
    const { status, answer } = await press(cookie, '上传整改后照片')
    expect(status).toBe(200)
    expect(answer.toast?.text).toContain('请直接在本聊天发送整改后的照片')
    expect(answer.card.title).toBe('隐患待整改')
  })

  test('sent again under its key changes nothing and says that it was recorded', async () => {
    const other = await plant.report(welder, '二车间通道堵塞')
    subject = other
    const cookie = await plant.signsIn(teamLead, other)
    const command = await buttonOf(plant.app, cookie, other, '接单')
    const body = post(cookie, { command, form: { area: 'workshop-2', colour: 'blue' }, key: 'the-same-key' })
    const first = await plant.app.request(`/api/cases/${other}/commands`, body)
    const length = async () =>
      (await plant.database.db.selectFrom('journal').select('seq').where('subject', '=', other).execute()).length
    const after = await length()
    const second = await plant.app.request(`/api/cases/${other}/commands`, body)
    expect([first.status, second.status]).toEqual([200, 200])
    expect(((await second.json()) as PageAnswer).toast).toEqual({ tone: 'success', text: '已记下' })
    expect(await length()).toBe(after)
  })

  test('pressed ten times at once is recorded once', async () => {
    const other = await plant.report(welder, '厂区道路积水')
    const cookie = await plant.signsIn(teamLead, other)
    const command = await buttonOf(plant.app, cookie, other, '接单')
    const body = { command, form: { area: 'yard', colour: 'blue' }, key: 'ten-at-once' }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => plant.app.request(`/api/cases/${other}/commands`, post(cookie, body))),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    const rows = await plant.database.db.selectFrom('journal').select('event').where('subject', '=', other).execute()
    expect(rows.filter(({ event }) => event.includes('"type":"accepted"'))).toHaveLength(1)
    const known = await plant.database.db
      .selectFrom('inbox')
      .select('outcome')
      .where('connection', '=', 'page')
      .where('subject', '=', other)
      .execute()
    expect(known).toEqual([{ outcome: 'decided' }])
  })
})
