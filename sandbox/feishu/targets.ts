/** Who is meant by a `receive_id`, and whether the bot may reach them. */

import type { SandboxAccount, World } from '../contract.ts'
import { refuse, type VendorCode } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { type Chat, type FeishuApp, p2pChat, unionIdOf, userIdOf } from './state.ts'
import { standing } from './switches.ts'

type IdType = 'open_id' | 'union_id' | 'user_id' | 'email' | 'chat_id'

export const findAccount = (world: World, type: IdType, id: string): SandboxAccount | undefined =>
  world.accountsOf('feishu').find(({ account }) => {
    if (type === 'open_id') return account === id
    if (type === 'union_id') return unionIdOf(account) === id
    return type === 'user_id' && userIdOf(account) === id
  })

export const idOf = (type: string, account: string): string => {
  if (type === 'union_id') return unionIdOf(account)
  return type === 'user_id' ? userIdOf(account) : account
}

const unknown: Readonly<Record<IdType, VendorCode>> = {
  open_id: 99992351,
  union_id: 99992364,
  user_id: 99992360,
  email: 230034,
  chat_id: 99992356,
}

const reach: Readonly<Record<string, VendorCode>> = { resigned: 230029, invisible: 230013, stopped: 230053 }

/** The chat a message goes to. Refuses ids that do not exist, groups without the bot, people the bot cannot reach. */
export const findTarget = ({ world, state }: Kernel, app: FeishuApp, type: IdType, id: string): Chat => {
  const chat = type === 'chat_id' ? (state.chats.get(id) ?? refuse(99992356)) : null
  if (chat && !chat.bots.has(app.appId)) return refuse(230002)
  const account = chat
    ? chat.kind === 'p2p'
      ? [...chat.members][0]
      : undefined
    : (findAccount(world, type, id)?.account ?? refuse(unknown[type]))
  if (account === undefined) return chat ?? refuse(99992356)
  const barred = reach[standing(world, account)]
  return barred ? refuse(barred) : (chat ?? p2pChat(state, app, account))
}
