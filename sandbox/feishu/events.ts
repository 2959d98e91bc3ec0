/** Event bodies (open.feishu.cn 接收消息, 接收消息内容, 消息已读, 用户进入与机器人的会话, 机器人进群, May 2026). */
import type { World } from '../contract.ts'
import { idsOf } from './contacts.ts'
import type { Push } from './delivery.ts'
import { type FeishuApp, hex, type Message, newId } from './state.ts'
import { choice } from './switches.ts'

type Body = Readonly<Record<string, unknown>>

/** The v2 envelope. IM events count in milliseconds, card callbacks in microseconds. */
export const envelope = (world: World, app: FeishuApp, type: string, event: Body): string => {
  const now = String(world.clock.now())
  const event_id = hex(world, 32)
  const header =
    type === 'card.action.trigger'
      ? {
          event_id,
          token: app.verificationToken,
          create_time: `${now}000`,
          event_type: type,
          tenant_key: app.tenantKey,
          app_id: app.appId,
        }
      : {
          event_id,
          event_type: type,
          create_time: now,
          token: app.verificationToken,
          app_id: app.appId,
          tenant_key: app.tenantKey,
        }
  return JSON.stringify({ schema: '2.0', header, event })
}

const messageBody = (world: World, app: FeishuApp, message: Message, sender: string, id: string): Body => {
  return {
    sender: { sender_id: idsOf(world, sender), sender_type: 'user', tenant_key: app.tenantKey },
    message: {
      message_id: id,
      ...(message.parent ? { root_id: message.parent, parent_id: message.parent } : {}),
      create_time: String(message.created),
      update_time: String(message.created),
      chat_id: message.chat.id,
      chat_type: message.chat.kind,
      message_type: message.type,
      content: message.content,
      ...(message.mentionsBot ? { mentions: [mentionOf(world, app)] } : {}),
    },
  }
}

const mentionOf = (world: World, app: FeishuApp): Body => ({
  key: '@_user_1',
  id: idsOf(world, app.botOpenId),
  mentioned_type: 'bot',
  name: app.botName,
  tenant_key: app.tenantKey,
})

/** im.message.receive_v1, and the ways in which it is known to arrive a second time. */
export const received = (world: World, app: FeishuApp, message: Message, sender: string): Push => {
  const what = 'im.message.receive_v1'
  const make = (id: string) => envelope(world, app, what, messageBody(world, app, message, sender, id))
  const json = make(message.id)
  const again = { sameEvent: () => json, newEventId: () => make(message.id), newMessageId: () => make(newId(world, 'om_')) }
  return { app, what, json, again: () => again[choice(world, 'twice')]() }
}

const plain = (world: World, app: FeishuApp, what: string, event: Body): Push => {
  const json = envelope(world, app, what, event)
  return { app, what, json, again: () => (choice(world, 'twice') === 'sameEvent' ? json : envelope(world, app, what, event)) }
}

export const entered = (world: World, app: FeishuApp, account: string, chatId: string, last: Message | undefined): Push =>
  plain(world, app, 'im.chat.access_event.bot_p2p_chat_entered_v1', {
    chat_id: chatId,
    operator_id: idsOf(world, account),
    ...(last ? { last_message_id: last.id, last_message_create_time: String(last.created) } : {}),
  })

export const haveRead = (world: World, app: FeishuApp, account: string, message: Message, at: number): Push =>
  plain(world, app, 'im.message.message_read_v1', {
    reader: { reader_id: idsOf(world, account), read_time: String(at), tenant_key: app.tenantKey },
    message_id_list: [message.id],
  })

export const botAdded = (world: World, app: FeishuApp, account: string, chat: Message['chat']): Push =>
  plain(world, app, 'im.chat.member.bot.added_v1', {
    chat_id: chat.id,
    operator_id: idsOf(world, account),
    external: false,
    operator_tenant_key: app.tenantKey,
    name: chat.name,
    i18n_names: { zh_cn: chat.name, en_us: '', ja_jp: '' },
  })
