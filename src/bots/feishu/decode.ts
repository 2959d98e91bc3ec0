/**
 * From an opened envelope to an `Incoming`; the same for HTTP and the long connection. Shapes: `wire.ts`. Source: open.feishu.cn 接收消息,
 * 卡片回传交互回调, 机器人自定义菜单事件, 通讯录事件 (read 2026-05).
 */
import { type Millis, seconds } from '../../lib/clock.ts'
import { sameSecret, sha256 } from '../../lib/crypto.ts'
import { fieldsOf } from '../../lib/json.ts'
import { excerpt, longestText, storable } from '../../lib/text.ts'
import type { Incoming, Origin } from '../platform.ts'
import { readEnvelope, readMessageEvent } from './arrival.ts'
import type { FeishuConnection } from './connection.ts'
import { readContent } from './content.ts'
import { readEvent } from './receipts.ts'
import { chatEvent, contactEvent, type Envelope, enteredEvent, type MessageEvent, menuEvent, pressEvent } from './wire.ts'

export type Decoded =
  | { readonly kind: 'accepted'; readonly incoming: Incoming }
  | { readonly kind: 'refused'; readonly because: string }

export type Expected = Pick<FeishuConnection, 'id' | 'appId' | 'verificationToken' | 'tenantKey'>

/** The type of the one callback: the platform waits for its answer and never sends it again. */
export const pressType = 'card.action.trigger'

/**
 * Checks that the envelope is for this app and company and says what happened. Never throws, whatever the shape.
 * Refuses what is not ours; what is ours but not understood becomes `unsupported`, so that it is journaled.
 * `now` stands in for a time that the event does not tell.
 */
export const decodeEnvelope = (expected: Expected, raw: unknown, now: Date): Decoded => {
  const envelope = readEnvelope(raw)
  if (!envelope) return refused('malformed')
  const { header, event } = envelope
  const because = foreign(expected, header)
  if (because) return refused(because)
  const key = header.event_id ?? fingerprint(envelope)
  if (key === null) return refused('malformed')
  const arrival: Arrival = { header, event, connection: expected.id, key, at: instant(header.create_time) ?? now }
  const decode = Object.hasOwn(decoders, header.event_type) ? decoders[header.event_type] : undefined
  return { kind: 'accepted', incoming: decode?.(arrival) ?? unsupported(arrival, header.event_type) }
}

const refused = (because: string): Decoded => ({ kind: 'refused', because })

type Arrival = Envelope & { readonly connection: string; readonly key: string; readonly at: Date }
/** Null: it is not of the shape that the documents give. */
type Decoder = (arrival: Arrival) => Incoming | null

const foreign = (expected: Expected, header: Envelope['header']): string | null => {
  if (expected.verificationToken && !sameSecret(header.token ?? '', expected.verificationToken)) return 'wrong-token'
  if (header.app_id !== expected.appId) return 'other-app'
  if (expected.tenantKey && header.tenant_key !== expected.tenantKey) return 'other-tenant'
  return null
}

/** Stands in for an event id that the platform left out. Null for an event nested too deep to be written. */
const fingerprint = ({ header, event }: Envelope): string | null => {
  try {
    return `sha256:${sha256(JSON.stringify([header.event_type, header.create_time, event]))}`
  } catch {
    return null
  }
}

const perUnit: Readonly<Record<number, (n: number) => Millis>> = { 10: seconds, 13: (n) => n, 16: (n) => n / 1000 }

/** Times come as text in seconds, milliseconds or microseconds, by event; the number of digits tells which. */
const instant = (text: string | null | undefined): Date | null => {
  const unit = text && /^\d+$/.test(text) ? perUnit[text.length] : undefined
  return unit ? new Date(unit(Number(text))) : null
}

const origin = (arrival: Arrival, account: string, conversation: string, direct: boolean): Origin => ({
  connection: arrival.connection,
  key: arrival.key,
  alias: null,
  account,
  accountName: null,
  conversation,
  direct,
  at: arrival.at,
})

const unsupported = (arrival: Arrival, what: string): Incoming => ({
  ...origin(arrival, '', '', false),
  kind: 'unsupported',
  what,
})

/** Somebody of another company, in a group that both share. A missing key means the header's company, which has been checked. */
const otherTenant = (arrival: Arrival, tenant: string | null | undefined): boolean =>
  Boolean(tenant) && tenant !== arrival.header.tenant_key

const decodeMessage: Decoder = (arrival) => {
  const read = readMessageEvent(arrival.event)
  if (!read) return null
  const { sender, message } = read
  const from = messageOrigin(arrival, read)
  if (sender.sender_type !== 'user' || from.account === '') return { ...from, kind: 'unsupported', what: 'message from a bot' }
  if (otherTenant(arrival, sender.tenant_key)) return { ...from, kind: 'unsupported', what: 'message from another company' }
  const said = readContent(message)
  if (!said) return { ...from, kind: 'unsupported', what: `message of type ${message.message_type}` }
  return { ...from, kind: 'message', ...said }
}

