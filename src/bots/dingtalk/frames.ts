import { type Millis, seconds } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Deliver, Incoming, PlatformPorts } from '../platform.ts'
import { cardAnswer } from './answer.ts'
import { type Arrival, decodeEvent, decodeMessage, decodePress } from './decode.ts'
import { asJson, cardTopic, type DingtalkConnection, type Frame, frame, longestArrival, robotTopic } from './wire.ts'

/** An answer on its way up. Only the message id counts for the platform; the rest is what the official SDKs send. */
export type Up = {
  readonly code: 200 | 404 | 500
  readonly message: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: string
}

export type FrameParts = {
  readonly connection: DingtalkConnection
  readonly deliver: Deliver
  readonly ports: Pick<PlatformPorts, 'clock' | 'log'>
  readonly say: (up: Up) => void
  /** The platform will close this connection in ten seconds and sends nothing more down it. */
  readonly leaving: () => void
}

/** The platform waits 2 s for a card's answer and 3 s for an event's (page `develop-stream-mode-push-server`, 2026-08); ours leaves before. */
const answerWithin = { card: seconds(1.8), event: seconds(2.5) } as const

/** So many arrivals at once are decided; beyond, the platform is left to send again. */
const mostAtOnce = 500

/** Takes one frame after another. `take` never throws or rejects: the SDK would let it out of the socket handler and end the process. */
export type Frames = { readonly take: (data: unknown) => void; readonly settled: () => Promise<void> }

export const createFrames = (parts: FrameParts): Frames => {
  const { log } = parts.ports
  const working = new Set<Promise<void>>()
  return {
    take: (data) => {
      const read = readFrame(data)
      if (!read) return log.warn('A stream frame could not be read and was left unanswered')
      if (working.size >= mostAtOnce && read.type !== 'SYSTEM')
        return log.error('Too many arrivals at once; the platform will send again')
      const work = answer(read, parts)
        .catch(() => log.error('A stream frame could not be answered', { topic: read.headers.topic }))
        .finally(() => working.delete(work))
      working.add(work)
    },
    settled: async () => {
      while (working.size > 0) await Promise.allSettled(working)
    },
  }
}

const readFrame = (data: unknown): Frame | null => {
  const text =
    data instanceof ArrayBuffer
      ? Buffer.from(data).toString()
      : Buffer.isBuffer(data) || typeof data === 'string'
        ? data.toString()
        : ''
  if (text.length > longestArrival) return null
  const read = frame.safeParse(asJson(text))
  return read.success ? read.data : null
}

const answer = async (read: Frame, parts: FrameParts): Promise<void> => {
  if (read.type === 'SYSTEM') return system(read, parts)
  const { messageId } = read.headers
  if (messageId === undefined) return parts.ports.log.warn('A stream frame without a message id cannot be answered')
  const arrival: Arrival = {
    connection: parts.connection,
    now: parts.ports.clock.now(),
    text: read.data,
    stamp: read.headers.time,
    key: () => messageId,
  }
  if (read.type === 'EVENT') return event(read, arrival, parts)
  if (read.type !== 'CALLBACK') return
  const handler = callbacks.get(read.headers.topic)
  if (!handler) return parts.say(up(messageId, {}, 404, 'no handler for topic'))
  return handler(messageId, arrival, parts)
}

const up = (messageId: string, data: unknown, code: Up['code'] = 200, message = 'OK'): Up => ({
  code,
  message,
  headers: { contentType: 'application/json', messageId },
  data: JSON.stringify(data),
})

/** `ping` wants its data back, under all of its headers as the official SDK does it; the other topics want nothing. */
const system = (read: Frame, { say, leaving }: FrameParts): void => {
  if (read.headers.topic === 'ping') say({ code: 200, message: 'OK', headers: read.headers, data: read.data })
  if (read.headers.topic === 'disconnect') leaving()
}

/** Acknowledged only once it is kept: an unanswered message comes again after a minute, an acknowledged one never. */
const botMessage = async (messageId: string, arrival: Arrival, { deliver, say, ports }: FrameParts): Promise<void> => {
  const outcome = await decided(() => deliver(decodeMessage(arrival)), ports.log)
  if (outcome.kind === 'decided') say(up(messageId, { response: null }))
}

/** A press is not sent again. Too late or undecided, it is answered as failed, so that the person does not wait and can press again. */
const press = async (messageId: string, arrival: Arrival, { deliver, say, ports }: FrameParts): Promise<void> => {
  const outcome = await within(
    decided(() => deliver(decodePress(arrival)), ports.log),
    answerWithin.card,
  )
  if (outcome.kind !== 'decided') return say(up(messageId, { response: {} }, 500, outcome.kind))
  say(up(messageId, { response: cardAnswer(outcome.reply) }))
}

const callbacks: ReadonlyMap<string, (messageId: string, arrival: Arrival, parts: FrameParts) => Promise<void>> = new Map([
  [robotTopic, botMessage],
  [cardTopic, press],
])

/** `LATER` makes the platform send the event again; its id keeps it from being decided twice. */
const event = async (read: Frame, arrival: Arrival, { deliver, say, ports }: FrameParts): Promise<void> => {
  const { eventType = '', eventId, eventCorpId, eventBornTime } = read.headers
  const incoming: Incoming = decodeEvent(
    { type: eventType, id: eventId, corpId: eventCorpId },
    { ...arrival, stamp: eventBornTime ?? arrival.stamp },
  )
  const outcome = await within(
    decided(() => deliver(incoming), ports.log),
    answerWithin.event,
  )
  const status = outcome.kind === 'decided' ? 'SUCCESS' : 'LATER'
  say(up(arrival.key(), { status, message: outcome.kind === 'decided' ? 'ok' : outcome.kind }))
}

type Outcome =
  | { readonly kind: 'decided'; readonly reply: Awaited<ReturnType<Deliver>> }
  | { readonly kind: 'failed' }
  | { readonly kind: 'late' }

const decided = async (decide: () => ReturnType<Deliver>, log: Log): Promise<Outcome> => {
  try {
    return { kind: 'decided', reply: await decide() }
  } catch (error) {
    log.error('An arrival could not be decided', { error: error instanceof Error ? error.name : typeof error })
    return { kind: 'failed' }
  }
}

const within = async (outcome: Promise<Outcome>, limit: Millis): Promise<Outcome> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), limit)
  })
  try {
    return await Promise.race([outcome, late])
  } finally {
    clearTimeout(timer)
  }
}
