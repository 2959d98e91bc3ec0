import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import {
  type GasMoment,
  gasNeeds,
  gasVerdict,
  isCalibrated,
  latest,
  type Sample,
  validUntil,
} from '../../src/rules/permits/gas-window.ts'
import { confinedSpace } from '../../src/rules/permits/gb30871-2022/confined-space.ts'
import { hot } from '../../src/rules/permits/gb30871-2022/hot.ts'
import { gb46768 } from '../../src/rules/permits/gb46768-2025.ts'
import type { GasRules, JobFacts } from '../../src/rules/permits/rule-pack.ts'

const gasOf = (rules: GasRules | null | undefined): GasRules => {
  if (!rules) throw new Error('the pack has no gas rules')
  return rules
}
const hotGas = gasOf(hot.gas)
const spaceGas = gasOf(confinedSpace.gas)
const otherGas = gasOf(gb46768.works.confinedSpace?.gas)
const hotFacts: JobFacts = { oxygenEquipment: false, where: 'open', bigVessel: false }

const noon = new Date('2026-11-24T04:00:00.000Z')
const ago = (minutesAgo: number): string => new Date(noon.getTime() - minutes(minutesAgo)).toISOString()
const sample = (more: Partial<Sample> = {}): Sample => ({
  kind: 'combustible',
  substance: 'methane',
  value: 0.1,
  unit: 'vol%',
  point: 'around',
  sampledAt: ago(10),
  calibrationDue: '2027-01-01',
  ...more,
})
const moment = (more: Partial<GasMoment> = {}): GasMoment => ({
  samples: [sample()],
  facts: hotFacts,
  level: 'one',
  workingSince: null,
  stoppedAt: null,
  at: noon,
  timeZone: 'Asia/Shanghai',
  ...more,
})
const problem = (gas: GasRules, at: GasMoment) => {
  const verdict = gasVerdict(gas, at)
  return verdict.kind === 'invalid' ? verdict.problems.map(({ because }) => because) : 'valid'
}

test('before the start a sample counts for thirty minutes from sampling, the edge included', () => {
  expect(validUntil(hotGas, moment())).toEqual(new Date(noon.getTime() + minutes(20)))
  expect(problem(hotGas, moment({ samples: [sample({ sampledAt: ago(30) })] }))).toBe('valid')
  const late = gasVerdict(
    hotGas,
    moment({ samples: [sample({ sampledAt: new Date(noon.getTime() - minutes(30) - 1).toISOString() })] }),
  )
  expect(late).toMatchObject({ kind: 'invalid', problems: [{ because: 'stale', clause: '5.3.1 c' }] })
})

test.each([
  ['nothing was sampled', [], ['notSampled']],
  ['the wrong point was sampled', [sample({ point: 'elsewhere' })], ['notSampled']],
  ['the last value failed', [sample(), sample({ sampledAt: ago(5), value: 0.6 })], ['failed']],
  ['a value at another point failed', [sample(), sample({ point: 'drain', value: 0.6 })], ['failed']],
  ['an earlier value failed and a later one passed', [sample({ value: 0.6 }), sample({ sampledAt: ago(5) })], 'valid'],
  ['two values at one instant, one failed', [sample(), sample({ value: 0.6 })], ['failed']],
  ['sampled in the future', [sample({ sampledAt: ago(-1) })], ['fromTheFuture']],
  ['sampled at no time', [sample({ sampledAt: 'just now' })], ['fromTheFuture']],
  ['the instrument was out of calibration', [sample({ calibrationDue: '2026-11-23' })], ['calibration']],
  ['the instrument’s calibration is not told', [sample({ calibrationDue: '' })], ['calibration']],
  ['an unknown substance', [sample(), sample({ substance: '混合气' })], ['notJudged']],
  ['another substance at the point is stale', [sample(), sample({ substance: 'propane', sampledAt: ago(31) })], ['stale']],
] as const)('%s', (_, samples, because) => {
  expect(problem(hotGas, moment({ samples }))).toEqual(because)
})

