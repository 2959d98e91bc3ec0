/**
 * Codes that people read, type and scan: `YH-SH01-20261122-0042-K` — kind, site, day in the site's time zone, counter of that day, check character.
 * The check character is ISO/IEC 7064 MOD 37,36 over the letters and digits before it: a slip of one character is always found, and so is a swap of two
 * neighbours but for 36 of the 22,680 ways to swap (next to each other in value, under one carry each), as the standard's hybrid systems allow.
 * Counters may grow past four digits, may have gaps, and are never used twice.
 */
const symbols = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The MOD 37,36 check character of a text; characters other than letters and digits are passed over. */
export const checkCharacter = (text: string): string => {
  let carry = 36
  for (const char of text.toUpperCase()) {
    const value = symbols.indexOf(char)
    if (value < 0) continue
    const sum = (carry + value) % 36
    carry = ((sum === 0 ? 36 : sum) * 2) % 37
  }
  return symbols[(37 - carry) % 36] ?? '0'
}

export const formatCode = (prefix: string, site: string, day: string, counter: number): string => {
  const body = `${prefix}-${site}-${day}-${String(counter).padStart(4, '0')}`
  return `${body}-${checkCharacter(body)}`
}

const shape = /(?<![A-Z0-9-])([A-Z]{2})-([A-Z0-9]{3,6})-(\d{8})-(\d{4,9})-([0-9A-Z])(?![A-Z0-9])/

/** The code inside a typed text, in capitals, or null when there is none or its check character is wrong. Full-width letters and dashes are accepted. */
export const readCode = (text: string): string | null => {
  const found = shape.exec(
    text
      .slice(0, 200)
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[–—−‐]/g, '-'),
  )
  if (!found) return null
  const [code, prefix = '', site = '', day = '', counter = '', check = ''] = found
  return checkCharacter(`${prefix}-${site}-${day}-${counter}`) === check ? code : null
}
