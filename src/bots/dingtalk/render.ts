import { type Action, type Card, type ChatField, isForChat, type Loss, type Toast } from '../../cards/card.ts'
import { clip, storable } from '../../lib/text.ts'
import { fitCard as cutToFit } from '../fit.ts'
import { canWithTemplate } from './can.ts'
import { lines, oneLine, paragraph, plainLine } from './markdown.ts'

/**
 * The public values of our template `templates/dingtalk/andon-card.json`, every one a text: the platform ignores a value whose type it did
 * not expect ("API 传参说明", `instructions-for-filling-in-api-card-data`, 2026-08). The private `toast` belongs to answers alone.
 */
export type CardValues = Readonly<Record<CardVariable, string>>
export type CardVariable =
  | 'title'
  | 'tone'
  | 'subtitle'
  | 'facts'
  | 'body'
  | 'pictures'
  | 'form'
  | 'form_status'
  | 'note'
  | 'summary'
  | 'page_url'
  | 'page_label'
  | 'buttons'

export type Rendered = { readonly values: CardValues; readonly lost: readonly Loss[] }

/** Longest parts in characters. All values together stay below the documented 100 KB. */
const longest = {
  title: 100,
  subtitle: 100,
  label: 40,
  value: 300,
  body: 3_000,
  note: 200,
  summary: 150,
  button: 20,
  option: 60,
  toast: 150,
} as const
const mostOptions = 100
const mostBytes = 100_000

/** The complete state of the card: updates overwrite, so nothing may be left out. */
export const render = (card: Card): Rendered => {
  const fitted = cutToFit(card, canWithTemplate)
  const values = valuesOf(fitted.card)
  const lost = [...fitted.lost, ...clippedParts(card), ...missing(fitted.card)]
  if (fitted.card.form.length > 0 && Buffer.byteLength(JSON.stringify(values)) > mostBytes) return withoutForm(card)
  return { values, lost }
}

/** A form too big for the platform leads to the page instead, and so do the buttons that mean nothing without it. */
const withoutForm = (card: Card): Rendered => {
  const standIn = card.page ? 'page' : 'none'
  const actions = card.actions.filter((action) => !action.needsForm)
  const rest = render({ ...card, form: [], actions })
  const gone: readonly Loss[] = [
    { part: 'form', standIn },
    ...(actions.length < card.actions.length ? [{ part: 'actions', standIn } as const] : []),
  ]
  return { ...rest, lost: [...rest.lost, ...gone] }
}

const valuesOf = (card: Card): CardValues => ({
  title: clip(oneLine(card.title), longest.title),
  tone: card.tone,
  subtitle: clip(oneLine(card.subtitle), longest.subtitle),
  facts: lines(card.facts.map(({ label, value }) => factLine(label, value))),
  body: paragraph(clip(card.body, longest.body)),
  pictures: JSON.stringify(card.pictures.flatMap(({ key }) => (key ? [storable(key)] : []))),
  form: JSON.stringify({ fields: card.form.filter(isForChat).map(fieldOf) }),
  form_status: card.form.length > 0 ? 'normal' : 'none',
  note: clip(oneLine(card.note), longest.note),
  summary: summaryOf(card),
  page_url: card.page ? safeUrl(card.page.url) : '',
  page_label: card.page ? clip(oneLine(card.page.label), longest.button) : '',
  buttons: JSON.stringify(card.actions.map(buttonOf)),
})

/** One line for notifications and chat lists. */
export const summaryOf = (card: Card): string => clip(oneLine(card.summary), longest.summary)

/** `**label**：value`; neither side can hold an asterisk, so the line can be read back. */
export const factLine = (label: string, value: string): string =>
  `**${plainLine(clip(label, longest.label))}**：${plainLine(clip(value, longest.value))}`

/** Only web addresses, and nothing that could end a markdown link early. */
export const safeUrl = (url: string): string => {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return ''
  return new URL(url).href.replace(
    /[()[\]<>"'\s]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** What the person sees of a toast: a private value, so that nobody else's copy shows it. */
export const toastText = (toast: Toast): string => clip(oneLine(toast.text), longest.toast)

const colors = { primary: 'blue', default: 'gray', danger: 'red' } as const

/** A button of a `buttonGroup` variable. The action id only tells the buttons of one card apart; the key is in the params. */
const buttonOf = (action: Action, index: number) => ({
  text: clip(oneLine(action.label), longest.button),
  color: colors[action.style],
  status: 'normal',
  event: { type: 'sendCardRequest', params: { actionId: `action_${index + 1}`, params: { key: action.key } } },
})

/** A field of a `form` variable. Page "表单变量" (`form-variables`), 2026-08. */
const fieldOf = (field: ChatField): Readonly<Record<string, unknown>> => {
  const common = { name: field.name, label: clip(oneLine(field.label), longest.label), required: field.required }
  if (field.kind === 'text') return { ...common, type: field.multiline ? 'TEXT_AREA' : 'TEXT' }
  const options = field.options.slice(0, mostOptions)
  const index = options.findIndex(({ value }) => value === field.initial)
  return {
    ...common,
    type: 'SELECT',
    options: options.map(({ value, label }) => ({ value, text: clip(oneLine(label), longest.option) })),
    ...(index < 0 ? {} : { defaultValue: { index, value: field.initial } }),
  }
}

/** What had to be cut in a card; the page, where there is one, has it whole. */
export const clippedParts = (card: Card): readonly Loss[] => {
  const standIn = card.page ? 'page' : 'clipped'
  const cut: [Loss['part'], boolean][] = [
    ['title', card.title.length > longest.title || card.subtitle.length > longest.subtitle],
    ['body', card.body.length > longest.body],
    ['note', card.note.length > longest.note],
    ['facts', card.facts.some(({ label, value }) => label.length > longest.label || value.length > longest.value)],
    ['form', card.form.some((field) => field.kind === 'choice' && field.options.length > mostOptions)],
  ]
  return cut.flatMap(([part, isCut]) => (isCut ? [{ part, standIn }] : []))
}

/** Data-driven buttons ask no question back; pictures that were never uploaded have nothing to show. */
const missing = (card: Card): readonly Loss[] => [
  ...(card.actions.some(({ confirm }) => confirm) ? [{ part: 'confirm', standIn: 'none' } as const] : []),
  ...(card.pictures.some(({ key }) => !key) ? [{ part: 'pictures', standIn: card.page ? 'page' : 'none' } as const] : []),
]
