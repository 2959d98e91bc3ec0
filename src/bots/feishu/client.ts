/**
 * Calls of the open platform through the official SDK. Tokens are ours (shared by all replicas), so the SDK's cache is off; it is loaded
 * with the first call, so that only a configured connection pays for it.
 */
import type { Client } from '@larksuiteoapi/node-sdk'
import type { ZodType } from 'zod'
import { seconds } from '../../lib/clock.ts'
import { neverLeft, TokenRefused, type TokenSource, withToken } from '../call.ts'
import { type Chat, DeliveryError, type PlatformPorts } from '../platform.ts'
import { type Risk, refusalOf } from './codes.ts'
import type { FeishuConnection } from './connection.ts'
import { createApiHttp, NoAnswer, Refused, TooLarge } from './http.ts'
import { tokenAnswer } from './wire.ts'

/** What the SDK takes beside a payload: the token of this very call. */
export type Auth = { readonly headers: { readonly Authorization: string } }

export type Ask<T> = {
  /** The name of the rate budget, as the platform counts: per endpoint. */
  readonly endpoint: string
  readonly urgent: boolean
  /** What it writes to, as the platform counts that beside the endpoint. */
  readonly chat?: Chat
  readonly risk: Risk
  readonly perform: (sdk: Client, auth: Auth) => Promise<unknown>
  readonly answer: ZodType<T>
}

export type FeishuClient = {
  /** Takes from the budget, calls with a token, and gives the answer parsed. Throws only DeliveryError. */
  readonly ask: <T>(ask: Ask<T>) => Promise<T>
}

type Ports = Pick<PlatformPorts, 'tokens' | 'budget'>

export const createClient = (connection: FeishuConnection, { tokens, budget }: Ports): FeishuClient => {
  let loading: Promise<Client> | null = null
  const sdk = (): Promise<Client> => {
    loading ??= load(connection)
    return loading
  }
  const source: TokenSource = { name: 'tenant_access_token', fetch: async () => fetchToken(await sdk(), connection) }
  return {
    ask: async ({ endpoint, urgent, chat, risk, perform, answer }) => {
      await budget.take(endpoint, urgent, chat)
      const client = await sdk()
      return withToken(tokens, source, (token) => attempt(risk, answer, () => perform(client, authOf(token))))
    },
  }
}

const authOf = (token: string): Auth => ({ headers: { Authorization: `Bearer ${token}` } })

const load = async ({ appId, appSecret, apiBase }: FeishuConnection): Promise<Client> => {
  const { Client, LoggerLevel } = await import('@larksuiteoapi/node-sdk')
  const quiet = { logger: mute, loggerLevel: LoggerLevel.fatal }
  return new Client({
    appId,
    appSecret,
    domain: apiBase.replace(/\/+$/, ''),
    httpInstance: createApiHttp(),
    disableTokenCache: true,
    ...quiet,
  })
}

const nothing = (): void => {}
/** The SDK writes whole requests into its log, tokens included. */
export const mute = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing }

const fetchToken = async (sdk: Client, { appId, appSecret }: FeishuConnection): Promise<{ token: string; life: number }> => {
  const perform = () => sdk.auth.v3.tenantAccessToken.internal({ data: { app_id: appId, app_secret: appSecret } })
  try {
    const { tenant_access_token: token, expire } = await attempt('idempotent', tokenAnswer, perform)
    return { token, life: seconds(expire) }
  } catch (error) {
    if (error instanceof TokenRefused) throw new DeliveryError('permanent', 'credentials', { scope: 'connection' })
    throw error
  }
}

const attempt = async <T>(risk: Risk, answer: ZodType<T>, perform: () => Promise<unknown>): Promise<T> => {
  const parsed = answer.safeParse(await perform().catch((error: unknown) => Promise.reject(deliveryError(error, risk))))
  if (parsed.success) return parsed.data
  // It said yes in words that are not in the documents: done, for all we know.
  throw new DeliveryError(risk === 'once' ? 'ambiguous' : 'temporary', 'strange-answer')
}

/** Whatever went wrong, as the outbox reads it. Details hold codes only: never the raw error, whose request carries the token. */
export const deliveryError = (error: unknown, risk: Risk): DeliveryError | TokenRefused => {
  if (error instanceof DeliveryError || error instanceof TokenRefused) return error
  if (error instanceof Refused) return refusalOf(error.no, risk)
  if (error instanceof TooLarge) return new DeliveryError('permanent', 'too-large')
  const code = error instanceof NoAnswer ? error.code : undefined
  const about = { scope: 'connection', detail: code ?? 'unknown' } as const
  if (neverLeft(code) || risk === 'idempotent') return new DeliveryError('temporary', 'no-answer', about)
  return new DeliveryError('ambiguous', 'no-answer', about)
}

/** An id as one segment of a path. The SDK puts it there as it is, so an id that would change the path is refused. */
export const segment = (id: string): string => {
  if (!/^[\w.:~@=-]{1,256}$/.test(id) || /^\.+$/.test(id))
    throw new DeliveryError('permanent', 'bad-request', { detail: 'an id that cannot stand in a path' })
  return encodeURIComponent(id)
}
