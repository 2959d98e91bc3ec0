import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical, freshBytes, hmacSha256, sameSecret, seal, sha256, unseal } from '../../src/lib/crypto.ts'

/** FIPS 180-4 example "abc" and RFC 4231 test case 2. */
test('hashes are the standard ones', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(hmacSha256('Jefe', 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
  expect(hmacSha256(Buffer.from('k'), Buffer.from('d'))).toBe(createHmac('sha256', 'k').update('d').digest('hex'))
})

test('the canonical text does not depend on the order of keys, and reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonical(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonical(JSON.parse(text))).toBe(text)
    }),
  )
  expect(canonical({ b: 1, a: [true, null, { d: 'x', c: undefined }] })).toBe('{"a":[true,null,{"d":"x"}],"b":1}')
  expect(canonical({ a: 1, b: 2 })).toBe(canonical({ b: 2, a: 1 }))
  expect(canonical([undefined, new Date('2026-11-24T02:00:00Z')])).toBe('[null,"2026-11-24T02:00:00.000Z"]')
  const twice = { x: 1 }
  expect(canonical([twice, twice])).toBe('[{"x":1},{"x":1}]')
})

const cycle: Record<string, unknown> = {}
cycle.self = [cycle]
test.each([
  ['not a number', Number.NaN],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['a big integer', { a: 1n }],
  ['a function', () => 1],
  ['nothing at all', undefined],
  ['a map', { a: new Map([['b', 1]]) }],
  ['a set', new Set([1])],
  ['bytes', Buffer.from('a')],
  ['a cycle', cycle],
])('%s cannot be hashed, because it would vanish without a word', (_, value) => {
  expect(() => canonical(value)).toThrow(TypeError)
})

test('secrets are compared whole', () => {
  expect([
    sameSecret('abc', 'abc'),
    sameSecret('abc', 'abd'),
    sameSecret('abc', 'ab'),
    sameSecret('', ''),
    sameSecret('é', 'e'),
  ]).toEqual([true, false, false, true, false])
})

test('what is sealed opens under the same secret only, whole and unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, at) => {
      const sealed = seal('secret', text)
      expect(unseal('secret', sealed)).toBe(text)
      expect(unseal('other', sealed)).toBeNull()
      const raw = Buffer.from(sealed, 'base64')
      const index = at % raw.length
      raw.writeUInt8(raw.readUInt8(index) ^ 1, index)
      expect(unseal('secret', raw.toString('base64'))).toBeNull()
    }),
    { numRuns: 50 },
  )
  expect(seal('secret', 'a')).not.toBe(seal('secret', 'a'))
})

test('half a seal is none, down to the shortest authentication tag that a cipher would take', () => {
  const raw = Buffer.from(seal('secret', ''), 'base64')
  for (let length = 0; length < raw.length; length += 1)
    expect(unseal('secret', raw.subarray(0, length).toString('base64'))).toBeNull()
  expect(unseal('secret', '%%%')).toBeNull()
})

test('fresh bytes are as many as were asked for and never the same twice, across the edge of the pool too', () => {
  const seen = new Set<string>()
  for (let n = 0; n < 2_000; n += 1) {
    const bytes = freshBytes(16)
    expect(bytes).toHaveLength(16)
    seen.add(bytes.toString('hex'))
  }
  expect(seen.size).toBe(2_000)
  expect(freshBytes(10_000)).toHaveLength(10_000)
})
