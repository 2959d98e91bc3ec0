/** tenant_access_token of self-built apps (open.feishu.cn 自建应用获取 tenant_access_token, May 2026). */
import type { World } from '../contract.ts'
import { refuse } from './codes.ts'
import { type FeishuApp, hex, type State } from './state.ts'
import { choice } from './switches.ts'

const life = 7200_000
const overlap = 30 * 60_000

type Token = { readonly token: string; readonly app: FeishuApp; readonly expires: number }

export type Tokens = {
  /** The flat answer of both token endpoints. Throws 10003, 10014, 10015. */
  readonly issue: (body: unknown) => Readonly<Record<string, unknown>>
  /** The app behind an `Authorization` header. Throws 99991661, 99991663, 99991668, 99991671. */
  readonly check: (authorization: string | null) => FeishuApp
  /** Makes the platform forget a token, as after a reset of the secret. */
  readonly revoke: (authorization: string | null) => void
}

const bearer = (authorization: string | null): string => /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''

const credentials = (body: unknown): readonly [string, string] => {
  const { app_id, app_secret } = (typeof body === 'object' && body !== null ? body : {}) as {
    app_id?: unknown
    app_secret?: unknown
  }
  if (typeof app_id !== 'string' || typeof app_secret !== 'string' || app_id === '' || app_secret === '') return refuse(10003)
  return [app_id, app_secret]
}

export const createTokens = (world: World, state: State): Tokens => {
  let live: readonly Token[] = []

  const wrongSecret = (): never =>
    refuse(choice(world, 'wrongSecret') === '10014' ? 10014 : 10015, { status: Number(choice(world, 'wrongSecretStatus')) })

  /** While 30 minutes are left the same token is given again; after that a new one, and both work until each expires. */
  const current = (app: FeishuApp): Token => {
    const now = world.clock.now()
    live = live.filter(({ expires }) => expires > now)
    const young = live.find((token) => token.app === app && token.expires - now >= overlap)
    if (young) return young
    const fresh: Token = { token: `t-g1${hex(world, 36)}`, app, expires: now + life }
    live = [...live, fresh]
    return fresh
  }

  return {
    issue: (body) => {
      const [appId, secret] = credentials(body)
      const app = state.apps.find((known) => known.appId === appId)
      if (!app) return refuse(10014, { status: Number(choice(world, 'wrongSecretStatus')) })
      if (app.appSecret !== secret) return wrongSecret()
      const { token, expires } = current(app)
      const expire = Math.floor((expires - world.clock.now()) / 1000)
      return { code: 0, msg: 'ok', tenant_access_token: token, expire }
    },
    check: (authorization) => {
      const token = bearer(authorization)
      if (token === '') return refuse(99991661)
      if (token.startsWith('u-')) return refuse(99991668)
      if (!token.startsWith('t-')) return refuse(99991671)
      const known = live.find((each) => each.token === token)
      if (!known || !(known.expires > world.clock.now())) return refuse(99991663)
      return known.app
    },
    revoke: (authorization) => {
      const token = bearer(authorization)
      live = live.filter((each) => each.token !== token)
    },
  }
}
