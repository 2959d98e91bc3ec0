import { z } from 'zod'
import { freshBytes, hmacSha256, sameSecret, sha256 } from '../lib/crypto.ts'

/** Somebody is on the way to a platform's login and must come back with the same browser. `subject` is the page they want. */
export type Journey = { readonly connection: string; readonly subject: string; readonly nonce: string; readonly until: Date }

const form = z.strictObject({
  c: z.string().min(1).max(200),
  s: z.string().regex(/^[a-z]{3}_[0-9a-z]{10,40}$/),
  n: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  e: z.int().positive(),
})
const ticketForm = /^([A-Za-z0-9_-]{20,1000})\.([0-9a-f]{64})$/

/** The signature names its purpose, so that nothing else that this secret ever signs can be shown as a ticket. */
const signature = (secret: string, body: string): string => hmacSha256(secret, `andon sign-in\n${body}`)

/** What the browser keeps while its owner is at the platform. */
export const ticketOf = (secret: string, { connection, subject, nonce, until }: Journey): string => {
  const payload = { c: connection, s: subject, n: nonce, e: Math.floor(until.getTime() / 1000) }
  const body = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${body}.${signature(secret, body)}`
}

/** What travels through the platform and back: 64 letters and digits, which only the holder of the ticket can show the other half of. */
export const stateOf = (ticket: string): string => sha256(`andon sign-in state\n${ticket}`)

export const freshJourneyNonce = (): string => freshBytes(16).toString('base64url')

/** The journey behind a ticket that we signed and a state that belongs to it; null for everything else. Says nothing about its age. */
export const readJourney = (secret: string, ticket: string, state: string): Journey | null => {
  const [, body = '', signed = ''] = ticketForm.exec(ticket) ?? []
  if (body === '' || !sameSecret(signed, signature(secret, body)) || !sameSecret(state, stateOf(ticket))) return null
  const read = form.safeParse(parseJson(Buffer.from(body, 'base64url').toString('utf8')))
  if (!read.success) return null
  const { c, s, n, e } = read.data
  return { connection: c, subject: s, nonce: n, until: new Date(e * 1000) }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
