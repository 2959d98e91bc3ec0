import type { Hono } from 'hono'
import type { App, World } from '../contract.ts'
import { createSignInDesk } from '../sign-in-desk.ts'
import { unionIdOf } from './ids.ts'
import { appWith } from './token-api.ts'
import { fieldsOf, parseJson, textOf } from './wire.ts'

const tokenLife = 7_200

/** Web sign-in ("登录第三方网站", "获取用户token", "获取用户通讯录个人信息", read 2026-08). None of it is counted in the month. */
export const mountSignIn = (server: Hono, world: World, apps: readonly App[]): void => {
  const desk = createSignInDesk(world, 'dingtalk', '钉钉登录')
  const tokens = new Map<string, { readonly app: App; readonly account: string; readonly until: number }>()

  server.get('/oauth2/auth', (c) => {
    const url = new URL(c.req.url)
    const client = url.searchParams.get('client_id') ?? ''
    if (!apps.some(({ credentials }) => credentials.clientId === client)) return c.text('invalid client_id', 400)
    return desk.answer(url, { client, codeName: 'authCode' })
  })
  server.post('/v1.0/oauth2/userAccessToken', async (c) => {
    const fields = fieldsOf(parseJson(await c.req.text()))
    const app = appWith(apps, textOf(fields.clientId), textOf(fields.clientSecret))
    if (!app) return c.json({ code: 'invalidClientIdOrSecret', requestid: '', message: '无效的clientId或者clientSecret' }, 400)
    const found = desk.redeem(textOf(fields.code), app.credentials.clientId ?? '')
    if (fields.grantType !== 'authorization_code' || found.kind !== 'account')
      return c.json({ code: 'invalidParameter.authCode.notFound', requestid: '', message: '不合法的临时授权码' }, 400)
    const accessToken = Array.from({ length: 32 }, () => Math.floor(world.random() * 16).toString(16)).join('')
    tokens.set(accessToken, { app, account: found.account, until: world.clock.now() + tokenLife * 1000 })
    return c.json({ accessToken, refreshToken: '', expireIn: tokenLife, corpId: app.credentials.corpId })
  })
  server.get('/v1.0/contact/users/me', (c) => {
    const found = tokens.get(c.req.header('x-acs-dingtalk-access-token') ?? '')
    if (!found || !(found.until > world.clock.now()))
      return c.json({ code: 'InvalidAuthentication', requestid: '', message: '不合法的access_token' }, 401)
    const nick = world.accountsOf('dingtalk').find(({ account }) => account === found.account)?.name ?? ''
    return c.json({ nick, unionId: unionIdOf(found.app.credentials.corpId ?? '', found.account), openId: '' })
  })
}
