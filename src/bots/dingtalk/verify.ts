import { type Clock, hours, type Millis, minutes } from '../../lib/clock.ts'
import { createMac, sameSecret } from '../../lib/crypto.ts'
import { utf8 } from '../../lib/text.ts'
import type { RawRequest } from '../platform.ts'
import { type EventKeys, eventKeys, eventSignature, openEvent } from './event-crypto.ts'
import { asObject, type DingtalkConnection, longestArrival } from './wire.ts'

/** What a request proved. `text` is the JSON that may be believed as far as its door goes; `stamp` the signed instant. */
export type Verified =
  | { readonly kind: 'robot'; readonly text: string; readonly stamp: string }
  | { readonly kind: 'card'; readonly text: string; readonly stamp: string }
  | { readonly kind: 'event'; readonly text: string; readonly stamp: string; readonly keys: EventKeys }
  | { readonly kind: 'refused'; readonly because: string; readonly status: 401 | 403 | 405 | 413 }

export type Verify = (request: RawRequest) => Verified

/**
 * How old a signed instant may be, either way. The robot's hour is the platform's own (page "机器人接收消息", 2026-08);
 * the others are ours, because neither page names one: events are sealed as a whole, a card's signature covers no body and gets the shortest.
 */
const windows = { robot: hours(1), event: hours(1), card: minutes(5) } as const satisfies Record<string, Millis>

const refused = (because: string, status: 401 | 403 | 405 | 413 = 403): Verified => ({ kind: 'refused', because, status })

/**
 * Three doors behind one address, told apart by what a request carries. Each door demands all of its own proof,
 * so carrying another door's marks as well gains nothing; the marks of no door at all are refused as unsigned.
 * Throws when the configured aesKey cannot be one.
 */
export const createVerify = (connection: DingtalkConnection, clock: Clock): Verify => {
  const doors = [cardDoor(connection, clock), eventDoor(connection, clock), robotDoor(connection, clock)]
  return (request) => {
    if (request.method !== 'POST') return refused('method', 405)
    if (!(request.body.byteLength <= longestArrival)) return refused('too-large', 413)
    const door = doors.find(({ claims }) => claims(request))
    return door ? door.verify(request) : refused('unsigned', 401)
  }
}

type Door = { readonly claims: (request: RawRequest) => boolean; readonly verify: Verify }

/** Null without a secret: nothing could be proved. */
const macUnder = (secret: string | undefined) => (secret ? createMac(secret) : null)

/** Milliseconds, or seconds as in older samples of the event library. */
const isFresh = (stamp: string, clock: Clock, within: Millis): boolean => {
  if (!/^\d{10}(\d{3})?$/.test(stamp)) return false
  const at = Number(stamp.padEnd(13, '0'))
  return Math.abs(clock.now().getTime() - at) <= within
}

/** Headers `timestamp` and `sign`. The signature covers neither body nor nonce: the message id is what stops a replay, upstream. */
const robotDoor = (connection: DingtalkConnection, clock: Clock): Door => {
  const mac = macUnder(connection.clientSecret)
  return {
    claims: ({ headers }) => headers.sign !== undefined || headers.timestamp !== undefined,
    verify: (request) => {
      const { sign, timestamp } = request.headers
      if (!mac || !sign || !timestamp) return refused('unsigned', 401)
      if (!sameSecret(sign, mac(`${timestamp}\n${connection.clientSecret}`))) return refused('signature')
      if (!isFresh(timestamp, clock, windows.robot)) return refused('stale')
      return { kind: 'robot', text: utf8(request.body), stamp: timestamp }
    },
  }
}

/** Headers `x-ddpaas-signature` and `x-ddpaas-signature-timestamp`. Page "注册卡片回调地址" (`register-card-callback-address`), 2026-08. */
const cardDoor = (connection: DingtalkConnection, clock: Clock): Door => {
  const mac = macUnder(connection.cardCallbackSecret)
  return {
    claims: ({ headers }) => headers['x-ddpaas-signature'] !== undefined || headers['x-ddpaas-signature-timestamp'] !== undefined,
    verify: (request) => {
      const sign = request.headers['x-ddpaas-signature']
      const stamp = request.headers['x-ddpaas-signature-timestamp']
      if (!mac || !sign || !stamp) return refused('unsigned', 401)
      if (!sameSecret(sign, mac(stamp))) return refused('signature')
      if (!isFresh(stamp, clock, windows.card)) return refused('stale')
      return { kind: 'card', text: utf8(request.body), stamp }
    },
  }
}

/** Query `msg_signature` (older: `signature`), `timestamp`, `nonce`, and the sealed body. */
const eventDoor = (connection: DingtalkConnection, clock: Clock): Door => {
  const keys = connection.token && connection.aesKey ? eventKeys(connection.token, connection.aesKey, connection.clientId) : null
  return {
    claims: ({ query }) => query.msg_signature !== undefined || query.signature !== undefined,
    verify: (request) => {
      const { timestamp, nonce } = request.query
      const sign = request.query.msg_signature ?? request.query.signature
      if (!keys || !sign || !timestamp || !nonce) return refused('unsigned', 401)
      const sealed = asObject(utf8(request.body))?.encrypt
      if (typeof sealed !== 'string' || !sealed) return refused('unsigned', 401)
      if (!sameSecret(sign, eventSignature(keys.token, timestamp, nonce, sealed))) return refused('signature')
      if (!isFresh(timestamp, clock, windows.event)) return refused('stale')
      const text = openEvent(keys, sealed)
      return text === null ? refused('sealed-for-another') : { kind: 'event', text, stamp: timestamp, keys }
    },
  }
}
