/** What the double remembers: apps, chats, messages, pictures, the tokens of presses. All of it lives in memory and dies with the process. */
import { createHash } from 'node:crypto'
import type { App, SandboxAccount, World } from '../contract.ts'
import type { CardObject } from './card-lint.ts'

export type FeishuApp = {
  readonly app: App
  readonly appId: string
  readonly appSecret: string
  /** Empty when the console holds none: pushes then go out in clear and unsigned. */
  readonly encryptKey: string
  readonly verificationToken: string
  readonly tenantKey: string
  readonly botName: string
  readonly botOpenId: string
}

export type Chat = {
  readonly id: string
  readonly kind: 'p2p' | 'group'
  readonly name: string
  /** Accounts (open_id). */
  readonly members: Set<string>
  /** Apps whose bot is in it. */
  readonly bots: Set<string>
}

export type MessageType = 'text' | 'post' | 'image' | 'file' | 'audio' | 'location' | 'interactive'

export type Author = { readonly kind: 'app'; readonly appId: string } | { readonly kind: 'user'; readonly account: string }

export type Message = {
  readonly id: string
  readonly chat: Chat
  readonly from: Author
  readonly type: MessageType
  content: string
  readonly created: number
  updated: number | null
  recalled: boolean
  readonly parent: string | null
  /** A person named the bot in it: `@_user_1` in the content is the bot. */
  readonly mentionsBot: boolean
  /** Resources a message carries: file key to the id under which the world keeps the bytes. */
  readonly files: ReadonlyMap<string, string>
  readonly readBy: Map<string, number>
  readonly rung: Set<string>
  card: CardObject | null
  /** Earlier looks, latest first: a phone that has not caught up still shows their buttons. */
  past: readonly CardObject[]
  /** Presses whose answer is awaited. */
  pressing: number
}

/** `owner` is the app that uploaded it; null when a person sent it. */
export type Picture = { readonly key: string; readonly owner: string | null; readonly kept: string }

export type CardToken = {
  readonly token: string
  readonly message: Message
  readonly expires: number
  uses: number
  over: boolean
}

export type State = {
  readonly apps: readonly FeishuApp[]
  readonly chats: Map<string, Chat>
  readonly messages: Map<string, Message>
  readonly pictures: Map<string, Picture>
  readonly cardTokens: Map<string, CardToken>
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Ids that belong to a person for good are derived, so that they survive a restart of the sandbox. */
export const unionIdOf = (account: string): string => `on_${digest(`union:${account}`).slice(0, 32)}`
export const userIdOf = (account: string): string => digest(`user:${account}`).slice(0, 8)
export const departmentIdOf = (team: string): string => `od-${digest(`department:${team}`).slice(0, 32)}`
const p2pChatId = (appId: string, account: string): string => `oc_${digest(`p2p:${appId}:${account}`).slice(0, 32)}`

const text = (app: App, name: string, fallback: string): string => app.credentials[name] ?? fallback

const readApp = (app: App): FeishuApp => {
  const appId = text(app, 'appId', '')
  return {
    app,
    appId,
    appSecret: text(app, 'appSecret', ''),
    encryptKey: text(app, 'encryptKey', ''),
    verificationToken: text(app, 'verificationToken', ''),
    tenantKey: text(app, 'tenantKey', '16a1b2c3d4e5f607'),
    botName: text(app, 'botName', '安灯'),
    botOpenId: `ou_${digest(`bot:${appId}`).slice(0, 32)}`,
  }
}

export const createState = (apps: readonly App[]): State => ({
  apps: apps.filter((app) => app.platform === 'feishu').map(readApp),
  chats: new Map(),
  messages: new Map(),
  pictures: new Map(),
  cardTokens: new Map(),
})

/** `length` hexadecimal digits from the world's seed. */
export const hex = (world: World, length: number): string =>
  Array.from({ length }, () => Math.floor(world.random() * 16).toString(16)).join('')

export const newId = (world: World, prefix: 'om_' | 'oc_' | 'img_v3_' | 'file_v3_' | 'c-', length = 32): string =>
  `${prefix}${hex(world, length)}`

export const accountOf = (world: World, openId: string): SandboxAccount | undefined =>
  world.accountsOf('feishu').find(({ account }) => account === openId)

/** The chat of one person with one bot; made when first needed, as the platform does. */
export const p2pChat = (state: State, app: FeishuApp, account: string): Chat => {
  const id = p2pChatId(app.appId, account)
  const known = state.chats.get(id)
  if (known) return known
  const chat: Chat = { id, kind: 'p2p', name: '', members: new Set([account]), bots: new Set([app.appId]) }
  state.chats.set(id, chat)
  return chat
}

export const addGroup = (state: State, id: string, name: string, members: Iterable<string>, app: FeishuApp): Chat => {
  const chat: Chat = { id, kind: 'group', name, members: new Set(members), bots: new Set([app.appId]) }
  state.chats.set(id, chat)
  return chat
}

/** Adds what every message has to what makes this one. */
export const addMessage = (
  state: State,
  world: World,
  made: Pick<Message, 'chat' | 'from' | 'type' | 'content'> & Partial<Pick<Message, 'parent' | 'mentionsBot' | 'files' | 'card'>>,
): Message => {
  const message: Message = {
    id: newId(world, 'om_'),
    created: world.clock.now(),
    updated: null,
    recalled: false,
    parent: null,
    mentionsBot: false,
    files: new Map(),
    readBy: new Map(),
    rung: new Set(),
    card: null,
    past: [],
    pressing: 0,
    ...made,
  }
  state.messages.set(message.id, message)
  return message
}

const mostPast = 20

/** Gives a message its new card. */
export const redraw = (message: Message, card: NonNullable<Message['card']>, at: number): void => {
  const past = message.card ? [message.card, ...message.past].slice(0, mostPast) : message.past
  Object.assign(message, { card, past, content: JSON.stringify(card), updated: at })
}
