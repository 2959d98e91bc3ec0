/**
 * Web sign-in: the authorize page with a person picker, and auth/getuserinfo. A code lives five minutes and works once.
 * Pages 构造网页授权链接 and 获取访问用户身份 of developer.work.weixin.qq.com.
 */
import type { Context, Hono } from 'hono'
import type { Call } from './api.ts'
import { type Answer, no, ok } from './codes.ts'
import type { Office } from './office.ts'

export type SignIn = {
  readonly mount: (server: Hono) => void
  readonly userInfo: (call: Call) => Answer
}

const codeLife = 5 * 60_000
const here = new Set(['127.0.0.1', 'localhost', '[::1]'])

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (body: string, status: number) =>
  new Response(`<!doctype html><meta charset="utf-8"><title>企业微信登录</title>${body}`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })

/** The redirect must stay on this machine, which stands for the app's trusted domain; null when it does not. */
const trusted = (redirect: string): URL | null => {
  const url = URL.canParse(redirect) ? new URL(redirect) : null
  return url && /^https?:$/.test(url.protocol) && here.has(url.hostname) ? url : null
}

type Asked = { readonly corpId: string; readonly redirect: URL; readonly state: string }

const read = (query: URLSearchParams, { apps }: Office): Asked | Response => {
  const corpId = query.get('appid') ?? ''
  const redirect = trusted(query.get('redirect_uri') ?? '')
  const state = query.get('state') ?? ''
  const basic = query.get('response_type') === 'code' && query.get('scope') === 'snsapi_base'
  if (!apps.some((app) => app.corpId === corpId)) return page('<p>40013 invalid corpid</p>', 400)
  if (!redirect) return page('<p>50001 redirect_uri is not below the trusted domain</p>', 400)
  return basic && /^[a-zA-Z0-9]{0,128}$/.test(state) ? { corpId, redirect, state } : page('<p>40058 invalid parameter</p>', 400)
}

export const createSignIn = (office: Office): SignIn => {
  const { world, members, draw } = office
  const codes = new Map<string, { readonly corpId: string; readonly userid: string; readonly until: number; used: boolean }>()
  const enter = ({ corpId, redirect, state }: Asked, userid: string): Response => {
    const code = draw(43)
    codes.set(code, { corpId, userid, until: world.clock.now() + codeLife, used: false })
    const target = new URL(redirect)
    target.searchParams.append('code', code)
    target.searchParams.append('state', state)
    return new Response(null, { status: 302, headers: { location: target.href } })
  }
  const authorize = (context: Context): Response => {
    const query = new URL(context.req.url).searchParams
    const asked = read(query, office)
    if (asked instanceof Response) return asked
    const chosen = members.find(query.get('sandbox_userid') ?? '')
    if (chosen) return enter(asked, chosen.account.account)
    const links = members.all().map(({ account }) => {
      const target = `?${new URLSearchParams([...query, ['sandbox_userid', account.account]])}`
      return `<li><a href="${escaped(target)}">${escaped(account.name)}</a></li>`
    })
    return page(`<p>以谁的身份登录？</p><ul>${links.join('')}</ul>`, 200)
  }
  return {
    mount: (server) => void server.get('/connect/oauth2/authorize', authorize),
    userInfo: ({ app, query }) => {
      const found = codes.get(query.get('code') ?? '')
      if (!found || found.corpId !== app.corpId || !(found.until > world.clock.now())) return no(40029)
      if (found.used) return no(42022)
      found.used = true
      return ok({ userid: found.userid })
    },
  }
}
