/** A served WeCom double, its API, and a callback service that speaks through the vendor's own `@wecom/crypto`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import wecom from '@wecom/crypto'
import type { App, SandboxAccount, Seen } from '../../sandbox/contract.ts'
import { createWecomDouble } from '../../sandbox/wecom/double.ts'
import { createSmallWorld, serveVendor, threePeople } from '../support/small-world.ts'

export const corp = {
  corpId: 'ww0123456789abcdef',
  agentId: '1000007',
  secret: 'app-secret-7',
  token: 'demoWecomToken',
  encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ',
} as const

const otherCorp = { ...corp, agentId: '1000008', secret: 'app-secret-8', token: 'otherToken' }

export type Body = Readonly<Record<string, unknown>>

/** A callback as the service got it, opened by the SDK. */
export type Got = { readonly query: URLSearchParams; readonly raw: string; readonly plain: string; readonly receiveId: string }

type Answering = (got: Got, index: number) => { readonly status?: number; readonly body?: string } | 'hang'

const between = (text: string, name: string) =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`)
    .exec(text)
    ?.slice(1)
    .find((part) => part !== undefined) ?? ''

/** The text inside the first element of this name. */
export const field = between

/** Seals a passive reply with the SDK, as a service would. */
export const reply = (plain: string, change: Partial<Record<'token' | 'id' | 'signature' | 'key', string>> = {}): string => {
  const encrypted = wecom.encrypt(change.key ?? corp.encodingAesKey, plain, change.id ?? corp.corpId)
  const signature = change.signature ?? wecom.getSignature(change.token ?? corp.token, '1767225781', '55120098', encrypted)
  return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1767225781</TimeStamp><Nonce><![CDATA[55120098]]></Nonce></xml>`
}

/** The plain XML of a passive reply to `to`. */
export const passive = (to: string, type: string, inner: string): string =>
  `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${corp.corpId}]]></FromUserName><CreateTime>1767225781</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${inner}</xml>`

const openedGet = (query: URLSearchParams): string => {
  const echo = query.get('echostr') ?? ''
  const signature = wecom.getSignature(corp.token, query.get('timestamp') ?? '', query.get('nonce') ?? '', echo)
  if (signature !== query.get('msg_signature')) return 'bad signature'
  return wecom.decrypt(corp.encodingAesKey, echo).message
}

/** A callback service. `answer` decides what each POST gets; verification is answered as documented unless `echo` changes it. */
export const createService = async () => {
  const got: Got[] = []
  const verified: URLSearchParams[] = []
  const script: { answer: Answering; echo: (text: string) => string } = { answer: () => ({}), echo: (text) => text }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const query = new URL(request.url ?? '/', 'http://here').searchParams
      if (request.method === 'GET') {
        verified.push(query)
        response.end(script.echo(openedGet(query)))
        return
      }
      const raw = Buffer.concat(parts).toString('utf8')
      const encrypted = between(raw, 'Encrypt')
      const signature = wecom.getSignature(corp.token, query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypted)
      const good = signature === query.get('msg_signature')
      const { message, id } = good ? wecom.decrypt(corp.encodingAesKey, encrypted) : { message: 'bad signature', id: '' }
      got.push({ query, raw, plain: message, receiveId: id })
      const said = script.answer({ query, raw, plain: message, receiveId: id }, got.length - 1)
      if (said === 'hang') return
      response.statusCode = said.status ?? 200
      response.end(said.body ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    got,
    verified,
    script,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/wecom-a`,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export const buttons = (taskId: string, more: Body = {}): Body => ({
  card_type: 'button_interaction',
  task_id: taskId,
  source: { desc: '安灯', desc_color: 2 },
  main_title: { title: '隐患待处理', desc: 'YH-0001' },
  sub_title_text: '3号泵房漏油',
  horizontal_content_list: [{ keyname: '等级', value: '较大' }],
  button_list: [
    { text: '接单', style: 1, key: 'accept' },
    { text: '退回', style: 4, key: 'reject' },
    { type: 1, text: '看详情', style: 3, url: 'https://hz.example.com/h5/h/0001' },
  ],
  ...more,
})

/** Two apps of one corp and three members (`u_chen`, `u_wang`, `u_li`); the callback service is already set. */
export const createBench = async () => {
  const world = createSmallWorld(threePeople('wecom'))
  const service = await createService()
  const app = (id: string, credentials: typeof corp | typeof otherCorp): App => ({
    ...{ id, platform: 'wecom', door: 'http', callbackUrls: [service.url], credentials },
  })
  const apps = [app('wecom-a', corp), app('wecom-b', otherCorp)] as const
  const double = createWecomDouble(world, apps)
  const { origin, close } = await serveVendor(double)
  const request = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${origin}${path}`, init)
    const text = await response.text()
    const json: Body = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {}
    return { status: response.status, headers: response.headers, text, json }
  }
  const token = async (secret: string = corp.secret) =>
    String((await request(`/cgi-bin/gettoken?corpid=${corp.corpId}&corpsecret=${secret}`)).json.access_token)
  const access = await token()
  const post = async (path: string, body: Body, as = access): Promise<Body> =>
    (await request(`/cgi-bin/${path}?access_token=${as}`, { method: 'POST', body: JSON.stringify(body) })).json
  const get = async (path: string, as = access): Promise<Body> =>
    (await request(`/cgi-bin/${path}${path.includes('?') ? '&' : '?'}access_token=${as}`)).json
  const send = (body: Body, as = access) => post('message/send', { agentid: 1000007, touser: 'u_chen', ...body }, as)
  const sendCard = (card: Body, more: Body = {}) => send({ msgtype: 'template_card', template_card: card, ...more })
  const account = (userid: string): SandboxAccount => {
    const found = world.accountsOf('wecom').find((candidate) => candidate.account === userid)
    if (!found) throw new Error(`nobody is called ${userid}`)
    return found
  }
  const last = (userid: string): Seen => {
    const seen = world.phone(userid).at(-1)
    if (!seen) throw new Error(`the phone of ${userid} is empty`)
    return seen
  }
  const press = (userid: string, label: string, form: Readonly<Record<string, string>> = {}, message = last(userid).id) =>
    double.presses({ account: account(userid), message, label, form })
  return {
    ...{ world, service, apps, double, origin, request, token, access, post, get, send, sendCard, account, last, press },
    close: async () => {
      await close()
      await service.close()
    },
  }
}

export type Bench = Awaited<ReturnType<typeof createBench>>
