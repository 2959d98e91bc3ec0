import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connection } from './wecom-kit.ts'

export type Asked = {
  readonly path: string
  readonly method: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** How one call is answered: JSON under HTTP 200, other bytes, another status, or a connection that ends without an answer. */
export type Answer =
  | { readonly json: Readonly<Record<string, unknown>> }
  | { readonly bytes: Uint8Array | string; readonly type?: string; readonly status?: number; readonly location?: string }
  | 'cut'

/**
 * A few of WeCom's calls as documents 91039 and 90313 describe them: HTTP 200 with an errcode, the token in the query only,
 * 41001 before 40014 before anything else, an empty 404 for unknown paths. Answers are given out in the order in which they were
 * put in; the last one stays.
 */
export type Api = {
  readonly base: string
  readonly asked: Asked[]
  /** What was asked of one path. */
  readonly of: (path: string) => readonly Asked[]
  readonly answers: (path: string, ...list: Answer[]) => void
  /** From now on only the next token is good, as when WeCom ends one early. */
  readonly endToken: () => void
  readonly close: () => Promise<void>
}

export const ok = (body: Readonly<Record<string, unknown>> = {}): Answer => ({ json: { errcode: 0, errmsg: 'ok', ...body } })
export const no = (errcode: number): Answer => ({
  json: { errcode, errmsg: `some words, hint: [1], from ip: 203.0.113.9 token ${errcode}` },
})

export const createApi = async (): Promise<Api> => {
  const asked: Asked[] = []
  const plans = new Map<string, Answer[]>()
  let generation = 1

  const answerTo = ({ path, query }: Asked): Answer => {
    const plan = plans.get(path)
    const next = plan && plan.length > 1 ? plan.shift() : plan?.[0]
    if (path === 'gettoken') {
      if (next) return next
      const known = query.corpid === connection.corpId && query.corpsecret === connection.secret
      return known ? ok({ access_token: `tok-demo-000${generation}`, expires_in: 7200 }) : no(40001)
    }
    if (!next) return { bytes: '', status: 404 }
    if (!query.access_token) return no(41001)
    return query.access_token === `tok-demo-000${generation}` ? next : no(40014)
  }

  const server = createServer((request, response) => void serve(request, response))
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://local')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const call: Asked = {
      path: url.pathname.replace('/cgi-bin/', ''),
      method: request.method ?? '',
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? {} : JSON.parse(text),
    }
    asked.push(call)
    write(response, answerTo(call))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    of: (path) => asked.filter((call) => call.path === path),
    answers: (path, ...list) => void plans.set(path, list),
    endToken: () => {
      generation += 1
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const write = (response: ServerResponse, answer: Answer): void => {
  if (answer === 'cut') return void response.socket?.destroy()
  if ('json' in answer) {
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8', 'error-code': String(answer.json.errcode) })
    return void response.end(JSON.stringify(answer.json))
  }
  const { status = 200, type = 'application/octet-stream', location } = answer
  response.writeHead(status, { 'content-type': type, ...(location && { location }) })
  response.end(answer.bytes)
}
