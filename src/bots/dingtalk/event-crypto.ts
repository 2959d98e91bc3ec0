import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject, randomBytes } from 'node:crypto'
import { sameSecret } from '../../lib/crypto.ts'

/** What one event subscription seals with. `owner` stands at the end of every plain text: the clientId for apps configured in the console. */
export type EventKeys = { readonly token: string; readonly key: KeyObject; readonly iv: Buffer; readonly owner: string }

/** Throws for anything but 43 base64 characters: a short key would make every push undecipherable (900004 of the official library). */
export const eventKeys = (token: string, aesKey: string, owner: string): EventKeys => {
  if (!/^[A-Za-z0-9+/]{43}$/.test(aesKey))
    throw new Error('aesKey: copy all 43 characters of the EncodingAESKey from the event subscription page')
  const key = Buffer.from(`${aesKey}=`, 'base64')
  return { token, key: createSecretKey(key), iv: key.subarray(0, 16), owner }
}

/** Hex SHA-1 of the four parts in byte order. Page "配置HTTP推送" (`configure-stream-push`) and open-dingtalk/DingTalk-Callback-Crypto, 2026-08. */
export const eventSignature = (token: string, timestamp: string, nonce: string, sealed: string): string =>
  hash('sha1', [token, timestamp, nonce, sealed].sort().join(''), 'hex')

const head = 16 + 4
const block = 32

/**
 * The text inside `encrypt`, or null when it is not ours: wrong key, cut short, or for another owner.
 * Padding may be 1..32 whatever the block: the official Go library pads to 16, so Node's own unpadding would throw.
 */
export const openEvent = (keys: EventKeys, sealed: string): string | null => {
  const raw = Buffer.from(sealed, 'base64')
  if (raw.length < block || raw.length % 16 !== 0) return null
  // A prepared KeyObject: given raw bytes, Node spends six times as long on each call.
  const decipher = createDecipheriv('aes-256-cbc', keys.key, keys.iv).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(raw), decipher.final()])
  const pad = plain[plain.length - 1] ?? 0
  const end = plain.length - pad
  if (!(pad >= 1 && pad <= block && end >= head)) return null
  const length = plain.readUInt32BE(16)
  if (!(length <= end - head)) return null
  if (!sameSecret(plain.toString('utf8', head + length, end), keys.owner)) return null
  return plain.toString('utf8', head, head + length)
}

/** The answer to a push: the same envelope the other way round. `timeStamp` is spelt differently from the query on purpose. */
export const sealEvent = (keys: EventKeys, text: string, at: Date, random: Buffer = randomBytes(16)): string => {
  const message = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const plain = Buffer.concat([random, length, message, Buffer.from(keys.owner)])
  const pad = block - (plain.length % block)
  const cipher = createCipheriv('aes-256-cbc', keys.key, keys.iv).setAutoPadding(false)
  const encrypt = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
  const timeStamp = String(at.getTime())
  const nonce = randomBytes(8).toString('hex')
  return JSON.stringify({ msg_signature: eventSignature(keys.token, timeStamp, nonce, encrypt), timeStamp, nonce, encrypt })
}
