import type { SandboxAccount, VendorName, World } from './contract.ts'

/** The login page of a platform: somebody chooses who they are, and the service gets a code that lives five minutes and works once. */
export type SignInDesk = {
  /** The page, or the way back once a person is chosen. `codeName` is the parameter that carries the code. */
  readonly answer: (url: URL, asked: { readonly client: string; readonly codeName: string }) => Response
  readonly redeem: (
    code: string,
    client: string,
  ) => { readonly kind: 'account'; readonly account: string } | { readonly kind: 'unknown' | 'used' }
}

const codeLife = 5 * 60_000
const here = new Set(['127.0.0.1', 'localhost', '[::1]'])
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (title: string, body: string, status: number): Response =>
  new Response(`<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title>${body}`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })

/** The way back must stay on this machine, which stands for the app's registered addresses. */
const trusted = (redirect: string): URL | null => {
  const url = URL.canParse(redirect) ? new URL(redirect) : null
  return url && /^https?:$/.test(url.protocol) && here.has(url.hostname) ? url : null
}

type Code = { readonly client: string; readonly account: string; readonly until: number; used: boolean }

export const createSignInDesk = (world: World, platform: VendorName, title: string): SignInDesk => {
  const codes = new Map<string, Code>()
  const draw = (): string => Array.from({ length: 40 }, () => Math.floor(world.random() * 16).toString(16)).join('')
  const enter = (client: string, redirect: URL, state: string, codeName: string, { account }: SandboxAccount): Response => {
    const code = draw()
    codes.set(code, { client, account, until: world.clock.now() + codeLife, used: false })
    redirect.searchParams.append(codeName, code)
    redirect.searchParams.append('state', state)
    return new Response(null, { status: 302, headers: { location: redirect.href } })
  }
  return {
    answer: ({ searchParams: query }, { client, codeName }) => {
      const redirect = trusted(query.get('redirect_uri') ?? '')
      if (!redirect) return page(title, '<p>redirect_uri is not registered</p>', 400)
      if (query.get('response_type') !== 'code') return page(title, '<p>response_type must be code</p>', 400)
      const all = world.accountsOf(platform)
      const chosen = all.find(({ account }) => account === query.get('sandbox_account'))
      if (chosen) return enter(client, redirect, query.get('state') ?? '', codeName, chosen)
      const links = all.map(({ account, name }) => {
        const target = `?${new URLSearchParams([...query, ['sandbox_account', account]])}`
        return `<li><a href="${escaped(target)}">${escaped(name)}</a></li>`
      })
      return page(title, `<p>以谁的身份登录？</p><ul>${links.join('')}</ul>`, 200)
    },
    redeem: (code, client) => {
      const found = codes.get(code)
      if (!found || found.client !== client || !(found.until > world.clock.now())) return { kind: 'unknown' }
      if (found.used) return { kind: 'used' }
      found.used = true
      return { kind: 'account', account: found.account }
    },
  }
}
