import { readFileSync } from 'node:fs'
import { demand } from './answers.ts'
import { buttonsIn, formIn } from './card-parts.ts'
import { bytesOf, fieldsOf, fieldsOrNull, listOf, parseJson, textOf } from './wire.ts'

/** A card template: what its variables are called, which type each has, which the platform reads per user. */
export type Template = { readonly variables: ReadonlyMap<string, Variable> }
export type Variable = { readonly name: string; readonly type: string; readonly private: boolean }

export type Values = Readonly<Record<string, string>>

const anything = () => true
const parses = (check: (value: unknown) => boolean) => (text: string) => check(parseJson(text))

/** Whether a string fits the declared type. All values travel as strings ("卡片数据填写说明", read 2026-08). */
const types: Readonly<Record<string, (text: string) => boolean>> = {
  string: anything,
  text: anything,
  markdown: anything,
  link: anything,
  url: anything,
  image: anything,
  icon: anything,
  number: (text) => text.trim() !== '' && Number.isFinite(Number(text)),
  boolean: (text) => text === 'true' || text === 'false',
  array: parses(Array.isArray),
  looparray: parses(Array.isArray),
  object: parses((value) => fieldsOrNull(value) !== null),
  form: (text) => formIn(text) !== null,
  buttongroup: (text) => buttonsIn(text) !== null,
}

/** Reads the file that describes our template. Throws when it is missing or names a type that this double does not know. */
export const readTemplate = (path: string | URL): Template => {
  const variables = listOf(fieldsOf(parseJson(readFileSync(path, 'utf8'))).variables).map((entry): Variable => {
    const { name, type, private: own } = fieldsOf(entry)
    const kind = textOf(type).toLowerCase()
    if (textOf(name) === '' || !types[kind])
      throw new Error(`${String(path)}: variable "${textOf(name)}" has the unknown type "${textOf(type)}".`)
    return { name: textOf(name), type: kind, private: own === true }
  })
  if (variables.length === 0) throw new Error(`${String(path)} lists no variables.`)
  return { variables: new Map(variables.map((variable) => [variable.name, variable])) }
}

/** What the check needs to know beyond the template. */
export type Limits = {
  /** Longest value in bytes; infinite where the documented 1 KB is not enforced. */
  readonly valueBytes: number
  /** A word that the content review refuses; empty for none. */
  readonly unsafe: string
  readonly mediaKnown: (id: string) => boolean
}

const largestData = 100 * 1024

/**
 * Checks a `cardParamMap`. Stricter than the platform, which ignores in silence what it cannot use: an unlisted key, a value of the wrong type, a private
 * value for a public variable or an unknown picture is refused with `param.invalid` and its name, so that no mistake stays unseen.
 */
export const checkValues = (template: Template, map: unknown, scope: 'public' | 'private', limits: Limits): Values => {
  const entries = Object.entries(fieldsOf(map))
  demand(fieldsOrNull(map) !== null, 'param.invalid', 'param.invalid: cardParamMap')
  const values = entries.map(([name, value]) => {
    const invalid = `param.invalid: ${name}`
    const variable = template.variables.get(name)
    demand(variable !== undefined && bytesOf(name) <= 100, 'param.invalid', invalid)
    demand(typeof value === 'string', 'param.invalid', invalid)
    demand(bytesOf(value) <= limits.valueBytes, 'param.invalid', invalid)
    demand(types[variable.type]?.(value) ?? false, 'param.invalid', invalid)
    demand(scope === 'public' || variable.private, 'param.invalid', invalid)
    demand(mediaIn(value).every(limits.mediaKnown), 'param.invalid', invalid)
    demand(limits.unsafe === '' || !value.includes(limits.unsafe), 'param.contentUnsafe')
    return [name, value] as const
  })
  demand(
    values.reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(value), 0) <= largestData,
    'param.invalid',
    'param.invalid: size',
  )
  return Object.fromEntries(values)
}

const mediaIn = (value: string): readonly string[] => value.match(/@lAL[\w-]+/g) ?? []
