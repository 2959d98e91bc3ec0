import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOpenBlocks, paddingAt } from '../../src/lib/aes.ts'

const seal = (key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Buffer => {
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

test('one context opens message after message, each as if it were the first, whichever way the first block came', () => {
  const key = randomBytes(32)
  const open = createOpenBlocks(key)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 16, maxLength: 16 }), (plain, iv) => {
      const opened = open(Buffer.concat([iv, seal(key, iv, plain)]))
      const end = paddingAt(opened, 16)
      expect(opened.subarray(16, end ?? 0).equals(plain)).toBe(true)
    }),
  )
})

test('what is half a block, or rubbish, spoils nothing that comes after it', () => {
  const [key, iv] = [randomBytes(32), randomBytes(16)]
  const open = createOpenBlocks(key)
  const good = Buffer.concat([iv, seal(key, iv, Buffer.from('漏油'))])
  expect(() => open(good.subarray(0, 31))).toThrow(RangeError)
  expect(open(randomBytes(64)).length).toBe(64)
  expect(open(new Uint8Array()).length).toBe(0)
  const opened = open(good)
  expect(opened.toString('utf8', 16, paddingAt(opened, 16) ?? 0)).toBe('漏油')
})

test.each([
  ['nothing', [], 16, null],
  ['no padding', [1, 2, 0], 16, null],
  ['more than the block', Array.from({ length: 17 }, () => 17), 16, null],
  ['the same where a block is 32', Array.from({ length: 17 }, () => 17), 32, 0],
  ['more than there is', [3, 3], 16, null],
  ['bytes that differ', [9, 2, 3, 3], 16, null],
  ['one byte', [9, 1], 16, 1],
  ['all of it', [2, 2], 16, 0],
] as const)('padding of %s', (_, bytes, most, end) => {
  expect(paddingAt(Uint8Array.from(bytes), most)).toBe(end)
})
