import { z } from 'zod'
import { DeliveryError, type SignIn } from '../platform.ts'
import type { WecomClient } from './client.ts'

/** The login page of the public cloud stands on a host of its own; elsewhere it is the API's. */
const loginOf = (apiBase: string): string =>
  apiBase === 'https://qyapi.weixin.qq.com' ? 'https://open.weixin.qq.com' : apiBase.replace(/\/+$/, '')

/** A member has `userid`; whoever is none has only ids of outsiders. */
const member = z.object({ userid: z.string().regex(/^[A-Za-z0-9_\-@.]{1,64}$/) })

/** Web login inside of the app (docs 91022 构造网页授权链接 and 91023 获取访问用户身份; read 2025-09). */
export const createSignIn = (
  { corpId, agentId, apiBase }: { readonly corpId: string; readonly agentId: string; readonly apiBase: string },
  client: WecomClient,
): SignIn => ({
  name: '企业微信',
  codeIn: 'code',
  address: (redirect, state) => {
    const asked = { appid: corpId, redirect_uri: redirect, response_type: 'code', scope: 'snsapi_base', state, agentid: agentId }
    return `${loginOf(apiBase)}/connect/oauth2/authorize?${new URLSearchParams(asked)}#wechat_redirect`
  },
  account: async (code) => {
    try {
      const { userid } = await client.call({ path: 'auth/getuserinfo', params: { code }, answer: member, writes: false })
      return userid
    } catch (error) {
      if (error instanceof DeliveryError && error.kind === 'temporary' && error.because !== 'unreadable-answer') throw error
      throw new DeliveryError('permanent', 'bad-code', { detail: error instanceof DeliveryError ? error.because : 'refused' })
    }
  },
})
