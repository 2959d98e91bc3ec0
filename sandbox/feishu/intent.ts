/** What the client is about to send when somebody presses, or why it sends nothing (open.feishu.cn 卡片回传交互回调, May 2026). */
import type { Pressed } from '../contract.ts'
import { type Fields, isFields } from './card-checks.ts'
import { type Field, fieldOf, fieldValue, fillForm, pickers } from './card-fields.ts'
import { at, bodyOf, everyElement, wordAt } from './card-tree.ts'
import { labelOf, pressables, type Reader } from './card-view.ts'

export type Intent = { readonly kind: 'send'; readonly action: Fields } | { readonly kind: 'stay'; readonly status: string }

/** Who presses, and how the platform writes an optional field that nobody filled. */
type Presser = { readonly reader: Reader; readonly unfilled: 'missing' | 'empty' }

const timeZone = 'Asia/Shanghai'
const stay = (status: string): Intent => ({ kind: 'stay', status })

/** The official SDKs handle only objects as values; a string ends as 200671 on the client. */
const send = (action: Fields): Intent =>
  action.value === undefined || isFields(action.value) ? { kind: 'send', action } : stay('error 200671')

const callbackOf = (element: Fields): Fields | undefined =>
  (Array.isArray(element.behaviors) ? (element.behaviors as readonly unknown[]) : [])
    .filter(isFields)
    .find((behavior) => behavior.type === 'callback')

const carriedBy = (element: Fields): unknown => at(callbackOf(element), 'value') ?? element.value
const opensPage = (element: Fields): boolean =>
  !callbackOf(element) && Array.isArray(element.behaviors) && element.behaviors.length > 0
const zoneOf = (fields: readonly Field[]): Fields => (fields.some(({ tag }) => pickers.has(tag)) ? { timezone: timeZone } : {})

const fieldsOf = (elements: unknown, { reader }: Presser): readonly Field[] =>
  everyElement(elements)
    .map((element) => fieldOf(element, reader.names))
    .filter((field) => field !== null)

/** A submit carries the whole form; with a required field empty the client asks for it and sends nothing. */
const submit = (form: Fields, button: Fields, typed: Pressed['form'], presser: Presser): Intent => {
  const fields = fieldsOf(form.elements, presser)
  const filled = fillForm(fields, typed, presser.unfilled)
  if (filled.status !== 'filled') return stay(filled.status)
  const value = carriedBy(button)
  if (value === undefined) return stay('error 200340')
  return send({ value, tag: 'button', ...zoneOf(fields), name: wordAt(button, 'name'), form_value: filled.values })
}

const press = (card: Fields, element: Fields, typed: Pressed['form'], presser: Presser): Intent => {
  const form = bodyOf(card)
    .filter(isFields)
    .find((each) => each.tag === 'form' && everyElement(each.elements).includes(element))
  if (opensPage(element)) return stay('opened')
  if (form && element.form_action_type === 'reset') return stay('reset')
  if (form && element.form_action_type === 'submit') return submit(form, element, typed, presser)
  return callbackOf(element) ? send({ value: carriedBy(element), tag: wordAt(element, 'tag') }) : stay('nothing')
}

const memberOf = ({ kind }: Field, value: unknown): string => {
  if (kind === 'text') return 'input_value'
  if (kind === 'check') return 'checked'
  return Array.isArray(value) ? 'options' : 'option'
}

/** A field outside a form calls back as soon as something is chosen. */
const choose = (field: Field, typed: Pressed['form']): Intent => {
  const filled = fieldValue(field, typed[field.name] ?? typed[field.label] ?? '')
  if (!filled.ok) return stay('invalid')
  const carried = carriedBy(field.element)
  const value = carried === undefined ? {} : { value: carried }
  return send({ ...value, tag: field.tag, ...zoneOf([field]), [memberOf(field, filled.value)]: filled.value })
}

const overflow = (card: Fields, label: string): Intent | null => {
  for (const element of everyElement(bodyOf(card)).filter((each) => each.tag === 'overflow')) {
    const options = Array.isArray(element.options) ? (element.options as readonly unknown[]) : []
    const option = options.find((each) => wordAt(each, 'text', 'content') === label)
    if (option) return send({ value: carriedBy(element) ?? {}, tag: 'overflow', option: wordAt(option, 'value') })
  }
  return null
}

const intentOn = (card: Fields, { label, form }: Pressed, presser: Presser): Intent => {
  const element = pressables(bodyOf(card)).find((each) => labelOf(each, presser.reader) === label)
  if (element) return press(card, element, form, presser)
  const outside = bodyOf(card).filter((each) => wordAt(each, 'tag') !== 'form')
  const field = fieldsOf(outside, presser).find((each) => each.label === label || each.name === label)
  return field ? choose(field, form) : (overflow(card, label) ?? stay('not-there'))
}

/** What stands on the card now; else what stood on it before, for a phone that shows it still. `looks` has the latest first. */
export const intentOf = (looks: readonly Fields[], pressed: Pressed, presser: Presser): Intent =>
  looks
    .map((card) => intentOn(card, pressed, presser))
    .find((intent) => intent.kind === 'send' || intent.status !== 'not-there') ?? stay('not-there')
