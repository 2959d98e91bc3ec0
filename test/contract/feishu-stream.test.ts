/** The long connection against a small gateway written from the document, with the published frames. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import protobuf from 'protobufjs'
import { afterEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { openStream } from '../../src/bots/feishu/stream.ts'
import type { Deliver, Incoming, Stream } from '../../src/bots/platform.ts'
import type { Reply } from '../../src/cards/card.ts'
import { card, connection, createPorts, envelope, message, press, vectors } from './feishu-kit.ts'

const { root } = protobuf.parse(vectors.pbbp2_frames.proto2.replace(/^.*?(?=package|message)/s, 'syntax = "proto2"; '))
const Frame = root.lookupType('pbbp2.Frame')

type Frame = {
  readonly headers: readonly { key: string; value: string }[]
  readonly payload?: Uint8Array
  readonly method: number
}
type Ack = { readonly code: number; readonly data?: unknown }

const unframe = (bytes: Uint8Array): Frame => Frame.toObject(Frame.decode(bytes), { bytes: Buffer }) as Frame
const headerOf = (frame: Frame, name: string): string | undefined => frame.headers.find(({ key }) => key === name)?.value

const frame = (id: string, payload: Uint8Array, part: { sum?: number; seq?: number; type?: string } = {}): Uint8Array => {
  const { sum = 1, seq = 0, type = 'event' } = part
  const headers = Object.entries({
    type,
    message_id: id,
    sum: String(sum),
    seq: String(seq),
    trace_id: 't',
    timestamp: '1767225600123',
  })
  const all = {
    SeqID: 1,
    LogID: 2,
    service: 33554678,
    method: 1,
    headers: headers.map(([key, value]) => ({ key, value })),
    payload,
  }
  return Frame.encode(Frame.create(all)).finish()
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const clientConfig = { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 }
const until = async (claim: () => boolean): Promise<void> => {
  while (!claim()) await new Promise((resolve) => setTimeout(resolve, 5))
}

type Boot = (response: ServerResponse, nth: number, url: string) => void
const wholeBoot: Boot = (response, _, URL) =>
  void response.end(JSON.stringify({ code: 0, msg: '', data: { URL, ClientConfig: clientConfig } }))

/** A gateway that bootstraps, takes connections and keeps the acknowledgements by message id. */
const createGateway = async (boot: Boot = wholeBoot) => {
  const sockets: WebSocket[] = []
  const acks = new Map<string, Ack>()
  const boots: unknown[] = []
  const server = createServer(async (request, response) => {
    boots.push(JSON.parse(Buffer.concat(await request.toArray()).toString()))
    response.setHeader('content-type', 'application/json')
    boot(response, boots.length, `ws://127.0.0.1:${port()}/ws/v2?fpid=1&device_id=7&service_id=33554678&ticket=x`)
  })
  const port = (): number => (server.address() as AddressInfo).port
  const gateway = new WebSocketServer({ server })
  gateway.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (bytes: Buffer) => {
      const { method, payload, ...rest } = unframe(bytes)
      if (method !== 1) return
      const { code, data } = JSON.parse(Buffer.from(payload ?? []).toString())
      acks.set(headerOf({ method, ...rest }, 'message_id') ?? '', {
        code,
        ...(data && { data: JSON.parse(Buffer.from(data, 'base64').toString()) }),
      })
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of gateway.clients) socket.terminate()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const push = async (id: string, ...frames: Uint8Array[]): Promise<Ack | undefined> => {
    for (const one of frames) sockets.at(-1)?.send(one)
    await until(() => acks.has(id))
    return acks.get(id)
  }
  return { apiBase: `http://127.0.0.1:${port()}`, sockets, acks, boots, push }
}

const open = (apiBase: string, deliver: Deliver) => {
  const told: Readonly<Record<string, unknown>>[] = []
  const log = { info: () => {}, error: () => {}, warn: (said: string, about = {}) => void told.push({ said, ...about }) }
  const stream: Stream = openStream({ ...connection, mode: 'stream', apiBase }, deliver, { ...createPorts(), log })
  closers.push(() => stream.close())
  return { stream, told }
}

