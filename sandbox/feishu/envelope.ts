/** HTTP around the platform's envelope: paths, bounded bodies, what success and refusal look like, a cut connection. */
import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { Answer } from './call.ts'
import { codes, type VendorError } from './codes.ts'

/** What leaves the gateway: status, headers, and a body as text or bytes. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export const jsonType = { 'content-type': 'application/json; charset=utf-8' }

export const matched = (pattern: string, path: string): Readonly<Record<string, string>> | null => {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!part.startsWith(':') && part !== value) return null
    if (part.startsWith(':')) params[part.slice(1)] = safeDecode(value)
  }
  return params
}

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The body, or null when it is longer than `most`: reading stops there. */
export const boundedBody = async (request: Request, most: number): Promise<Buffer | null> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > most) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export const refusal = (error: VendorError, logid: string): Reply => {
  const { status, msg } = codes[error.code]
  const { detail } = error
  const more = { log_id: logid, troubleshooter: `https://open.feishu.cn/search?log_id=${logid}`, ...detail.error }
  return {
    status: detail.status ?? status,
    headers: { ...jsonType, ...detail.headers },
    body: JSON.stringify({ code: error.code, msg: detail.msg ?? msg, error: more }),
  }
}

export const success = (answer: Answer): Reply => {
  switch (answer.kind) {
    case 'data':
      return { status: 200, headers: jsonType, body: JSON.stringify({ code: 0, msg: 'success', data: answer.data }) }
    case 'flat':
      return { status: 200, headers: jsonType, body: JSON.stringify(answer.body) }
    case 'file':
      return {
        status: 200,
        headers: { 'content-type': answer.mime, 'content-disposition': `attachment; filename="${answer.name}"` },
        body: answer.bytes,
      }
  }
}

export const asBody = (body: string | Uint8Array): string | ArrayBuffer =>
  typeof body === 'string' ? body : new Uint8Array(body).buffer

/** Cuts the connection under the request, as a broken network does. */
export const drop = (context: Context): Response => {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: IncomingMessage }
  incoming?.socket.destroy()
  return RESPONSE_ALREADY_SENT
}
