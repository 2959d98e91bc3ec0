import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldsOf, readJson, textOf } from '../../src/lib/json.ts'

test('whatever JSON carries comes back as it is', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.stringify(readJson(text))).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test('what is no JSON is undefined, and never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        parsed = undefined
      }
      expect(JSON.stringify(readJson(text))).toBe(JSON.stringify(parsed))
    }),
  )
})

const many = 400_000
test.each([
  ['brackets', '['.repeat(many) + ']'.repeat(many)],
  ['names', `{${Array.from({ length: many }, (_, n) => `"k${n}":0`).join(',')}}`],
  ['empty objects', `[${'{},'.repeat(many)}{}]`],
  ['empty texts', `[${'"",'.repeat(many)}""]`],
  ['digits', '9'.repeat(many)],
  ['blanks', `${' '.repeat(many)}{}`],
])('%s without number are not handed to the parser', (_, text) => {
  expect(readJson(text)).toBeUndefined()
})

test('one long text is one value, whatever stands in it', () => {
  const text = '{[,:\\"'.repeat(100_000)
  expect(readJson(JSON.stringify({ text }))).toEqual({ text })
})

test.each([
  ['one text that never ends', `"${'a'.repeat(many)}`],
  ['one text that ends in half an escape', `"${'a'.repeat(many)}\\`],
])('%s is no JSON', (_, text) => {
  expect(readJson(text)).toBeUndefined()
})

test('many long texts are handed to the parser, escaped quotes and all', () => {
  const texts = Array.from({ length: 10_000 }, (_, n) => `${n} "\\" ${'油'.repeat(20)}`)
  expect(readJson(JSON.stringify(texts))).toEqual(texts)
})

test('fields are those of an object, a text is a text of its length', () => {
  const object = { a: 1 }
  expect([object, [], null, undefined, 'a', 1].map(fieldsOf)).toEqual([object, null, null, null, null, null])
  expect(['', 'abc', 'abcd', 1, null, undefined, ['a']].map((value) => textOf(value, 3))).toEqual([
    ...['', 'abc', null],
    ...[null, null, null, null],
  ])
  expect(textOf('a'.repeat(many))?.length).toBe(many)
})
