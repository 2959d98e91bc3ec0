/** The counter of `/cgi-bin/*`: who asks, may they, is something broken today, and how an answer looks on the wire. */
import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, Hono } from 'hono'
import type { FaultName } from '../contract.ts'
import { type Answer, errmsg, no } from './codes.ts'
import { cutLog, masked } from './masks.ts'
import { quotas } from './meter.ts'
import type { Office, WecomApp } from './office.ts'

/** A call that got past the counter. */
export type Call = {
  /** The app whose token it carries. */
  readonly app: WecomApp
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** The JSON body; empty for calls that have none. */
  readonly json: Readonly<Record<string, unknown>>
}

/** Bytes instead of JSON, as `media/get` gives them. */
export type FileAnswer = {
  readonly file: Uint8Array
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

export type Endpoint = {
  readonly reads: 'query' | 'json' | 'form'
  /** Fields that a failing answer carries empty (seen on the platform for the list calls). */
  readonly empties?: Readonly<Record<string, readonly never[]>>
} & (
  | { readonly token: true; readonly run: (call: Call, office: Office) => Answer | FileAnswer | Promise<Answer | FileAnswer> }
  | { readonly token: false; readonly run: (query: URLSearchParams, office: Office) => Answer }
)

export type Endpoints = Readonly<Record<string, Endpoint>>

const largestBody = 24 * 1024 * 1024
const faultsHere: readonly FaultName[] = ['e429', 'e500', 'lostAnswer', 'tokenExpired', 'late', 'never']

const readJson = (bytes: Uint8Array): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

/** The token travels in the query alone; a header or body field is not looked at. */
const tokenOf = (query: URLSearchParams) => query.get('access_token') ?? ''

const admit = (endpoint: Endpoint, path: string, query: URLSearchParams, office: Office): WecomApp | Answer => {
  const token = tokenOf(query)
  if (!token) return no(41001)
  const app = office.tokens.check(token)
  if (app === 40014 || app === 42001) return no(app, '', endpoint.empties)
  const free = !office.world.metered() || office.meter.take(`api ${app.corpId} ${path}`, quotas.api)
  return free ? app : no(45009, '', endpoint.empties)
}

type Body = { readonly json: Readonly<Record<string, unknown>> }

const bodyOf = (endpoint: Endpoint, method: string, bytes: Uint8Array): Body | Answer => {
  if (endpoint.reads === 'query') return { json: {} }
  if (method !== 'POST') return no(40058, 'POST wanted')
  if (bytes.length > largestBody) return no(45001)
  const json = endpoint.reads === 'json' ? readJson(bytes) : {}
  return json ? { json } : no(40035, 'wrong json format')
}

type Asked = { readonly method: string; readonly url: URL; readonly headers: Headers; readonly bytes: Uint8Array }

const perform = async (path: string, endpoint: Endpoint, asked: Asked, office: Office): Promise<Answer | FileAnswer> => {
  const query = asked.url.searchParams
  if (!endpoint.token) return endpoint.run(query, office)
  const app = admit(endpoint, path, query, office)
  if ('code' in app) return app
  const body = bodyOf(endpoint, asked.method, asked.bytes)
  if ('code' in body) return { ...body, body: endpoint.empties ?? {} }
  const answer = await endpoint.run({ app, query, headers: asked.headers, bytes: asked.bytes, json: body.json }, office)
  return 'code' in answer && answer.code !== 0 ? { ...answer, body: { ...endpoint.empties, ...answer.body } } : answer
}

const jsonResponse = (answer: Answer, office: Office): Response => {
  const hint = String(Math.floor(office.world.clock.now())).padEnd(24, String(office.next()).padStart(11, '0'))
  const words = errmsg(answer, hint)
  return new Response(JSON.stringify({ errcode: answer.code, errmsg: words, ...answer.body }), {
    headers: { 'content-type': 'application/json; charset=UTF-8', 'Error-Code': String(answer.code), 'Error-Msg': words },
  })
}

const respond = (answer: Answer | FileAnswer, office: Office): Response =>
  'file' in answer
    ? new Response(Uint8Array.from(answer.file), { status: answer.status, headers: answer.headers })
    : jsonResponse(answer, office)

const isNode = (env: unknown): env is { readonly incoming: IncomingMessage } =>
  typeof env === 'object' && env !== null && 'incoming' in env

/** Drops the connection without a byte. */
const hangUp = (context: Context): Response => {
  if (isNode(context.env)) context.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

const wait = (office: Office, seconds: number) =>
  new Promise<void>((resolve) =>
    office.world.clock.at(office.world.clock.now() + seconds * 1000, 'wecom: a late API call', resolve),
  )

/** Answers one request under today's fault; null is a dropped connection. */
const underFault = async (path: string, endpoint: Endpoint, asked: Asked, office: Office): Promise<Response | null> => {
  const allowed = endpoint.token ? faultsHere : faultsHere.filter((name) => name !== 'tokenExpired')
  const fault = office.world.faults.strike('wecom', 'api', allowed)
  const answered = async () => respond(await perform(path, endpoint, asked, office), office)
  switch (fault?.name) {
    case 'e429':
      return respond(no(45009, '', endpoint.empties), office)
    case 'e500':
      return new Response('', { status: 500 })
    case 'tokenExpired':
      office.tokens.expire(tokenOf(asked.url.searchParams))
      return answered()
    case 'never':
      return null
    case 'lostAnswer':
      await answered()
      return null
    case 'late':
      await wait(office, fault.seconds)
      return answered()
    default:
      return answered()
  }
}

const shownBody = (bytes: Uint8Array, type: string | null) =>
  /json|xml|text\/plain/.test(type ?? '') || bytes.length === 0
    ? new TextDecoder().decode(bytes)
    : `<${bytes.length} bytes of ${type}>`

const serve = async (path: string, endpoint: Endpoint | null, context: Context, office: Office): Promise<Response> => {
  const url = new URL(context.req.url)
  const asked = {
    method: context.req.method,
    url,
    headers: context.req.raw.headers,
    bytes: new Uint8Array(await context.req.arrayBuffer()),
  }
  const response = endpoint ? await underFault(path, endpoint, asked, office) : new Response(null, { status: 404 })
  const answered = response ? new Uint8Array(await response.clone().arrayBuffer()) : null
  office.world.log({
    surface: 'wecom',
    direction: 'from-service',
    what: `${asked.method} ${url.pathname}`,
    status: response?.status ?? null,
    request: cutLog(masked(`${url.pathname}${url.search}\n${shownBody(asked.bytes, asked.headers.get('content-type'))}`)),
    response: answered
      ? cutLog(masked(shownBody(answered, response?.headers.get('content-type') ?? null)))
      : '<connection dropped>',
  })
  return response ?? hangUp(context)
}

/** Puts the endpoints on the server; every other path below `/cgi-bin` is a 404 with an empty body. */
export const mountApi = (server: Hono, endpoints: Endpoints, office: Office): void => {
  for (const [path, endpoint] of Object.entries(endpoints)) server.all(path, (context) => serve(path, endpoint, context, office))
  server.all('/cgi-bin/*', (context) => serve('', null, context, office))
}
