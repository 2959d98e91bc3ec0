import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import {
  because,
  dutiesOf,
  eventsOf,
  hazardIn,
  longer,
  noticesOf,
  person,
  rest,
  showsRepair,
  showsReport,
  signature,
  triage,
  waitingFor,
} from './hazard-govern-desk.ts'

const due = (desk: ReturnType<typeof hazardIn>) => desk.deadlines.get('due')?.at.toISOString()
const plus = (iso: string | null, by: number) => new Date(new Date(iso ?? '').getTime() + by).toISOString()

test('an extension that the department head grants really moves the term and its clock, and the old one is kept', () => {
  const desk = hazardIn('accepted')
  const before = desk.state().dueAt
  expect(dutiesOf(desk.must(person('fitter'), longer))).toEqual(['head decide'])
  expect(desk.state().dueAt).toBe(before)
  expect(waitingFor(desk)).toEqual(['fitter', 'head'])
  const granted = desk.must(person('head'), { type: 'approve' })
  expect(noticesOf(granted)).toEqual(['fitter extended'])
  expect(desk.state().dueAt).toBe(plus(before, days(5)))
  expect(due(desk)).toBe(plus(before, days(5)))
  expect(desk.state().extensions).toMatchObject([{ from: before, to: plus(before, days(5)), by: 'head', reason: '等备件' }])
  expect(desk.state().firstDueAt).toBe(before)
  expect(desk.deadlines.has('decide')).toBe(false)
})

test('in chat an extension is three lines; what is missing is asked for, and a date of the calendar is the end of that day', () => {
  const desk = hazardIn('accepted')
  expect(because(desk.must(person('fitter'), { type: 'extend' }))).toBe('accepted extend-how')
  expect([...desk.expected]).toContain('extend acc-fitter')
  for (const reason of ['请延期', '5天', '2026-11-25\n等备件', '-3天\n等备件'])
    expect(because(desk.run(person('fitter'), { type: 'extend', reason })), reason).toMatch(/^(extension-incomplete|too-long)$/)
  expect([...desk.expected]).toContain('extend acc-fitter')
  desk.must(person('fitter'), { type: 'extend', reason: '2026-12-01\n等备件' })
  expect(desk.state().request).toMatchObject({
    kind: 'extension',
    until: '2026-12-01T16:00:00.000Z',
    reason: '等备件',
    interim: '',
  })
  expect([...desk.expected]).not.toContain('extend acc-fitter')
})

test('nobody asks for more time after the term, and nobody gives it then: the request lapses and its owner hears of it', () => {
  const late = hazardIn('accepted')
  late.passes(hours(72))
  expect(because(late.run(person('fitter'), longer))).toBe('past-due')
  const asked = hazardIn('accepted')
  asked.must(person('fitter'), longer)
  asked.passes(hours(72))
  expect(because(asked.run(person('head'), { type: 'approve' }))).toBe('past-due')
  const lapsed = asked.fire('decide')
  expect(eventsOf(lapsed)).toEqual(['requestLapsed'])
  expect(noticesOf(lapsed)).toEqual(['fitter request-lapsed'])
  expect(because(asked.run(person('head'), { type: 'approve' }))).toBe('overtaken')
})

test('a request shortly before the term waits no longer than the term', () => {
  const desk = hazardIn('accepted')
  desk.passes(hours(71))
  desk.must(person('fitter'), longer)
  expect(desk.deadlines.get('decide')?.at.toISOString()).toBe(desk.state().dueAt)
})

test('a clock that strikes too early is set again, and nobody is asked', () => {
  for (const [situation, tag] of [
    ['asking', 'decide'],
    ['deferred', 'defer'],
    ['moved', 'takeOver'],
  ] as const) {
    const desk = hazardIn(situation)
    const at = desk.deadlines.get(tag)?.at
    const early = desk.fire(tag)
    expect([eventsOf(early), dutiesOf(early), desk.deadlines.get(tag)?.at], tag).toEqual([[], [], at])
  }
})

