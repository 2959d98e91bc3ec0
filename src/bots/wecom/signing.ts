/**
 * Signatures and files beside the callbacks. `jsapiSignature` (bots/jsapi.ts) is the ground of the mini-app page (wx.config, wx.agentConfig),
 * `openMedia` of the smart bot's photos and files.
 */
import { createDecipheriv } from 'node:crypto'

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
