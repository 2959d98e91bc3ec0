/** People's messages: in which chat they stand, how they show, whether the bot is told. */
import type { SandboxAccount } from '../contract.ts'
import { botAdded, received } from './events.ts'
import type { Kernel } from './kernel.ts'
import { addGroup, addMessage, type Chat, type FeishuApp, type Message, newId, p2pChat } from './state.ts'

export type Written = Pick<Message, 'type'> & {
  readonly content: unknown
  readonly mentioned?: boolean
  readonly files?: ReadonlyMap<string, string>
}

export type Writing = {
  /** People talk to the first app of the tenant; further apps only send. */
  readonly bot: () => FeishuApp
  readonly chatOf: (account: SandboxAccount, group: string | null) => Promise<Chat>
  /** Resolves when the first push has ended, or at once when the bot is not told. */
  readonly write: (account: SandboxAccount, chat: Chat, written: Written) => Promise<void>
  readonly says: (account: SandboxAccount, chat: Chat, text: string) => Promise<void>
  readonly mentions: (chat: Chat, text: string) => boolean
}

export const placeholder = '@_user_1'

/** How a person writes the bot's name. */
export const calledName = ({ botName }: FeishuApp): string => `@${botName}`

export const createWriting = ({ world, state, screens, delivery }: Kernel): Writing => {
  const bot: Writing['bot'] = () => {
    const [app] = state.apps
    if (!app) throw new Error('No Feishu app is connected: there is no bot to talk to.')
    return app
  }

  /** A group is meant by its id or its name. One that does not exist is made, with everybody of the tenant in it, and the bot is added. */
  const chatOf: Writing['chatOf'] = async (account, group) => {
    const direct = p2pChat(state, bot(), account.account)
    if (group === null || group === direct.id) return direct
    const known = [...state.chats.values()].find(({ id, name, kind }) => kind === 'group' && (id === group || name === group))
    if (known) return known
    const everyone = world.accountsOf('feishu').map((each) => each.account)
    const made = addGroup(state, newId(world, 'oc_'), group, everyone, bot())
    await delivery.event(botAdded(world, bot(), account.account, made))
    return made
  }

  /** In a group only messages that mention the bot are pushed (scope im:message.group_at_msg). */
  const write: Writing['write'] = async (account, chat, { type, content, mentioned = false, files = new Map() }) => {
    const from = { kind: 'user', account: account.account } as const
    const made = { chat, from, type, content: JSON.stringify(content), files, mentionsBot: mentioned }
    const message = addMessage(state, world, made)
    screens.show(message)
    if (chat.kind === 'p2p' || mentioned) await delivery.event(received(world, bot(), message, account.account))
  }

  const mentions: Writing['mentions'] = (chat, text) => chat.kind === 'group' && text.includes(calledName(bot()))

  const says: Writing['says'] = async (account, chat, text) => {
    const mentioned = mentions(chat, text)
    const written = mentioned ? text.replace(calledName(bot()), placeholder) : text
    if (text !== '') await write(account, chat, { type: 'text', content: { text: written }, mentioned })
  }

  return { bot, chatOf, write, says, mentions }
}
