/** The other kinds of app messages: their limits and their looks (page 发送应用消息, document/path/90236, 2025-09-24). */
import { z } from 'zod'
import { type Answer, no } from './codes.ts'
import { blankFace, clipped, type Face } from './face.ts'

/** Cuts to at most so many bytes of UTF-8, never through a character. */
export const cutBytes = (text: string, most: number): string => {
  let used = 0
  const end = [...text].findIndex((character) => {
    used += Buffer.byteLength(character)
    return used > most
  })
  return end < 0 ? text : [...text].slice(0, end).join('')
}

export type PlainTools = {
  readonly hasMedia: (id: string, type: string) => boolean
  readonly imageOf: (id: string) => string | null
}

/** Gives what the member sees, or the platform's refusal. */
type Reader = (value: unknown, tools: PlainTools) => Face | Answer

const longestText = 2048
const over = (text: string | undefined, most: number) => Buffer.byteLength(text ?? '') > most

const content = z.object({ content: z.string() })

/** `<a href="…">words</a>` is the only markup of a text message. */
const anchors = /<a\s+href="([^"]*)"\s*>([^<]*)<\/a>/g
/** The look of a text message. */
export const textFace = (text: string): Face => ({
  ...blankFace,
  text: text.replace(anchors, '$2'),
  links: [...text.matchAll(anchors)].map(([, url, label]): readonly [string, string] => [label ?? '', url ?? '']),
})

const readText: Reader = (value) => {
  const parsed = content.safeParse(value)
  if (!parsed.success) return no(40058, 'text.content')
  if (parsed.data.content.trim() === '') return no(44004, 'text.content')
  return textFace(cutBytes(parsed.data.content, longestText))
}

/** Colours of the markdown subset: info is green, comment grey, warning orange. */
const fontTones = new Map([
  ['info', 'success'],
  ['warning', 'warning'],
])
/** The look of a markdown message, without its marks. */
export const markdownFace = (text: string): Face => ({
  ...blankFace,
  text: text
    .replace(/<font\s+color="\w+"\s*>|<\/font>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/^#{1,6} /gm, ''),
  tone: fontTones.get(/<font\s+color="(\w+)"/.exec(text)?.[1] ?? '') ?? 'neutral',
  links: [...text.matchAll(/\[([^\]]*)\]\(([^)]*)\)/g)].map(([, label, url]): readonly [string, string] => [
    label ?? '',
    url ?? '',
  ]),
})

const readMarkdown: Reader = (value) => {
  const parsed = content.safeParse(value)
  if (!parsed.success) return no(40058, 'markdown.content')
  if (parsed.data.content.trim() === '') return no(44004, 'markdown.content')
  return over(parsed.data.content, longestText) ? no(45002, 'markdown.content') : markdownFace(parsed.data.content)
}

const badUrl = (url: string | undefined): Answer | null => {
  if (over(url, 2048)) return no(40039, 'url')
  return /^https?:\/\/\S+$/i.test(url ?? '') && URL.canParse(url ?? '') ? null : no(45034, 'url')
}

const textcard = z.object({ title: z.string(), description: z.string(), url: z.string(), btntxt: z.string().optional() })
const readTextcard: Reader = (value) => {
  const parsed = textcard.safeParse(value)
  if (!parsed.success) return no(40058, 'textcard')
  const { title, description, url, btntxt } = parsed.data
  if (title === '' || description === '') return no(44004, 'textcard')
  if (over(title, 128) || over(description, 512)) return no(45002, 'textcard')
  const label = clipped(btntxt || '详情', 4)
  const text = description
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/<div[^>]*>/g, '')
    .replaceAll('</div>', '\n')
    .trim()
  return badUrl(url) ?? { ...blankFace, kind: 'card', title, text, links: [label, title, ''].map((name) => [name, url] as const) }
}

const article = z.object({
  title: z.string(),
  description: z.string().optional(),
  url: z.string(),
  picurl: z.string().optional(),
})
const readNews: Reader = (value) => {
  const parsed = z.object({ articles: z.array(article).min(1) }).safeParse(value)
  if (!parsed.success) return no(40058, 'news.articles')
  const { articles } = parsed.data
  if (articles.length > 8) return no(45008, 'news.articles')
  if (articles.some(({ title }) => title === '')) return no(44004, 'news.articles.title')
  if (articles.some(({ title, description }) => over(title, 128) || over(description, 512))) return no(45002, 'news.articles')
  const flaw = articles.map(({ url }) => badUrl(url)).find((answer) => answer !== null)
  const [head, ...rest] = articles
  const lines = [head?.description ?? '', ...rest.flatMap(({ title, description }) => [title, description ?? ''])]
  return (
    flaw ?? {
      ...blankFace,
      kind: 'card',
      title: head?.title ?? '',
      text: lines.filter(Boolean).join('\n'),
      images: articles.map(({ picurl }) => picurl ?? '').filter(Boolean),
      links: [...articles.map(({ title, url }) => [title, url] as const), ['', head?.url ?? ''] as const],
    }
  )
}

const mediaWords: Readonly<Record<string, string>> = { image: '', voice: '[语音]', file: '[文件]' }
const readMedia =
  (type: string): Reader =>
  (value, { hasMedia, imageOf }) => {
    const parsed = z.object({ media_id: z.string() }).safeParse(value)
    if (!parsed.success) return no(41006, `${type}.media_id`)
    if (!hasMedia(parsed.data.media_id, type)) return no(40007, `${type}.media_id`)
    const image = type === 'image' ? imageOf(parsed.data.media_id) : null
    return { ...blankFace, text: mediaWords[type] ?? '', images: image ? [image] : [] }
  }

/** By `msgtype`. Kinds that are not here (video, mpnews, miniprogram_notice) are refused with 40008 by this double. */
export const plainReaders: Readonly<Record<string, Reader>> = {
  text: readText,
  markdown: readMarkdown,
  textcard: readTextcard,
  news: readNews,
  image: readMedia('image'),
  voice: readMedia('voice'),
  file: readMedia('file'),
}
