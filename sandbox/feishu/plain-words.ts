/** Feishu's markdown as the words a person reads: emphasis and tags gone, escapes and entities resolved, people by name. */

type Names = (openId: string) => string

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  sol: '/',
  ast: '*',
}
const privateUse = 0xe000

/** Escaped characters are set aside first, so that an escaped `*` or `<` is never taken for markup. */
const setAside = (text: string): { readonly text: string; readonly back: (words: string) => string } => {
  const kept: string[] = []
  const keep = (literal: string) => String.fromCharCode(privateUse + kept.push(literal) - 1)
  const marked = text
    .replace(/[\uE000-\uF8FF]/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, (_, literal: string) => keep(literal))
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : null
      if (code !== null) return code <= 0x10ffff ? keep(String.fromCodePoint(code)) : whole
      return name && Object.hasOwn(entities, name) ? keep(entities[name] ?? '') : whole
    })
  return {
    text: marked,
    back: (words) => words.replace(/[\uE000-\uF8FF]/g, (mark) => kept[mark.charCodeAt(0) - privateUse] ?? ''),
  }
}

const markup = (text: string, names: Names): string =>
  text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(
      /<(?:at|person)\s+(?:id|user_id)\s*=\s*["']?([^\s"'>]+)["']?[^>]*>(?:[^<]*<\/(?:at|person)>)?/g,
      (_, id: string) => `@${names(id)}`,
    )
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/<hr\s*\/?>/g, '')
    .replace(/<\/?[a-z_]+(?:\s[^>]*)?>/g, '')
    .replace(/^#{1,6} +/gm, '')
    .replace(/(\*\*|__|~~)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(?<![*\w])\*(?=\S)([^*\n]*?\S)\*(?![*\w])/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1')

export const plainWords = (content: string, names: Names): string => {
  const { text, back } = setAside(content)
  return back(markup(text, names)).trim()
}

/** A message of type `text` knows only the at tag. */
export const messageWords = (content: string, names: Names): string =>
  content.replace(
    /<at\s+user_id\s*=\s*"([^"]+)"\s*>(?:[^<]*<\/at>)?/g,
    (_, id: string) => `@${id === 'all' ? '所有人' : names(id)}`,
  )
