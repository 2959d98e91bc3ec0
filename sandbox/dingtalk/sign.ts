import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Signatures and event encryption as the platform makes them ("接收消息", "配置事件订阅", "注册卡片回调地址", read 2026-08).
 * Written from the documents, checked against `test/vectors/dingtalk.json`.
 */

/** `sign` header of a robot message callback: base64 HMAC-SHA256 of `timestamp\nsecret`, keyed by the app secret. */
export const robotSign = (secret: string, timestamp: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')

/** `x-ddpaas-signature` of a card callback: base64 HMAC-SHA256 of the timestamp alone. */
export const cardSign = (apiSecret: string, timestamp: string): string =>
  createHmac('sha256', apiSecret).update(timestamp).digest('base64')

/** `msg_signature` of an encrypted event: SHA-1 over the four parts, sorted by bytes. */
export const eventSign = (token: string, timestamp: string, nonce: string, encrypt: string): string =>
  createHash('sha1')
    .update([token, timestamp, nonce, encrypt].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join(''))
    .digest('hex')

const block = 32

const keyOf = (encodingAesKey: string): Buffer => {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  if (encodingAesKey.length !== 43 || key.length !== block)
    throw new Error('900004: EncodingAESKey must be 43 characters of base64')
  return key
}

/** Encrypts an event: random 16 bytes, length, text, owner key, PKCS#7 over blocks of 32. */
export const encryptEvent = (encodingAesKey: string, ownerKey: string, plain: string, random16: string): string => {
  const key = keyOf(encodingAesKey)
  const text = Buffer.from(plain, 'utf8')
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  const whole = Buffer.concat([Buffer.from(random16, 'latin1'), size, text, Buffer.from(ownerKey, 'utf8')])
  const pad = block - (whole.length % block)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([whole, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64')
}

/** Decrypts what `encryptEvent` makes; null when padding, length or owner key are not as they must be. */
export const decryptEvent = (encodingAesKey: string, ownerKey: string, encrypt: string): string | null => {
  const key = keyOf(encodingAesKey)
  const sealed = Buffer.from(encrypt, 'base64')
  if (sealed.length === 0 || sealed.length % 16 !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const whole = Buffer.concat([decipher.update(sealed), decipher.final()])
  const pad = whole.at(-1) ?? 0
  if (!(pad >= 1 && pad <= block && pad <= whole.length)) return null
  const body = whole.subarray(0, whole.length - pad)
  if (body.length < 20) return null
  const end = 20 + body.readUInt32BE(16)
  if (end > body.length || body.subarray(end).toString('utf8') !== ownerKey) return null
  return body.subarray(20, end).toString('utf8')
}

/** Equality that takes the same time wherever the texts differ. */
export const same = (a: string, b: string): boolean => {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}
