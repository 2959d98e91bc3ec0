import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import type { WeatherObservation } from '../../src/rules/permits/weather.ts'
import type { WeatherState } from '../../src/workflows/weather/weather.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import { createDesk, type Result, system } from './desk.ts'

const start = '2026-11-24T02:00:00.000Z'
const calm: WeatherObservation = {
  at: start,
  windSpeed: 2.5,
  windForce: null,
  fog: false,
  heavySnow: false,
  rainstorm: false,
  thunder: false,
}
const permit = (subject: string, status: string | undefined): FoundRow => ({
  ...{ name: 'permit-open', key: 'SH01', subject, at: start, weight: 1 },
  note: JSON.stringify(status === undefined ? {} : { status }),
})
const open = (rows: readonly FoundRow[] = []) => createDesk<WeatherState>('weather', { start, rows })
type Desk = ReturnType<typeof open>

const kinds = ({ effects }: Result): readonly string[] => effects.map(({ kind }) => kind)
const look = (desk: Desk): Result => desk.must(system, { type: 'look' })
const observe = (desk: Desk, seen: Partial<WeatherObservation>): Result =>
  desk.run(system, { type: 'observe', seen: { ...calm, ...seen } })
const rechecked = ({ effects }: Result): readonly string[] =>
  effects
    .flatMap((effect) => (effect.kind === 'command' && effect.command.type === 'recheck' ? [effect.subject ?? ''] : []))
    .sort()

test('the first permit that asks makes it look at once and again every ten minutes', () => {
  const desk = open()
  expect(kinds(look(desk))).toEqual(['job', 'setDeadline'])
  expect(desk.deadlines.get('look')?.at).toEqual(new Date('2026-11-24T02:10:00.000Z'))
  expect(kinds(look(desk))).toEqual([])
})

test('it goes on while a permit is open or one asked within eight hours, and rests after that, without a clock', () => {
  const desk = open()
  look(desk)
  desk.passes(hours(7))
  expect(kinds(desk.fire('look'))).toEqual(['job', 'setDeadline'])
  desk.passes(hours(1))
  desk.fire('look')
  expect(desk.state().status).toBe('resting')
  expect(desk.deadlines.get('look')).toBeUndefined()
  for (const status of ['issued', 'active', 'suspended', undefined]) {
    const busy = open([permit('per_1', status)])
    look(busy)
    busy.passes(hours(30))
    expect(kinds(busy.fire('look'))).toEqual(['job', 'setDeadline'])
  }
})

describe('an observation', () => {
  test('is published for the gate, and makes the active permits look again when it says something new', () => {
    const desk = open([
      permit('per_1', 'active'),
      permit('per_2', 'issued'),
      permit('per_3', 'suspended'),
      permit('per_4', undefined),
    ])
    look(desk)
    expect(rechecked(observe(desk, {}))).toEqual(['per_1', 'per_4'])
    expect(desk.index()).toMatchObject([{ name: 'weather', key: 'SH01', at: start }])
    desk.passes(minutes(10))
    expect(rechecked(observe(desk, { at: '2026-11-24T02:10:00.000Z' }))).toEqual([])
    for (const change of [{ windSpeed: 12 }, { fog: true }, { fog: null }, { thunder: true }] as const) {
      desk.passes(minutes(10))
      expect(rechecked(observe(desk, { at: desk.now().toISOString(), ...change }))).toEqual(['per_1', 'per_4'])
    }
  })

  test('that is older than the last changes nothing; one from the future is refused', () => {
    const desk = open([permit('per_1', 'active')])
    look(desk)
    observe(desk, {})
    expect(observe(desk, { at: '2026-11-24T01:59:59.000Z', windSpeed: 30 })).toMatchObject({
      decision: { kind: 'accepted', events: [] },
    })
    expect(observe(desk, { at: start, windSpeed: 30 })).toMatchObject({ decision: { kind: 'accepted', events: [] } })
    expect(observe(desk, { at: '2026-11-24T02:05:00.001Z' }).decision).toMatchObject({
      kind: 'refused',
      because: 'from-the-future',
    })
    expect(observe(desk, { at: 'soon' }).decision).toMatchObject({ kind: 'refused', because: 'from-the-future' })
    expect(desk.state().seen).toEqual(calm)
  })
})

test('a look that brings nothing is made again after a minute; people are told after the third in a row, once', () => {
  const desk = open()
  look(desk)
  const miss = (): readonly string[] => kinds(desk.must(system, { type: 'miss', because: 'unreachable' }))
  expect([miss(), miss()]).toEqual([['setDeadline'], ['setDeadline']])
  expect(desk.deadlines.get('look')?.at).toEqual(new Date('2026-11-24T02:01:00.000Z'))
  const third = miss()
  expect(third.slice(0, 2)).toEqual(['setDeadline', 'alarm'])
  expect(third.slice(2).every((kind) => kind === 'notify')).toBe(true)
  expect(miss()).toEqual(['setDeadline'])
  observe(desk, {})
  expect(desk.state().missed).toBe(0)
})
