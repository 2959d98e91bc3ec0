import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { render } from '../../src/bots/dingtalk/render.ts'
import { openStream, type Pace } from '../../src/bots/dingtalk/stream.ts'
import type { Deliver, Incoming, Stream } from '../../src/bots/platform.ts'
import type { Log } from '../../src/lib/log.ts'
import { actionKey, card, connection, createPorts, pressOn, vectors } from './dingtalk-kit.ts'

type Ack = { code: number; message: string; headers: Record<string, string>; data: string }

const frames = vectors.streamFrames
let server: Server
let sockets: WebSocketServer
let base: string
let openings: Record<string, unknown>[]
let accepts: (string | undefined)[]
let refusing: { status: number; body: unknown } | null
/** Live connections in the order in which they came. */
let clients: WebSocket[]
let acks: Ack[]
let stream: Stream | null
let delivered: Incoming[]
let decide: Deliver
let logged: string[]

const quick: Pace = { ping: 30, firstRetry: 20, longestRetry: 80, refusedRetry: 60_000, stable: 60_000 }
const log: Log = {
  info: () => {},
  warn: (message) => void logged.push(`warn ${message}`),
  error: (message) => void logged.push(`error ${message}`),
}

beforeEach(async () => {
  openings = []
  accepts = []
  refusing = null
  clients = []
  acks = []
  stream = null
  delivered = []
  logged = []
  decide = async () => null
  vi.spyOn(console, 'info').mockImplementation(() => {})
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const tickets = new Set<string>()
  server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    openings.push(JSON.parse(text))
    accepts.push(request.headers.accept)
    const ticket = `ticket-${openings.length}`
    if (!refusing) tickets.add(ticket)
    response.writeHead(refusing?.status ?? 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(refusing?.body ?? { endpoint: `${base.replace('http', 'ws')}/connect`, ticket }))
  })
  sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '', base).searchParams.get('ticket') ?? ''
    if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (client) => {
      clients.push(client)
      client.on('message', (data) => acks.push(JSON.parse(data.toString())))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  await stream?.close()
  for (const client of sockets.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
  vi.restoreAllMocks()
})

const start = (pace: Pace = quick): Stream => {
  const deliver: Deliver = (incoming) => {
    delivered.push(incoming)
    return decide(incoming)
  }
  stream = openStream({ ...connection, apiBase: base }, deliver, createPorts({ log }), pace)
  return stream
}
const until = (claim: () => unknown) => vi.waitFor(() => expect(claim()).toBeTruthy(), { timeout: 10_000, interval: 5 })
const connected = (count = 1) => until(() => stream?.state() === 'connected' && clients.length >= count)
const push = (frame: unknown, index = clients.length - 1) =>
  clients[index]?.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
const ackOf = async (messageId: string): Promise<Ack> => {
  await until(() => acks.some(({ headers }) => headers.messageId === messageId))
  const found = acks.find(({ headers }) => headers.messageId === messageId)
  if (!found) throw new Error('no ack')
  return found
}
const cardDown = (data: object) => ({ ...frames.cardDown, data: JSON.stringify(data) })

describe('opening', () => {
  it('asks the gateway for JSON, for all three topics, and uses the ticket once', async () => {
    start()
    await connected()
    expect(openings).toEqual([
      {
        clientId: connection.clientId,
        clientSecret: connection.clientSecret,
        ua: 'andon',
        subscriptions: Object(frames.openRequest?.body).subscriptions,
      },
    ])
    expect(accepts[0]).toContain('application/json')
  })

  it('with a refused secret tries once, says so as an error, and does not storm', async () => {
    refusing = { status: 401, body: frames.openResponse401 }
    start()
    await until(() => logged.some((line) => line.startsWith('error')))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect([openings.length, stream?.state()]).toEqual([1, 'down'])
  })

  it('with a failing gateway tries again more and more slowly, and recovers', async () => {
    refusing = { status: 500, body: { code: 'system.busy' } }
    start()
    await until(() => openings.length >= 3)
    refusing = null
    await connected()
    expect(stream?.state()).toBe('connected')
  })

  it('refuses an endpoint that is no web socket', async () => {
    refusing = { status: 200, body: { endpoint: 'http://127.0.0.1/x', ticket: 't' } }
    start()
    await until(() => logged.length > 0)
    expect(clients).toEqual([])
  })
})

