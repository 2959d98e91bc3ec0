/**
 * What the platform refuses in a template card, with its codes.
 * Tables of the page 发送应用消息 (document/path/90236, 2025-09-24), codes of 全局错误码 (90313).
 * Where the pages name no code for a flaw, the one of the same field stands in (documents only, not seen on the platform).
 */
import { type CardType, interactive, longest, type Option, type Selector, type TemplateCard } from './card-shape.ts'

export type Flaw = { readonly code: number; readonly at: string }

/** What a card is judged against besides itself. */
export type Judge = {
  /** A replacement ignores `task_id`. */
  readonly phase: 'send' | 'update'
  /** Recommended lengths are clipped by the client, or refused: the documents leave it open (`wecom.longTitles`). */
  readonly longTitles: string
  readonly hasMedia: (id: string) => boolean
  readonly hasMember: (userid: string) => boolean
}

type Rule = (card: TemplateCard, judge: Judge) => Flaw | null
type Link = { readonly type?: number | undefined; readonly url?: string | undefined; readonly appid?: string | undefined }

const longestKey = 1024
const longestId = 128
const longestUrl = 2048

const when = (bad: boolean, code: number, at: string): Flaw | null => (bad ? { code, at } : null)
const first = (...flaws: readonly (Flaw | null)[]): Flaw | null => flaws.find((flaw) => flaw !== null) ?? null
const each = <T>(list: readonly T[] | undefined, judge: (item: T, at: number) => Flaw | null): Flaw | null =>
  first(...(list ?? []).map(judge))
const fits = (value: string | undefined, bytes: number) =>
  value !== undefined && value !== '' && Buffer.byteLength(value) <= bytes
const isUrl = (value: string | undefined) =>
  fits(value, longestUrl) && /^https?:\/\/\S+$/i.test(value ?? '') && URL.canParse(value ?? '')
const repeats = (values: readonly (string | undefined)[]) => new Set(values).size !== values.length
const counts = (list: readonly unknown[] | undefined, least: number, most: number) =>
  (list?.length ?? 0) >= least && (list?.length ?? 0) <= most
const oneOf = (value: number | undefined, allowed: readonly number[]) => allowed.includes(value ?? 0)

const link = (value: Link, at: string): Flaw | null =>
  first(
    when(!oneOf(value.type, [0, 1, 2]), 40058, `${at}.type`),
    when(value.type === 1 && !isUrl(value.url), 42028, `${at}.url`),
    when(value.type === 2 && !value.appid, 42030, `${at}.appid`),
  )

const task: Rule = (card, { phase }) => {
  const needed = interactive.has(card.card_type) || card.action_menu !== undefined
  if (phase === 'update' || (!needed && card.task_id === undefined)) return null
  return when(!/^[0-9A-Za-z_\-@]{1,128}$/.test(card.task_id ?? ''), 42014, 'task_id')
}

const source: Rule = ({ source }) => when(!oneOf(source?.desc_color, [0, 1, 2, 3]), 40058, 'source.desc_color')
const title: Rule = ({ main_title }) => when(!main_title?.title, 42033, 'main_title.title')
const anyTitle: Rule = ({ main_title, sub_title_text }) => when(!main_title?.title && !sub_title_text, 42033, 'main_title.title')

const menu: Rule = ({ action_menu }) => {
  if (!action_menu) return null
  const list = action_menu.action_list
  return first(
    when(!counts(list, 1, 3), 42051, 'action_menu.action_list'),
    each(list, ({ key, text }) => when(!fits(key, longestKey) || !text, 42051, 'action_menu.action_list')),
    when(repeats((list ?? []).map(({ key }) => key)), 42051, 'action_menu.action_list.key'),
  )
}

const quote: Rule = ({ quote_area }) => (quote_area ? link(quote_area, 'quote_area') : null)

const horizontals: Rule = ({ horizontal_content_list: list }, { hasMedia, hasMember }) =>
  first(
    when(!counts(list, 0, 6), 42035, 'horizontal_content_list'),
    each(list, ({ type, keyname, url, media_id, userid }, index) => {
      const at = `horizontal_content_list[${index}]`
      return first(
        when(!keyname, 42027, `${at}.keyname`),
        when(!oneOf(type, [0, 1, 2, 3]), 40058, `${at}.type`),
        when(type === 1 && !isUrl(url), 42028, `${at}.url`),
        when(type === 2 && !(media_id && hasMedia(media_id)), 42029, `${at}.media_id`),
        when(type === 3 && !(userid && hasMember(userid)), 42050, `${at}.userid`),
      )
    }),
  )

const jumps: Rule = ({ jump_list }) =>
  first(
    when(!counts(jump_list, 0, 3), 42042, 'jump_list'),
    each(jump_list, (jump, index) =>
      first(when(!jump.title, 42033, `jump_list[${index}].title`), link(jump, `jump_list[${index}]`)),
    ),
  )

const wholeCard =
  (allowed: readonly number[]): Rule =>
  ({ card_action }) => {
    if (!card_action && allowed.includes(0)) return null
    return when(!oneOf(card_action?.type, allowed) || link(card_action ?? {}, 'card_action') !== null, 42045, 'card_action')
  }

const picture: Rule = ({ card_image, image_text_area }) => {
  const ratio = card_image?.aspect_ratio
  return first(
    when(!card_image && !image_text_area, 42044, 'card_image'),
    when(card_image !== undefined && !isUrl(card_image.url), 42044, 'card_image.url'),
    when(ratio !== undefined && !(ratio >= 1.3 && ratio <= 2.25), 40058, 'card_image.aspect_ratio'),
    image_text_area ? link(image_text_area, 'image_text_area') : null,
    when(image_text_area !== undefined && !isUrl(image_text_area.image_url), 42044, 'image_text_area.image_url'),
  )
}

