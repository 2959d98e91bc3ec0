import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { DingtalkConnection } from '../../src/bots/dingtalk/platform.ts'
import type { PlatformPorts, RawRequest, TokenStore } from '../../src/bots/platform.ts'
import type { Card } from '../../src/cards/card.ts'
import { silent } from '../../src/lib/log.ts'

type Sealed = {
  readonly token: string
  readonly encodingAesKey: string
  readonly ownerKey: string
  readonly timestamp: string
  readonly nonce: string
  readonly encrypt: string
  readonly msgSignature: string
}

/** Known answers; each names its own source. */
export const vectors: {
  readonly robotHttpCallbackSign: { readonly cases: readonly { secret: string; timestamp: string; signBase64: string }[] }
  readonly cardHttpCallbackSign: { readonly cases: readonly { apiSecret: string; timestamp: string; signature: string }[] }
  readonly eventCrypto: {
    readonly decryptCases: readonly (Sealed & { readonly expect: { readonly msg: string } })[]
    readonly encryptCases: readonly (Sealed & { readonly random16: string; readonly plaintext: string })[]
    readonly negativeCases: readonly (Partial<Sealed> & { readonly name: string; readonly verifierOwnerKey?: string })[]
  }
  readonly streamFrames: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly samplePayloads: Readonly<Record<string, Readonly<Record<string, unknown>>>>
} = JSON.parse(readFileSync(new URL('../vectors/dingtalk.json', import.meta.url), 'utf8'))

export const connection: DingtalkConnection = {
  id: 'dingtalk-demo',
  platform: 'dingtalk',
  mode: 'stream',
  clientId: 'dingemuappkey0001',
  clientSecret: 'emu-app-secret-0123456789ABCDEFGHIJKLMNOPQRSTUV',
  corpId: 'ding0emulatorcorp',
  agentId: '2600000001',
  robotCode: 'dingemuappkey0001',
  cardTemplateId: '5e0d1c52-7a3b-4f0e-9d21-a9d0a9d0a9d0.schema',
  token: 'emuToken01',
  aesKey: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
  cardCallbackSecret: 'emu-card-api-secret',
  cardCallbackRouteKey: 'andon',
  apiBase: 'http://127.0.0.1:1',
  oapiBase: 'http://127.0.0.1:1',
}

export const { cardTemplateId: _template, ...withoutTemplate } = connection

/** The instant at which every test of this folder takes place: just after the vectors'. */
export const now = new Date(1767225600500)
export const stamp = '1767225600000'
export const clock = { now: () => now }

/** The store as one process would have it: a token is fetched once and kept until it is dropped. */
export const createTokens = (): TokenStore & { readonly fetched: () => number } => {
  const kept = new Map<string, Promise<{ readonly token: string }>>()
  let count = 0
  return {
    fetched: () => count,
    get: async (name, fetch) => {
      const found = kept.get(name)
      if (found) return (await found).token
      count += 1
      const fresh = fetch()
      kept.set(name, fresh)
      fresh.catch(() => kept.delete(name))
      return (await fresh).token
    },
    drop: async (name, token) => {
      if ((await kept.get(name))?.token === token) kept.delete(name)
    },
  }
}

export const createPorts = (parts: Partial<PlatformPorts> = {}): PlatformPorts => ({
  clock,
  log: silent,
  tokens: createTokens(),
  budget: { take: async () => {}, full: async () => [] },
  ...parts,
})

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const mac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('base64')

export const robotRequest = (body: unknown, at = stamp, secret = connection.clientSecret): RawRequest => ({
  method: 'POST',
  query: {},
  headers: { timestamp: at, sign: mac(secret, `${at}\n${secret}`) },
  body: bytes(body),
})

export const cardRequest = (body: unknown, at = stamp, secret = 'emu-card-api-secret'): RawRequest => ({
  method: 'POST',
  query: {},
  headers: { 'x-ddpaas-signature': mac(secret, at), 'x-ddpaas-signature-timestamp': at },
  body: bytes(body),
})

export const eventRequest = ({
  msgSignature,
  timestamp,
  nonce,
  encrypt,
}: Omit<Sealed, 'token' | 'encodingAesKey' | 'ownerKey'>): RawRequest => ({
  method: 'POST',
  query: { msg_signature: msgSignature, signature: msgSignature, timestamp, nonce },
  headers: {},
  body: bytes({ encrypt }),
})

export const pressOn = (params: unknown, more: object = {}): object => ({
  ...vectors.samplePayloads.cardActionStream,
  content: JSON.stringify({ cardPrivateData: { actionIds: ['action_1'], params } }),
  ...more,
})

export const actionKey = 'hazard.accept:haz_0123456789@3'

export const card: Card = {
  tone: 'danger',
  title: '隐患待处理',
  subtitle: 'YH-SH01-20261122-0042-K',
  facts: [
    { label: '地点', value: '3号泵房' },
    { label: '上报人', value: '张伟' },
  ],
  body: '密封处漏油\n地面湿滑',
  pictures: [{ image: 'a'.repeat(64), alt: '现场', key: '@lALPemu0001' }],
  form: [
    {
      kind: 'choice',
      name: 'level',
      label: '等级',
      required: true,
      initial: 'minor',
      options: [
        { value: 'major', label: '重大' },
        { value: 'minor', label: '一般' },
      ],
    },
    { kind: 'text', name: 'reason', label: '说明', multiline: true, longest: 200, required: false },
  ],
  actions: [
    { key: actionKey, label: '接单', style: 'primary', needsForm: false },
    { key: 'hazard.grade:haz_0123456789@3', label: '定级', style: 'default', needsForm: true },
  ],
  summary: '隐患待处理：3号泵房漏油',
  page: { label: '查看详情', url: 'https://andon.example.com/p/haz?sign=abc(1)' },
  note: '15:40 升级至部门负责人',
}
