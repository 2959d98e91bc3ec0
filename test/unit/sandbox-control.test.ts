import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDesk, refusal } from './sandbox-desk.ts'

const welder = 'ou_0e5c812cbfcea57bbafadffce7a6f6cb'
const { paper, url, get, post } = createDesk()

describe('people', () => {
  test('the plant is listed with who knows whom by which platform', async () => {
    const { body } = await get('/people')
    expect(body).toContainEqual({
      ...{ id: 'zhang-wei', name: '张伟', role: '焊工', team: '机修班', company: '滨海化工' },
      ...{ platform: 'feishu', platforms: ['feishu', 'wecom'] },
    })
    expect(body).toContainEqual(expect.objectContaining({ id: 'lin-xia', platforms: ['feishu'] }))
    expect(body).toContainEqual(expect.objectContaining({ id: 'visitor', company: '外单位', platforms: ['wecom'] }))
    expect(body).toHaveLength(26)
  })

  test('what a person says reaches the platform from their account and stands on their phone', async () => {
    expect(await post('/people/zhang-wei/says', { text: '漏油了' })).toMatchObject({ status: 200 })
    expect(paper().did.said).toMatchObject([{ account: { platform: 'feishu', account: welder }, text: '漏油了', group: null }])
    expect((await get('/people/zhang-wei/sees')).body).toMatchObject([
      { kind: 'text', text: '漏油了', from: 'person', platform: 'feishu', links: [] },
    ])
  })

  test('a person can be named by name, and speak on their other platform', async () => {
    expect(await post(`/people/${encodeURIComponent('张伟')}/says`, { text: '好', platform: 'wecom' })).toMatchObject({
      status: 200,
    })
    expect(paper().did.said).toMatchObject([{ account: { platform: 'wecom', account: 'zhangwei_wx' } }])
  })

  test('the bot has a chat of its own by its connection, anything else is a group', async () => {
    await post('/people/li-na/says', { text: 'a', conversation: 'dingtalk-demo' })
    await post('/people/li-na/says', { text: 'b', conversation: '机修班' })
    expect(paper().did.said.map(({ group }) => group)).toEqual([null, '机修班'])
  })

  test('what two people see in one conversation is a group', async () => {
    paper().card('dingtalk', 'li_na', { id: 'g1', conversation: 'cid_1' })
    paper().card('dingtalk', 'zhou_jie', { id: 'g2', conversation: 'cid_1' })
    paper().card('wecom', 'wangqiang', { id: 'w1', conversation: 'wecom-demo' })
    paper().card('wecom', 'liuyang', { id: 'w2', conversation: 'wecom-demo' })
    expect((await get('/conversations')).body).toEqual([
      { id: 'cid_1', platform: 'dingtalk', kind: 'group', people: ['li-na', 'zhou-jie'] },
      { id: 'wecom-demo', platform: 'wecom', kind: 'direct', people: ['wang-qiang', 'liu-yang'] },
    ])
  })

  test('scanning a code says what stands in it', async () => {
    await post('/people/wu-gang/scans', { code: 'EQ-P-301' })
    expect(paper().did.said).toMatchObject([{ account: { account: 'wugang' }, text: 'EQ-P-301' }])
  })

  test('opening the chat is known by account', async () => {
    await post('/people/li-na/enters', {})
    expect(paper().did.entered).toMatchObject([{ account: 'li_na' }])
  })

  test('only what came from the bot is read, and one message can be read alone', async () => {
    await post('/people/li-na/says', { text: 'a' })
    paper().card('dingtalk', 'li_na', { id: 'c1' })
    paper().card('dingtalk', 'li_na', { id: 'c2' })
    expect((await post('/people/li-na/reads', { message: 'c2' })).body).toEqual({ read: 1 })
    expect((await post('/people/li-na/reads', {})).body).toEqual({ read: 2 })
    expect(paper().did.read).toEqual(['c2', 'c1', 'c2'])
  })

  test.each([
    ['nobody', '/people/nobody/says', { text: 'x' }, 404, 'unknown-person'],
    ['an empty text', '/people/li-na/says', { text: '' }, 400, 'bad-body'],
    ['an unknown field', '/people/li-na/says', { text: 'x', who: 'me' }, 400, 'bad-body'],
    ['half a body', '/people/li-na/says', '{"text":', 400, 'bad-json'],
    ['a platform without an account', '/people/li-na/says', { text: 'x', platform: 'wecom' }, 409, 'no-account'],
    ['what the client will not do', '/people/li-na/says', { text: 'x', conversation: 'nowhere' }, 422, 'client-refuses'],
    ['a message that is not there', '/people/li-na/reads', { message: 'm' }, 404, 'unknown-message'],
  ])('%s is refused in words', async (_, path, body, status, error) => {
    expect(await post(path, body)).toEqual(refusal(status, error))
    expect(paper().did.said).toEqual([])
  })
})

