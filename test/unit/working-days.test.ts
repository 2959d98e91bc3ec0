import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import {
  addWorkingDays,
  dateAfter,
  dayKind,
  dayKindAt,
  endOfMonth,
  endOfWorkingDays,
  nextMonth,
  startOfDay,
  workingDateAfter,
} from '../../src/rules/working-days.ts'

const zone = 'Asia/Shanghai'
const at = (local: string): Date => new Date(`${local}+08:00`)

/** As the notices of the State Council's General Office for 2024, 2025 and 2026 have them. */
test.each([
  ['Spring Festival 2024', 'free', ['2024-02-10', '2024-02-15', '2024-02-16', '2024-02-17']],
  ['made up for Spring Festival 2024, a Sunday each', 'working', ['2024-02-04', '2024-02-18']],
  ['made up for National Day 2024', 'working', ['2024-09-29', '2024-10-12']],
  ['National Day 2025 with Mid-Autumn', 'free', ['2025-10-01', '2025-10-06', '2025-10-08']],
  ['made up for National Day 2025', 'working', ['2025-09-28', '2025-10-11']],
  ['made up for Labour Day 2025', 'working', ['2025-04-27']],
  ['Spring Festival 2026, nine days', 'free', ['2026-02-15', '2026-02-16', '2026-02-20', '2026-02-23']],
  ['made up for Spring Festival 2026, a Saturday each', 'working', ['2026-02-14', '2026-02-28']],
  ['made up for New Year 2026, a Sunday', 'working', ['2026-01-04']],
  ['made up for National Day 2026', 'working', ['2026-09-20', '2026-10-10']],
  ['ordinary days', 'working', ['2026-11-24', '2026-02-24', '2024-02-29', '2026-04-30']],
  ['ordinary weekends', 'free', ['2026-11-21', '2026-11-22', '2026-02-01', '2024-12-29']],
] as const)('%s: %s', (_, kind, dates) => {
  expect(dates.map((date) => [date, dayKind(date)])).toEqual(dates.map((date) => [date, kind]))
})

test('years without a notice are unknown, weekends as well', () => {
  expect(['2027-01-01', '2027-03-06', '2027-03-08', '2003-05-05', '2099-10-01'].map(dayKind)).toEqual(Array(5).fill('unknown'))
})

test('the last days of the last published year follow the next notice, those of earlier years are known', () => {
  expect(['2026-12-25', '2026-12-26', '2026-12-31'].map(dayKind)).toEqual(['working', 'unknown', 'unknown'])
  expect(['2018-12-29', '2022-12-31', '2025-12-31'].map(dayKind)).toEqual(['working', 'free', 'working'])
})

test('what is no date is unknown', () => {
  expect(['', '2026-2-3', '2026-02-30', '2026-13-01', '2026-11-24T00:00', 'NaN', '20261124'].map(dayKind)).toEqual(
    Array(7).fill('unknown'),
  )
})

test('the day is the site’s, on both sides of its midnight', () => {
  expect(dayKindAt(new Date('2026-02-13T15:59:59.999Z'), zone)).toBe('working')
  expect(dayKindAt(new Date('2026-02-14T15:59:59.999Z'), zone)).toBe('working')
  expect(dayKindAt(new Date('2026-02-14T16:00:00.000Z'), zone)).toBe('free')
  expect(dayKindAt(new Date('2026-02-14T16:00:00.000Z'), 'UTC')).toBe('working')
})

test('working days run over Spring Festival, and use the weekends worked for it', () => {
  expect(workingDateAfter('2026-02-12', 1)).toBe('2026-02-13')
  expect(workingDateAfter('2026-02-12', 3)).toBe('2026-02-24')
  expect(workingDateAfter('2026-02-24', 4)).toBe('2026-02-28')
  expect(addWorkingDays(at('2026-02-12T17:30:00'), 3, zone)).toEqual(at('2026-02-24T17:30:00'))
  expect(endOfWorkingDays(at('2026-02-12T17:30:00'), 3, zone)).toEqual(at('2026-02-25T00:00:00'))
})

test('a period that runs into days nobody has published has no end', () => {
  expect(workingDateAfter('2026-12-24', 1)).toBe('2026-12-25')
  expect(workingDateAfter('2026-12-24', 2)).toBe('unknown')
  expect(endOfWorkingDays(at('2026-12-28T09:00:00'), 3, zone)).toBe('unknown')
  expect(addWorkingDays(at('2026-12-28T09:00:00'), 3, zone)).toBe('unknown')
})

test.each([0, -1, 1.5, Number.NaN, 401, Number.POSITIVE_INFINITY])('%s is no number of working days', (count) => {
  expect(() => workingDateAfter('2026-11-24', count)).toThrow(RangeError)
})

test('months end at the site’s midnight, leap years and December included', () => {
  expect(endOfMonth(at('2026-11-30T23:59:59'), zone)).toEqual(at('2026-12-01T00:00:00'))
  expect(endOfMonth(at('2026-12-01T00:00:00'), zone)).toEqual(at('2027-01-01T00:00:00'))
  expect(['2024-02-29', '2024-02-01', '2026-12-31', '2026-01-31'].map(nextMonth)).toEqual([
    '2024-03-01',
    '2024-03-01',
    '2027-01-01',
    '2026-02-01',
  ])
  expect(dateAfter('2024-02-28', 2)).toBe('2024-03-01')
  expect(() => dateAfter('2026-02-30', 1)).toThrow(RangeError)
})

test('a day begins where the zone says, also when its clocks change that day', () => {
  expect(startOfDay('2026-03-08', 'America/New_York')).toEqual(new Date('2026-03-08T05:00:00.000Z'))
  expect(startOfDay('2026-03-09', 'America/New_York')).toEqual(new Date('2026-03-09T04:00:00.000Z'))
  expect(startOfDay('2026-11-02', 'America/New_York')).toEqual(new Date('2026-11-02T05:00:00.000Z'))
})

test('between the end of a period and its beginning lie exactly so many working days', () => {
  const from = at('2024-01-01T00:00:00').getTime()
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 15 }),
      (day, hour, count) => {
        const start = new Date(from + days(day) + hours(hour))
        const end = endOfWorkingDays(start, count, zone)
        if (end === 'unknown') return
        let worked = 0
        for (let t = start.getTime() + days(1); t < end.getTime() + hours(hour); t += days(1))
          if (dayKindAt(new Date(t), zone) === 'working') worked += 1
        expect(worked).toBe(count)
        expect(dayKindAt(new Date(end.getTime() - 1), zone)).toBe('working')
      },
    ),
  )
})
