import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { decodeFrame, encodeFrame } from '../../sandbox/feishu/frames.ts'
import { type FeishuBench, openFeishu, until } from '../support/feishu-double.ts'

const open: FeishuBench[] = []
const bench = async () => {
  const made = await openFeishu()
  open.push(made)
  return made
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

const received = 'im.message.receive_v1'
const endpoint = (each: FeishuBench, more: Record<string, unknown> = {}) =>
  each.call('POST', '/callback/ws/endpoint', {
    AppID: each.app.credentials.appId,
    AppSecret: each.app.credentials.appSecret,
    ...more,
  })
const urlOf = async (each: FeishuBench) => String(((await endpoint(each)).body.data as { URL: string }).URL)

const connect = (url: string) =>
  new Promise<WebSocket | number>((resolve) => {
    const socket = new WebSocket(url)
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => {})
  })

describe('the endpoint and its tickets', () => {
  it.each([
    ['a wrong secret', { AppSecret: 'wrong' }, 514],
    ['no secret', { AppSecret: undefined }, 1000040344],
  ])('%s: code %3$s, and data is still an object', async (_what, more, code) => {
    const reply = await endpoint(await bench(), more)
    expect(reply.body).toMatchObject({ code, data: {} })
  })

  it('a ticket opens one socket; an invented one opens none', async () => {
    const each = await bench()
    const url = await urlOf(each)
    const first = await connect(url)
    expect(typeof first).toBe('object')
    expect(await connect(url)).toBe(403)
    expect(await connect(url.replace(/ticket=\w+/, 'ticket=guess'))).toBe(403)
    const late = await urlOf(each)
    await each.world.advance(61_000)
    expect(await connect(late)).toBe(403)
  })

  it('device_id and service_id are not the first query parameter', async () => {
    expect(await urlOf(await bench())).toMatch(/\/ws\/v2\?fpid=1&aid=1&device_id=\d+&access_key=\w+&service_id=\d+&ticket=\w+$/)
  })

  it('the 51st connection of an app is refused', async () => {
    const each = await bench()
    for (let index = 0; index < 50; index += 1) expect(typeof (await connect(await urlOf(each)))).toBe('object')
    expect((await endpoint(each)).body).toMatchObject({ code: 1000040350, data: {} })
  })

  it('a ping is answered with a whole client configuration, and noise with nothing', async () => {
    const each = await bench()
    each.world.set('feishu.clientConfig', 'documented')
    const socket = await connect(await urlOf(each))
    if (typeof socket === 'number') throw new Error('not connected')
    const frames: unknown[] = []
    socket.on('message', (bytes: Buffer) => frames.push(decodeFrame(bytes)))
    socket.send(Buffer.from('noise'))
    socket.send(encodeFrame({ SeqID: '0', LogID: '0', service: 7, method: 0, headers: [{ key: 'type', value: 'ping' }] }))
    await until(() => frames.length > 0)
    const payload = Buffer.from(
      JSON.stringify({ ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 }),
    )
    expect(frames).toEqual([
      {
        SeqID: '0',
        LogID: '0',
        service: 7,
        method: 0,
        headers: [{ key: 'type', value: 'pong' }],
        payload: Uint8Array.from(payload),
      },
    ])
    expect(each.double.connections()).toBe(1)
    socket.terminate()
    await until(() => each.double.connections() === 0)
  })
})

describe('faults on the way of a push', () => {
  const listening = async () => {
    const each = await bench()
    const heard: string[][] = []
    await each.listen({
      [received]: (data) =>
        void heard.push([
          String(data.event_id),
          (data.message as { message_id: string; content: string }).message_id,
          (data.message as { content: string }).content,
        ]),
    })
    return { ...each, heard }
  }
  const say = (each: FeishuBench, text: string) => each.double.says({ account: each.chen, text, group: null })

  it.each([
    ['sameEvent', 1, 1],
    ['newEventId', 2, 1],
    ['newMessageId', 2, 2],
  ])('twice, as %s: %i event ids, %i message ids', async (kind, events, messages) => {
    const each = await listening()
    each.world.set('feishu.twice', kind)
    each.world.order('push', 'twice')
    await say(each, '漏油')
    expect(each.heard).toHaveLength(2)
    expect(new Set(each.heard.map(([event]) => event)).size).toBe(events)
    expect(new Set(each.heard.map(([, message]) => message)).size).toBe(messages)
  })

  it('late arrives when its time comes, never by its retry, reordered after the next', async () => {
    const each = await listening()
    each.world.order('push', 'late', 60)
    await say(each, 'late')
    expect(each.heard).toEqual([])
    await each.world.advance(60_000)
    each.world.order('push', 'never')
    await say(each, 'never')
    await each.world.advance(15_000)
    each.world.order('push', 'reordered', 60)
    await say(each, 'held')
    await say(each, 'next')
    await each.world.advance(60_000)
    expect(each.heard.map(([, , content]) => JSON.parse(content ?? '{}').text)).toEqual(['late', 'never', 'next', 'held'])
  })

  it.each(['cut', 'halfOpen'] as const)(
    'a socket that is %s loses the push; the retry finds the healed connection',
    async (fault) => {
      const each = await listening()
      each.world.order('socket', fault, 1)
      await say(each, '漏油')
      expect(each.heard).toEqual([])
      await until(() => each.double.connections() === 0)
      await until(() => each.double.connections() === 1)
      await each.world.advance(15_000)
      expect(each.heard).toHaveLength(1)
    },
  )
})
