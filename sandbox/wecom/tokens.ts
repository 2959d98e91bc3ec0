/** Access tokens: one app each, 7200 seconds (document/path/91039). */
import type { World } from '../contract.ts'
import type { WecomApp } from './office.ts'

export type Tokens = {
  /** The token to hand out now, with the seconds it has left. A repeat gives the same one, or by `wecom.tokenRepeat` a fresh one. */
  readonly issue: (app: WecomApp) => { readonly token: string; readonly seconds: number }
  /** Whose token it is, or the code that refuses it. */
  readonly check: (token: string) => WecomApp | 40014 | 42001
  /** The platform may take a token back early: from now on it is expired. */
  readonly expire: (token: string) => void
}

const life = 7200 * 1000

export const createTokens = (world: World, draw: (length: number) => string): Tokens => {
  const issued = new Map<string, { readonly app: WecomApp; until: number }>()
  const current = new Map<WecomApp, string>()
  const left = (token: string) => (issued.get(token)?.until ?? 0) - world.clock.now()
  return {
    issue: (app) => {
      const last = current.get(app)
      if (last && left(last) >= 1000 && world.choose('wecom.tokenRepeat', 'same') === 'same')
        return { token: last, seconds: Math.floor(left(last) / 1000) }
      const token = draw(214)
      issued.set(token, { app, until: world.clock.now() + life })
      current.set(app, token)
      return { token, seconds: life / 1000 }
    },
    check: (token) => {
      const found = issued.get(token)
      if (!found) return 40014
      return left(token) > 0 ? found.app : 42001
    },
    expire: (token) => {
      const found = issued.get(token)
      if (found) found.until = 0
    },
  }
}
