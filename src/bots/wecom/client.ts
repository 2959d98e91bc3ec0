import axios, { type AxiosResponse, isAxiosError } from 'axios'
import type { z } from 'zod'
import { minutes, seconds } from '../../lib/clock.ts'
import { callWithin, neverLeft, TokenRefused, type TokenSource, withToken } from '../call.ts'
import { type Chat, DeliveryError, type PlatformPorts } from '../platform.ts'
import { failureOf } from './errors.ts'
import { tokenAnswer, verdict } from './wire.ts'

export type Credentials = { readonly corpId: string; readonly secret: string; readonly apiBase: string }

/**
 * One call of the API. `writes` says that people may see a result, so a lost answer is ambiguous; a lost read is only tried
 * again.
 */
export type Call<T> = {
  readonly path: string
  readonly params?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly answer: z.ZodType<T>
  readonly writes: boolean
  readonly urgent?: boolean
  /** What it writes to, as the platform counts that beside the API. */
  readonly chat?: Chat
}

/**
 * WeCom's API (docs 90313 and 91039, read 2025-09). Throws DeliveryError and nothing else for whatever the platform or the
 * network does.
 */
export type WecomClient = {
  readonly call: <T>(call: Call<T>) => Promise<T>
  /** The bytes behind a media id; permanent `too-large` beyond `limit`. */
  readonly download: (path: string, params: Readonly<Record<string, string>>, limit: number) => Promise<Uint8Array>
}

/** Adapters of axios in order of preference: Workers have no `http` and take `fetch`. */
export type Adapters = readonly ('http' | 'fetch')[]

const longestAnswer = 8 * 1024 * 1024

export const createClient = (
  { corpId, secret, apiBase }: Credentials,
  ports: Pick<PlatformPorts, 'tokens' | 'budget'>,
  adapters: Adapters = ['http', 'fetch'],
): WecomClient => {
  const exchange = createExchange(apiBase, adapters)
  const source: TokenSource = {
    name: 'access-token',
    fetch: async () => {
      const params = { corpid: corpId, corpsecret: secret }
      const { bytes } = await exchange({ path: 'gettoken', params, writes: false, limit: longestAnswer })
      const answer = read(bytes, tokenAnswer, false)
      return { token: answer.access_token, life: seconds(answer.expires_in) }
    },
  }
  return {
    call: async ({ path, params, body, answer, writes, urgent = false, chat }) => {
      await ports.budget.take(path, urgent, chat)
      return withToken(ports.tokens, source, async (token) => {
        const { bytes } = await exchange({ path, params: { ...params, access_token: token }, body, writes, limit: longestAnswer })
        return read(bytes, answer, writes)
      })
    },
    download: async (path, params, limit) => {
      await ports.budget.take(path, false)
      return withToken(ports.tokens, source, async (token) => {
        const room = Math.max(limit, 16 * 1024) // an error in JSON must fit even when the file may be tiny
        const { bytes, json } = await exchange({ path, params: { ...params, access_token: token }, writes: false, limit: room })
        if (json) read(bytes, verdict, false)
        if (json || bytes.byteLength === 0) throw new DeliveryError('permanent', 'no-file', { detail: path })
        if (bytes.byteLength > limit) throw new DeliveryError('permanent', 'too-large')
        return bytes
      })
    },
  }
}

// ── One exchange over HTTP ───────────────────────────────────────────────────────────────────────────────────────────

type Request = {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly writes: boolean
  readonly limit: number
}
type Answer = { readonly bytes: Buffer; readonly json: boolean }

/**
 * Redirects are not followed: the token travels in the address. Errors name the path only, never the query or axios' own error,
 * which hold it.
 */
const createExchange =
  (apiBase: string, adapters: Adapters) =>
  async ({ path, params, body, writes, limit }: Request): Promise<Answer> => {
    let response: AxiosResponse<ArrayBuffer | Buffer>
    try {
      response = await axios.request({
        adapter: [...adapters],
        baseURL: `${apiBase.replace(/\/+$/, '')}/cgi-bin`,
        url: path,
        method: body === undefined ? 'GET' : 'POST',
        params,
        ...(body !== undefined && { data: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } }),
        responseType: 'arraybuffer',
        maxContentLength: limit,
        maxRedirects: 0,
        signal: AbortSignal.timeout(callWithin),
        validateStatus: () => true,
      })
    } catch (error) {
      throw lost(error, path, writes)
    }
    if (response.status !== 200) throw badStatus(response.status, path, writes)
    return { bytes: asBuffer(response.data), json: /json|text\/plain/i.test(String(response.headers['content-type'] ?? '')) }
  }

const asBuffer = (data: ArrayBuffer | Buffer): Buffer => (Buffer.isBuffer(data) ? data : Buffer.from(data))

/** What a missing answer means: for what people may have seen it is uncertain, for a read nothing happened. */
const uncertain = (writes: boolean) => (writes ? 'ambiguous' : 'temporary')

const lost = (error: unknown, path: string, writes: boolean): DeliveryError => {
  if (isAxiosError(error) && /maxContentLength/.test(error.message))
    return new DeliveryError('permanent', 'too-large', { detail: path })
  if (codesOf(error).some(neverLeft)) return new DeliveryError('temporary', 'unreachable', { scope: 'connection', detail: path })
  return new DeliveryError(uncertain(writes), 'no-answer', { detail: path })
}

/**
 * The codes of an error and its causes: the fetch adapter wraps the socket's error twice, and a host with two addresses gives a
 * bundle.
 */
const codesOf = (error: unknown, depth = 0): readonly string[] => {
  if (typeof error !== 'object' || error === null || depth > 4) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  return [...own, ...('cause' in error ? codesOf(error.cause, depth + 1) : [])]
}

const badStatus = (status: number, path: string, writes: boolean): DeliveryError => {
  if (status === 429)
    return new DeliveryError('temporary', 'too-many-calls', { scope: 'connection', retryAfter: minutes(1), detail: path })
  if (status >= 500) return new DeliveryError(uncertain(writes), `http-${status}`, { scope: 'connection', detail: path })
  return new DeliveryError('permanent', `http-${status}`, { scope: 'connection', detail: path })
}

/** JSON of an answer, judged by its `errcode`, then by its shape. */
const read = <T>(bytes: Buffer, answer: z.ZodType<T>, writes: boolean): T => {
  const json = parse(bytes)
  const judged = verdict.safeParse(json)
  if (!judged.success) throw new DeliveryError(uncertain(writes), 'unreadable-answer')
  if (judged.data.errcode !== 0) throw failureOf(judged.data.errcode) ?? new TokenRefused()
  const answered = answer.safeParse(json)
  if (!answered.success) throw new DeliveryError(uncertain(writes), 'unreadable-answer')
  return answered.data
}

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
