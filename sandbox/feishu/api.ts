/** Performs one call: path, method, token, limits, scopes, quota, body, handler, in the order of the platform's gateway. */
import type { World } from '../contract.ts'
import type { Answer, Route } from './call.ts'
import { refuse } from './codes.ts'
import { boundedBody, matched } from './envelope.ts'
import type { Limits } from './limits.ts'
import { largestPicture } from './pictures.ts'
import { parsed } from './screens.ts'
import { missingScopes } from './switches.ts'
import type { Tokens } from './tokens.ts'

export type ApiParts = {
  readonly world: World
  readonly routes: readonly Route[]
  readonly tokens: Tokens
  readonly limits: Limits
}

/** The request's body as the log shows it, filled in once it has been read. */
export type Heard = { request: string }

const tokenPaths: ReadonlySet<string> = new Set([
  '/open-apis/auth/v3/tenant_access_token/internal',
  '/open-apis/auth/v3/app_access_token/internal',
])
export const largestJson = 1024 * 1024
const largestUpload = largestPicture + 64 * 1024

/** The path decides first, then the method. */
const findRoute = (
  routes: readonly Route[],
  method: string,
  path: string,
): readonly [Route, Readonly<Record<string, string>>] => {
  const here = routes.flatMap((route) => {
    const params = matched(route.path, path)
    return params ? [[route, params] as const] : []
  })
  if (here.length === 0) return refuse(99991201)
  return here.find(([route]) => route.method === method) ?? refuse(99991301)
}

const scoped = (world: World, { scopes }: Route): void => {
  const missing = missingScopes(world)
  if (scopes.length === 0 || scopes.some((scope) => !missing.includes(scope))) return
  const url = 'https://open.feishu.cn/app'
  const violations = scopes.map((scope) => ({ scope, url, type: 'action_scope_required', subject: scope, description: scope }))
  refuse(99991672, {
    msg: `Access denied. One of the following scopes is required: [${scopes.join(', ')}].`,
    error: { permission_violations: violations },
  })
}

const bodyOf = async (request: Request, { body }: Route): Promise<Buffer> =>
  body === 'multipart'
    ? ((await boundedBody(request, largestUpload)) ?? refuse(234006))
    : ((await boundedBody(request, largestJson)) ?? refuse(9499))

const jsonOf = (bytes: Buffer, { body }: Route): unknown =>
  body === 'json' ? (parsed(bytes.toString('utf8')) ?? refuse(9499)) : undefined

/** Throws `VendorError` where the platform refuses. */
export const createApi = ({ world, routes, tokens, limits }: ApiParts): ((request: Request, heard: Heard) => Promise<Answer>) => {
  const issue = async (request: Request, heard: Heard): Promise<Answer> => {
    if (request.method !== 'POST') return refuse(99991301)
    heard.request = ((await boundedBody(request, largestJson)) ?? refuse(10003)).toString('utf8')
    const body = tokens.issue(parsed(heard.request))
    const isApp = request.url.includes('/app_access_token/')
    return { kind: 'flat', body: isApp ? { ...body, app_access_token: body.tenant_access_token } : body }
  }

  return async (request, heard) => {
    const { pathname, searchParams: query } = new URL(request.url)
    if (tokenPaths.has(pathname)) return issue(request, heard)
    const [route, params] = findRoute(routes, request.method, pathname)
    const app = tokens.check(request.headers.get('authorization'))
    limits.call(app, `${route.method} ${route.path}`)
    scoped(world, route)
    if (route.counted) limits.quota(app)
    const bytes = await bodyOf(request, route)
    heard.request = route.body === 'multipart' ? `multipart, ${bytes.length} bytes` : bytes.toString('utf8')
    const contentType = request.headers.get('content-type') ?? ''
    const answer = await route.handle({ app, params, query, json: jsonOf(bytes, route), bytes, contentType })
    if (route.counted) limits.spend(app)
    return answer
  }
}
