import axios, { isAxiosError } from 'axios'
import type { z } from 'zod'
import { seconds } from '../../lib/clock.ts'
import { callWithin, neverLeft, type TokenSource, withToken } from '../call.ts'
import { type Chat, DeliveryError, type PlatformPorts } from '../platform.ts'
import { faultOf, lostAnswer, unreadable } from './errors.ts'
import { answers, asJson, type DingtalkConnection } from './wire.ts'

/** One call of the platform's API. */
export type Call<T> = {
  readonly host: 'api' | 'oapi'
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>> | FormData
  readonly answer: z.ZodType<T>
  /** False when the call only reads, or may be repeated without anybody noticing: a lost answer is then simply tried again. */
  readonly effect: boolean
  readonly urgent?: boolean
  /** What it writes to, as the platform counts that beside the API. */
  readonly chat?: Chat
}

export type Client = {
  /** Throws DeliveryError and nothing else for whatever the platform or the network does. */
  readonly call: <T>(call: Call<T>) => Promise<T>
  /** The raw exchange behind `call`, without a token: for the gateway of Stream mode and the token itself. */
  readonly open: <T>(call: Call<T>, signal?: AbortSignal) => Promise<T>
  /** A call with somebody else's token: that of a person who has just signed in. */
  readonly as: <T>(token: string, call: Call<T>) => Promise<T>
}

const longestAnswer = 8 * 1024 * 1024

type Exchange = { readonly status: number; readonly text: string }

export const createClient = (
  connection: DingtalkConnection,
  { tokens, budget }: Pick<PlatformPorts, 'tokens' | 'budget'>,
): Client => {
  const bases = { api: connection.apiBase, oapi: connection.oapiBase } as const

  const exchange = async <T>(
    { host, method, path, query, body, effect }: Call<T>,
    token: string | null,
    signal?: AbortSignal,
  ): Promise<Exchange> => {
    try {
      const { status, data } = await axios.request<unknown>({
        baseURL: bases[host],
        url: path,
        method,
        params: { ...query, ...(host === 'oapi' && token ? { access_token: token } : {}) },
        data: body,
        headers: {
          // Without it the gateway of Stream mode answers XML.
          accept: 'application/json',
          ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
          ...(host === 'api' && token ? { 'x-acs-dingtalk-access-token': token } : {}),
        },
        responseType: 'text',
        transformResponse: (text: unknown) => text,
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: longestAnswer,
        timeout: callWithin,
        // The time-out above watches an idle socket; a drip of bytes would outlive it.
        signal: AbortSignal.any([AbortSignal.timeout(callWithin), ...(signal ? [signal] : [])]),
      })
      return { status, text: typeof data === 'string' ? data : '' }
    } catch (error) {
      throw networkError(error, effect)
    }
  }

  const attempt = async <T>(call: Call<T>, token: string | null, signal?: AbortSignal): Promise<T> => {
    const { status, text } = await exchange(call, token, signal)
    const fault = faultOf(status, text, call.effect)
    if (fault) throw fault
    const read = call.answer.safeParse(asJson(text))
    if (!read.success) throw unreadable(call.effect)
    return read.data
  }

  const source: TokenSource = {
    name: 'access-token',
    fetch: async () => {
      const { accessToken, expireIn } = await attempt(tokenCall(connection), null)
      return { token: accessToken, life: seconds(expireIn) }
    },
  }

  return {
    call: async (call) => {
      await budget.take(call.path, call.urgent ?? false, call.chat)
      return withToken(tokens, source, (token) => attempt(call, token))
    },
    as: (token, call) => attempt(call, token),
    open: (call, signal) => attempt(call, null, signal),
  }
}

/** Page "获取企业内部应用的accessToken" (`obtain-the-access-token-of-an-internal-app`), 2026-08. One token serves both hosts. */
const tokenCall = ({ clientId, clientSecret }: DingtalkConnection): Call<z.infer<typeof answers.token>> => ({
  host: 'api',
  method: 'POST',
  path: '/v1.0/oauth2/accessToken',
  body: { appKey: clientId, appSecret: clientSecret },
  answer: answers.token,
  effect: false,
})

/** Only the code of an error is kept: its message may hold the address, and the address the token. */
const networkError = (error: unknown, effect: boolean): unknown => {
  if (!isAxiosError(error)) return error
  const code = error.code ?? 'unknown'
  if (neverLeft(code)) return new DeliveryError('temporary', 'unreachable', { scope: 'connection', detail: code })
  return lostAnswer(effect, code)
}
