/** Reads the service's answer to a push as strictly as the platform (被动回复消息格式, document/path/90241; envelope 90238). */
import { cardFromXml, readCard, type TemplateCard } from './card-shape.ts'
import { open, sign } from './crypt.ts'
import type { WecomApp } from './office.ts'
import { cutBytes } from './plain.ts'
import { type Element, flat, readXml } from './xml.ts'

export type Reply =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'media'; readonly kind: 'image' | 'voice' | 'video'; readonly mediaId: string }
  | {
      readonly type: 'news'
      readonly articles: readonly {
        readonly title: string
        readonly text: string
        readonly picture: string
        readonly url: string
      }[]
    }
  | { readonly type: 'update_button'; readonly label: string }
  | { readonly type: 'update_template_card'; readonly card: TemplateCard }

export type Passive =
  | { readonly kind: 'empty' }
  | { readonly kind: 'reply'; readonly reply: Reply; readonly plain: string }
  | { readonly kind: 'malformed'; readonly why: string }

const malformed = (why: string): Passive => ({ kind: 'malformed', why })

const envelopeNames = ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'] as const

/** The decrypted reply, or what is wrong with its envelope. */
const unsealed = (body: string, app: WecomApp): { readonly plain: string } | { readonly why: string } => {
  const envelope = readXml(body)
  const fields = envelope?.name === 'xml' ? flat(envelope) : null
  if (!fields || fields.size !== envelopeNames.length) return { why: 'the envelope is not the documented XML' }
  const [encrypted, signature, timestamp, nonce] = envelopeNames.map((name) => fields.get(name) ?? '')
  if (!encrypted || !signature || !timestamp || !nonce || !/^\d{1,19}$/.test(timestamp))
    return { why: 'a field of the envelope is missing' }
  if (sign(app.token, timestamp, nonce, encrypted) !== signature) return { why: 'MsgSignature' }
  const opened = open(app.aesKey, encrypted)
  if ('flaw' in opened) return { why: opened.flaw }
  return opened.receiveId === app.corpId ? { plain: opened.text } : { why: 'receiveid' }
}

const child = (element: Element, name: string): Element | null => element.children.find((inner) => inner.name === name) ?? null
const value = (element: Element | null, name: string): string => (element && child(element, name)?.text) || ''

type Reader = (xml: Element) => Reply | string

const media =
  (kind: 'image' | 'voice' | 'video', holder: string): Reader =>
  (xml) => {
    const mediaId = value(child(xml, holder), 'MediaId')
    return mediaId ? { type: 'media', kind, mediaId } : `${holder}/MediaId`
  }

const news: Reader = (xml) => {
  const items = child(xml, 'Articles')?.children ?? []
  const articles = items.map((item) => ({
    title: value(item, 'Title'),
    text: value(item, 'Description'),
    picture: value(item, 'PicUrl'),
    url: value(item, 'Url'),
  }))
  const counted = value(xml, 'ArticleCount') === String(articles.length) && articles.length >= 1 && articles.length <= 8
  return counted && items.every(({ name }) => name === 'item') ? { type: 'news', articles } : 'ArticleCount'
}

const card: Reader = (xml) => {
  const element = child(xml, 'TemplateCard')
  const json = element && cardFromXml(element)
  if (!json) return 'TemplateCard: a name or a value is not the documented one'
  const read = readCard(json)
  return 'code' in read ? `TemplateCard: ${read.code} ${read.at}` : { type: 'update_template_card', card: read }
}

const longestText = 2048

const readers: Readonly<Record<string, { readonly parts: readonly string[]; readonly read: Reader }>> = {
  text: {
    parts: ['Content'],
    read: (xml) => (value(xml, 'Content') ? { type: 'text', text: cutBytes(value(xml, 'Content'), longestText) } : 'Content'),
  },
  image: { parts: ['Image'], read: media('image', 'Image') },
  voice: { parts: ['Voice'], read: media('voice', 'Voice') },
  video: { parts: ['Video'], read: media('video', 'Video') },
  news: { parts: ['ArticleCount', 'Articles'], read: news },
  update_button: {
    parts: ['Button'],
    read: (xml) => {
      const label = value(child(xml, 'Button'), 'ReplaceName')
      return label ? { type: 'update_button', label } : 'Button/ReplaceName'
    },
  },
  update_template_card: { parts: ['TemplateCard'], read: card },
}

const heads = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType']

/** What may answer which push: a pressed card button takes the two updates only, everything else takes messages too. */
export const replyTypes = {
  message: new Set(['text', 'image', 'voice', 'video', 'news']),
  card: new Set(['update_button', 'update_template_card']),
  menu: new Set(Object.keys(readers)),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>

export type Expected = { readonly app: WecomApp; readonly account: string; readonly allowed: ReadonlySet<string> }

const readPlain = (plain: string, { app, account, allowed }: Expected): Passive => {
  const xml = readXml(plain)
  if (xml?.name !== 'xml') return malformed('the reply is not the documented XML')
  if (value(xml, 'ToUserName') !== account) return malformed('ToUserName')
  if (value(xml, 'FromUserName') !== app.corpId) return malformed('FromUserName')
  if (!/^\d{1,19}$/.test(value(xml, 'CreateTime'))) return malformed('CreateTime')
  const type = value(xml, 'MsgType')
  const reader = allowed.has(type) ? readers[type] : undefined
  if (!reader) return malformed(`MsgType ${type.slice(0, 40)} may not answer this push`)
  const names = xml.children.map(({ name }) => name)
  const known = new Set([...heads, ...reader.parts])
  if (names.length !== known.size || names.some((name) => !known.has(name)))
    return malformed('an element is unknown, missing or doubled')
  const reply = reader.read(xml)
  return typeof reply === 'string' ? malformed(reply) : { kind: 'reply', reply, plain }
}

/** Reads the body of a 200. Empty means accepted without words; `success` is taken for the same, as on the platform. */
export const readPassive = (body: string, expected: Expected): Passive => {
  if (body === '' || body === 'success') return { kind: 'empty' }
  const inside = unsealed(body, expected.app)
  return 'why' in inside ? malformed(inside.why) : readPlain(inside.plain, expected)
}
