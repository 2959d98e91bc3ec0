import type { RawData, WebSocket } from 'ws'
import type { App, World } from '../contract.ts'
import { type Ack, readAck, systemFrame, type Topic } from './frames.ts'
import type { Ids } from './ids.ts'
import { masked } from './mask.ts'

/** One long connection of one app. */
export type Connection = {
  readonly id: string
  readonly app: App
  readonly wants: (topic: Topic) => boolean
  /** True while pushes may go down it. */
  readonly live: () => boolean
  readonly send: (text: string) => void
  /** Says `disconnect`, falls silent, closes ten seconds later. */
  readonly retire: (reason: string) => void
  /** Ends it without a word. */
  readonly cut: () => void
  /** Keeps the socket open and never reads or writes it again, as a broken path does. */
  readonly freeze: () => void
}

type ConnectionParts = {
  readonly world: World
  readonly ids: Ids
  readonly socket: WebSocket
  readonly app: App
  readonly subscriptions: readonly Topic[]
  readonly acked: (ack: Ack) => void
  readonly gone: () => void
}

const silence = 10_000

export const textIn = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8')

/** Seconds of real time between JSON pings: `dingtalk.pingSeconds`, 30 unless set (unverified). A ping not echoed by the next one ends the connection. */
export const createConnection = ({ world, ids, socket, app, subscriptions, acked, gone }: ConnectionParts): Connection => {
  const id = ids.uuid()
  let state: 'live' | 'leaving' | 'frozen' | 'closed' = 'live'
  let unanswered: string | null = null
  const note = (direction: 'to-service' | 'from-service', what: string, text: string) =>
    world.log({ surface: 'dingtalk', direction, what, status: null, request: masked(text), response: '' })

  const send = (text: string) => {
    if (state !== 'live' || socket.readyState !== socket.OPEN) return
    note('to-service', 'frame', text)
    socket.send(text)
  }
  const heard = (text: string) => {
    if (state === 'frozen') return
    const ack = readAck(text)
    if (ack && ack.messageId === unanswered) {
      unanswered = null
      return
    }
    note('from-service', ack ? 'ack' : 'frame that is no answer', text)
    if (ack) acked(ack)
  }
  const ping = () => {
    if (state !== 'live') return
    if (unanswered !== null) {
      socket.terminate()
      return
    }
    unanswered = `ping_${ids.hex(12)}`
    socket.send(systemFrame('ping', unanswered, world.clock.now(), { opaque: ids.uuid() }))
  }
  const timer = setInterval(ping, Number(world.choose('dingtalk.pingSeconds', '30')) * 1000).unref()

  socket.on('message', (data, isBinary) => {
    if (!isBinary) heard(textIn(data))
  })
  socket.on('ping', (data) => {
    if (state !== 'frozen') socket.pong(data)
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(timer)
    state = 'closed'
    gone()
  })
  return {
    id,
    app,
    wants: ({ type, topic }) =>
      subscriptions.some((wanted) => wanted.type === type && (wanted.topic === topic || wanted.topic === '*')),
    live: () => state === 'live' && socket.readyState === socket.OPEN,
    send,
    retire: (reason) => {
      if (state !== 'live') return
      send(systemFrame('disconnect', `disc_${ids.hex(12)}`, world.clock.now(), { reason }))
      state = 'leaving'
      world.clock.at(world.clock.now() + silence, 'dingtalk closes a retired connection', () => socket.terminate())
    },
    cut: () => {
      state = 'closed'
      socket.terminate()
    },
    freeze: () => {
      state = 'frozen'
    },
  }
}
