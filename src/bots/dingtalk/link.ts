import type { WebSocket } from 'ws'
import { seconds } from '../../lib/clock.ts'
import { hostOf, mayFollow } from '../call.ts'
import { DeliveryError, type PlatformPorts } from '../platform.ts'
import type { Client } from './client.ts'
import { createFrames, type FrameParts, type Up } from './frames.ts'
import { answers, cardTopic, longestArrival, robotTopic } from './wire.ts'

/** One open socket to the platform. */
export type Link = {
  /** Counts one missed answer and asks for the next; gives how many went unanswered before. Anything heard sets it back to none. */
  readonly ping: () => number
  /** False once the platform has said that it is leaving, or the socket is gone. */
  readonly good: () => boolean
  /** Answers what is under way, then closes; what comes meanwhile is still taken. Resolves when nothing more will be delivered. */
  readonly retire: () => Promise<void>
  /** As `retire`, but takes nothing more: what comes is left for the platform to send again. */
  readonly stop: () => Promise<void>
  /** At once and without a word, for a half-open socket. */
  readonly terminate: () => void
}

export type LinkParts = Pick<FrameParts, 'connection' | 'deliver'> & {
  readonly client: Client
  readonly ports: Pick<PlatformPorts, 'clock' | 'log'>
  readonly signal: AbortSignal
  /** The link is no longer good: the platform leaves, or the socket closed. Called once. */
  readonly lost: (link: Link) => void
}

/** What the SDK keeps to itself and gives no other way to reach. */
type Inner = { socket?: WebSocket; dw_url?: string; sslopts: object }

const connectWithin = seconds(10)
/** The platform closes ten seconds after it has said so; a socket that stays longer is dropped. */
const closeWithin = seconds(10)

/**
 * Opens a connection with the official client, `dingtalk-stream` 2.1.5, for its socket and its wire format only. Its `connect` swallows every
 * error and retries a wrong password for ever, its gateway is a constant, and a bad frame leaves its socket handler as an exception: so the
 * gateway is asked by us, every frame goes to `createFrames`, and reconnecting is the supervisor's.
 * Throws DeliveryError (`bad-credentials` for a wrong secret), or the socket's error.
 */
export const openLink = async (parts: LinkParts): Promise<Link> => {
  const { connection } = parts
  const { endpoint, ticket } = await askGateway(parts)
  const { DWClient } = await import('dingtalk-stream')
  const sdk = new DWClient({
    clientId: connection.clientId,
    clientSecret: connection.clientSecret,
    keepAlive: false,
    debug: false,
  })
  const inner = sdk as unknown as Inner
  inner.dw_url = `${endpoint}?ticket=${encodeURIComponent(ticket)}`
  inner.sslopts = {
    rejectUnauthorized: true,
    handshakeTimeout: connectWithin,
    maxPayload: longestArrival,
    perMessageDeflate: false,
  }
  let take: (data: unknown) => void = () => {}
  sdk.onDownStream = (data: unknown) => take(data)
  const opening = sdk._connect()
  const { socket } = inner
  if (!socket) throw new Error('dingtalk-stream opened no socket')
  const link = linkOver(socket, parts, (next) => {
    take = next
  })
  await opening
  return link
}

/**
 * Page "Stream 模式协议" (`develop-stream-mode-push-server`), 2026-08: the ticket opens one socket within 90 s. An address in the clear is refused when
 * the gateway itself is encrypted: the ticket stands in it, and messages come down it unsigned.
 */
const askGateway = async ({ connection, client, ports, signal }: LinkParts): Promise<{ endpoint: string; ticket: string }> => {
  const body = {
    clientId: connection.clientId,
    clientSecret: connection.clientSecret,
    ua: 'andon',
    subscriptions: [
      { type: 'EVENT', topic: '*' },
      { type: 'CALLBACK', topic: robotTopic },
      { type: 'CALLBACK', topic: cardTopic },
    ],
  }
  const found = await client.open(
    { host: 'api', method: 'POST', path: '/v1.0/gateway/connections/open', body, answer: answers.endpoint, effect: false },
    signal,
  )
  if (!mayFollow(connection.apiBase, found.endpoint)) {
    ports.log.warn('The DingTalk stream was to go unencrypted and was refused: check apiBase and who answers there', {
      connection: connection.id,
      host: hostOf(found.endpoint),
    })
    throw new DeliveryError('temporary', 'unsafe-endpoint', { scope: 'connection' })
  }
  return found
}

const linkOver = (
  socket: WebSocket,
  { connection, deliver, ports, lost }: LinkParts,
  listen: (take: (data: unknown) => void) => void,
): Link => {
  let good = true
  let taking = true
  let missed = 0
  const heard = (): void => {
    missed = 0
  }
  const fail = (): void => {
    if (!good) return
    good = false
    lost(link)
  }
  const say = (up: Up): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(up), () => {})
  }
  const frames = createFrames({ connection, deliver, ports, say, leaving: fail })
  const close = async (): Promise<void> => {
    good = false
    await frames.settled()
    await closed(socket)
    await frames.settled()
  }
  const link: Link = {
    ping: () => {
      if (socket.readyState === socket.OPEN) socket.ping()
      missed += 1
      return missed - 1
    },
    good: () => good,
    retire: close,
    stop: () => {
      taking = false
      return close()
    },
    terminate: () => socket.terminate(),
  }
  socket.on('pong', heard)
  socket.on('ping', heard)
  socket.on('close', fail)
  listen((data) => {
    heard()
    if (taking) frames.take(data)
  })
  return link
}

/** Says goodbye and waits for it, not for ever. */
const closed = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve()
    const timer = setTimeout(() => socket.terminate(), closeWithin)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.close()
  })
