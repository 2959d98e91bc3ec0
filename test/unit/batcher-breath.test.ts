import { expect, test } from 'vitest'
import { createBatcher } from '../../src/lib/batcher.ts'

test('what arrives while the work never leaves its chain of awaits still rides together', async () => {
  const sizes: number[] = []
  const add = createBatcher<number, number>(async (items) => {
    sizes.push(items.length)
    for (let n = 0; n < 5; n += 1) await Promise.resolve()
    return items.map((item) => item * 2)
  }, 64)
  const arriving = Array.from({ length: 10 }, (_, n) => new Promise<number>((resolve) => setImmediate(() => resolve(add(n)))))
  expect(await Promise.all(arriving)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
  expect(sizes).toEqual([10])
})
