import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { openStream, type Pace } from '../../src/bots/dingtalk/stream.ts'
import type { Deliver, Incoming, Stream } from '../../src/bots/platform.ts'
import type { Log } from '../../src/lib/log.ts'
import { connection, createPorts, vectors } from './dingtalk-kit.ts'

export type Ack = { code: number; message: string; headers: Record<string, string>; data: string }

export const frames = vectors.streamFrames
export const quick: Pace = { ping: 30, firstRetry: 20, longestRetry: 80, refusedRetry: 60_000, stable: 60_000 }

/** The platform's gateway and socket as the document describes them, and one stream of ours towards it. */
export type Gate = {
  openings: Record<string, unknown>[]
  accepts: (string | undefined)[]
  refusing: { status: number; body: unknown } | null
  /** Connections in the order in which they came. */
  clients: WebSocket[]
  acks: Ack[]
  delivered: Incoming[]
  decide: Deliver
  logged: string[]
  /** Sent down each connection as soon as it is open. */
  greeting: unknown
  stream: Stream | null
  readonly live: () => number
  readonly start: (pace?: Pace) => Stream
  readonly connected: (count?: number) => Promise<void>
  readonly push: (frame: unknown) => void
  readonly ackOf: (messageId: string) => Promise<Ack>
}

export const until = (claim: () => unknown): Promise<void> =>
  vi.waitFor(() => expect(claim()).toBeTruthy(), { timeout: 10_000, interval: 5 })

const fresh = () => ({
  openings: [],
  accepts: [],
  refusing: null,
  clients: [],
  acks: [],
  delivered: [],
  decide: async () => null,
  logged: [],
  greeting: null,
  stream: null,
})

/** A fresh one before each test of the file. */
export const useGate = (): Gate => {
  let base = ''
  const tickets = new Set<string>()
  const sockets = new WebSocketServer({ noServer: true })
  const log: Log = {
    info: () => {},
    warn: (message) => void gate.logged.push(`warn ${message}`),
    error: (message) => void gate.logged.push(`error ${message}`),
  }
  const gate: Gate = {
    ...fresh(),
    live: () => [...sockets.clients].filter(({ readyState }) => readyState !== 3).length,
    start: (pace = quick) => {
      const deliver: Deliver = (incoming) => {
        gate.delivered.push(incoming)
        return gate.decide(incoming)
      }
      gate.stream = openStream({ ...connection, apiBase: base }, deliver, createPorts({ log }), pace)
      return gate.stream
    },
    connected: (count = 1) => until(() => gate.stream?.state() === 'connected' && gate.clients.length >= count),
    push: (frame) =>
      gate.clients.at(-1)?.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    ackOf: async (messageId) => {
      const find = () => gate.acks.find(({ headers }) => headers.messageId === messageId)
      await until(find)
      const found = find()
      if (!found) throw new Error('no ack')
      return found
    },
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    gate.openings.push(JSON.parse(text))
    gate.accepts.push(request.headers.accept)
    const ticket = `ticket-${gate.openings.length}`
    if (!gate.refusing) tickets.add(ticket)
    response.writeHead(gate.refusing?.status ?? 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(gate.refusing?.body ?? { endpoint: `${base.replace('http', 'ws')}/connect`, ticket }))
  })
  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '', base).searchParams.get('ticket') ?? ''
    if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (client) => {
      gate.clients.push(client)
      if (gate.greeting) client.send(JSON.stringify(gate.greeting))
      client.on('message', (data) => gate.acks.push(JSON.parse(data.toString())))
    })
  })
  beforeEach(async () => {
    Object.assign(gate, fresh())
    // The official client talks to the console.
    vi.spyOn(console, 'info').mockImplementation(() => {})
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    await gate.stream?.close()
    for (const client of sockets.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
    vi.restoreAllMocks()
  })
  return gate
}
