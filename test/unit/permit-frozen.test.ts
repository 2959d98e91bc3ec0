import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { gb30871 } from '../../src/rules/permits/gb30871-2022/pack.ts'
import type { Overlay } from '../../src/rules/permits/overlay.ts'
import { createPacks, packs } from '../../src/rules/permits/packs.ts'
import type { RulePack } from '../../src/rules/permits/rule-pack.ts'
import { exclusionsFor } from '../../src/rules/permits/site-exclusions.ts'
import { because, untrue } from './desk.ts'
import { goOn, permitAt, rowsOf, takeGas } from './permit-desk.ts'
import { calm, permitPlant, pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

/** The day on which a changed standard takes the place of the present one: level-2 hot work for four hours only. */
const changed: RulePack = {
  ...gb30871,
  id: 'GB30871-2022@2',
  effectiveFrom: '2026-11-25',
  works: {
    ...gb30871.works,
    hot: {
      ...(gb30871.works.hot ?? never()),
      levels: (gb30871.works.hot ?? never()).levels.map((level) => ({
        ...level,
        validity: { ...level.validity, most: hours(4) },
      })),
    },
  },
}
function never(): never {
  throw new Error('the pack has hot work')
}
const replaced = createPacks([
  ...packs.map((pack) => (pack.id === gb30871.id ? { ...pack, effectiveTo: '2026-11-24' } : pack)),
  changed,
])

test('a pack that is replaced answers for the days on which it held, and for every permit that names it, for ever', () => {
  const desk = permitAt('active')
  expect(desk.state().pack).toBe('GB30871-2022@1')
  expect(replaced.packById(desk.state().pack ?? '')?.works).toEqual(gb30871.works)
  expect(replaced.packById(desk.state().pack ?? '')?.works.hot).toEqual(desk.rules())
  for (const [day, id] of [
    ['2022-10-01', '@1'],
    ['2026-11-24', '@1'],
    ['2026-11-25', '@2'],
    ['2030-01-01', '@2'],
  ] as const)
    expect(replaced.packFor('hazchem', 'hot', day)?.id, day).toBe(`GB30871-2022${id}`)
  expect(replaced.packFor('hazchem', 'hot', '2022-09-30')).toBeNull()
})

test('what the fold of a permit says of its rules is the same whenever it is read', () => {
  const desk = permitAt('signing', { sample: sampleOf('hot', 'special') })
  const then = { rules: desk.rules(), level: desk.state().level, chain: desk.state().chain, pack: desk.state().pack }
  desk.passes(hours(24 * 400))
  expect({ rules: desk.rules(), level: desk.state().level, chain: desk.state().chain, pack: desk.state().pack }).toEqual(then)
})

/** What a site asks beyond the standard from one moment on. */
const strict: Overlay = {
  id: 'strict',
  exclusions: ['independent.hot.confinedSpace'],
  works: {
    hot: {
      validity: { two: hours(2) },
      sampleAge: minutes(10),
      retestAfter: { any: minutes(5) },
      limits: { 'combustible.highLel': { most: 0.05 } },
      windForce: 3,
      nodes: [{ id: 'own', label: '消防队', role: 'fireChief', scope: 'site', kind: 'review', clause: '自定', after: 'safety' }],
      measures: [{ id: 'own.line', text: '现场配备消防车', optional: false, clause: '自定' }],
    },
  },
}

test('a site that tightens its rules while a permit is open changes nothing of it: chain, measures, gas, wind and validity stay', () => {
  const desk = permitAt('measures')
  const { chain, period } = desk.state()
  const rules = desk.rules()
  desk.setPlant(permitPlant({ overlay: strict }))
  expect([desk.rules(), desk.state().chain, desk.state().period]).toEqual([rules, chain, period])
  goOn(desk, 'measures', 'issued')
  desk.do('prodLead', { type: 'sign', pin })
  takeGas(desk, minutes(30))
  desk.do('guard', { type: 'checkIn', ...desk.proof() })
  desk.weather({ ...calm, windForce: 4 })
  expect(because(desk.by('wang', { type: 'start' }))).toBe('accepted started')
  desk.do('wang', { type: 'pause', reason: '' })
  desk.passes(minutes(6))
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('accepted resumed')
  expect(untrue(desk)).toEqual([])
})

test('an application that is submitted afterwards is held to the stricter rules, and keeps them when the site loosens again', () => {
  const long = permitAt('filled', { plant: permitPlant({ overlay: strict }) })
  expect(long.by('chen', { type: 'submit' }).decision).toMatchObject({ because: 'too-long', values: { hours: '2' } })
  const desk = permitAt('jsa', { plant: permitPlant({ overlay: strict }), form: { hours: '2' } })
  desk.setPlant(permitPlant())
  expect(desk.state().chain.map(({ id }) => id)).toEqual(['workLeader', 'safety', 'own', 'approver', 'shiftLeader', 'acceptance'])
  expect(desk.state().chain.find(({ id }) => id === 'own')?.statutory).toBe(false)
  expect(desk.rules().gas?.sampleAge.most).toBe(minutes(10))
  expect(desk.rules().measures.some(({ id }) => id === 'own.line')).toBe(true)
})

test('a pair that the site excludes from now on does not stop what was let in before; what comes after is refused', () => {
  const loose: Overlay = { id: 'loose', works: {}, exclusions: [] }
  const space = { number: 2, sample: sampleOf('confinedSpace'), form: { coordinator: '名officerB' } } as const
  const other = rowsOf(permitAt('jsa', { ...space, plant: permitPlant({ overlay: loose }) })).filter(
    ({ name }) => name === 'permit-place',
  )
  const desk = permitAt('active', { plant: permitPlant({ overlay: loose }), form: { coordinator: '名officerB' }, rows: other })
  desk.setPlant(permitPlant({ overlay: strict }))
  desk.asSystem({ type: 'recheck' })
  expect(desk.state().status).toBe('active')
  const late = permitAt('filled', {
    plant: permitPlant({ overlay: strict }),
    form: { coordinator: '名officerB', hours: '2' },
    rows: other,
  })
  expect(because(late.by('chen', { type: 'submit' }))).toBe('accepted conflict')
})

test('a site that becomes another kind of enterprise changes no open permit', () => {
  const desk = permitAt('issued', { sample: sampleOf('confinedSpace') })
  const rules = desk.rules()
  desk.setPlant(permitPlant({ profile: 'general_industry' }))
  expect(desk.rules()).toEqual(rules)
  goOn(desk, 'issued', 'accepted')
  expect(desk.state().pack).toBe('GB30871-2022@1')
  const frozen = { pack: 'GB30871-2022@1', work: 'hot' } as const
  expect(exclusionsFor('hazchem', null, frozen)).toEqual(exclusionsFor('hazchem', null))
  expect(exclusionsFor('general_industry', null, frozen).map(({ id }) => id)).toEqual(
    expect.arrayContaining(gb30871.exclusions.map(({ id }) => id)),
  )
})
