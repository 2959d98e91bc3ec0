import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPace } from '../../src/lib/pace.ts'

type Task = { readonly name: string; readonly rank: number }
const task = (name: string, rank: number): Task => ({ name, rank })

/** Tasks that end only when they are told to. */
const bench = (pressed: (rank: number) => boolean) => {
  const started: string[] = []
  const open: (() => void)[] = []
  const pace = createPace<Task>({
    rankOf: ({ rank }) => rank,
    pressed,
    start: ({ name }) => {
      started.push(name)
      return new Promise<void>((resolve) => open.push(resolve))
    },
  })
  return { started, open, pace }
}
const names = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`)

test('a few tasks start at once, whatever their rank', () => {
  const { started, pace } = bench(() => false)
  pace([task('words', 2), task('alarm', 0)])
  expect(started).toEqual(['alarm', 'words'])
})

test('of many, the first rank starts first and everything starts in the end', async () => {
  const { started, pace } = bench(() => false)
  pace([...names('info', 40).map((name) => task(name, 2)), ...names('alarm', 40).map((name) => task(name, 0))])
  expect(started).toEqual(names('alarm', 32))
  while (started.length < 80) await sleep(1)
  expect(started).toEqual([...names('alarm', 40), ...names('info', 40)])
})

test('under pressure only a few start, and never none', async () => {
  let pressing = true
  const { started, pace } = bench(() => pressing)
  pace(names('one', 10).map((name) => task(name, 1)))
  expect(started).toHaveLength(2)
  while (started.length < 6) await sleep(1)
  expect(started.length % 2).toBe(0)
  pressing = false
  while (started.length < 10) await sleep(1)
  expect(started).toEqual(names('one', 10))
})

test('information gives way sooner than what calls somebody to act', () => {
  const { started, pace } = bench((rank) => rank === 2)
  pace([...names('info', 10).map((name) => task(name, 2)), ...names('duty', 10).map((name) => task(name, 1))])
  expect(started).toEqual([...names('duty', 10), 'info0', 'info1'])
})

test('tasks that hang hold back none of the others for ever', async () => {
  const { started, pace } = bench(() => false)
  pace(names('hanging', 300).map((name) => task(name, 1)))
  while (started.length < 300) await sleep(1)
  expect(started).toEqual(names('hanging', 300))
})