const done: Reply = { toast: null, card: null }
const start = async (reply: Reply | null = done, boot?: Boot) => {
  const heard: Incoming[] = []
  const gateway = await createGateway(boot)
  const opened = open(gateway.apiBase, async (incoming) => {
    heard.push(incoming)
    return reply
  })
  await until(() => opened.stream.state() === 'connected')
  return { ...gateway, ...opened, heard }
}

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
const key = 'hazard.accept:haz_01k9abcdefgh@3'

describe('an arrival', () => {
  it('of the published frame is delivered, then acknowledged', async () => {
    const published = vectors.pbbp2_frames.vectors.find((v: { name: string }) => v.name === 'server-event-single')
    const { push, heard, boots } = await start()
    expect(await push('8f14e45f-ceea-4671-9a5c-2d3e4f506172', Buffer.from(published.hex, 'hex'))).toEqual({ code: 200, data: {} })
    expect(heard).toMatchObject([{ kind: 'message', connection: 'feishu-hq', direct: true }])
    expect(boots).toEqual([{ AppID: connection.appId, AppSecret: connection.appSecret }])
  })

  it('cut inside a character arrives whole and once', async () => {
    const whole = bytes(message('text', { text: '积油' }))
    const cut = Buffer.from(whole).indexOf('积') + 1
    const parts = [frame('split', whole.slice(cut), { sum: 2, seq: 1 }), frame('split', whole.slice(0, cut), { sum: 2, seq: 0 })]
    const { push, heard } = await start()
    expect(await push('split', ...parts)).toEqual({ code: 200, data: {} })
    expect(heard).toMatchObject([{ kind: 'message', text: '积油' }])
  })

  it('that could not be decided is refused, so that the platform delivers it again', async () => {
    const { push, heard } = await start(null)
    expect(await push('m1', frame('m1', bytes(message('text', { text: '漏油' }))))).toEqual({ code: 500 })
    expect(heard).toHaveLength(1)
  })

  it.each([
    ['another app', { app_id: 'cli_ffffffffffffffff' }],
    ['another company', { tenant_key: 'ffff' }],
    ['another token', { token: 'x' }],
  ])('for %s is put aside: delivering it again would change nothing', async (_, more) => {
    const { push, heard, told } = await start()
    expect(await push('m1', frame('m1', bytes(envelope('im.chat.updated_v1', {}, more))))).toEqual({ code: 200, data: {} })
    expect(heard).toEqual([])
    expect(told).toMatchObject([
      { connection: 'feishu-hq', because: expect.stringMatching(/other-app|other-tenant|wrong-token/) },
    ])
  })

  it('that is no frame, no JSON or a frame of another type harms nothing', async () => {
    const { push, sockets, heard, stream } = await start()
    for (const odd of [
      Buffer.from('garbage'),
      frame('x', Buffer.from('{"half":')),
      frame('y', bytes({}), { type: 'card' }),
      frame('z', bytes({}), { sum: 0 }),
    ])
      sockets[0]?.send(odd)
    expect(await push('m2', frame('m2', bytes(message('text', { text: '漏油' }))))).toEqual({ code: 200, data: {} })
    expect([heard.length, stream.state()]).toEqual([1, 'connected'])
  })
})

describe('a press', () => {
  it('is answered in its acknowledgement with toast and card', async () => {
    const { push } = await start({ toast: { tone: 'success', text: '已接单' }, card })
    expect(await push('p1', frame('p1', bytes(press({ value: { key } }))))).toMatchObject({
      code: 200,
      data: { toast: { type: 'success', content: '已接单' }, card: { type: 'raw', data: { schema: '2.0' } } },
    })
  })

  it('without words is answered with an empty object, never with nothing', async () => {
    const { push } = await start(null)
    expect(await push('p1', frame('p1', bytes(press({ value: { key } }))))).toEqual({ code: 200, data: {} })
  })
})

