import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import type { PinState } from '../../src/workflows/pin/pin.ts'
import { because, commandsOf, createDesk, noticesOf, person, system, untrue } from './desk.ts'

const offered = () => {
  const desk = createDesk<PinState>('pin')
  desk.must(system, { type: 'offer', person: 'welder' })
  return desk
}

test('the words lead to the one subject of a person, whatever they said before', () => {
  const [first, second] = [createDesk('pin'), createDesk('pin')]
  const asked = (desk: ReturnType<typeof createDesk>) =>
    commandsOf(desk.must(person('welder'), { type: 'ask', text: '设置签名口令' }))
  expect(asked(first)[0]?.subject).toBe(asked(second)[0]?.subject)
  expect(first.card('welder').form).toEqual([])
})

test.each([
  ['246813', '246813', 'accepted pin-set'],
  ['246813', '246814', 'pins-differ'],
  ['24681', '24681', 'pin-weak'],
  ['1234567890123', '1234567890123', 'pin-weak'],
  ['111111', '111111', 'pin-weak'],
  ['456789', '456789', 'pin-weak'],
  ['987654', '987654', 'pin-weak'],
  ['24a813', '24a813', 'pin-weak'],
  ['', '', 'pin-weak'],
])('%s and %s: %s', (pin, again, expected) => {
  expect(because(offered().run(person('welder'), { type: 'setPin', pin, again }))).toBe(expected)
})

test('only its own person sets it, on a card that masks it; nothing that is kept holds it', () => {
  const desk = offered()
  expect(because(desk.run(person('lead'), { type: 'setPin', pin: '246813', again: '246813' }))).toBe('own-pin-only')
  expect(desk.card('lead').actions).toEqual([])
  expect(desk.card('welder').form.map(({ kind }) => kind)).toEqual(['secret', 'secret'])
  const result = desk.must(person('welder'), { type: 'setPin', pin: '246813', again: '246813' })
  expect(noticesOf(result)).toEqual(['welder pin-changed'])
  expect(JSON.stringify([desk.state(), desk.journal(), desk.index(), result.effects, desk.card('welder')])).not.toContain(
    '246813',
  )
  expect(desk.card('welder').tone).toBe('success')
  expect(untrue(desk as unknown as Parameters<typeof untrue>[0])).toEqual([])
})

test('five wrong ones close it for an hour, and its person hears of it', () => {
  const desk = offered()
  desk.must(person('welder'), { type: 'setPin', pin: '246813', again: '246813' })
  for (let wrong = 1; wrong < 5; wrong += 1)
    expect(noticesOf(desk.must(system, { type: 'noteWrong', person: 'welder' }))).toEqual([])
  expect(noticesOf(desk.must(system, { type: 'noteWrong', person: 'welder' }))).toEqual(['welder pin-guessed'])
  expect(desk.card('welder').facts.map(({ label }) => label)).toContain('暂停至')
  expect(because(desk.run(person('welder'), { type: 'setPin', pin: '135792', again: '135792' }))).toBe('pin-closed')
  desk.passes(hours(1))
  expect(because(desk.run(person('welder'), { type: 'setPin', pin: '135792', again: '135792' }))).toBe('accepted pin-set')
})
