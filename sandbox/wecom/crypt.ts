/**
 * The callback crypto of WeCom as its page 加解密方案说明 (developer.work.weixin.qq.com/document/path/90968) describes it:
 * AES-256-CBC over random(16) ‖ length(4, big endian) ‖ message ‖ receiveid, padded to 32 bytes,
 * and a SHA-1 over four sorted strings.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

const blockBytes = 32
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** `msg_signature`: lower-case hex SHA-1 of token, timestamp, nonce and ciphertext in plain byte order. */
export const sign = (token: string, timestamp: string, nonce: string, encrypted: string): string =>
  createHash('sha1').update([token, timestamp, nonce, encrypted].sort(byBytes).join('')).digest('hex')

/** The 32 bytes behind the 43 characters of an EncodingAESKey. Throws when they are not 43 letters and digits. */
export const aesKey = (encoded: string): Buffer => {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encoded)) throw new Error('an EncodingAESKey has 43 characters')
  return Buffer.from(`${encoded}=`, 'base64')
}

/** Encrypts `text` for the holder of `key`; `random` are the 16 bytes in front. */
export const seal = (key: Buffer, text: string, receiveId: string, random: Uint8Array): string => {
  const message = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const plain = Buffer.concat([random, length, message, Buffer.from(receiveId)])
  const pad = blockBytes - (plain.length % blockBytes)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
}

export type Opened = { readonly text: string; readonly receiveId: string } | { readonly flaw: string }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const unpadded = (plain: Buffer): Buffer | null => {
  const pad = plain.at(-1) ?? 0
  if (!(pad >= 1 && pad <= blockBytes)) return null
  return plain.subarray(-pad).every((byte) => byte === pad) ? plain.subarray(0, -pad) : null
}

const readPlain = (plain: Buffer): Opened => {
  if (plain.length < 20) return { flaw: 'too short' }
  const end = 20 + plain.readUInt32BE(16)
  if (!(end <= plain.length)) return { flaw: 'length of the message' }
  try {
    return { text: utf8.decode(plain.subarray(20, end)), receiveId: utf8.decode(plain.subarray(end)) }
  } catch {
    return { flaw: 'not UTF-8' }
  }
}

/** Decrypts strictly: base64, whole blocks, every padding byte, the length field, UTF-8. Names the first flaw, never throws. */
export const open = (key: Buffer, encrypted: string): Opened => {
  if (!base64.test(encrypted)) return { flaw: 'not base64' }
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % blockBytes !== 0) return { flaw: 'not whole blocks' }
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = unpadded(Buffer.concat([decipher.update(bytes), decipher.final()]))
  return plain ? readPlain(plain) : { flaw: 'padding' }
}
