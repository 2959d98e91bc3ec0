/** Puts messages on phones: what each reader sees of a message, now. */
import type { Seen, World } from '../contract.ts'
import { isFields } from './card-checks.ts'
import type { CardWorld } from './card-lint.ts'
import { wordAt } from './card-tree.ts'
import { type Reader, viewCard } from './card-view.ts'
import { messageWords, plainWords } from './plain-words.ts'
import { accountOf, type Message, type State } from './state.ts'

export type Screens = {
  /** What this reader sees of the message. */
  readonly seen: (message: Message, account: string) => Seen
  /** Shows the message, or its new look, to everybody in its chat. */
  readonly show: (message: Message) => void
  readonly reader: Reader
  /** What the card linter asks about an app. */
  readonly cardWorld: (appId: string) => CardWorld
}

type Look = Pick<Seen, 'title' | 'text' | 'tone' | 'facts' | 'images' | 'actions' | 'form'>
const blank: Look = { title: '', text: '', tone: 'neutral', facts: [], images: [], actions: [], form: [] }

export const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return null
  }
}

/** A post holds one locale when sent and none when received. */
const postOf = (content: unknown): unknown => (isFields(content) && !('content' in content) ? Object.values(content)[0] : content)

const postText = (part: unknown, { names }: Reader): string => {
  const tag = wordAt(part, 'tag')
  if (tag === 'md') return plainWords(wordAt(part, 'text'), names)
  if (tag === 'at') return `@${wordAt(part, 'user_name') || names(wordAt(part, 'user_id'))}`
  return wordAt(part, 'text')
}

const rowsOf = (post: unknown): readonly (readonly unknown[])[] =>
  isFields(post) && Array.isArray(post.content) ? (post.content as readonly unknown[]).filter(Array.isArray) : []

const postLook = (content: unknown, reader: Reader): Look => {
  const post = postOf(content)
  const rows = rowsOf(post)
  const images = rows.flat().map((part) => (wordAt(part, 'tag') === 'img' ? reader.picture(wordAt(part, 'image_key')) : null))
  return {
    ...blank,
    title: wordAt(post, 'title'),
    text: rows
      .map((row) => row.map((part) => postText(part, reader)).join(''))
      .filter(Boolean)
      .join('\n'),
    images: images.filter((address) => address !== null),
  }
}

const looks: Readonly<Record<Message['type'], (content: unknown, reader: Reader) => Look>> = {
  text: (content, { names }) => ({ ...blank, text: messageWords(wordAt(content, 'text'), names) }),
  post: postLook,
  image: (content, { picture }) => ({
    ...blank,
    images: [picture(wordAt(content, 'image_key'))].filter((address) => address !== null),
  }),
  file: (content) => ({ ...blank, text: `[文件] ${wordAt(content, 'file_name')}` }),
  audio: () => ({ ...blank, text: '[语音]' }),
  location: (content) => ({ ...blank, text: `[位置] ${wordAt(content, 'name')}` }),
  interactive: (content, reader) => (isFields(content) ? viewCard(content, reader) : blank),
}

export const createScreens = (world: World, state: State): Screens => {
  const reader: Reader = {
    names: (openId) => state.apps.find((app) => app.botOpenId === openId)?.botName ?? accountOf(world, openId)?.name ?? openId,
    picture: (key) => {
      const picture = state.pictures.get(key)
      return picture ? `/images/${picture.kept}` : null
    },
  }
  const seen = (message: Message, account: string): Seen => ({
    id: message.id,
    kind: message.type === 'interactive' ? 'card' : 'text',
    ...(message.recalled ? blank : looks[message.type](message.card ?? named(message, state), reader)),
    sentAt: message.created,
    updatedAt: message.updated,
    recalled: message.recalled,
    platform: 'feishu',
    conversation: message.chat.id,
    rung: message.rung.has(account),
    from: message.from.kind === 'app' ? 'bot' : 'person',
  })
  return {
    reader,
    seen,
    show: (message) => {
      for (const account of message.chat.members) world.show('feishu', account, seen(message, account))
    },
    cardWorld: (appId) => ({
      ownsPicture: (key) => state.pictures.get(key)?.owner === appId,
      knowsUser: (id) => accountOf(world, id) !== undefined,
    }),
  }
}

/** On a phone the placeholder of a mention is the bot's name again. */
const named = (message: Message, state: State): unknown => {
  const content = parsed(message.content)
  const bots = state.apps.filter((app) => message.chat.bots.has(app.appId))
  return message.type === 'text' && message.mentionsBot && isFields(content)
    ? { ...content, text: wordAt(content, 'text').replace('@_user_1', `@${bots[0]?.botName ?? ''}`) }
    : content
}
