import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { because, untrue } from './desk.ts'
import { goOn, type PermitDesk, permitAt, takeGas } from './permit-desk.ts'
import { certificate, permitPlant } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const submit = (desk: PermitDesk) => desk.by('chen', { type: 'submit' })
const at = (text: string): number => new Date(text).getTime()

/** Time goes on until then with the attendant on post and a feed that brings calm weather; only what a test looks at stops the work. */
const until = (desk: PermitDesk, text: string): void => {
  for (let turns = 0; desk.now().getTime() < at(text) && turns < 2000; turns += 1) {
    const due = desk.deadlines.get('watch')?.at.getTime() ?? at(text)
    desk.passes(Math.max(0, Math.min(due, at(text)) - desk.now().getTime()))
    desk.weather()
    desk.fireDue()
    if (desk.state().status !== 'active') return
    if (desk.state().attendance?.asked) desk.do('guard', { type: 'answerPulse', digits: '', position: desk.position() })
  }
}
const stopped = (desk: PermitDesk) => desk.state().suspensions.map(({ because: why, at: when }) => `${why} ${when}`)

test('across midnight: hot work wants a test of the new day, from the first instant of it', () => {
  const desk = permitAt('jsa', { start: '2026-11-24T12:00:00.000Z', form: { hours: '8' } })
  expect(desk.state().level).toMatchObject({ level: 'one', upgradedFrom: 'two' })
  const night = { ...desk, sample: sampleOf('hot', 'one') }
  goOn(night, 'jsa', 'active')
  until(desk, '2026-11-24T15:59:59.999Z')
  expect(stopped(desk)).toEqual([])
  until(desk, '2026-11-24T16:00:00.000Z')
  expect(stopped(desk)).toEqual(['gasExpired 2026-11-24T16:00:00.000Z'])
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('gate-gas-daily')
  takeGas(desk)
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('accepted resumed')
  until(desk, '2026-11-24T20:00:00.000Z')
  expect([desk.state().status, stopped(desk).length]).toEqual(['expired', 1])
  expect(untrue(desk)).toEqual([])
})

test('a test made half an hour before midnight or later is one of the new day as well', () => {
  const desk = permitAt('jsa', { start: '2026-11-24T12:00:00.000Z', form: { hours: '8' } })
  goOn({ ...desk, sample: sampleOf('hot', 'one') }, 'jsa', 'active')
  until(desk, '2026-11-24T15:45:00.000Z')
  takeGas(desk)
  until(desk, '2026-11-24T19:59:00.000Z')
  expect(stopped(desk)).toEqual([])
})

test('across the end of a month: a certificate that ends with it stops the work with its first day', () => {
  const held = { welder: [certificate('height.install', { validUntil: '2026-11-30' })] }
  const desk = permitAt('active', {
    sample: sampleOf('height', 'I'),
    plant: permitPlant({ held }),
    start: '2026-11-30T10:00:00.000Z',
    form: { hours: '160' },
  })
  until(desk, '2026-11-30T15:59:59.999Z')
  expect(stopped(desk)).toEqual([])
  until(desk, '2026-11-30T16:00:00.000Z')
  expect(stopped(desk)).toEqual(['certificate 2026-11-30T16:00:00.000Z'])
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('gate-certificate-expired')
  expect(desk.state().period?.to).toBe('2026-12-07T02:00:00.000Z')
})

test.each([
  ['a working Thursday', '2026-09-24', 'two', null],
  ['the National Day', '2026-10-01', 'one', 'two'],
  ['a Saturday', '2026-10-17', 'one', 'two'],
  ['a Saturday on which the National Day is made up for', '2026-10-10', 'two', null],
  ['a Sunday on which it is made up for', '2026-09-20', 'two', null],
] as const)('%s, %s: hot work is managed as level %s', (_, day, level, upgradedFrom) => {
  const desk = permitAt('filled', { start: `${day}T00:00:00.000Z` })
  expect(because(submit(desk))).toBe('accepted submitted')
  expect(desk.state().level).toMatchObject({ level, upgradedFrom })
})

test('applied for on a working day, for a holiday: the day of the work counts', () => {
  const desk = permitAt('filled', { start: '2026-09-30T00:00:00.000Z', form: { from: '2026-10-01T00:00:00.000Z', hours: '8' } })
  expect(because(submit(desk))).toBe('accepted submitted')
  expect(desk.state().level?.upgradedFrom).toBe('two')
  expect(desk.state().chain.map(({ id }) => id)).toEqual([
    'workLeader',
    'unit',
    'safety',
    'approver',
    'shiftLeader',
    'acceptance',
  ])
})

test.each([
  ['eight to four', '00:00', 8, null],
  ['up to the night', '02:00', 8, null],
  ['a minute into the night', '02:01', 8, 'two'],
  ['from six in the morning', '-02:00', 8, null],
  ['from a minute before', '-02:01', 8, 'two'],
] as const)('%s', (_, from, length, upgradedFrom) => {
  const [hour = 0, minute = 0] = from.replace('-', '').split(':').map(Number)
  const shift = minutes(hour * 60 + minute) * (from.startsWith('-') ? -1 : 1)
  const begins = new Date(at('2026-11-24T00:00:00.000Z') + shift).toISOString()
  const desk = permitAt('filled', { start: '2026-11-23T20:00:00.000Z', form: { from: begins, hours: String(length) } })
  expect(because(submit(desk))).toBe('accepted submitted')
  expect(desk.state().level?.upgradedFrom).toBe(upgradedFrom)
})
