import { type Clock, minutes } from '../../lib/clock.ts'
import { sameSecret } from '../../lib/crypto.ts'
import { utf8 } from '../../lib/text.ts'
import type { RawRequest, RawResponse } from '../platform.ts'
import type { Envelope } from './envelope.ts'
import { type Element, readXml, textOf } from './xml.ts'

/**
 * A callback is refused when its timestamp is further away than this. WeCom names no window; its resends follow within seconds.
 */
export const freshFor = minutes(10)
/** The longest callback body that is looked at: WeCom documents texts of 2,048 bytes, and 100 kB of text, encrypted and in base64, still pass. */
export const longestBody = 256 * 1024

export type Opened =
  | { readonly kind: 'opened'; readonly xml: Element; readonly message: string; readonly at: Date }
  | { readonly kind: 'handshake'; readonly response: RawResponse }
  | { readonly kind: 'refused'; readonly because: string; readonly response: RawResponse }

export type Verifier = { readonly envelope: Envelope; readonly clock: Clock; readonly corpId: string; readonly agentId: string }

/**
 * Proves that a request comes from WeCom, for this corp and this app, and just now (docs 90238, 90930, 90968; read 2025-09).
 * GET is the check of the callback address: the answer is the bare decrypted text. POST carries a message. Nothing that proves
 * authenticity may be absent, doubled or empty; all failures of the cipher look alike from outside.
 */
export const verify = (by: Verifier, request: RawRequest): Opened => {
  if (request.method !== 'GET' && request.method !== 'POST') return refused('method', 405)
  if (!(request.body.byteLength <= longestBody)) return refused('too-large', 413)
  const { msg_signature: signature = '', timestamp = '', nonce = '', echostr = '' } = request.query
  if (!/^[0-9a-f]{40}$/.test(signature)) return refused('no-signature', 403)
  if (!(nonce.length >= 1 && nonce.length <= 128)) return refused('no-nonce', 403)
  if (!/^\d{1,11}$/.test(timestamp)) return refused('no-timestamp', 403)
  const at = new Date(Number(timestamp) * 1000)
  if (!(Math.abs(by.clock.now().getTime() - at.getTime()) <= freshFor)) return refused('stale', 403)

  const proof: Proof = { signature, timestamp, nonce }
  return request.method === 'GET' ? handshake(by, proof, echostr) : message(by, proof, request.body, at)
}

type Proof = { readonly signature: string; readonly timestamp: string; readonly nonce: string }

const handshake = (by: Verifier, proof: Proof, echo: string): Opened => {
  const text = unsealed(by, proof, echo)
  if (typeof text !== 'string') return text
  return { kind: 'handshake', response: { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text } }
}

const message = (by: Verifier, proof: Proof, body: Uint8Array, at: Date): Opened => {
  const outer = readXml(utf8(body))
  if (outer?.name !== 'xml') return refused('malformed', 400)
  const text = unsealed(by, proof, textOf(outer, 'Encrypt') ?? '')
  if (typeof text !== 'string') return text
  const xml = readXml(text)
  if (xml?.name !== 'xml') return refused('malformed', 400)
  if (!isOurs(by, outer, xml)) return refused('not-ours', 403)
  return { kind: 'opened', xml, message: text, at }
}

/** In the one spelling that an encoder gives; a pattern looked at every letter and took longer than the cipher. */
const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text

/** The message inside a signed cipher text, or why there is none. */
const unsealed = (by: Verifier, { signature, timestamp, nonce }: Proof, encrypted: string): string | Opened => {
  if (encrypted === '' || !isBase64(encrypted)) return refused('no-cipher', 403)
  if (!by.envelope.authentic(signature, timestamp, nonce, encrypted)) return refused('signature', 403)
  const opened = by.envelope.open(encrypted)
  if (!opened) return refused('cipher', 403)
  if (!sameSecret(opened.receiveId, by.corpId)) return refused('receiver', 403)
  return opened.message
}

/**
 * Corp and app, outside and inside. Only what the system itself reports (`FromUserName` is `sys`: contacts, batch jobs) may
 * come without an app inside, and then the envelope's `AgentID` is the app's or empty.
 */
const isOurs = ({ corpId, agentId }: Verifier, outer: Element, inner: Element): boolean => {
  if (textOf(outer, 'ToUserName') !== corpId || textOf(inner, 'ToUserName') !== corpId) return false
  const system = textOf(inner, 'FromUserName') === 'sys'
  const [outside, inside] = [textOf(outer, 'AgentID'), onlyIfAny(inner, 'AgentID')]
  return (outside === agentId || (system && outside === '')) && (inside === agentId || (system && inside === ''))
}

/** Empty when there is no such element, null when there are several. */
const onlyIfAny = (parent: Element, name: string): string | null =>
  parent.children.some((child) => child.name === name) ? textOf(parent, name) : ''

const refused = (because: string, status: number): Opened => ({
  kind: 'refused',
  because,
  response: { status, headers: {}, body: '' },
})