describe('the connection', () => {
  it('is opened anew when it is cut', async () => {
    const { sockets, stream, push, told } = await start()
    sockets[0]?.terminate()
    await until(() => sockets.length === 2 && stream.state() === 'connected')
    expect(await push('m1', frame('m1', bytes(message('text', { text: '漏油' }))))).toEqual({ code: 200, data: {} })
    expect(told).toMatchObject([{ said: 'the Feishu long connection is down', wait: 1000 }])
  })

  it.each([
    ['too many connections', JSON.stringify({ code: 1000040350, msg: 'too many', data: {} })],
    ['too many, told without data', JSON.stringify({ code: 1000040350, msg: 'too many' })],
    [
      'half a configuration',
      JSON.stringify({ code: 0, msg: '', data: { URL: 'ws://127.0.0.1:1/', ClientConfig: { PingInterval: 120 } } }),
    ],
    ['a page of a proxy', '<html></html>'],
  ])('is tried again after %s, where the SDK alone would give up or run wild', async (_, body) => {
    const { boots, told } = await start(
      done,
      (response, nth, url) => void (nth === 1 ? response.end(body) : wholeBoot(response, nth, url)),
    )
    expect(boots).toHaveLength(2)
    expect(told).toMatchObject([{ wait: 1000 }])
  })

  it.each([403, 514, 1000040344])(
    'waits a minute after refused credentials (%d), and says so without telling them',
    async (code) => {
      const gateway = await createGateway(
        (response) => void response.end(JSON.stringify({ code, msg: 'auth failed demo-app-secret', data: null })),
      )
      const { stream, told } = open(gateway.apiBase, async () => done)
      await until(() => told.length > 0)
      expect(told).toMatchObject([{ code: String(code), wait: 60_000 }])
      expect(JSON.stringify(told)).not.toContain(connection.appSecret)
      expect([stream.state(), gateway.boots.length]).toEqual(['down', 1])
    },
  )

  it('is never begun with an app id that the SDK would silently ignore', () => {
    expect(() => openStream({ ...connection, appId: 'cli_demo' }, async () => done, createPorts())).toThrow(
      /16 hexadecimal digits/,
    )
  })
})

describe('closing', () => {
  it('waits for what is under way, acknowledges it, and takes nothing more', async () => {
    const gateway = await createGateway()
    const heard: Incoming[] = []
    let decide = (_: Reply): void => {}
    const { stream } = open(gateway.apiBase, (incoming) => {
      heard.push(incoming)
      return new Promise((resolve) => {
        decide = resolve
      })
    })
    await until(() => stream.state() === 'connected')
    gateway.sockets[0]?.send(frame('m1', bytes(message('text', { text: '漏油' }))))
    await until(() => heard.length === 1)
    let closed = false
    const closing = stream.close().then(() => {
      closed = true
    })
    expect(await gateway.push('m2', frame('m2', bytes(message('text', { text: '再次' }, { message_id: 'om_2' }))))).toEqual({
      code: 500,
    })
    expect([closed, heard.length]).toEqual([false, 1])
    decide(done)
    await closing
    await until(() => gateway.acks.has('m1'))
    expect([gateway.acks.get('m1'), heard.length, stream.state()]).toEqual([{ code: 200, data: {} }, 1, 'down'])
  })

  it('while still dialling leaves no connection behind', async () => {
    let answer = (): void => {}
    const gateway = await createGateway((response, nth, url) => {
      answer = () => wholeBoot(response, nth, url)
    })
    const { stream } = open(gateway.apiBase, async () => done)
    await until(() => gateway.boots.length === 1)
    await stream.close()
    answer()
    await until(() => gateway.sockets.every((socket) => socket.readyState === 3))
    expect(stream.state()).toBe('down')
  })
})
