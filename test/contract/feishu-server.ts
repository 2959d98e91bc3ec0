/** A small server written from the platform's document: it gives tokens and leaves every other answer to the test. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { createFeishu } from '../../src/bots/feishu/platform.ts'
import { type ChatPlatform, DeliveryError } from '../../src/bots/platform.ts'
import { connection, createPorts, person } from './feishu-kit.ts'

export type Asked = {
  readonly method: string
  readonly path: string
  readonly token: string
  readonly body: string
  readonly json: Record<string, unknown>
}
export type Answer = (asked: Asked, response: ServerResponse, nth: number) => void

export const servers: (() => Promise<void>)[] = []
export const closeServers = async (): Promise<void> => {
  for (const close of servers.splice(0)) await close()
}

export const read = async (request: IncomingMessage): Promise<Asked> => {
  const body = Buffer.concat(await request.toArray()).toString('latin1')
  const isJson = request.headers['content-type']?.includes('json') && body
  const json = isJson ? JSON.parse(Buffer.from(body, 'latin1').toString()) : {}
  return { method: request.method ?? '', path: request.url ?? '', token: request.headers.authorization ?? '', body, json }
}

export const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

/** Serves tokens `t-1`, `t-2`, … and leaves the rest to `answer`. */
export const serve = async (answer: Answer) => {
  const asked: Asked[] = []
  let tokens = 0
  const server = createServer(async (request, response) => {
    const one = await read(request)
    if (one.path === '/open-apis/auth/v3/tenant_access_token/internal') {
      tokens += 1
      expect(one.json).toEqual({ app_id: connection.appId, app_secret: connection.appSecret })
      return json(response, { code: 0, msg: 'ok', tenant_access_token: `t-${tokens}`, expire: 7140 })
    }
    asked.push(one)
    answer(one, response, asked.length)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  servers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const ports = createPorts()
  return {
    platform: createFeishu({ ...connection, apiBase: addressOf(server) }, ports),
    ports,
    asked,
    tokens: () => tokens,
    taken: ports.taken,
    server,
  }
}

export const failure = async (work: Promise<unknown>): Promise<DeliveryError> => {
  const error = await work.then(
    () => new Error('it went through'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeliveryError)) throw error
  return error
}

export const ok = { code: 0, msg: 'success', data: { message_id: 'om_sent', chat_id: 'oc_direct' } }
export const toPerson = { kind: 'account', account: person } as const
export const text = (words: string) => ({ kind: 'text', text: words }) as const
export const say = (platform: ChatPlatform, words = '演练通知') => platform.send(toPerson, text(words), 'once-1')
export const no = (code: number, msg = 'no') => ({ code, msg, error: { log_id: 'x' } })
