/** im/v1/chats as far as a bot needs it: the groups it is in, making one, who is inside; and bot info (open.feishu.cn 群组, May 2026). */
import { z } from 'zod'
import { type Answer, asked, type Call, data, paged, type Route, read } from './call.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { accountOf, addGroup, type Chat, newId } from './state.ts'
import { findAccount, idOf } from './targets.ts'

const tenHours = 10 * 3600_000
const pages = { size: (): never => refuse(232001), token: (): never => refuse(232001) }
const idType = z.enum(['open_id', 'union_id', 'user_id'])

const creating = z.object({
  name: z.string().max(100).default(''),
  owner_id: z.string().optional(),
  user_id_list: z.array(z.string()).max(50).default([]),
})

const described = ({ id, name, members }: Chat, tenantKey: string): Readonly<Record<string, unknown>> => ({
  chat_id: id,
  name,
  chat_mode: 'group',
  chat_type: 'private',
  user_count: String(members.size),
  tenant_key: tenantKey,
})

const info = ({ app }: Call): Answer => ({
  kind: 'flat',
  body: {
    code: 0,
    msg: 'ok',
    bot: { activate_status: 2, app_name: app.botName, avatar_url: '', ip_white_list: [], open_id: app.botOpenId },
  },
})

export const chatRoutes = ({ world, state }: Kernel): readonly Route[] => {
  const made = new Map<string, { readonly chat: Chat; readonly at: number }>()

  const own = (call: Call): Chat => {
    const chat = state.chats.get(call.params.chat_id ?? '') ?? refuse(232006)
    return chat.bots.has(call.app.appId) ? chat : refuse(232011)
  }

  const list = (call: Call): Answer => {
    const groups = [...state.chats.values()].filter(({ kind, bots }) => kind === 'group' && bots.has(call.app.appId))
    return data(
      paged(
        call,
        groups.map((chat) => described(chat, call.app.tenantKey)),
        100,
        pages,
      ),
    )
  }

  const create = (call: Call): Answer => {
    const type = read(idType, asked(call, 'user_id_type') ?? 'open_id')
    const { name, owner_id, user_id_list } = read(creating, call.json)
    const uuid = read(z.string().max(50), asked(call, 'uuid') ?? '')
    const key = `${call.app.appId} ${owner_id ?? ''} ${uuid}`
    const first = uuid ? made.get(key) : undefined
    if (first && world.clock.now() - first.at < tenHours) return data(described(first.chat, call.app.tenantKey))
    const ids = owner_id ? [owner_id, ...user_id_list] : user_id_list
    const members = ids.map((id) => (findAccount(world, type, id) ?? refuse(232001)).account)
    const chat = addGroup(state, newId(world, 'oc_'), name, members, call.app)
    made.set(key, { chat, at: world.clock.now() })
    return data(described(chat, call.app.tenantKey))
  }

  const members = (call: Call): Answer => {
    const type = read(idType, asked(call, 'member_id_type') ?? 'open_id')
    const items = [...own(call).members].map((account) => ({
      member_id_type: type,
      member_id: idOf(type, account),
      name: accountOf(world, account)?.name ?? '',
      tenant_key: call.app.tenantKey,
    }))
    return data({ ...paged(call, items, 100, pages), member_total: items.length })
  }

  const get = { method: 'GET', counted: true, body: 'none', scopes: ['im:chat', 'im:chat:readonly'] } as const
  const one = '/open-apis/im/v1/chats/:chat_id'
  return [
    { ...get, path: '/open-apis/im/v1/chats', handle: list },
    { ...get, path: one, handle: (call) => data(described(own(call), call.app.tenantKey)) },
    { ...get, path: `${one}/members`, handle: members },
    { ...get, path: `${one}/members/is_in_chat`, handle: (call) => data({ is_in_chat: own(call).bots.has(call.app.appId) }) },
    {
      method: 'POST',
      path: '/open-apis/im/v1/chats',
      scopes: ['im:chat', 'im:chat:create'],
      counted: true,
      body: 'json',
      handle: create,
    },
    { ...get, path: '/open-apis/bot/v3/info', scopes: [], handle: info },
  ]
}
