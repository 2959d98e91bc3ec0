import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, inZone, minutes } from '../../src/lib/clock.ts'
import { hot } from '../../src/rules/permits/gb30871-2022/hot.ts'
import { type Circumstances, highestNode, upgradeOf } from '../../src/rules/permits/upgrade.ts'
import { dayKindAt } from '../../src/rules/working-days.ts'

const zone = 'Asia/Shanghai'
const when = (from: string, to: string, more: Partial<Circumstances> = {}): Circumstances => ({
  period: { from: new Date(`${from}+08:00`).toISOString(), to: new Date(`${to}+08:00`).toISOString() },
  timeZone: zone,
  outdoors: false,
  windForce: null,
  unavoidable: null,
  ...more,
})
const kindsOf = (circumstances: Circumstances, level = 'one') => {
  const upgrade = upgradeOf(hot, level, circumstances)
  return upgrade.kind === 'upgraded' ? upgrade.because.map(({ on }) => on) : upgrade.kind
}
const plain = ['2026-11-24T08:00', '2026-11-24T16:00'] as const

test('an ordinary working day, indoors: as it is', () => {
  expect(upgradeOf(hot, 'two', when(...plain))).toEqual({ kind: 'asIs' })
})

test.each([
  ['from six in the morning to six in the evening is day', '2026-11-24T06:00', '2026-11-24T18:00', 'asIs'],
  ['a minute into the evening', '2026-11-24T12:00', '2026-11-24T18:01', ['night']],
  ['a minute before the morning', '2026-11-24T05:59', '2026-11-24T08:00', ['night']],
  ['within the night', '2026-11-24T22:00', '2026-11-24T23:00', ['night']],
  ['over midnight of a working day', '2026-11-24T23:30', '2026-11-25T00:30', ['night']],
  ['three days hold a night', '2026-11-24T08:00', '2026-11-26T08:00', ['night']],
  ['a Saturday', '2026-11-21T08:00', '2026-11-21T16:00', ['restDay']],
  ['Friday night into Saturday', '2026-11-20T20:00', '2026-11-21T00:01', ['restDay', 'night']],
  ['Friday night up to midnight', '2026-11-20T20:00', '2026-11-21T00:00', ['night']],
  ['National Day', '2026-10-01T08:00', '2026-10-01T16:00', ['holiday', 'restDay']],
  ['a Saturday made a working day', '2026-10-10T08:00', '2026-10-10T16:00', 'asIs'],
  ['a Sunday made a working day', '2026-09-20T08:00', '2026-09-20T16:00', 'asIs'],
  ['a weekday inside Spring Festival', '2026-02-18T08:00', '2026-02-18T12:00', ['holiday', 'restDay']],
])('%s', (_, from, to, kinds) => {
  expect(kindsOf(when(from, to))).toEqual(kinds)
})

test('a calendar that is not published is taken for a free day, and says so', () => {
  const upgrade = upgradeOf(hot, 'two', when('2027-03-08T08:00', '2027-03-08T12:00'))
  expect(upgrade).toMatchObject({ kind: 'upgraded', because: [{ isCertain: false }, { isCertain: false, found: '2027-03-08' }] })
})

test('the site’s own clock decides: the same instants are day in one zone and night in another', () => {
  const day = when(...plain)
  expect(kindsOf(day)).toBe('asIs')
  expect(kindsOf({ ...day, timeZone: 'America/New_York' })).toEqual(['night'])
})

test('night keeps its wall clock on days when the clocks change', () => {
  const spring = (from: string, to: string): Circumstances => ({
    ...when(...plain),
    period: { from, to },
    timeZone: 'Europe/Berlin',
  })
  expect(kindsOf(spring('2026-03-30T04:00:00.000Z', '2026-03-30T16:00:00.000Z'))).toBe('asIs')
  expect(kindsOf(spring('2026-03-30T03:59:00.000Z', '2026-03-30T05:00:00.000Z'))).toEqual(['night'])
  expect(kindsOf(spring('2026-03-30T12:00:00.000Z', '2026-03-30T16:01:00.000Z'))).toEqual(['night'])
})

test('a rule may name its own window', () => {
  const rules = {
    ...hot,
    upgrades: [{ id: 'n', on: 'night' as const, window: ['20:00', '05:00'] as const, text: '夜间', clause: '5.1.1' }],
  }
  expect(upgradeOf(rules, 'two', when('2026-11-24T05:00', '2026-11-24T20:00'))).toEqual({ kind: 'asIs' })
  expect(upgradeOf(rules, 'two', when('2026-11-24T04:59', '2026-11-24T20:00')).kind).toBe('upgraded')
})

