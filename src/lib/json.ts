/** More commas, colons and brackets than this is no message of a platform but a way to keep the parser busy. */
const mostMarks = 20_000

const quote = 0x22
const backslash = 0x5c
/** `,` `:` `[` `{`: each begins a value. */
const marks: ReadonlySet<number> = new Set([0x2c, 0x3a, 0x5b, 0x7b])

/** Counts values, not characters, so that one long text costs one. Linear, and it stops at the limit. */
const isBusywork = (text: string): boolean => {
  let count = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (inText) {
      if (char === backslash) at += 1
      else if (char === quote) inText = false
    } else if (char === quote) inText = true
    else if (marks.has(char)) count += 1
    if (count > mostMarks) return true
  }
  return false
}

/** JSON from outside, or undefined when the text is none or is made to hold the process: a megabyte of names or brackets would cost its parser tens of milliseconds. */
export const readJson = (text: string): unknown => {
  if (text.length > mostMarks && isBusywork(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