describe('frames', () => {
  it('a bot message is acknowledged after it is decided, with exactly the bytes of the official client', async () => {
    let release = () => {}
    decide = () => new Promise((resolve) => (release = () => resolve(null)))
    start()
    await connected()
    push(frames.botDown)
    await until(() => delivered.length === 1)
    expect(acks).toEqual([])
    release()
    expect(await ackOf('cb0001')).toEqual(frames.botUp)
    expect(delivered[0]).toMatchObject({ kind: 'message', key: 'msgEMU000000000001==', text: '报告隐患 3号机防护罩缺失' })
  })

  it('a bot message that could not be decided is left unanswered, to come again', async () => {
    decide = async () => {
      throw new Error('database gone')
    }
    start()
    await connected()
    push(frames.botDown)
    await until(() => logged.some((line) => line.startsWith('error')))
    push(frames.pingDown)
    await ackOf('ping0001')
    expect(acks.map(({ headers }) => headers.messageId)).toEqual(['ping0001'])
  })

  it('a click is answered with the card for everybody and the words for the presser', async () => {
    decide = async () => ({ toast: { tone: 'success', text: '已接单' }, card })
    start()
    await connected()
    push(cardDown(pressOn({ key: actionKey })))
    const { code, data } = await ackOf('cb0002')
    expect([code, JSON.parse(data)]).toEqual([
      200,
      {
        response: {
          cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
          cardData: { cardParamMap: render(card).values },
          userPrivateData: { cardParamMap: { toast: '已接单' } },
        },
      },
    ])
    expect(delivered[0]).toMatchObject({ kind: 'press', key: 'cb0002', action: actionKey, account: 'u_chen' })
  })

  it.each([
    ['fails', () => Promise.reject(new Error('x')), 'failed'],
    [
      'throws',
      () => {
        throw new Error('x')
      },
      'failed',
    ],
    ['takes longer than the platform waits', () => new Promise<null>(() => {}), 'late'],
  ] as const)('a click whose decision %s is answered as failed, in time', async (_, how, word) => {
    decide = how
    start({ ...quick, ping: 60_000 })
    await connected()
    push(cardDown(pressOn({ key: actionKey })))
    expect(await ackOf('cb0002')).toMatchObject({ code: 500, message: word, data: '{"response":{}}' })
  })

  it('an event is acknowledged once kept, and asked for again when it was not', async () => {
    start()
    await connected()
    push(frames.eventDown)
    expect(await ackOf('evt0001')).toEqual(frames.eventUpSuccess)
    expect(delivered[0]).toMatchObject({
      kind: 'member-change',
      change: 'joined',
      accounts: ['u_chen'],
      key: '0f0e0d0c0b0a09080706050403020100',
    })
    acks.length = 0
    decide = () => Promise.reject(new Error('x'))
    push(frames.eventDown)
    expect(JSON.parse((await ackOf('evt0001')).data)).toEqual({ status: 'LATER', message: 'failed' })
  })

  it('a ping is echoed as the official client echoes it', async () => {
    start()
    await connected()
    push(frames.pingDown)
    expect(await ackOf('ping0001')).toEqual(frames.pingUpNodeSdk)
  })

  it('a topic nobody asked for is answered with 404', async () => {
    start()
    await connected()
    push({ ...frames.botDown, headers: { ...(frames.botDown?.headers as object), messageId: 'cb0003', topic: '/v1.0/other' } })
    expect(await ackOf('cb0003')).toEqual(frames.notFoundUp)
  })

  it('no frame, however broken, ends the process or the connection', async () => {
    start()
    await connected()
    const broken: unknown[] = [
      '',
      'not json',
      '{',
      'null',
      '[]',
      '7',
      '{"type":"CALLBACK"}',
      { ...frames.botDown, data: 'not json' },
      { ...frames.botDown, data: 7 },
      { ...frames.botDown, headers: {} },
      { ...frames.eventDown, headers: { topic: '*' } },
      { ...frames.cardDown, data: '[[[[' },
      { type: 'SYSTEM', headers: { topic: 'constructor' } },
      { type: '__proto__', headers: { topic: 'x', messageId: 'y' } },
    ]
    for (const frame of broken) push(frame)
    clients[0]?.send(Buffer.from([0, 255, 254]))
    push({ ...frames.botDown, headers: { ...(frames.botDown?.headers as object), messageId: 'after' } })
    expect(await ackOf('after')).toMatchObject({ code: 200 })
    expect([clients.length, stream?.state()]).toEqual([1, 'connected'])
    expect(delivered.filter(({ kind }) => kind === 'message').length).toBe(1)
  })

  it('a frame beyond the size ends only that connection', async () => {
    start()
    await connected()
    push('x'.repeat(300 * 1024))
    await connected(2)
    expect(stream?.state()).toBe('connected')
  })
})

describe('staying up', () => {
  it('on `disconnect` the replacement is up before the old connection goes, and what is under way is still answered', async () => {
    let release = () => {}
    decide = () => new Promise((resolve) => (release = () => resolve(null)))
    start()
    await connected()
    const [old] = clients
    let closedWith = 0
    old?.on('close', () => {
      closedWith = clients.length
    })
    push(frames.botDown)
    await until(() => delivered.length === 1)
    push(frames.disconnectDown)
    await connected(2)
    expect(old?.readyState).toBe(1)
    release()
    expect(await ackOf('cb0001')).toEqual(frames.botUp)
    await until(() => closedWith === 2)
    expect([clients.length, openings.length]).toEqual([2, 2])
  })

  it('a gateway that sends everybody away at once is not stormed', async () => {
    start({ ...quick, longestRetry: 60_000, firstRetry: 100 })
    const greet = setInterval(() => clients.at(-1)?.send(JSON.stringify(frames.disconnectDown)), 5)
    await until(() => openings.length >= 3)
    await new Promise((resolve) => setTimeout(resolve, 150))
    clearInterval(greet)
    expect(openings.length).toBeLessThanOrEqual(4)
  })

  it('a cut connection is opened anew', async () => {
    start()
    await connected()
    clients[0]?.terminate()
    await connected(2)
  })

  it('a half-open connection is noticed by its silence and replaced', async () => {
    start()
    await connected()
    const raw = (clients[0] as unknown as { _socket: { pause: () => void } })._socket
    raw.pause()
    await connected(2)
  })

  it('closed, it delivers nothing more and opens nothing more', async () => {
    let release = () => {}
    decide = () => new Promise((resolve) => (release = () => resolve(null)))
    const open = start()
    await connected()
    push(frames.botDown)
    await until(() => delivered.length === 1)
    const closing = open.close()
    push({ ...frames.botDown, headers: { ...(frames.botDown?.headers as object), messageId: 'late' } })
    release()
    await closing
    expect([open.state(), delivered.length, acks.map(({ headers }) => headers.messageId)]).toEqual(['down', 1, ['cb0001']])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(openings.length).toBe(1)
  })

  it('closed while still opening, it leaves no connection behind', async () => {
    const open = start()
    await open.close()
    await until(() => [...sockets.clients].every(({ readyState }) => readyState === 3))
    expect(open.state()).toBe('down')
  })
})
