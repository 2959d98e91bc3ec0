/** im/v1/messages: send and reply (open.feishu.cn 发送消息, 回复消息, May 2026). */
import { z } from 'zod'
import { type Answer, type Call, data, type Route, read } from './call.ts'
import { refuse } from './codes.ts'
import { readContent } from './content.ts'
import type { Kernel } from './kernel.ts'
import { addMessage, type Chat, type FeishuApp, type Message } from './state.ts'
import { choice } from './switches.ts'
import { findTarget } from './targets.ts'

const hour = 3600_000

const receiveIdType = z.enum(['open_id', 'union_id', 'user_id', 'email', 'chat_id'])
const uuid = z.string().max(50).optional()
const sending = z.object({ receive_id: z.string().min(1), msg_type: z.string(), content: z.string(), uuid })
const replying = z.object({ msg_type: z.string(), content: z.string(), uuid, reply_in_thread: z.boolean().optional() })

/** The message as the API describes it. */
export const described = (message: Message, content = message.content): Readonly<Record<string, unknown>> => ({
  message_id: message.id,
  ...(message.parent ? { root_id: message.parent, parent_id: message.parent } : {}),
  msg_type: message.type,
  create_time: String(message.created),
  update_time: String(message.updated ?? message.created),
  deleted: message.recalled,
  updated: message.updated !== null,
  chat_id: message.chat.id,
  sender:
    message.from.kind === 'app'
      ? { id: message.from.appId, id_type: 'app_id', sender_type: 'app' }
      : { id: message.from.account, id_type: 'open_id', sender_type: 'user' },
  body: { content: message.recalled ? 'This message was recalled' : content },
})

export const findMessage = ({ state }: Kernel, { params }: Call): Message =>
  state.messages.get(params.message_id ?? '') ?? refuse(99992354)

export const isOwn = (message: Message, app: FeishuApp): boolean =>
  message.from.kind === 'app' && message.from.appId === app.appId

type Outgoing = { readonly msg_type: string; readonly content: string; readonly uuid?: string | undefined }

export const messageRoutes = (kernel: Kernel): readonly Route[] => {
  const { world, state, limits, screens } = kernel
  const sent = new Map<string, { readonly message: Message; readonly at: number }>()

  /** The first message of this uuid within the hour. */
  const repeated = (app: FeishuApp, key: string | undefined): Message | null => {
    const first = key ? sent.get(`${app.appId} ${key}`) : undefined
    if (!first || world.clock.now() - first.at >= hour) return null
    return choice(world, 'uuidRepeat') === 'same' ? first.message : refuse(230049)
  }

  const put = (app: FeishuApp, chat: Chat, outgoing: Outgoing, parent: string | null): Answer => {
    const first = repeated(app, outgoing.uuid)
    if (first) return data(described(first))
    const content = readContent(kernel, app, outgoing.msg_type, outgoing.content)
    limits.gently(chat.kind === 'p2p' ? `user ${[...chat.members].join()}` : `chat ${chat.id}`)
    const message = addMessage(state, world, {
      chat,
      from: { kind: 'app', appId: app.appId },
      content: outgoing.content,
      parent,
      ...content,
    })
    if (outgoing.uuid) sent.set(`${app.appId} ${outgoing.uuid}`, { message, at: message.created })
    screens.show(message)
    return data(described(message))
  }

  const send = (call: Call): Answer => {
    const type = read(receiveIdType, call.query.get('receive_id_type'))
    const outgoing = read(sending, call.json)
    return put(call.app, findTarget(kernel, call.app, type, outgoing.receive_id), outgoing, null)
  }

  const reply = (call: Call): Answer => {
    const parent = findMessage(kernel, call)
    const outgoing = read(replying, call.json)
    if (!parent.chat.bots.has(call.app.appId)) return refuse(230002)
    if (parent.recalled) return refuse(230011)
    return put(call.app, parent.chat, outgoing, parent.id)
  }

  const post = { method: 'POST', counted: true, body: 'json', scopes: ['im:message', 'im:message:send_as_bot'] } as const
  return [
    { ...post, path: '/open-apis/im/v1/messages', handle: send },
    { ...post, path: '/open-apis/im/v1/messages/:message_id/reply', handle: reply },
  ]
}
