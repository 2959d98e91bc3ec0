/** Reading what came over the wire: every body from outside is unknown until one of these has looked at it. */

export type Fields = { readonly [key: string]: unknown }

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value as an object; anything else as an object without keys. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The value as an object, or null when it is none. */
export const fieldsOrNull = (value: unknown): Fields | null => (isFields(value) ? value : null)

/** The value when it is a string, else the empty string. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The value when it is an array of strings only, else null. */
export const textsOrNull = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null

/** The value as an array; anything else as an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** JSON text read; undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')
