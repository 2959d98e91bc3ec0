import { randomBytes } from 'node:crypto'
import { Client, EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk'
import type { App, SandboxAccount, Seen, Vendor } from '../../sandbox/contract.ts'
import { createFeishuDouble } from '../../sandbox/feishu/double.ts'
import { createSmallWorld, type SmallWorld, serveVendor, threePeople } from './small-world.ts'

export type Reply = {
  readonly status: number
  readonly code: number
  readonly body: Record<string, unknown>
  readonly headers: Headers
}

/** The Feishu double on a real port, the official client pointed at it, and three people. */
export type FeishuBench = {
  readonly world: SmallWorld
  readonly double: Vendor
  readonly app: App
  readonly origin: string
  readonly client: Client
  readonly chen: SandboxAccount
  readonly wang: SandboxAccount
  /** A raw call with a good token; `undefined` body sends none. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
  readonly token: () => Promise<string>
  /** Sends a card to chen and gives its message id. */
  readonly card: (card: unknown) => Promise<string>
  readonly sees: (account: SandboxAccount, id: string) => Seen | undefined
  /** The official long connection client, connected. */
  readonly listen: (handlers: Record<string, (data: Record<string, unknown>) => unknown>) => Promise<WSClient>
  readonly close: () => Promise<void>
}

const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal'

/** An app of its own per bench: the SDK keeps tokens by app id for the whole process. */
export const feishuApp = (door: App['door'], encryptKey = 'demo-encrypt-key-01'): App => ({
  id: 'feishu-test',
  platform: 'feishu',
  door,
  callbackUrls: [],
  credentials: {
    appId: `cli_${randomBytes(8).toString('hex')}`,
    appSecret: 'demo-app-secret',
    encryptKey,
    verificationToken: 'demoVerificationToken01',
    tenantKey: '16a1b2c3d4e5f607',
  },
})

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }

const accountOf = (world: SmallWorld, person: string): SandboxAccount => {
  const found = world.accountsOf('feishu').find((account) => account.person === person)
  if (!found) throw new Error(`${person} is not of this plant`)
  return found
}

export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

export const openFeishu = async (app: App = feishuApp('stream')): Promise<FeishuBench> => {
  const world = createSmallWorld(threePeople('feishu'))
  const double = createFeishuDouble(world, [app])
  const { origin, close } = await serveVendor(double)
  const appId = app.credentials.appId ?? ''
  const appSecret = app.credentials.appSecret ?? ''
  const chen = accountOf(world, 'chen')
  const listeners: WSClient[] = []

  const raw = async (method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Reply> => {
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(origin + path, {
      method,
      body: sent,
      headers: { 'content-type': 'application/json', ...headers },
    })
    const text = await response.text()
    const parsed: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : { text }
    return { status: response.status, code: Number(parsed.code), body: parsed, headers: response.headers }
  }
  const token = async () =>
    String((await raw('POST', tokenPath, { app_id: appId, app_secret: appSecret }, {})).body.tenant_access_token)
  const call: FeishuBench['call'] = async (method, path, body, headers = {}) =>
    raw(method, path, body, { authorization: `Bearer ${await token()}`, ...headers })

  return {
    world,
    double,
    app,
    origin,
    client: new Client({ appId, appSecret, domain: origin, logger: quiet, loggerLevel: LoggerLevel.fatal }),
    chen,
    wang: accountOf(world, 'wang'),
    call,
    token,
    card: async (card) => {
      const content = JSON.stringify(card)
      const { body } = await call('POST', '/open-apis/im/v1/messages?receive_id_type=open_id', {
        receive_id: chen.account,
        msg_type: 'interactive',
        content,
      })
      const { data } = body as { data?: { message_id?: string } }
      if (!data?.message_id) throw new Error(`the card was refused: ${JSON.stringify(body)}`)
      return data.message_id
    },
    sees: (account, id) => world.phone(account.account).find((seen) => seen.id === id),
    listen: async (handlers) => {
      const before = double.connections()
      const eventDispatcher = new EventDispatcher({ logger: quiet, loggerLevel: LoggerLevel.fatal }).register(handlers)
      const client = new WSClient({ appId, appSecret, domain: origin, logger: quiet, loggerLevel: LoggerLevel.fatal })
      listeners.push(client)
      await client.start({ eventDispatcher })
      await until(() => double.connections() > before)
      return client
    },
    close: async () => {
      for (const client of listeners) client.close({ force: true })
      await close()
    },
  }
}

const text = (content: string) => ({ tag: 'plain_text', content })

/** A card of schema 2.0 around these elements. */
export const cardOf = (...elements: readonly unknown[]) => ({
  schema: '2.0',
  config: { update_multi: true, summary: { content: '隐患待处理' } },
  header: { title: text('隐患待处理'), subtitle: text('YH-0001'), template: 'red' },
  body: { elements },
})

export const buttonOf = (label: string, value: unknown, more: Record<string, unknown> = {}) => ({
  tag: 'button',
  type: 'primary',
  text: text(label),
  behaviors: [{ type: 'callback', value }],
  ...more,
})
