import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  conflictsBetween,
  conflictsOf,
  isAbove,
  keysAround,
  keysOf,
  type Occupancy,
  overlaps,
  reachOf,
} from '../../src/rules/permits/exclusions.ts'
import { cellOf, cellsOf, distanceMetres, isWithin } from '../../src/rules/permits/places.ts'
import type { Exclusion, Side } from '../../src/rules/permits/rule-pack.ts'

const rule = (
  id: string,
  between: Exclusion['between'],
  where: Exclusion['where'],
  more: Partial<Exclusion> = {},
): Exclusion => ({
  id,
  between,
  where,
  vertical: false,
  outcome: 'forbid',
  text: id,
  clause: '5.2.9',
  sparesLinked: false,
  ...more,
})
const hotWork: Side = { work: 'hot' }
const activity = (name: string): Side => ({ work: 'activity', activity: name })
const coordinate = { outcome: 'coordinate', clause: '4.7', sparesLinked: true } as const
const together = (one: 'hot' | 'confinedSpace' | 'excavation' | 'lifting', other: 'confinedSpace' | 'excavation'): Exclusion =>
  rule(`together.${one}.${other}`, [{ work: one }, { work: other }], { same: 'area' }, coordinate)
const exclusions: readonly Exclusion[] = [
  rule('hot.venting', [hotWork, activity('venting')], { metres: 30 }),
  rule('hot.draining', [hotWork, activity('draining')], { metres: 15 }),
  rule('hot.solvent', [hotWork, activity('solvent')], { metres: 10 }, { vertical: true }),
  rule('hot.dust', [hotWork, activity('dust')], { metres: 10 }),
  rule('hot.train', [hotWork, activity('train')], { metres: 25 }),
  rule('hot.drawOff', [hotWork, activity('drawOff')], { same: 'dike' }),
  rule('blindPlate.hot', [{ work: 'blindPlate', when: [{ fact: 'riskArea', is: true }] }, hotWork], { metres: 30 }),
  rule('blindPlate.blindPlate', [{ work: 'blindPlate' }, { work: 'blindPlate' }], { same: 'line' }),
  rule('hot.solvent.inside', [hotWork, activity('solvent')], { same: 'space' }),
  rule(
    'height.height',
    [{ work: 'height' }, { work: 'height' }],
    { same: 'fallLine' },
    { vertical: true, outcome: 'coordinate' },
  ),
  rule(
    'lifting.below',
    [{ work: 'lifting' }, { work: 'excavation' }],
    { same: 'fallLine' },
    { vertical: true, sparesLinked: true },
  ),
  together('hot', 'confinedSpace'),
  together('confinedSpace', 'confinedSpace'),
  together('confinedSpace', 'excavation'),
]
const independent = rule('independent', [hotWork, { work: 'confinedSpace' }], { same: 'area' }, { sparesLinked: true })

const origin = { lat: 31.2, lng: 121.4 }
const perDegree = (6_371_008.8 * Math.PI) / 180
const north = (metres: number) => ({ ...origin, lat: origin.lat + metres / perDegree })
const east = (metres: number) => ({ ...origin, lng: origin.lng + metres / perDegree / Math.cos((origin.lat * Math.PI) / 180) })

const ground: Occupancy['place'] = { ...origin, area: 'tank-farm', level: 0, line: null, space: null }
const occupancy = (more: Partial<Occupancy> = {}): Occupancy => ({
  permit: 'per_a',
  work: 'hot',
  answers: { riskArea: true, hotInside: true, coatingInside: false },
  activities: [],
  place: ground,
  period: { from: '2026-11-24T00:00:00.000Z', to: '2026-11-24T08:00:00.000Z' },
  job: 'job_a',
  ...more,
})
const other = (more: Partial<Occupancy> = {}): Occupancy => occupancy({ permit: 'per_b', job: 'job_b', ...more })
const at = (spot: { lat: number; lng: number }, more: Partial<Occupancy['place']> = {}): Occupancy['place'] => ({
  ...ground,
  area: 'elsewhere',
  ...spot,
  ...more,
})
const rulesBetween = (a: Occupancy, b: Occupancy, rules = exclusions): readonly string[] =>
  conflictsBetween(rules, a, b).map(({ exclusion }) => exclusion.id)

