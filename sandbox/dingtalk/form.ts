import { type FormField, isChoice, isMulti } from './card-parts.ts'
import { fieldsOf } from './wire.ts'

/** What a person's entries become in the callback, or why the client would not send them. */
export type Filled =
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly missing: string }
  | { readonly impossible: string }

const chosen = (field: FormField, entry: string): unknown => {
  const pick = (word: string) => field.options.findIndex(({ value, text }) => value === word || text === word)
  const indexes = (isMulti(field) ? entry.split(',') : [entry]).map((word) => pick(word.trim()))
  if (indexes.includes(-1)) return undefined
  const values = indexes.flatMap((index) => field.options[index]?.value ?? [])
  return isMulti(field) ? { index: indexes, value: values } : { index: indexes[0], value: values[0] }
}

const flags: Readonly<Record<string, boolean>> = { true: true, false: false }

/** One entry in the shape the form component submits; undefined when a person could not have entered it. */
const shaped = (field: FormField, entry: string): unknown => {
  if (isChoice(field)) return chosen(field, entry)
  switch (field.type) {
    case 'CHECKBOX':
    case 'SWITCH':
      return flags[entry]
    case 'NUMBER':
      return entry.trim() !== '' && Number.isFinite(Number(entry)) ? Number(entry) : undefined
    case 'TEXT_ARRAY':
      return entry.split('\n')
    default:
      return entry
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  fieldsOf(value).index === -1

/** Fills the form as a client would: defaults stand where nothing was entered, hidden fields ride along, read-only ones keep their value. */
export const fillForm = (fields: readonly FormField[], entries: Readonly<Record<string, string>>): Filled => {
  const unknown = Object.keys(entries).find((name) => !fields.some((field) => field.name === name && !field.hidden))
  if (unknown !== undefined) return { impossible: unknown }
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const entry = field.readOnly || field.hidden ? undefined : entries[field.name]
    const value = entry === undefined || entry === '' ? field.initial : shaped(field, entry)
    if (entry !== undefined && entry !== '' && value === undefined) return { impossible: field.name }
    if (field.required && !field.hidden && isEmpty(value)) return { missing: field.name }
    if (!isEmpty(value)) values[field.name] = value
  }
  return { values }
}

/** What a field shows before anybody touches it, as one string; null when it is empty. */
export const initialOf = (field: FormField): string | null => {
  const value = fieldsOf(field.initial).value ?? field.initial
  if (Array.isArray(value)) return value.length ? value.join(',') : null
  return value === undefined || value === null || value === '' ? null : String(value)
}