test('two extensions and no third; a case that was brought back may have two again', () => {
  const desk = hazardIn('accepted')
  for (const _ of [1, 2]) {
    desk.must(person('fitter'), longer)
    desk.must(person('head'), { type: 'approve' })
  }
  const third = desk.run(person('fitter'), longer)
  expect(third.decision).toMatchObject({ because: 'extended-enough', values: { most: '2' }, clause: { clause: '2.4' } })
  expect(desk.state().extensions).toHaveLength(2)
})

test('an extension that nobody decides goes up after four hours, each who was asked may still decide', () => {
  const desk = hazardIn('accepted')
  desk.must(person('fitter'), longer)
  desk.passes(hours(4))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['director decide!'])
  desk.passes(hours(4))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['principal decide!'])
  desk.must(person('head'), { type: 'approve' })
})

test('red is extended by the production director and never without an interim control', () => {
  const desk = hazardIn('reported')
  desk.must(person('lead'), { ...triage, colour: 'red' })
  desk.must(person('fitter'), { type: 'accept', colour: '', area: '' })
  const bare = desk.run(person('fitter'), longer)
  expect(bare.decision).toMatchObject({ because: 'extension-needs-interim' })
  expect(dutiesOf(desk.must(person('fitter'), { ...longer, interim: '停用泵' }))).toContain('director decide')
  expect(because(desk.run(person('head'), { type: 'approve' }))).toBe('not-yours-to-extension')
  desk.must(person('director'), { type: 'approve' })
  expect(desk.state().extensions?.[0]).toMatchObject({ interim: '停用泵', by: 'director' })
})

test('a department head who has the case is not asked about it', () => {
  const desk = hazardIn('reported')
  desk.must(person('lead'), { ...triage, owner: 'head' })
  desk.must(person('head'), { type: 'accept', colour: '', area: '' })
  expect(dutiesOf(desk.must(person('head'), longer))).toContain('director decide')
  expect(because(desk.run(person('head'), { type: 'approve' }))).toBe('separate-duties')
})

test('a refused extension leaves the term as it is, and says why', () => {
  const desk = hazardIn('asking')
  const before = desk.state().dueAt
  const no = desk.must(person('head'), { type: 'sendBack', reason: '备件在库' })
  expect(noticesOf(no)).toEqual(['fitter declined'])
  expect(desk.state()).toMatchObject({ status: 'rectifying', dueAt: before })
  expect(desk.state().request).toBeUndefined()
})

test('a deferral never comes without an interim control', () => {
  for (const interim of ['', '  ']) {
    const refused = hazardIn('accepted').run(person('fitter'), { ...rest, interim })
    expect(refused.decision).toMatchObject({
      because: 'deferral-incomplete',
      clause: { standard: 'GB/T 33000-2025', clause: '8.2' },
    })
  }
  const chat = hazardIn('accepted')
  chat.must(person('fitter'), { type: 'defer', reason: '20天；等停车检修；加装接油盘；每班巡检' })
  expect(chat.state().request).toMatchObject({ kind: 'deferral', reason: '等停车检修', interim: '加装接油盘；每班巡检' })
})

test('a granted deferral stops the term, ends by itself, and gives back the time it took', () => {
  const desk = hazardIn('accepted')
  const before = desk.state().dueAt
  desk.must(person('fitter'), rest)
  desk.must(person('head'), { type: 'approve' })
  expect(desk.state()).toMatchObject({ status: 'deferred', deferral: { interim: '加装接油盘', by: 'fitter' } })
  expect([desk.deadlines.has('due'), desk.deadlines.has('defer')]).toEqual([false, true])
  desk.passes(days(20))
  const over = desk.fire('defer')
  expect(dutiesOf(over)).toContain('fitter rectify')
  expect(desk.state()).toMatchObject({ status: 'rectifying', dueAt: plus(before, days(20)) })
  expect(due(desk)).toBe(plus(before, days(20)))
  expect(desk.state().deferral).toBeUndefined()
})

