import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { World } from './world.ts'

/** One push as it crossed the wire, byte for byte. */
export type Push = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * A wire between the platforms and the service that a test holds in its hand: it keeps what crossed, can lose answers on their way back, and can send
 * the very same bytes again. Only callbacks (`/hooks/…`) are kept and lost; the clock's own traffic passes untouched.
 */
export type Relay = {
  readonly pushes: () => readonly Push[]
  /** The service hears the next callbacks, but the platform never hears its answers. */
  readonly losesAnswers: (count: number) => void
  /** Sends the same bytes again; gives the service's status. */
  readonly replays: (push: Push) => Promise<number>
  readonly close: () => Promise<void>
}

const bodyOf = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

const headersOf = (incoming: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))

const send = (
  target: string,
  { method, path, headers, body }: Push,
): Promise<{ status: number; headers: object; body: Buffer }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, target), { method, headers: { ...headers, host: new URL(target).host } }, (answer) => {
      bodyOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }), reject)
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })

/** Puts a relay between the sandbox and the running service, for platforms that call back over HTTP. */
export const openRelay = async (world: World): Promise<Relay> => {
  const target = world.running().url
  const pushes: Push[] = []
  let toLose = 0
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = incoming
    const push: Push = { method, path: url, headers: headersOf(incoming), body: await bodyOf(incoming) }
    const isCallback = method === 'POST' && url.startsWith('/hooks/')
    if (isCallback) pushes.push(push)
    const answer = await send(target, push)
    if (isCallback && toLose > 0) {
      toLose -= 1
      incoming.socket.destroy()
      return
    }
    outgoing.writeHead(answer.status, answer.headers as Record<string, string>)
    outgoing.end(answer.body)
  }
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  await world.post('/service', { urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`] })
  return {
    pushes: () => pushes,
    losesAnswers: (count) => {
      toLose = count
    },
    replays: async (push) => (await send(target, push)).status,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
