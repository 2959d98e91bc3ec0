import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { App, FaultName, World } from '../contract.ts'
import { type Answer, type Family, Refused, refuse, refuseOld, troubled } from './answers.ts'
import type { Ids } from './ids.ts'
import { masked } from './mask.ts'
import type { Origin } from './origin.ts'
import type { Quota } from './quota.ts'
import type { Tokens } from './tokens.ts'
import { type Fields, fieldsOrNull, parseJson } from './wire.ts'

/** One call as it came in, read but not yet believed. */
export type Call = {
  readonly query: URLSearchParams
  readonly fields: Fields
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
  readonly accept: string
  /** Scheme and authority under which the caller reached us. */
  readonly origin: string
}

type Common = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly family: Family
  /** `json` bodies are parsed before the handler sees them. */
  readonly body: 'json' | 'bytes' | 'none'
}

/** One API of the platform: what it needs, whether the month counts it, what it answers. */
export type Api = Common &
  (
    | { readonly needs: 'nothing'; readonly answer: (call: Call) => Answer | Promise<Answer> }
    | { readonly needs: 'token'; readonly counted: boolean; readonly answer: (call: Call, app: App) => Answer | Promise<Answer> }
  )

export type GateParts = {
  readonly world: World
  readonly ids: Ids
  readonly tokens: Tokens
  readonly quota: Quota
  readonly origin: Origin
}

/** Beyond this the platform's gateway stops waiting and answers 504; what was asked may well have happened. */
const gatewayPatience = 3

const apiFaults: readonly FaultName[] = ['e429', 'e500', 'lostAnswer', 'late', 'never']

const tokenOf = (call: Call, family: Family, header: string | undefined): string =>
  family === 'new' ? (header ?? '') : (call.query.get('access_token') ?? '')

const withRequestId = (answer: Answer, ids: Ids): Answer => {
  const body = fieldsOrNull(answer.body)
  if (body?.requestid === '') return { ...answer, body: { ...body, requestid: ids.request() } }
  if (body?.request_id === '') return { ...answer, body: { ...body, request_id: ids.hex(13) } }
  return answer
}

const toResponse = (answer: Answer): Response =>
  new Response(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body), {
    status: answer.status,
    headers: { 'content-type': answer.type ?? 'application/json;charset=utf-8' },
  })

/** The door every API call passes: reading, faults, token, rate and month, then the API itself, then the log. */
export const mountApis = (app: Hono, parts: GateParts, apis: readonly Api[]): void => {
  for (const api of apis) app.on(api.method, api.path, (context) => handle(context, parts, api))
  app.all('/v1.0/*', (context) => unknownPath(context, parts, refuse('InvalidAction.NotFound')))
  app.all('/topapi/*', (context) => unknownPath(context, parts, refuseOld(22, '不存在的方法名')))
}

const unknownPath = (context: Context, { world, ids }: GateParts, answer: Answer): Response => {
  const missing = withRequestId(answer.status === 400 ? { ...answer, status: 404 } : answer, ids)
  const what = `${context.req.method} ${context.req.path}`
  world.log({
    surface: 'dingtalk',
    direction: 'from-service',
    what,
    status: missing.status,
    request: what,
    response: JSON.stringify(missing.body),
  })
  return toResponse(missing)
}

const read = async (context: Context, api: Api, origin: Origin): Promise<Call | null> => {
  const url = new URL(context.req.url)
  const bytes = new Uint8Array(await context.req.raw.arrayBuffer())
  const call = {
    query: url.searchParams,
    bytes,
    contentType: context.req.header('content-type') ?? '',
    accept: context.req.header('accept') ?? '',
    origin: origin.seen(url.origin),
  }
  if (api.body !== 'json') return { ...call, fields: {} }
  const fields = fieldsOrNull(parseJson(new TextDecoder().decode(bytes)))
  return fields ? { ...call, fields } : null
}

const handle = async (context: Context, parts: GateParts, api: Api): Promise<Response> => {
  const call = await read(context, api, parts.origin)
  const token = call ? tokenOf(call, api.family, context.req.header('x-acs-dingtalk-access-token')) : ''
  const outcome = await parts.world.busy(`dingtalk ${api.path}`, struck(parts, api, call, token))
  const answer = outcome === 'dropped' ? null : withRequestId(outcome, parts.ids)
  const line = `${api.method} ${api.path}${new URL(context.req.url).search}`
  parts.world.log({
    surface: 'dingtalk',
    direction: 'from-service',
    what: `${api.method} ${api.path}`,
    status: answer?.status ?? null,
    request: masked(`${line}\n${requestText(api, call)}`),
    response: answer
      ? masked(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
      : '(connection dropped)',
  })
  return answer ? toResponse(answer) : drop(context)
}

const requestText = (api: Api, call: Call | null): string => {
  if (!call) return '(not a JSON object)'
  return api.body === 'json' ? JSON.stringify(call.fields) : `(${call.bytes.length} bytes)`
}

/** Closes the caller's connection without a word, as a lost answer looks from outside. */
const drop = (context: Context): Response => {
  const bindings = context.env as Partial<HttpBindings> | undefined
  bindings?.incoming?.socket.destroy()
  return new Response(null, { status: 502 })
}

const struck = async (parts: GateParts, api: Api, call: Call | null, token: string): Promise<Answer | 'dropped'> => {
  const { world, tokens } = parts
  const fault = world.faults.strike('dingtalk', 'api', api.needs === 'token' ? [...apiFaults, 'tokenExpired'] : apiFaults)
  switch (fault?.name) {
    case 'e429':
      return troubled(api.family, 'qps')
    case 'e500':
      return troubled(api.family, 'failed')
    case 'never':
      return 'dropped'
    case 'tokenExpired':
      tokens.revoke(token)
      return troubled(api.family, 'token')
    case 'lostAnswer':
      await perform(parts, api, call, token)
      return 'dropped'
    case 'late':
      return late(world, await perform(parts, api, call, token), fault.seconds)
    default:
      return perform(parts, api, call, token)
  }
}

/** Answers after the delay; once the gateway's patience is over the answer is its own, not JSON, and the deed stands. */
const late = async (world: World, answer: Answer, seconds: number): Promise<Answer> => {
  const wait = Math.min(seconds, gatewayPatience) * 1000
  await new Promise<void>((resolve) => {
    world.clock.at(world.clock.now() + wait, 'dingtalk late answer', resolve)
  })
  return seconds <= gatewayPatience
    ? answer
    : { status: 504, type: 'text/html', body: '<html><body>504 Gateway Time-out</body></html>' }
}

const perform = async (parts: GateParts, api: Api, call: Call | null, token: string): Promise<Answer> => {
  try {
    return await answered(parts, api, call, token)
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

const answered = async (parts: GateParts, api: Api, call: Call | null, token: string): Promise<Answer> => {
  if (!call) return troubled(api.family, 'body')
  if (api.needs === 'nothing') return api.answer(call)
  const app = parts.tokens.holder(token, api.family === 'new' ? 'api' : 'oapi')
  if (!app) return troubled(api.family, 'token')
  const allowed = parts.quota.call(app, `${api.method} ${api.path}`, api.counted)
  if (allowed !== 'fine') return troubled(api.family, allowed)
  return api.answer(call, app)
}