describe('sending', () => {
  test('a sample photo arrives byte for byte, with its words, and can be looked at', async () => {
    await post('/people/zhang-wei/sends', { kind: 'photo', sample: 'oil-leak.jpg', text: '3号泵房漏油' })
    const [sent] = paper().did.sent
    expect(sent).toMatchObject({ kind: 'photo', mime: 'image/jpeg', name: 'oil-leak.jpg', text: '3号泵房漏油', place: null })
    const [message] = (await get('/people/zhang-wei/sees')).body as [{ images: string[] }]
    const picture = await fetch(url() + message.images[0])
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    expect(Buffer.from(await picture.arrayBuffer()).equals(Buffer.from(sent?.bytes ?? []))).toBe(true)
  })

  test.each([
    ['not-an-image.jpg', 'application/octet-stream'],
    ['photo.heic', 'image/heic'],
    ['bomb-100mp.png', 'image/png'],
  ])('the hostile sample %s is sent as it is', async (sample, mime) => {
    expect(await post('/people/zhang-wei/sends', { kind: 'photo', sample })).toMatchObject({ status: 200 })
    expect(paper().did.sent).toMatchObject([{ mime }])
  })

  test('a place is an area by any of its names, or a point', async () => {
    await post('/people/zhang-wei/sends', { kind: 'location', place: '三号泵房' })
    await post('/people/zhang-wei/sends', { kind: 'location', place: { lat: 1, lng: 2 } })
    expect(paper().did.sent.map(({ place }) => place)).toEqual([
      { lat: 30.7203, lng: 121.3301, label: '3号泵房' },
      { lat: 1, lng: 2, label: '' },
    ])
  })

  test('a voice message needs nothing, a file brings its name', async () => {
    await post('/people/zhang-wei/sends', { kind: 'voice' })
    await post('/people/zhang-wei/sends', { kind: 'file', base64: Buffer.from('%PDF-1.7').toString('base64'), name: '方案.pdf' })
    expect(paper().did.sent).toMatchObject([{ mime: 'audio/amr' }, { mime: 'application/pdf', name: '方案.pdf' }])
  })

  test.each([
    ['a photo without bytes', { kind: 'photo' }, 400, 'bad-body'],
    ['two sources', { kind: 'photo', sample: 'oil-leak.jpg', base64: 'AAAA' }, 400, 'bad-body'],
    ['an unknown sample', { kind: 'photo', sample: 'cat.jpg' }, 404, 'unknown-sample'],
    ['a path instead of a sample', { kind: 'photo', sample: '../plant.json' }, 404, 'unknown-sample'],
    ['base64 with blanks', { kind: 'photo', base64: 'AA AA' }, 400, 'bad-base64'],
    ['a location without a place', { kind: 'location' }, 400, 'bad-body'],
    ['an unknown place', { kind: 'location', place: '月球' }, 404, 'unknown-place'],
    ['a point off the globe', { kind: 'location', place: { lat: 91, lng: 0 } }, 400, 'bad-body'],
    ['an unknown kind', { kind: 'video' }, 400, 'bad-body'],
  ])('%s is refused', async (_, body, status, error) => {
    expect(await post('/people/zhang-wei/sends', body)).toEqual(refusal(status, error))
    expect(paper().did.sent).toEqual([])
  })

  test('a body beyond all bounds is not read', async () => {
    expect(await post('/people/zhang-wei/says', { text: 'x'.repeat(200_000) })).toEqual(refusal(413, 'too-large'))
  })
})

