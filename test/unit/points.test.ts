import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, inZone } from '../../src/lib/clock.ts'
import { type PointKind, pointKinds, pointRules } from '../../src/rules/points.ts'
import { pointsSubject } from '../../src/workflows/points/points.ts'
import type { Effect } from '../../src/workflows/workflow.ts'
import { because, type Court, createCourt, untrue } from './penalty-desk.ts'

const zone = 'Asia/Shanghai'
const subject = pointsSubject('SH01', 'welder')
let keys = 0

const send = (court: Court, command: { readonly type: string } & Record<string, unknown>): string => {
  keys += 1
  const effect: Effect = { kind: 'command', workflow: 'points', subject, key: `inbox ${keys}`, command }
  const [ruling] = court.send([effect])
  return ruling ? because(ruling) : 'known'
}
const award = (court: Court, key: string, kind: PointKind, more: Record<string, unknown> = {}): string =>
  send(court, { type: 'award', person: 'welder', kind, key, case: null, code: null, at: court.world.at.toISOString(), ...more })
const reverse = (court: Court, key: string): string => send(court, { type: 'reverse', person: 'welder', key })
const total = (court: Court): number => court.points('welder')?.total ?? 0

test('each event gives what the table says', () => {
  const given = pointKinds.map((kind) => {
    const court = createCourt()
    award(court, kind, kind, { warnings: 2 })
    return [kind, total(court)]
  })
  expect(Object.fromEntries(given)).toEqual({
    reportBlue: 5,
    reportYellow: 8,
    reportOrange: 12,
    reportRed: 20,
    nearMiss: 8,
    suggestion: 15,
    onTime: 5,
    verification: 3,
    stopCard: 20,
    checkIn: 4,
    renewal: 5,
    yellowCard: -10,
    redCard: -30,
    falseReport: -5,
  })
})

test('one key gives once, whatever comes with it the second time', () => {
  const court = createCourt()
  award(court, 'case 1', 'reportRed')
  expect(award(court, 'case 1', 'reportBlue')).toBe('accepted')
  expect([total(court), court.points('welder')?.entries.length]).toEqual([20, 1])
})

test('the cap of a day is exact: the last award is cut to what is left, the next gives nothing and says so', () => {
  const court = createCourt()
  for (const n of [1, 2, 3, 4, 5]) award(court, `case ${n}`, 'reportOrange')
  expect(court.points('welder')?.entries.map(({ points }) => points)).toEqual([12, 12, 12, 4, 0])
  award(court, 'near', 'nearMiss')
  expect(total(court)).toBe(48)
})

test('a new day of the site has a cap of its own, from its midnight on', () => {
  const court = createCourt({ start: '2026-11-24T15:59:59.000Z' })
  award(court, 'a', 'reportRed')
  award(court, 'b', 'reportRed')
  award(court, 'c', 'reportBlue')
  expect(total(court)).toBe(40)
  award(court, 'd', 'reportBlue', { at: '2026-11-24T16:00:00.000Z' })
  expect(total(court)).toBe(45)
  award(court, 'late, but earned before midnight', 'reportBlue', { at: '2026-11-24T15:59:59.999Z' })
  expect(total(court)).toBe(45)
})

test('a reversal is a line of its own, once, and makes room under the cap again', () => {
  const court = createCourt()
  award(court, 'a', 'reportRed')
  award(court, 'b', 'reportRed')
  reverse(court, 'a')
  reverse(court, 'a')
  expect(total(court)).toBe(20)
  award(court, 'c', 'reportRed')
  expect(total(court)).toBe(40)
  expect(court.points('welder')?.entries.map(({ kind, points }) => `${kind} ${points}`)).toEqual([
    'reportRed 20',
    'reportRed 20',
    'reversal -20',
    'reportRed 20',
  ])
})

test('a reversal that arrives first keeps the award from ever counting', () => {
  const court = createCourt()
  reverse(court, 'card:1')
  award(court, 'card:1', 'redCard')
  reverse(court, 'card:1')
  expect(total(court)).toBe(0)
})

test('a false report costs points only after two warnings', () => {
  const court = createCourt()
  expect(award(court, 'f', 'falseReport')).toBe('warn-first')
  expect(award(court, 'f', 'falseReport', { warnings: 1 })).toBe('warn-first')
  expect(award(court, 'f', 'falseReport', { warnings: Number.NaN })).toBe('warn-first')
  expect(award(court, 'f', 'falseReport', { warnings: 2 })).toBe('accepted')
})

