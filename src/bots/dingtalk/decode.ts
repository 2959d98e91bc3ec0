import { days, hours } from '../../lib/clock.ts'
import { type Fields, textOf } from '../../lib/json.ts'
import { excerpt, longestText } from '../../lib/text.ts'
import type { Incoming, Origin } from '../platform.ts'
import { contents } from './content.ts'
import { messageId } from './messages.ts'
import { formOf, paramsOf } from './params.ts'
import {
  asJson,
  asObject,
  type BotMessage,
  type CardCallback,
  cardCallback,
  type DingtalkConnection,
  readBotMessage,
  someIds,
} from './wire.ts'

/** A payload whose sender has been proved, and what is known besides. */
export type Arrival = {
  readonly connection: DingtalkConnection
  readonly now: Date
  readonly text: string
  /** The key of this very delivery, for payloads that carry no id of their own. */
  readonly key: () => string
  /** The instant of the envelope, milliseconds as number or text. */
  readonly stamp: unknown
}

/** An event's envelope: headers over a stream, flat fields over HTTP. */
export type EventHead = { readonly type: string; readonly id: string | undefined; readonly corpId: string | undefined }

/** A message to the robot. Never throws; what cannot be read is `unsupported` and says why. */
export const decodeMessage = (arrival: Arrival): Incoming => {
  const message = readBotMessage(asJson(arrival.text))
  if (!message) return unsupported(bare(arrival), 'malformed-message')
  const origin = messageOrigin(message, arrival)
  const { corpId } = arrival.connection
  if (message.chatbotCorpId !== corpId) return unsupported(origin, 'other-organisation')
  if (message.senderStaffId === undefined || message.senderCorpId !== corpId) return unsupported(origin, 'outside-sender')
  if (message.conversationType !== '1' && message.conversationType !== '2') return unsupported(origin, 'conversation-type')
  if (message.conversationType === '2' && message.conversationId === undefined) return unsupported(origin, 'malformed-message')
  const content = contents.get(message.msgtype)?.(message) ?? null
  if (!content) return unsupported(origin, isOverQuota(message) ? 'quota' : `message:${message.msgtype}`)
  return { ...origin, kind: 'message', text: excerpt(content.text.trim(), longestText).trim(), files: content.files, place: null }
}

/** A click on a card. `key` is the delivery's own, because a click carries no id. Never throws. */
export const decodePress = (arrival: Arrival): Incoming => {
  const read = cardCallback.safeParse(asJson(arrival.text))
  if (!read.success) return unsupported(bare(arrival), 'malformed-press')
  const press = read.data
  const origin = pressOrigin(press, arrival)
  if (press.type !== 'actionCallback') return unsupported(origin, `card:${press.type}`)
  if (press.corpId !== arrival.connection.corpId) return unsupported(origin, 'other-organisation')
  // Cards are created with userIdType 1 (staff ids); any other kind of id would name somebody else of the same letters.
  if (press.userId === undefined || (press.userIdType !== undefined && Number(press.userIdType) !== 1))
    return unsupported(origin, 'outside-sender')
  const params = paramsOf(press)
  if (!params) return unsupported(origin, 'press-without-params')
  const form = formOf(params.fields.form)
  return {
    ...origin,
    kind: 'press',
    action: params.key,
    form,
    message: press.outTrackId,
    handle: { outTrackId: press.outTrackId },
  }
}

/** A contact event, or any other as `unsupported`. Page "通讯录事件" (`address-book-user-resignation`), 2026-08. Never throws. */
export const decodeEvent = (event: EventHead, arrival: Arrival): Incoming => {
  const origin = { ...bare(arrival), key: event.id ?? arrival.key() }
  if (event.corpId !== arrival.connection.corpId) return unsupported(origin, 'other-organisation')
  if (event.type === 'robot_msg_read') return decodeRead(origin, asObject(arrival.text))
  const change = changes.get(event.type)
  if (!change) return unsupported(origin, `event:${event.type}`)
  const body = asObject(arrival.text)
  // The long connection writes `userId`, the HTTP callback `UserId` (page "通讯录用户离职").
  const accounts = someIds.parse(body?.userId ?? body?.UserId)
  if (accounts.length === 0) return unsupported(origin, 'malformed-event')
  return { ...origin, kind: 'member-change', accounts, change }
}

/** Somebody has read a robot's message. Event `robot_msg_read`, 2026-08. Only messages to a person have an addressee to compare with. */
const decodeRead = (origin: Origin, body: Fields | null): Incoming => {
  const [key, account] = [textOf(body?.processQueryKey, 400), textOf(body?.userId, 256)]
  if (!key || !account) return unsupported(origin, 'malformed-event')
  const at = Number(body?.operatTime)
  return {
    ...origin,
    account,
    direct: true,
    ...(Number.isFinite(at) && at > 0 ? { at: new Date(at) } : {}),
    kind: 'read',
    messages: [messageId({ kind: 'oto', key, conversation: '' })],
  }
}

const changes: ReadonlyMap<string, 'joined' | 'left' | 'changed'> = new Map([
  ['user_add_org', 'joined'],
  ['user_leave_org', 'left'],
  ['user_modify_org', 'changed'],
  ['user_active_org', 'changed'],
])

/** What cannot be read but must not be lost. */
export const unsupported = (origin: Origin, what: string): Incoming => ({
  ...origin,
  kind: 'unsupported',
  what: excerpt(what, 100),
})

export const bare = ({ connection, key, stamp, now }: Arrival): Origin => ({
  connection: connection.id,
  key: key(),
  alias: null,
  account: '',
  accountName: null,
  conversation: '',
  direct: true,
  at: instant(stamp, now),
})

const messageOrigin = (message: BotMessage, { connection, now }: Arrival): Origin => {
  const account = message.senderStaffId ?? message.senderId ?? ''
  const group = message.conversationType === '2'
  return {
    connection: connection.id,
    key: message.msgId,
    alias: null,
    account,
    accountName: message.senderNick === undefined ? null : excerpt(message.senderNick, 60),
    // A direct chat's own id is good for nothing and is not repeated by presses; the account is.
    conversation: group ? (message.conversationId ?? '') : account,
    direct: !group,
    at: instant(message.createAt, now),
  }
}

const pressOrigin = (press: CardCallback, arrival: Arrival): Origin => {
  const account = press.userId ?? ''
  const group = press.spaceType?.toUpperCase() === 'IM_GROUP' && press.spaceId !== undefined
  return { ...bare(arrival), account, conversation: group ? (press.spaceId ?? '') : account, direct: !group }
}

/** The platform's instant when it is credible: not in our future, not older than a week. Otherwise now. */
const instant = (stamp: unknown, now: Date): Date => {
  const at = typeof stamp === 'string' && /^\d{13}$/.test(stamp) ? Number(stamp) : stamp
  if (typeof at !== 'number' || !(at <= now.getTime() + hours(1) && at >= now.getTime() - days(7))) return now
  return new Date(Math.min(at, now.getTime()))
}

const isOverQuota = ({ code }: BotMessage): boolean => Number(code) === 20001
