/** What people do in the chat apart from pressing: say, send, open the bot, read. */
import type { Said, SandboxAccount, SentFile } from '../contract.ts'
import { botAdded, entered, haveRead, received } from './events.ts'
import type { Kernel } from './kernel.ts'
import { formatOf } from './picture-format.ts'
import { addGroup, addMessage, type Chat, type FeishuApp, type Message, newId, p2pChat } from './state.ts'
import { choice } from './switches.ts'

export type People = {
  readonly says: (said: Said) => Promise<void>
  readonly sends: (sent: SentFile) => Promise<void>
  readonly enters: (account: SandboxAccount) => Promise<void>
  readonly reads: (account: SandboxAccount, message: string) => Promise<void>
}

type Written = Pick<Message, 'type'> & {
  readonly content: unknown
  readonly mentioned?: boolean
  readonly files?: ReadonlyMap<string, string>
}
type Part = Readonly<Record<string, string>>
type Rows = readonly (readonly Part[])[]

const placeholder = '@_user_1'

export const createPeople = (kernel: Kernel): People => {
  const { world, state, screens, delivery } = kernel
  /** People talk to the first app of the tenant; further apps only send. */
  const bot = (): FeishuApp => {
    const [app] = state.apps
    if (!app) throw new Error('No Feishu app is connected: there is no bot to talk to.')
    return app
  }

  /** A group is meant by its id or its name. One that does not exist is made, with everybody of the tenant in it, and the bot is added. */
  const chatOf = async (account: SandboxAccount, group: string | null): Promise<Chat> => {
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
  const write = async (
    account: SandboxAccount,
    chat: Chat,
    { type, content, mentioned = false, files = new Map() }: Written,
  ): Promise<void> => {
    const from = { kind: 'user', account: account.account } as const
    const message = addMessage(state, world, {
      chat,
      from,
      type,
      content: JSON.stringify(content),
      files,
      mentionsBot: mentioned,
    })
    screens.show(message)
    if (chat.kind === 'p2p' || mentioned) {
      await delivery.event(received(world, bot(), message, account.account))
    }
  }

  const name = (): string => `@${bot().botName}`
  const mentions = (chat: Chat, text: string): boolean => chat.kind === 'group' && text.includes(name())

  const upload = (prefix: 'img_v3_' | 'file_v3_', bytes: Uint8Array, mime: string): readonly [string, string] => {
    const key = newId(world, prefix)
    const kept = world.keep(bytes, mime)
    if (prefix === 'img_v3_') state.pictures.set(key, { key, owner: null, kept })
    return [key, kept]
  }

  const photoAndWords = (key: string, text: string, mentioned: boolean): { readonly title: string; readonly content: Rows } => {
    const cut = mentioned ? text.indexOf(name()) : text.length
    const at: Part = { tag: 'at', user_id: placeholder, user_name: bot().botName }
    const said = [textPart(text.slice(0, cut)), ...(mentioned ? [at, textPart(text.slice(cut + name().length))] : [])]
    return { title: '', content: [[{ tag: 'img', image_key: key }], said.filter((part) => part.text !== '')] }
  }

  const sendsPhoto = async ({ account, bytes, mime, text, group }: SentFile): Promise<void> => {
    const chat = await chatOf(account, group)
    const format = formatOf(bytes)
    const [key, kept] = upload('img_v3_', bytes, format ? `image/${format}` : mime)
    const files = new Map([[key, kept]])
    if (text !== '' && choice(world, 'photoWithText') === 'post') {
      const mentioned = mentions(chat, text)
      return write(account, chat, { type: 'post', content: photoAndWords(key, text, mentioned), mentioned, files })
    }
    await write(account, chat, { type: 'image', content: { image_key: key }, files })
    await saysIn(account, chat, text)
  }

  const saysIn = async (account: SandboxAccount, chat: Chat, text: string): Promise<void> => {
    const mentioned = mentions(chat, text)
    const written = mentioned ? text.replace(name(), placeholder) : text
    if (text !== '') await write(account, chat, { type: 'text', content: { text: written }, mentioned })
  }

  const contentOf = ({ kind, bytes, mime, name: fileName, place }: SentFile): Written => {
    if (kind === 'location') {
      const { lat = 0, lng = 0, label = '' } = place ?? {}
      return { type: 'location', content: { name: label, longitude: String(lng), latitude: String(lat) } }
    }
    const [key, kept] = upload('file_v3_', bytes, mime)
    const files = new Map([[key, kept]])
    return kind === 'voice'
      ? { type: 'audio', content: { file_key: key, duration: 2000 }, files }
      : { type: 'file', content: { file_key: key, file_name: fileName }, files }
  }

  return {
    says: async ({ account, text, group }) => saysIn(account, await chatOf(account, group), text),
    sends: async (sent) => {
      if (sent.kind === 'photo') return sendsPhoto(sent)
      const chat = await chatOf(sent.account, sent.group)
      await write(sent.account, chat, contentOf(sent))
      await saysIn(sent.account, chat, sent.text)
    },
    enters: async ({ account }) => {
      const chat = p2pChat(state, bot(), account)
      const last = [...state.messages.values()].findLast((message) => message.chat === chat)
      await delivery.event(entered(world, bot(), account, chat.id, last))
    },
    /** Reads are pushed only for a bot's own messages in a direct chat; in groups they show in `read_users` alone. */
    reads: async ({ account }, id) => {
      const message = state.messages.get(id)
      if (!message?.chat.members.has(account) || message.readBy.has(account)) return
      const at = world.clock.now()
      message.readBy.set(account, at)
      const { from, chat } = message
      const app = from.kind === 'app' ? state.apps.find(({ appId }) => appId === from.appId) : undefined
      if (app && chat.kind === 'p2p') await delivery.event(haveRead(world, app, account, message, at))
    },
  }
}

const textPart = (text: string): Part => ({ tag: 'text', text: text.trim() })
