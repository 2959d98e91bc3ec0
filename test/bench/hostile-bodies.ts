/** Bodies that are made to cost: of any platform's outer form. `bytes` is how long each may be, because what is sealed grows by a third. */
import { randomBytes } from 'node:crypto'

export type Body = string | Uint8Array
export type Input = { readonly name: string; readonly body: Body }

/** `unit` again and again between head and tail, up to so many bytes. */
export const filled = (head: string, unit: string, tail: string, bytes: number): string => {
  const room = bytes - Buffer.byteLength(head) - Buffer.byteLength(tail)
  return head + unit.repeat(Math.max(0, Math.floor(room / Buffer.byteLength(unit)))) + tail
}

/** As many as fit into so many bytes, each different. */
export const listed = (bytes: number, each: (n: number) => string): string => {
  const parts: string[] = []
  for (let used = 0, n = 0; ; n += 1) {
    const part = each(n)
    used += Buffer.byteLength(part) + 1
    if (used > bytes) return parts.join(',')
    parts.push(part)
  }
}

/** What stands outside of texts is counted before the parser sees it; these stay just below that. */
const uncounted = 65_000

/** JSON that costs: deep, wide, long, escaped, doubled, half. */
export const jsons = (bytes: number): readonly Input[] => [
  { name: 'brackets without an end', body: filled('', '[', '', bytes) },
  { name: 'brackets in balance', body: '['.repeat(bytes / 2) + ']'.repeat(bytes / 2) },
  { name: 'brackets in balance, as many as are read', body: '['.repeat(uncounted / 2) + ']'.repeat(uncounted / 2) },
  { name: 'objects within objects', body: filled('', '{"a":', '', bytes) },
  { name: 'objects within objects, as many as are read', body: `${'{"":'.repeat(uncounted / 3)}0${'}'.repeat(uncounted / 3)}` },
  { name: 'many empty objects', body: filled('[', '{},', '{}]', bytes) },
  { name: 'one name again and again', body: filled('{', '"a":0,', '"a":0}', bytes) },
  { name: 'very many names', body: `{${listed(bytes - 20, (n) => `"k${n}":0`)}}` },
  {
    name: 'as many long names as are read',
    body: `{${listed(Math.min(bytes, uncounted * 12) - 20, (n) => `"${String(n).padEnd(30, 'k')}":0`)}}`,
  },
  { name: 'names that are numbers', body: `{${listed(Math.min(bytes, uncounted * 3), (n) => `"${n * 65_536}":0`)}}` },
  { name: 'very many texts', body: filled('[', '"",', '""]', Math.min(bytes, 190_000)) },
  { name: 'one escaped text', body: filled('"', '\\u0000', '"', bytes) },
  { name: 'one text of escaped quotes', body: filled('"', '\\"', '"', bytes) },
  { name: 'one text of half letters', body: filled('"', '\\ud83d', '"', bytes) },
  { name: 'one long number', body: filled('1', '0', '', bytes) },
  { name: 'one number as long as is read', body: `0.${'1'.repeat(uncounted)}` },
  { name: 'numbers with exponents', body: filled('[', '1e308,', '1]', bytes) },
  {
    name: 'numbers between two others',
    body: filled('[', '9007199254740993.0000000000000000001,', '1]', Math.min(bytes, uncounted)),
  },
  {
    name: 'long numbers between two others',
    body: filled(
      '[',
      `2.2250738585072011360574097967091319759348195463516456480234${'1'.repeat(700)}e-308,`,
      '1]',
      Math.min(bytes, uncounted),
    ),
  },
  { name: 'blanks', body: filled('', ' ', '{}', bytes) },
  { name: 'half a text', body: filled('{"encrypt":"', 'A', '', bytes) },
  { name: '__proto__ within __proto__', body: filled('', '{"__proto__":', '', bytes) },
]

export const xmls = (bytes: number): readonly Input[] => [
  { name: 'opening marks', body: filled('', '<', '', bytes) },
  { name: 'elements without an end', body: filled('<xml>', '<a>', '', bytes) },
  { name: 'a thousand elements', body: filled('<xml>', '<a></a>', '</xml>', bytes) },
  { name: 'a thousand elements, as many as are read', body: `<xml>${'<a>b</a>'.repeat(990)}</xml>` },
  { name: 'elements that are closed in themselves', body: filled('<xml>', '<a/>', '</xml>', bytes) },
  { name: 'closing marks', body: filled('<xml>', '</a>', '</xml>', bytes) },
  { name: 'entities', body: filled('<xml><a>', '&lt;', '</a></xml>', bytes) },
  { name: 'ampersands', body: filled('<xml><a>', '&', '</a></xml>', bytes) },
  { name: 'CDATA without an end', body: filled('<xml><a>', '<![CDATA[', '', bytes) },
  { name: 'many CDATA sections', body: filled('<xml><a>', '<![CDATA[]]>', '</a></xml>', bytes) },
  { name: 'many CDATA sections of a letter', body: filled('<xml><a>', '<![CDATA[k]]>', '</a></xml>', bytes) },
  { name: 'a declaration of entities', body: filled('<!DOCTYPE a [', '<!ENTITY a "&a;&a;">', ']><xml></xml>', bytes) },
  { name: 'one long name', body: filled('<', 'a', '></a>', bytes) },
  { name: 'one long cipher text', body: filled('<xml><Encrypt><![CDATA[', 'A', ']]></Encrypt></xml>', bytes) },
  {
    name: 'one long cipher text of another alphabet',
    body: filled('<xml><Encrypt><![CDATA[', '油', ']]></Encrypt></xml>', bytes),
  },
  { name: 'blanks', body: filled('<xml>', ' ', '</xml>', bytes) },
]

export const anyBytes = (bytes: number): readonly Input[] => [
  { name: 'zeros', body: new Uint8Array(bytes) },
  { name: 'random bytes', body: randomBytes(bytes) },
  { name: 'broken UTF-8', body: new Uint8Array(bytes).fill(0xff) },
  {
    name: 'broken UTF-8 in a text',
    body: Buffer.concat([Buffer.from('{"encrypt":"'), Buffer.alloc(bytes - 14, 0xc3), Buffer.from('"}')]),
  },
  { name: 'long cipher text', body: filled('{"encrypt":"', 'A', '"}', bytes) },
  { name: 'long cipher text of another alphabet', body: filled('{"encrypt":"', '-_=', '"}', bytes) },
  { name: 'more than is read', body: new Uint8Array(bytes + 1) },
]

/** Texts of about so many bytes of JSON that are dear to look at, by what they are made of. */
export const texts = (bytes: number): readonly { readonly name: string; readonly text: string }[] => [
  { name: 'letters', text: '油'.repeat(bytes / 3) },
  { name: 'emoji', text: '🔥'.repeat(bytes / 4) },
  { name: 'line ends', text: '\r\n'.repeat(bytes / 4) },
  { name: 'single line ends', text: '\r'.repeat(bytes / 2) },
  { name: 'lone surrogates', text: '\ud800'.repeat(bytes / 6) },
  { name: 'direction marks', text: '\u202e'.repeat(bytes / 3) },
  { name: 'NULs', text: '\u0000'.repeat(bytes / 6) },
  { name: 'blanks between letters', text: `a${' '.repeat(bytes - 2)}a` },
  { name: 'blanks', text: ' '.repeat(bytes) },
]
