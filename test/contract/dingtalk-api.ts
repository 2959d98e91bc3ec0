import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach } from 'vitest'
import { createDingtalk } from '../../src/bots/dingtalk/platform.ts'
import { type ChatPlatform, DeliveryError, type Destination } from '../../src/bots/platform.ts'
import { connection, createPorts, createTokens, vectors, withoutTemplate } from './dingtalk-kit.ts'

export type Asked = {
  readonly path: string
  readonly query: string
  readonly token: string | undefined
  readonly body: Record<string, unknown>
  readonly raw: Buffer
}
export type Said = { readonly status?: number; readonly body: unknown } | 'hang up' | 'perform and hang up'

export const samples = vectors.samplePayloads
export const ok = (body: unknown): Said => ({ body })
export const done = ok({ success: true, result: true })

/** The two hosts on one loopback address: tokens are their own business, everything else is what the test scripts. */
export type Api = {
  base: string
  asked: Asked[]
  issued: number
  script: (asked: Asked) => Said
  ports: ReturnType<typeof createPorts>
  readonly platform: (change?: object) => ChatPlatform
  /** The same connection in an organisation that has not imported the template. */
  readonly plain: () => ChatPlatform
}

const read = async (request: IncomingMessage, base: string): Promise<Asked> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const raw = Buffer.concat(chunks)
  const url = new URL(request.url ?? '/', base)
  const isJson = request.headers['content-type']?.includes('json') ?? false
  const header = request.headers['x-acs-dingtalk-access-token']
  return {
    path: url.pathname,
    query: url.search,
    token: typeof header === 'string' ? header : (url.searchParams.get('access_token') ?? undefined),
    body: isJson ? JSON.parse(raw.toString()) : {},
    raw,
  }
}

const answerTo = (api: Api, one: Asked): Said => {
  if (one.path !== '/v1.0/oauth2/accessToken') {
    api.asked.push(one)
    return api.script(one)
  }
  api.issued += 1
  const known = one.body.appKey === connection.clientId && one.body.appSecret === connection.clientSecret
  return known ? ok({ accessToken: `token-${api.issued}`, expireIn: 7200 }) : { status: 400, body: samples.tokenBadSecret }
}

/** A fresh one before each test of the file. */
export const useApi = (): Api => {
  const api: Api = {
    base: '',
    asked: [],
    issued: 0,
    script: () => done,
    ports: createPorts(),
    platform: (change = {}) => createDingtalk({ ...connection, apiBase: api.base, oapiBase: api.base, ...change }, api.ports),
    plain: () => createDingtalk({ ...withoutTemplate, apiBase: api.base, oapiBase: api.base }, api.ports),
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const said = answerTo(api, await read(request, api.base))
    if (typeof said === 'string') return void response.destroy()
    response.writeHead(said.status ?? 200, { 'content-type': 'application/json' })
    response.end(typeof said.body === 'string' || Buffer.isBuffer(said.body) ? said.body : JSON.stringify(said.body))
  }
  const server = createServer((request, response) => void serve(request, response))
  beforeEach(async () => {
    Object.assign(api, { asked: [], issued: 0, script: () => done, ports: createPorts({ tokens: createTokens() }) })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    api.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))
  return api
}

export const chen = { kind: 'account', account: 'u_chen' } as const satisfies Destination
export const group = { kind: 'group', conversation: 'cidEMU0000000000000000000001==' } as const satisfies Destination

export const failure = async (work: Promise<unknown>): Promise<DeliveryError> => {
  const error = await work.then(
    () => new Error('no failure'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeliveryError)) throw error
  return error
}
export const said = ({ kind, because, scope, retryAfter }: DeliveryError): string => `${kind} ${because} ${scope} ${retryAfter}`
