import type { Action, Card, FormField, Loss, Tone } from '../../cards/card.ts'
import { clip, clipBytes, storable } from '../../lib/text.ts'
import { fitCard as cutDown } from '../fit.ts'
import type { Capabilities } from '../platform.ts'
import {
  type ButtonSelection,
  type CardButton,
  type HorizontalItem,
  nothingChosen,
  type SourceColour,
  type TemplateCard,
} from './wire.ts'

/**
 * Lengths of doc 90236 (updated 2025-09-24). Those in 字 are advice, and the client clips beyond them; those in bytes are
 * refused.
 */
const longest = {
  title: 36,
  subtitle: 44,
  body: 160,
  quote: 120,
  label: 5,
  value: 30,
  jump: 18,
  button: 10,
  question: 16,
  option: 16,
}
const most = { options: 10, keyBytes: 1024, optionBytes: 128, urlBytes: 2048 }

/** The few words that only this platform needs; everything else comes with the card. */
const say = { photos: '照片', photoCount: (n: number) => `${n} 张`, choose: '请选择', nothingToDo: '无需操作', blank: '—' }

/**
 * The small line above the title is the only place for the tone. Its colours have no amber, so a coloured sign says it as well.
 */
const sources: Readonly<Record<Tone, { desc: string; desc_color: SourceColour }>> = {
  neutral: { desc: '安灯', desc_color: 0 },
  info: { desc: '🔵 安灯', desc_color: 1 },
  warning: { desc: '🟠 安灯 · 注意', desc_color: 2 },
  danger: { desc: '🔴 安灯 · 紧急', desc_color: 2 },
  success: { desc: '🟢 安灯', desc_color: 3 },
}

/** 1 emphasised, 2 second emphasis, 3 neutral, 4 negative (picture of doc 90236). */
const styles: Readonly<Record<Action['style'], 1 | 2 | 4>> = { primary: 1, default: 2, danger: 4 }

/**
 * A card cut down to what the app can show. Without buttons and without a page it can only be text: `text_notice` must lead
 * somewhere.
 */
export type Prepared = { readonly card: Card; readonly choice: ButtonSelection | null; readonly lost: readonly Loss[] }

/** Where the card goes: a first message, a repaint through the API, or the answer to a press. */
export type Purpose =
  | { readonly kind: 'send'; readonly once: string }
  | { readonly kind: 'update' }
  | { readonly kind: 'answer'; readonly toast: string | null }

/** Takes out what WeCom refuses or cannot show: foreign addresses, unusable keys, text fields, long drop-downs, pictures. */
export const prepare = (card: Card, can: Pick<Capabilities, 'facts' | 'actions' | 'form' | 'pictures'>): Prepared => {
  const page = card.page && isAddress(card.page.url) ? card.page : null
  const actions = pressable(card.actions)
  const facts = card.pictures.length > 0 ? can.facts - 1 : can.facts
  const form = actions.length > 0 ? can.form : { ...can.form, choices: 0 }
  const fitted = cutDown({ ...card, page, actions, form: card.form.map(asked) }, { ...can, facts, form })
  const choice = fitted.card.actions.length > 0 ? selection(fitted.card.form[0]) : null
  const more: Loss[] = []
  if (actions.length < card.actions.length) more.push({ part: 'actions', standIn: page ? 'page' : 'none' })
  if (fitted.card.actions.some((action) => action.confirm)) more.push({ part: 'confirm', standIn: 'none' })
  return { card: fitted.card, choice, lost: [...fitted.lost, ...more, ...clipped(card, fitted.card)] }
}

/** A choice that no drop-down can hold counts as a question that cards cannot ask, like a text. */
const asked = (field: FormField): FormField => {
  if (selection(field) || field.kind === 'secret' || field.kind === 'position') return field
  const { name, label, required } = field
  return { kind: 'text', name, label, required, multiline: false, longest: 0 }
}

export const isCard = ({ card }: Prepared): boolean => card.actions.length > 0 || card.page !== null

/** Neutral card → `template_card`, inside every limit of doc 90236 whatever the card holds. */
export const templateCard = (prepared: Prepared, purpose: Purpose, pictures: number): TemplateCard => {
  const { card, choice } = prepared
  const { page } = card
  const subtitle = line(card.subtitle, longest.subtitle)
  const toast = purpose.kind === 'answer' ? line(purpose.toast ?? '', longest.quote) : ''
  const body = bodyOf(card)
  const facts = factList(card, pictures)
  const notice = isNotice(card, purpose)
  return {
    card_type: notice ? 'text_notice' : 'button_interaction',
    source: sources[card.tone],
    main_title: { title: titleOf(card), ...(subtitle && { desc: subtitle }) },
    ...(toast && { quote_area: { type: 0, quote_text: toast } as const }),
    ...(body && { sub_title_text: body }),
    ...(facts.length > 0 && { horizontal_content_list: facts }),
    ...(notice && page && { jump_list: [{ type: 1, title: label(page.label, longest.jump), url: page.url }] as const }),
    ...(page && { card_action: { type: 1, url: page.url } as const }),
    ...(choice && { button_selection: choice }),
    ...buttonsOf(card, purpose),
    ...(purpose.kind === 'send' && { task_id: purpose.once }),
  }
}

/**
 * A card without buttons is sent as a button card whose one button opens the page, because only button cards bring a response code and can be repainted
 * (doc 94888). The answer to a press knows no such button, so there it is a notice.
 */
const isNotice = ({ actions, page }: Card, { kind }: Purpose): boolean =>
  actions.length === 0 && page !== null && kind === 'answer'

export type PlainText = { readonly text: string; readonly lost: readonly Loss[] }

