import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { App, World } from '../contract.ts'
import { type Answer, asXml, ok, refuse } from './answers.ts'
import { type Connection, createConnection } from './connection.ts'
import { type Ack, pushFrame, type Topic } from './frames.ts'
import type { Api, Call } from './gate.ts'
import type { Ids } from './ids.ts'
import type { Origin } from './origin.ts'
import { appWith } from './token-api.ts'
import { fieldsOf, listOf, textOf } from './wire.ts'

type Ticket = { readonly app: App; readonly subscriptions: readonly Topic[]; readonly until: number }

/** One frame to push. Without an id of its own it gets a new one. */
export type Push = {
  readonly topic: Topic
  readonly data: unknown
  readonly messageId?: string
  readonly event?: { readonly type: string; readonly id: string; readonly bornAt: number }
}

/** A pushed frame: its id, and its answer when one comes. */
export type Pushed = { readonly messageId: string; readonly acked: Promise<Ack> }

export type Stream = {
  readonly api: Api
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  /** Pushes down one live connection of the app, picked at random among those that want the topic. Null when there is none. */
  readonly push: (app: App, push: Push) => Pushed | null
  /** Stops waiting for the answer; one that still comes is late and counts for nothing. */
  readonly forget: (messageId: string) => void
  readonly connections: () => number
  readonly close: () => Promise<void>
}

const ticketLife = 90_000
const largestFrame = 256 * 1024

const topicsIn = (subscriptions: unknown): readonly Topic[] | null => {
  const topics = listOf(subscriptions).map((entry): Topic | null => {
    const { type, topic } = fieldsOf(entry)
    if (type === 'EVENT') return topic === '*' ? { type, topic } : null
    return type === 'CALLBACK' && textOf(topic) !== '' ? { type, topic: textOf(topic) } : null
  })
  const whole = topics.filter((topic) => topic !== null)
  return whole.length === topics.length && whole.length > 0 ? whole : null
}

/** The long connection ("Stream 模式", read 2026-08). `dingtalk.connectionHours`: how long one lives, `never` unless set (unverified). */
export const createStream = (world: World, ids: Ids, apps: readonly App[], origin: Origin): Stream => {
  const tickets = new Map<string, Ticket>()
  const live = new Set<Connection>()
  const waits = new Map<string, (ack: Ack) => void>()
  const sockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: largestFrame, perMessageDeflate: false })

  const open = ({ fields, accept, origin: here }: Call): Answer => {
    const shape = accept.includes('json') ? (answer: Answer) => answer : asXml
    const app = appWith(apps, textOf(fields.clientId), textOf(fields.clientSecret))
    if (!app) return shape(refuse('authFailed'))
    const subscriptions = topicsIn(fields.subscriptions)
    if (!subscriptions) return shape(refuse('invalidParameter.param.invalid', 'subscriptions'))
    const ticket = ids.uuid()
    tickets.set(ticket, { app, subscriptions, until: world.clock.now() + ticketLife })
    return shape(ok({ endpoint: `${here.replace(/^http/, 'ws')}/connect`, ticket }))
  }

  const spend = (text: string): Ticket | null => {
    const ticket = tickets.get(text)
    tickets.delete(text)
    return ticket && world.clock.now() < ticket.until ? ticket : null
  }

  const welcome = ({ app, subscriptions }: Ticket, socket: WebSocket) => {
    const cancel: (() => void)[] = []
    const gone = () => {
      live.delete(connection)
      for (const stop of cancel) stop()
    }
    const acked = (ack: Ack) => waits.get(ack.messageId)?.(ack)
    const connection = createConnection({ world, ids, socket, app, subscriptions, acked, gone })
    live.add(connection)
    const hours = Number(world.choose('dingtalk.connectionHours', 'never'))
    if (!(hours > 0)) return
    const retire = () => connection.retire('persistent connection is timeout')
    cancel.push(world.clock.at(world.clock.now() + hours * 3_600_000, 'dingtalk retires a connection', retire))
  }

  const upgrade: Stream['upgrade'] = (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname !== '/connect') return false
    if (request.headers.host) origin.seen(`http://${request.headers.host}`)
    const ticket = spend(url.searchParams.get('ticket') ?? '')
    const exchange = { surface: 'dingtalk', direction: 'from-service', what: 'GET /connect', response: '' } as const
    world.log({ ...exchange, status: ticket ? 101 : 401, request: 'GET /connect?ticket=***' })
    if (ticket) sockets.handleUpgrade(request, socket, head, (client) => welcome(ticket, client))
    else socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    return true
  }

  const push: Stream['push'] = (app, { topic, data, messageId = ids.hex(28), event }) => {
    const able = [...live].filter((connection) => connection.app === app && connection.live() && connection.wants(topic))
    const connection = able[Math.floor(world.random() * able.length)]
    if (!connection) return null
    const acked = new Promise<Ack>((resolve) => waits.set(messageId, resolve))
    const fault = world.faults.strike('dingtalk', 'socket', ['cut', 'halfOpen'])
    if (fault?.name === 'cut') connection.cut()
    if (fault?.name === 'halfOpen') connection.freeze()
    const head = { app, connectionId: connection.id, messageId, time: world.clock.now(), topic, data }
    connection.send(pushFrame(event ? { ...head, event } : head))
    return { messageId, acked: acked.finally(() => waits.delete(messageId)) }
  }

  return {
    api: { method: 'POST', path: '/v1.0/gateway/connections/open', family: 'new', body: 'json', needs: 'nothing', answer: open },
    upgrade,
    push,
    forget: (messageId) => void waits.delete(messageId),
    connections: () => [...live].filter((connection) => connection.live()).length,
    close: async () => {
      for (const connection of live) connection.cut()
      sockets.close()
    },
  }
}
