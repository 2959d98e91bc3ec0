import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { packById } from '../../src/rules/permits/packs.ts'
import type { WorkType } from '../../src/rules/permits/rule-pack.ts'
import { allWorks, rulesIn } from './permit-packs-kit.ts'

/** What is measured and what the sky may do, by the numbers of the standards, once more and apart from the packs. */
const hazchem = 'GB30871-2022@1'
const elsewhere = 'GB46768-2025@1'

const limitsOf = (id: string, work: WorkType) =>
  (rulesIn(id, work).gas?.limits ?? []).map(({ kind, unit, least, most, lel, clause }) => [kind, unit, least, most, lel, clause])

test('limits of gas: percent of volume by the substance’s own LEL under GB 30871, never a flat percentage of LEL', () => {
  const byLel = (clause: string) => [
    ['combustible', 'vol%', undefined, 0.5, { atLeast: 4 }, clause],
    ['combustible', 'vol%', undefined, 0.2, { below: 4 }, clause],
  ]
  expect(limitsOf(hazchem, 'hot')).toEqual([...byLel('5.3.2'), ['oxygen', 'vol%', undefined, 23.5, undefined, '5.2.7']])
  expect(limitsOf(hazchem, 'confinedSpace')).toEqual([
    ['oxygen', 'vol%', 19.5, 21, undefined, '6.4 a'],
    ['oxygen', 'vol%', 19.5, 23.5, undefined, '6.4 a'],
    ['toxic', 'mg/m3', undefined, undefined, undefined, '6.4 b'],
    ...byLel('6.4 c'),
  ])
  expect(limitsOf(hazchem, 'temporaryPower')).toEqual(byLel('10.1'))
  const spaces = rulesIn(hazchem, 'confinedSpace').gas?.limits.filter(({ kind }) => kind === 'oxygen') ?? []
  expect(spaces.map(({ when }) => when)).toEqual([[{ fact: 'oxygenRich', is: false }], [{ fact: 'oxygenRich', is: true }]])
})

test('limits of gas: 10 % LEL and 19.5 to 23.5 % of oxygen hold under GB 46768 alone', () => {
  expect(limitsOf(elsewhere, 'confinedSpace')).toEqual([
    ['oxygen', 'vol%', 19.5, 23.5, undefined, '5.9.1 a'],
    ['combustible', 'LEL%', undefined, 10, undefined, '5.9.1 b'],
    ['toxic', 'mg/m3', undefined, undefined, undefined, '5.9.1 c'],
  ])
  const lel = allWorks.filter(({ rules }) => rules.gas?.limits.some(({ unit }) => unit === 'LEL%'))
  expect(lel.map(({ pack }) => pack.id)).toEqual([elsewhere])
})

test('a sample is at most 30 minutes old, and stale after a break of 30, 60 or no minutes', () => {
  const gas = (id: string, work: WorkType) => rulesIn(id, work).gas
  expect(gas(hazchem, 'hot')?.sampleAge).toEqual({ most: minutes(30), clause: '5.3.1 c', isDefault: false })
  expect(gas(hazchem, 'confinedSpace')?.sampleAge).toEqual({ most: minutes(30), clause: '6.3 a', isDefault: false })
  expect(gas(elsewhere, 'confinedSpace')?.sampleAge).toEqual({ most: minutes(30), clause: '自定', isDefault: true })
  expect(gas(hazchem, 'hot')?.retestAfter).toEqual({
    special: { most: minutes(30), clause: '5.3.1 d' },
    one: { most: minutes(30), clause: '5.3.1 d' },
    two: { most: minutes(60), clause: '5.3.1 d' },
  })
  expect(gas(hazchem, 'confinedSpace')?.retestAfter).toEqual({ any: { most: minutes(60), clause: '6.3 f' } })
  expect(gas(elsewhere, 'confinedSpace')?.retestAfter).toEqual({ any: { most: 0, clause: '6.2.7' } })
  expect(gas(hazchem, 'hot')?.daily).toEqual({ clause: '5.3.1 d' })
})

test('values are logged every two hours under GB 30871 and every 15 minutes under GB 46768', () => {
  expect(rulesIn(hazchem, 'confinedSpace').gas?.logEvery).toEqual({ any: { every: hours(2), continuous: true, clause: '6.5' } })
  expect(rulesIn(elsewhere, 'confinedSpace').gas?.logEvery).toEqual({
    any: { every: minutes(15), continuous: true, clause: '6.2.3' },
  })
  expect(Object.keys(rulesIn(hazchem, 'hot').gas?.logEvery ?? {})).toEqual(['special'])
})

test('weather stops hot work and work at height at force 5, lifting at force 6, and nothing else', () => {
  const stops = packById(hazchem)?.works ?? {}
  const read = Object.values(stops).flatMap(({ work, weather }) =>
    weather.map(({ kind, atLeast, clause }) => [work, kind, atLeast, clause]),
  )
  expect(read).toEqual([
    ['hot', 'windForce', 5, '5.2.15'],
    ['height', 'windForce', 5, '8.2.6'],
    ['height', 'fog', undefined, '8.2.6'],
    ['lifting', 'windForce', 6, '9.2.4'],
    ['lifting', 'heavySnow', undefined, '9.2.4'],
    ['lifting', 'rainstorm', undefined, '9.2.4'],
    ['lifting', 'fog', undefined, '9.2.4'],
  ])
})

test('hot work alone is upgraded: on holidays, rest days, at night, in wind', () => {
  const upgrades = allWorks.filter(({ rules }) => rules.upgrades.length > 0)
  expect(new Set(upgrades.map(({ rules }) => rules.work))).toEqual(new Set(['hot']))
  expect(rulesIn(hazchem, 'hot').upgrades.map(({ on, atLeast, clause }) => [on, atLeast, clause])).toEqual([
    ['holiday', undefined, '5.1.1'],
    ['restDay', undefined, '5.1.1'],
    ['night', undefined, '5.1.1'],
    ['windForce', 5, '5.2.15'],
  ])
})
