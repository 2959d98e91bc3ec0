import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { App, SandboxAccount, Vendor } from '../../sandbox/contract.ts'
import { createDingtalkDouble } from '../../sandbox/dingtalk/double.ts'
import { createSmallWorld, type SmallWorld, serveVendor, threePeople } from '../support/small-world.ts'

/** The app of these tests; the template id stands for `templates/dingtalk/andon-card.json`. */
export const demoApp = (change: Partial<App> = {}): App => ({
  id: 'dingtalk-demo',
  platform: 'dingtalk',
  door: 'stream',
  callbackUrls: [],
  credentials: {
    clientId: 'dingemuappkey0001',
    clientSecret: 'emu-app-secret-0123456789ABCDEFGHIJKLMNOPQRSTUV',
    corpId: 'ding0emulatorcorp',
    agentId: '2600000001',
    robotCode: 'dingemuappkey0001',
    cardTemplateId: '5e0d1c52-0000-4f0e-9d21-000000000000.schema',
    token: 'emuToken01',
    aesKey: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
    cardCallbackSecret: 'emu-card-api-secret',
  },
  ...change,
})

export type Json = { readonly [key: string]: unknown }
export type Reply = { readonly status: number; readonly body: Json; readonly text: string }

export type Desk = {
  readonly world: SmallWorld
  readonly vendor: Vendor
  readonly origin: string
  readonly app: App
  readonly who: (account: string) => SandboxAccount
  readonly token: (app?: App) => Promise<string>
  /** Calls an API; `/v1.0` paths carry the token in the header, the others in the query. */
  readonly call: (method: string, path: string, body?: unknown, token?: string) => Promise<Reply>
  readonly close: () => Promise<void>
}

const read = async (response: Response): Promise<Reply> => {
  const text = await response.text()
  return { status: response.status, text, body: text.startsWith('{') ? (JSON.parse(text) as Json) : {} }
}

/** A served double with three people and one app (or those given). */
export const openDesk = async (apps: readonly App[] = [demoApp()]): Promise<Desk> => {
  const world = createSmallWorld(threePeople('dingtalk'))
  const vendor = createDingtalkDouble(world, apps)
  const server = await serveVendor(vendor)
  const [app = demoApp()] = apps
  const post = (path: string, body: unknown) =>
    fetch(`${server.origin}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }).then(read)
  const token: Desk['token'] = async (of = app) => {
    const answer = await post('/v1.0/oauth2/accessToken', {
      appKey: of.credentials.clientId,
      appSecret: of.credentials.clientSecret,
    })
    return String(answer.body.accessToken)
  }
  const call: Desk['call'] = async (method, path, body, given) => {
    const own = given ?? (await token())
    const modern = path.startsWith('/v1.0')
    const address = modern ? path : `${path}${path.includes('?') ? '&' : '?'}access_token=${own}`
    const headers = { 'content-type': 'application/json', ...(modern ? { 'x-acs-dingtalk-access-token': own } : {}) }
    return read(
      await fetch(`${server.origin}${address}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  }
  const who = (account: string) => {
    const found = world.accountsOf('dingtalk').find((candidate) => candidate.account === account)
    if (!found) throw new Error(`nobody is ${account}`)
    return found
  }
  return { world, vendor, origin: server.origin, app, who, token, call, close: server.close }
}

export type Frame = {
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly data: string
  readonly specVersion: string
}

/** A bare client of the long connection: keeps every frame, answers what the test tells it to. */
export type Line = {
  readonly frames: readonly Frame[]
  readonly socket: WebSocket
  /** Waits for the frame at this place. */
  readonly frame: (index: number) => Promise<Frame>
  readonly ack: (frame: Frame, data: unknown) => void
  readonly ended: Promise<void>
}

const subscriptions = [
  { type: 'EVENT', topic: '*' },
  { type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' },
  { type: 'CALLBACK', topic: '/v1.0/card/instances/callback' },
]

/** `POST /v1.0/gateway/connections/open` as the vectors have it. */
export const openTicket = async (desk: Desk, change: Json = {}, accept = 'application/json'): Promise<Reply> => {
  const { clientId, clientSecret } = desk.app.credentials
  const body = JSON.stringify({ clientId, clientSecret, subscriptions, ua: 'emu-client/1.0.0', localIp: '10.0.0.7', ...change })
  const headers = { 'content-type': 'application/json', accept }
  return read(await fetch(`${desk.origin}/v1.0/gateway/connections/open`, { method: 'POST', body, headers }))
}

/** Dials in. With `answers`, every frame that wants an answer gets what it gives, at once; null leaves it without. */
export const dial = async (
  desk: Desk,
  answers: (frame: Frame) => unknown = () => ({ response: null }),
  change: Json = {},
): Promise<Line> => {
  const { body } = await openTicket(desk, change)
  const socket = new WebSocket(`${String(body.endpoint)}?ticket=${String(body.ticket)}`)
  const frames: Frame[] = []
  const waiting: (() => void)[] = []
  const ack = (frame: Frame, data: unknown) =>
    socket.send(
      JSON.stringify({
        code: 200,
        message: 'OK',
        headers: { contentType: 'application/json', messageId: frame.headers.messageId },
        data: typeof data === 'string' ? data : JSON.stringify(data),
      }),
    )
  socket.on('message', (text) => {
    const frame = JSON.parse(String(text)) as Frame
    if (frame.headers.topic === 'ping') {
      ack(frame, frame.data)
      return
    }
    frames.push(frame)
    const answer = frame.type === 'SYSTEM' ? null : answers(frame)
    if (answer !== null) ack(frame, answer)
    for (const wake of waiting.splice(0)) wake()
  })
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'open')
  const frame = async (index: number): Promise<Frame> => {
    for (;;) {
      const found = frames[index]
      if (found) return found
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  return { frames, socket, frame, ack, ended }
}

/** The parsed `data` of a frame. */
export const dataOf = (frame: Frame): Json => JSON.parse(frame.data) as Json
