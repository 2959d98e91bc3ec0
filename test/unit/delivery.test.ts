import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChatPlatform } from '../../src/bots/platform.ts'
import { givesWay, inOrder, settledBy, startingAt, type Try } from '../../src/engine/delivery.ts'
import type { EffectRow } from '../../src/engine/outbox-rows.ts'

const can = (uses: 'many' | 'once-per-press' | 'never', receipts: 'read' | 'none', ring: boolean) =>
  ({ can: { update: { uses, life: 0 }, receipts, ring } }) as unknown as ChatPlatform
const platforms: ReadonlyMap<string, ChatPlatform> = new Map([
  ['f', can('many', 'read', true)],
  ['d', can('many', 'none', true)],
  ['w', can('once-per-press', 'none', false)],
])
const at = (connection: string, account = 'a') => ({ connection, account })
const names = (order: readonly { connection: string; account: string }[]) =>
  order.map((one) => `${one.connection}/${one.account}`)

test('people are sought where they were last seen, then on the platform that can do most', () => {
  expect(names(inOrder([at('w'), at('d'), at('f')], [], platforms))).toEqual(['f/a', 'd/a', 'w/a'])
  const seen = [
    { ...at('w'), at: 9 },
    { ...at('f'), at: 5 },
  ]
  expect(names(inOrder([at('f'), at('d'), at('w')], seen, platforms))).toEqual(['w/a', 'f/a', 'd/a'])
})

test('two accounts on one connection have two once-keys, and one account alone keeps the plain one', () => {
  const [one, other, third] = inOrder([at('f', 'a'), at('f', 'b'), at('w')], [], platforms)
  expect(one?.mark).toMatch(/^-[0-9a-f]{8}$/)
  expect(other?.mark).not.toBe(one?.mark)
  expect(third?.mark).toBe('')
})

test('the order has everybody once and does not depend on how it was asked', () => {
  const account = fc.record({ connection: fc.constantFrom('f', 'd', 'w', 'x'), account: fc.constantFrom('a', 'b', 'c') })
  const accounts = fc.uniqueArray(account, { selector: ({ connection, account: name }) => connection + name, minLength: 1 })
  fc.assert(
    fc.property(accounts, fc.integer({ min: -2, max: 9 }), (list, n) => {
      const order = inOrder(list, [], platforms)
      expect(names(order)).toEqual(names(inOrder([...list].reverse(), [], platforms)))
      expect(names(startingAt(order, n)).sort()).toEqual(names(list).sort())
    }),
  )
})

test('the n-th way begins with the n-th account and goes round', () => {
  const order = inOrder([at('f'), at('d'), at('w')], [], platforms)
  expect(names(startingAt(order, 2))).toEqual(['d/a', 'w/a', 'f/a'])
  expect(names(startingAt(order, 4))).toEqual(names(order))
  expect(names(startingAt(order, Number.NaN))).toEqual(names(order))
})

const start = new Date('2026-05-06T08:00:00Z')
const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000)
const effect = (urgent: boolean, attempts: number): EffectRow =>
  ({ urgent, attempts, first_tried_at: start }) as unknown as EffectRow

test('an urgent notice gives way at the second failure, or at once when the platform asks for a minute', () => {
  expect(givesWay(effect(true, 0), { dueAt: after(2) }, start)).toBe(false)
  expect(givesWay(effect(true, 0), { dueAt: after(60) }, start)).toBe(true)
  expect(givesWay(effect(true, 1), { dueAt: after(6) }, after(2))).toBe(true)
})

test('any other notice gives way after ten minutes of silence', () => {
  expect(givesWay(effect(false, 8), { dueAt: after(900) }, after(599))).toBe(false)
  expect(givesWay(effect(false, 8), { dueAt: after(900) }, after(600))).toBe(true)
})

const tried = (connection: string, outcome: Try['outcome'], dueAt: Date | null = null, maybeSent = false): Try => ({
  ...{ connection, account: 'a', outcome, dueAt, maybeSent, message: null, lost: null, detail: null, card: null },
})

test('whoever took it settles it; else the soonest retry; else the last refusal; nothing is left out of the ledger', () => {
  const late = tried('f', 'retry', after(60), true)
  const soon = tried('d', 'retry', after(5))
  expect(settledBy([late, tried('w', 'done')])).toMatchObject({ connection: 'w', outcome: 'done', passedOver: [late] })
  expect(settledBy([late, soon])).toMatchObject({ connection: 'd', dueAt: after(5), maybeSent: true, passedOver: [late] })
  expect(settledBy([soon, late, tried('w', 'dead')])).toMatchObject({ connection: 'd', outcome: 'retry' })
  expect(settledBy([tried('f', 'dead'), tried('w', 'dead')])).toMatchObject({ connection: 'w', outcome: 'dead' })
})
