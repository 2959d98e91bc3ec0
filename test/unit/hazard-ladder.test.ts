import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import {
  alarmsOf,
  because,
  caseIn,
  createDesk,
  dutiesOf,
  eventsOf,
  noticesOf,
  person,
  plantWith,
  report,
  stranger,
  system,
  triage,
} from './hazard-desk.ts'

const unreachable = (who: string, duty: string) => ({ type: 'reportUnreachable', person: who, duty })
/** Words that suggest yellow, whose ladder is the plain one. */
const reported = (plant = plantWith(), words = '3号泵房地面积水') => {
  const desk = createDesk('hazard', plant)
  return { desk, first: desk.must(person('welder'), report(words)) }
}
const due = (desk: ReturnType<typeof createDesk>, tag: string): string | undefined => desk.deadlines.get(tag)?.at.toISOString()

test('the team lead is asked at once, the department head after 2 h, the production director after 48 h, counted from the report', () => {
  const { desk, first } = reported()
  expect(dutiesOf(first)).toEqual(['lead triage'])
  expect(due(desk, 'climb')).toBe('2026-11-24T04:00:00.000Z')
  desk.passes(hours(2))
  expect(dutiesOf(desk.fire('climb'))).toEqual(['head triage!'])
  expect(due(desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
  desk.passes(hours(46))
  expect(dutiesOf(desk.fire('climb'))).toEqual(['director triage!'])
  expect(desk.state().called.map(({ rung, persons }) => [rung, ...persons])).toEqual([
    [0, 'lead'],
    [1, 'head'],
    [2, 'director'],
  ])
})

test('the last rung is called again every 24 h until somebody answers', () => {
  const { desk } = reported()
  desk.passes(hours(48))
  desk.fire('climb')
  for (const day of ['27', '28', '29']) {
    expect(due(desk, 'climb')).toBe(`2026-11-${day}T02:00:00.000Z`)
    desk.passes(hours(24))
    expect(dutiesOf(desk.fire('climb'))).toEqual(['director triage!'])
  }
})

test('rungs whose time passed while nothing ran are called together, each once', () => {
  const { desk } = reported()
  desk.passes(hours(72))
  expect(dutiesOf(desk.fire('climb'))).toEqual(['head triage!', 'director triage!'])
  expect(due(desk, 'climb')).toBe('2026-11-28T02:00:00.000Z')
})

test('a rung that nobody holds is climbed at once, and operators and alarms hear of it', () => {
  const { desk, first } = reported(plantWith({ vacant: ['teamLead@mech'], also: [] }))
  expect(dutiesOf(first)).toEqual(['prodLead triage'])
  expect(desk.state().team).toBe('prod')
  const nobody = reported(plantWith({ vacant: ['teamLead@mech', 'teamLead@prod'] }))
  expect(dutiesOf(nobody.first)).toEqual(['head triage!'])
  expect(alarmsOf(nobody.first)).toEqual(['nobody-holds teamLead'])
  expect(noticesOf(nobody.first)).toEqual(['admin nobody-holds'])
  expect(due(nobody.desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
})

test('a holder who cannot be reached is as good as none', () => {
  const { first } = reported(plantWith({ unreachable: ['lead', 'head'] }))
  expect(dutiesOf(first)).toEqual(['director triage!'])
  expect(alarmsOf(first)).toEqual(['nobody-holds teamLead', 'nobody-holds deptHead'])
  expect(dutiesOf(reported(plantWith({ inactive: ['lead'] })).first)).toEqual(['head triage!'])
})

test('with every rung empty the operators are called, and called again each day', () => {
  const { desk, first } = reported(plantWith({ unreachable: ['lead', 'head', 'director'] }))
  expect(dutiesOf(first)).toEqual([])
  expect(alarmsOf(first)).toHaveLength(3)
  expect(due(desk, 'climb')).toBe('2026-11-25T02:00:00.000Z')
  desk.passes(hours(24))
  const again = desk.fire('climb')
  expect(alarmsOf(again)).toEqual(['nobody-holds productionDirector'])
  expect(noticesOf(again)).toEqual(['admin nobody-holds'])
  expect(desk.deadlines.has('climb')).toBe(true)
})

test("a stranger's report goes to the lead of the area's team", () => {
  const desk = createDesk('hazard')
  expect(dutiesOf(desk.must(stranger('passer-by'), report()))).toEqual(['prodLead triage'])
  const nowhere = createDesk('hazard')
  const first = nowhere.must(stranger('passer-by'), report('漏油了'))
  expect(dutiesOf(first)).toEqual(['head triage!'])
  expect(alarmsOf(first)).toEqual(['nobody-holds teamLead'])
})

test('naming an owner, and naming another, moves neither the ladder nor the time to rectify', () => {
  const { desk } = reported()
  desk.passes(minutes(30))
  const yellow = { ...triage, colour: 'yellow' }
  desk.must(person('lead'), yellow)
  expect(due(desk, 'climb')).toBe('2026-11-24T04:00:00.000Z')
  expect(desk.state().dueAt).toBe('2026-12-01T02:30:00.000Z')
  desk.passes(minutes(30))
  expect(dutiesOf(desk.must(person('lead'), { ...yellow, owner: 'worker' }))).toEqual(['worker accept'])
  expect(due(desk, 'climb')).toBe('2026-11-24T04:00:00.000Z')
  expect(desk.state().dueAt).toBe('2026-12-01T02:30:00.000Z')
  expect(desk.state().triagedAt).toBe('2026-11-24T02:30:00.000Z')
  desk.passes(hours(1))
  expect(dutiesOf(desk.fire('climb'))).toEqual(['head triage!'])
})

test('acceptance stops the climbing and starts the time to rectify', () => {
  const { desk } = reported()
  desk.must(person('lead'), { type: 'accept', colour: 'red', area: '' })
  expect([...desk.deadlines.keys()].sort()).toEqual(['due', 'feedback', 'reach'])
  expect(due(desk, 'due')).toBe('2026-11-25T02:00:00.000Z')
  expect(because(desk.run({ kind: 'clock' }, { type: 'climb', rung: 1 }))).toBe('no-need-to-climb')
})

test('an overdue case calls owner and department head again every 24 h until it is submitted, from 48 h on the production director too', () => {
  const desk = caseIn('accepted')
  desk.passes(hours(72))
  for (const count of [1, 2, 3]) {
    const heads = ['fitter overdue', 'head overdue!']
    expect(dutiesOf(desk.fire('due'))).toEqual(count < 3 ? heads : [...heads, 'director overdue!'])
    expect(desk.state().overdue).toBe(count)
    desk.passes(hours(24))
  }
})

test('an overdue call that comes too early is set right and counts nothing', () => {
  const desk = caseIn('accepted')
  const before = due(desk, 'due')
  const early = desk.fire('due')
  expect([eventsOf(early), dutiesOf(early), desk.state().overdue]).toEqual([[], [], 0])
  expect(due(desk, 'due')).toBe(before)
})

test('a lead whom no message reaches is passed over at once', () => {
  const { desk } = reported()
  const lost = desk.must(system, unreachable('lead', 'triage'))
  expect(dutiesOf(lost)).toEqual(['head triage!'])
  expect(alarmsOf(lost)).toEqual(['unreachable lead'])
  expect(due(desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
})

test('with two leads, the ladder climbs when the second is lost too, whatever the directory says of them', () => {
  const { desk, first } = reported(plantWith({ also: [['worker', 'teamLead@mech']] }))
  expect(dutiesOf(first)).toEqual(['lead triage', 'worker triage'])
  expect(dutiesOf(desk.must(system, unreachable('lead', 'triage')))).toEqual([])
  expect(dutiesOf(desk.must(system, unreachable('lead', 'triage')))).toEqual([])
  expect(dutiesOf(desk.must(system, unreachable('worker', 'triage')))).toEqual(['head triage!'])
})

test('above the last rung there are only the operators: nobody is called twice for one failure', () => {
  const { desk } = reported()
  desk.passes(hours(48))
  desk.fire('climb')
  const lost = desk.must(system, unreachable('director', 'triage'))
  expect([dutiesOf(lost), alarmsOf(lost), noticesOf(lost)]).toEqual([
    [],
    ['unreachable director', 'nobody-holds productionDirector'],
    ['admin nobody-holds'],
  ])
  expect(due(desk, 'climb')).toBe('2026-11-27T02:00:00.000Z')
})

test('somebody who was called on an earlier rung, or the reporter, is lost without a new call', () => {
  const desk = caseIn('reported')
  expect(dutiesOf(desk.must(system, unreachable('lead', 'triage')))).toEqual([])
  expect(dutiesOf(desk.must(system, unreachable('welder', '')))).toEqual([])
  expect(alarmsOf(desk.must(system, unreachable('welder', 'answer')))).toEqual(['unreachable welder'])
})

test('an owner who was named but cannot be reached is a reason to climb', () => {
  const { desk } = reported()
  desk.must(person('lead'), triage)
  expect(dutiesOf(desk.must(system, unreachable('fitter', 'accept')))).toEqual(['head triage!'])
})

test('an owner who cannot be reached while rectifying is brought to the department head, or else to the operators', () => {
  const desk = caseIn('rectifying')
  expect(dutiesOf(desk.must(system, unreachable('fitter', 'rectify')))).toEqual(['head overdue!'])
  const alone = caseIn('rectifying')
  alone.change({ vacant: ['deptHead@SH01'] })
  const lost = alone.must(system, unreachable('fitter', 'rectify'))
  expect([dutiesOf(lost), alarmsOf(lost), noticesOf(lost)]).toEqual([
    [],
    ['unreachable fitter', 'nobody-holds deptHead'],
    ['admin nobody-holds'],
  ])
})

test('an owner who is the department head is not told of being unreachable', () => {
  const { desk } = reported()
  desk.must(person('lead'), { ...triage, owner: 'head' })
  desk.must(person('head'), { type: 'accept', colour: '', area: '' })
  expect(dutiesOf(desk.must(system, unreachable('head', 'rectify')))).toEqual([])
  expect(dutiesOf(desk.must(system, unreachable('head', 'overdue')))).toEqual([])
})

test('a repaired clock may call a rung again, and the ladder goes on from there', () => {
  const { desk } = reported()
  desk.passes(hours(3))
  expect(dutiesOf(desk.run({ kind: 'clock' }, { type: 'climb', rung: 0 }))).toEqual(['lead triage', 'head triage!'])
  expect(due(desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
})

test('news of an unreachable verifier or owner that comes after the end changes no clock', () => {
  const desk = caseIn('closed')
  desk.must(system, unreachable(String(desk.state().verifier), 'verify'))
  expect(dutiesOf(desk.must(system, unreachable('fitter', 'rectify')))).toEqual([])
  expect(desk.deadlines.size).toBe(0)
})
