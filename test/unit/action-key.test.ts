import fc from 'fast-check'
import { expect, test } from 'vitest'
import { actionKey, readActionKey } from '../../src/cards/action-key.ts'
import { newId } from '../../src/lib/id.ts'
import { linkSubject } from '../../src/workflows/link/workflow.ts'

const at = new Date('2026-11-24T02:00:00Z')

test('a key is read as it was written', () => {
  const key = fc.record({
    workflow: fc.constantFrom('hazard', 'link', 'two-words'),
    command: fc.constantFrom('accept', 'startRectify', 'addEvidence'),
    subject: fc.constantFrom('-', newId('haz', at), linkSubject({ connection: 'a', account: 'b' })),
    revision: fc.nat(999_999_999),
  })
  fc.assert(
    fc.property(key, (one) => {
      expect(readActionKey(actionKey(one))).toEqual(one)
    }),
  )
  const held = { workflow: 'hazard', command: 'addEvidence', subject: newId('haz', at), revision: 3, argument: newId('arr', at) }
  expect(readActionKey(actionKey(held))).toEqual(held)
  expect(actionKey({ workflow: 'hazard', command: 'accept', subject: 'haz_0000000000', revision: 3 })).toBe(
    'hazard.accept:haz_0000000000@3',
  )
})

test.each([
  '',
  'hazard.accept',
  'hazard.accept:haz_0000000000',
  'hazard.accept:haz_0000000000@',
  'hazard.accept:haz_0000000000@-1',
  'hazard.accept:haz_0000000000@1.5',
  'hazard.accept:haz_0000000000@1 ',
  'hazard.accept:haz_0000000000@1\n',
  '\nhazard.accept:haz_0000000000@1',
  'hazard.accept:haz_0000000000@1~',
  'hazard.accept:haz_0000000000@1~arr A',
  'hazard.accept:HAZ_0000000000@1',
  'hazard.accept:haz_000@1',
  "hazard.accept:haz_0000000000'--@1",
  'hazard.accept:../../etc@1',
  'hazard.__proto__:haz_0000000000@1',
  'Hazard.accept:haz_0000000000@1',
  'hazard.accept:haz_0000000000@1234567890',
  `hazard.${'a'.repeat(31)}:haz_0000000000@1`,
  `hazard.accept:haz_${'0'.repeat(41)}@1`,
  `hazard.accept:haz_0000000000@1~${'a'.repeat(81)}`,
  '{"command":"accept"}',
])('%j is no key of ours', (text) => {
  expect(readActionKey(text)).toBeNull()
})

test('any other text is no key and no fault', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(readActionKey(text)).toBeNull()
    }),
  )
})

test('ids start with what they name, sort by time, and differ', () => {
  const ids = Array.from({ length: 500 }, (_, index) => newId('haz', new Date(at.getTime() + index)))
  expect(ids.every((id) => /^haz_[0-9a-z]{25}$/.test(id))).toBe(true)
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(Array.from({ length: 500 }, () => newId('eff', at))).size).toBe(500)
})
