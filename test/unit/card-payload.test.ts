import { expect, test } from 'vitest'
import { type CardPayload, dutiesOf, joined } from '../../src/engine/card-payload.ts'

const card = (more: Partial<CardPayload>): CardPayload => ({ duty: null, ring: false, ...more })

test('two cards of one decision to one person are one that asks for both, and rings when either would', () => {
  expect(joined(card({ duty: 'triage' }), card({ duty: 'reach', ring: true }))).toEqual({
    duty: 'triage',
    also: ['reach'],
    ring: true,
  })
  expect(joined(card({}), card({ duty: 'reach' }))).toEqual({ duty: 'reach', ring: false })
  expect(joined(card({ duty: 'reach', ring: true }), card({}))).toEqual({ duty: 'reach', ring: true })
  expect(joined(card({ duty: 'reach' }), card({ duty: 'reach' }))).toEqual({ duty: 'reach', ring: false })
  expect(joined(card({ duty: 'a', also: ['b'] }), card({ duty: 'c', channel: 2, clock: true }))).toEqual({
    ...{ duty: 'a', also: ['b', 'c'], ring: false, channel: 2, clock: true },
  })
})

test('duties are read from whatever an effect holds, and nothing is a duty that is no word', () => {
  expect(dutiesOf({ duty: 'triage', also: ['reach', 7, null] })).toEqual(['triage', 'reach'])
  expect(dutiesOf({ duty: null })).toEqual([])
  expect(dutiesOf({ also: 'reach' })).toEqual([])
})
