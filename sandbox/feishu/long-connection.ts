/** The long connection: endpoint, sockets, frames, acks (open.feishu.cn 使用长连接接收事件; frames as in node-sdk 1.74.0). */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { World } from '../contract.ts'
import { isFields } from './card-checks.ts'
import { ackOf, createFrames } from './data-frames.ts'
import { control, data, decodeFrame, encodeFrame, type Frame, headerOf } from './frames.ts'
import { masked } from './masking.ts'
import { answerWithin, type Door, type Outcome } from './outcome.ts'
import { type FeishuApp, hex, type State } from './state.ts'
import { choice } from './switches.ts'

const mostConnections = 50
const largestFrame = 1024 * 1024
const ticketLife = 60_000

type Connection = {
  readonly app: FeishuApp
  readonly socket: WebSocket
  readonly service: number
  /** Set by the client's first ping, which the official clients send as soon as they listen. */
  ready: boolean
  /** Half-open: the socket stands, nothing passes in either direction. */
  deaf: boolean
}

type Waiting = { readonly connection: Connection; readonly settle: (outcome: Outcome) => void }
type Ticket = { readonly app: FeishuApp; readonly service: number; readonly expires: number }

export type LongConnection = {
  /** The answer of `POST /callback/ws/endpoint`. `data` is always an object, because the Node SDK cannot do without. */
  readonly endpoint: (body: unknown, host: string) => Readonly<Record<string, unknown>>
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  readonly door: (app: FeishuApp) => Door
  readonly connections: () => number
  readonly close: () => void
}

const clientConfigs = {
  documented: { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 },
  quick: { ReconnectCount: -1, ReconnectInterval: 2, ReconnectNonce: 1, PingInterval: 5 },
} as const

export const createLongConnection = (world: World, state: State): LongConnection => {
  const server = new WebSocketServer({ noServer: true, maxPayload: largestFrame })
  const tickets = new Map<string, Ticket>()
  const live = new Set<Connection>()
  const waiting = new Map<string, Waiting>()
  const framesFor = createFrames(world)
  let lastService = 33_554_677

  const config = () => clientConfigs[choice(world, 'clientConfig')]
  const of = (app: FeishuApp) => [...live].filter((connection) => connection.app === app)
  const rejected = (code: number, msg: string) => ({ code, msg, data: {} })

  const endpoint = (body: unknown, host: string) => {
    const { AppID, AppSecret } = isFields(body) ? body : {}
    const app = state.apps.find(({ appId, appSecret }) => appId === AppID && appSecret === AppSecret && appSecret !== '')
    if (typeof AppID !== 'string' || typeof AppSecret !== 'string') return rejected(1000040344, 'no credential')
    if (!app) return rejected(514, 'auth failed')
    if (of(app).length >= mostConnections) return rejected(1000040350, 'too many connections')
    const ticket = hex(world, 32)
    lastService += 1
    tickets.set(ticket, { app, service: lastService, expires: world.clock.now() + ticketLife })
    const query = new URLSearchParams({
      fpid: '1',
      aid: '1',
      device_id: String(7_318_349_560 + lastService),
      access_key: hex(world, 16),
    })
    query.append('service_id', String(lastService))
    query.append('ticket', ticket)
    return { code: 0, msg: '', data: { URL: `ws://${host}/ws/v2?${query}`, ClientConfig: config() } }
  }

  /** A ticket opens one socket, once. */
  const redeem = (request: IncomingMessage): Ticket | null => {
    const key = new URL(request.url ?? '/', 'http://sandbox').searchParams.get('ticket') ?? ''
    const ticket = tickets.get(key)
    tickets.delete(key)
    return ticket && world.clock.now() < ticket.expires && of(ticket.app).length < mostConnections ? ticket : null
  }

  const upgrade: LongConnection['upgrade'] = (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://sandbox').pathname !== '/ws/v2') return false
    const ticket = redeem(request)
    if (!ticket) {
      socket.end(
        'HTTP/1.1 403 Forbidden\r\nHandshake-Status: 403\r\nHandshake-Msg: forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      )
      return true
    }
    server.handleUpgrade(request, socket, head, (opened) => accept({ ...ticket, socket: opened, ready: false, deaf: false }))
    return true
  }

  const accept = (connection: Connection): void => {
    live.add(connection)
    connection.socket.on('message', (bytes) => hear(connection, Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0)))
    connection.socket.on('error', () => connection.socket.terminate())
    connection.socket.on('close', () => {
      live.delete(connection)
      for (const each of waiting.values()) if (each.connection === connection) each.settle({ kind: 'silent' })
    })
  }

  const hear = (connection: Connection, bytes: Buffer): void => {
    const frame = decodeFrame(bytes)
    if (!frame || struck(connection)) return
    if (frame.method === control && headerOf(frame, 'type') === 'ping') pong(connection, frame)
    if (frame.method !== data) return
    const found = waiting.get(headerOf(frame, 'message_id'))
    if (found?.connection.app === connection.app) found.settle(ackOf(frame))
  }

  const pong = (connection: Connection, ping: Frame): void => {
    connection.ready = true
    const headers = [{ key: 'type', value: 'pong' }]
    connection.socket.send(encodeFrame({ ...ping, headers, payload: Buffer.from(JSON.stringify(config())) }))
  }

  /** Asks for a socket fault; true when nothing passes. */
  const struck = (connection: Connection): boolean => {
    if (connection.deaf) return true
    const fault = world.faults.strike('feishu', 'socket', ['cut', 'halfOpen'])
    if (fault?.name === 'cut') connection.socket.terminate()
    if (fault?.name === 'halfOpen') {
      connection.deaf = true
      world.clock.at(world.clock.now() + fault.seconds * 1000, 'feishu half-open socket ends', () =>
        connection.socket.terminate(),
      )
    }
    return fault !== null
  }

  /** One random connection gets each push. */
  const pick = (app: FeishuApp): Connection | undefined => {
    const ready = of(app).filter((connection) => connection.ready)
    return ready[Math.floor(world.random() * ready.length)]
  }

  const push = (connection: Connection, id: string, frames: readonly Uint8Array[]): Promise<Outcome> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => settle({ kind: 'silent' }), answerWithin)
      const settle = (outcome: Outcome) => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(outcome)
      }
      waiting.set(id, { connection, settle })
      if (struck(connection)) return
      for (const frame of frames) connection.socket.send(frame)
    })

  const door: LongConnection['door'] = (app) => async (json, kind, what) => {
    const connection = pick(app)
    const id = `${hex(world, 8)}-${hex(world, 24)}`
    const type = kind === 'callback' ? choice(world, 'callbackFrame') : 'event'
    const outcome: Outcome = connection
      ? await push(connection, id, framesFor({ type, id, json, service: connection.service }))
      : { kind: 'unreachable' }
    const status = outcome.kind === 'answered' ? 200 : outcome.kind === 'refused' ? outcome.status : null
    const response = outcome.kind === 'answered' ? (outcome.body ?? '') : outcome.kind
    world.log({
      surface: 'feishu',
      direction: 'to-service',
      what: `frame ${type} ${what}`,
      status,
      request: masked(json),
      response: masked(response),
    })
    return outcome
  }

  return {
    endpoint,
    upgrade,
    door,
    connections: () => [...live].filter(({ ready }) => ready).length,
    close: () => {
      for (const { settle } of waiting.values()) settle({ kind: 'silent' })
      for (const { socket } of live) socket.terminate()
      server.close()
    },
  }
}
