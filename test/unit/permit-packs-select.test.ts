import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacks, packById, packFor, packs } from '../../src/rules/permits/packs.ts'
import { type RulePack, type SiteProfile, type WorkType, workTypes } from '../../src/rules/permits/rule-pack.ts'

const profiles = ['hazchem', 'general_industry', 'construction'] as const satisfies readonly SiteProfile[]
const isoOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
const dayOf = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 86_400_000

/** What holds where and when, as the standards say it: written apart from the packs. */
const expected = (profile: SiteProfile, work: WorkType, date: string): string | null => {
  if (date < '2022-10-01') return null
  if (profile === 'hazchem') return 'GB30871-2022@1'
  if (work !== 'confinedSpace') return 'GB30871-2022-adopted@1'
  return date < '2026-05-01' ? null : 'GB46768-2025@1'
}

test.each([
  ['hazchem', 'hot', '2022-09-30', null],
  ['hazchem', 'hot', '2022-10-01', 'GB30871-2022@1'],
  ['hazchem', 'confinedSpace', '2026-05-01', 'GB30871-2022@1'],
  ['general_industry', 'confinedSpace', '2026-04-30', null],
  ['general_industry', 'confinedSpace', '2026-05-01', 'GB46768-2025@1'],
  ['construction', 'confinedSpace', '2030-01-01', 'GB46768-2025@1'],
  ['construction', 'height', '2026-05-01', 'GB30871-2022-adopted@1'],
  ['general_industry', 'hot', '2022-09-30', null],
] as const)('at a %s site %s on %s stands under %s', (profile, work, date, id) => {
  expect(packFor(profile, work, date)?.id ?? null).toBe(id)
})

test('for every profile, work and day exactly one pack answers, or plainly none', () => {
  const day = fc.integer({ min: dayOf('2022-01-01'), max: dayOf('2035-12-31') })
  fc.assert(
    fc.property(fc.constantFrom(...profiles), fc.constantFrom(...workTypes), day, (profile, work, at) => {
      const date = isoOf(at)
      const holding = packs.filter(
        ({ profiles: of, works, effectiveFrom, effectiveTo }) =>
          of.includes(profile) && works[work] && effectiveFrom <= date && (effectiveTo === null || date <= effectiveTo),
      )
      expect(holding.length).toBeLessThanOrEqual(1)
      expect(packFor(profile, work, date)?.id ?? null).toBe(holding[0]?.id ?? null)
      expect(packFor(profile, work, date)?.id ?? null).toBe(expected(profile, work, date))
    }),
    { numRuns: 2000 },
  )
})

test('no site has two standards for confined spaces', () => {
  for (const profile of profiles) {
    const standards = packs
      .filter(({ profiles: of, works }) => of.includes(profile) && works.confinedSpace)
      .map(({ standard }) => standard)
    expect(standards).toHaveLength(1)
  }
})

test.each([
  '',
  '2026',
  '2026-5-1',
  '2026-13-01',
  '2026-05-32',
  '2026-02-30',
  '2026-02-29',
  '9999',
  'tomorrow',
  '2026-05-01T00:00:00Z',
  '２０２６-05-01',
])('on «%s», which is no day, no pack answers', (date) => {
  for (const profile of profiles) for (const work of workTypes) expect(packFor(profile, work, date)).toBeNull()
})

test('a pack is found by its id for ever, and nothing is found by another', () => {
  for (const pack of packs) expect(packById(pack.id)).toBe(pack)
  for (const id of ['', 'GB30871-2022', 'GB30871-2022@2', 'toString', '__proto__']) expect(packById(id)).toBeNull()
})

test('a pack that follows another answers from its own day on, and the old one is still found', () => {
  const [first] = packs
  if (!first) throw new Error('no packs')
  const old: RulePack = { ...first, effectiveTo: '2027-06-30' }
  const next: RulePack = { ...first, id: 'GB30871-2022@2', effectiveFrom: '2027-07-01' }
  const two = createPacks([old, next])
  expect(two.packFor('hazchem', 'hot', '2027-06-30')?.id).toBe(old.id)
  expect(two.packFor('hazchem', 'hot', '2027-07-01')?.id).toBe(next.id)
  expect(two.packFor('general_industry', 'hot', '2027-07-01')).toBeNull()
  expect(two.packById(old.id)).toBe(old)
  const gap = createPacks([old, { ...next, effectiveFrom: '2027-07-02' }])
  expect(gap.packFor('hazchem', 'hot', '2027-07-01')).toBeNull()
})

test('packs that would both answer on a day, or that share an id, are not taken', () => {
  const [first] = packs
  if (!first) throw new Error('no packs')
  const next: RulePack = { ...first, id: 'GB30871-2022@2', effectiveFrom: '2027-07-01' }
  expect(() => createPacks([first, next])).toThrow(RangeError)
  expect(() => createPacks([next, first])).toThrow(RangeError)
  expect(() => createPacks([{ ...first, effectiveTo: '2027-07-01' }, next])).toThrow(RangeError)
  expect(() => createPacks([first, { ...first, profiles: [] }])).toThrow(RangeError)
  expect(() => createPacks([first, { ...next, profiles: ['construction'] }])).not.toThrow()
})
