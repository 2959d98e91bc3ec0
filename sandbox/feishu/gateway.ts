/** The platform's front on the shared server: the API with its faults and its log, and the endpoint of the long connection. */
import type { Context, Hono } from 'hono'
import type { FaultName, World } from '../contract.ts'
import { type ApiParts, createApi, type Heard, largestJson } from './api.ts'
import { VendorError } from './codes.ts'
import { asBody, boundedBody, drop, jsonType, type Reply, refusal, success } from './envelope.ts'
import type { LongConnection } from './long-connection.ts'
import { masked } from './masking.ts'
import { parsed } from './screens.ts'
import { hex } from './state.ts'
import { choice } from './switches.ts'

type Parts = ApiParts & { readonly longConnection: LongConnection }
/** Null when the connection is to be dropped without an answer. */
type Serve = (request: Request, logid: string, heard: Heard) => Promise<Reply | null>

const apiFaults: readonly FaultName[] = ['e429', 'e500', 'lostAnswer', 'late', 'never']
const rateHeaders = { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': '1' }

const bare = (status: number, body: string): Reply => ({ status, headers: { 'content-type': 'text/plain' }, body })

const tooMany = (world: World, logid: string): Reply =>
  choice(world, 'tooMany') === 'code'
    ? refusal(new VendorError(99991400, { headers: rateHeaders }), logid)
    : bare(429, 'Too Many Requests')

const paused = (world: World, seconds: number): Promise<void> =>
  new Promise((resolve) => {
    world.clock.at(world.clock.now() + seconds * 1000, 'feishu api late', resolve)
  })

const createServe = (parts: ApiParts): Serve => {
  const { world, tokens } = parts
  const perform = createApi(parts)

  const answered = async (request: Request, logid: string, heard: Heard): Promise<Reply> => {
    try {
      return success(await perform(request, heard))
    } catch (error) {
      if (error instanceof VendorError) return refusal(error, logid)
      throw error
    }
  }

  return async (request, logid, heard) => {
    const authorization = request.headers.get('authorization')
    const fault = world.faults.strike('feishu', 'api', authorization === null ? apiFaults : [...apiFaults, 'tokenExpired'])
    if (fault?.name === 'never') return null
    if (fault?.name === 'e429') return tooMany(world, logid)
    if (fault?.name === 'e500') return bare(500, 'Internal Server Error')
    if (fault?.name === 'late') await paused(world, fault.seconds)
    if (fault?.name === 'tokenExpired') tokens.revoke(authorization)
    const reply = await answered(request, logid, heard)
    return fault?.name === 'lostAnswer' ? null : reply
  }
}

const shown = (reply: Reply | null): string => {
  if (reply === null) return 'connection dropped'
  return typeof reply.body === 'string' ? masked(reply.body) : `${reply.body.length} bytes`
}

const newLogid = (world: World): string =>
  new Date(world.clock.now()).toISOString().replace(/\D/g, '').slice(0, 14) + hex(world, 18).toUpperCase()

export const createGateway = (parts: Parts): ((app: Hono) => void) => {
  const { world, longConnection } = parts
  const serve = createServe(parts)
  const log = (what: string, status: number | null, request: string, response: string): void =>
    world.log({ surface: 'feishu', direction: 'from-service', what: masked(what), status, request: masked(request), response })

  const api = async (context: Context): Promise<Response> => {
    const request = context.req.raw
    const logid = newLogid(world)
    const heard: Heard = { request: '' }
    const reply = await serve(request, logid, heard)
    const { pathname, search } = new URL(request.url)
    log(`${request.method} ${pathname}${search}`, reply?.status ?? null, heard.request, shown(reply))
    if (reply === null) return drop(context)
    return new Response(asBody(reply.body), { status: reply.status, headers: { ...reply.headers, 'X-Tt-Logid': logid } })
  }

  const endpoint = async (context: Context): Promise<Response> => {
    const body = (await boundedBody(context.req.raw, largestJson))?.toString('utf8') ?? ''
    const host = context.req.header('host') ?? new URL(context.req.url).host
    const answer = JSON.stringify(longConnection.endpoint(parsed(body), host))
    log('POST /callback/ws/endpoint', 200, body, masked(answer))
    return new Response(answer, { headers: jsonType })
  }

  return (app) => {
    /** A trailing slash in the configured address makes paths begin with two; the platform knows no such path. */
    app.use('*', async (context, next) => {
      if (!new URL(context.req.url).pathname.startsWith('//open-apis')) return next()
      return api(context)
    })
    app.all('/open-apis/*', api)
    app.post('/callback/ws/endpoint', endpoint)
  }
}
