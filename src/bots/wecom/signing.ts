/**
 * Signatures and files beside the callbacks. `jsapiSignature` is the ground of the mini-app page (wx.config, wx.agentConfig),
 * `openMedia` of the smart bot's photos and files.
 */
import { createDecipheriv, hash } from 'node:crypto'

/** `timestamp` in seconds, as text or number exactly as the page gives it to the client. */
export type PageProof = {
  readonly ticket: string
  readonly nonce: string
  readonly timestamp: string | number
  readonly url: string
}

/**
 * Hex SHA-1 over ticket, nonce, timestamp and address in this order; the same for the corp's ticket (`wx.config`) and the app's (`wx.agentConfig`).
 * The address is cut at `#` and otherwise signed as it stands, escapes included. It vouches for the page under our ticket, so the caller signs
 * only addresses of its own origin. Source: docs 90506 (signature of the JS-SDK), read 2025-09.
 */
export const jsapiSignature = ({ ticket, nonce, timestamp, url }: PageProof): string =>
  hash('sha1', `jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${url.replace(/#.*$/s, '')}`, 'hex')

const padTo = 32

/**
 * The file behind a smart bot's media address, or null when length or padding are not exactly as documented. AES-256-CBC, IV = first half of
 * the key, padded to 32, without the frame of messages. `aesKey` is the address's own `aeskey` (long connection) or the bot's EncodingAESKey
 * (callback address), whose `=` is left off. The cipher proves nothing: what comes out is as hostile as any upload. Throws TypeError for a key
 * that is not 32 bytes of base64. Source: docs 100719 (messages of the smart bot, 2025-12-11) and 101033 (2025-07-23).
 */
export const openMedia = (aesKey: string, sealed: Uint8Array): Uint8Array | null => {
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(aesKey)) throw new TypeError('aesKey must be 32 bytes in base64')
  if (!(sealed.byteLength >= padTo && sealed.byteLength % padTo === 0)) return null
  const key = Buffer.from(aesKey, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(sealed), decipher.final()])
  const pad = plain[plain.length - 1] ?? 0
  if (!(pad >= 1 && pad <= padTo)) return null
  const end = plain.length - pad
  return plain.subarray(end).every((byte) => byte === pad) ? plain.subarray(0, end) : null
}
