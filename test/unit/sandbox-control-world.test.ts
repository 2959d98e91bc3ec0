import { describe, expect, test } from 'vitest'
import { createDesk, refusal } from './sandbox-desk.ts'

const { paper, url, get, post } = createDesk()

describe('faults, strictness and the log', () => {
  test('a fault is ordered, listed with its counts and cleared', async () => {
    expect(await post('/faults', { name: 'e429', surface: 'wecom-bot', seed: 7, share: 0.5, times: 3 })).toMatchObject({
      status: 201,
      body: { name: 'e429', surface: 'wecom', seed: 7, share: 0.5, times: 3, asked: 0, struck: 0 },
    })
    paper().world().faults.strike('wecom', 'api', ['e429'])
    expect((await get('/faults')).body).toMatchObject([{ asked: 1 }])
    expect(await (await fetch(`${url()}/faults`, { method: 'DELETE' })).json()).toEqual({ cleared: 1 })
    expect((await get('/faults')).body).toEqual([])
  })

  test.each([
    ['an unknown name', { name: 'gremlin' }],
    ['a share above one', { name: 'late', share: 2 }],
    ['an unknown surface', { name: 'late', surface: 'slack' }],
    ['no times at all', { name: 'late', times: 0 }],
  ])('%s is refused', async (_, body) => {
    expect(await post('/faults', body)).toEqual(refusal(400, 'bad-body'))
  })

  test('quotas count until they are said not to, choices stay as they were set', async () => {
    expect(paper().world().metered()).toBe(true)
    await post('/profile', { quotas: 'unmetered', choices: { 'feishu.uuidRepeat': 'error' } })
    await post('/profile', { choices: { 'wecom.retry': 'same' } })
    expect(paper().world().metered()).toBe(false)
    expect([
      paper().world().choose('feishu.uuidRepeat', 'x'),
      paper().world().choose('wecom.retry', 'x'),
      paper().world().choose('else', 'x'),
    ]).toEqual(['error', 'same', 'x'])
  })

  test('doors and the service’s addresses change while it runs', async () => {
    expect((await post('/profile', { doors: { feishu: 'http' } })).body).toMatchObject({
      connections: [{ id: 'feishu-demo', door: 'http' }, { door: 'stream' }, { door: 'http' }],
    })
    expect((await post('/service', { urls: ['http://127.0.0.1:9001/', 'http://127.0.0.1:9002'] })).body).toMatchObject({
      connections: [
        { callbackUrls: ['http://127.0.0.1:9001/hooks/feishu-demo', 'http://127.0.0.1:9002/hooks/feishu-demo'] },
        {},
        {},
      ],
    })
    expect(await post('/profile', { doors: { slack: 'http' } })).toEqual(refusal(404, 'unknown-door'))
    expect(await post('/service', { urls: ['https://andon.example.com'] })).toEqual(refusal(400, 'bad-body'))
  })

  test('the log goes on from any line', async () => {
    const exchange = {
      surface: 'feishu',
      direction: 'to-service',
      what: 'event',
      status: 200,
      request: '{}',
      response: '',
    } as const
    for (const what of ['a', 'b', 'c'])
      paper()
        .world()
        .log({ ...exchange, what })
    expect((await get('/log')).body).toMatchObject([
      { id: 1, what: 'a' },
      { id: 2, what: 'b' },
      { id: 3, what: 'c' },
    ])
    expect((await get('/log?since=2')).body).toMatchObject([{ id: 3, what: 'c' }])
    expect(await get('/log?since=x')).toEqual(refusal(400, 'bad-query'))
  })
})

describe('the edge', () => {
  test('a vendor’s own paths are served beside the control API', async () => {
    expect(await (await fetch(`${url()}/feishu/ping`)).text()).toBe('pong')
  })

  test('what does not exist is said to be so', async () => {
    expect(await get('/nothing')).toEqual(refusal(404, 'not-found'))
    expect(await get('/images/img_0')).toEqual(refusal(404, 'unknown-image'))
    expect(await get('/samples/..%2Fplant.json')).toEqual(refusal(404, 'unknown-sample'))
  })

  test('a page of another origin cannot drive it', async () => {
    expect(await post('/people/li-na/says', { text: 'x' }, { origin: 'https://evil.example' })).toEqual(
      refusal(403, 'foreign-origin'),
    )
    expect(await post('/people/li-na/says', { text: 'x' }, { origin: 'null' })).toEqual(refusal(403, 'foreign-origin'))
    expect(paper().did.said).toEqual([])
  })

  test('what is not a picture is never shown in place', async () => {
    const id = paper().world().keep(Buffer.from('<svg onload="alert(1)"/>'), 'image/svg+xml')
    const { headers } = await fetch(`${url()}/images/${id}`)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-disposition')).toBe('attachment')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('the page hears what changed', async () => {
    const stop = new AbortController()
    const response = await fetch(`${url()}/events`, { signal: stop.signal })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    await reader?.read()
    paper().card('dingtalk', 'li_na', { id: 'c1' })
    expect((await reader?.read())?.value).toBe('event: phone\ndata: {"kind":"phone","person":"li-na"}\n\n')
    stop.abort()
  })
})
