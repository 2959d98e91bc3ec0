/** What a bot may send, by message type (open.feishu.cn 发送消息内容, May 2026). */
import { z } from 'zod'
import { isFields } from './card-checks.ts'
import { CardFault, type CardObject, lintCard, longestCard, wordsOf } from './card-lint.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { parsed } from './screens.ts'
import type { FeishuApp, MessageType } from './state.ts'
import { choice } from './switches.ts'

const longestText = 150 * 1024

export type Content = {
  readonly type: MessageType
  readonly card: CardObject | null
  readonly files: ReadonlyMap<string, string>
}

const textContent = z.object({ text: z.string().min(1) })
const imageContent = z.object({ image_key: z.string().min(1) })
const postContent = z.record(
  z.string(),
  z.object({ title: z.string().optional(), content: z.array(z.array(z.object({ tag: z.string() }).catchall(z.unknown()))) }),
)

const noFiles: ReadonlyMap<string, string> = new Map()

/** Refuses with 230001, 230017, 230025, 230028, 230054 or 230099. */
export const readContent = (kernel: Kernel, app: FeishuApp, type: string, content: string): Content => {
  const longest = type === 'text' ? longestText : longestCard
  if (Buffer.byteLength(content) > longest) return refuse(230025)
  if (choice(kernel.world, 'dlp') === 'on' && leaks(content)) return refuse(230028)
  switch (type) {
    case 'text':
      return fits(textContent, content) && { type, card: null, files: noFiles }
    case 'image':
      return { type, card: null, files: filesOf(kernel, app, [fits(imageContent, content).image_key]) }
    case 'post':
      return { type, card: null, files: filesOf(kernel, app, postPictures(fits(postContent, content))) }
    case 'interactive':
      return { type, card: readCard(kernel, app, parsed(content)), files: noFiles }
    default:
      return refuse(230054)
  }
}

const leaks = (content: string): boolean => /(?<!\d)1[3-9]\d{9}(?!\d)/.test(content) || /[\w.]+@[\w-]+\.\w+/.test(content)

const fits = <Parsed>(schema: z.ZodType<Parsed>, content: string): Parsed => {
  const result = schema.safeParse(parsed(content))
  return result.success ? result.data : refuse(230001)
}

const postPictures = (post: z.infer<typeof postContent>): readonly string[] =>
  Object.values(post)
    .flatMap(({ content }) => content.flat())
    .flatMap((part) => (part.tag === 'img' && typeof part.image_key === 'string' ? [part.image_key] : []))

const filesOf = ({ state }: Kernel, app: FeishuApp, keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    keys.map((key) => {
      const picture = state.pictures.get(key) ?? refuse(230001)
      if (picture.owner !== app.appId) return refuse(230017)
      return [key, picture.kept] as const
    }),
  )

/** A card that the linter passes, or 230099 with the sub-code and the place. Templates and card entities are outside the double: 200380. */
export const readCard = ({ screens }: Kernel, app: FeishuApp, card: unknown): CardObject => {
  if (isFields(card) && (card.type === 'template' || card.type === 'card')) {
    return refuse(230099, {
      msg: 'Failed to create card content, ext=ErrCode: 200380; ErrMsg: template does not exist or is not published;',
    })
  }
  try {
    return lintCard(card, screens.cardWorld(app.appId))
  } catch (error) {
    if (error instanceof CardFault) return refuse(230099, { msg: wordsOf(error) })
    throw error
  }
}
