/** The longest text of one message that is kept whole in a case, in UTF-16 units; the rest stays in the raw arrival. */
export const longestText = 4_000

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters looked for
const unstorable = /[\u0000\r\u202A-\u202E\u2066-\u2069\uD800-\uDFFF]/

/**
 * Text made storable at the edge: a NUL or a lone surrogate aborts a whole PostgreSQL statement and would spoil the neighbours in its batch.
 * NUL becomes U+2400, a lone surrogate U+FFFD, line ends become LF; bidirectional overrides are removed because they can forge what a reader sees.
 */
export const storable = (text: string): string => (unstorable.test(text) ? mended(text) : text)

const mended = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\u0000', '\u2400')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')

/** Bytes as text, without a copy of them; what is no UTF-8 becomes U+FFFD. */
export const utf8 = (bytes: Uint8Array): string =>
  (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toString('utf8')

/** The first `limit` UTF-16 units without cutting a surrogate pair, with an ellipsis when something was cut. */
export const clip = (text: string, limit: number): string => {
  if (text.length <= limit) return text
  if (limit < 1) return ''
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/**
 * Text from outside as it is kept: storable, at most `limit` UTF-16 units. Beyond four times as many it is not looked at, so that a megabyte costs no more
 * than a page; what vanishes on the way (direction marks, half of a line end) may then leave less than `limit`.
 */
export const excerpt = (text: string, limit: number): string => clip(storable(clip(text, 4 * limit)), limit)

/** As `clip`, counted in UTF-8 bytes. */
export const clipBytes = (text: string, limit: number): string => {
  if (Buffer.byteLength(text) <= limit) return text
  if (limit < 3) return ''
  let used = 3
  let out = ''
  for (const char of text) {
    used += Buffer.byteLength(char)
    if (used > limit) break
    out += char
  }
  return `${out}…`
}
