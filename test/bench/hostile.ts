/**
 * How long one hostile request can hold the process. Requests of up to 1 MiB go through each platform's `receive`: from strangers without a key, from somebody who has seen one
 * genuine request (DingTalk's robot signature covers no body), and from somebody who has the keys. An input's time is the median of its tries, the longest is told beside it.
 * Prints one line. Run: `node test/bench/hostile.ts`.
 */
import { randomBytes } from 'node:crypto'
import type { RawRequest } from '../../src/bots/platform.ts'
import { median } from './figures.ts'
import { adapters } from './opening.ts'
import { credentials, type PlatformName, platforms } from './plant.ts'
import { dingtalkSigned, feishuSealed, wecomSealed } from './traffic.ts'

const most = 1024 * 1024
const tries = 9

export type Hostile = {
  readonly platform: PlatformName
  readonly from: 'stranger' | 'eavesdropper' | 'key holder'
  readonly input: string
  readonly milliseconds: number
  readonly longest: number
}

type Body = string | Uint8Array
type Input = { readonly name: string; readonly body: Body }

const filled = (head: string, unit: string, tail = '', bytes = most): string => {
  const room = bytes - Buffer.byteLength(head) - Buffer.byteLength(tail)
  return head + unit.repeat(Math.max(0, Math.floor(room / Buffer.byteLength(unit)))) + tail
}

/** JSON that costs: deep, wide, long, escaped, doubled, half. `bytes` because what is sealed grows by a third. */
const jsons = (bytes: number): readonly Input[] => [
  { name: 'brackets without an end', body: filled('', '[', '', bytes) },
  { name: 'brackets in balance', body: '['.repeat(bytes / 2) + ']'.repeat(bytes / 2) },
  { name: 'objects within objects', body: filled('', '{"a":', '', bytes) },
  { name: 'many empty objects', body: filled('[', '{},', '{}]', bytes) },
  { name: 'one name again and again', body: filled('{', '"a":0,', '"a":0}', bytes) },
  {
    name: 'very many names',
    body: `{${Array.from({ length: Math.floor(bytes / 14) }, (_, n) => `"k${n}":0`).join(',')}}`,
  },
  { name: 'one escaped text', body: filled('"', '\\u0000', '"', bytes) },
  { name: 'one long number', body: filled('1', '0', '', bytes) },
  { name: 'numbers with exponents', body: filled('[', '1e308,', '1]', bytes) },
  { name: 'blanks', body: filled('', ' ', '{}', bytes) },
  { name: 'half a text', body: filled('{"encrypt":"', 'A', '', bytes) },
  { name: '__proto__ within __proto__', body: filled('', '{"__proto__":', '', bytes) },
]

const xmls = (bytes: number): readonly Input[] => [
  { name: 'opening marks', body: filled('', '<', '', bytes) },
  { name: 'elements without an end', body: filled('<xml>', '<a>', '', bytes) },
  { name: 'a thousand elements', body: filled('<xml>', '<a></a>', '</xml>', bytes) },
  { name: 'entities', body: filled('<xml><a>', '&lt;', '</a></xml>', bytes) },
  { name: 'ampersands', body: filled('<xml><a>', '&', '</a></xml>', bytes) },
  { name: 'CDATA without an end', body: filled('<xml><a>', '<![CDATA[', '', bytes) },
  { name: 'many CDATA sections', body: filled('<xml><a>', '<![CDATA[]]>', '</a></xml>', bytes) },
  { name: 'a declaration of entities', body: filled('<!DOCTYPE a [', '<!ENTITY a "&a;&a;">', ']><xml></xml>', bytes) },
  { name: 'one long name', body: filled('<', 'a', '></a>', bytes) },
  { name: 'one long cipher text', body: filled('<xml><Encrypt><![CDATA[', 'A', ']]></Encrypt></xml>', bytes) },
  { name: 'blanks', body: filled('<xml>', ' ', '</xml>', bytes) },
]