test('distance: a degree of latitude, the antipode, the date line, and itself', () => {
  expect(distanceMetres({ lat: 0, lng: 0 }, { lat: 1, lng: 0 })).toBeCloseTo(perDegree, 2)
  expect(distanceMetres({ lat: 0, lng: 0 }, { lat: 0, lng: 180 })).toBeCloseTo(perDegree * 180, 2)
  expect(distanceMetres({ lat: 0, lng: 179.9999 }, { lat: 0, lng: -179.9999 })).toBeCloseTo(perDegree * 0.0002, 2)
  expect(distanceMetres(origin, origin)).toBe(0)
  expect(distanceMetres(origin, { lat: 91, lng: 0 })).toBeNaN()
  expect(distanceMetres(origin, { lat: Number.NaN, lng: 0 })).toBeNaN()
})

test('the radius itself is within, as 30 m 内 says, and an unknown distance is as well', () => {
  expect([29.999, 30, 30.001, Number.NaN].map((distance) => isWithin(distance, 30))).toEqual([true, true, false, true])
})

test.each([
  ['venting', 'hot.venting', 30],
  ['draining', 'hot.draining', 15],
  ['solvent', 'hot.solvent', 10],
  ['dust', 'hot.dust', 10],
  ['train', 'hot.train', 25],
])('hot work and %s: within the radius whoever asks, and in every direction', (activity, rule, metres) => {
  for (const spot of [north, east]) {
    const near = other({ work: 'activity', activities: [activity], place: at(spot(metres - 0.01)) })
    const far = other({ work: 'activity', activities: [activity], place: at(spot(metres + 0.01)) })
    expect(rulesBetween(occupancy(), near)).toEqual([rule])
    expect(rulesBetween(near, occupancy())).toEqual([rule])
    expect(rulesBetween(occupancy(), far)).toEqual([])
  }
})

test('height makes a work no farther: thirty metres up is still beside the vent below', () => {
  const vent = other({ work: 'activity', activities: ['venting'], place: at(north(20), { level: 60 }) })
  expect(rulesBetween(occupancy(), vent)).toEqual(['hot.venting'])
})

test('periods: the end of one is free for the next; an open end lasts; what cannot be read overlaps', () => {
  const morning = { from: '2026-11-24T00:00:00.000Z', to: '2026-11-24T04:00:00.000Z' }
  expect(overlaps(morning, { from: '2026-11-24T04:00:00.000Z', to: null })).toBe(false)
  expect(overlaps({ from: '2026-11-24T04:00:00.000Z', to: null }, morning)).toBe(false)
  expect(overlaps(morning, { from: '2026-11-24T03:59:59.999Z', to: null })).toBe(true)
  expect(overlaps({ ...morning, to: null }, { from: '2030-01-01T00:00:00.000Z', to: '2030-01-02T00:00:00.000Z' })).toBe(true)
  expect(overlaps({ ...morning, to: 'soon' }, { from: '2030-01-01T00:00:00.000Z', to: null })).toBe(true)
})

test('a blind plate in a risk area excludes hot work; one outside does not; one nobody answered for does', () => {
  const plate = (answers: Occupancy['answers']) => other({ work: 'blindPlate', answers, place: at(north(29)) })
  expect(rulesBetween(occupancy(), plate({ riskArea: true }))).toEqual(['blindPlate.hot'])
  expect(rulesBetween(occupancy(), plate({ riskArea: false }))).toEqual([])
  expect(rulesBetween(occupancy(), plate({}))).toEqual(['blindPlate.hot'])
})

test('two plates on one line exclude each other, two lines or no line do not', () => {
  const plate = (line: string | null) => ({ work: 'blindPlate' as const, place: at(north(500), { line }) })
  const mine = occupancy({ work: 'blindPlate', place: { ...ground, line: 'P-101' } })
  expect(rulesBetween(mine, other(plate('P-101')))).toEqual(['blindPlate.blindPlate'])
  expect(rulesBetween(mine, other(plate('P-102')))).toEqual([])
  expect(rulesBetween({ ...mine, place: ground }, other(plate(null)))).toEqual([])
})

