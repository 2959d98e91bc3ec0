import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clip, clipBytes, excerpt, storable, utf8 } from '../../src/lib/text.ts'

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

test('an excerpt is the storable text, cut', () => {
  fc.assert(
    fc.property(wild, fc.integer({ min: 20, max: 400 }), (text, limit) => {
      expect(excerpt(text, limit)).toBe(clip(storable(text), limit))
    }),
  )
})

test.each([
  ['line ends', '\r\n'],
  ['direction marks', '\u202e'],
  ['halves of letters', '\ud800'],
  ['NULs', '\u0000'],
])('an excerpt of a million %s stays storable and short', (_, unit) => {
  const kept = excerpt(unit.repeat(1_000_000), 100)
  expect([kept.length <= 100, kept.isWellFormed(), kept.endsWith('…'), storable(kept)]).toEqual([true, true, true, kept])
})

test('bytes are read where they lie, and what is no UTF-8 is replaced', () => {
  const whole = new TextEncoder().encode('漏油😀')
  expect([utf8(whole), utf8(whole.subarray(3)), utf8(Buffer.from(whole)), utf8(new Uint8Array([0xff, 0x41]))]).toEqual([
    '漏油😀',
    '油😀',
    '漏油😀',
    '\ufffdA',
  ])
})
