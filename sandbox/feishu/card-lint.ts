/** Decides whether a card may be sent: JSON 2.0 only (open.feishu.cn 卡片 JSON 2.0 结构, May 2026). */
import {
  type At,
  anything,
  CardFault,
  type Fields,
  fields,
  flag,
  isFields,
  list,
  object,
  oneOf,
  shaped,
  step,
  string,
  subCode,
  wrong,
} from './card-checks.ts'
import { elements } from './card-grammar.ts'
import { icon, link, plainText, text } from './card-parts.ts'

export { CardFault } from './card-checks.ts'
export type CardObject = Fields

/** What the linter asks about the app that sends the card. */
export type CardWorld = { readonly ownsPicture: (key: string) => boolean; readonly knowsUser: (id: string) => boolean }

/** Longest card the message API takes, in bytes of its JSON. */
export const longestCard = 30 * 1024
const mostTagged = 200
const deepestJson = 64

const templates = [
  'blue',
  'wathet',
  'turquoise',
  'green',
  'yellow',
  'orange',
  'red',
  'carmine',
  'violet',
  'purple',
  'indigo',
  'grey',
  'default',
]
const tagColors = [
  'neutral',
  'blue',
  'turquoise',
  'lime',
  'orange',
  'violet',
  'indigo',
  'wathet',
  'green',
  'yellow',
  'red',
  'purple',
  'carmine',
]

const textTag = object({ tag: oneOf('text_tag'), text: plainText(), color: oneOf(...tagColors), element_id: string() }, [
  'tag',
  'text',
])
const header = object(
  {
    title: text,
    subtitle: text,
    template: oneOf(...templates),
    icon,
    padding: string(),
    text_tag_list: list(textTag, 3),
    i18n_text_tag_list: fields,
  },
  ['title'],
)

const config = object({
  update_multi: oneOf(true),
  enable_forward: flag,
  enable_forward_interaction: flag,
  width_mode: oneOf('default', 'compact', 'fill'),
  summary: object({ content: string(), i18n_content: anything }),
  locales: list(string()),
  use_custom_translation: flag,
  streaming_mode: flag,
  streaming_config: fields,
  style: fields,
})

const size = string(40)
const body = object({
  direction: oneOf('vertical', 'horizontal'),
  padding: size,
  horizontal_spacing: size,
  vertical_spacing: size,
  horizontal_align: oneOf('left', 'center', 'right'),
  vertical_align: oneOf('top', 'center', 'bottom'),
  elements,
})

const root = { schema: oneOf('2.0'), config, card_link: link, header, body }

/** The card, proved sendable. Throws the first `CardFault`. */
export const lintCard = (card: unknown, world: CardWorld): CardObject => {
  const at: At = {
    path: ['ROOT'],
    depth: 0,
    seat: 'body',
    inForm: false,
    book: { ...world, names: new Set(), elementIds: new Set(), tables: 0 },
  }
  if (!isFields(card)) return wrong(at, 'a card object is expected')
  counted(card, at)
  if (card.schema !== '2.0') return wrong(step(at, 'schema'), 'schema 2.0 is expected', card.schema)
  shaped(card, at, { attributes: root, required: ['schema', 'body'] })
  return card
}

/** Counts every object with a `tag`, components and texts alike; data that the card only carries is left out. */
const counted = (card: Fields, at: At): void => {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: card, depth: 0 }]
  let tagged = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (depth > deepestJson) wrong(at, 'the card is nested too deep')
    if (isFields(value) && typeof value.tag === 'string') tagged += 1
    for (const [name, part] of Object.entries(value)) {
      if (name !== 'value' && name !== 'chart_spec') waiting.push({ value: part, depth: depth + 1 })
    }
  }
  if (tagged > mostTagged)
    throw new CardFault(subCode.count, `element exceeds the limit of ${mostTagged}`, at.path, String(tagged))
}

/** The words after 230099, as the platform strings them together. */
export const wordsOf = ({ code, message, value, path }: CardFault): string =>
  `Failed to create card content, ext=ErrCode: ${code}; ErrMsg: ${message}; ErrorValue: ${value}; ErrPath: ${path};`
