/**
 * Is this request from the platform, whole and recent? Everything that proves it is required.
 * Source: open.feishu.cn 将事件发送至开发者服务器, 配置 Encrypt Key (read 2026-05).
 */

import { hash } from 'node:crypto'
import { createOpenBlocks, paddingAt } from '../../lib/aes.ts'
import { type Clock, hours, type Millis, minutes } from '../../lib/clock.ts'
import { sameSecret, sha256 } from '../../lib/crypto.ts'
import { type Fields, fieldsOf, readJson } from '../../lib/json.ts'
import { utf8 } from '../../lib/text.ts'
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
  | { readonly kind: 'opened'; readonly envelope: Fields; readonly age: Millis }
  | { readonly kind: 'handshake'; readonly challenge: string }
  | { readonly kind: 'refused'; readonly because: string }

export type Keys = { readonly encryptKey: string; readonly verificationToken: string }

const refused = (because: string): Opened => ({ kind: 'refused', because })

/** Gives a function that checks and opens requests under one pair of keys. Throws when a key is missing: nothing could be proved without it. */
export const createOpener = ({ encryptKey, verificationToken }: Keys, clock: Clock): ((request: RawRequest) => Opened) => {
  if (!encryptKey || !verificationToken)
    throw new Error('Feishu over HTTP needs encryptKey and verificationToken: copy both from 事件与回调 > 加密策略')
  const decrypt = createDecrypt(encryptKey)

  return (request) => {
    if (request.method !== 'POST') return refused('method')
    if (!(request.body.byteLength <= longestBody)) return refused('too-large')
    const { headers, body } = request
    const signed = checkSignature(headers, body, encryptKey, clock)
    if (typeof signed === 'string' && body.byteLength > longestHandshake) return refused(signed)
    const envelope = openEnvelope(body, decrypt)
    if (envelope === null) return refused('not-encrypted-for-us')
    // The check of an address is not signed (the page says so), but it is encrypted and carries the token.
    if (envelope.type === 'url_verification') return greet(envelope, verificationToken)
    if (typeof signed === 'string') return refused(signed)
    return { kind: 'opened', envelope, age: signed.age }
  }
}

type Decrypt = (encrypted: string) => string | null

/**
 * Gives the text inside `encrypt`, or null when it was not made with this Encrypt Key. AES-256-CBC, IV first, PKCS#7. The IV is read as one more
 * block before the message, so that the cipher's context may be kept.
 */
export const createDecrypt = (encryptKey: string): Decrypt => {
  const openBlocks = createOpenBlocks(hash('sha256', encryptKey, 'buffer'))
  return (encrypted) => {
    const raw = Buffer.from(encrypted, 'base64')
    if (raw.length < 32 || raw.length % 16 !== 0) return null
    const plain = openBlocks(raw)
    const end = paddingAt(plain, 16)
    return end === null ? null : plain.toString('utf8', 16, end)
  }
}

const openEnvelope = (body: Uint8Array, decrypt: Decrypt): Fields | null => {
  const encrypted = fieldsOf(readJson(utf8(body)))?.encrypt
  const inner = typeof encrypted === 'string' ? decrypt(encrypted) : null
  return inner === null ? null : fieldsOf(readJson(inner))
}

/** Hex SHA-256 over timestamp, nonce, Encrypt Key and the bytes as received, without separators. */
export const signature = (timestamp: string, nonce: string, encryptKey: string, body: Uint8Array): string =>
  sha256(Buffer.concat([Buffer.from(timestamp + nonce + encryptKey), body]))

const checkSignature = (
  headers: RawRequest['headers'],
  body: Uint8Array,
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

const greet = (envelope: Fields, verificationToken: string): Opened => {
  const parsed = challenge.safeParse(envelope)
  if (!parsed.success) return refused('malformed-handshake')
  if (!sameSecret(parsed.data.token, verificationToken)) return refused('wrong-token')
  return { kind: 'handshake', challenge: parsed.data.challenge }
}
