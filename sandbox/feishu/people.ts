/** What people do in the chat apart from pressing: say, send, open the bot, read. */
import type { Said, SandboxAccount, SentFile } from '../contract.ts'
import { entered, haveRead } from './events.ts'
import type { Kernel } from './kernel.ts'
import { formatOf } from './picture-format.ts'
import { type FeishuApp, newId, p2pChat } from './state.ts'
import { choice } from './switches.ts'
import { calledName, createWriting, placeholder, type Written } from './writing.ts'

export type People = {
  readonly says: (said: Said) => Promise<void>
  readonly sends: (sent: SentFile) => Promise<void>
  readonly enters: (account: SandboxAccount) => Promise<void>
  readonly reads: (account: SandboxAccount, message: string) => Promise<void>
}

type Part = Readonly<Record<string, string>>
type Upload = { readonly key: string; readonly files: ReadonlyMap<string, string> }

const textPart = (text: string): Part => ({ tag: 'text', text: text.trim() })

/** A photo and words as one `post`: the picture in the first line, the words and the mention in the second. */
const photoAndWords = (app: FeishuApp, { key, files }: Upload, text: string, mentioned: boolean): Written => {
  const cut = mentioned ? text.indexOf(calledName(app)) : text.length
  const at: Part = { tag: 'at', user_id: placeholder, user_name: app.botName }
  const said = [textPart(text.slice(0, cut)), ...(mentioned ? [at, textPart(text.slice(cut + calledName(app).length))] : [])]
  const rows = [[{ tag: 'img', image_key: key }], said.filter((part) => part.text !== '')]
  return { type: 'post', content: { title: '', content: rows }, mentioned, files }
}

export const createPeople = (kernel: Kernel): People => {
  const { world, delivery } = kernel
  const writing = createWriting(kernel)
  const { bot } = writing
  const upload = createUpload(kernel)

  const sendsPhoto = async ({ account, bytes, mime, text, group }: SentFile): Promise<void> => {
    const chat = await writing.chatOf(account, group)
    const format = formatOf(bytes)
    const photo = upload('img_v3_', bytes, format ? `image/${format}` : mime)
    if (text !== '' && choice(world, 'photoWithText') === 'post') {
      return writing.write(account, chat, photoAndWords(bot(), photo, text, writing.mentions(chat, text)))
    }
    await writing.write(account, chat, { type: 'image', content: { image_key: photo.key }, files: photo.files })
    await writing.says(account, chat, text)
  }

  const contentOf = ({ kind, bytes, mime, name, place }: SentFile): Written => {
    if (kind === 'location') {
      const { lat = 0, lng = 0, label = '' } = place ?? {}
      return { type: 'location', content: { name: label, longitude: String(lng), latitude: String(lat) } }
    }
    const { key, files } = upload('file_v3_', bytes, mime)
    return kind === 'voice'
      ? { type: 'audio', content: { file_key: key, duration: 2000 }, files }
      : { type: 'file', content: { file_key: key, file_name: name }, files }
  }

  return {
    says: async ({ account, text, group }) => writing.says(account, await writing.chatOf(account, group), text),
    sends: async (sent) => {
      if (sent.kind === 'photo') return sendsPhoto(sent)
      const chat = await writing.chatOf(sent.account, sent.group)
      await writing.write(sent.account, chat, contentOf(sent))
      await writing.says(sent.account, chat, sent.text)
    },
    enters: async ({ account }) => delivery.event(enteredBy(kernel, bot(), account)),
    reads: createReads(kernel),
  }
}

const createUpload =
  ({ world, state }: Kernel) =>
  (prefix: 'img_v3_' | 'file_v3_', bytes: Uint8Array, mime: string): Upload => {
    const key = newId(world, prefix)
    const kept = world.keep(bytes, mime)
    if (prefix === 'img_v3_') state.pictures.set(key, { key, owner: null, kept })
    return { key, files: new Map([[key, kept]]) }
  }

const enteredBy = ({ world, state }: Kernel, app: FeishuApp, account: string) => {
  const chat = p2pChat(state, app, account)
  const last = [...state.messages.values()].findLast((message) => message.chat === chat)
  return entered(world, app, account, chat.id, last)
}

/** Reads are pushed only for a bot's own messages in a direct chat; in groups they show in `read_users` alone. */
const createReads =
  ({ world, state, delivery }: Kernel): People['reads'] =>
  async ({ account }, id) => {
    const message = state.messages.get(id)
    if (!message?.chat.members.has(account) || message.readBy.has(account)) return
    const at = world.clock.now()
    message.readBy.set(account, at)
    const { from, chat } = message
    const app = state.apps.find(({ appId }) => from.kind === 'app' && from.appId === appId)
    if (app && chat.kind === 'p2p') await delivery.event(haveRead(world, app, account, message, at))
  }
