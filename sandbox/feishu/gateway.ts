/** The platform's front: paths, methods, tokens, limits, scopes, envelopes, faults, the log. */
import type { Context, Hono } from 'hono'
import type { FaultName, World } from '../contract.ts'
import type { Answer, Route } from './call.ts'
import { refuse, type VendorCode, VendorError } from './codes.ts'
import { asBody, boundedBody, drop, jsonType, matched, type Reply, refusal, success } from './envelope.ts'
import type { Limits } from './limits.ts'
import type { LongConnection } from './long-connection.ts'
import { masked } from './masking.ts'
import { largestPicture } from './pictures.ts'
import { parsed } from './screens.ts'
import { hex } from './state.ts'
import { choice, missingScopes } from './switches.ts'
import type { Tokens } from './tokens.ts'

type Parts = {
  readonly world: World
  readonly routes: readonly Route[]
  readonly tokens: Tokens
  readonly limits: Limits
  readonly longConnection: LongConnection
}

const tokenPaths: ReadonlySet<string> = new Set([
  '/open-apis/auth/v3/tenant_access_token/internal',
  '/open-apis/auth/v3/app_access_token/internal',
])
const largestJson = 1024 * 1024
const largestUpload = largestPicture + 64 * 1024
const apiFaults: readonly FaultName[] = ['e429', 'e500', 'lostAnswer', 'late', 'never']

export const createGateway = ({ world, routes, tokens, limits, longConnection }: Parts) => {
  /** The path decides first, then the method. */
  const findRoute = (method: string, path: string): readonly [Route, Readonly<Record<string, string>>] => {
    const here = routes.flatMap((route) => {
      const params = matched(route.path, path)
      return params ? [[route, params] as const] : []
    })
    if (here.length === 0) return refuse(99991201)
    return here.find(([route]) => route.method === method) ?? refuse(99991301)
  }

  const scoped = ({ scopes }: Route): void => {
    const missing = missingScopes(world)
    if (scopes.length === 0 || scopes.some((scope) => !missing.includes(scope))) return
    const violations = scopes.map((scope) => ({
      scope,
      url: 'https://open.feishu.cn/app',
      type: 'action_scope_required',
      subject: scope,
      description: scope,
    }))
    refuse(99991672, {
      msg: `Access denied. One of the following scopes is required: [${scopes.join(', ')}].`,
      error: { permission_violations: violations },
    })
  }

  const bodyOf = async (request: Request, route: Route): Promise<Buffer> => {
    const most = route.body === 'multipart' ? largestUpload : largestJson
    return (await boundedBody(request, most)) ?? refuse(route.body === 'multipart' ? 234006 : 9499)
  }

  const jsonOf = (bytes: Buffer, route: Route): unknown => {
    if (route.body !== 'json') return undefined
    return parsed(bytes.toString('utf8')) ?? refuse(9499)
  }

  type Heard = { request: string }

  const perform = async (request: Request, heard: Heard): Promise<Answer> => {
    const { pathname, searchParams } = new URL(request.url)
    if (tokenPaths.has(pathname)) return issue(request, heard)
    const [route, params] = findRoute(request.method, pathname)
    const app = tokens.check(request.headers.get('authorization'))
    limits.call(app, `${route.method} ${route.path}`)
    scoped(route)
    if (route.counted) limits.quota(app)
    const bytes = await bodyOf(request, route)
    heard.request = route.body === 'multipart' ? `multipart, ${bytes.length} bytes` : bytes.toString('utf8')
    const contentType = request.headers.get('content-type') ?? ''
    const answer = await route.handle({ app, params, query: searchParams, json: jsonOf(bytes, route), bytes, contentType })
    if (route.counted) limits.spend(app)
    return answer
  }

  const issue = async (request: Request, heard: Heard): Promise<Answer> => {
    if (request.method !== 'POST') return refuse(99991301)
    heard.request = ((await boundedBody(request, largestJson)) ?? refuse(10003)).toString('utf8')
    const body = tokens.issue(parsed(heard.request))
    const isApp = request.url.includes('/app_access_token/')
    return { kind: 'flat', body: isApp ? { ...body, app_access_token: body.tenant_access_token } : body }
  }

  const answered = async (request: Request, logid: string, heard: Heard): Promise<Reply> => {
    try {
      return success(await perform(request, heard))
    } catch (error) {
      if (error instanceof VendorError) return refusal(error, logid)
      throw error
    }
  }

  const paused = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      world.clock.at(world.clock.now() + seconds * 1000, 'feishu api late', resolve)
    })

  const faulty = (code: VendorCode | null, status: number, logid: string): Reply =>
    code !== null && choice(world, 'tooMany') === 'code'
      ? refusal(new VendorError(code, { headers: { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': '1' } }), logid)
      : {
          status,
          headers: { 'content-type': 'text/plain' },
          body: status === 429 ? 'Too Many Requests' : 'Internal Server Error',
        }

  /** Null when the connection is to be dropped without an answer. */
  const exchange = async (request: Request, logid: string, heard: Heard): Promise<Reply | null> => {
    const authorized = request.headers.has('authorization')
    const fault = world.faults.strike('feishu', 'api', authorized ? [...apiFaults, 'tokenExpired'] : apiFaults)
    switch (fault?.name) {
      case 'never':
        return null
      case 'e429':
        return faulty(99991400, 429, logid)
      case 'e500':
        return faulty(null, 500, logid)
      case 'late':
        await paused(fault.seconds)
        break
      case 'tokenExpired':
        tokens.revoke(request.headers.get('authorization'))
        break
      default:
    }
    const reply = await answered(request, logid, heard)
    return fault?.name === 'lostAnswer' ? null : reply
  }

  const serve = async (context: Context): Promise<Response> => {
    const request = context.req.raw
    const logid = `${new Date(world.clock.now()).toISOString().replace(/\D/g, '').slice(0, 14)}${hex(world, 18).toUpperCase()}`
    const heard: Heard = { request: '' }
    const reply = await exchange(request, logid, heard)
    const { pathname, search } = new URL(request.url)
    world.log({
      surface: 'feishu',
      direction: 'from-service',
      what: masked(`${request.method} ${pathname}${search}`),
      status: reply?.status ?? null,
      request: masked(heard.request),
      response:
        reply === null
          ? 'connection dropped'
          : typeof reply.body === 'string'
            ? masked(reply.body)
            : `${reply.body.length} bytes`,
    })
    return reply === null
      ? drop(context)
      : new Response(asBody(reply.body), { status: reply.status, headers: { ...reply.headers, 'X-Tt-Logid': logid } })
  }

  const endpoint = async (context: Context): Promise<Response> => {
    const body = await boundedBody(context.req.raw, largestJson)
    const host = context.req.header('host') ?? new URL(context.req.url).host
    const answer = JSON.stringify(longConnection.endpoint(parsed(body?.toString('utf8') ?? ''), host))
    const what = 'POST /callback/ws/endpoint'
    world.log({
      surface: 'feishu',
      direction: 'from-service',
      what,
      status: 200,
      request: masked(body?.toString('utf8') ?? ''),
      response: masked(answer),
    })
    return new Response(answer, { headers: jsonType })
  }

  return (app: Hono): void => {
    /** A trailing slash in the configured address makes paths begin with two; the platform knows no such path. */
    app.use('*', async (context, next) => {
      if (!new URL(context.req.url).pathname.startsWith('//open-apis')) return next()
      return serve(context)
    })
    app.all('/open-apis/*', serve)
    app.post('/callback/ws/endpoint', endpoint)
  }
}
