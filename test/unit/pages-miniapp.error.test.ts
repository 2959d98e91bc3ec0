import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/engine/arrival.ts'
import type { CaseView, MiniappOptions, PageAnswer, PageError } from '../../src/webhooks/miniapp.ts'
import { accountOf, aPhoto, buttonOf, openPlant, ownPage, type Plant, post, samplePhoto } from './pages-kit.ts'

const welder = accountOf('zhang-wei')
const teamLead = accountOf('li-na')

let plant: Plant
let subject: string
let cookie: string
beforeAll(async () => {
  plant = await openPlant()
})
afterAll(() => plant.close())
beforeEach(async () => {
  subject = await plant.report(
    { connection: 'wecom-demo', account: `wx${(await plant.database.db.selectFrom('subject').select('id').execute()).length}` },
    '3号泵房漏油',
  )
  cookie = await plant.signsIn(accountOf('zhao-min'), subject)
})

const commandsOf = (id = subject): string => `/api/cases/${id}/commands`
const acceptKey = (): Promise<string> => buttonOf(plant.app, cookie, subject, '接单')
const errorOf = async (response: Response): Promise<PageError> => (await response.json()) as PageError

describe('a link that does not open', () => {
  test('because it is used says so kindly, in Chinese, without a script, and tells nothing about the case', async () => {
    const path = new URL(plant.pages.sign(subject, teamLead, '查看详情')?.url ?? '').pathname
    await plant.app.request(path)
    const response = await plant.app.request(path)
    expect(response.status).toBe(410)
    const html = await response.text()
    expect(html).toContain('这个链接已经用过')
    expect(html).toContain('再点一次卡片上的按钮')
    expect(html).not.toMatch(/<script|haz_|style=/)
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  })

  test('because it is forged gets the same kind of page and no cookie', async () => {
    const response = await plant.app.request('/p/<script>alert(1)</script>')
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('alert')
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('because the account is gone says who can help', async () => {
    const path = new URL(plant.pages.sign(subject, { connection: 'wecom-demo', account: 'unknown' }, '查看详情')?.url ?? '')
      .pathname
    const response = await plant.app.request(path)
    expect(response.status).toBe(410)
    expect(await response.text()).toContain('系统管理员')
  })
})

describe('a press that cannot be taken', () => {
  const send = async (body: RequestInit, id = subject) => plant.app.request(commandsOf(id), body)

  test.each([
    ['no command', { command: undefined }],
    ['a number for a command', { command: 7 }],
    ['a command that is no key', { command: 'accept' }],
    ['an endless command', { command: 'x'.repeat(201) }],
    ['no form', { form: undefined }],
    ['a list for a form', { form: [] }],
    ['a form of objects', { form: { area: { $ne: 1 } } }],
    ['a form of many fields', { form: Object.fromEntries(Array.from({ length: 81 }, (_, n) => [`f${n}`, ''])) }],
    ['a key that is too short', { key: '1234567' }],
    ['a key that is too long', { key: 'k'.repeat(65) }],
    ['a key with a line break', { key: 'abcdefgh\nij' }],
    ['something more', { type: 'accept' }],
  ])('because it has %s is malformed, and nothing is decided', async (_, change) => {
    const response = await send(post(cookie, { command: await acceptKey(), ...change }))
    expect(response.status).toBe(400)
    expect((await errorOf(response)).error).toBe('malformed')
    expect(
      await plant.database.db
        .selectFrom('inbox')
        .select('key')
        .where('connection', '=', 'page')
        .where('subject', '=', subject)
        .execute(),
    ).toEqual([])
  })

  test.each([
    ['empty', ''],
    ['not JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['not UTF-8', '\ud800'],
  ])('because the body is %s is malformed', async (_, text) => {
    const body = text === '\ud800' ? new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) : text
    const response = await plant.app.request(commandsOf(), { method: 'POST', headers: { ...ownPage, cookie }, body })
    expect(response.status).toBe(400)
  })

  test('because its body is huge is turned away, announced or not', async () => {
    const body = JSON.stringify({ command: await acceptKey(), form: { reason: 'x'.repeat(70_000) }, key: 'huge-body' })
    expect((await plant.app.request(commandsOf(), { method: 'POST', headers: { ...ownPage, cookie }, body })).status).toBe(413)
    const stream = new ReadableStream({
      start: (controller) => {
        for (let n = 0; n < 80; n += 1) controller.enqueue(new Uint8Array(1024).fill(32))
        controller.close()
      },
    })
    const streamed = new Request(`http://127.0.0.1:8080${commandsOf()}`, {
      method: 'POST',
      headers: { ...ownPage, cookie },
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect((await plant.app.request(streamed)).status).toBe(413)
  })

  test('because somebody was first answers with the case as it is now', async () => {
    const command = await acceptKey()
    await plant.presses(accountOf('liu-yang'), command, { area: 'pump-3' })
    const response = await send(post(cookie, { command }))
    expect(response.status).toBe(409)
    const answer = (await response.json()) as PageAnswer & CaseView
    expect(answer.toast).toMatchObject({ tone: 'warning', text: expect.stringContaining('情况已有变化') })
    expect(answer.card.facts).toContainEqual({ label: '责任人', value: '刘洋' })
    expect(answer.timeline[0]).toMatchObject({ who: '刘洋', what: '接单' })
  })

  test('because the decision says no answers with the reason and keeps the buttons', async () => {
    const command = await buttonOf(plant.app, cookie, subject, '转派')
    const response = await send(post(cookie, { command, form: { area: 'pump-3', colour: 'purple', owner: 'zhou-jie' } }))
    expect(response.status).toBe(200)
    const answer = (await response.json()) as PageAnswer & CaseView
    expect(answer.toast).toMatchObject({ tone: 'warning', text: expect.stringContaining('请选择等级') })
    expect(answer.card.actions.map(({ label }) => label)).toContain('接单')
  })

  test('because a text is longer than its field is turned away whole, never cut in silence', async () => {
    const press = async (direct: string) => {
      const command = await buttonOf(plant.app, cookie, subject, '转派')
      const form = { area: 'pump-3', colour: 'orange', owner: 'zhou-jie', direct }
      return plant.app.request(commandsOf(), post(cookie, { command, form }))
    }
    const tooLong = await press('漏'.repeat(501))
    expect(tooLong.status).toBe(413)
    expect((await errorOf(tooLong)).error).toBe('too-large')
    const fits = (await (await press('漏'.repeat(500))).json()) as CaseView
    expect(fits.card.facts).toContainEqual({ label: '直接原因', value: '漏'.repeat(500) })
  })
})

describe('when the engine is in trouble', () => {
  const withOutcome = (kind: Outcome['kind']) => {
    const handle: MiniappOptions['handle'] = async () => ({ kind, reply: null, subject: null, answered: () => {} })
    return plant.with({ handle })
  }
  test.each([
    ['busy', 503],
    ['undecided', 503],
    ['quarantined', 500],
    ['ignored', 500],
  ] as const)('%s: the page is told to keep what was typed', async (kind, status) => {
    const response = await withOutcome(kind).request(commandsOf(), post(cookie, { command: await acceptKey() }))
    expect(response.status).toBe(status)
    const answer = (await response.json()) as PageAnswer & CaseView
    expect(answer.toast).toEqual({ tone: 'danger', text: '没有记下，请再按一次' })
    expect(answer.card.actions.map(({ label }) => label)).toContain('接单')
  })

  test('a broken database is a plain answer that tells nothing, and one line in the log', async () => {
    const broken = plant.with({
      subjectOf: () => {
        throw new Error('connection refused')
      },
    })
    const before = plant.logged.length
    const response = await broken.request(`/api/cases/${subject}`, { headers: { cookie } })
    expect(response.status).toBe(500)
    expect(await errorOf(response)).toMatchObject({ error: 'trouble' })
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(plant.logged.slice(before)).toHaveLength(1)
    expect(plant.logged.join()).not.toContain(cookie.split('=')[1])
  })

  test('the press of somebody who may no longer see the case is still answered', async () => {
    const command = await acceptKey()
    const once = plant.with({
      handle: async () => {
        await plant.database.db
          .updateTable('subject')
          .set({ state: JSON.stringify({ status: 'closed' }), workflow: 'unknown' })
          .where('id', '=', subject)
          .execute()
        return {
          kind: 'decided',
          reply: { toast: { tone: 'success', text: '已退回整改' }, card: null },
          subject,
          answered: () => {},
        }
      },
    })
    const response = await once.request(commandsOf(), post(cookie, { command }))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ toast: { tone: 'success', text: '已退回整改' }, card: null })
  })
})

describe('a picture that cannot be shown', () => {
  test('because it is missing or no longer what its name says is not found, and the change is logged', async () => {
    const id = await plant.report(welder, '3号泵房漏油', [aPhoto('lost')])
    const { thumbnail } = await plant.develops(id, samplePhoto('oil-leak.jpg'))
    const seer = await plant.signsIn(teamLead, id)
    const path = `/api/cases/${id}/photos/${thumbnail}`
    const missing = await plant.with({ readBlob: async () => null }).request(path, { headers: { cookie: seer } })
    expect(missing.status).toBe(404)
    const before = plant.logged.length
    const changed = await plant
      .with({ readBlob: async () => new Uint8Array([1, 2, 3]) })
      .request(path, { headers: { cookie: seer } })
    expect(changed.status).toBe(404)
    expect(plant.logged.length).toBe(before + 1)
  })
})

describe('a page that was not built', () => {
  test('is not found', async () => {
    const bare = plant.with({ readAsset: async () => null })
    for (const path of [`/c/${subject}`, '/assets/index-abcdefgh.js', '/notice.css', '/favicon.svg'])
      expect((await bare.request(path)).status).toBe(404)
  })
})
