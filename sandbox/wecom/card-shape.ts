/**
 * Template cards as data. Field names and lists after the pages 发送应用消息 (document/path/90236, 2025-09-24), 更新模版卡片消息 (94888) and,
 * for the CamelCase names of passive replies, 被动回复消息格式 (90241) of developer.work.weixin.qq.com.
 */
import { z } from 'zod'
import type { Element } from './xml.ts'

export const cardTypes = ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction'] as const
export type CardType = (typeof cardTypes)[number]

const text = z.string().optional()
const int = z.int().optional()
const target = { type: int, url: text, appid: text, pagepath: text }
const option = z.object({ id: text, text, is_checked: z.boolean().optional() })
const selector = z.object({
  question_key: text,
  title: text,
  selected_id: text,
  disable: z.boolean().optional(),
  option_list: z.array(option).optional(),
})

/**
 * Only the types of the values are fixed here; which of them must be there is a matter of `card-rules.ts`.
 * Unknown names are ignored, as on the platform.
 */
export const cardShape = z.object({
  card_type: z.enum(cardTypes),
  source: z.object({ icon_url: text, desc: text, desc_color: int }).optional(),
  action_menu: z.object({ desc: text, action_list: z.array(z.object({ text, key: text })).optional() }).optional(),
  task_id: text,
  main_title: z.object({ title: text, desc: text }).optional(),
  quote_area: z.object({ ...target, title: text, quote_text: text }).optional(),
  emphasis_content: z.object({ title: text, desc: text }).optional(),
  sub_title_text: text,
  horizontal_content_list: z
    .array(z.object({ type: int, keyname: text, value: text, url: text, media_id: text, userid: text }))
    .optional(),
  jump_list: z.array(z.object({ ...target, title: text })).optional(),
  card_action: z.object(target).optional(),
  card_image: z.object({ url: text, aspect_ratio: z.number().optional() }).optional(),
  image_text_area: z.object({ ...target, title: text, desc: text, image_url: text }).optional(),
  vertical_content_list: z.array(z.object({ title: text, desc: text })).optional(),
  button_selection: selector.optional(),
  button_list: z.array(z.object({ text, type: int, style: int, key: text, url: text })).optional(),
  checkbox: z
    .object({ question_key: text, mode: int, disable: z.boolean().optional(), option_list: z.array(option).optional() })
    .optional(),
  select_list: z.array(selector).optional(),
  submit_button: z.object({ text, key: text }).optional(),
  replace_text: text,
})
export type TemplateCard = z.infer<typeof cardShape>
export type Selector = z.infer<typeof selector>
export type Option = z.infer<typeof option>

/** Reads a card from outside; a refusal is `{code, at}`. */
export const readCard = (value: unknown): TemplateCard | { readonly code: number; readonly at: string } => {
  const parsed = cardShape.safeParse(value)
  if (parsed.success) return parsed.data
  const at = parsed.error.issues[0]?.path.join('.') ?? ''
  return { code: at === 'card_type' ? 42031 : 40058, at: at || 'template_card' }
}

/** Recommended display lengths in characters (字), page 90236. */
export const longest = {
  source: 20,
  title: 36,
  desc: 44,
  emphasisTitle: 14,
  emphasisDesc: 22,
  subTitle: 160,
  keyname: 5,
  value: 30,
  jumpTitle: 18,
  verticalTitle: 38,
  verticalDesc: 160,
  option: 16,
  vote: 17,
  button: 10,
} as const

export const interactive: ReadonlySet<CardType> = new Set(['button_interaction', 'vote_interaction', 'multiple_interaction'])

/** Which elements may stand inside which (document/path/90241). Elements named `…List` are repeated siblings. */
const inside: Readonly<Record<string, string>> = {
  TemplateCard:
    'CardType Source ActionMenu TaskId MainTitle QuoteArea EmphasisContent SubTitleText HorizontalContentList JumpList ' +
    'CardAction CardImage ImageTextArea VerticalContentList ButtonSelection ButtonList CheckBox SelectList SubmitButton ReplaceText',
  Source: 'IconUrl Desc DescColor',
  ActionMenu: 'Desc ActionList',
  ActionList: 'Text Key',
  MainTitle: 'Title Desc',
  QuoteArea: 'Type Url Title QuoteText AppId PagePath',
  EmphasisContent: 'Title Desc',
  HorizontalContentList: 'KeyName Value Type Url MediaId UserId',
  JumpList: 'Type Title Url AppId PagePath',
  CardAction: 'Type Url AppId PagePath',
  CardImage: 'Url AspectRatio',
  ImageTextArea: 'Type Url Title Desc ImageUrl AppId PagePath',
  VerticalContentList: 'Title Desc',
  ButtonSelection: 'QuestionKey Title SelectedId Disable OptionList',
  ButtonList: 'Text Style Key Type Url',
  CheckBox: 'QuestionKey Mode Disable OptionList',
  SelectList: 'QuestionKey Title SelectedId Disable OptionList',
  OptionList: 'Id Text IsChecked',
  SubmitButton: 'Text Key',
}

const partsOf = (name: string): string | null => (Object.hasOwn(inside, name) ? (inside[name] ?? null) : null)

/** Names whose JSON form is not simply the snake case of the XML form. */
const jsonNames: Readonly<Record<string, string>> = {
  KeyName: 'keyname',
  UserId: 'userid',
  AppId: 'appid',
  PagePath: 'pagepath',
  CheckBox: 'checkbox',
}
const jsonName = (name: string) => jsonNames[name] ?? name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase()

const numbers = new Set(['Type', 'Style', 'Mode', 'DescColor', 'AspectRatio'])
const flags = new Set(['Disable', 'IsChecked'])
const flagWords = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])

const leaf = ({ name, text: value, children }: Element): unknown => {
  if (children.length > 0) return null
  if (numbers.has(name)) return /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value.trim()) : null
  return flags.has(name) ? (flagWords.get(value.trim()) ?? null) : value
}

/**
 * The JSON form of a `<TemplateCard>`. Null when an element has a wrong name or place or a value of a wrong kind,
 * or comes twice without being a list.
 */
export const cardFromXml = (element: Element): Readonly<Record<string, unknown>> | null => {
  const allowed = new Set(partsOf(element.name)?.split(' '))
  const json: Record<string, unknown> = {}
  if (element.text.trim() !== '') return null
  for (const child of element.children) {
    const value = partsOf(child.name) === null ? leaf(child) : cardFromXml(child)
    if (!allowed.has(child.name) || value === null) return null
    const name = jsonName(child.name)
    const before = json[name]
    if (child.name.endsWith('List')) json[name] = [...(Array.isArray(before) ? before : []), value]
    else if (before !== undefined) return null
    else json[name] = value
  }
  return json
}
