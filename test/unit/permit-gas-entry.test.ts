import { describe, expect, test } from 'vitest'
import { hours, type Millis, minutes } from '../../src/lib/clock.ts'
import { because } from './desk.ts'
import { type PermitDesk, permitAt, takeGas } from './permit-desk.ts'
import { pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const _special = sampleOf('hot', 'special')
const _two = sampleOf('hot', 'two')
const start = (desk: PermitDesk) => desk.by('wang', { type: 'start' })

describe('a gas value', () => {
  const value = {
    kind: 'combustible',
    substance: '甲烷',
    value: '0.5',
    unit: 'vol%',
    point: 'around',
    instrument: 'GD-07',
    calibrationDue: '2026-11-24',
    sampledAt: '08:00',
  }
  const record = (change: Readonly<Record<string, string>>, who = 'analyst', desk = permitAt('issued')) =>
    desk.by(who, { type: 'recordGas', ...value, ...change })
  test.each([
    ['as it should be', {}, 'accepted gas-passed'],
    ['above the limit of its substance', { value: '0.51' }, 'accepted gas-failed'],
    ['of a substance with a low limit', { substance: 'C3H8', value: '0.2' }, 'accepted gas-passed'],
    ['of a substance with a low limit, above it', { substance: 'C3H8', value: '0.21' }, 'accepted gas-failed'],
    ['as a detector shows it, 10 %LEL of methane', { unit: 'LEL%', value: '10' }, 'accepted gas-passed'],
    ['as a detector shows it, 9.6 %LEL of propane', { substance: '丙烷', unit: 'LEL%', value: '9.6' }, 'accepted gas-failed'],
    ['without a value', { value: '' }, 'gas-incomplete'],
    ['with words for a value', { value: '合格' }, 'gas-incomplete'],
    ['below nothing', { value: '-1' }, 'gas-incomplete'],
    ['without a unit', { unit: '' }, 'gas-incomplete'],
    ['without a time', { sampledAt: '' }, 'gas-incomplete'],
    ['at a time that is none', { sampledAt: '24:10' }, 'gas-incomplete'],
    ['without an instrument', { instrument: ' ' }, 'gas-incomplete'],
    ['of an instrument without a date', { calibrationDue: '' }, 'gas-incomplete'],
    ['of an instrument that was due yesterday', { calibrationDue: '2026-11-23' }, 'instrument-not-calibrated'],
    ['of a substance that nobody knows', { substance: '神秘气' }, 'gas-unknownSubstance'],
    ['of oxygen as a combustible', { substance: 'O2' }, 'gas-otherKind'],
    ['of what does not burn', { substance: 'CO2' }, 'gas-noLel'],
    ['beyond all there is', { value: '101' }, 'gas-implausible'],
    ['from the future', { sampledAt: '2026-11-24T00:01:01.000Z' }, 'gas-from-the-future'],
  ] as const)('%s', (_, change, words) => {
    expect(because(record(change))).toBe(words)
  })
  test('only who is to measure enters it; where the pack asks for none it is refused', () => {
    for (const who of ['welder', 'chen', 'officerA', 'bystander']) expect(because(record({}, who))).toBe('measures-not')
    for (const who of ['wang', 'guard', 'analyst']) expect(because(record({}, who))).toBe('accepted gas-passed')
    expect(because(record({}, 'analyst', permitAt('issued', { sample: sampleOf('roadClosure') })))).toBe('no-gas-here')
  })
  test('a sample from before midnight is of the day before', () => {
    const desk = permitAt('issued', { sample: sampleOf('confinedSpace'), start: '2026-11-24T16:05:00.000Z' })
    desk.do('analyst', { type: 'recordGas', ...value, point: 'inside', sampledAt: '23:50' })
    expect(desk.state().gas[0]?.sampledAt).toBe('2026-11-24T15:50:00.000Z')
  })
  test('the age counts from the sampling, not from the entry: 30 minutes at the start, and no more', () => {
    const aged = (age: Millis) => {
      const desk = permitAt('issued')
      desk.do('prodLead', { type: 'sign', pin })
      desk.do('guard', { type: 'checkIn', ...desk.proof() })
      takeGas(desk, age)
      return start(desk).decision
    }
    expect(aged(minutes(30)).kind).toBe('accepted')
    expect(aged(minutes(30) + 1)).toMatchObject({ because: 'gate-gas-stale', clause: { clause: '5.3.1 c' } })
  })
  test('a value above its limit stops work that goes on, at once', () => {
    const desk = permitAt('active')
    takeGas(desk, 0, { value: '0.6' })
    expect([desk.state().status, desk.state().suspensions.at(-1)?.because]).toEqual(['suspended', 'gasAlarm'])
  })
  test('a value whose clock is a little ahead is taken for one of now: it never leaves work going on without a test', () => {
    const desk = permitAt('active')
    desk.passes(minutes(1))
    takeGas(desk, -minutes(1))
    expect(desk.state().gas.at(-1)?.sampledAt).toBe(desk.now().toISOString())
    expect(desk.state().status).toBe('active')
  })
  test('a value from yesterday that makes the test of today void stops the work', () => {
    const desk = permitAt('active')
    takeGas(desk, hours(12), { substance: 'hydrogen' })
    expect([desk.state().status, desk.state().suspensions.at(-1)?.because]).toEqual(['suspended', 'gasExpired'])
  })
})
