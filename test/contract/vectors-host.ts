import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'

export type Heard = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** A host on loopback that says one thing to every request, refuses every upgrade, and keeps what it hears. */
export const listen = async (say: (base: string) => unknown) => {
  const heard: Heard[] = []
  const upgrades: string[] = []
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const { method = '', url = '', headers } = request
    heard.push({ method, url, headers, body })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(say(base)))
  })
  server.on('upgrade', ({ url = '' }, socket) => {
    upgrades.push(url)
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { base, heard, upgrades, close }
}

export const until = (claim: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(claim()).toBe(true), { timeout: 10_000, interval: 5 })