test('one dike: no drawing off beside hot work, however far apart in it', () => {
  const draw = other({ work: 'activity', activities: ['drawOff'], place: at(north(200), { dike: 'D1' }) })
  expect(rulesBetween(occupancy({ place: { ...ground, dike: 'D1' } }), draw)).toEqual(['hot.drawOff'])
  expect(rulesBetween(occupancy({ place: { ...ground, dike: 'D2' } }), draw)).toEqual([])
})

test('welding and painting in one vessel exclude each other, of one job or not', () => {
  const painting = (space: string) =>
    other({ job: 'job_a', work: 'confinedSpace', activities: ['solvent'], place: at(north(90), { space }) })
  const welding = occupancy({ place: { ...ground, space: 'R-201' } })
  expect(rulesBetween(welding, painting('R-201'))).toEqual(['hot.solvent.inside'])
  expect(rulesBetween(welding, painting('R-202'))).toEqual([])
})

test('above and below: by a named line, or at other heights within reach of what falls', () => {
  const high = (metres: number, level: number) => other({ work: 'height', place: at(north(metres), { level }) })
  const low = occupancy({ work: 'height' })
  expect(
    [high(2.9, 4), high(3.1, 4), high(3.9, 10), high(4.9, 20), high(5.9, 40), high(6.1, 40), high(1, 0)].map((one) =>
      isAbove(low, one),
    ),
  ).toEqual([true, false, true, true, true, false, false])
  const named = { fallLine: 'C3' }
  expect(isAbove(occupancy({ place: { ...ground, ...named } }), other({ place: at(north(90), named) }))).toBe(true)
  expect(isAbove(low, other({ work: 'height', place: at(north(1), { level: Number.NaN }) }))).toBe(true)
})

test('a load hangs over who works near it on the same ground; the lifting crew’s own job is spared', () => {
  const lift = occupancy({ work: 'lifting' })
  expect(rulesBetween(lift, other({ work: 'excavation', place: at(north(5)) }))).toEqual(['lifting.below'])
  expect(rulesBetween(lift, other({ work: 'excavation', place: at(north(7)) }))).toEqual([])
  expect(rulesBetween(lift, other({ work: 'excavation', job: 'job_a', place: at(north(5)) }))).toEqual([])
})

test('two works in one area need a coordinator unless they are one job; forbidding rules come first', () => {
  const fire = occupancy()
  const vessel = other({ work: 'confinedSpace', place: { ...ground, ...north(100) } })
  expect(conflictsBetween(exclusions, fire, vessel)).toMatchObject([
    { exclusion: { outcome: 'coordinate', clause: '4.7' }, distance: null },
  ])
  expect(rulesBetween(fire, vessel, [...exclusions, independent])).toEqual(['independent', 'together.hot.confinedSpace'])
  expect(rulesBetween(fire, { ...vessel, job: 'job_a' }, [...exclusions, independent])).toEqual([])
})

test('an empty job or area is shared with nobody', () => {
  const dig = { work: 'excavation' as const }
  expect(rulesBetween(occupancy({ work: 'lifting', job: '' }), other({ ...dig, job: '', place: at(north(1)) }))).toEqual([
    'lifting.below',
  ])
  const nowhere = { place: { ...ground, area: '' } }
  expect(rulesBetween(occupancy({ ...nowhere, work: 'confinedSpace' }), other({ ...nowhere, ...dig }))).toEqual([])
})

test('a permit is never in conflict with itself', () => {
  expect(rulesBetween(occupancy({ activities: ['venting'] }), occupancy({ activities: ['venting'] }))).toEqual([])
})

test('a place nobody knows is within reach of everything, and is refused as an application of its own', () => {
  const lost = other({ work: 'activity', activities: ['venting'], place: at({ lat: Number.NaN, lng: 0 }) })
  expect(conflictsBetween(exclusions, occupancy(), lost)).toMatchObject([{ exclusion: { id: 'hot.venting' }, distance: null }])
  expect(keysOf(lost)).toContain('unplaced')
  expect(keysAround(exclusions, occupancy())).toContain('unplaced')
  expect(() => keysAround(exclusions, lost)).toThrow(RangeError)
})

const spot = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
})
const turned = (lng: number): number => ((((lng + 180) % 360) + 360) % 360) - 180

