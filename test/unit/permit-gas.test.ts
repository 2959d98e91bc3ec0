import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge, type Reading } from '../../src/rules/permits/gas.ts'
import { confinedSpace } from '../../src/rules/permits/gb30871-2022/confined-space.ts'
import { hot } from '../../src/rules/permits/gb30871-2022/hot.ts'
import type { GasRules, JobFacts } from '../../src/rules/permits/rule-pack.ts'
import { convert, exposureLimit, type GasUnit, substanceOf, substances } from '../../src/rules/permits/substances.ts'

const gasOf = (rules: GasRules | null | undefined): GasRules => {
  if (!rules) throw new Error('the pack has no gas rules')
  return rules
}
const hotGas = gasOf(hot.gas)
const spaceGas = gasOf(confinedSpace.gas)

const combustible = (substance: string, value: number | null, unit: GasUnit = 'vol%'): Reading => ({
  kind: 'combustible',
  substance,
  value,
  unit,
})
const hotFacts: JobFacts = { oxygenEquipment: false, where: 'open', bigVessel: false }

test.each([
  ['methane', 10, 0.5],
  ['hydrogen', 12.5, 0.5],
  ['propane', 9.523809524, 0.2],
  ['petrol', 14.285714286, 0.2],
] as const)('%s: %d %%LEL is %d vol%%, both ways', (id, lel, vol) => {
  const substance = substanceOf(id)
  if (!substance) throw new Error(id)
  expect(convert(lel, { from: 'LEL%', to: 'vol%' }, substance)).toBeCloseTo(vol, 9)
  expect(convert(vol, { from: 'vol%', to: 'LEL%' }, substance)).toBeCloseTo(lel, 8)
})

test('conversion there and back is the value, for every substance and unit', () => {
  const units: readonly GasUnit[] = ['vol%', 'LEL%', 'mg/m3', 'ppm']
  fc.assert(
    fc.property(
      fc.constantFrom(...substances),
      fc.constantFrom(...units),
      fc.constantFrom(...units),
      fc.double({ min: 0.01, max: 99, noNaN: true }),
      (substance, from, to, value) => {
        const there = convert(value, { from, to }, substance)
        const back = there === null ? null : convert(there, { from: to, to: from }, substance)
        const hasNone = substance.lel === null && [from, to].includes('LEL%')
        expect(there === null).toBe(hasNone)
        expect(hasNone || Math.abs(Number(back) - value) < 0.000_1 * value + 0.01).toBe(true)
      },
    ),
  )
})

test('more gas is more gas in every unit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...substances),
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.double({ min: 0.001, max: 50, noNaN: true }),
      (substance, value, more) => {
        const less = convert(value, { from: 'vol%', to: 'mg/m3' }, substance)
        expect(Number(convert(value + more, { from: 'vol%', to: 'mg/m3' }, substance))).toBeGreaterThan(Number(less))
      },
    ),
  )
})

test('substances are known by id, Chinese name and short name; each once, with a source', () => {
  expect(['methane', '甲烷', 'CH4', 'ch4 ', '天然气'].map((word) => substanceOf(word)?.id)).toEqual(Array(5).fill('methane'))
  expect(substanceOf('Ｈ２Ｓ')?.id).toBe('hydrogenSulfide')
  expect(['', 'x', '煤气', '混合气', 'toString'].map(substanceOf)).toEqual(Array(5).fill(null))
  const words = substances.flatMap(({ id, name, aliases }) => [id, name, ...aliases].map((word) => word.toLowerCase()))
  expect(new Set(words).size).toBe(words.length)
  expect(substances.every(({ source, lel }) => source !== '' && (lel === null || lel > 0))).toBe(true)
})

test('the exposure limit is the ceiling or short-term one, else the time-weighted one', () => {
  const of = (word: string) => {
    const substance = substanceOf(word)
    return substance && exposureLimit(substance)
  }
  expect(of('硫化氢')).toEqual({ most: 10, kind: 'MAC' })
  expect(of('一氧化碳')).toEqual({ most: 30, kind: 'PC-STEL' })
  expect(of('环氧乙烷')).toEqual({ most: 2, kind: 'PC-TWA' })
  expect(of('甲烷')).toBeNull()
})

