/**
 * How long one hostile request can hold the process. Requests as long as each platform's door reads go through its `receive`: from strangers without a key, from somebody who
 * has seen one genuine request (DingTalk's signatures of messages and presses cover no body), and from somebody who has the keys. An input's time is the median of its tries, the
 * longest is told beside it. Prints one line. Run: `node --expose-gc test/bench/hostile.ts`; with `--all` also every input's time.
 */
import { createHmac } from 'node:crypto'
import { eventKeys, sealEvent } from '../../src/bots/dingtalk/event-crypto.ts'
import { longestArrival } from '../../src/bots/dingtalk/wire.ts'
import { longestBody as longestFeishu } from '../../src/bots/feishu/verify.ts'
import type { RawRequest } from '../../src/bots/platform.ts'
import { longestBody as longestWecom } from '../../src/bots/wecom/verify.ts'
import { median } from './figures.ts'
import { anyBytes, type Body, type Input, jsons, xmls } from './hostile-bodies.ts'
import { dingtalkEvents, dingtalkMessages, dingtalkPresses, feishuEvents, wecomMessages } from './hostile-events.ts'
import { adapters } from './opening.ts'
import { credentials, type PlatformName, platforms } from './plant.ts'
import { dingtalkSigned, feishuSealed, wecomSealed } from './traffic.ts'

const tries = 9

export type Hostile = {
  readonly platform: PlatformName
  readonly from: 'stranger' | 'eavesdropper' | 'key holder'
  readonly input: string
  readonly milliseconds: number
  readonly longest: number
}

/** More than this is refused unseen. */
const most: Readonly<Record<PlatformName, number>> = { feishu: longestFeishu, dingtalk: longestArrival, wecom: longestWecom }
/** What fits into that once it is sealed. */
const inner = (platform: PlatformName): number => Math.floor(most[platform] * 0.74)

type Attack = { readonly from: Hostile['from']; readonly name: string; readonly request: RawRequest }

const bytesOf = (body: Body): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body)
const macOf = (text: string): string =>
  createHmac('sha256', credentials.dingtalk.cardCallbackSecret ?? '')
    .update(text)
    .digest('base64')

const forged: Readonly<Record<PlatformName, Pick<RawRequest, 'headers' | 'query'>>> = {
  feishu: {
    query: {},
    headers: {
      'x-lark-request-timestamp': String(Math.floor(Date.now() / 1000)),
      'x-lark-request-nonce': 'n',
      'x-lark-signature': 'f'.repeat(64),
    },
  },
  dingtalk: { query: { msg_signature: 'f'.repeat(40), timestamp: String(Date.now()), nonce: 'n' }, headers: {} },
  wecom: { query: { msg_signature: 'f'.repeat(40), timestamp: String(Math.floor(Date.now() / 1000)), nonce: 'n' }, headers: {} },
}

const strangers = (platform: PlatformName): readonly Attack[] => {
  const all = [...anyBytes(most[platform]), ...jsons(most[platform]), ...xmls(most[platform])]
  return all.flatMap(({ name, body }): readonly Attack[] => [
    { from: 'stranger', name: `${name}, unsigned`, request: { method: 'POST', query: {}, headers: {}, body: bytesOf(body) } },
    { from: 'stranger', name: `${name}, wrongly signed`, request: { method: 'POST', ...forged[platform], body: bytesOf(body) } },
  ])
}

type Sealed = { readonly headers?: RawRequest['headers']; readonly body: string; readonly query?: RawRequest['query'] }
const sealedAs = (
  from: Attack['from'],
  platform: PlatformName,
  inputs: readonly Input[],
  seal: (plain: string) => Sealed,
): readonly Attack[] =>
  inputs.map(({ name, body }) => {
    const { query = {}, headers = {}, body: sealed } = seal(String(body))
    const request = { method: 'POST', query, headers, body: Buffer.from(sealed) }
    if (request.body.length > most[platform]) throw new Error(`${platform} would not read ${name}: ${request.body.length} bytes`)
    return { from, name, request }
  })

const cardSigned = (body: string): Sealed => {
  const stamp = String(Date.now())
  return { body, headers: { 'x-ddpaas-signature': macOf(stamp), 'x-ddpaas-signature-timestamp': stamp } }
}

const dingtalkEventKeys = eventKeys(
  credentials.dingtalk.token ?? '',
  credentials.dingtalk.aesKey ?? '',
  credentials.dingtalk.clientId ?? '',
)
const dingtalkSealed = (plain: string): Sealed => {
  const {
    msg_signature = '',
    timeStamp: timestamp = '',
    nonce = '',
    encrypt,
  } = JSON.parse(sealEvent(dingtalkEventKeys, plain, new Date()))
  return { body: JSON.stringify({ encrypt }), query: { msg_signature, timestamp, nonce } }
}

const insiders: Readonly<Record<PlatformName, () => readonly Attack[]>> = {
  feishu: () => {
    const bytes = inner('feishu')
    return sealedAs('key holder', 'feishu', [...jsons(bytes), ...feishuEvents(bytes)], (plain) => feishuSealed(plain, Date.now()))
  },
  dingtalk: () => [
    ...sealedAs('eavesdropper', 'dingtalk', [...jsons(most.dingtalk), ...dingtalkMessages(most.dingtalk)], (plain) =>
      dingtalkSigned(plain, Date.now()),
    ),
    ...sealedAs('eavesdropper', 'dingtalk', [...jsons(most.dingtalk), ...dingtalkPresses(most.dingtalk)], cardSigned),
    ...sealedAs('key holder', 'dingtalk', [...jsons(inner('dingtalk')), ...dingtalkEvents(inner('dingtalk'))], dingtalkSealed),
  ],
  wecom: () => {
    const bytes = inner('wecom')
    return sealedAs('key holder', 'wecom', [...xmls(bytes), ...wecomMessages(bytes)], (plain) => wecomSealed(plain, Date.now()))
  },
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
  if (process.argv.includes('--all'))
    for (const one of worst)
      console.error(`${one.milliseconds.toFixed(2).padStart(7)} ${one.platform}, ${one.from}, ${one.input}`)
  console.log(`hostile ${JSON.stringify({ inputs: results.length, worst: worst.slice(0, 12) })}`)
}
