import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import {
  alarmsOf,
  because,
  dutiesOf,
  eventsOf,
  handedIn,
  hazardIn,
  judged,
  noticesOf,
  person,
  plan,
  plantWith,
  system,
  triage,
  waitingFor,
} from './hazard-govern-desk.ts'

const informed = ({ effects }: ReturnType<ReturnType<typeof hazardIn>['must']>) =>
  effects.flatMap((one) => (one.kind === 'showCard' && one.duty === null && one.to.kind === 'person' ? [one.to.person] : []))

test('a listed hazard waits for its plan: nobody rectifies, the directors and the principal hear of it, the owner is asked', () => {
  const desk = hazardIn('reported')
  const listed = desk.must(person('lead'), { ...triage, severity: 'aq3067' })
  expect(eventsOf(listed)).toEqual(expect.arrayContaining(['triaged', 'listed', 'deciderAsked']))
  expect(informed(listed)).toEqual(expect.arrayContaining(['safetyDirector', 'director', 'principal']))
  expect(dutiesOf(listed)).toContain('fitter plan')
  expect(waitingFor(desk)).toEqual(['areaOwner', 'fitter', 'safetyDirector'])
  expect(desk.deadlines.has('climb')).toBe(false)
  expect(desk.deadlines.has('due')).toBe(false)
  expect(because(desk.run(person('fitter'), { type: 'startRectify' }))).toBe('overtaken')
})

test('a plan that nobody brings is asked for each day, from the department head on besides', () => {
  const desk = hazardIn('listed')
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['head plan!'])
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['safetyDirector plan!'])
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['principal plan!'])
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['principal plan!'])
  expect(waitingFor(desk)).toEqual(['areaOwner', 'fitter', 'head', 'principal', 'safetyDirector'])
})

test.each(['measure', 'funding', 'deadline', 'contingency'] as const)('a plan without %s is not taken', (fix) => {
  for (const value of ['', '  ']) {
    const refused = hazardIn('listed').run(person('fitter'), { ...plan, [fix]: value })
    expect(refused.decision).toMatchObject({ because: 'plan-incomplete', clause: { clause: '第十五条' } })
  }
})

test('the date of a plan is a real day from today on, within a year', () => {
  for (const deadline of ['2026-11-23', '2026-02-30', '10-12-2026', '2028-01-01', 'soon'])
    expect(because(hazardIn('listed').run(person('fitter'), { ...plan, deadline })), deadline).toBe('plan-incomplete')
  const today = hazardIn('listed')
  today.must(person('fitter'), { ...plan, deadline: '2026-11-24' })
  expect(today.state().plan?.deadline).toBe('2026-11-24T16:00:00.000Z')
})

test('with the approval of the principal rectification begins, until the end of the day of the plan', () => {
  const desk = hazardIn('listed')
  expect(dutiesOf(desk.must(person('fitter'), plan))).toEqual(['principal decide'])
  expect(waitingFor(desk)).toEqual(['areaOwner', 'principal', 'safetyDirector'])
  const approved = desk.must(person('principal'), { type: 'approve' })
  expect(dutiesOf(approved)).toContain('fitter rectify!')
  expect(desk.state()).toMatchObject({ status: 'rectifying', owner: 'fitter', dueAt: '2026-12-10T16:00:00.000Z' })
  expect(desk.deadlines.get('due')?.at.toISOString()).toBe('2026-12-10T16:00:00.000Z')
  expect(desk.deadlines.has('decide')).toBe(false)
})

test('a plan that is sent back is asked for anew, with the reason', () => {
  const desk = hazardIn('planned')
  expect(because(desk.must(person('principal'), { type: 'sendBack', reason: ' ' }))).toBe('accepted send-back-reason')
  expect(dutiesOf(desk.must(person('principal'), { type: 'sendBack', reason: '资金不明' }))).toEqual(['fitter plan'])
  expect(desk.state()).toMatchObject({ status: 'listed_pending', planReturned: '资金不明' })
  expect(because(desk.run(person('principal'), { type: 'approve' }))).toBe('overtaken')
  desk.must(person('officerProd'), plan)
  desk.must(person('principal'), { type: 'approve' })
})

test('a plan whose day has come is not approved any more, nor one whose owner nobody reaches', () => {
  const late = hazardIn('planned')
  late.passes(days(20))
  expect(because(late.run(person('principal'), { type: 'approve' }))).toBe('plan-incomplete')
  const gone = hazardIn('planned')
  gone.change({ unreachable: ['fitter'] })
  expect(because(gone.run(person('principal'), { type: 'approve' }))).toBe('owner-unreachable')
})