test.each([
  ['an unknown kind', { kind: 'gift' }, 'unknown-award'],
  ['an inherited name', { kind: 'constructor' }, 'unknown-award'],
  ['an unknown person', { person: 'nobody' }, 'unknown-award'],
  ['somebody else', { person: 'fitter' }, 'not-this-person'],
  ['no instant', { at: 'yesterday' }, 'unknown-award'],
  ['a day that is not kept any more', { at: '2026-08-01T00:00:00.000Z' }, 'too-old'],
])('%s gives nothing', (_, more, why) => {
  const court = createCourt()
  award(court, 'first', 'onTime')
  expect(award(court, 'x', 'onTime', more)).toBe(why)
  expect(total(court)).toBe(5)
})

test('old lines leave the state; their sums and the total stay', () => {
  const court = createCourt()
  for (let n = 0; n < 130; n += 1) {
    award(court, `day ${n}`, 'onTime')
    court.world.at = new Date(court.world.at.getTime() + days(1))
  }
  const state = court.points('welder')
  expect([state?.total, state?.entries.length]).toEqual([650, 100])
  expect(Object.values(state?.months ?? {}).reduce((sum, month) => sum + (month.onTime ?? 0), 0)).toBe(650)
  expect(untrue(court)).toEqual([])
})

test('lists find the total by person and by team', () => {
  const court = createCourt()
  award(court, 'a', 'reportRed', { code: 'YH-1' })
  const found = (key: string) =>
    court
      .reads()
      .read({ name: 'points', key })
      .map(({ weight, note }) => [weight, JSON.parse(note)])
  expect(found('person:welder')).toEqual([
    [
      20,
      {
        person: 'welder',
        months: { '2026-11': { report: 20 } },
        recent: [{ kind: 'reportRed', group: 'report', points: 20, day: '2026-11-24', code: 'YH-1' }],
      },
    ],
  ])
  expect(found('team:mech')).toEqual([[20, { person: 'welder' }]])
})

/** Reckoned anew from the list of what happened, written apart from the ledger. */
const kind = fc.constantFrom<PointKind>('reportBlue', 'reportRed', 'nearMiss', 'onTime', 'suggestion', 'yellowCard', 'checkIn')
const step = fc.record({
  key: fc.integer({ min: 0, max: 11 }),
  kind,
  reverse: fc.boolean(),
  jump: fc.integer({ min: -30, max: 30 }),
})

test('whatever is awarded, reversed, repeated, and wherever the clock jumps: caps hold, sums equal lines, nothing counts twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const court = createCourt()
      for (const one of steps) {
        court.world.at = new Date(court.world.at.getTime() + hours(one.jump))
        if (one.reverse) reverse(court, `k${one.key}`)
        else award(court, `k${one.key}`, one.kind)
        const lines = court
          .journal()
          .map(({ event }) => JSON.parse(String(event)) as { key: string; day: string; group: string; points: number })
        const state = court.points('welder')
        expect(state?.total ?? 0).toBe(lines.reduce((sum, { points }) => sum + points, 0))
        expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length)
        const byDay = new Map<string, number>()
        for (const { day, group, points } of lines) byDay.set(`${group} ${day}`, (byDay.get(`${group} ${day}`) ?? 0) + points)
        for (const [name, sum] of byDay) {
          const cap = pointRules.caps[name.split(' ')[0] as keyof typeof pointRules.caps] ?? null
          if (cap !== null) expect(sum).toBeLessThanOrEqual(cap)
        }
      }
      expect(untrue(court)).toEqual([])
    }),
  )
})

test('the order in which awards arrive does not change what a day gives', () => {
  const earned = fc.array(
    fc.record({ kind: fc.constantFrom<PointKind>('reportBlue', 'reportYellow', 'reportRed'), hour: fc.nat({ max: 47 }) }),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(earned, fc.infiniteStream(fc.nat()), (awards, picks) => {
      const start = new Date('2026-11-23T16:00:00.000Z')
      const all = awards.map((one, n) => ({ ...one, n, at: new Date(start.getTime() + hours(one.hour)).toISOString() }))
      const sumsAfter = (list: typeof all) => {
        const court = createCourt({ start: '2026-11-26T00:00:00.000Z' })
        for (const one of list) award(court, `n${one.n}`, one.kind, { at: one.at })
        const sums: Record<string, number> = {}
        for (const { day, points } of court.points('welder')?.entries ?? []) sums[day] = (sums[day] ?? 0) + points
        return sums
      }
      const shuffled = [...all]
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const j = (picks.next().value ?? 0) % (i + 1)
        const [a, b] = [shuffled[i], shuffled[j]]
        if (a && b) [shuffled[i], shuffled[j]] = [b, a]
      }
      const expected: Record<string, number> = {}
      for (const { kind: earnedKind, at } of all) {
        const { date } = inZone(new Date(at), zone)
        expected[date] = Math.min(40, (expected[date] ?? 0) + pointRules.kinds[earnedKind].points)
      }
      expect(sumsAfter(shuffled)).toEqual(expected)
    }),
  )
})