test('calibration holds through its due date at the site', () => {
  expect(isCalibrated(sample({ calibrationDue: '2026-11-24' }), 'Asia/Shanghai')).toBe(true)
  expect(isCalibrated(sample({ sampledAt: '2026-11-24T16:00:00.000Z', calibrationDue: '2026-11-24' }), 'Asia/Shanghai')).toBe(
    false,
  )
  expect(isCalibrated(sample({ calibrationDue: ago(11) }), 'Asia/Shanghai')).toBe(false)
})

test('a large vessel is sampled at three points, each wanted', () => {
  const facts: JobFacts = { ...hotFacts, where: 'inside', bigVessel: true }
  const needs = gasNeeds(hotGas, facts)
  expect(needs).toMatchObject({ kind: 'needs', needs: [{ point: 'top' }, { point: 'middle' }, { point: 'bottom' }] })
  const three = ['top', 'middle', 'bottom'].map((point) => sample({ point }))
  expect(problem(hotGas, moment({ facts, samples: three }))).toBe('valid')
  expect(problem(hotGas, moment({ facts, samples: three.slice(1) }))).toEqual(['notSampled'])
})

test('answers that are missing are named, and the test does not count', () => {
  expect(gasNeeds(hotGas, {})).toMatchObject({ kind: 'missing' })
  expect(problem(hotGas, moment({ facts: {} }))).toEqual(['missingFacts'])
})

test('where no gas test is wanted there is no countdown', () => {
  expect(gasVerdict(null, moment())).toEqual({ kind: 'valid', until: null, nextLog: null })
  expect(
    gasVerdict({ ...hotGas, when: [{ fact: 'riskArea', is: true }] }, moment({ facts: { ...hotFacts, riskArea: false } })),
  ).toMatchObject({ until: null })
})

const started = { workingSince: ago(120), samples: [sample({ sampledAt: ago(125) })] }

test.each([
  ['special', 30, 'valid'],
  ['special', 31, ['afterBreak']],
  ['one', 30, 'valid'],
  ['one', 31, ['afterBreak']],
  ['two', 60, 'valid'],
  ['two', 61, ['afterBreak']],
] as const)('hot work, level %s, stopped for %d minutes: %j', (level, stopped, because) => {
  expect(problem(hotGas, moment({ ...started, level, stoppedAt: ago(stopped) }))).toEqual(because)
})

test('a level without its own break rule takes the one for all; without either any break wants a new sample', () => {
  const rules = (retestAfter: GasRules['retestAfter']): GasRules => ({ ...hotGas, retestAfter })
  const at = moment({ ...started, level: 'two', stoppedAt: ago(20) })
  expect(problem(rules({ any: { most: minutes(20), clause: 'x' } }), at)).toBe('valid')
  expect(problem(rules({ any: { most: minutes(19), clause: 'x' } }), at)).toEqual(['afterBreak'])
  expect(problem(rules({}), at)).toEqual(['stale'])
})

test('after a long break only a sample taken since then counts, and it ages', () => {
  const renewed = (sampled: number) =>
    moment({ workingSince: ago(200), stoppedAt: ago(90), samples: [sample({ sampledAt: ago(sampled) })] })
  expect(validUntil(hotGas, renewed(5))).toEqual(new Date(noon.getTime() + minutes(25)))
  expect(problem(hotGas, renewed(31))).toEqual(['stale'])
  expect(problem(hotGas, renewed(91))).toEqual(['afterBreak'])
})

const space: Partial<GasMoment> = {
  level: 'only',
  facts: { direction: 'vertical', depth: 1.5, oxygenRich: false, bigSpace: false },
}
const spaceSamples = (points: readonly string[], sampledAt: string): readonly Sample[] =>
  points.flatMap((point) => [
    sample({ point, sampledAt, value: 0.1 }),
    sample({ point, sampledAt, kind: 'oxygen', substance: 'oxygen', value: 20.9 }),
    sample({ point, sampledAt, kind: 'toxic', substance: 'H2S', value: 0, unit: 'mg/m3' }),
  ])

test('GB 46768: any interruption wants a new sample', () => {
  const points = ['entrance', 'verticalTop', 'verticalBottom']
  const broken = (sampled: number) =>
    moment({ ...space, workingSince: ago(14), stoppedAt: ago(5), samples: spaceSamples(points, ago(sampled)) })
  expect(problem(otherGas, broken(6))).toEqual(['afterBreak'])
  expect(problem(otherGas, broken(4))).toBe('valid')
})

