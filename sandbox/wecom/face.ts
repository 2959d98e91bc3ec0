/** What a member's client shows of a message: the part of the double that stands for the screen. */
import { longest, type Option, type Selector, type TemplateCard } from './card-shape.ts'

export type Button = {
  readonly label: string
  readonly key: string
  readonly event: 'template_card_event' | 'template_card_menu_event'
}

/** One question of a card. A `frozen` one cannot be changed but is submitted. `choices` takes several ids, joined with commas. */
export type Question = {
  readonly name: string
  readonly label: string
  readonly kind: 'choice' | 'choices'
  readonly options: readonly (readonly [string, string])[]
  readonly initial: string | null
  readonly frozen: boolean
}

export type Face = {
  readonly kind: 'text' | 'card'
  readonly title: string
  readonly text: string
  readonly tone: string
  readonly facts: readonly (readonly [string, string])[]
  readonly images: readonly string[]
  readonly buttons: readonly Button[]
  readonly questions: readonly Question[]
  /** Label → address of everything that opens a page; the empty label is the card itself. */
  readonly links: readonly (readonly [string, string])[]
}

export const blankFace: Face = {
  kind: 'text',
  title: '',
  text: '',
  tone: 'neutral',
  facts: [],
  images: [],
  buttons: [],
  questions: [],
  links: [],
}

/** The client cuts what is longer than recommended and ends it with an ellipsis. */
export const clipped = (text: string | undefined, most: number): string => {
  const characters = [...(text ?? '')]
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : characters.join('')
}

/** `desc_color` of the source line: 0 grey, 1 black, 2 red, 3 green. */
const colours = ['neutral', 'info', 'danger', 'success'] as const
const toneWords: readonly (readonly [RegExp, string])[] = [
  [/🔴|🟥/u, 'danger'],
  [/🟠|🟡|🟧|🟨/u, 'warning'],
  [/🔵|🟦/u, 'info'],
  [/🟢|🟩/u, 'success'],
  [/(?:^|[\s·|【[(（])红[色牌]?(?:$|[\s·|】\])）])/u, 'danger'],
  [/(?:^|[\s·|【[(（])[橙黄][色牌]?(?:$|[\s·|】\])）])/u, 'warning'],
  [/(?:^|[\s·|【[(（])蓝[色牌]?(?:$|[\s·|】\])）])/u, 'info'],
  [/(?:^|[\s·|【[(（])绿[色牌]?(?:$|[\s·|】\])）])/u, 'success'],
]

/** A card has no coloured header: a colour word or sign in the source line says it, else the colour of that line. */
const toneOf = ({ source }: TemplateCard): string =>
  toneWords.find(([word]) => word.test(source?.desc ?? ''))?.[1] ?? colours[source?.desc_color ?? 0] ?? 'neutral'

const pairs = (list: readonly Option[] | undefined, most: number) =>
  (list ?? []).map(({ id, text }): readonly [string, string] => [id ?? '', clipped(text, most)])

/** A drop-down always has something chosen: the named option, or else the first (page 90236). */
const selectorQuestion = ({ question_key, title, selected_id, option_list, disable }: Selector): Question => {
  const options = pairs(option_list, longest.option)
  const chosen = options.find(([id]) => id === selected_id) ?? options[0]
  return {
    name: question_key ?? '',
    label: title ?? '',
    kind: 'choice',
    options,
    initial: chosen?.[0] ?? null,
    frozen: disable === true,
  }
}

const voteQuestion = (vote: NonNullable<TemplateCard['checkbox']>): Question => {
  const many = vote.mode === 1
  const checked = (vote.option_list ?? []).filter((option) => option.is_checked).map(({ id }) => id ?? '')
  return {
    name: vote.question_key ?? '',
    label: '',
    kind: many ? 'choices' : 'choice',
    options: pairs(vote.option_list, longest.vote),
    initial: checked.length === 0 ? null : many ? checked.join(',') : (checked[0] ?? null),
    frozen: vote.disable === true,
  }
}

const questionsOf = (card: TemplateCard): readonly Question[] => {
  if (card.card_type === 'button_interaction') return card.button_selection ? [selectorQuestion(card.button_selection)] : []
  if (card.card_type === 'vote_interaction') return card.checkbox ? [voteQuestion(card.checkbox)] : []
  return card.card_type === 'multiple_interaction' ? (card.select_list ?? []).map(selectorQuestion) : []
}

const pressable = (card: TemplateCard): readonly Button[] => {
  const event = 'template_card_event'
  if (card.card_type === 'button_interaction')
    return (card.button_list ?? [])
      .filter(({ type }) => type !== 1)
      .map(({ text, key }) => ({ label: clipped(text, longest.button), key: key ?? '', event }))
  const submits = card.card_type === 'vote_interaction' || card.card_type === 'multiple_interaction'
  const { text, key } = card.submit_button ?? {}
  return submits ? [{ label: clipped(text ?? '提交', longest.button), key: key ?? '', event }] : []
}

