import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inZone } from '../../src/lib/clock.ts'
import { checkCharacter, formatCode, readCode } from '../../src/rules/code.ts'

const symbols = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Published numbers with MOD 37,36 check characters: GRid (IFPI GRid standard 2.1, 4.3) and ISAN (ISO 15706). */
test.each(['A12425GABC1234002M', 'B159D8FA01240000K', '188166C7342000003', '188166C734206541Y', '188166C7342065419F3A0245O'])(
  '%s carries its published check character',
  (number) => {
    expect(checkCharacter(number.slice(0, -1))).toBe(number.slice(-1))
  },
)

test('separators are passed over and small letters count as capitals', () => {
  expect(checkCharacter('a1-2425g-abc1234002')).toBe('M')
  expect(checkCharacter('A1 2425G / ABC1234002')).toBe('M')
})

const code = fc
  .record({
    prefix: fc.constantFrom('YH', 'WS', 'HP', 'ZZ'),
    site: fc.string({ unit: fc.constantFrom(...symbols), minLength: 3, maxLength: 6 }),
    day: fc
      .date({ min: new Date('2026-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((at) => inZone(at, 'UTC').day),
    counter: fc.integer({ min: 1, max: 999_999_999 }),
  })
  .map(({ prefix, site, day, counter }) => formatCode(prefix, site, day, counter))

test('every code is read as it was written', () => {
  fc.assert(
    fc.property(code, (written) => {
      expect(readCode(written)).toBe(written)
    }),
  )
})

test('a slip of one character is always found', () => {
  fc.assert(
    fc.property(code, fc.nat(), fc.constantFrom(...symbols), (written, at, other) => {
      const index = at % written.length
      fc.pre(written[index] !== '-' && written[index] !== other)
      const wrong = `${written.slice(0, index)}${other}${written.slice(index + 1)}`
      expect(readCode(wrong)).toBeNull()
    }),
    { numRuns: 2000 },
  )
})

test('of all swaps of two neighbours exactly 36 of 22,680 pass, each between symbols next to each other in value', () => {
  const missed = symbols.flatMap((carry) =>
    symbols.flatMap((a, first) =>
      symbols
        .slice(first + 1)
        .flatMap((b, step) => (checkCharacter(carry + a + b) === checkCharacter(carry + b + a) ? [step + 1] : [])),
    ),
  )
  expect(missed).toHaveLength(36)
  expect(missed.every((distance) => distance === 1 || distance === 35)).toBe(true)
})

test('a swap of two neighbours that are further apart is always found', () => {
  fc.assert(
    fc.property(code, fc.nat(), (written, at) => {
      const index = at % (written.length - 1)
      const [a = '', b = ''] = [written[index], written[index + 1]]
      const distance = Math.abs(symbols.indexOf(a) - symbols.indexOf(b))
      fc.pre(a !== '-' && b !== '-' && distance > 1 && distance < 35)
      expect(readCode(`${written.slice(0, index)}${b}${a}${written.slice(index + 2)}`)).toBeNull()
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['as it is', 'YH-SH01-20261122-0042-N'],
  ['in small letters', 'yh-sh01-20261122-0042-n'],
  ['in full-width letters', 'ＹＨ－ＳＨ０１－２０２６１１２２－００４２－Ｎ'],
  ['with long dashes', 'YH–SH01—20261122−0042‐N'],
  ['with non-breaking hyphens', 'YH‑SH01‑20261122‑0042‑N'],
  ['within words', '请看 YH-SH01-20261122-0042-N 处理了吗'],
  ['between Chinese letters', '查YH-SH01-20261122-0042-N进度'],
])('a code is read %s', (_, text) => {
  expect(readCode(text)).toBe('YH-SH01-20261122-0042-N')
})

test.each([
  ['a wrong check character', 'YH-SH01-20261122-0042-K'],
  ['a letter too many at the end', 'YH-SH01-20261122-0042-N1'],
  ['a letter too many at the start', 'AYH-SH01-20261122-0042-N'],
  ['a part too many at the start', 'X-YH-SH01-20261122-0042-N'],
  ['three digits of a counter', 'YH-SH01-20261122-042-N'],
  ['no dashes', 'YHSH01202611220042N'],
  ['nothing', ''],
])('%s is no code', (_, text) => {
  expect(readCode(text)).toBeNull()
})

test('a text of any length and any letters is read or refused, never a fault', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(readCode(text)).toBeNull()
    }),
  )
  expect(readCode(`${'啊'.repeat(200)}YH-SH01-20261122-0042-N`)).toBeNull()
})

test('the counter grows past four digits without losing its check', () => {
  expect(formatCode('YH', 'SH01', '20261122', 9_999)).toMatch(/^YH-SH01-20261122-9999-[0-9A-Z]$/)
  expect(formatCode('YH', 'SH01', '20261122', 10_000)).toMatch(/^YH-SH01-20261122-10000-[0-9A-Z]$/)
  expect(readCode(formatCode('YH', 'SH01', '20261122', 123_456))).toBe('YH-SH01-20261122-123456-6')
})
