/** The small parts the card grammar is written in. Each check looks at one value and throws a `CardFault` that names the place. */

/** What is wrong with a card, in the platform's own words (sub-codes of 230099). */
export class CardFault extends Error {
  readonly code: number
  readonly path: string
  readonly value: string
  constructor(code: number, words: string, path: readonly string[], value = '') {
    super(words)
    this.code = code
    this.path = path.join(' -> ')
    this.value = value
  }
}

/** What the linter must ask about the world, and what it gathers over one card. */
export type Book = {
  readonly ownsPicture: (key: string) => boolean
  readonly knowsUser: (id: string) => boolean
  readonly names: Set<string>
  readonly elementIds: Set<string>
  tables: number
}

/** Where a value stands. `depth` counts the containers around it. */
export type At = {
  readonly path: readonly string[]
  readonly depth: number
  /** The innermost place that decides what may stand here. */
  readonly seat: 'body' | 'form' | 'container'
  readonly inForm: boolean
  readonly book: Book
}

export type Check = (value: unknown, at: At) => void
export type Fields = Readonly<Record<string, unknown>>
export type Shape = { readonly attributes: Readonly<Record<string, Check>>; readonly required?: readonly string[] }

export const subCode = {
  json: 200621,
  tag: 200861,
  picture: 200570,
  user: 100290,
  count: 11310,
  formName: 200530,
  schema: 200830,
} as const

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80)
export const wrong = (at: At, words: string, value?: unknown): never => {
  throw new CardFault(subCode.json, `parse card json err, ${words}`, at.path, value === undefined ? '' : shown(value))
}

export const step = (at: At, name: string): At => ({ ...at, path: [...at.path, name] })

export const anything: Check = () => undefined
export const flag: Check = (value, at) => (typeof value === 'boolean' ? undefined : wrong(at, 'a boolean is expected', value))
export const fields: Check = (value, at) => (isFields(value) ? undefined : wrong(at, 'an object is expected', value))

/** A string of at most `most` characters. */
export const string =
  (most = 100_000): Check =>
  (value, at) =>
    typeof value === 'string' && [...value].length <= most
      ? undefined
      : wrong(at, `a string of at most ${most} is expected`, value)

export const number =
  (least: number, most: number): Check =>
  (value, at) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : wrong(at, `a number from ${least} to ${most} is expected`, value)

export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value, at) =>
    allowed.includes(value) ? undefined : wrong(at, 'invalid value', value)

export const list =
  (check: Check, most = Number.POSITIVE_INFINITY): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return wrong(at, 'an array is expected', value)
    if (value.length > most) return wrong(at, `at most ${most} entries are allowed`)
    value.forEach((item: unknown, index) => {
      check(item, step(at, `[${index}]${tagOf(item)}`))
    })
  }

const tagOf = (value: unknown): string => (isFields(value) && typeof value.tag === 'string' ? `(tag: ${value.tag})` : '')

/** Every attribute known, every required one there. An attribute that the shape does not have is an error in schema 2.0. */
export const shaped = (value: Fields, at: At, { attributes, required = [] }: Shape): void => {
  for (const [name, part] of Object.entries(value)) {
    const check = (Object.hasOwn(attributes, name) ? attributes[name] : undefined) ?? wrong(at, 'unknown property', name)
    check(part, step(at, name))
  }
  for (const name of required) if (value[name] === undefined) wrong(at, 'required property is missing', name)
}

export const object =
  (attributes: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, at) =>
    isFields(value) ? shaped(value, at, { attributes, required }) : wrong(at, 'an object is expected', value)

export const both =
  (first: Check, second: Check): Check =>
  (value, at) => {
    first(value, at)
    second(value, at)
  }
