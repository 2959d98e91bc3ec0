import { fieldsOf, fieldsOrNull, parseJson, textOf } from './wire.ts'

/** One button of a `buttonGroup` variable. */
export type Button = {
  readonly text: string
  readonly disabled: boolean
  readonly event:
    | { readonly type: 'sendCardRequest'; readonly actionId: string; readonly params: Readonly<Record<string, unknown>> }
    | { readonly type: 'openLink'; readonly url: string }
}

/** One field of a `form` variable ("表单变量", read 2026-08). */
export type FormField = {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly hidden: boolean
  readonly readOnly: boolean
  readonly required: boolean
  readonly initial: unknown
  readonly options: readonly { readonly value: string; readonly text: string }[]
}

const choices = new Set(['SELECT', 'MULTI_SELECT', 'CHECKBOX_GROUP', 'MULTI_CHECKBOX_GROUP'])
const fieldTypes = new Set([
  ...choices,
  'TEXT',
  'TEXT_AREA',
  'TEXT_ARRAY',
  'NUMBER',
  'DATE',
  'TIME',
  'DATETIME',
  'CHECKBOX',
  'SWITCH',
])
const statuses = new Set(['normal', 'disabled'])

/** True for a field whose answer is one or several of its options. */
export const isChoice = (field: FormField): boolean => choices.has(field.type)
export const isMulti = (field: FormField): boolean => field.type.startsWith('MULTI_')

const eventIn = (value: unknown): Button['event'] | null => {
  const { type, params } = fieldsOf(value)
  const given = fieldsOf(params)
  if (type === 'sendCardRequest' && textOf(given.actionId) !== '') {
    return { type, actionId: textOf(given.actionId), params: fieldsOf(given.params) }
  }
  const url = textOf(given.url) || textOf(given.pc)
  return type === 'openLink' && url !== '' ? { type, url } : null
}

const buttonIn = (value: unknown): Button | null => {
  const { text, color, status, event } = fieldsOf(value)
  const happens = eventIn(event)
  const wellFormed = textOf(text) !== '' && textOf(color) !== '' && statuses.has(textOf(status))
  return wellFormed && happens ? { text: textOf(text), disabled: status === 'disabled', event: happens } : null
}

const allOf = <T>(values: unknown, read: (value: unknown) => T | null): readonly T[] | null => {
  if (!Array.isArray(values)) return null
  const items = values.map(read)
  const whole = items.filter((item) => item !== null)
  return whole.length === items.length ? whole : null
}

/** The buttons of a `buttonGroup` value; null when any of them is not well formed. The empty string means none. */
export const buttonsIn = (text: string): readonly Button[] | null => (text === '' ? [] : allOf(parseJson(text), buttonIn))

const optionIn = (value: unknown): FormField['options'][number] | null => {
  const { value: key, text } = fieldsOf(value)
  return typeof key === 'string' && textOf(text) !== '' ? { value: key, text: textOf(text) } : null
}

const fieldIn = (value: unknown): FormField | null => {
  const field = fieldsOf(value)
  const type = textOf(field.type)
  const options = allOf(field.options ?? [], optionIn)
  if (textOf(field.name) === '' || typeof field.label !== 'string' || !fieldTypes.has(type) || !options) return null
  if (choices.has(type) && options.length === 0) return null
  return {
    name: textOf(field.name),
    label: field.label,
    type,
    hidden: field.hidden === true,
    readOnly: field.readOnly === true,
    required: field.required === true,
    initial: field.defaultValue,
    options,
  }
}

/** The fields of a `form` value; null when it is not `{fields: […]}` with well-formed, distinctly named fields. The empty string means none. */
export const formIn = (text: string): readonly FormField[] | null => {
  if (text === '') return []
  const fields = allOf(fieldsOrNull(parseJson(text))?.fields, fieldIn)
  return fields && new Set(fields.map(({ name }) => name)).size === fields.length ? fields : null
}
