/** The small XML that WeCom speaks: elements, text and CDATA. Attributes, comments, DOCTYPE and unknown entities are refused. */

export type Element = { readonly name: string; readonly text: string; readonly children: readonly Element[] }

type Growing = { name: string; text: string; children: Element[] }

const deepest = 16
const token = /<!\[CDATA\[([\s\S]*?)\]\]>|<([A-Za-z_][\w.-]*)\s*(\/?)>|<\/([A-Za-z_][\w.-]*)\s*>|([^<]+)/y
const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])
/** What XML 1.0 has no place for, not even as CDATA (W3C XML 1.0, production 2). */
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const decoded = (text: string): string | null => {
  let bad = false
  const value = text.replace(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));|&/g, (_whole, decimal, hex, name) => {
    const point = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : null
    const plain = point === null ? entities.get(name ?? '') : point <= 0x10ffff ? String.fromCodePoint(point) : undefined
    if (plain === undefined) bad = true
    return plain ?? ''
  })
  return bad ? null : value
}

const closes = (element: Growing) => element.children.length === 0 || element.text.trim() === ''

/** Reads one document. Null when it is not the XML described above. */
export const readXml = (source: string): Element | null => {
  const text = source.replace(/^<\?xml[^<>]*\?>\s*/, '').trim()
  const top: Growing = { name: '', text: '', children: [] }
  const path: Growing[] = [top]
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    const current = path.at(-1)
    if (!match || !current) return null
    const [, cdata, opening, empty, closing, characters] = match
    if (opening) {
      const child: Growing = { name: opening, text: '', children: [] }
      current.children.push(child)
      if (!empty) path.push(child)
      if (path.length > deepest) return null
    } else if (closing) {
      if (current.name !== closing || !closes(current)) return null
      path.pop()
    } else {
      const value = cdata ?? decoded(characters ?? '')
      if (value === null) return null
      current.text += value
    }
  }
  const root = top.children[0]
  return path.length === 1 && top.children.length === 1 && top.text === '' && root ? root : null
}

/** The children of an element as name → text, when each is a plain one and none comes twice; null otherwise. */
export const flat = (element: Element): ReadonlyMap<string, string> | null => {
  const values = new Map(element.children.map((child) => [child.name, child.text]))
  const plain = element.children.every((child) => child.children.length === 0)
  return plain && values.size === element.children.length ? values : null
}

const cdata = (text: string) => `<![CDATA[${text.toWellFormed().replace(unwritable, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** What stands inside an element: text becomes CDATA, a number stays bare, fields nest. */
export type Field = readonly [name: string, value: string | number | bigint | readonly Field[]]

const written = ([name, value]: Field): string =>
  `<${name}>${typeof value === 'string' ? cdata(value) : Array.isArray(value) ? value.map(written).join('') : value}</${name}>`

/** One `<xml>` document of these fields, in order. */
export const writeXml = (fields: readonly Field[]): string => written(['xml', fields])