test('whoever proposed the plan or does the work never approves it, whatever role they hold; a delegate of the principal does', () => {
  const also: readonly (readonly [string, string])[] = [
    ['fitter', 'principalDelegate@SH01'],
    ['officerProd', 'principalDelegate@SH01'],
  ]
  const desk = hazardIn('listed', { plant: plantWith({ also }) })
  desk.must(person('officerProd'), plan)
  for (const who of ['fitter', 'officerProd'])
    expect(because(desk.run(person(who), { type: 'approve' })), who).toBe('separate-duties')
  const other = hazardIn('listed', { plant: plantWith({ also }) })
  other.must(person('fitter'), plan)
  other.must(person('officerProd'), { type: 'approve' })
})

test('two passes do not close a major hazard: it waits for the principal, who is asked each day; the reporter hears that, then the end', () => {
  const desk = hazardIn('planned')
  desk.must(person('principal'), { type: 'approve' })
  handedIn(desk)
  const [, second] = judged(desk)
  if (!second) throw new Error('no verdict')
  expect(eventsOf(second)).toEqual(expect.arrayContaining(['verified', 'deciderAsked']))
  expect(eventsOf(second)).not.toContain('closed')
  expect(dutiesOf(second)).toEqual(['principal decide'])
  expect(noticesOf(second)).toEqual(['welder awaits-signature'])
  expect(desk.state()).toMatchObject({ status: 'verified', closedAt: null })
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['principal decide!'])
  const end = desk.must(person('principal'), { type: 'approve' })
  expect(eventsOf(end)).toEqual(['closed', 'credited'])
  expect(dutiesOf(end)).toEqual(['welder answer'])
  expect(desk.state()).toMatchObject({ status: 'closed', last: { by: 'principal' } })
  expect([...desk.deadlines.keys()]).toEqual([])
})

test('a principal who does not sign returns the repair like a verifier', () => {
  const desk = hazardIn('verified')
  const back = desk.must(person('principal'), { type: 'sendBack', reason: '现场仍渗油' })
  expect(dutiesOf(back)).toContain('fitter rectify')
  expect(desk.state()).toMatchObject({ status: 'rectifying', returned: [{ by: 'principal', reason: '现场仍渗油' }] })
  expect(desk.deadlines.has('due')).toBe(true)
  handedIn(desk, '1')
  judged(desk)
  expect(desk.state().status).toBe('verified')
})

test('nobody to decide is an alarm, not a silence: the operators hear of it and the clock stands', () => {
  const vacant = ['principal@SH01']
  const desk = hazardIn('listed', { plant: plantWith({ vacant }) })
  const asked = desk.must(person('fitter'), plan)
  expect(alarmsOf(asked)).toEqual(['nobody-holds principalDelegate'])
  expect(desk.deadlines.has('decide')).toBe(true)
  desk.change({})
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('decide'))).toEqual(['principal decide!'])
})

test('a principal whom no message reaches is passed over at once', () => {
  const also: readonly (readonly [string, string])[] = [['head', 'principalDelegate@SH01']]
  const desk = hazardIn('planned', { plant: plantWith({ also }) })
  const lost = desk.must(system, { type: 'reportUnreachable', person: 'principal', duty: 'decide' })
  expect(dutiesOf(lost)).toEqual(['head decide!'])
  expect(eventsOf(desk.must(system, { type: 'reportUnreachable', person: 'principal', duty: 'decide' }))).toEqual(['unreachable'])
})

test('while the principal cannot be reached the delegate is asked at once and signs; without one nobody else may, and is told so', () => {
  const away = ['principal']
  const also: readonly (readonly [string, string])[] = [['head', 'principalDelegate@SH01']]
  const desk = hazardIn('listed', { plant: plantWith({ unreachable: away, also }) })
  expect(dutiesOf(desk.must(person('fitter'), plan))).toEqual(['head decide'])
  desk.must(person('head'), { type: 'approve' })
  handedIn(desk)
  const [, second] = judged(desk)
  expect(second ? dutiesOf(second) : []).toEqual(['head decide'])
  desk.must(person('head'), { type: 'approve' })
  expect(desk.state()).toMatchObject({ status: 'closed', last: { by: 'head' } })

  const alone = hazardIn('listed', { plant: plantWith({ unreachable: away }) })
  expect(alarmsOf(alone.must(person('fitter'), plan))).toEqual(['nobody-holds principalDelegate'])
  for (const who of ['director', 'safetyDirector', 'head', 'admin'])
    expect(because(alone.run(person(who), { type: 'approve' })), who).toBe('not-yours-to-plan')
  expect(alone.words.refusals?.['not-yours-to-plan' as keyof typeof alone.words.refusals]).toContain('授权人')
})
