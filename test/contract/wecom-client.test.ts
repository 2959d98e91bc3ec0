import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DeliveryError } from '../../src/bots/platform.ts'
import { type Adapters, createClient, type WecomClient } from '../../src/bots/wecom/client.ts'
import { hours, minutes, seconds } from '../../src/lib/clock.ts'
import { type Answer, type Api, createApi, no, ok } from './wecom-api.ts'
import { connection, now, portsAt } from './wecom-kit.ts'

let api: Api
beforeEach(async () => {
  api = await createApi()
})
afterEach(() => api.close())

/** What a call ended with: its value, or the parts of the DeliveryError that the outbox acts on. */
const ended = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    const everything = JSON.stringify([error.message, error.stack, error.cause, { ...error }])
    expect(everything).not.toMatch(/tok-demo|demo-wecom-app-secret/)
    const { kind, because, scope, retryAfter } = error
    return { kind, because, scope, retryAfter }
  }
}

describe.each<[string, Adapters]>([
  ['the http adapter', ['http']],
  ['the fetch adapter', ['fetch']],
])('through %s', (_, adapters) => {
  const client = (base = api.base): WecomClient => createClient({ ...connection, apiBase: base }, portsAt(now), adapters)
  const write = (by: WecomClient = client()) =>
    by.call({ path: 'message/send', body: { a: '字' }, answer: z.object({}), writes: true })
  const read = (by: WecomClient = client()) =>
    by.call({ path: 'user/get', params: { userid: 'li wei&x=1' }, answer: z.object({ name: z.string() }), writes: false })
  const failure = (kind: string, because: string, scope = 'message', retryAfter: number | null = null) => ({
    kind,
    because,
    scope,
    retryAfter,
  })

  it('the token is fetched once, travels in the query only, and serves all calls', async () => {
    api.answers('message/send', ok())
    api.answers('user/get', ok({ name: '李伟' }))
    const by = client(`${api.base}/`)
    await Promise.all([write(by), write(by), read(by)])
    expect(api.of('gettoken')).toHaveLength(1)
    expect(api.of('gettoken')[0]).toMatchObject({
      method: 'GET',
      query: { corpid: connection.corpId, corpsecret: connection.secret },
    })
    expect(api.of('message/send')[0]).toEqual({
      path: 'message/send',
      method: 'POST',
      query: { access_token: 'tok-demo-0001' },
      body: { a: '字' },
    })
    expect(api.of('user/get')[0]).toMatchObject({ method: 'GET', query: { access_token: 'tok-demo-0001', userid: 'li wei&x=1' } })
  })

  it('a token that ends early is fetched anew once, and the call is repeated once', async () => {
    api.answers('message/send', ok())
    const by = client()
    await write(by)
    api.endToken()
    await write(by)
    expect(api.of('gettoken')).toHaveLength(2)
    expect(api.of('message/send').map(({ query }) => query.access_token)).toEqual([
      'tok-demo-0001',
      'tok-demo-0001',
      'tok-demo-0002',
    ])
  })

  it('a token refused twice is a temporary failure of the connection', async () => {
    api.answers('message/send', no(42001))
    expect(await ended(write())).toEqual(failure('temporary', 'token-refused', 'connection'))
    expect(api.of('message/send')).toHaveLength(2)
  })

  it.each<[number, unknown]>([
    [-1, failure('temporary', 'busy', 'connection', seconds(2))],
    [45033, failure('temporary', 'too-many-at-once', 'connection', seconds(1))],
    [45009, failure('temporary', 'too-many-calls', 'connection', minutes(1))],
    [81013, failure('permanent', 'no-such-account', 'account')],
    [60111, failure('permanent', 'no-such-account', 'account')],
    [46004, failure('permanent', 'no-such-account', 'account')],
    [60021, failure('permanent', 'out-of-scope', 'account')],
    [60020, failure('permanent', 'address-not-trusted', 'connection')],
    [40001, failure('permanent', 'bad-credentials', 'connection')],
    [40013, failure('permanent', 'bad-credentials', 'connection')],
    [48002, failure('permanent', 'not-permitted', 'connection')],
    [43012, failure('permanent', 'callback-address-missing', 'connection')],
    [42014, failure('permanent', 'repeated')],
    [60140, failure('permanent', 'expired')],
    [42052, failure('permanent', 'too-late')],
    [40058, failure('permanent', 'refused')],
    [999999, failure('permanent', 'refused')],
  ])('errcode %i under HTTP 200 is a failure', async (code, expected) => {
    api.answers('message/send', no(code))
    expect(await ended(write())).toEqual(expected)
  })

  it.each<[string, Answer, unknown, unknown]>([
    [
      '429',
      { bytes: '', status: 429 },
      failure('temporary', 'too-many-calls', 'connection', minutes(1)),
      failure('temporary', 'too-many-calls', 'connection', minutes(1)),
    ],
    [
      '500',
      { bytes: 'oops', status: 500 },
      failure('ambiguous', 'http-500', 'connection'),
      failure('temporary', 'http-500', 'connection'),
    ],
    [
      '404',
      { bytes: '', status: 404 },
      failure('permanent', 'http-404', 'connection'),
      failure('permanent', 'http-404', 'connection'),
    ],
    [
      'half an answer',
      { bytes: '{"errcode":0,"na', type: 'application/json' },
      failure('ambiguous', 'unreadable-answer'),
      failure('temporary', 'unreadable-answer'),
    ],
    [
      'a page',
      { bytes: '<html>', type: 'text/html' },
      failure('ambiguous', 'unreadable-answer'),
      failure('temporary', 'unreadable-answer'),
    ],
    [
      'an errcode in words',
      { json: { errcode: '0' } },
      failure('ambiguous', 'unreadable-answer'),
      failure('temporary', 'unreadable-answer'),
    ],
    ['no answer', 'cut', failure('ambiguous', 'no-answer'), failure('temporary', 'no-answer')],
  ])('%s: uncertain for what people may see, merely tried again for a read', async (_what, answer, written, found) => {
    api.answers('message/send', answer)
    api.answers('user/get', answer)
    expect(await ended(write())).toEqual(written)
    expect(await ended(read())).toEqual(found)
  })

  it('a redirect is not followed, because the address holds the token', async () => {
    api.answers('message/send', { bytes: '', status: 301, location: `${api.base}/cgi-bin/elsewhere` })
    expect(await ended(write())).toEqual(failure('permanent', 'http-301', 'connection'))
    expect(api.of('elsewhere')).toEqual([])
  })

  it('a refused connection never left: temporary even for a message', async () => {
    const gone = await createApi()
    await gone.close()
    expect(await ended(write(client(gone.base)))).toEqual(failure('temporary', 'unreachable', 'connection'))
  })

  it('a message whose token could not be fetched was not sent: never ambiguous', async () => {
    api.answers('gettoken', 'cut')
    expect(await ended(write())).toEqual(failure('temporary', 'no-answer'))
    api.answers('gettoken', no(40001))
    expect(await ended(write())).toEqual(failure('permanent', 'bad-credentials', 'connection'))
    api.answers('gettoken', ok({ access_token: '' }))
    expect(await ended(write())).toEqual(failure('temporary', 'unreadable-answer'))
    expect(api.of('message/send')).toEqual([])
  })

  it('the life of a token is what WeCom says, in milliseconds', async () => {
    api.answers('user/get', ok({ name: 'x' }))
    const lives: number[] = []
    const tokens = {
      get: async (_name: string, fetch: () => Promise<{ token: string; life: number }>) => {
        const { token, life } = await fetch()
        lives.push(life)
        return token
      },
      drop: async () => {},
    }
    await read(createClient({ ...connection, apiBase: api.base }, { ...portsAt(now), tokens }, adapters))
    expect(lives).toEqual([hours(2)])
  })

  it('a missing errcode is success, as in older calls', async () => {
    api.answers('user/get', { json: { name: '李伟' } })
    expect(await ended(read())).toEqual({ name: '李伟' })
  })

  describe('a file', () => {
    const fetch = (limit: number) => client().download('media/get', { media_id: 'MEDIA-1' }, limit)

    it('comes as its bytes', async () => {
      api.answers('media/get', { bytes: Buffer.from([0xff, 0xd8, 0, 1]), type: 'image/jpeg' })
      expect(Buffer.from((await ended(fetch(4))) as Uint8Array)).toEqual(Buffer.from([0xff, 0xd8, 0, 1]))
      expect(api.of('media/get')[0]?.query).toMatchObject({ media_id: 'MEDIA-1' })
    })

    it.each([1, 100_000])('%i bytes past the limit is too large', async (past) => {
      api.answers('media/get', { bytes: Buffer.alloc(4 + past), type: 'image/jpeg' })
      expect(await ended(fetch(4))).toEqual(failure('permanent', 'too-large'))
    })

    it.each<[string, Answer, unknown]>([
      ['gone', no(40007), failure('permanent', 'gone')],
      ['too large for WeCom itself', no(830002), failure('permanent', 'too-large')],
      ['asked for too often', no(45033), failure('temporary', 'too-many-at-once', 'connection', seconds(1))],
      ['empty', { bytes: '', type: 'image/jpeg' }, failure('permanent', 'no-file')],
      ['JSON without an error', ok(), failure('permanent', 'no-file')],
      ['cut off', 'cut', failure('temporary', 'no-answer')],
    ])('that is %s is no picture', async (_what, answer, expected) => {
      api.answers('media/get', answer)
      expect(await ended(fetch(10))).toEqual(expected)
    })

    it('is fetched with a new token when the old one has ended', async () => {
      api.answers('media/get', { bytes: 'x', type: 'image/jpeg' })
      const by = client()
      await by.download('media/get', { media_id: 'M' }, 10)
      api.endToken()
      await by.download('media/get', { media_id: 'M' }, 10)
      expect(api.of('gettoken')).toHaveLength(2)
    })
  })
})
