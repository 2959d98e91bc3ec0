import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands before the service and waits shorter than a platform would: an answer that comes later is cut off, and the platform counts it as none. */
export type StrictRelay = {
  readonly url: string
  /** Callbacks whose answer passed in time, and those whose answer did not. */
  readonly counts: () => { readonly inTime: number; readonly late: number }
  readonly close: () => Promise<void>
}

/** `within` gives how long a path may take, in milliseconds; null when it may take as long as it likes. */
export const openStrictRelay = async (target: number, within: (path: string) => number | null): Promise<StrictRelay> => {
  let inTime = 0
  let late = 0
  const pass = (incoming: IncomingMessage, finish: (answer: IncomingMessage) => void): void => {
    const { method = 'GET', url = '/', headers } = incoming
    const limit = within(url)
    const outgoing = request({ host: '127.0.0.1', port: target, path: url, method, headers, agent: false }, (answer) => {
      clearTimeout(timer)
      if (limit !== null) inTime += 1
      finish(answer)
    })
    const timer = setTimeout(() => {
      late += 1
      outgoing.destroy()
    }, limit ?? 2_147_483_647)
    outgoing.on('error', () => {
      clearTimeout(timer)
      incoming.socket.destroy()
    })
    incoming.pipe(outgoing)
  }
  const server = createServer((incoming, outgoing) =>
    pass(incoming, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    }),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => ({ inTime, late }),
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