const anyBytes: readonly Input[] = [
  { name: 'zeros', body: new Uint8Array(most) },
  { name: 'random bytes', body: randomBytes(most) },
  { name: 'broken UTF-8', body: new Uint8Array(most).fill(0xff) },
  { name: 'long cipher text', body: filled('{"encrypt":"', 'A', '"}') },
  { name: 'more than is read', body: new Uint8Array(most + 1) },
]

/** Bodies that are genuine in form and fill each field that is read. */
const feishuEvents = (): readonly Input[] => {
  const { verificationToken, appId, tenantKey } = credentials.feishu
  const header = {
    event_id: 'e',
    event_type: 'im.message.receive_v1',
    create_time: '1',
    token: verificationToken,
    app_id: appId,
    tenant_key: tenantKey,
  }
  const sender = { sender_id: { open_id: 'ou_1' }, sender_type: 'user', tenant_key: tenantKey }
  const mentions = Array.from({ length: 200 }, (_, n) => ({ key: `@_user_${n}`, name: '名'.repeat(100), mentioned_type: 'user' }))
  const message = (kind: string, content: unknown): string =>
    JSON.stringify({
      ...{ schema: '2.0', header },
      event: {
        sender,
        message: {
          message_id: 'om_1',
          chat_id: 'oc_1',
          chat_type: 'p2p',
          message_type: kind,
          content: JSON.stringify(content),
          mentions,
        },
      },
    })
  const line = Array.from({ length: 450 }, () => ({ tag: 'text', text: '@_user_1 ' }))
  return [
    { name: 'a text of mentions', body: message('text', { text: '@_user_1 '.repeat(40_000) }) },
    { name: 'a text of line ends', body: message('text', { text: '\r\n'.repeat(90_000) }) },
    { name: 'a text of lone surrogates', body: message('text', { text: '\ud800'.repeat(60_000) }) },
    { name: 'a text of direction marks', body: message('text', { text: '\u202e'.repeat(150_000) }) },
    { name: 'a post of many pieces', body: message('post', { title: '', content: Array.from({ length: 30 }, () => line) }) },
    { name: 'content of brackets', body: message('text', '[').replace('"\\"[\\""', JSON.stringify('['.repeat(400_000))) },
  ]
}

const dingtalkMessages = (bytes: number): readonly Input[] => {
  const { corpId, robotCode } = credentials.dingtalk
  const base = {
    msgId: 'm',
    conversationType: '1',
    chatbotCorpId: corpId,
    senderCorpId: corpId,
    senderStaffId: 's',
    robotCode,
    createAt: 1,
  }
  const count = Math.floor(bytes / 45)
  const pieces = Array.from({ length: count }, () => ({ type: 'picture', downloadCode: 'c' }))
  return [
    { name: 'a long text', body: JSON.stringify({ ...base, msgtype: 'text', text: { content: '油'.repeat(bytes / 3 - 200) } }) },
    {
      name: 'a text of line ends',
      body: JSON.stringify({ ...base, msgtype: 'text', text: { content: '\r'.repeat(bytes / 2 - 200) } }),
    },
    {
      name: 'a text of blanks',
      body: JSON.stringify({ ...base, msgtype: 'text', text: { content: `a${' '.repeat(bytes - 500)}a` } }),
    },
    { name: 'very many pieces', body: JSON.stringify({ ...base, msgtype: 'richText', content: { richText: pieces } }) },
    {
      name: 'very many mentions',
      body: JSON.stringify({
        ...base,
        msgtype: 'richText',
        content: { richText: Array.from({ length: count }, () => ({ type: 'at', atName: '' })) },
      }),
    },
  ]
}

