/** im/v1/messages: send, reply, change, recall (open.feishu.cn 发送消息, 回复消息, 更新应用发送的消息卡片, 撤回消息, May 2026). */
import { z } from 'zod'
import { type Answer, type Call, data, type Route, read } from './call.ts'
import { longestCard } from './card-lint.ts'
import { refuse } from './codes.ts'
import { readCard, readContent } from './content.ts'
import type { Kernel } from './kernel.ts'
import { parsed } from './screens.ts'
import { addMessage, type Chat, type FeishuApp, type Message, redraw } from './state.ts'
import { amount, choice } from './switches.ts'
import { findTarget } from './targets.ts'

const hour = 3600_000
const fourteenDays = 14 * 24 * hour

const receiveIdType = z.enum(['open_id', 'union_id', 'user_id', 'email', 'chat_id'])
const uuid = z.string().max(50).optional()
const sending = z.object({ receive_id: z.string().min(1), msg_type: z.string(), content: z.string(), uuid })
const replying = z.object({ msg_type: z.string(), content: z.string(), uuid, reply_in_thread: z.boolean().optional() })
const patching = z.object({ content: z.string() })

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

  const post = (app: FeishuApp, chat: Chat, outgoing: Outgoing, parent: string | null): Answer => {
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
    return post(call.app, findTarget(kernel, call.app, type, outgoing.receive_id), outgoing, null)
  }

  const reply = (call: Call): Answer => {
    const parent = findMessage(kernel, call)
    const outgoing = read(replying, call.json)
    if (!parent.chat.bots.has(call.app.appId)) return refuse(230002)
    if (parent.recalled) return refuse(230011)
    return post(call.app, parent.chat, outgoing, parent.id)
  }

  const patch = (call: Call): Answer => {
    const message = findMessage(kernel, call)
    const { content } = read(patching, call.json)
    patchable(message, call.app)
    if (Buffer.byteLength(content) > longestCard) return refuse(230025)
    const card = parsed(content)
    if (card === null) return refuse(230001)
    limits.gently(`message ${message.id}`)
    const checked = readCard(kernel, call.app, card)
    unlocked(message)
    redraw(message, checked, world.clock.now())
    screens.show(message)
    return data({})
  }

  const patchable = (message: Message, app: FeishuApp): void => {
    if (!isOwn(message, app)) refuse(230027)
    if (message.type !== 'interactive') refuse(230001)
    if (message.recalled) refuse(230011)
    if (!(world.clock.now() - message.created <= fourteenDays)) refuse(230031)
  }

  /** While a press waits for its answer the platform may refuse a change (field reports). */
  const unlocked = ({ pressing }: Message): void => {
    const locked = choice(world, 'lockedPatch')
    if (pressing === 0 || locked === 'accepted') return
    const code = locked === 'refused' ? 200800 : 11310
    refuse(230099, { msg: `Failed to create card content, ext=ErrCode: ${code}; ErrMsg: card action is lock;` })
  }

  const recall = (call: Call): Answer => {
    const message = findMessage(kernel, call)
    if (!isOwn(message, call.app)) return refuse(230026)
    if (message.recalled) return refuse(230011)
    if (!(world.clock.now() - message.created <= amount(world, 'recallWindowHours') * hour)) return refuse(230009)
    message.recalled = true
    screens.show(message)
    return data({})
  }

  const scopes = ['im:message', 'im:message:send_as_bot']
  const one = '/open-apis/im/v1/messages/:message_id'
  const common = { counted: true, body: 'json' } as const
  return [
    { ...common, method: 'POST', path: '/open-apis/im/v1/messages', scopes, handle: send },
    { ...common, method: 'POST', path: `${one}/reply`, scopes, handle: reply },
    { ...common, method: 'PATCH', path: one, scopes: [...scopes, 'im:message:update'], handle: patch },
    { ...common, method: 'DELETE', path: one, scopes: [...scopes, 'im:message:recall'], body: 'none', handle: recall },
  ]
}