test('the owner may go on earlier, with no more time than the rest took', () => {
  const desk = hazardIn('deferred')
  const before = desk.state().dueAt
  desk.passes(days(3))
  desk.must(person('fitter'), { type: 'resume' })
  expect(desk.state()).toMatchObject({ status: 'rectifying', dueAt: plus(before, days(3)) })
  expect(desk.deadlines.has('defer')).toBe(false)
})

test('two deferrals and no third, none longer than ninety days', () => {
  const desk = hazardIn('rectifying')
  expect(because(desk.run(person('fitter'), { ...rest, until: '91天' }))).toBe('too-long')
  for (const _ of [1, 2]) {
    desk.must(person('fitter'), rest)
    desk.must(person('head'), { type: 'approve' })
    desk.must(person('fitter'), { type: 'resume' })
  }
  expect(because(desk.run(person('fitter'), rest))).toBe('deferred-enough')
})

test('handing in answers what was asked for: nobody decides about a term that is met', () => {
  const desk = hazardIn('asking')
  desk.must(person('fitter'), signature)
  expect(desk.state().request).toBeUndefined()
  expect(desk.deadlines.has('decide')).toBe(false)
  expect(because(desk.run(person('head'), { type: 'approve' }))).toBe('overtaken')
})

test('a case handed to somebody else keeps its clocks; the old owner is remembered, the new one has two hours to say that they have it', () => {
  const desk = hazardIn('rectifying')
  const before = [desk.state().dueAt, desk.state().acceptedAt, desk.state().triagedAt]
  const moved = desk.must(person('areaOwner'), { type: 'handOver', owner: 'prodLead' })
  expect(dutiesOf(moved)).toEqual(['prodLead takeOver'])
  expect(noticesOf(moved)).toEqual(['fitter handed-over'])
  expect([desk.state().dueAt, desk.state().acceptedAt, desk.state().triagedAt]).toEqual(before)
  expect(desk.state()).toMatchObject({ owner: 'prodLead', previousOwner: { person: 'fitter', at: desk.now().toISOString() } })
  expect(because(desk.run(person('fitter'), { type: 'startRectify' }))).toBe('not-the-owner')
  desk.passes(hours(2))
  const called = desk.fire('takeOver')
  expect(dutiesOf(called)).toEqual(['prodLead takeOver!'])
  expect(noticesOf(called)).toEqual(['head not-taken-over'])
  desk.must(person('prodLead'), { type: 'takeOver' })
  expect(desk.deadlines.has('takeOver')).toBe(false)
  expect(desk.state().handover).toBeUndefined()
})

test('beginning to rectify says that the new owner has it; calls that were missed are one', () => {
  const begun = hazardIn('moved')
  begun.must(person('prodLead'), { type: 'startRectify' })
  expect(begun.deadlines.has('takeOver')).toBe(true)
  begun.must(person('prodLead'), { type: 'addEvidence', text: '换了机封', files: [] })
  expect(begun.deadlines.has('takeOver')).toBe(false)
  const missed = hazardIn('moved')
  missed.passes(hours(7))
  missed.fire('takeOver')
  expect(missed.state().handover?.count).toBe(3)
})

test('a case goes to nobody who left, cannot be reached, or has it already', () => {
  const desk = hazardIn('rectifying')
  desk.change({ unreachable: ['worker'], inactive: ['prodLead'] })
  for (const [owner, why] of [
    ['fitter', 'choose-owner'],
    ['prodLead', 'choose-owner'],
    ['nobody', 'choose-owner'],
    ['worker', 'owner-unreachable'],
  ])
    expect(because(desk.run(person('head'), { type: 'handOver', owner })), owner).toBe(why)
})

test('a signature of the old owner is not the new one’s', () => {
  const desk = hazardIn('reported')
  desk.must(person('lead'), { ...triage, colour: 'red' })
  desk.must(person('fitter'), { type: 'accept', colour: '', area: '' })
  showsRepair(desk)
  showsReport(desk)
  desk.must(person('fitter'), signature)
  expect(desk.state().signed).toHaveLength(1)
  desk.must(person('head'), { type: 'handOver', owner: 'prodLead' })
  expect(desk.state().signed ?? []).toEqual([])
})
