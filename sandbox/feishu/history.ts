/** Reading messages back, and read receipts (open.feishu.cn 获取会话历史消息, 查询消息已读信息, May 2026). */
import { z } from 'zod'
import { type Answer, asked, type Call, data, paged, type Route, read } from './call.ts'
import { wordAt } from './card-tree.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { described, findMessage, isOwn } from './messages.ts'
import type { Chat, FeishuApp, Message } from './state.ts'
import { idOf } from './targets.ts'

const sevenDays = 7 * 24 * 3600_000

/** Without being asked for the original, the API gives a simplified card. */
const contentFor = (call: Call, message: Message): string =>
  message.card && asked(call, 'card_msg_content_type') !== 'user_card_content'
    ? JSON.stringify({ title: wordAt(message.card, 'header', 'title', 'content'), elements: [] })
    : message.content

const listing = z.object({
  container_id_type: z.enum(['chat']),
  container_id: z.string().min(1),
  start_time: z
    .string()
    .regex(/^\d{1,12}$/)
    .optional(),
  end_time: z
    .string()
    .regex(/^\d{1,12}$/)
    .optional(),
  sort_type: z.enum(['ByCreateTimeAsc', 'ByCreateTimeDesc']).default('ByCreateTimeAsc'),
})

const badPage = { size: (): never => refuse(230001), token: (): never => refuse(230001) }

export const historyRoutes = (kernel: Kernel): readonly Route[] => {
  const { world, state } = kernel

  const getOne = (call: Call): Answer => {
    const message = findMessage(kernel, call)
    if (!message.chat.bots.has(call.app.appId)) return refuse(230002)
    return data({ items: [described(message, contentFor(call, message))] })
  }

  /** Group history needs a scope that reads everything; the double's apps do not hold it. */
  const readableChat = (app: FeishuApp, id: string): Chat => {
    const chat = state.chats.get(id) ?? refuse(99992356)
    if (!chat.bots.has(app.appId)) return refuse(230002)
    return chat.kind === 'p2p' ? chat : refuse(230027)
  }

  const list = (call: Call): Answer => {
    const { container_id, start_time, end_time, sort_type } = read(listing, Object.fromEntries(call.query))
    const chat = readableChat(call.app, container_id)
    const from = Number(start_time ?? 0) * 1000
    const to = end_time ? (Number(end_time) + 1) * 1000 : Number.POSITIVE_INFINITY
    const found = [...state.messages.values()].filter((each) => each.chat === chat && each.created >= from && each.created < to)
    const ordered = sort_type === 'ByCreateTimeAsc' ? found : found.toReversed()
    return data(
      paged(
        call,
        ordered.map((message) => described(message, contentFor(call, message))),
        50,
        badPage,
      ),
    )
  }

  const readUsers = (call: Call): Answer => {
    const message = findMessage(kernel, call)
    if (!isOwn(message, call.app)) return refuse(230012)
    if (!(world.clock.now() - message.created <= sevenDays)) return refuse(230033)
    const type = asked(call, 'user_id_type') ?? 'open_id'
    const readers = [...message.readBy].map(([account, at]) => ({
      user_id_type: type,
      user_id: idOf(type, account),
      timestamp: String(at),
      tenant_key: call.app.tenantKey,
    }))
    return data(paged(call, readers, 100, badPage))
  }

  const reading = ['im:message', 'im:message:readonly', 'im:message.history:readonly']
  const one = '/open-apis/im/v1/messages/:message_id'
  const get = { method: 'GET', counted: true, body: 'none', scopes: reading } as const
  return [
    { ...get, path: one, handle: getOne },
    { ...get, path: '/open-apis/im/v1/messages', handle: list },
    { ...get, path: `${one}/read_users`, handle: readUsers },
  ]
}
