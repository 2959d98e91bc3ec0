/** A range of addresses: its first one as bytes, and how many bits of it are fixed. */
type Range = readonly [bytes: readonly number[], bits: number]

/** Four parts of 0–255; null for everything else. Addresses in URLs have been put into this form by the URL parser (WHATWG URL, "IPv4 parser"). */
const readV4 = (text: string): readonly number[] | null => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  return parts?.every((part) => part <= 255) ? parts : null
}

const wordsOf = (text: string): readonly number[] | null => {
  const words = text === '' ? [] : text.split(':')
  return words.every((word) => /^[0-9a-f]{1,4}$/.test(word))
    ? words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255])
    : null
}

/** The sixteen bytes of an IPv6 address, with `::` and a dotted end; null for everything else. A zone is no part of what may be called. */
const readV6 = (text: string): readonly number[] | null => {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const end = dotted ? readV4(dotted[2] ?? '') : []
  if (!end) return null
  const halves = (dotted ? (dotted[1] ?? '').replace(/([^:]):$/, '$1') : text).split('::')
  const [head, tail] = [wordsOf(halves[0] ?? ''), wordsOf(halves[1] ?? '')]
  if (!head || !tail || halves.length > 2) return null
  const missing = 16 - head.length - tail.length - end.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return null
  return [...head, ...Array.from({ length: Math.max(0, missing) }, () => 0), ...tail, ...end]
}

const isIn = (bytes: readonly number[], [first, bits]: Range): boolean => {
  if (bytes.length !== first.length) return false
  return first.every((byte, at) => {
    const left = Math.min(8, Math.max(0, bits - at * 8))
    const mask = (0xff << (8 - left)) & 0xff
    return ((bytes[at] ?? -1) & mask) === (byte & mask)
  })
}

const v4 = (text: string, bits: number): Range => [readV4(text) ?? [], bits]
const v6 = (text: string, bits: number): Range => [readV6(text) ?? [], bits]

/** Ranges of one's own network (IANA special-purpose address registries, RFC 6890 and its updates). */
const own: readonly Range[] = [
  v4('10.0.0.0', 8),
  v4('100.64.0.0', 10),
  v4('127.0.0.0', 8),
  v4('172.16.0.0', 12),
  v4('192.168.0.0', 16),
  v6('::1', 128),
  v6('fc00::', 7),
]

/** Ranges that no system to be called has: this host, link-local (where clouds hand out credentials), benchmarks, documentation, multicast, reserved; and IPv6 that carries an IPv4 address. */
const never: readonly Range[] = [
  v4('0.0.0.0', 8),
  v4('169.254.0.0', 16),
  v4('192.0.0.0', 24),
  v4('192.0.2.0', 24),
  v4('192.88.99.0', 24),
  v4('198.18.0.0', 15),
  v4('198.51.100.0', 24),
  v4('203.0.113.0', 24),
  v4('224.0.0.0', 3),
  v6('::', 96),
  v6('64:ff9b::', 96),
  v6('64:ff9b:1::', 48),
  v6('100::', 64),
  v6('2001::', 23),
  v6('2001:db8::', 32),
  v6('2002::', 16),
  v6('3fff::', 20),
  v6('fe80::', 10),
  v6('fec0::', 10),
  v6('ff00::', 8),
]

const mapped = v6('::ffff:0:0', 96)

/**
 * What an address is to whoever calls out: `public`, `own` (loopback, private networks), or `never` (link-local, multicast, reserved, and whatever is no
 * address). An IPv4 address inside an IPv6 one is judged as itself.
 */
export const kindOfAddress = (address: string): 'public' | 'own' | 'never' => {
  const bytes = readV4(address) ?? readV6(address.toLowerCase())
  if (!bytes) return 'never'
  if (isIn(bytes, mapped)) return kindOfAddress(bytes.slice(12).join('.'))
  if (own.some((range) => isIn(bytes, range))) return 'own'
  return never.some((range) => isIn(bytes, range)) ? 'never' : 'public'
}

/** The address that a host of a URL is, without the brackets of IPv6; null for a name. */
export const literalOf = (hostname: string): string | null => {
  const inner = hostname.replace(/^\[(.*)\]$/, '$1')
  return inner !== hostname || readV4(hostname) ? inner : null
}
