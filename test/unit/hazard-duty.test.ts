import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { because, caseIn, createDesk, dutiesOf, eventsOf, person, plantWith, report, stranger, triage } from './hazard-desk.ts'

const accept = { type: 'accept', colour: '', area: '' }

test.each([
  [{ ...triage, colour: 'purple' }, 'choose-colour'],
  [{ ...triage, colour: '' }, 'choose-colour'],
  [{ ...triage, colour: 'constructor' }, 'choose-colour'],
  [{ ...triage, area: 'nowhere' }, 'choose-area'],
  [{ ...triage, area: '' }, 'choose-area'],
  [{ ...triage, owner: 'nobody' }, 'choose-owner'],
  [{ ...triage, owner: '' }, 'choose-owner'],
])('a triage with a value that is not on the list is refused: %o', (command, why) => {
  expect(because(caseIn('reported').run(person('lead'), command))).toBe(why)
})

test('an owner who left, or whom no account reaches, is refused at once', () => {
  const desk = createDesk('hazard', plantWith({ inactive: ['fitter'], unreachable: ['worker'] }))
  desk.must(person('welder'), report())
  expect(because(desk.run(person('lead'), triage))).toBe('choose-owner')
  expect(because(desk.run(person('lead'), { ...triage, owner: 'worker' }))).toBe('owner-unreachable')
})

test('accepting a fresh report confirms what was suggested, or what the form says', () => {
  const plain = caseIn('reported')
  plain.must(person('lead'), accept)
  expect(plain.state()).toMatchObject({ status: 'accepted', owner: 'lead', colour: 'orange', area: 'pump-3' })
  const changed = caseIn('reported')
  changed.must(person('head'), { ...accept, colour: 'red', area: 'yard' })
  expect(changed.state()).toMatchObject({ owner: 'head', colour: 'red', area: 'yard' })
})

test('without a known area the accepter is asked for one, and a forged value is not taken for the suggestion', () => {
  const desk = createDesk('hazard')
  desk.must(person('welder'), report('漏油了'))
  expect(because(desk.run(person('lead'), accept))).toBe('choose-area')
  expect(because(desk.run(person('lead'), { ...accept, area: 'nowhere' }))).toBe('choose-area')
  expect(because(desk.run(person('lead'), { ...accept, area: 'yard', colour: 'purple' }))).toBe('choose-colour')
  desk.must(person('lead'), { ...accept, area: 'yard' })
})

test('on a triaged case the named owner alone accepts, and the refused learns who it is', () => {
  const refused = caseIn('triaged').run(person('lead'), accept)
  expect(refused.decision).toMatchObject({ because: 'not-the-owner', values: { name: '名fitter' } })
})

test('rejecting asks for a reason, and the reporter hears it', () => {
  const desk = caseIn('reported')
  for (const reason of ['', '  \n']) {
    const asked = desk.must(person('lead'), { type: 'reject', reason })
    expect([because(asked), eventsOf(asked), desk.state().status]).toEqual(['accepted reject-reason', [], 'reported'])
    expect([...desk.expected]).toContain('reject acc-lead')
  }
  const rejected = desk.must(person('lead'), { type: 'reject', reason: ' 已在检修计划内 ' })
  expect(desk.state()).toMatchObject({ status: 'rejected', closing: '已在检修计划内', last: { act: 'reject', name: '名lead' } })
  expect(dutiesOf(rejected)).toEqual(['welder answer'])
  expect([[...desk.expected], [...desk.deadlines.keys()]]).toEqual([[], []])
})

test('a reason that is no longer wanted is not waited for: acceptance by another forgets the question', () => {
  const desk = caseIn('reported')
  desk.must(person('lead'), { type: 'reject', reason: '' })
  desk.must(person('head'), accept)
  expect([...desk.expected]).toEqual([])
})

test('a rejected report that its reporter brings back starts its ladder anew, with nobody named', () => {
  const desk = caseIn('triaged')
  desk.must(person('lead'), { type: 'reject', reason: '误报' })
  desk.passes(hours(5))
  const back = desk.must(person('welder'), { type: 'reopen', reason: '还在漏' })
  expect(dutiesOf(back)).toEqual(['lead triage'])
  expect(desk.state()).toMatchObject({
    status: 'reported',
    owner: null,
    colour: null,
    dueAt: null,
    triagedAt: null,
    rung: 0,
    suggestion: { colour: 'orange', area: 'pump-3' },
    ladderFrom: desk.now().toISOString(),
  })
  expect(desk.deadlines.get('climb')?.at).toEqual(new Date('2026-11-24T07:50:00.000Z'))
})

test('a rejection may be appealed once by the reporter; after that a safety officer must bring it back', () => {
  const desk = caseIn('rejected')
  desk.must(person('welder'), { type: 'reopen', reason: '还在漏' })
  desk.must(person('lead'), { type: 'reject', reason: '误报' })
  expect(because(desk.run(person('welder'), { type: 'reopen', reason: '还在漏' }))).toBe('appealed-already')
  expect(because(desk.run(person('worker'), { type: 'reopen', reason: '还在漏' }))).toBe('not-your-report')
  desk.must(person('officerA'), { type: 'reopen', reason: '现场确认在漏' })
  expect(desk.state()).toMatchObject({ status: 'reported', appealed: true })
})

test('a stranger who reported may appeal on the same account', () => {
  const desk = createDesk('hazard')
  desk.must(stranger('passer-by'), report())
  desk.must(person('prodLead'), { type: 'reject', reason: '误报' })
  expect(because(desk.run(stranger('passer-by'), { type: 'reopen', reason: '' }))).toBe('accepted reopen-reason')
  desk.must(stranger('passer-by'), { type: 'reopen', reason: '还在漏' })
  expect(desk.state().reopened[0]).toMatchObject({ by: 'acc-passer-by', reason: '还在漏' })
})
