/** Web sign-in: the authorize page, the user's token, and who that is (open.feishu.cn 获取授权码, 获取 user_access_token, 获取用户信息, May 2026). */
import type { Context, Hono } from 'hono'
import type { World } from '../contract.ts'
import { createSignInDesk } from '../sign-in-desk.ts'
import { hex, type State, unionIdOf } from './state.ts'

const tokenLife = 7_200

export const mountSignIn = (server: Hono, world: World, state: State): void => {
  const desk = createSignInDesk(world, 'feishu', '飞书登录')
  const tokens = new Map<string, { readonly account: string; readonly tenantKey: string; readonly until: number }>()
  const refusal = (c: Context, code: number, error: string, status: 400 | 401 = 400): Response =>
    c.json({ code, error, error_description: error }, status)

  server.get('/open-apis/authen/v1/authorize', (c) => {
    const url = new URL(c.req.url)
    const client = url.searchParams.get('client_id') ?? ''
    if (!state.apps.some(({ appId }) => appId === client)) return c.text('20048 app does not exist', 400)
    return desk.answer(url, { client, codeName: 'code' })
  })
  server.post('/open-apis/authen/v2/oauth/token', async (c) => {
    const body = (await c.req.json().catch(() => ({}))) as Readonly<Record<string, unknown>>
    if (body.grant_type !== 'authorization_code') return refusal(c, 20036, 'unsupported_grant_type')
    const app = state.apps.find(({ appId }) => appId === body.client_id)
    if (!app) return refusal(c, 20048, 'invalid_client')
    if (app.appSecret !== body.client_secret) return refusal(c, 20002, 'invalid_client')
    const found = desk.redeem(String(body.code ?? ''), app.appId)
    if (found.kind !== 'account') return refusal(c, found.kind === 'used' ? 20065 : 20003, 'invalid_grant')
    const token = `u-${hex(world, 40)}`
    tokens.set(token, { account: found.account, tenantKey: app.tenantKey, until: world.clock.now() + tokenLife * 1000 })
    return c.json({ code: 0, access_token: token, expires_in: tokenLife, token_type: 'Bearer', scope: 'auth:user.id:read' })
  })
  server.get('/open-apis/authen/v1/user_info', (c) => {
    const found = tokens.get((c.req.header('authorization') ?? '').replace(/^Bearer /, ''))
    if (!found || !(found.until > world.clock.now())) return refusal(c, 20005, 'invalid access token', 401)
    const name = world.accountsOf('feishu').find(({ account }) => account === found.account)?.name ?? ''
    const data = { name, open_id: found.account, union_id: unionIdOf(found.account), tenant_key: found.tenantKey }
    return c.json({ code: 0, msg: 'success', data })
  })
}
