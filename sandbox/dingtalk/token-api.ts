import type { App } from '../contract.ts'
import { ok, okOld, refuse, refuseOld } from './answers.ts'
import type { Api } from './gate.ts'
import { same } from './sign.ts'
import type { Tokens } from './tokens.ts'
import { textOf } from './wire.ts'

/** The app with this id and secret, or null. Both are compared without telling by time which was wrong. */
export const appWith = (apps: readonly App[], clientId: string, clientSecret: string): App | null => {
  const app = apps.find((candidate) => candidate.credentials.clientId === clientId)
  return app && same(app.credentials.clientSecret ?? '', clientSecret) && clientSecret !== '' ? app : null
}

/** Access tokens, by the current and by the archived address. Never counted in the month. */
export const tokenApis = (apps: readonly App[], tokens: Tokens): readonly Api[] => [
  {
    method: 'POST',
    path: '/v1.0/oauth2/accessToken',
    family: 'new',
    body: 'json',
    needs: 'nothing',
    answer: ({ fields }) => {
      const app = appWith(apps, textOf(fields.appKey), textOf(fields.appSecret))
      if (!app) return refuse('invalidClientIdOrSecret')
      const token = tokens.issue(app, 'api')
      return ok({ accessToken: token.text, expireIn: token.seconds })
    },
  },
  {
    method: 'GET',
    path: '/gettoken',
    family: 'old',
    body: 'none',
    needs: 'nothing',
    answer: ({ query }) => {
      const app = appWith(apps, query.get('appkey') ?? '', query.get('appsecret') ?? '')
      if (!app) return refuseOld(40089)
      const token = tokens.issue(app, 'oapi')
      return okOld({ access_token: token.text, expires_in: token.seconds })
    },
  },
]
