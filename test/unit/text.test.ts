import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clip, clipBytes, storable } from '../../src/lib/text.ts'

const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
)

test('any text becomes storable, and stays as it is the second time', () => {
  fc.assert(
    fc.property(wild, (text) => {
      const kept = storable(text)
      expect(kept.isWellFormed()).toBe(true)
      expect(['\u0000', '\r'].some((one) => kept.includes(one)) || /[\u202A-\u202E\u2066-\u2069]/.test(kept)).toBe(false)
      expect(storable(kept)).toBe(kept)
    }),
  )
})

test.each([
  ['a NUL', 'a\u0000b', 'a\u2400b'],
  ['half a letter', 'a\uD83Db', 'a\uFFFDb'],
  ['line ends', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
  ['turned reading order', 'exe.\u202Egpj\u2066x\u2069', 'exe.gpjx'],
  ['letters beyond the basic plane', '漏油😀', '漏油😀'],
])('%s', (_, text, kept) => {
  expect(storable(text)).toBe(kept)
})

test('clipping never exceeds the limit and never cuts a letter in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(70), (text, limit) => {
      const short = clip(text, limit)
      expect(short.length).toBeLessThanOrEqual(limit)
      expect(short.isWellFormed()).toBe(true)
      if (text.length <= limit) expect(short).toBe(text)
      else if (limit > 0) expect(short.endsWith('…')).toBe(true)
    }),
  )
})

test('clipping by bytes never exceeds the limit and never cuts a letter in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(200), (text, limit) => {
      const short = clipBytes(text, limit)
      expect(Buffer.byteLength(short)).toBeLessThanOrEqual(limit)
      expect(short.isWellFormed()).toBe(true)
      if (Buffer.byteLength(text) <= limit) expect(short).toBe(text)
    }),
  )
})

test('a clipped text says so', () => {
  expect([clip('一二三四五', 3), clip('ab😀cd', 4), clipBytes('一二三四五', 10)]).toEqual(['一二…', 'ab…', '一二…'])
})
