import { createHmac } from 'node:crypto'
import { sameSecret } from '../lib/crypto.ts'

/**
 * How a call between Andon and a system outside proves itself, the same in both directions: HMAC-SHA256 (RFC 2104), in lower-case hex, over
 * `<timestamp>\n<nonce>\n<body>`, the body as the bytes that travel. `docs/integrations.md` is the description for whoever writes the other side.
 */
export const headers = {
  /** Seconds since 1970 at which the call was signed, ten digits. */
  timestamp: 'x-andon-timestamp',
  /** Names what is told: the same for every try of it, and never used for anything else. */
  nonce: 'x-andon-nonce',
  signature: 'x-andon-signature',
} as const

export type Proof = { readonly timestamp: string; readonly nonce: string; readonly signature: string }

const timestampForm = /^\d{10}$/
const nonceForm = /^[A-Za-z0-9_-]{16,64}$/
const signatureForm = /^[0-9a-f]{64}$/

/** The proof in these headers, or null when a part is missing, doubled or of another form. */
export const readProof = (header: (name: string) => string | null | undefined): Proof | null => {
  const timestamp = header(headers.timestamp) ?? ''
  const nonce = header(headers.nonce) ?? ''
  const signature = header(headers.signature) ?? ''
  const formed = timestampForm.test(timestamp) && nonceForm.test(nonce) && signatureForm.test(signature)
  return formed ? { timestamp, nonce, signature } : null
}

/** The signature of a call. */
export const sign = (secret: string, { timestamp, nonce }: Omit<Proof, 'signature'>, body: Uint8Array): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${nonce}\n`).update(body).digest('hex')

/** Was this body signed so by whoever holds the secret? Takes the same time wherever two signatures differ. */
export const isSigned = (secret: string, proof: Proof, body: Uint8Array): boolean =>
  sameSecret(sign(secret, proof, body), proof.signature)
