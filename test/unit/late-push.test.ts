import { expect, test } from 'vitest'
import { isLatePush } from '../../src/engine/late-push.ts'
import { later, seconds } from '../../src/lib/clock.ts'

const created = new Date('2026-11-24T02:00:00.000Z')
const card = { kind: 'card', urgent: true, created_at: created.toISOString() }
const at = (after: number): Date => later(created, after)

test('a duty that a platform took within 15 s is in time, one that it took a millisecond later is not', () => {
  expect(isLatePush(card, { outcome: 'done' }, at(seconds(15)))).toBe(false)
  expect(isLatePush(card, { outcome: 'done' }, at(seconds(15) + 1))).toBe(true)
})

test('a duty that nobody can be given is late, whenever that is known; one that is tried again or overtaken is not settled', () => {
  expect(isLatePush(card, { outcome: 'dead' }, at(1))).toBe(true)
  for (const outcome of ['retry', 'dropped'] as const) expect(isLatePush(card, { outcome }, at(seconds(60)))).toBe(false)
})

test('what was not promised is never late', () => {
  expect(isLatePush({ ...card, urgent: false }, { outcome: 'done' }, at(seconds(60)))).toBe(false)
  expect(isLatePush({ ...card, kind: 'text' }, { outcome: 'done' }, at(seconds(60)))).toBe(false)
})
