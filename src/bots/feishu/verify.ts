/**
 * Is this request from the platform, whole and recent? Everything that proves it is required.
 * Source: open.feishu.cn 将事件发送至开发者服务器, 配置 Encrypt Key (read 2026-05).
 */

import { createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { type Clock, hours, type Millis, minutes } from '../../lib/clock.ts'
import { sameSecret } from '../../lib/crypto.ts'
import { readJson } from '../../lib/json.ts'
import type { RawRequest } from '../platform.ts'
import { challenge } from './wire.ts'

/** The longest body that is looked at. The largest genuine one, a text of 150 kB, is far below it when encrypted. */
export const longestBody = 1_048_576

/** The check of an address is small; nothing larger is opened without a signature. */
const longestHandshake = 8_192

/**
 * How old a signed request may be. Events are delivered again after 15 s, 5 min, 1 h and 6 h, and whether a retry is signed anew is not documented:
 * a tighter window could lose a report for ever, and a replay inside it meets the inbox, which keeps keys for longer. Callbacks are never retried.
 */
export const oldestEvent: Millis = hours(8)
export const oldestCallback: Millis = minutes(5)
/** How far the platform's clock may be ahead of ours. */
const furthestAhead: Millis = minutes(5)

export type Opened =
  | { readonly kind: 'opened'; readonly envelope: unknown; readonly age: Millis }
  | { readonly kind: 'handshake'; readonly challenge: string }
  | { readonly kind: 'refused'; readonly because: string }

export type Keys = { readonly encryptKey: string; readonly verificationToken: string }

const refused = (because: string): Opened => ({ kind: 'refused', because })

/** Gives a function that checks and opens requests under one pair of keys. Throws when a key is missing: nothing could be proved without it. */
export const createOpener = ({ encryptKey, verificationToken }: Keys, clock: Clock): ((request: RawRequest) => Opened) => {
  if (!encryptKey || !verificationToken)
    throw new Error('Feishu over HTTP needs encryptKey and verificationToken: copy both from 事件与回调 > 加密策略')
  const key = secretKey(encryptKey)

  return (request) => {
    if (request.method !== 'POST') return refused('method')
    if (!(request.body.byteLength <= longestBody)) return refused('too-large')
    const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength)
    const signed = checkSignature(request.headers, body, encryptKey, clock)
    if (typeof signed === 'string' && body.length > longestHandshake) return refused(signed)
    const envelope = decrypt(body, key)
    if (envelope === null) return refused('not-encrypted-for-us')
    // The check of an address is not signed (the page says so), but it is encrypted and carries the token.
    if (isChallenge(envelope)) return greet(envelope, verificationToken)
    if (typeof signed === 'string') return refused(signed)
    return { kind: 'opened', envelope, age: signed.age }
  }
}

/** The AES key of an Encrypt Key. A KeyObject, made once: a raw key costs three times as much per message. */
export const secretKey = (encryptKey: string): KeyObject => createSecretKey(createHash('sha256').update(encryptKey).digest())

/** The text inside `encrypt`, or null when it was not made with this key. AES-256-CBC, IV first, PKCS#7. */
export const decryptText = (encrypted: string, key: KeyObject): string | null => {
  const raw = Buffer.from(encrypted, 'base64')
  if (raw.length < 32 || raw.length % 16 !== 0) return null
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, raw.subarray(0, 16))
    // Joined as bytes: workerd decodes each part by itself, and a character that spans two of them is lost.
    return Buffer.concat([decipher.update(raw.subarray(16)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

const decrypt = (body: Buffer, key: KeyObject): unknown => {
  const outer = json(body.toString())
  if (!isObject(outer) || typeof outer.encrypt !== 'string') return null
  const inner = decryptText(outer.encrypt, key)
  const envelope = inner === null ? null : json(inner)
  return isObject(envelope) ? envelope : null
}

/** Hex SHA-256 over timestamp, nonce, Encrypt Key and the bytes as received, without separators. */
export const signature = (timestamp: string, nonce: string, encryptKey: string, body: Uint8Array): string =>
  createHash('sha256')
    .update(timestamp + nonce + encryptKey)
    .update(body)
    .digest('hex')

const checkSignature = (
  headers: RawRequest['headers'],
  body: Buffer,
  encryptKey: string,
  clock: Clock,
): string | { age: Millis } => {
  const timestamp = headers['x-lark-request-timestamp']
  const nonce = headers['x-lark-request-nonce']
  const given = headers['x-lark-signature']
  if (!timestamp || !nonce || !given) return 'unsigned'
  if (!/^\d{1,12}$/.test(timestamp) || nonce.length > 256) return 'malformed-signature'
  if (!sameSecret(given, signature(timestamp, nonce, encryptKey, body))) return 'wrong-signature'
  const age = clock.now().getTime() - Number(timestamp) * 1000
  if (!(age <= oldestEvent)) return 'stale'
  if (!(age >= -furthestAhead)) return 'from-the-future'
  return { age }
}

const isChallenge = (envelope: unknown): boolean => isObject(envelope) && envelope.type === 'url_verification'

const greet = (envelope: unknown, verificationToken: string): Opened => {
  const parsed = challenge.safeParse(envelope)
  if (!parsed.success) return refused('malformed-handshake')
  if (!sameSecret(parsed.data.token, verificationToken)) return refused('wrong-token')
  return { kind: 'handshake', challenge: parsed.data.challenge }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const json = (text: string): unknown => readJson(text) ?? null
