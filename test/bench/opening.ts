/**
 * What opening one callback costs: our own `receive` from raw bytes to a decoded arrival, beside the official packages on the same bytes. Theirs do less: the Feishu dispatcher
 * does not bound or judge the event, @wecom/crypto reads no XML, and the DingTalk client has no HTTP door at all, so its figure is its handling of an unsigned stream frame.
 * Prints one JSON line. Run: `node test/bench/opening.ts`.
 */
import { EventDispatcher, LoggerLevel } from '@larksuiteoapi/node-sdk'
import { decrypt, getSignature } from '@wecom/crypto'
import { DWClient } from 'dingtalk-stream'
import type { ChatPlatform, RawRequest } from '../../src/bots/platform.ts'
import { createClock } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { median } from './figures.ts'
import { credentials, type PlatformName, platforms } from './plant.ts'
import { sealedMessage, tokenOf } from './traffic.ts'

const batch = 500
/** The kernel counts a thread's time every few milliseconds only, so a sample must be long beside that. */
const passes = 6
const [samples, warm] = [15, 3]

export const clock = createClock()
export const ports = {
  ...{ clock, log: silent, tokens: { get: async () => '', drop: async () => {} } },
  budget: { take: async () => {}, full: async () => [] },
}
const base = { apiBase: 'http://127.0.0.1', oapiBase: 'http://127.0.0.1', mode: 'webhook' }

/** The three adapters as a service would make them. */
export const adapters = async (): Promise<Readonly<Record<PlatformName, ChatPlatform>>> => {
  const { createFeishu } = await import('../../src/bots/feishu/platform.ts')
  const { createDingtalk } = await import('../../src/bots/dingtalk/platform.ts')
  const { createWecom } = await import('../../src/bots/wecom/platform.ts')
  return {
    feishu: createFeishu({ ...credentials.feishu, ...base } as unknown as Parameters<typeof createFeishu>[0], ports),
    dingtalk: createDingtalk({ ...credentials.dingtalk, ...base } as unknown as Parameters<typeof createDingtalk>[0], ports),
    wecom: createWecom({ ...credentials.wecom, ...base } as unknown as Parameters<typeof createWecom>[0], ports),
  }
}

type Prepared = { readonly raw: RawRequest; readonly body: string }

const prepare = (platform: PlatformName): readonly Prepared[] =>
  Array.from({ length: batch }, (_, n) => {
    const { path, headers, body } = sealedMessage({ platform, worker: n, token: tokenOf('o', n), at: Date.now() })
    const query = Object.fromEntries(new URL(path, 'http://127.0.0.1').searchParams)
    return { body, raw: { method: 'POST', query, headers, body: Buffer.from(body) } }
  })

type Theirs = (one: Prepared) => unknown

const feishuSdk = (): Theirs => {
  const { encryptKey = '', verificationToken = '' } = credentials.feishu
  const mute = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }
  const dispatcher = new EventDispatcher({
    encryptKey,
    verificationToken,
    logger: mute,
    loggerLevel: LoggerLevel.fatal,
  }).register({
    'im.message.receive_v1': () => ({}),
  })
  return ({ body, raw }) => dispatcher.invoke(Object.assign(Object.create({ headers: raw.headers }), JSON.parse(body)))
}

const wecomCrypto = (): Theirs => {
  const { token = '', encodingAesKey = '' } = credentials.wecom
  return ({ body, raw }) => {
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? ''
    const { timestamp = '', nonce = '', msg_signature: given } = raw.query
    if (getSignature(token, timestamp, nonce, encrypted) !== given) throw new Error('signature')
    return decrypt(encodingAesKey, encrypted)
  }
}

const dingtalkSdk = (): Theirs => {
  const client = new DWClient({ clientId: 'bench', clientSecret: 'bench', debug: false })
  client.registerCallbackListener('/v1.0/im/bot/messages/get', ({ data }) => JSON.parse(data))
  const frames = new Map<string, string>()
  const frameOf = (body: string): string => {
    const headers = { topic: '/v1.0/im/bot/messages/get', messageId: 'm1', contentType: 'application/json', time: '1' }
    const frame = frames.get(body) ?? JSON.stringify({ specVersion: '1.0', type: 'CALLBACK', headers, data: body })
    frames.set(body, frame)
    return frame
  }
  return ({ body }) => client.onDownStream(frameOf(body))
}

const theirs: Readonly<Record<PlatformName, () => Theirs>> = { feishu: feishuSdk, dingtalk: dingtalkSdk, wecom: wecomCrypto }

/** Microseconds of this thread's processor time for one call, by batch: what neighbours on the machine take does not count. */
const timed = async (requests: readonly Prepared[], call: Theirs): Promise<readonly number[]> => {
  const found: number[] = []
  for (let n = 0; n < samples + warm; n += 1) {
    const before = process.threadCpuUsage()
    for (let pass = 0; pass < passes; pass += 1) {
      for (const one of requests) {
        const result = call(one)
        if (result instanceof Promise) await result
      }
    }
    const { user, system } = process.threadCpuUsage(before)
    found.push((user + system) / (requests.length * passes))
  }
  return found.slice(warm)
}

export type Opening = { readonly platform: PlatformName; readonly ours: number; readonly theirs: number }

/** Only when this file is the program: others take its adapters. */
if (import.meta.main) {
  const made = await adapters()
  const results: Opening[] = []
  for (const platform of platforms) {
    const requests = prepare(platform)
    const { receive } = made[platform]
    for (const { raw } of requests) if (receive(raw).kind !== 'accepted') throw new Error(`${platform} refuses a genuine message`)
    const ours = await timed(requests, ({ raw }) => receive(raw))
    results.push({ platform, ours: median(ours), theirs: median(await timed(requests, theirs[platform]())) })
  }
  console.log(`opening ${JSON.stringify(results)}`)
}
