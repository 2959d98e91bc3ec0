/** 加急: makes phones ring about a message (open.feishu.cn 发送应用内加急, 发送短信加急, 发送电话加急, May 2026). */
import { z } from 'zod'
import { type Answer, asked, type Call, data, type Route, read } from './call.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { findMessage, isOwn } from './messages.ts'
import { unionIdOf, userIdOf } from './state.ts'
import { amount } from './switches.ts'
import { idOf } from './targets.ts'

const mostUnreadUrgents = 200
const urging = z.object({ user_id_list: z.array(z.string()).min(1) })

export const urgentRoutes = (kernel: Kernel): readonly Route[] => {
  const { world, state, screens } = kernel
  /** SMS and phone urgents used so far; those in the app are free. */
  let bought = 0

  const unreadUrgents = (account: string): number =>
    [...state.messages.values()].filter(({ rung, readBy }) => rung.has(account) && !readBy.has(account)).length

  const urgent =
    (paid: boolean) =>
    (call: Call): Answer => {
      const message = findMessage(kernel, call)
      const { user_id_list } = read(urging, call.json)
      if (user_id_list.length > 200) return refuse(230001)
      if (!isOwn(message, call.app)) return refuse(230012)
      if (message.recalled) return refuse(230011)
      const type = asked(call, 'user_id_type') ?? 'open_id'
      const members = [...message.chat.members].filter((account) => user_id_list.includes(idOf(type, account)))
      if (members.length === 0) return refuse(230001)
      if (members.some((account) => unreadUrgents(account) >= mostUnreadUrgents)) return refuse(230023)
      if (paid && bought + members.length > amount(world, 'urgentQuota')) return refuse(230024)
      if (paid) bought += members.length
      for (const account of members) message.rung.add(account)
      screens.show(message)
      return data({ invalid_user_id_list: user_id_list.filter((id) => !members.some((account) => same(id, account))) })
    }

  const one = '/open-apis/im/v1/messages/:message_id'
  const patch = { method: 'PATCH', counted: true, body: 'json' } as const
  return [
    { ...patch, path: `${one}/urgent_app`, scopes: ['im:message.urgent'], handle: urgent(false) },
    { ...patch, path: `${one}/urgent_sms`, scopes: ['im:message.urgent:sms'], handle: urgent(true) },
    { ...patch, path: `${one}/urgent_phone`, scopes: ['im:message.urgent:phone'], handle: urgent(true) },
  ]
}

const same = (id: string, account: string): boolean => id === account || id === unionIdOf(account) || id === userIdOf(account)
