/** The parts of a card that can be pressed or filled in. Source: open.feishu.cn 表单容器, 按钮, 下拉选择-单选, 输入框 of card JSON 2.0 (read 2026-05). */
import { type Action, type Card, type ChatField, type FormField, isForChat } from '../../cards/card.ts'
import { type Ledger, line, type Part, plain } from './parts.ts'

/** The fields that the platform takes: names are unique on a card, values unique in a list, and neither can be cut without changing what is answered. */
export const soundFields = (form: Card['form']): Card['form'] =>
  form.filter((field, i) => fieldIsSound(field) && form.findIndex((other) => other.name === field.name) === i)

/** Names of the buttons inside a form; fields may not take them. */
const buttonName = /^press_\d+$/
const sendable = (text: string): boolean => text.length >= 1 && text.length <= 100 && text.isWellFormed()

const fieldIsSound = (field: FormField): boolean => {
  if (!isForChat(field) || !sendable(field.name) || buttonName.test(field.name)) return false
  if (field.kind === 'text') return true
  const values = new Set(field.options.map((option) => option.value))
  return values.size > 0 && values.size === field.options.length && field.options.every((option) => sendable(option.value))
}

/** Longer than any action key; anything else would not be read when it comes back. */
const pressable = /^[\x21-\x7e]{1,200}$/

/** A field that may still be empty when somebody presses: a list with a choice made cannot be emptied again. */
const mayWait = (field: ChatField): boolean => field.required && (field.kind === 'text' || field.initial === null)

/**
 * Fields and buttons. A button inside a form is a submit button: it brings the values and waits for the required ones. One that means
 * something without them stands outside, unless nothing makes it wait and it can take them along. A form without a submit button is refused
 * by the platform, so there is always one inside.
 */
export const actionParts = (card: Card, longest: number, ledger: Ledger): readonly Part[] => {
  const actions = card.actions.filter((action) => pressable.test(action.key))
  if (actions.length < card.actions.length) ledger.lose('actions')
  const fields = card.form.filter(isForChat)
  if (fields.length > 0 && actions.length === 0) ledger.lose('form')
  if (fields.length === 0 || actions.length === 0) return actions.map((action) => press(action, longest))
  const blocked = fields.some(mayWait) && actions.some((action) => action.needsForm)
  const inside = actions.filter((action) => action.needsForm || !blocked)
  const outside = actions.filter((action) => !inside.includes(action))
  const submits = inside.map((action, i) => ({ ...press(action, longest), name: `press_${i}`, form_action_type: 'submit' }))
  const form = { tag: 'form', name: 'form', elements: [...fields.flatMap((field) => fieldParts(field, longest)), ...submits] }
  return [form, ...outside.map((action) => press(action, longest))]
}

export const button = (label: string, type: string, behaviors: readonly Part[]): Part => ({
  tag: 'button',
  type,
  width: 'fill',
  text: plain(label),
  behaviors,
})

const buttonTypes: Readonly<Record<Action['style'], string>> = {
  primary: 'primary_filled',
  default: 'default',
  danger: 'danger_filled',
}

/** The value is an object: the official SDKs handle nothing else. */
const press = (action: Action, longest: number): Part => ({
  ...button(line(action.label, longest), buttonTypes[action.style], [{ type: 'callback', value: { key: action.key } }]),
  ...(action.confirm && {
    confirm: { title: plain(line(action.confirm.title, 60)), text: plain(line(action.confirm.text, 2 * longest)) },
  }),
})

const fieldParts = (field: ChatField, longest: number): readonly Part[] => {
  const label = line(field.label, longest)
  const common = { name: field.name, required: field.required, width: 'fill', placeholder: plain(label) }
  if (field.kind === 'text') return [{ tag: 'input', ...common, ...typing(field), label: plain(label), label_position: 'top' }]
  const options = field.options.map((option) => ({ text: plain(line(option.label, longest)), value: option.value }))
  // A drop-down has no label of its own, and its placeholder goes once something is chosen.
  return [
    { tag: 'div', text: plain(label) },
    {
      tag: 'select_static',
      ...common,
      options,
      initial_index: 1 + field.options.findIndex((option) => option.value === field.initial),
    },
  ]
}

/** The platform takes answers of 1 to 1000 characters. */
const typing = (field: Extract<ChatField, { kind: 'text' }>): Part => ({
  input_type: field.multiline ? 'multiline_text' : 'text',
  ...(field.multiline && { rows: 3 }),
  max_length: Math.min(1000, Math.max(1, Math.trunc(field.longest) || 1000)),
})
