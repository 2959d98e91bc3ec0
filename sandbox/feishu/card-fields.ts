/** The fields a person can fill on a card, and what the client makes of what they typed. */

import type { Seen } from '../contract.ts'
import { type Fields, isFields } from './card-checks.ts'
import { at, bodyOf, everyElement, wordAt } from './card-tree.ts'

type Kind = 'text' | 'choice' | 'choices' | 'person' | 'people' | 'date' | 'time' | 'datetime' | 'check' | 'picture'

const kinds: Readonly<Record<string, Kind>> = {
  input: 'text',
  select_static: 'choice',
  multi_select_static: 'choices',
  select_person: 'person',
  multi_select_person: 'people',
  date_picker: 'date',
  picker_time: 'time',
  picker_datetime: 'datetime',
  checker: 'check',
  select_img: 'picture',
}

export type Option = readonly [value: string, label: string]
export type Field = {
  readonly name: string
  readonly label: string
  readonly kind: Kind
  readonly tag: string
  readonly options: readonly Option[]
  readonly initial: string | null
  readonly required: boolean
  readonly longest: number
  readonly element: Fields
}

export const pickers: ReadonlySet<string> = new Set(['date_picker', 'picker_time', 'picker_datetime'])

const optionsOf = (element: Fields, names: (id: string) => string): readonly Option[] =>
  (Array.isArray(element.options) ? (element.options as readonly unknown[]) : []).filter(isFields).map((option) => {
    const value = wordAt(option, 'value')
    return [value, wordAt(option, 'text', 'content') || names(value)]
  })

/** What stands in the field before anybody touches it. `initial_option` is read as a value, then as a text. */
const initialOf = (element: Fields, options: readonly Option[]): string | null => {
  const index = element.initial_index
  if (typeof index === 'number' && index >= 1) return options[index - 1]?.[0] ?? null
  const set = wordAt(element, 'initial_option')
  if (set) return (options.find(([value]) => value === set) ?? options.find(([, label]) => label === set))?.[0] ?? null
  if (Array.isArray(element.selected_values)) return JSON.stringify(element.selected_values)
  if (element.tag === 'checker') return element.checked === true ? 'true' : 'false'
  return (
    ['default_value', 'initial_date', 'initial_time', 'initial_datetime'].map((name) => wordAt(element, name)).find(Boolean) ??
    null
  )
}

export const fieldOf = (element: Fields, names: (id: string) => string): Field | null => {
  const tag = wordAt(element, 'tag')
  const kind = Object.hasOwn(kinds, tag) ? kinds[tag] : undefined
  if (!kind || element.disabled === true) return null
  const options = optionsOf(element, names)
  const name = wordAt(element, 'name')
  const words = [
    wordAt(element, 'label', 'content'),
    wordAt(element, 'text', 'content'),
    wordAt(element, 'placeholder', 'content'),
    name,
  ]
  const longest = element.max_length
  return {
    name,
    label: words.find(Boolean) ?? '',
    kind,
    tag,
    options,
    initial: initialOf(element, options),
    required: element.required === true,
    longest: typeof longest === 'number' ? longest : 1000,
    element,
  }
}

/** Every field of the card, in forms and outside, as the control API names them. */
export const seenForm = (card: Fields, names: (id: string) => string): Seen['form'] =>
  everyElement(bodyOf(card))
    .map((element) => fieldOf(element, names))
    .filter((field) => field !== null)
    .map(({ name, label, kind, options, initial }) => ({ name: name || label, label, kind, options, initial }))

type Filled = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: 'invalid' }
const filled = (value: unknown): Filled => ({ ok: true, value })
const invalid: Filled = { ok: false, because: 'invalid' }

const many = (typed: string): readonly string[] => {
  if (!typed.startsWith('[')) return typed.split(',').map((part) => part.trim())
  try {
    const parsed: unknown = JSON.parse(typed)
    return Array.isArray(parsed) ? parsed.map(String) : []
  } catch {
    return []
  }
}

const matching = (pattern: RegExp) => (typed: string) => (pattern.test(typed) ? filled(`${typed} +0800`) : invalid)
const chosen = ({ options }: Field, typed: string): string | null =>
  (options.find(([value]) => value === typed) ?? options.find(([, label]) => label === typed))?.[0] ??
  (options.length === 0 ? typed : null)

const oneChosen = (typed: string, field: Field): Filled => {
  const value = chosen(field, typed)
  return value === null ? invalid : filled(value)
}
const manyChosen = (typed: string, field: Field): Filled => {
  const values = many(typed).map((part) => chosen(field, part))
  return values.length > 0 && values.every((value) => value !== null) ? filled(values) : invalid
}

const fill: Readonly<Record<Kind, (typed: string, field: Field) => Filled>> = {
  text: (typed, { longest }) => ([...typed].length <= longest ? filled(typed) : invalid),
  choice: oneChosen,
  person: oneChosen,
  picture: (typed, field) => (at(field.element, 'multi_select') === true ? manyChosen(typed, field) : oneChosen(typed, field)),
  choices: manyChosen,
  people: manyChosen,
  date: matching(/^\d{4}-\d{2}-\d{2}$/),
  time: matching(/^\d{2}:\d{2}$/),
  datetime: matching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/),
  check: (typed) => filled(typed === 'true'),
}

export type FormOutcome =
  | { readonly status: 'filled'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly status: 'required' | 'invalid' }

const empty: Readonly<Record<Kind, unknown>> = {
  text: '',
  choice: '',
  person: '',
  picture: '',
  choices: [],
  people: [],
  date: '',
  time: '',
  datetime: '',
  check: false,
}

/** One field's value as the callback carries it; null when what was typed cannot stand in it. */
export const fieldValue = (field: Field, typed: string): Filled => fill[field.kind](typed, field)

/** `form_value` of a submit. `required` when the client would ask for more and send nothing. */
export const fillForm = (
  fields: readonly Field[],
  typed: Readonly<Record<string, string>>,
  unfilled: 'missing' | 'empty',
): FormOutcome => {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const text = (Object.hasOwn(typed, field.name) ? typed[field.name] : undefined) ?? field.initial ?? ''
    if (text === '' && field.required) return { status: 'required' }
    if (text === '') {
      if (unfilled === 'empty') values[field.name] = empty[field.kind]
      continue
    }
    const filledIn = fieldValue(field, text)
    if (!filledIn.ok) return { status: 'invalid' }
    values[field.name] = filledIn.value
  }
  return { status: 'filled', values }
}
