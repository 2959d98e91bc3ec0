import { createCipheriv, hash, randomBytes } from 'node:crypto'
import { createOpenBlocks, paddingAt } from '../../lib/aes.ts'
import { sameSecret } from '../../lib/crypto.ts'

/**
 * The sealed envelope that every WeCom callback and passive reply travels in (docs 90968 and 101033, read 2025-09). The
 * self-built app puts its corp id behind the message (`receiveId`), the smart bot nothing; whoever opens an envelope compares it.
 */
export type Envelope = {
  /** SHA-1 in lower-case hex over token, timestamp, nonce and cipher text, sorted by bytes. */
  readonly sign: (timestamp: string, nonce: string, encrypted: string) => string
  /** Compares in constant time. */
  readonly authentic: (signature: string, timestamp: string, nonce: string, encrypted: string) => boolean
  /** The message inside, or null when length, padding or frame are not exactly as documented. Call it only after `authentic`. */
  readonly open: (encrypted: string) => { readonly message: string; readonly receiveId: string } | null
  /** `salt` is 16 random bytes; give it only to repeat a known answer. */
  readonly seal: (message: string, receiveId: string, salt?: Uint8Array) => string
}

const padTo = 32
const frame = 20 // 16 random bytes and the message's length in 4

/** Throws TypeError for a key that is not 43 characters of base64: a connection set up wrongly must not start. */
export const createEnvelope = (token: string, encodingAesKey: string): Envelope => {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey))
    throw new TypeError('encodingAesKey must be the 43 characters shown in the WeCom console')
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const iv = key.subarray(0, 16)
  const openBlocks = createOpenBlocks(key)
  const sign: Envelope['sign'] = (timestamp, nonce, encrypted) =>
    hash('sha1', [token, timestamp, nonce, encrypted].sort().join(''), 'hex')

  return {
    sign,
    authentic: (signature, timestamp, nonce, encrypted) => sameSecret(sign(timestamp, nonce, encrypted), signature),
    open: (encrypted) => {
      const cipher = Buffer.from(encrypted, 'base64')
      return cipher.length === 0 || cipher.length % padTo !== 0 ? null : unframe(openBlocks(cipher))
    },
    seal: (message, receiveId, salt = randomBytes(16)) => {
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      return Buffer.concat([cipher.update(framed(message, receiveId, salt)), cipher.final()]).toString('base64')
    },
  }
}

/** The first block comes out of `OpenBlocks` as rubbish, and is the 16 random bytes that nobody reads. */
const unframe = (plain: Buffer): { message: string; receiveId: string } | null => {
  const end = paddingAt(plain, padTo)
  if (end === null || end < frame) return null
  const messageEnd = frame + plain.readUInt32BE(16)
  if (messageEnd > end) return null
  return { message: plain.toString('utf8', frame, messageEnd), receiveId: plain.toString('utf8', messageEnd, end) }
}

const framed = (message: string, receiveId: string, salt: Uint8Array): Buffer => {
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([salt, length, body, Buffer.from(receiveId)])
  const pad = padTo - (plain.length % padTo)
  return Buffer.concat([plain, Buffer.alloc(pad, pad)])
}
