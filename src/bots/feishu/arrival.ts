/**
 * What every message passes, read by hand: as schemas these two cost as much as the decryption before them. They refuse the same things. Source:
 * open.feishu.cn 接收消息 (im.message.receive_v1), 事件结构 (read 2026-05).
 */
import { fieldsOf, textOf } from '../../lib/json.ts'
import type { Envelope, Mention, MessageEvent } from './wire.ts'

const longestToken = 256
const longestName = 128
/** A text of 150 kB, the most that the platform takes, with each letter escaped. */
const longestContent = 600_000
const longestPlaceholder = 64
/** At most this many mentions are read; the platform allows far fewer. */
const mostMentions = 200

const wordOf = (value: unknown, form: RegExp): string | null => (typeof value === 'string' && form.test(value) ? value : null)
/** An id is opaque: any printable ASCII, short enough for a key column. */
const idOf = (value: unknown): string | null => wordOf(value, /^[\x21-\x7e]{1,128}$/)

/** The frame of every event, or null when it is not of version 2.0 or does not say what happened. */
export const readEnvelope = (raw: unknown): Envelope | null => {
  const outer = fieldsOf(raw)
  const header = fieldsOf(outer?.header)
  const type = wordOf(header?.event_type, /^[\w.]{1,100}$/)
  if (!outer || !header || type === null || outer.schema !== '2.0' || !Object.hasOwn(outer, 'event')) return null
  return {
    header: {
      event_id: idOf(header.event_id),
      event_type: type,
      create_time: textOf(header.create_time),
      token: textOf(header.token, longestToken),
      app_id: textOf(header.app_id, longestName),
      tenant_key: textOf(header.tenant_key, longestName),
    },
    event: outer.event,
  }
}

/** A message with its sender, or null without sender, message, chat or type. What a missing scope leaves out, empties or nulls is null. */
export const readMessageEvent = (event: unknown): MessageEvent | null => {
  const fields = fieldsOf(event)
  const sender = fieldsOf(fields?.sender)
  const message = fieldsOf(fields?.message)
  if (!sender || !message) return null
  const [message_id, chat_id] = [idOf(message.message_id), idOf(message.chat_id)]
  const message_type = wordOf(message.message_type, /^\w{1,40}$/)
  if (message_id === null || chat_id === null || message_type === null) return null
  return {
    sender: {
      open_id: idOf(fieldsOf(sender.sender_id)?.open_id),
      sender_type: textOf(sender.sender_type),
      tenant_key: textOf(sender.tenant_key),
    },
    message: {
      ...{ message_id, chat_id, message_type, chat_type: textOf(message.chat_type), create_time: textOf(message.create_time) },
      ...{ content: textOf(message.content, longestContent), mentions: mentionsOf(message.mentions) },
    },
  }
}

/** All mentions or, when there are too many or one is not of their shape, none: half a list would leave placeholders for names. */
const mentionsOf = (value: unknown): readonly Mention[] => {
  if (!Array.isArray(value) || value.length > mostMentions) return []
  const read = value.map(mentionOf)
  return read.every((one) => one !== null) ? read : []
}

const mentionOf = (value: unknown): Mention | null => {
  const mention = fieldsOf(value)
  const key = textOf(mention?.key, longestPlaceholder)
  return mention && key !== null ? { key, name: textOf(mention.name), mentioned_type: textOf(mention.mentioned_type) } : null
}