/** One message may be pushed under several event ids, so its own id is the key; the alias catches it under another message id. */
const messageOrigin = (arrival: Arrival, { sender, message }: MessageEvent): Origin => {
  const account = sender.open_id ?? ''
  const told = [account, message.chat_id, message.create_time ?? '', message.content ?? ''].join('\n')
  return {
    ...origin(arrival, account, message.chat_id, message.chat_type === 'p2p'),
    key: message.message_id,
    alias: sha256(told),
    at: instant(message.create_time) ?? arrival.at,
  }
}

/**
 * The event does not say whether the card hangs in a direct chat, so `direct` is false: an answer to `conversation` is right in both.
 * The button's own text travels unread; it is trusted for nothing but saying which button it was.
 */
const decodePress: Decoder = (arrival) => {
  const parsed = pressEvent.safeParse(arrival.event)
  if (!parsed.success) return null
  const { operator, action, context } = parsed.data
  const from = origin(arrival, operator.open_id, context.open_chat_id ?? operator.open_id, false)
  if (otherTenant(arrival, operator.tenant_key)) return { ...from, kind: 'unsupported', what: 'press from another company' }
  const message = context.open_message_id ?? null
  return {
    ...from,
    kind: 'press',
    action: storable(action.value.key),
    form: formValues(action.form_value),
    message,
    handle: message ? { message_id: message } : null,
  }
}

const mostFields = 50

/** Values of a form as text. An empty field is documented in no single way (absent, empty, an empty list): all are ''. */
const formValues = (given: unknown): Readonly<Record<string, string>> => {
  const fields = fieldsOf(given) ?? {}
  const names = Object.keys(fields).slice(0, mostFields)
  return Object.fromEntries(names.map((name) => [excerpt(name, 100), excerpt(formText(fields[name]), longestText)]))
}

const formText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(',') : ''
}

const decodeMenu: Decoder = (arrival) => {
  const parsed = menuEvent.safeParse(arrival.event)
  if (!parsed.success) return null
  const { operator_id: who, operator_name: name } = parsed.data.operator
  return {
    ...origin(arrival, who.open_id, who.open_id, true),
    accountName: name ? excerpt(name, 100) : null,
    kind: 'enter',
  }
}

const decodeEntered: Decoder = (arrival) => {
  const parsed = enteredEvent.safeParse(arrival.event)
  return parsed.success ? { ...origin(arrival, parsed.data.operator_id.open_id, parsed.data.chat_id, true), kind: 'enter' } : null
}

const decodeJoin: Decoder = (arrival) => {
  const parsed = chatEvent.safeParse(arrival.event)
  if (!parsed.success) return null
  const { chat_id: chat, operator_id: who, name } = parsed.data
  return { ...origin(arrival, who?.open_id ?? '', chat, false), kind: 'join', name: excerpt(name ?? '', 100) }
}

const decodeLeave: Decoder = (arrival) => {
  const parsed = chatEvent.safeParse(arrival.event)
  return parsed.success
    ? { ...origin(arrival, parsed.data.operator_id?.open_id ?? '', parsed.data.chat_id, false), kind: 'leave' }
    : null
}

/** No person acts here: the account is the one that changed. */
const decodeMember =
  (change: 'joined' | 'left' | 'changed'): Decoder =>
  (arrival) => {
    const parsed = contactEvent.safeParse(arrival.event)
    const account = parsed.data?.object?.open_id ?? parsed.data?.old_object?.open_id
    return account ? { ...origin(arrival, account, '', false), kind: 'member-change', accounts: [account], change } : null
  }

const decodeRead: Decoder = (arrival) => {
  const parsed = readEvent.safeParse(arrival.event)
  if (!parsed.success) return null
  const { reader, message_id_list: messages } = parsed.data
  const from = origin(arrival, reader.reader_id.open_id, '', true)
  return { ...from, at: instant(reader.read_time) ?? arrival.at, kind: 'read', messages }
}

const decoders: Readonly<Record<string, Decoder>> = {
  'im.message.receive_v1': decodeMessage,
  [pressType]: decodePress,
  'application.bot.menu_v6': decodeMenu,
  'im.chat.access_event.bot_p2p_chat_entered_v1': decodeEntered,
  'im.chat.member.bot.added_v1': decodeJoin,
  'im.chat.member.bot.deleted_v1': decodeLeave,
  'im.chat.disbanded_v1': decodeLeave,
  'im.message.message_read_v1': decodeRead,
  'contact.user.created_v3': decodeMember('joined'),
  'contact.user.updated_v3': decodeMember('changed'),
  'contact.user.deleted_v3': decodeMember('left'),
}
