import { expect, test } from 'vitest'
import { instantSaid, isolationKind, pastInstantSaid } from '../../src/workflows/permit/said.ts'
import { clock } from './hazard-desk.ts'
import { factsAt } from './hazard-facts.ts'

/** Half past midnight in Shanghai. */
const night = factsAt('2026-11-23T16:30:00.000Z', clock)
const iso = (found: Date | null): string | null => found?.toISOString() ?? null

test('a time of the day is today’s where something is to be, and the last one where something was', () => {
  expect(iso(instantSaid('23:50', night))).toBe('2026-11-24T15:50:00.000Z')
  expect(iso(pastInstantSaid('23:50', night))).toBe('2026-11-23T15:50:00.000Z')
  expect(iso(pastInstantSaid('00:30', night))).toBe('2026-11-23T16:30:00.000Z')
  expect(iso(pastInstantSaid('0:31', night))).toBe('2026-11-22T16:31:00.000Z')
})

test('a date or an instant that is said is taken as it is, whether past or to come', () => {
  for (const said of [instantSaid, pastInstantSaid]) {
    expect(iso(said('2026-12-01 08:00', night))).toBe('2026-12-01T00:00:00.000Z')
    expect(iso(said(' 2026-12-01T00:00:00.000Z ', night))).toBe('2026-12-01T00:00:00.000Z')
  }
})

test('what is no time is none, and harms nothing', () => {
  for (const text of ['', '24:00', '12:60', '8', '2026-99-99 08:00', '2026-02-31 08:00', '2026-13-01T00:00:00Z', '8:5', '明早'])
    for (const said of [instantSaid, pastInstantSaid]) expect(said(text, night), text).toBeNull()
})

test('a kind of isolation is known by its id and its word, and is process isolation otherwise', () => {
  expect(['electrical', '电气', '机械', '', 'constructor', 'toString'].map(isolationKind)).toEqual([
    ...['electrical', 'electrical', 'mechanical', 'process', 'process', 'process'],
  ])
})