test('approver and validity are those of the next level, never a longer validity', () => {
  const night = when('2026-11-24T19:00', '2026-11-24T23:00')
  const two = upgradeOf(hot, 'two', night)
  const one = upgradeOf(hot, 'one', night)
  expect(two).toMatchObject({ from: 'two', level: { id: 'one', validity: { most: hours(8) }, chain: hot.levels[1]?.chain } })
  expect(one).toMatchObject({ from: 'one', level: { id: 'special', chain: hot.levels[2]?.chain } })
  const short = {
    ...hot,
    levels: hot.levels.map((level) =>
      level.id === 'two' ? { ...level, validity: { ...level.validity, most: hours(2) } } : level,
    ),
  }
  expect(upgradeOf(short, 'two', night)).toMatchObject({ level: { id: 'one', validity: { most: hours(2) } } })
})

test('the highest level stays, and the principal or the executive on duty signs after the approver', () => {
  const upgrade = upgradeOf(hot, 'special', when('2026-10-01T08:00', '2026-10-01T10:00'))
  const chain = upgrade.kind === 'upgraded' ? upgrade.level.chain : []
  expect(upgrade).toMatchObject({ kind: 'upgraded', from: 'special', level: { id: 'special' } })
  expect(chain.filter(({ id }) => id !== highestNode.id)).toEqual(hot.levels[2]?.chain)
  expect(chain.findIndex(({ id }) => id === highestNode.id)).toBe(chain.findIndex(({ id }) => id === 'approver') + 1)
})

test('wind: nothing below five, forbidden from five on, upgraded where it cannot wait, nothing indoors', () => {
  const wind = (more: Partial<Circumstances>) => upgradeOf(hot, 'one', when(...plain, { outdoors: true, windForce: 5, ...more }))
  expect(wind({ windForce: 4 })).toEqual({ kind: 'asIs' })
  expect(wind({ unavoidable: false })).toMatchObject({
    kind: 'forbidden',
    because: { rule: 'hot.wind', clause: '5.2.15', found: '5' },
  })
  expect(wind({ unavoidable: true })).toMatchObject({
    kind: 'upgraded',
    level: { id: 'special' },
    because: [{ on: 'windForce' }],
  })
  expect(wind({ outdoors: false })).toEqual({ kind: 'asIs' })
})

test('what is not known is asked for, never assumed', () => {
  expect(upgradeOf(hot, 'one', when(...plain, { outdoors: true }))).toEqual({ kind: 'unknown', missing: ['windForce'] })
  expect(upgradeOf(hot, 'one', when(...plain, { outdoors: null }))).toEqual({
    kind: 'unknown',
    missing: ['outdoors', 'windForce'],
  })
  expect(upgradeOf(hot, 'one', when(...plain, { outdoors: true, windForce: 6 }))).toEqual({
    kind: 'unknown',
    missing: ['unavoidable'],
  })
  expect(upgradeOf(hot, 'one', when(...plain, { outdoors: true, windForce: Number.NaN }))).toEqual({
    kind: 'unknown',
    missing: ['windForce'],
  })
})

test.each([
  ['ends before it begins', '2026-11-24T08:00:00.000Z', '2026-11-24T07:00:00.000Z'],
  ['has no length', '2026-11-24T08:00:00.000Z', '2026-11-24T08:00:00.000Z'],
  ['is no period', 'soon', '2026-11-24T08:00:00.000Z'],
  ['is endless', '2026-11-24T08:00:00.000Z', '2036-11-24T08:00:00.000Z'],
])('a period that %s is refused', (_, from, to) => {
  expect(upgradeOf(hot, 'one', { ...when(...plain), period: { from, to } })).toEqual({ kind: 'unknown', missing: ['period'] })
})

test('works without upgrade rules never ask', () => {
  expect(upgradeOf({ ...hot, upgrades: [] }, 'one', { ...when(...plain), outdoors: null })).toEqual({ kind: 'asIs' })
})

/** Written apart: looks at the wall clock and the calendar of every quarter of an hour of the period. */
const model = (from: Date, quarters: number): readonly string[] => {
  const steps = Array.from({ length: quarters }, (_, at) => new Date(from.getTime() + at * minutes(15)))
  const isNight = steps.some((at) => inZone(at, zone).time >= '18:00:00' || inZone(at, zone).time < '06:00:00')
  const isFree = steps.some((at) => dayKindAt(at, zone) !== 'working')
  return [...(isFree ? ['free'] : []), ...(isNight ? ['night'] : [])]
}

test('property: any instant of the period counts', () => {
  const start = new Date('2025-12-31T16:00:00.000Z').getTime()
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * 96 }), fc.integer({ min: 1, max: 300 }), (skip, quarters) => {
      const from = new Date(start + skip * minutes(15))
      const to = new Date(from.getTime() + quarters * minutes(15))
      const found = kindsOf({ ...when(...plain), period: { from: from.toISOString(), to: to.toISOString() } })
      const kinds = typeof found === 'string' ? [] : found
      expect([...(kinds.includes('restDay') ? ['free'] : []), ...(kinds.includes('night') ? ['night'] : [])]).toEqual(
        model(from, quarters),
      )
    }),
    { numRuns: 200 },
  )
})