/** The three dots at the top right; vote and multiple cards have none. */
const menuOf = (card: TemplateCard): readonly Button[] =>
  card.card_type === 'vote_interaction' || card.card_type === 'multiple_interaction'
    ? []
    : (card.action_menu?.action_list ?? []).map(({ text, key }) => ({
        label: text ?? '',
        key: key ?? '',
        event: 'template_card_menu_event',
      }))

const plainTypes = new Set(['text_notice', 'news_notice', 'button_interaction'])

const factsOf = (card: TemplateCard, nameOf: (userid: string) => string | null) =>
  (plainTypes.has(card.card_type) ? (card.horizontal_content_list ?? []) : []).map((item): readonly [string, string] => [
    clipped(item.keyname, longest.keyname),
    item.type === 3 && !item.value ? (nameOf(item.userid ?? '') ?? '') : clipped(item.value, longest.value),
  ])

/** What a frozen selector says can be read but not changed. */
const settled = (card: TemplateCard, grey: string | null): readonly (readonly [string, string])[] =>
  questionsOf(card)
    .filter(({ frozen }) => frozen || grey !== null)
    .map(({ label, options, initial }) => {
      const chosen = new Set((initial ?? '').split(','))
      const names = options.filter(([id]) => id === initial || chosen.has(id)).map(([, name]) => name)
      return [label, names.join('、')] as const
    })

const linesOf = (card: TemplateCard, grey: string | null): readonly string[] => {
  const isNews = card.card_type === 'news_notice'
  const isPlain = plainTypes.has(card.card_type)
  const emphasis = card.card_type === 'text_notice' ? card.emphasis_content : undefined
  return [
    clipped(card.source?.desc, longest.source),
    clipped(card.main_title?.desc, longest.desc),
    [clipped(emphasis?.title, longest.emphasisTitle), clipped(emphasis?.desc, longest.emphasisDesc)].filter(Boolean).join(' '),
    isPlain && !isNews ? clipped(card.sub_title_text, longest.subTitle) : '',
    ...(isPlain ? [card.quote_area?.title ?? '', card.quote_area?.quote_text ?? ''] : []),
    ...(isNews ? [card.image_text_area?.title ?? '', card.image_text_area?.desc ?? ''] : []),
    ...(isNews ? (card.vertical_content_list ?? []) : []).map(({ title, desc }) =>
      [clipped(title, longest.verticalTitle), clipped(desc, longest.verticalDesc)].filter(Boolean).join('：'),
    ),
    grey ?? '',
  ].filter(Boolean)
}

type Target = { readonly type?: number | undefined; readonly url?: string | undefined }
const opening = (label: string | undefined, target: Target | undefined): readonly (readonly [string, string])[] =>
  target?.type === 1 && target.url ? [[label ?? '', target.url]] : []

const linksOf = (card: TemplateCard, grey: string | null) => {
  const jumps = card.card_type === 'text_notice' || card.card_type === 'news_notice' ? (card.jump_list ?? []) : []
  const isPlain = plainTypes.has(card.card_type)
  const title = clipped(card.main_title?.title, longest.title)
  return [
    ...(card.card_type === 'button_interaction' && grey === null ? (card.button_list ?? []) : []).flatMap((button) =>
      opening(clipped(button.text, longest.button), button),
    ),
    ...jumps.flatMap((jump) => opening(clipped(jump.title, longest.jumpTitle), jump)),
    ...(isPlain ? (card.horizontal_content_list ?? []) : []).flatMap((item) => [
      ...opening(clipped(item.value, longest.value), item),
      ...opening(clipped(item.keyname, longest.keyname), item),
    ]),
    ...(isPlain ? [...opening(card.quote_area?.title, card.quote_area), ...opening(title, card.card_action)] : []),
    ...(card.card_type === 'news_notice' ? opening(card.image_text_area?.title, card.image_text_area) : []),
    ...(isPlain ? opening('', card.card_action) : []),
  ]
}

const imagesOf = (card: TemplateCard): readonly string[] =>
  card.card_type === 'news_notice' ? [card.card_image?.url ?? '', card.image_text_area?.image_url ?? ''].filter(Boolean) : []

/** Draws a template card. `grey` is the label that took the place of its buttons, or null while they can be pressed. */
export const cardFace = (card: TemplateCard, grey: string | null, nameOf: (userid: string) => string | null): Face => ({
  kind: 'card',
  title: clipped(card.main_title?.title, longest.title),
  text: linesOf(card, grey).join('\n'),
  tone: toneOf(card),
  facts: [...factsOf(card, nameOf), ...settled(card, grey)],
  images: imagesOf(card),
  buttons: grey === null ? [...pressable(card), ...menuOf(card)] : [],
  questions: grey === null ? questionsOf(card) : [],
  links: linksOf(card, grey),
})
