import { z } from 'zod'
import { freshBytes, hmacSha256, sameSecret } from '../lib/crypto.ts'
import type { AccountRef } from '../workflows/workflow.ts'

/**
 * What a link carries: whose it is (`c` connection, `a` account), what it shows (`s` subject), `n` 128 random bits that are used once, and `e` its end in
 * seconds of business time. One letter each, because WeCom takes addresses of at most 1,024 bytes in some places (developer.work.weixin.qq.com, menu/create).
 */
const payloadForm = z.strictObject({
  c: z.string().min(1).max(200),
  a: z.string().min(1).max(400),
  s: z.string().regex(/^[a-z]{3}_[0-9a-z]{10,40}$/),
  n: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  e: z.int().positive(),
})

export type LinkPayload = { readonly account: AccountRef; readonly subject: string; readonly nonce: string; readonly until: Date }

const tokenForm = /^([A-Za-z0-9_-]{20,1000})\.([A-Za-z0-9_-]{43})$/

/** The signature names its purpose, so that nothing else that this secret ever signs can be shown as a link. */
const signature = (secret: string, body: string): string =>
  Buffer.from(hmacSha256(secret, `andon page link\n${body}`), 'hex').toString('base64url')

export const freshNonce = (): string => freshBytes(16).toString('base64url')

/** The token of a link. Pure apart from what `payload` brings. */
export const linkToken = (secret: string, { account, subject, nonce, until }: LinkPayload): string => {
  const payload = { c: account.connection, a: account.account, s: subject, n: nonce, e: Math.floor(until.getTime() / 1000) }
  const body = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${body}.${signature(secret, body)}`
}

/** What a token carries, or null for anything that this secret did not sign. Says nothing about its age. Compared in constant time, parsed only then. */
export const readLinkToken = (secret: string, token: string): LinkPayload | null => {
  const found = tokenForm.exec(token)
  if (!found) return null
  const [, body = '', signed = ''] = found
  if (!sameSecret(signed, signature(secret, body))) return null
  const payload = payloadForm.safeParse(parseJson(Buffer.from(body, 'base64url').toString('utf8')))
  if (!payload.success) return null
  const { c, a, s, n, e } = payload.data
  return { account: { connection: c, account: a }, subject: s, nonce: n, until: new Date(e * 1000) }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
