import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelOf, ticketNeeded } from '../../src/rules/permits/level.ts'
import type { JobFacts } from '../../src/rules/permits/rule-pack.ts'
import { whenHolds } from '../../src/rules/permits/test-facts.ts'
import { rulesIn } from './permit-packs-kit.ts'

const pointsFor = (id: string, work: 'hot' | 'confinedSpace', facts: JobFacts): readonly string[] =>
  (rulesIn(id, work).gas?.points ?? []).filter(({ when }) => whenHolds(when, facts).kind !== 'no').map((point) => point.id)

const spaces = 'GB46768-2025@1'
const verticalPoints = (depth: number): readonly string[] =>
  pointsFor(spaces, 'confinedSpace', { direction: 'vertical', depth }).filter((id) => id.startsWith('vertical'))

test.each([
  [0.5, 2],
  [1.99, 2],
  [2, 3],
  [18, 3],
  [18.01, 4],
  [26, 4],
  [26.01, 5],
  [50, 7],
])('a vertical space of %d m has %i points besides its entrance', (depth, count) => {
  expect(verticalPoints(depth)).toHaveLength(count)
})

test('whatever its depth, a vertical space has gaps of at most 8 m between points within 1 m of roof and floor', () => {
  fc.assert(
    fc.property(fc.double({ min: 2, max: 50, noNaN: true }), (depth) => {
      const count = verticalPoints(depth).length
      expect(count).toBeGreaterThanOrEqual(3)
      expect((depth - 2) / (count - 1)).toBeLessThanOrEqual(8)
    }),
  )
})

test('the first point is at the entrance; a horizontal space has a near and a far one', () => {
  expect(pointsFor(spaces, 'confinedSpace', { direction: 'horizontal', depth: 3 })).toEqual([
    'entrance',
    'horizontalNear',
    'horizontalFar',
  ])
  expect(rulesIn(spaces, 'confinedSpace').gas?.points[0]?.id).toBe('entrance')
})

test('a space of unknown shape is sampled everywhere, and one deeper than the points reach is not believed', () => {
  const all = rulesIn(spaces, 'confinedSpace').gas?.points.length
  expect(pointsFor(spaces, 'confinedSpace', {})).toHaveLength(all ?? -1)
  expect(rulesIn(spaces, 'confinedSpace').questions.find(({ id }) => id === 'depth')?.range).toEqual([0.1, 50])
})

const hazchem = 'GB30871-2022@1'
test.each<readonly [JobFacts, readonly string[]]>([
  [{ where: 'inside', bigVessel: false }, ['inside']],
  [{ where: 'inside', bigVessel: true }, ['top', 'middle', 'bottom']],
  [{ where: 'outerWall', bigVessel: false }, ['contents', 'around']],
  [{ where: 'outerWall', bigVessel: true }, ['top', 'middle', 'bottom', 'around']],
  [{ where: 'open', bigVessel: false }, ['around']],
  [{}, ['top', 'middle', 'bottom', 'inside', 'contents', 'around']],
])('hot work at %j is sampled at %j (5.3.1 a, b)', (facts, points) => {
  expect(pointsFor(hazchem, 'hot', facts)).toEqual(points)
})

test('whatever the answers, hot work and spaces have at least one point', () => {
  const where = fc.constantFrom('inside', 'outerWall', 'open')
  fc.assert(
    fc.property(where, fc.boolean(), (at, large) => {
      expect(pointsFor(hazchem, 'hot', { where: at, bigVessel: large })).not.toEqual([])
      expect(pointsFor(hazchem, 'confinedSpace', { bigSpace: large })).not.toEqual([])
    }),
  )
})

const excavation = rulesIn(hazchem, 'excavation')
test.each<readonly [JobFacts, 'found' | 'none' | 'missing', 'needed' | 'notNeeded' | 'missing']>([
  [{ metres: 0.5, machine: false, buriedInstallations: false }, 'found', 'needed'],
  [{ metres: 0.49, machine: false, buriedInstallations: true }, 'none', 'notNeeded'],
  [{ metres: 0, machine: true, buriedInstallations: true }, 'found', 'needed'],
  [{ metres: 0, machine: true, buriedInstallations: false }, 'none', 'notNeeded'],
  [{ machine: false }, 'missing', 'missing'],
])('excavation %j: level %s, ticket %s (3.11)', (facts, level, ticket) => {
  expect(levelOf(excavation, facts).kind).toBe(level)
  expect(ticketNeeded(excavation, facts).kind).toBe(ticket)
})

const power = rulesIn(hazchem, 'temporaryPower')
test.each([
  ['other', 'only'],
  ['hot', 'withHot'],
  ['confinedSpace', 'withConfinedSpace'],
])('power for %s work is of level %s, which lasts as that work does (10.8)', (forWork, level) => {
  expect(levelOf(power, { forWork })).toMatchObject({ kind: 'found', level })
})

/** Volts, kind of current, and whether it is in a risk area: which certificates an electrician needs (4.9). */
test.each<readonly [number, boolean, boolean, readonly string[]]>([
  [380, false, false, ['electric.low']],
  [1000, false, false, ['electric.low']],
  [1001, false, false, ['electric.high']],
  [1000, true, false, ['electric.low']],
  [1500, true, false, ['electric.low']],
  [1501, true, false, ['electric.high']],
  [10_000, false, true, ['electric.high', 'electric.explosionProof']],
  [220, false, true, ['electric.low', 'electric.explosionProof']],
])('%i V, direct %s, risk area %s: %j', (volts, direct, riskArea, trades) => {
  const asked = power.certificates.filter(
    ({ who, when }) => who === 'worker' && whenHolds(when, { volts, direct, riskArea }).kind !== 'no',
  )
  expect(asked.flatMap((rule) => rule.trades)).toEqual(trades)
})

test('whatever the voltage, an electrician of exactly one of both voltages is asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 35_000 }), fc.boolean(), (volts, direct) => {
      const asked = power.certificates.filter(
        ({ who, when }) => who === 'worker' && whenHolds(when, { volts, direct, riskArea: false }).kind !== 'no',
      )
      expect(asked).toHaveLength(1)
    }),
  )
})
