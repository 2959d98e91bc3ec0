import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { evolveHazard } from '../../src/workflows/hazard/evolve.ts'
import type { HazardEvent } from '../../src/workflows/hazard/hazard.ts'
import {
  alarmsOf,
  because,
  caseIn,
  type Desk,
  dutiesOf,
  eventsOf,
  evidence,
  noticesOf,
  passesBoth,
  person,
  recorded,
  returned,
  signature,
  system,
} from './hazard-desk.ts'

const fitter = person('fitter')
const again = (desk: Desk): void => {
  for (const [stage, file] of [
    ['showDuring', 'fil_during1'],
    ['startRectify', 'fil_after01'],
  ] as const) {
    desk.must(fitter, { type: stage })
    desk.must(fitter, evidence(file))
  }
  desk.must(fitter, signature)
}

test('one pass closes nothing; the second closes the case, answers the reporter, and leaves no clock running', () => {
  const desk = caseIn('verifying')
  const first = desk.must(system, recorded(desk, 'B'))
  expect([eventsOf(first), desk.state().status, dutiesOf(first)]).toEqual([['verdictGiven'], 'verifying', []])
  const closed = desk.must(system, recorded(desk, 'A'))
  expect([eventsOf(closed), dutiesOf(closed)]).toEqual([['verdictGiven', 'closed', 'credited'], ['welder answer']])
  expect([desk.deadlines.size, desk.expected.size, desk.state().closing]).toEqual([0, 0, 'verified'])
})

test('a verdict counts once, for the seat and the submission it was asked for', () => {
  const desk = caseIn('verifying')
  const late = recorded(desk, 'A')
  desk.must(system, late)
  expect(because(desk.run(system, late))).toBe('nothing-to-verify')
  expect(because(desk.run(system, { ...late, verdict: 'vdt_00000000000000000000000000' }))).toBe('nothing-to-verify')
  desk.must(system, recorded(desk, 'B', 'vetoed', '仍在漏'))
  again(desk)
  expect(because(desk.run(system, late))).toBe('nothing-to-verify')
  expect(desk.state().seats?.map(({ outcome }) => outcome)).toEqual([null, null])
})

test('one return is enough, tells the owner why, takes the other task back, and photos from before it prove nothing any more', () => {
  const desk = caseIn('verifying')
  const other = desk.state().seats?.[1]?.verdict
  const back = returned(desk, '仍在漏')
  expect([eventsOf(back), dutiesOf(back)]).toEqual([['verdictGiven', 'vetoed'], ['fitter rectify']])
  expect(back.effects).toContainEqual({
    kind: 'command',
    workflow: 'verdict',
    subject: other,
    key: `withdraw:${other}`,
    command: { type: 'withdraw' },
  })
  expect(desk.state()).toMatchObject({ status: 'rectifying', verifier: null, returned: [{ by: '', reason: '仍在漏' }] })
  expect(desk.deadlines.get('due')?.at.toISOString()).toBe(desk.state().dueAt)
  expect(desk.run(fitter, { type: 'submit' }).decision).toMatchObject({
    because: 'evidence-missing',
    values: { missing: '整改中照片、整改后照片' },
  })
})

test('a return after a pass returns all the same', () => {
  const desk = caseIn('verifying')
  desk.must(system, recorded(desk, 'B'))
  returned(desk)
  expect(desk.state().status).toBe('rectifying')
})

test('nobody learns from the case who passed or returned it', () => {
  const desk = caseIn('verifying')
  const names = desk.state().seats?.map(({ verifier }) => verifier) ?? []
  expect(names).toHaveLength(2)
  returned(desk)
  const { seats: _, drawn: __, ...shown } = desk.state()
  for (const name of names) expect(JSON.stringify(shown)).not.toContain(String(name))
  expect(desk.run(person('lead'), { type: 'accept', colour: '', area: '' }).decision).toMatchObject({
    because: 'verdict-given',
    values: { act: 'veto' },
  })
})

test('with nobody to verify the case waits, is alarmed, and is drawn again when its time comes', () => {
  const desk = caseIn('submitted')
  expect(desk.state().seats ?? []).toEqual([])
  const waiting = desk.fire('verify')
  expect([alarmsOf(waiting), noticesOf(waiting)]).toEqual([['nobody-holds safetyOfficer'], ['admin nobody-holds']])
  desk.change({})
  desk.passes(hours(8))
  desk.fire('verify')
  expect([desk.state().status, desk.state().seats?.length]).toEqual(['verifying', 2])
})