const verticals: Rule = ({ vertical_content_list: list }) =>
  first(
    when(!counts(list, 0, 4), 42036, 'vertical_content_list'),
    each(list, (item, index) => when(!item.title, 42033, `vertical_content_list[${index}].title`)),
  )

const options = (list: readonly Option[] | undefined, most: number, at: string): Flaw | null =>
  first(
    when(!counts(list, 1, most), 42037, `${at}.option_list`),
    each(list, ({ id }) => when(!fits(id, longestId), 42040, `${at}.option_list.id`)),
    each(list, ({ text }) => when(!text, 42041, `${at}.option_list.text`)),
    when(repeats((list ?? []).map(({ id }) => id)), 42040, `${at}.option_list.id`),
  )

const choice = (value: Selector, at: string): Flaw | null =>
  first(when(!fits(value.question_key, longestKey), 42043, `${at}.question_key`), options(value.option_list, 10, at))

const dropDown: Rule = ({ button_selection }) => (button_selection ? choice(button_selection, 'button_selection') : null)

const buttons: Rule = ({ button_list: list }) => {
  const keys = (list ?? []).filter(({ type }) => type !== 1).map(({ key }) => key)
  return first(
    when(!counts(list, 1, 6), 42038, 'button_list'),
    each(list, ({ text, type, key, url, style }, index) => {
      const at = `button_list[${index}]`
      return first(
        when(!text, 42038, `${at}.text`),
        when(!oneOf(type, [0, 1]), 40058, `${at}.type`),
        when(type !== 1 && !fits(key, longestKey), 42039, `${at}.key`),
        when(type === 1 && !isUrl(url), 42028, `${at}.url`),
        when(!oneOf(style ?? 1, [1, 2, 3, 4]), 40058, `${at}.style`),
      )
    }),
    when(repeats(keys), 42039, 'button_list.key'),
  )
}

const vote: Rule = ({ checkbox }) =>
  first(
    when(!fits(checkbox?.question_key, longestKey), 42043, 'checkbox.question_key'),
    options(checkbox?.option_list, 20, 'checkbox'),
    when(!oneOf(checkbox?.mode, [0, 1]), 40058, 'checkbox.mode'),
  )

const selects: Rule = ({ select_list: list }) =>
  first(
    when(!counts(list, 1, 3), 42047, 'select_list'),
    each(list, (item, index) => choice(item, `select_list[${index}]`)),
    when(repeats((list ?? []).map(({ question_key }) => question_key)), 42043, 'select_list.question_key'),
  )

const submit: Rule = ({ submit_button }) =>
  first(
    when(!fits(submit_button?.key, longestKey), 42046, 'submit_button.key'),
    when(submit_button?.text === '', 42049, 'submit_button.text'),
  )

const rules: Readonly<Record<CardType, readonly Rule[]>> = {
  text_notice: [task, source, anyTitle, menu, quote, horizontals, jumps, wholeCard([1, 2])],
  news_notice: [task, source, title, menu, quote, picture, verticals, horizontals, jumps, wholeCard([1, 2])],
  button_interaction: [task, source, title, menu, quote, horizontals, dropDown, buttons, wholeCard([0, 1, 2])],
  vote_interaction: [task, source, title, vote, submit],
  multiple_interaction: [task, source, title, selects, submit],
}

type Length = readonly [value: string | undefined, most: number, at: string]

const lengths = (card: TemplateCard): readonly Length[] => [
  [card.source?.desc, longest.source, 'source.desc'],
  [card.main_title?.title, longest.title, 'main_title.title'],
  [card.main_title?.desc, longest.desc, 'main_title.desc'],
  [card.emphasis_content?.title, longest.emphasisTitle, 'emphasis_content.title'],
  [card.emphasis_content?.desc, longest.emphasisDesc, 'emphasis_content.desc'],
  [card.sub_title_text, longest.subTitle, 'sub_title_text'],
  ...(card.horizontal_content_list ?? []).flatMap(({ keyname, value }): Length[] => [
    [keyname, longest.keyname, 'horizontal_content_list.keyname'],
    [value, longest.value, 'horizontal_content_list.value'],
  ]),
  ...(card.jump_list ?? []).map((jump): Length => [jump.title, longest.jumpTitle, 'jump_list.title']),
  ...(card.vertical_content_list ?? []).flatMap((item): Length[] => [
    [item.title, longest.verticalTitle, 'vertical_content_list.title'],
    [item.desc, longest.verticalDesc, 'vertical_content_list.desc'],
  ]),
  ...[card.button_selection, ...(card.select_list ?? [])].flatMap((selector) =>
    (selector?.option_list ?? []).map((option): Length => [option.text, longest.option, 'option_list.text']),
  ),
  ...(card.checkbox?.option_list ?? []).map((option): Length => [option.text, longest.vote, 'checkbox.option_list.text']),
  ...(card.button_list ?? []).map((button): Length => [button.text, longest.button, 'button_list.text']),
  [card.submit_button?.text, longest.button, 'submit_button.text'],
]

const tooLong: Rule = (card, { longTitles }) =>
  longTitles === 'reject' ? each(lengths(card), ([value, most, at]) => when([...(value ?? '')].length > most, 40058, at)) : null

/** The first thing the platform would refuse in this card, or null when it takes it. */
export const flawOf = (card: TemplateCard, judge: Judge): Flaw | null =>
  first(...[...rules[card.card_type], tooLong].map((rule) => rule(card, judge)))
