import type { App, World } from '../contract.ts'
import type { Ids } from './ids.ts'

type Door = 'api' | 'oapi'
type Token = { readonly app: App; readonly text: string; readonly door: Door; until: number }

const life = 7200

/** Access tokens: the same one while it is valid, its validity renewed by each request ("获取企业内部应用的access_token", read 2026-08). */
export type Tokens = {
  readonly issue: (app: App, door: Door) => { readonly text: string; readonly seconds: number }
  /** The app that the token speaks for, or null when it is unknown or expired. */
  readonly holder: (text: string, door: Door) => App | null
  readonly revoke: (text: string) => void
}

/** `dingtalk.tokenHosts`: `shared` (one token for both hosts, as the official Python SDK uses it) or `separate`. */
export const createTokens = (world: World, ids: Ids): Tokens => {
  const tokens = new Map<string, Token>()
  const shared = () => world.choose('dingtalk.tokenHosts', 'shared') === 'shared'
  const valid = (token: Token) => world.clock.now() < token.until
  const current = (app: App, door: Door) =>
    [...tokens.values()].find((token) => token.app === app && valid(token) && (shared() || token.door === door))
  return {
    issue: (app, door) => {
      const token = current(app, door) ?? { app, text: ids.hex(32), door, until: 0 }
      token.until = world.clock.now() + life * 1000
      tokens.set(token.text, token)
      return { text: token.text, seconds: life }
    },
    holder: (text, door) => {
      const token = tokens.get(text)
      return token && valid(token) && (shared() || token.door === door) ? token.app : null
    },
    revoke: (text) => void tokens.delete(text),
  }
}
