import { DeliveryError, type SignIn } from '../platform.ts'
import type { Client } from './client.ts'
import { answers, type DingtalkConnection } from './wire.ts'

/** The login page of the public cloud stands on a host of its own; elsewhere it is the API's. */
const loginOf = (apiBase: string): string => (apiBase === 'https://api.dingtalk.com' ? 'https://login.dingtalk.com' : apiBase)

/**
 * Web login. Pages "登录第三方网站" (`tutorial-obtaining-user-personal-information`), "获取用户token" (`obtain-user-token`), "获取用户通讯录个人信息"
 * (`dingtalk-retrieve-user-information`) and "根据unionid获取用户userid" (`query-a-user-by-the-union-id`), 2026-08.
 */
export const createSignIn = ({ clientId, clientSecret, corpId, apiBase }: DingtalkConnection, client: Client): SignIn => ({
  name: '钉钉',
  codeIn: 'authCode',
  address: (redirect, state) => {
    const asked = {
      redirect_uri: redirect,
      response_type: 'code',
      client_id: clientId,
      scope: 'openid corpid',
      state,
      prompt: 'consent',
    }
    return `${loginOf(apiBase)}/oauth2/auth?${new URLSearchParams({ ...asked, corpId })}`
  },
  account: async (code) => {
    try {
      const grant = { clientId, clientSecret, code, grantType: 'authorization_code' }
      const exchanged = { host: 'api', method: 'POST', path: '/v1.0/oauth2/userAccessToken', body: grant, effect: false } as const
      const user = await client.open({ ...exchanged, answer: answers.userToken })
      if (user.corpId !== undefined && user.corpId !== corpId)
        throw new DeliveryError('permanent', 'bad-code', { detail: 'another company' })
      const asked = { host: 'api', method: 'GET', path: '/v1.0/contact/users/me', answer: answers.me, effect: false } as const
      const { unionId } = await client.as(user.accessToken, asked)
      const find = {
        host: 'oapi',
        method: 'POST',
        path: '/topapi/user/getbyunionid',
        body: { unionid: unionId },
        effect: false,
      } as const
      const { result } = await client.call({ ...find, answer: answers.byUnionId })
      return result.userid
    } catch (error) {
      if (error instanceof DeliveryError && error.kind === 'temporary') throw error
      throw new DeliveryError('permanent', 'bad-code', { detail: error instanceof DeliveryError ? error.because : 'refused' })
    }
  },
})
