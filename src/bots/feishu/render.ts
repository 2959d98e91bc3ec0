/**
 * The neutral card as card JSON 2.0. Every word of ours or of people is `plain_text`: a card holds no markup, so nobody can write any into it.
 * Source: open.feishu.cn 卡片 JSON 2.0 结构 and the pages of its components (read 2026-05).
 */
import type { Card, Loss, Tone } from '../../cards/card.ts'
import { fitCard as fitTo, hasItsFields } from '../fit.ts'
import { can } from './capabilities.ts'
import { actionParts, button, soundFields } from './form.ts'
import { createLedger, inert, type Ledger, line, type Part, plain } from './parts.ts'

export type Rendered = { readonly content: Part; readonly lost: readonly Loss[] }

/** Bytes of a request that carries the card as text within JSON. The platform stops at 30 KB, counted over the request; the rest is for its other fields. */
export const longestCard = 28_000
/** Objects with a `tag`, texts included. */
export const mostTags = 200

/** How much of each part is kept. The first level that fits is used; the last one always does. */
type Level = {
  readonly value: number
  readonly body: number
  readonly label: number
  readonly pictures: number
  readonly form: boolean
}

const levels: readonly Level[] = [
  { value: 500, body: 4000, label: 100, pictures: 9, form: true },
  { value: 200, body: 1000, label: 60, pictures: 4, form: true },
  { value: 80, body: 300, label: 40, pictures: 1, form: true },
  { value: 60, body: 200, label: 30, pictures: 0, form: false },
]

/** The card within the platform's limits, and what that cost. Pictures without a `key` cannot be shown. */
export const renderCard = (card: Card): Rendered => {
  for (const level of levels) {
    const rendered = renderAt(card, level)
    if (encodedBytes(rendered.content) <= longestCard && countTags(rendered.content) <= mostTags) return rendered
  }
  throw new RangeError('the smallest rendering of a card is too large')
}

/** As the API takes it: JSON inside a JSON string. */
export const encodedBytes = (content: unknown): number => Buffer.byteLength(JSON.stringify(JSON.stringify(content)))

export const countTags = (part: unknown): number => {
  if (typeof part !== 'object' || part === null) return 0
  return Object.values(part).reduce<number>((sum, value) => sum + countTags(value), 'tag' in part ? 1 : 0)
}

const templates: Readonly<Record<Tone, string>> = {
  neutral: 'grey',
  info: 'blue',
  warning: 'orange',
  danger: 'red',
  success: 'green',
}

const renderAt = (whole: Card, level: Level): Rendered => {
  const fitted = fitTo(whole, can)
  const ledger = createLedger(fitted.card, fitted.lost)
  const card = withForm(fitted.card, level.form ? soundFields(fitted.card.form) : [], ledger)
  const elements = [
    ...bodyParts(card, level, ledger),
    ...factParts(card, level, ledger),
    ...pictureParts(card, level, ledger),
    ...actionParts(card, level.label, ledger),
    ...pageParts(card, level),
    ...noteParts(card, level, ledger),
  ]
  const config = {
    update_multi: true,
    width_mode: 'fill',
    summary: { content: line(card.summary, 100) || line(card.title, 100) || '—' },
  }
  const content = { schema: '2.0', config, header: header(card, level, ledger), body: { direction: 'vertical', elements } }
  return { content, lost: ledger.lost() }
}

/** The card with these fields only; without a required one, no button that needs the form may stay. */
const withForm = (card: Card, form: Card['form'], ledger: Ledger): Card => {
  if (form.length === card.form.length) return card
  ledger.lose('form')
  const actions = card.actions.filter((action) => hasItsFields(action, card.form, form))
  if (actions.length < card.actions.length) ledger.lose('actions')
  return { ...card, form, actions }
}

const header = (card: Card, level: Level, ledger: Ledger): Part => ({
  title: plain(ledger.cut('title', card.title, level.label)),
  ...(card.subtitle && { subtitle: plain(ledger.cut('title', card.subtitle, level.label)) }),
  template: templates[card.tone],
})

const bodyParts = (card: Card, level: Level, ledger: Ledger): readonly Part[] =>
  card.body ? [{ tag: 'div', text: plain(ledger.cut('body', card.body, level.body)) }] : []

/** A short fact takes half a line. The first line is the label. */
const factParts = (card: Card, level: Level, ledger: Ledger): readonly Part[] => {
  if (card.facts.length === 0) return []
  const fields = card.facts.map(({ label, value }) => {
    const text = `${line(label, 20)}\n${ledger.cut('facts', value, level.value)}`
    return { is_short: text.length <= 24, text: plain(text) }
  })
  return [{ tag: 'div', fields }]
}

const pictureParts = (card: Card, level: Level, ledger: Ledger): readonly Part[] => {
  const ready = card.pictures.flatMap(({ key, alt }) => (key && key.length <= 200 ? [{ key, alt }] : []))
  const shown = ready.slice(0, level.pictures)
  if (shown.length < card.pictures.length) ledger.lose('pictures')
  return shown.map(({ key, alt }) => ({ tag: 'img', img_key: inert(key), alt: plain(line(alt, level.label)) }))
}

const pageParts = (card: Card, level: Level): readonly Part[] => {
  const url = card.page && webAddress(card.page.url)
  if (!card.page || !url) return []
  return [button(line(card.page.label, level.label), 'default', [{ type: 'open_url', default_url: url }])]
}

/** Only web addresses: a client may give other schemes to other apps. */
const webAddress = (text: string): string | null => {
  const url = URL.parse(text)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') && url.href.length <= 2000 ? url.href : null
}

const noteParts = (card: Card, level: Level, ledger: Ledger): readonly Part[] =>
  card.note
    ? [{ tag: 'div', text: plain(ledger.cut('note', card.note, 2 * level.label), { text_size: 'notation', text_color: 'grey' }) }]
    : []