/** The whole card in words, for the case that no card can be made of it; at most `bytes` long. */
export const plainCard = (card: Card, bytes: number): PlainText => {
  const facts = card.facts.map((fact) => `${line(fact.label, 40)}：${line(fact.value, 400)}`)
  const lines = [titleOf(card), line(card.subtitle, 200), ...facts, tidy(card.body), line(card.note, 200)]
  return plainText(lines.filter((text) => text !== '').join('\n'), bytes)
}

/** Text as WeCom shows it literally: it would make a link of `<a href=…>`, and whoever reports a hazard could write one. */
export const plainText = (text: string, bytes: number): PlainText => {
  const literal = storable(text).replace(/<(?=[a-z/!])/gi, '＜')
  const shown = clipBytes(literal, bytes)
  return { text: shown, lost: shown === literal ? [] : [{ part: 'body', standIn: 'clipped' }] }
}

// ── Buttons and the drop-down ────────────────────────────────────────────────────────────────────────────────────────

const pressable = (actions: readonly Action[]): readonly Action[] => {
  const seen = new Set<string>()
  return actions.filter(({ key }) => {
    const usable = key === storable(key).trim() && within(key, most.keyBytes) && !seen.has(key)
    seen.add(key)
    return usable
  })
}

/** The XML of a passive reply has no address buttons, so there the page stays behind the card itself. */
const buttonsOf = (card: Card, { kind }: Purpose): Pick<TemplateCard, 'button_list' | 'replace_text'> => {
  const { page, actions } = card
  if (actions.length === 0 && page && kind === 'answer') return {}
  if (actions.length === 0 && page)
    return { button_list: [{ type: 1, text: label(page.label, longest.button), style: 3, url: page.url }] }
  if (actions.length === 0)
    return { button_list: [{ text: say.nothingToDo, style: 3, key: nothingChosen }], replace_text: say.nothingToDo }
  const buttons = actions.map(
    (action): CardButton => ({ text: label(action.label, longest.button), style: styles[action.style], key: action.key }),
  )
  if (!page || kind === 'answer') return { button_list: buttons }
  return { button_list: [...buttons, { type: 1, text: label(page.label, longest.button), style: 3, url: page.url }] }
}

/**
 * A drop-down of at most 10 lines. Without a usable initial value WeCom would silently choose the first, so "please choose"
 * stands there.
 */
const selection = (field: FormField | undefined): ButtonSelection | null => {
  if (field?.kind !== 'choice' || !within(field.name, most.keyBytes)) return null
  const ids = field.options.map((option) => option.value)
  const distinct = new Set(ids).size === ids.length && !ids.includes(nothingChosen)
  const usable = ids.length > 0 && distinct && ids.every((id) => id === storable(id).trim() && within(id, most.optionBytes))
  if (!usable) return null
  const initial = field.initial !== null && ids.includes(field.initial) ? field.initial : null
  const options = field.options.map((option) => ({ id: option.value, text: label(option.label, longest.option) }))
  const list = initial === null ? [{ id: nothingChosen, text: say.choose }, ...options] : options
  if (list.length > most.options) return null
  return {
    question_key: field.name,
    title: label(field.label, longest.question),
    option_list: list,
    selected_id: initial ?? nothingChosen,
  }
}

// ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const factList = (card: Card, pictures: number): readonly HorizontalItem[] => {
  const facts = card.facts.map((fact) => ({ keyname: label(fact.label, longest.label), value: label(fact.value, longest.value) }))
  if (pictures === 0) return facts
  const photos = { keyname: say.photos, value: say.photoCount(pictures) }
  return [...facts, card.page ? { type: 1, ...photos, url: card.page.url } : photos]
}

/** Body and foot line share one field; the foot line keeps its place because it says what happened last. */
const bodyOf = (card: Card): string => {
  const note = line(card.note, longest.subtitle)
  const room = note === '' ? longest.body : longest.body - note.length - 1
  return [clip(tidy(card.body), room), note].filter((text) => text !== '').join('\n')
}

const titleOf = (card: Card): string => line(card.title, longest.title) || label(card.summary, longest.title)

/** What was shortened, seen against the card as it was handed in. */
const clipped = (whole: Card, shown: Card): readonly Loss[] => {
  const note = line(whole.note, Number.MAX_SAFE_INTEGER)
  const room = note === '' ? longest.body : longest.body - Math.min(note.length, longest.subtitle) - 1
  const long: Readonly<Record<'title' | 'body' | 'facts' | 'actions' | 'note', boolean>> = {
    title: isLonger(whole.title, longest.title) || isLonger(whole.subtitle, longest.subtitle),
    body: tidy(whole.body).length > room,
    facts: shown.facts.some((fact) => isLonger(fact.label, longest.label) || isLonger(fact.value, longest.value)),
    actions: shown.actions.some((action) => isLonger(action.label, longest.button)),
    note: note.length > longest.subtitle,
  }
  const parts = ['title', 'body', 'facts', 'actions', 'note'] as const
  return parts.filter((part) => long[part]).map((part) => ({ part, standIn: 'clipped' }))
}

const tidy = (text: string): string => storable(text).trim()
const oneLine = (text: string): string => tidy(text).replace(/\s+/g, ' ')
const line = (text: string, limit: number): string => clip(oneLine(text), limit)
const label = (text: string, limit: number): string => line(text, limit) || say.blank
const isLonger = (text: string, limit: number): boolean => oneLine(text).length > limit

const within = (text: string, bytes: number): boolean => text !== '' && Buffer.byteLength(text) <= bytes

/** Only addresses that open in a browser; WeCom refuses one without a scheme (45034). */
const isAddress = (url: string): boolean => /^https?:\/\/\S+$/.test(url) && within(url, most.urlBytes) && URL.canParse(url)
