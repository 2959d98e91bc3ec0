/** Single-use tickets to the long connection (open.feishu.cn 使用长连接接收事件, codes as in node-sdk 1.74.0). */
import type { World } from '../contract.ts'
import { isFields } from './card-checks.ts'
import { type FeishuApp, hex, type State } from './state.ts'
import { choice } from './switches.ts'

const mostConnections = 50
const ticketLife = 60_000

export type Ticket = { readonly app: FeishuApp; readonly service: number; readonly expires: number }

export type Tickets = {
  /** The answer of `POST /callback/ws/endpoint`. `data` is always an object, because the Node SDK cannot do without. */
  readonly endpoint: (body: unknown, host: string) => Readonly<Record<string, unknown>>
  /** The ticket in a request's address, once; null when it is unknown, used, old, or one connection too many. */
  readonly redeem: (query: string) => Ticket | null
}

const clientConfigs = {
  documented: { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 },
  quick: { ReconnectCount: -1, ReconnectInterval: 2, ReconnectNonce: 1, PingInterval: 5 },
} as const

/** In seconds. A pong must carry all of it, else the Node SDK computes NaN. */
export const clientConfig = (world: World) => clientConfigs[choice(world, 'clientConfig')]

const rejected = (code: number, msg: string) => ({ code, msg, data: {} })

export const createTickets = (world: World, state: State, countOf: (app: FeishuApp) => number): Tickets => {
  const tickets = new Map<string, Ticket>()
  let lastService = 33_554_677

  /** `device_id` and `service_id` must not stand first: the Node SDK parses the whole address as a query. */
  const addressFor = (app: FeishuApp, host: string): string => {
    const ticket = hex(world, 32)
    lastService += 1
    tickets.set(ticket, { app, service: lastService, expires: world.clock.now() + ticketLife })
    const device = 7_318_349_560 + lastService
    return `ws://${host}/ws/v2?fpid=1&aid=1&device_id=${device}&access_key=${hex(world, 16)}&service_id=${lastService}&ticket=${ticket}`
  }

  return {
    endpoint: (body, host) => {
      const { AppID, AppSecret } = isFields(body) ? body : {}
      if (typeof AppID !== 'string' || typeof AppSecret !== 'string') return rejected(1000040344, 'no credential')
      const app = state.apps.find(({ appId, appSecret }) => appId === AppID && appSecret === AppSecret && appSecret !== '')
      if (!app) return rejected(514, 'auth failed')
      if (countOf(app) >= mostConnections) return rejected(1000040350, 'too many connections')
      return { code: 0, msg: '', data: { URL: addressFor(app, host), ClientConfig: clientConfig(world) } }
    },
    redeem: (query) => {
      const key = new URLSearchParams(query).get('ticket') ?? ''
      const ticket = tickets.get(key)
      tickets.delete(key)
      return ticket && world.clock.now() < ticket.expires && countOf(ticket.app) < mostConnections ? ticket : null
    },
  }
}
