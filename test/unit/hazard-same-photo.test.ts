import { expect, test } from 'vitest'
import { because, caseIn, type Desk, noticesOf, person, signature, stored, system } from './hazard-desk.ts'

/** The workshop has kept a file of the case; `as` names the bytes that came. */
const keeps = (desk: Desk, file: string, as: string) => desk.must(system, { ...stored(file), original: as })
const after = (desk: Desk) => desk.state().files.find(({ id }) => id === 'fil_after00')

test.each([
  ['before first', ['fil_before0', 'fil_after00']],
  ['after first', ['fil_after00', 'fil_before0']],
])('the same picture before and after proves nothing, developed %s: its sender hears so, and it is not handed in', (_, order) => {
  const desk = caseIn('rectifying')
  const results = order.map((file) => keeps(desk, file, 'the very same bytes'))
  expect(results.map(noticesOf)).toEqual([[], ['fitter photo-same-as-before']])
  expect(after(desk)).toMatchObject({ state: 'refused', because: 'same-as-before', original: 'the very same bytes' })
  expect(desk.state().files.find(({ id }) => id === 'fil_before0')?.state).toBe('stored')
  expect(because(desk.run(person('fitter'), signature))).toBe('evidence-missing')
})

test('another picture is taken, and the same one of another stage is none of its business', () => {
  const desk = caseIn('rectifying')
  keeps(desk, 'fil_before0', 'one')
  keeps(desk, 'fil_during0', 'one')
  keeps(desk, 'fil_after00', 'another')
  expect(desk.state().files.map(({ state }) => state)).toEqual(['stored', 'stored', 'stored'])
})

test('found out while verifiers look at it, there is nothing left that they could pass', () => {
  const desk = caseIn('verifying')
  keeps(desk, 'fil_before0', 'the very same bytes')
  keeps(desk, 'fil_after00', 'the very same bytes')
  expect(after(desk)?.state).toBe('refused')
  expect(desk.state().status).toBe('verifying')
})