const wecomMessages = (bytes: number): readonly Input[] => {
  const { corpId, agentId } = credentials.wecom
  const head = `<xml><ToUserName>${corpId}</ToUserName><FromUserName>u</FromUserName><CreateTime>1</CreateTime><AgentID>${agentId}</AgentID>`
  return [
    { name: 'a long text', body: filled(`${head}<MsgType>text</MsgType><Content>`, '油', '</Content></xml>', bytes) },
    { name: 'a text of entities', body: filled(`${head}<MsgType>text</MsgType><Content>`, '&amp;', '</Content></xml>', bytes) },
    { name: 'a text of line ends', body: filled(`${head}<MsgType>text</MsgType><Content>`, '\r', '</Content></xml>', bytes) },
    {
      name: 'a long event',
      body: filled(`${head}<MsgType>event</MsgType><Event>click</Event><EventKey>`, 'k', '</EventKey></xml>', bytes),
    },
  ]
}

type Attack = { readonly from: Hostile['from']; readonly name: string; readonly request: RawRequest }

const bytesOf = (body: Body): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body)
const forged: Readonly<Record<PlatformName, Pick<RawRequest, 'headers' | 'query'>>> = {
  feishu: {
    query: {},
    headers: { 'x-lark-request-timestamp': '1', 'x-lark-request-nonce': 'n', 'x-lark-signature': 'f'.repeat(64) },
  },
  dingtalk: { query: { msg_signature: 'f'.repeat(40), timestamp: String(Date.now()), nonce: 'n' }, headers: {} },
  wecom: { query: { msg_signature: 'f'.repeat(40), timestamp: String(Math.floor(Date.now() / 1000)), nonce: 'n' }, headers: {} },
}

const strangers = (platform: PlatformName): readonly Attack[] =>
  [...anyBytes, ...jsons(most), ...xmls(most)].flatMap(({ name, body }) => [
    { from: 'stranger', name: `${name}, unsigned`, request: { method: 'POST', query: {}, headers: {}, body: bytesOf(body) } },
    { from: 'stranger', name: `${name}, wrongly signed`, request: { method: 'POST', ...forged[platform], body: bytesOf(body) } },
  ])

type Sealed = { readonly headers: RawRequest['headers']; readonly body: string; readonly query?: RawRequest['query'] }
const sealedAs = (from: Attack['from'], inputs: readonly Input[], seal: (plain: string) => Sealed): readonly Attack[] =>
  inputs
    .map(({ name, body }) => ({ name, sealed: seal(String(body)) }))
    .filter(({ sealed }) => Buffer.byteLength(sealed.body) <= most)
    .map(({ name, sealed }) => ({
      from,
      name,
      request: { method: 'POST', query: sealed.query ?? {}, headers: sealed.headers, body: Buffer.from(sealed.body) },
    }))

/** What fits into 1 MiB once it is sealed. */
const inner = Math.floor(most * 0.74)
const insiders: Readonly<Record<PlatformName, () => readonly Attack[]>> = {
  feishu: () => sealedAs('key holder', [...jsons(inner), ...feishuEvents()], (plain) => feishuSealed(plain, Date.now())),
  dingtalk: () =>
    sealedAs('eavesdropper', [...jsons(most), ...dingtalkMessages(most)], (plain) => dingtalkSigned(plain, Date.now())),
  wecom: () => sealedAs('key holder', [...xmls(inner), ...wecomMessages(inner)], (plain) => wecomSealed(plain, Date.now())),
}

const hold = (receive: (request: RawRequest) => unknown, request: RawRequest): number => {
  const before = performance.now()
  receive(request)
  return performance.now() - before
}

/** Only when this file is the program. */
if (import.meta.main) {
  const made = await adapters()
  const results: Hostile[] = []
  for (const platform of platforms) {
    for (const { from, name, request } of [...strangers(platform), ...insiders[platform]()]) {
      globalThis.gc?.()
      const times = Array.from({ length: tries }, () => hold(made[platform].receive, request))
      results.push({ platform, from, input: name, milliseconds: median(times), longest: Math.max(...times) })
    }
  }
  const worst = results.toSorted((a, b) => b.milliseconds - a.milliseconds)
  console.log(`hostile ${JSON.stringify({ inputs: results.length, worst: worst.slice(0, 12) })}`)
}