test.each([
  ['empty', combustible('methane', null), 'noValue'],
  ['no number', combustible('methane', Number.NaN), 'implausible'],
  ['negative', combustible('methane', -0.1), 'implausible'],
  ['more than all', combustible('methane', 100.1), 'implausible'],
  ['an unknown substance', combustible('瓦斯混合气', 0), 'unknownSubstance'],
  ['what does not burn', combustible('chlorine', 0), 'noLel'],
  ['oxygen as an explosive gas', combustible('oxygen', 0), 'otherKind'],
  ['methane as oxygen', { kind: 'oxygen', substance: 'methane', value: 20, unit: 'vol%' }, 'otherKind'],
  ['%LEL of oxygen', { kind: 'oxygen', substance: 'oxygen', value: 20, unit: 'LEL%' }, 'noUnit'],
] as const)('a value that cannot be judged is refused: %s', (_, reading, because) => {
  expect(judge(hotGas, hotFacts, reading)).toMatchObject({ kind: 'refused', because })
})

test('a toxic substance without a limit of its own is refused; with one it is held to it, whatever the unit', () => {
  const facts: JobFacts = { oxygenRich: false }
  const toxic = (substance: string, value: number, unit: GasUnit = 'mg/m3') =>
    judge(spaceGas, facts, { kind: 'toxic', substance, value, unit })
  expect(toxic('methane', 0)).toMatchObject({ kind: 'refused', because: 'noExposureLimit' })
  expect(toxic('H2S', 10)).toMatchObject({ kind: 'judged', passed: true, clause: '6.4 b', limit: '≤10 mg/m³' })
  expect(toxic('H2S', 10.01)).toMatchObject({ passed: false })
  expect(toxic('H2S', 7, 'ppm')).toMatchObject({ passed: true })
  expect(toxic('H2S', 7.1, 'ppm')).toMatchObject({ passed: false })
})

test('a looser number of a site never lifts the substance’s own toxic limit', () => {
  const limits = [{ id: 'toxic', kind: 'toxic' as const, unit: 'mg/m3' as const, most: 100, clause: '6.4 b' }]
  expect(judge({ limits }, {}, { kind: 'toxic', substance: 'H2S', value: 11, unit: 'mg/m3' })).toMatchObject({ passed: false })
})

test('an answer that decides the limit and is missing refuses the value', () => {
  expect(judge(spaceGas, {}, { kind: 'oxygen', substance: 'oxygen', value: 20.9, unit: 'vol%' })).toEqual({
    kind: 'refused',
    because: 'missingFacts',
    missing: ['oxygenRich'],
  })
})

test('what nothing limits is recorded and proves nothing', () => {
  expect(judge(hotGas, hotFacts, { kind: 'oxygen', substance: 'O2', value: 20.9, unit: 'vol%' })).toEqual({
    kind: 'unlimited',
    vol: 20.9,
  })
})

test('the limit is told as the detector shows it, rounded to the safe side', () => {
  expect(judge(hotGas, hotFacts, combustible('propane', 9.5, 'LEL%'))).toMatchObject({
    passed: true,
    limit: '≤0.2%（体积），丙烷即 9.5%LEL',
  })
  expect(judge(hotGas, hotFacts, combustible('propane', 9.6, 'LEL%'))).toMatchObject({ passed: false })
})

test('what a conversion loses beyond nine decimals moves no value over its limit', () => {
  expect(judge(hotGas, hotFacts, combustible('propane', 9.523809524, 'LEL%'))).toMatchObject({ passed: true, vol: 0.2 })
})

test('property: a value passes hot work exactly when it is at most 0.5 or 0.2 vol%', () => {
  const burning = substances.filter(({ lel }) => lel !== null)
  fc.assert(
    fc.property(fc.constantFrom(...burning), fc.integer({ min: 0, max: 1000 }), ({ id, lel }, thousandths) => {
      const judged = judge(hotGas, hotFacts, combustible(id, thousandths / 1000))
      expect(judged.kind === 'judged' && judged.passed).toBe(thousandths <= (Number(lel) >= 4 ? 500 : 200))
    }),
  )
})
