import type { App, Seen } from '../contract.ts'
import { type Button, buttonsIn, type FormField, formIn, isChoice } from './card-parts.ts'
import { initialOf } from './form.ts'
import { factsIn, linksIn, plainText } from './markdown.ts'
import { type Face, faceOf, type Message } from './phone.ts'
import type { Template, Values } from './template.ts'
import { listOf, parseJson, textOf } from './wire.ts'

export type DeliverResult = {
  readonly spaceType: string
  readonly spaceId: string
  readonly success: boolean
  readonly carrierId?: string
  readonly errorMsg: string | null
}

/** A button as one person was once shown it, with the form that stood beside it: a phone that has not caught up can still press it. */
export type Offer = { readonly button: Button; readonly fields: readonly FormField[] }

/** One card instance. Public data is everybody's; private data is read first by its owner, for variables marked private. */
export type Card = {
  readonly app: App
  readonly outTrackId: string
  readonly template: Template
  readonly callback: 'STREAM' | 'HTTP' | null
  readonly routeKey: string
  readonly userIdType: number
  publicData: Values
  readonly privateData: Map<string, Values>
  readonly deliveries: DeliverResult[]
  readonly messages: Message[]
  readonly offers: Map<string, Offer>
}

/** What the card's variables hold for one person. */
export const valuesFor = (card: Card, account: string): Values => {
  const own = Object.entries(card.privateData.get(account) ?? {}).filter(([name]) => card.template.variables.get(name)?.private)
  return { ...card.publicData, ...Object.fromEntries(own) }
}

/** Without `byKey` the platform overwrites: what is left out disappears ("更新卡片", read 2026-08). */
export const merged = (old: Values, fresh: Values, byKey: boolean): Values => (byKey ? { ...old, ...fresh } : fresh)

const tones: Readonly<Record<string, string>> = {
  grey: 'neutral',
  gray: 'neutral',
  blue: 'info',
  orange: 'warning',
  yellow: 'warning',
  red: 'danger',
  green: 'success',
}

const openFields = (values: Values): readonly FormField[] =>
  values.form_status === undefined || values.form_status === 'normal' ? (formIn(values.form ?? '') ?? []) : []

const seenField = (field: FormField): Seen['form'][number] => ({
  name: field.name,
  label: field.label,
  kind: isChoice(field) ? 'choice' : field.type.startsWith('TEXT') ? 'text' : field.type.toLowerCase(),
  options: field.options.map(({ value, text }) => [value, text] as const),
  initial: initialOf(field),
})

const offerKey = (account: string, label: string): string => `${account}\n${label}`

/** The offer under this label, whether the card still makes it or not. */
export const offerOf = (card: Card, account: string, label: string): Offer | null =>
  card.offers.get(offerKey(account, label)) ?? null

/** The card as one person sees it. Remembers which buttons that was. */
export const cardFace = (card: Card, account: string, picture: (id: string) => string | null): Face => {
  const values = valuesFor(card, account)
  const text = (name: string) => values[name] ?? ''
  const fields = openFields(values)
  const buttons = (buttonsIn(text('buttons')) ?? []).filter(({ disabled }) => !disabled)
  for (const button of buttons) card.offers.set(offerKey(account, button.text), { button, fields })
  const page = text('page_url')
  const opening = buttons.flatMap(({ text: label, event }) => (event.type === 'openLink' ? [[label, event.url] as const] : []))
  return faceOf({
    kind: 'card',
    title: text('title'),
    text: [text('subtitle'), plainText(text('body')), text('note')].filter((part) => part !== '').join('\n'),
    tone: tones[text('tone')] ?? (text('tone') || 'neutral'),
    facts: factsIn(text('facts')),
    images: listOf(parseJson(text('pictures'))).flatMap((entry) => picture(textOf(entry)) ?? []),
    actions: buttons.map(({ text: label }) => label),
    form: fields.filter(({ hidden }) => !hidden).map(seenField),
    links: [
      ...opening,
      ...(page ? [[text('page_label'), page] as const, ['', page] as const] : []),
      ...linksIn(text('body')),
      ...linksIn(text('facts')),
    ],
  })
}
