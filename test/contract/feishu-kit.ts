/** What the Feishu contract tests share: a connection, ports that keep everything in memory, and requests built from the document alone. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FeishuConnection } from '../../src/bots/feishu/platform.ts'
import type { PlatformPorts, RawRequest, TokenStore } from '../../src/bots/platform.ts'
import type { Card } from '../../src/cards/card.ts'
import { silent } from '../../src/lib/log.ts'

export const vectors = JSON.parse(readFileSync(new URL('../vectors/feishu.json', import.meta.url), 'utf8'))

export const connection: FeishuConnection = {
  id: 'feishu-hq',
  platform: 'feishu',
  mode: 'webhook',
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'demo-app-secret',
  encryptKey: 'demo-encrypt-key-01',
  verificationToken: 'demoVerificationToken01',
  tenantKey: '16a1b2c3d4e5f607',
  apiBase: 'http://127.0.0.1:1',
}

/** The second in which every request of these tests is made. */
export const now = 1_767_225_600

export const createTokens = (): TokenStore => {
  const kept = new Map<string, string>()
  return {
    get: async (name, fetch) => {
      const token = kept.get(name) ?? (await fetch()).token
      kept.set(name, token)
      return token
    },
    drop: async (name, token) => {
      if (kept.get(name) === token) kept.delete(name)
    },
  }
}

export const createPorts = (at: () => number = () => now): PlatformPorts & { readonly taken: string[] } => {
  const taken: string[] = []
  const take = async (endpoint: string, urgent: boolean): Promise<void> => void taken.push(urgent ? `${endpoint}!` : endpoint)
  return {
    clock: { now: () => new Date(at() * 1000) },
    log: silent,
    tokens: createTokens(),
    budget: { take, full: async () => [] },
    taken,
  }
}

export const encrypt = (plain: string, encryptKey = connection.encryptKey, iv = randomBytes(16)): string => {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv)
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64')
}

type Signing = { readonly timestamp?: string; readonly nonce?: string; readonly encryptKey?: string }

/** A request signed as the document says: hex SHA-256 over timestamp, nonce, key and the bytes. */
export const signed = (body: string | Uint8Array, signing: Signing = {}): RawRequest => {
  const { timestamp = String(now), nonce = 'n0nce-7c2f', encryptKey = connection.encryptKey } = signing
  const bytes = Buffer.from(body)
  const sum = createHash('sha256')
    .update(Buffer.concat([Buffer.from(timestamp + nonce + encryptKey), bytes]))
    .digest('hex')
  const headers = { 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce, 'x-lark-signature': sum }
  return { method: 'POST', query: {}, headers, body: bytes }
}

export const pushed = (envelope: unknown, signing: Signing = {}): RawRequest =>
  signed(JSON.stringify({ encrypt: encrypt(JSON.stringify(envelope)) }), signing)

export const header = (type: string, more: object = {}): object => ({
  event_id: 'b7c1d2e3f405162738495a6b7c8d9e0f',
  event_type: type,
  create_time: '1767225600123',
  token: connection.verificationToken,
  app_id: connection.appId,
  tenant_key: connection.tenantKey,
  ...more,
})

export const envelope = (type: string, event: unknown, more: object = {}): object => ({
  schema: '2.0',
  header: header(type, more),
  event,
})

export const person = 'ou_0a1b2c3d4e5f60718293a4b5c6d7e8f9'

export const message = (type: string, content: unknown, more: object = {}, sender: object = {}): object =>
  envelope('im.message.receive_v1', {
    sender: {
      sender_id: { open_id: person, union_id: 'on_5f1e', user_id: '' },
      sender_type: 'user',
      tenant_key: connection.tenantKey,
      ...sender,
    },
    message: {
      message_id: 'om_1a2b3c4d',
      create_time: '1767225600000',
      chat_id: 'oc_9f8e7d6c',
      chat_type: 'p2p',
      message_type: type,
      content: typeof content === 'string' ? content : JSON.stringify(content),
      ...more,
    },
  })

export const press = (action: object, more: object = {}): object =>
  envelope(
    'card.action.trigger',
    {
      operator: { open_id: person, tenant_key: connection.tenantKey, user_id: '' },
      token: 'c-4e5f60718293a4b5',
      action: { tag: 'button', ...action },
      host: 'im_message',
      context: { open_message_id: 'om_1a2b3c4d', open_chat_id: 'oc_9f8e7d6c' },
      ...more,
    },
    { create_time: '1767225605123456', event_id: 'f00112233445566778899aabbccddeef' },
  )

export const card: Card = {
  tone: 'warning',
  title: '隐患待处理',
  subtitle: 'YH-SH01-20261122-0042-K',
  facts: [
    { label: '位置', value: '3号泵房' },
    { label: '发现人', value: '王建国' },
  ],
  body: '地面积油，约两平方米',
  pictures: [{ image: 'a'.repeat(64), alt: '现场照片', key: 'img_v3_00ab' }],
  form: [],
  actions: [{ key: 'hazard.accept:haz_01k9abcdefgh@3', label: '接单', style: 'primary', needsForm: false }],
  summary: '隐患待处理：3号泵房 地面积油',
  page: { label: '查看详情', url: 'https://andon.example.com/h/1' },
  note: '15:40 升级至部门负责人',
}
