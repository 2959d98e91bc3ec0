/** Web login. Source: open.feishu.cn 获取授权码, 获取 user_access_token (v2), 获取用户信息 (read 2026-05). */
import axios from 'axios'
import { z } from 'zod'
import { callWithin } from '../call.ts'
import { DeliveryError, type SignIn } from '../platform.ts'
import type { FeishuConnection } from './connection.ts'

const longestAnswer = 64 * 1024
const token = z.object({ code: z.literal(0), access_token: z.string().min(1).max(8_192) })
const info = z.object({
  code: z.literal(0),
  data: z.object({ open_id: z.string().regex(/^[\x21-\x7e]{1,128}$/), tenant_key: z.string() }),
})

/** The login page stands on a host of its own in the public clouds; a private deployment, or a double, has one host. */
const accountsOf = (apiBase: string): string =>
  apiBase.replace(/\/+$/, '').replace(/^https:\/\/open\.(feishu\.cn|larksuite\.com)$/, 'https://accounts.$1')

export const createSignIn = (connection: FeishuConnection): SignIn => ({
  name: '飞书',
  codeIn: 'code',
  address: (redirect, state) => {
    const query = new URLSearchParams({ client_id: connection.appId, response_type: 'code', redirect_uri: redirect, state })
    return `${accountsOf(connection.apiBase)}/open-apis/authen/v1/authorize?${query}`
  },
  account: async (code, redirect) => {
    const { appId, appSecret, tenantKey } = connection
    const grant = { grant_type: 'authorization_code', client_id: appId, client_secret: appSecret, code, redirect_uri: redirect }
    const { access_token } = await ask(connection, 'POST', '/open-apis/authen/v2/oauth/token', token, { data: grant })
    const bearer = { headers: { authorization: `Bearer ${access_token}` } }
    const { data } = await ask(connection, 'GET', '/open-apis/authen/v1/user_info', info, bearer)
    if (tenantKey && data.tenant_key !== tenantKey)
      throw new DeliveryError('permanent', 'bad-code', { detail: 'another company' })
    return data.open_id
  },
})

type More = { readonly data?: object; readonly headers?: Readonly<Record<string, string>> }

/** Apart from the API's client: these calls carry a person's token, never the app's. Errors hold neither code nor token. */
const ask = async <T>(
  { apiBase }: FeishuConnection,
  method: string,
  path: string,
  answer: z.ZodType<T>,
  more: More,
): Promise<T> => {
  const response = await axios
    .request<unknown>({
      ...{ baseURL: apiBase, url: path, method, ...more, maxRedirects: 0, fetchOptions: { redirect: 'manual' } },
      ...{ maxContentLength: longestAnswer, validateStatus: () => true, signal: AbortSignal.timeout(callWithin) },
    })
    .catch(() => null)
  if (!response || response.status >= 500 || response.status === 429)
    throw new DeliveryError('temporary', 'no-answer', { scope: 'connection' })
  const read = answer.safeParse(response.data)
  if (!read.success) throw new DeliveryError('permanent', 'bad-code', { detail: `HTTP ${response.status}` })
  return read.data
}