test('property: whoever is within so many metres stands in a cell that is read, near the poles and the date line too', () => {
  const edge = fc.constantFrom(
    { lat: 0, lng: 180 },
    { lat: 0, lng: -180 },
    { lat: 89.9999, lng: 10 },
    { lat: -89.9999, lng: 0 },
    { lat: 90, lng: 0 },
    origin,
  )
  fc.assert(
    fc.property(
      fc.oneof(spot, edge),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 120 }),
      (a, dLat, dLng, metres) => {
        const step = (2 * metres) / perDegree
        const narrow = Math.max(Math.cos((a.lat * Math.PI) / 180), 1e-4)
        const b = {
          lat: Math.min(90, Math.max(-90, a.lat + dLat * step)),
          lng: turned(a.lng + Math.min(360, (dLng * step) / narrow)),
        }
        expect(distanceMetres(a, b) > metres || cellsOf(a, metres).includes(cellOf(b))).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

const kinds = ['hot', 'confinedSpace', 'blindPlate', 'height', 'lifting', 'excavation', 'activity'] as const
const anyOccupancy = (permit: string) =>
  fc
    .record({
      work: fc.constantFrom(...kinds),
      activities: fc.subarray(['venting', 'draining', 'solvent', 'drawOff']),
      east: fc.integer({ min: 0, max: 120 }),
      north: fc.integer({ min: 0, max: 120 }),
      level: fc.constantFrom(0, 4, 20),
      area: fc.constantFrom('a1', 'a2', 'a3'),
      space: fc.constantFrom(null, 's1'),
      line: fc.constantFrom(null, 'l1'),
      dike: fc.constantFrom(null, 'd1'),
      job: fc.constantFrom('j1', 'j2'),
    })
    .map(
      ({ work, activities, job, east: x, north: y, ...place }): Occupancy =>
        occupancy({ permit, work, activities, job, place: { ...ground, ...place, lat: north(y).lat, lng: east(x).lng } }),
    )

test('property: who is in conflict with whom does not depend on who asks, and the index finds all of them', () => {
  fc.assert(
    fc.property(anyOccupancy('per_a'), anyOccupancy('per_b'), (a, b) => {
      const found = rulesBetween(a, b)
      expect(rulesBetween(b, a)).toEqual(found)
      const keys = new Set(keysAround(exclusions, a))
      expect(found.length === 0 || keysOf(b).some((key) => keys.has(key))).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

/** 20,000 open works on a grid of 12 m, about 1.7 km square, each in one of 400 areas; the index keeps them by key. */
const crowd = (): readonly Occupancy[] =>
  Array.from({ length: 20_000 }, (_, i) => {
    const [x, y] = [(i % 142) * 12, Math.floor(i / 142) * 12]
    return other({
      permit: `per_${i}`,
      work: i % 3 === 0 ? 'height' : 'hot',
      activities: i % 7 === 0 ? ['venting'] : [],
      place: at({ lat: north(y).lat, lng: east(x).lng }, { area: `a${Math.floor(x / 90)}.${Math.floor(y / 90)}` }),
    })
  })

test('among 20,000 open works a submission is compared with the few of its neighbourhood, and misses none', () => {
  const open = crowd()
  const index = new Map<string, Occupancy[]>()
  for (const one of open) {
    for (const key of keysOf(one))
      index
        .set(key, index.get(key) ?? [])
        .get(key)
        ?.push(one)
  }
  const mine = occupancy({ place: at({ lat: north(800).lat, lng: east(800).lng }, { area: 'a8.8' }) })
  const keys = keysAround(exclusions, mine)
  const candidates = [...new Set(keys.flatMap((key) => index.get(key) ?? []))]
  const names = (found: readonly { with: Occupancy; exclusion: { id: string } }[]) =>
    found.map(({ with: { permit }, exclusion }) => `${permit} ${exclusion.id}`).toSorted()
  expect(reachOf(exclusions)).toBe(30)
  expect(keys.length).toBeLessThanOrEqual(14)
  expect(candidates.length).toBeLessThan(400)
  expect(names(conflictsOf(exclusions, mine, candidates))).toEqual(names(conflictsOf(exclusions, mine, open)))
  expect(conflictsOf(exclusions, mine, candidates).length).toBeGreaterThan(0)
})