test('an officer without anybody beside them is not enough: nobody is asked', () => {
  const desk = caseIn('rectifying')
  desk.change({ unreachable: ['officerB', 'safetyDirector'] })
  const submitted = desk.must(fitter, signature)
  expect([eventsOf(submitted), submitted.effects.filter(({ kind }) => kind === 'command')]).toEqual([
    ['signed', 'submitted', 'verifierMissing'],
    [],
  ])
})

test('after a late return the time past the term goes on counting as if it had never stopped', () => {
  const desk = caseIn('verifying')
  desk.passes(hours(200))
  returned(desk)
  expect(desk.state().status).toBe('rectifying')
  expect(desk.deadlines.get('due')?.at.toISOString()).toBe(desk.state().dueAt)
})

test('a closed case that comes back gives its owner the full time again, and the old photos and signatures prove nothing', () => {
  const desk = caseIn('verifying')
  returned(desk)
  again(desk)
  passesBoth(desk)
  desk.passes(hours(1))
  expect(because(desk.must(person('welder'), { type: 'reopen', reason: '' }))).toBe('accepted reopen-reason')
  const back = desk.must(person('welder'), { type: 'reopen', reason: '又漏了' })
  expect(dutiesOf(back)).toEqual(['fitter rectify'])
  const dueAt = new Date(desk.now().getTime() + hours(72)).toISOString()
  expect(desk.state()).toMatchObject({ status: 'rectifying', overdue: 0, dueAt, closedAt: null, signed: [], appealed: false })
  expect(because(desk.run(fitter, signature))).toBe('evidence-missing')
})

test('photos belong to the round they were sent in, whatever the clock says', () => {
  const desk = caseIn('verifying')
  returned(desk)
  desk.passes(-hours(1))
  again(desk)
  expect(desk.state().status).toBe('verifying')
})

/** A case as the first release left it, under verification by one officer. */
const ofFirstRelease = (): Desk => {
  const desk = caseIn('rectifying')
  const on = desk.onTheDesk()
  if (!on?.state) throw new Error('no case')
  const { evidence: _, ...old } = desk.state()
  const events: readonly HazardEvent[] = [
    { type: 'submitted', by: 'fitter', name: '名fitter', at: desk.now().toISOString() },
    { type: 'verifierDrawn', verifier: 'officerB', pool: ['officerA', 'officerB'], seed: 's', at: desk.now().toISOString() },
  ]
  on.state = events.reduce((so, event) => evolveHazard(so, event), { ...old, sla: 'hazard-sla@1' })
  return desk
}

test('a case of the first release under verification is finished by the one officer who was drawn, and by nobody else', () => {
  const desk = ofFirstRelease()
  expect(because(desk.run(person('officerA'), { type: 'pass' }))).toBe('not-the-verifier')
  expect(because(desk.must(person('officerB'), { type: 'veto', reason: ' ' }))).toBe('accepted veto-reason')
  expect(eventsOf(desk.must(person('officerB'), { type: 'pass' }))).toEqual(['closed'])
  const back = ofFirstRelease()
  back.must(person('officerB'), { type: 'veto', reason: '仍在漏' })
  expect(back.state()).toMatchObject({ status: 'rectifying', returned: [{ by: 'officerB', reason: '仍在漏' }] })
})

test('its clock draws two, and the one officer may not decide any longer', () => {
  const desk = ofFirstRelease()
  const drawn = desk.run({ kind: 'clock' }, { type: 'redraw' })
  expect(eventsOf(drawn)).toEqual(['verifiersDrawn'])
  expect(desk.state()).toMatchObject({ verifier: null, blindness: 'single' })
  expect(because(desk.run(person('officerB'), { type: 'pass' }))).toBe('not-the-verifier')
})

test('the fold of a journal of the first release gives the very state that was stored', () => {
  const { signed: _, seats: __, collecting: ___, ...old } = ofFirstRelease().state()
  const veto: HazardEvent = { type: 'vetoed', by: 'officerB', name: 'B', reason: 'r', at: '2026-11-24T03:00:00.000Z' }
  const after = evolveHazard(old, veto)
  for (const name of ['signed', 'seats', 'confirming', 'collecting', 'draws', 'conflicts', 'blindness', 'formerOwners'])
    expect(Object.hasOwn(after, name), name).toBe(false)
})