describe('pressing', () => {
  test('without a message the latest card with that label is meant, and the answer is what the person sees', async () => {
    paper().card('dingtalk', 'li_na', { id: 'c1', actions: ['接单'] })
    paper().card('dingtalk', 'li_na', { id: 'c2', actions: ['接单', '转派'] })
    paper().card('dingtalk', 'li_na', { id: 'c3', actions: ['知道了'] })
    expect(await post('/people/li-na/presses', { label: '接单', form: { who: 'a' } })).toEqual({
      status: 200,
      body: { toast: { tone: 'success', text: '已接单' }, card: null, status: 'answered' },
    })
    expect(paper().did.pressed).toMatchObject([
      { message: 'c2', label: '接单', form: { who: 'a' }, account: { account: 'li_na' } },
    ])
  })

  test('a phone that has not caught up can still press what its card used to offer', async () => {
    paper().card('dingtalk', 'li_na', { id: 'c1', actions: ['接单'] })
    paper().card('dingtalk', 'li_na', { id: 'c1', actions: [] })
    expect(await post('/people/li-na/presses', { label: '接单' })).toEqual(refusal(404, 'no-such-button'))
    expect(await post('/people/li-na/presses', { message: 'c1', label: '接单' })).toMatchObject({ status: 200 })
  })

  test('a button that was never there, a recalled card and a stranger’s card cannot be pressed', async () => {
    paper().card('dingtalk', 'li_na', { id: 'c1', actions: ['接单'] })
    paper().card('dingtalk', 'li_na', { id: 'c2', actions: ['接单'], recalled: true })
    expect(await post('/people/li-na/presses', { message: 'c1', label: '关闭' })).toEqual(refusal(409, 'no-such-button'))
    expect(await post('/people/li-na/presses', { message: 'c2', label: '接单' })).toEqual(refusal(409, 'recalled'))
    expect(await post('/people/zhou-jie/presses', { message: 'c1', label: '接单' })).toEqual(refusal(404, 'unknown-message'))
    expect(paper().did.pressed).toEqual([])
  })
})

describe('opening a page', () => {
  let site: Server
  let base = ''
  let seen: (string | undefined)[] = []
  beforeAll(async () => {
    site = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers.cookie ?? '-'} ${/Lark/.test(request.headers['user-agent'] ?? '')}`)
      if (request.url === '/enter?once=1') {
        response.writeHead(302, { location: '/report', 'set-cookie': ['andon=abc; HttpOnly; Path=/', 'old=; Max-Age=0'] }).end()
      } else if (request.url === '/away') response.writeHead(302, { location: 'http://example.com/' }).end()
      else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
      else response.writeHead(200).end('page')
    })
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
    base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  })
  afterAll(() => void site.close())
  beforeEach(() => {
    seen = []
    paper().card('feishu', welder, { id: 'c1', actions: ['填写', '外面', '绕圈', '没人'] })
    for (const [label, address] of [
      ['填写', `${base}/enter?once=1`],
      ['外面', `${base}/away`],
      ['绕圈', `${base}/round`],
      ['没人', 'http://127.0.0.1:1/'],
    ] as const) {
      paper().pages.set(label, address)
    }
  })

  test('the link is followed as the container would, to a page with a session', async () => {
    expect(await post('/people/zhang-wei/opens', { label: '填写' })).toMatchObject({
      status: 200,
      body: { url: `${base}/report`, session: { status: 200, cookie: 'andon=abc', cookies: [{ name: 'andon', value: 'abc' }] } },
    })
    expect(seen).toEqual(['/enter?once=1 - true', '/report andon=abc true'])
  })

  test('the page can ask for the address alone, which spends no one-time link', async () => {
    expect((await post('/people/zhang-wei/opens', { label: '填写', follow: false })).body).toEqual({
      url: `${base}/enter?once=1`,
      session: null,
    })
    expect(seen).toEqual([])
  })

  test('labels that open a page are named as links', async () => {
    expect((await get('/people/zhang-wei/sees')).body).toMatchObject([{ links: ['填写', '外面', '绕圈', '没人'] }])
  })

  test.each([
    ['外面', 409, 'not-loopback'],
    ['绕圈', 508, 'endless-redirects'],
    ['没人', 502, 'page-unreachable'],
    ['接单', 404, 'no-such-page'],
  ])('%s is refused', async (label, status, error) => {
    expect(await post('/people/zhang-wei/opens', { label })).toEqual(refusal(status, error))
  })

  test('a label that opens nothing on a named message is refused', async () => {
    expect(await post('/people/zhang-wei/opens', { message: 'c1', label: '接单' })).toEqual(refusal(409, 'opens-nothing'))
  })
})