test('a confined space is logged every two hours; the next log is due two hours after the value that was logged longest ago', () => {
  const inside = spaceSamples(['inside'], ago(100))
  const at = moment({ ...space, workingSince: ago(90), samples: inside })
  expect(gasVerdict(spaceGas, at)).toEqual({
    kind: 'valid',
    until: new Date(noon.getTime() + minutes(30)),
    nextLog: new Date(noon.getTime() + minutes(30)),
  })
  const onlyOxygen = [...inside, ...spaceSamples(['inside'], ago(1)).slice(1, 2)]
  expect(validUntil(spaceGas, { ...at, samples: onlyOxygen })).toEqual(new Date(noon.getTime() + minutes(30)))
  const all = [...inside, ...spaceSamples(['inside'], ago(1))]
  expect(validUntil(spaceGas, { ...at, samples: all })).toEqual(new Date(noon.getTime() + minutes(119)))
  expect(problem(spaceGas, { ...at, workingSince: ago(121), samples: spaceSamples(['inside'], ago(122)) })).toEqual([
    'logOverdue',
  ])
})

test('while work is stopped no log is due', () => {
  const at = moment({ ...space, workingSince: ago(300), stoppedAt: ago(10), samples: spaceSamples(['inside'], ago(200)) })
  expect(gasVerdict(spaceGas, at)).toMatchObject({ kind: 'valid', nextLog: null })
})

test('hot work over midnight: a test of the day before ends with it, unless it was made in the last half hour', () => {
  const overnight = (at: string, sampled: string): GasMoment =>
    moment({
      level: 'two',
      at: new Date(at),
      workingSince: '2026-11-24T08:00:00.000Z',
      samples: [sample({ sampledAt: sampled })],
    })
  expect(validUntil(hotGas, overnight('2026-11-24T15:00:00.000Z', '2026-11-24T07:50:00.000Z'))).toEqual(
    new Date('2026-11-24T15:59:59.999Z'),
  )
  expect(problem(hotGas, overnight('2026-11-24T16:00:00.000Z', '2026-11-24T07:50:00.000Z'))).toEqual(['daily'])
  expect(problem(hotGas, overnight('2026-11-24T16:00:00.000Z', '2026-11-24T15:30:00.000Z'))).toBe('valid')
  expect(validUntil(hotGas, overnight('2026-11-24T16:10:00.000Z', '2026-11-24T16:05:00.000Z'))).toEqual(
    new Date('2026-11-25T15:59:59.999Z'),
  )
})

test('the latest value stands for each kind, substance and point, by whatever name it was called', () => {
  const named = [sample({ substance: '甲烷' }), sample({ substance: 'CH4', sampledAt: ago(5) }), sample({ point: 'b' })]
  expect(latest(named).map(({ substance, point }) => [substance, point])).toEqual([
    ['CH4', 'around'],
    ['methane', 'b'],
  ])
})

test('property: valid exactly until the instant it says, and not a millisecond longer', () => {
  const spell = fc.record({
    age: fc.integer({ min: 0, max: 40 }),
    since: fc.integer({ min: 0, max: 600 }),
    stopped: fc.integer({ min: 0, max: 100 }),
  })
  fc.assert(
    fc.property(spell, fc.constantFrom('before', 'working', 'stopped'), ({ age, since, stopped }, phase) => {
      const at = moment({
        samples: [sample({ sampledAt: ago(age) })],
        level: 'special',
        workingSince: phase === 'before' ? null : ago(since),
        stoppedAt: phase === 'stopped' ? ago(Math.min(stopped, since)) : null,
      })
      const until = validUntil(hotGas, at)
      const last = until ?? at.at
      expect(until !== null).toBe(problem(hotGas, at) === 'valid')
      expect(last.getTime()).toBeLessThanOrEqual(noon.getTime() + hours(24))
      expect(problem(hotGas, { ...at, at: last }) === 'valid').toBe(until !== null)
      expect(problem(hotGas, { ...at, at: new Date(last.getTime() + 1) })).not.toBe('valid')
    }),
  )
})
