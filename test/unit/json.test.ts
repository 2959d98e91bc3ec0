import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../../src/lib/json.ts'

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
])('%s without number are not handed to the parser', (_, text) => {
  expect(readJson(text)).toBeUndefined()
})

test('one long text is one value, whatever stands in it', () => {
  const text = '{[,:\\"'.repeat(100_000)
  expect(readJson(JSON.stringify({ text }))).toEqual({ text })
})
