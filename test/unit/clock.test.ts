import { expect, test } from 'vitest'
import { createClock, days, hours, inZone, later, minutes, monotonic, seconds } from '../../src/lib/clock.ts'

test('durations are milliseconds', () => {
  expect([seconds(2), minutes(2), hours(2), days(2)]).toEqual([2_000, 120_000, 7_200_000, 172_800_000])
  expect(later(new Date('2026-11-24T23:30:00Z'), hours(1))).toEqual(new Date('2026-11-25T00:30:00Z'))
})

test('the movable clock is ahead by its offset, which starts at nothing', () => {
  const clock = createClock()
  expect(clock.offset()).toBe(0)
  const before = clock.now().getTime()
  clock.setOffset(hours(48))
  const ahead = clock.now().getTime() - before
  expect([clock.offset(), ahead >= hours(48), ahead < hours(49)]).toEqual([hours(48), true, true])
})

test('the monotonic clock never goes back', () => {
  const first = monotonic.now()
  expect(monotonic.now()).toBeGreaterThanOrEqual(first)
})

test.each([
  ['the last moment of a day', '2026-11-24T15:59:59.999Z', 'Asia/Shanghai', '20261124', '23:59:59'],
  ['the first moment of a day', '2026-11-24T16:00:00.000Z', 'Asia/Shanghai', '20261125', '00:00:00'],
  ['the first moment of a year', '2026-12-31T16:00:00.000Z', 'Asia/Shanghai', '20270101', '00:00:00'],
  ['a leap day', '2028-02-29T12:00:00.000Z', 'Asia/Shanghai', '20280229', '20:00:00'],
  ['before the clocks go forward', '2026-03-08T09:59:59.000Z', 'America/Los_Angeles', '20260308', '01:59:59'],
  ['after the clocks went forward', '2026-03-08T10:00:00.000Z', 'America/Los_Angeles', '20260308', '03:00:00'],
  ['the first pass of a doubled hour', '2026-11-01T08:30:00.000Z', 'America/Los_Angeles', '20261101', '01:30:00'],
  ['the second pass of a doubled hour', '2026-11-01T09:30:00.000Z', 'America/Los_Angeles', '20261101', '01:30:00'],
  ['a day of 23 hours at its end', '2026-03-09T06:59:59.000Z', 'America/Los_Angeles', '20260308', '23:59:59'],
  ['midnight that does not exist', '2026-09-06T04:00:00.000Z', 'America/Santiago', '20260906', '01:00:00'],
  ['a zone of half hours', '2026-11-24T18:29:59.000Z', 'Asia/Kolkata', '20261124', '23:59:59'],
  ['a zone far ahead', '2026-11-24T10:00:00.000Z', 'Pacific/Kiritimati', '20261125', '00:00:00'],
])('%s: %s in %s is %s %s', (_, instant, zone, day, time) => {
  const parts = inZone(new Date(instant), zone)
  expect([parts.day, parts.time, parts.date.replaceAll('-', '')]).toEqual([day, time, day])
})

test('an unknown zone is refused', () => {
  expect(() => inZone(new Date('2026-11-24T00:00:00Z'), 'Asia/Nowhere')).toThrow(RangeError)
})
