import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hash,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'

/** Lower-case hex, made in one call: an object for the hash costs more than the hash of a short text. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex')
export const hmacSha256 = (key: string | Uint8Array, data: string | Uint8Array): string =>
  createHmac('sha256', key).update(data).digest('hex')

/**
 * Gives the base64 HMAC-SHA256 of texts under one key (RFC 2104, section 2), for doors where each request is proved by one. Two hashes in one call each,
 * over key pads made once: Node's own object costs twice as much as both.
 */
export const createMac = (secret: string): ((text: string) => string) => {
  const bytes = Buffer.from(secret)
  const key = Buffer.alloc(64)
  key.set(bytes.length > key.length ? hash('sha256', bytes, 'buffer') : bytes)
  const [inner, outer] = [key.map((byte) => byte ^ 0x36), key.map((byte) => byte ^ 0x5c)]
  return (text) => {
    const within = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'binary')
    return hash('sha256', Buffer.concat([outer, Buffer.from(within, 'binary')]), 'base64')
  }
}

const pool = Buffer.alloc(8_192)
let unused = 0

/** Fresh random bytes, each given out once. Drawn from the system in larger pieces, because each draw costs more than what it is used for. */
export const freshBytes = (count: number): Buffer => {
  if (count > pool.length) return randomBytes(count)
  if (unused < count) {
    randomFillSync(pool)
    unused = pool.length
  }
  unused -= count
  const bytes = Buffer.from(pool.subarray(unused, unused + count))
  pool.fill(0, unused, unused + count)
  return bytes
}

/** Equality that takes the same time wherever two texts of one length differ. Texts of different length are unequal at once. */
export const sameSecret = (a: string, b: string): boolean => {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * JSON with sorted keys and no spaces: the one text that is hashed, stored and compared.
 * Values `undefined` vanish, as in JSON. Throws TypeError for what JSON cannot carry (NaN, bigint, cycles, Map and other objects that are not plain),
 * because what vanished without a word could be changed without a trace.
 */
export const canonical = (value: unknown): string => write(value, [])

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const write = (value: unknown, above: object[]): string => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number that JSON cannot carry')
    return JSON.stringify(value)
  }
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} that JSON cannot carry`)
  if (above.includes(value)) throw new TypeError('a cycle that JSON cannot carry')
  above.push(value)
  const text = Array.isArray(value) ? writeList(value, above) : writeObject(value, above)
  above.pop()
  return text
}

const writeList = (list: readonly unknown[], above: object[]): string => {
  let text = ''
  for (const item of list) text += `${text === '' ? '' : ','}${write(item === undefined ? null : item, above)}`
  return `[${text}]`
}

const writeObject = (value: object, above: object[]): string => {
  if (!isPlain(value)) throw new TypeError('an object that JSON cannot carry')
  const fields = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${write(fields[name], above)}`
  }
  return `{${text}}`
}

/** Text sealed with AES-256-GCM under a key derived from `secret`; for tokens at rest. */
export const seal = (secret: string, text: string): string => {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', createHash('sha256').update(secret).digest(), iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

/** The text sealed by `seal`, or null when it was made under another secret or changed. */
export const unseal = (secret: string, sealed: string): string | null => {
  try {
    const raw = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', createHash('sha256').update(secret).digest(), raw.subarray(0, 12), {
      authTagLength: 16,
    })
    decipher.setAuthTag(raw.subarray(12, 28))
    return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
