import type { Reply } from '../../cards/card.ts'
import { sha256 } from '../../lib/crypto.ts'
import { match } from '../../lib/match.ts'
import type { Incoming, PlatformPorts, RawRequest, RawResponse, Received } from '../platform.ts'
import { cardAnswer, json } from './answer.ts'
import { type Arrival, bare, decodeEvent, decodeMessage, decodePress, unsupported } from './decode.ts'
import { type EventKeys, sealEvent } from './event-crypto.ts'
import { createVerify, type Verified } from './verify.ts'
import { asJson, type DingtalkConnection, eventFields } from './wire.ts'

/** The three HTTP doors: proof first, then meaning. A proof that fails is answered with a bare status and nothing else. */
export const createReceive = (
  connection: DingtalkConnection,
  { clock }: Pick<PlatformPorts, 'clock'>,
): ((request: RawRequest) => Received) => {
  const verify = createVerify(connection, clock)
  return (request) => {
    const arrivalOf = ({ text, stamp }: { readonly text: string; readonly stamp: string }): Arrival => ({
      connection,
      now: clock.now(),
      text,
      stamp: stamp.padEnd(13, '0'),
      key: () => sha256(`${stamp}\n${text}`),
    })
    return match<Verified, Received>(verify(request), {
      refused: ({ because, status }) => ({ kind: 'refused', because, response: json(status, '{}') }),
      robot: (proved) => robot(arrivalOf(proved)),
      card: (proved) => card(arrivalOf(proved)),
      event: (proved) => event(arrivalOf(proved), proved.keys),
    })
  }
}

const accepted = (incoming: Incoming, answer: (reply: Reply | null) => RawResponse): Received => ({
  kind: 'accepted',
  incoming,
  answer,
})

/** The body of the answer could itself be a message; ours follow through the outbox, so the same happens over every door. */
const robot = (arrival: Arrival): Received => accepted(decodeMessage(arrival), () => json(200, '{"msgtype":"empty"}'))

const card = (arrival: Arrival): Received =>
  accepted(decodePress(arrival), (reply) => json(200, JSON.stringify(cardAnswer(reply))))

/** Answered with a sealed "success"; the console's own check is a handshake. Page "配置HTTP推送" (`configure-stream-push`), 2026-08. */
const event = (arrival: Arrival, keys: EventKeys): Received => {
  const success = (): RawResponse => json(200, sealEvent(keys, 'success', arrival.now))
  const read = eventFields.safeParse(asJson(arrival.text))
  if (!read.success) return accepted(unsupported(bare(arrival), 'malformed-event'), success)
  const { EventType, EventTime, CorpId, eventId } = read.data
  if (EventType === 'check_url') return { kind: 'handshake', response: success() }
  const head = { type: EventType, id: eventId, corpId: CorpId }
  return accepted(decodeEvent(head, { ...arrival, stamp: EventTime ?? arrival.stamp }), success)
}
