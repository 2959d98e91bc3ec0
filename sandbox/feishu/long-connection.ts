/** The long connection as the platform offers it: endpoint, upgrade, one random connection for each push (open.feishu.cn 使用长连接接收事件, May 2026). */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { World } from '../contract.ts'
import { createFrames } from './data-frames.ts'
import { masked } from './masking.ts'
import type { Door, Outcome } from './outcome.ts'
import { createSockets } from './sockets.ts'
import { type FeishuApp, hex, type State } from './state.ts'
import { choice } from './switches.ts'
import { createTickets, type Tickets } from './tickets.ts'

const largestFrame = 1024 * 1024
const forbidden =
  'HTTP/1.1 403 Forbidden\r\nHandshake-Status: 403\r\nHandshake-Msg: forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export type LongConnection = {
  readonly endpoint: Tickets['endpoint']
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  readonly door: (app: FeishuApp) => Door
  /** Connections that listen: those that have pinged. */
  readonly connections: () => number
  readonly close: () => void
}

const statusOf = (outcome: Outcome): number | null => {
  if (outcome.kind === 'answered') return 200
  return outcome.kind === 'refused' ? outcome.status : null
}

export const createLongConnection = (world: World, state: State): LongConnection => {
  const server = new WebSocketServer({ noServer: true, maxPayload: largestFrame })
  const sockets = createSockets(world)
  const tickets = createTickets(world, state, (app) => sockets.of(app).length)
  const framesFor = createFrames(world)

  const upgrade: LongConnection['upgrade'] = (request, socket, head) => {
    const [path, query = ''] = (request.url ?? '').split('?')
    if (path !== '/ws/v2') return false
    const ticket = tickets.redeem(query)
    if (ticket) server.handleUpgrade(request, socket, head, (opened) => sockets.accept(ticket, opened))
    else socket.end(forbidden)
    return true
  }

  const send = async (app: FeishuApp, type: string, json: string): Promise<Outcome> => {
    const ready = sockets.of(app).filter((connection) => connection.ready)
    const connection = ready[Math.floor(world.random() * ready.length)]
    if (!connection) return { kind: 'unreachable' }
    const id = `${hex(world, 8)}-${hex(world, 24)}`
    return sockets.push(connection, id, framesFor({ type, id, json, service: connection.service }))
  }

  const door: LongConnection['door'] = (app) => async (json, kind, what) => {
    const type = kind === 'callback' ? choice(world, 'callbackFrame') : 'event'
    const outcome = await send(app, type, json)
    const response = masked(outcome.kind === 'answered' ? (outcome.body ?? '') : outcome.kind)
    const status = statusOf(outcome)
    world.log({
      surface: 'feishu',
      direction: 'to-service',
      what: `frame ${type} ${what}`,
      status,
      request: masked(json),
      response,
    })
    return outcome
  }

  return {
    endpoint: tickets.endpoint,
    upgrade,
    door,
    connections: () => [...sockets.live].filter(({ ready }) => ready).length,
    close: () => {
      sockets.close()
      server.close()
    },
  }
}
