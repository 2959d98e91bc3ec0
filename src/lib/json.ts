/** More characters than this outside of texts are no message of a platform but a way to keep the parser busy. */
const mostOutside = 65_536

const quote = 0x22
const backslash = 0x5c

type EndOf = (text: string, at: number) => number

/** Counts what stands outside of texts (marks, numbers, blanks), so that one long text costs nothing. Linear, and it stops at the limit. */
const isBusywork = (text: string): boolean => {
  const endOf = text.includes('\\') ? endOfEscaped : endOfPlain
  let outside = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) === quote) at = endOf(text, at + 1)
    else if (++outside > mostOutside) return true
  }
  return false
}

/** Where a text that begins at `at` is closed; the end of everything when it never is. */
const endOfPlain: EndOf = (text, at) => {
  const end = text.indexOf('"', at)
  return end < 0 ? text.length : end
}

/** The same where a quote may be escaped. */
const endOfEscaped: EndOf = (text, at) => {
  let end = at
  for (; end < text.length; end += 1) {
    const char = text.charCodeAt(end)
    if (char === quote) break
    if (char === backslash) end += 1
  }
  return end
}

/** JSON from outside, or undefined when the text is none or is made to hold the process: a megabyte of names or brackets would cost its parser tens of milliseconds. */
export const readJson = (text: string): unknown => {
  if (text.length > mostOutside && isBusywork(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The fields of a JSON object, all still unknown. */
export type Fields = Readonly<Record<string, unknown>>

/** The value as an object with fields; null for a list and everything else. */
export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

/** The value when it is a text of at most `longest` UTF-16 units, else null. */
export const textOf = (value: unknown, longest = Number.POSITIVE_INFINITY): string | null =>
  typeof value === 'string' && value.length <= longest ? value : null
