/**
 * One element of a WeCom message. `text` joins its text and CDATA parts; elements inside are in document order, repeated ones
 * included.
 */
export type Element = { readonly name: string; readonly text: string; readonly children: readonly Element[] }

/** WeCom's deepest message (`change_contact` with `ExtAttr`) has 5 levels and some 60 elements. */
const deepest = 8
const mostElements = 1_000

type Open = { readonly name: string; text: string; readonly children: Element[] }

/**
 * Reads the plain XML that WeCom sends: elements, text, CDATA. Null for everything else, at the first character that is not
 * exactly that: a DTD, a processing instruction, a comment, an attribute, an entity beyond the five predefined ones, wrong
 * nesting, more than 8 levels or 1,000 elements. Each character is looked at a fixed number of times, so hostile input costs no
 * more than its length.
 */
export const readXml = (source: string): Element | null => {
  const stack: Open[] = []
  let root: Element | null = null
  let at = 0
  for (let elements = 0; ; ) {
    const tag = source.indexOf('<', at)
    const top = stack.at(-1)
    if (tag !== at && !addText(top, source.slice(at, tag < 0 ? source.length : tag))) return null
    if (tag < 0) return stack.length === 0 ? root : null

    if (source.startsWith('<![CDATA[', tag)) {
      const end = source.indexOf(']]>', tag + 9)
      if (end < 0 || !top) return null
      top.text += source.slice(tag + 9, end)
      at = end + 3
      continue
    }
    const end = source.indexOf('>', tag)
    if (end < 0) return null
    at = end + 1
    if (source[tag + 1] === '/') {
      const closed = stack.pop()
      if (!closed || source.slice(tag + 2, end) !== closed.name) return null
      const parent = stack.at(-1)
      if (parent) parent.children.push(closed)
      else root = closed
      continue
    }
    const empty = source[end - 1] === '/'
    const name = source.slice(tag + 1, empty ? end - 1 : end)
    elements += 1
    if (!isName(name) || root || elements > mostElements || stack.length >= deepest) return null
    const opened: Open = { name, text: '', children: [] }
    if (!empty) stack.push(opened)
    else if (top) top.children.push(opened)
    else root = opened
  }
}

const isName = (name: string): boolean => name.length <= 64 && /^[A-Za-z][A-Za-z0-9_]*$/.test(name)

const addText = (top: Open | undefined, raw: string): boolean => {
  if (!top) return raw.trim() === ''
  const text = raw.includes('&') ? expand(raw) : raw
  if (text === null) return false
  top.text += text
  return true
}

/** `&amp;` last, so that what it spells is not read as an entity again. */
const entities = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
] as const

const expand = (raw: string): string | null => {
  if (/&(?!(?:lt|gt|amp|quot|apos);)/.test(raw)) return null
  return entities.reduce((text, [entity, letter]) => text.replaceAll(entity, letter), raw)
}

/**
 * The text of the only element of this name; null when there is none, or more than one so that two readers could choose
 * differently.
 */
export const textOf = (parent: Element, name: string): string | null => {
  let found: string | null = null
  for (const child of parent.children) {
    if (child.name !== name) continue
    if (found !== null) return null
    found = child.text
  }
  return found
}

/** All elements of this name, in order; WeCom writes one and many alike. */
export const childrenOf = (parent: Element, name: string): readonly Element[] =>
  parent.children.filter((child) => child.name === name)

/**
 * A CDATA section that holds exactly this text: an end mark inside is split over two sections, what XML cannot carry becomes
 * U+FFFD.
 */
export const cdata = (text: string): string =>
  `<![CDATA[${text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 forbids
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
