/** Live sockets of the long connection: pings, acks, and the faults that strike them. */
import type { WebSocket } from 'ws'
import type { World } from '../contract.ts'
import { ackOf } from './data-frames.ts'
import { control, data, decodeFrame, encodeFrame, type Frame, headerOf } from './frames.ts'
import { answerWithin, type Outcome } from './outcome.ts'
import type { FeishuApp } from './state.ts'
import { clientConfig, type Ticket } from './tickets.ts'

export type Connection = Ticket & {
  readonly socket: WebSocket
  /** Set by the client's first ping, which the official clients send as soon as they listen. */
  ready: boolean
  /** Half-open: the socket stands, nothing passes in either direction. */
  deaf: boolean
}

export type Sockets = {
  readonly live: ReadonlySet<Connection>
  readonly of: (app: FeishuApp) => readonly Connection[]
  readonly accept: (ticket: Ticket, socket: WebSocket) => void
  /** Sends the frames of one push and waits three seconds of real time for its ack, matched by message id. */
  readonly push: (connection: Connection, id: string, frames: readonly Uint8Array[]) => Promise<Outcome>
  readonly close: () => void
}

type Waiting = { readonly connection: Connection; readonly settle: (outcome: Outcome) => void }

/** Asks for a socket fault; true when nothing passes. */
const struck = (world: World, connection: Connection): boolean => {
  if (connection.deaf) return true
  const fault = world.faults.strike('feishu', 'socket', ['cut', 'halfOpen'])
  if (fault?.name === 'cut') connection.socket.terminate()
  if (fault?.name === 'halfOpen') {
    connection.deaf = true
    world.clock.at(world.clock.now() + fault.seconds * 1000, 'feishu half-open socket ends', () => connection.socket.terminate())
  }
  return fault !== null
}

const pong = (world: World, connection: Connection, ping: Frame): void => {
  connection.ready = true
  const payload = Buffer.from(JSON.stringify(clientConfig(world)))
  connection.socket.send(encodeFrame({ ...ping, headers: [{ key: 'type', value: 'pong' }], payload }))
}

export const createSockets = (world: World): Sockets => {
  const live = new Set<Connection>()
  const waiting = new Map<string, Waiting>()

  const hear = (connection: Connection, bytes: Buffer): void => {
    const frame = decodeFrame(bytes)
    if (!frame || struck(world, connection)) return
    if (frame.method === control && headerOf(frame, 'type') === 'ping') pong(world, connection, frame)
    if (frame.method !== data) return
    const found = waiting.get(headerOf(frame, 'message_id'))
    if (found?.connection.app === connection.app) found.settle(ackOf(frame))
  }

  const gone = (connection: Connection): void => {
    live.delete(connection)
    for (const each of waiting.values()) if (each.connection === connection) each.settle({ kind: 'silent' })
  }

  return {
    live,
    of: (app) => [...live].filter((connection) => connection.app === app),
    accept: (ticket, socket) => {
      const connection: Connection = { ...ticket, socket, ready: false, deaf: false }
      live.add(connection)
      socket.on('message', (bytes) => hear(connection, Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0)))
      socket.on('error', () => socket.terminate())
      socket.on('close', () => gone(connection))
    },
    push: (connection, id, frames) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => settle({ kind: 'silent' }), answerWithin)
        const settle = (outcome: Outcome) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(outcome)
        }
        waiting.set(id, { connection, settle })
        if (struck(world, connection)) return
        for (const frame of frames) connection.socket.send(frame)
      }),
    close: () => {
      for (const { settle } of waiting.values()) settle({ kind: 'silent' })
      for (const { socket } of live) socket.terminate()
    },
  }
}
