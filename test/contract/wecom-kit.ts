import { readFileSync } from 'node:fs'
import * as oracle from '@wecom/crypto'
import type { PlatformPorts, RawRequest, TokenStore } from '../../src/bots/platform.ts'
import type { WecomConnection } from '../../src/bots/wecom/platform.ts'
import type { Card } from '../../src/cards/card.ts'
import { silent } from '../../src/lib/log.ts'

export type Vector = {
  readonly id: string
  readonly kind?: string
  readonly flavour?: string
  readonly token: string
  readonly encoding_aes_key: string
  readonly receiveid: string
  readonly timestamp: string
  readonly nonce: string
  readonly random16_base64: string
  readonly plaintext: string
  readonly encrypt: string
  readonly msg_signature: string
  readonly pad_value: number
  readonly query_string?: string
  readonly http_body?: string
  readonly expected_response_body?: string
  readonly must_fail?: string
}

/** Published and composed known answers; each carries its own source. */
export const vectors: { readonly callback_vectors: readonly Vector[]; readonly negative_vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../vectors/wecom.json', import.meta.url), 'utf8'),
)

export const corpId = 'ww0123456789abcdef'
export const agentId = '1000007'

export const connection: WecomConnection = {
  id: 'wecom-demo',
  platform: 'wecom',
  mode: 'webhook',
  corpId,
  agentId,
  secret: 'demo-wecom-app-secret',
  token: 'demoWecomToken',
  encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ',
  apiBase: 'http://127.0.0.1:1',
}

/** The instant at which every test of this folder takes place. */
export const now = new Date('2026-01-01T00:05:00Z')
export const nowSeconds = String(now.getTime() / 1000)

/** A token store as one process has it: one fetch at a time, forgotten when dropped. */
const createTokens = (): TokenStore => {
  const kept = new Map<string, Promise<string>>()
  return {
    get: (name, fetch) => {
      const found = kept.get(name) ?? fetch().then(({ token }) => token)
      kept.set(name, found)
      found.catch(() => kept.delete(name))
      return found
    },
    drop: async (name, token) => {
      if ((await kept.get(name)) === token) kept.delete(name)
    },
  }
}

export type Taken = { readonly endpoint: string; readonly urgent: boolean }

/** Ports at a given instant, with the list of what was taken from the budget. */
export const portsAt = (at: Date): PlatformPorts & { readonly taken: readonly Taken[] } => {
  const taken: Taken[] = []
  const budget = {
    take: async (endpoint: string, urgent: boolean) => void taken.push({ endpoint, urgent }),
    full: async () => [],
  }
  return { clock: { now: () => at }, log: silent, tokens: createTokens(), budget, taken }
}

type Sealing = { readonly timestamp?: string; readonly nonce?: string; readonly receiveId?: string; readonly encrypted?: string }

/** The query of a signed request, made with the vendor's own package. */
export const signedQuery = (encrypted: string, { timestamp = nowSeconds, nonce = '1372623149' }: Sealing = {}) => ({
  msg_signature: oracle.getSignature(connection.token, timestamp, nonce, encrypted),
  timestamp,
  nonce,
})

export const outerXml = (encrypted: string, app = agentId, corp = corpId): string =>
  `<xml><ToUserName><![CDATA[${corp}]]></ToUserName><AgentID><![CDATA[${app}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`

/** A callback as WeCom would post it, sealed by the vendor's own package. */
export const callback = (xml: string, sealing: Sealing = {}): RawRequest => {
  const encrypted = sealing.encrypted ?? oracle.encrypt(connection.encodingAesKey, xml, sealing.receiveId ?? corpId)
  return { method: 'POST', query: signedQuery(encrypted, sealing), headers: {}, body: Buffer.from(outerXml(encrypted)) }
}

const created = String(now.getTime() / 1000 - 2)

/** The inside of a message: the common fields around `inner`. */
export const inside = (inner: string, from = 'liwei'): string =>
  `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName>` +
  `<CreateTime>${created}</CreateTime>${inner}<AgentID>${agentId}</AgentID></xml>`

export const event = (name: string, inner = '', from = 'liwei'): string =>
  inside(`<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${inner}`, from)

export const textMessage = inside(
  '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[3号车间护栏松动]]></Content><MsgId>7459012345678901001</MsgId>',
)

export const pressEvent = event(
  'template_card_event',
  '<EventKey><![CDATA[hazard.accept:haz_0123456789@3]]></EventKey><TaskId><![CDATA[eff_01]]></TaskId><CardType><![CDATA[button_interaction]]></CardType>' +
    '<ResponseCode><![CDATA[RCODE-0001]]></ResponseCode><SelectedItems><SelectedItem><QuestionKey><![CDATA[reason]]></QuestionKey>' +
    '<OptionIds><OptionId><![CDATA[dup]]></OptionId></OptionIds></SelectedItem></SelectedItems>',
)

export const card: Card = {
  tone: 'danger',
  title: '隐患待处理',
  subtitle: 'YH-SH01-20261122-0042-K',
  facts: [
    { label: '区域', value: '3号泵房' },
    { label: '等级', value: '较大' },
  ],
  body: '泵体漏油，地面湿滑',
  pictures: [],
  form: [],
  actions: [
    { key: 'hazard.accept:haz_0123456789@3', label: '接单', style: 'primary', needsForm: false },
    { key: 'hazard.transfer:haz_0123456789@3', label: '转派', style: 'default', needsForm: false },
  ],
  summary: '隐患待处理 3号泵房',
  page: { label: '看详情', url: 'https://andon.example.com/h/haz_0123456789?s=abc' },
  note: '15:40 升级至部门负责人',
}
