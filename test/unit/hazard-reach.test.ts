import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { clocksOf } from '../../src/workflows/hazard/clock-facts.ts'
import {
  alarmsOf,
  because,
  clock,
  createDesk,
  type Desk,
  dutiesOf,
  eventsOf,
  noticesOf,
  person,
  plantWith,
  type Result,
  report,
  system,
  triage,
} from './hazard-desk.ts'

const fire = '3号泵房起火'
const red = (plant = plantWith(), words = fire) => {
  const desk = createDesk('hazard', plant)
  return { desk, first: desk.must(person('welder'), report(words)) }
}
/** Who is called to read it, by which of their accounts. */
const reachCalls = ({ effects }: Result): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'showCard' && effect.duty === 'reach' && effect.to.kind === 'person'
      ? [`${effect.to.person}#${effect.channel ?? 1}${effect.ring ? '!' : ''}`]
      : [],
  )
const due = (desk: Desk): string | undefined => desk.deadlines.get('reach')?.at.toISOString().slice(11, 16)
const read = (who: string, at: string, how = 'read') => ({ type: 'noteReached', person: who, how, at })
const reached = (desk: Desk) =>
  desk.state().reach?.map(({ role, reached: by }) => `${role} ${by ? `${by.person} ${by.how}` : '-'}`)

test('words of red call the safety director and the owner of the area at once, beside the lead, and they are not taken for granted', () => {
  const { desk, first } = red()
  expect(dutiesOf(first)).toEqual(['lead triage', 'safetyDirector reach!', 'areaOwner reach!'])
  expect(reached(desk)).toEqual(['safetyDirector -', 'areaOwner -'])
  expect(due(desk)).toBe('02:02')
})

test('unread after 2, 5 and 10 min the next account of each is rung; after 15 min whoever stands in is called and the operators are alarmed', () => {
  const { desk } = red()
  for (const [by, to, next] of [
    [2, 2, '02:05'],
    [3, 3, '02:10'],
    [5, 4, '02:15'],
  ] as const) {
    desk.passes(minutes(by))
    expect(reachCalls(desk.fire('reach'))).toEqual([`safetyDirector#${to}!`, `areaOwner#${to}!`])
    expect(due(desk)).toBe(next)
  }
  desk.passes(minutes(5))
  const climbed = desk.fire('reach')
  expect(reachCalls(climbed)).toEqual(['director#1!', 'head#1!'])
  expect(alarmsOf(climbed)).toEqual(['unreached safetyDirector', 'unreached areaOwner'])
  expect(noticesOf(climbed)).toEqual(['admin unreached', 'admin unreached'])
  expect(due(desk)).toBe('02:17')
})

test('each is reached on their own: what one has read calls the other no less', () => {
  const { desk } = red()
  desk.passes(minutes(1))
  desk.must(system, read('safetyDirector', desk.now().toISOString()))
  expect(reached(desk)).toEqual(['safetyDirector safetyDirector read', 'areaOwner -'])
  desk.passes(minutes(1))
  expect(reachCalls(desk.fire('reach'))).toEqual(['areaOwner#2!'])
  desk.must(system, read('areaOwner', desk.now().toISOString(), 'acted'))
  expect(desk.deadlines.has('reach')).toBe(false)
  expect(reached(desk)).toEqual(['safetyDirector safetyDirector read', 'areaOwner areaOwner acted'])
})

test('a receipt that comes twice, of somebody nobody waits for, or from the future changes nothing or counts as now', () => {
  const { desk } = red()
  expect(because(desk.run(system, read('worker', desk.now().toISOString())))).toBe('not-awaited')
  desk.must(system, read('areaOwner', '2031-01-01T00:00:00.000Z'))
  expect(desk.state().reach?.find(({ role }) => role === 'areaOwner')?.reached?.at).toBe(desk.now().toISOString())
  const before = JSON.stringify(desk.state())
  expect(because(desk.run(system, read('areaOwner', desk.now().toISOString())))).toBe('not-awaited')
  expect(because(desk.run(person('areaOwner'), { type: 'noteReached', person: 'safetyDirector', how: 'read', at: '' }))).toBe(
    'no-such-case',
  )
  desk.must(system, read('safetyDirector', 'no instant at all'))
  expect(desk.state().reach?.find(({ role }) => role === 'safetyDirector')?.reached?.at).toBe(desk.now().toISOString())
  expect(before).toContain('"reached":null')
})

test('an act counts: 已知悉, or any other press on the case; for everybody else there is nothing to acknowledge', () => {
  const { desk } = red()
  expect(because(desk.run(person('worker'), { type: 'acknowledge' }))).toBe('not-awaited')
  expect(because(desk.must(person('areaOwner'), { type: 'acknowledge' }))).toBe('accepted acknowledged')
  expect(because(desk.run(person('areaOwner'), { type: 'acknowledge' }))).toBe('not-awaited')
  const taken = desk.must(person('safetyDirector'), { ...triage, colour: 'red' })
  expect(eventsOf(taken)).toContain('reached')
  expect(reached(desk)).toEqual(['safetyDirector safetyDirector acted', 'areaOwner areaOwner acted'])
  expect(desk.deadlines.has('reach')).toBe(false)
})

test('whoever was called first still counts after somebody stood in', () => {
  const { desk } = red()
  desk.passes(minutes(15))
  expect(reachCalls(desk.fire('reach'))).toEqual(['director#1!', 'head#1!'])
  desk.passes(minutes(2))
  expect(reachCalls(desk.fire('reach'))).toEqual(['director#2!', 'head#2!'])
  desk.must(person('areaOwner'), { type: 'acknowledge' })
  desk.must(system, read('director', desk.now().toISOString()))
  expect(reached(desk)).toEqual(['safetyDirector director read', 'areaOwner areaOwner acted'])
})

test('nobody stands above the last: it is called again after 15, 30 and then every 60 minutes, once each time and with an alarm, until somebody reads it', () => {
  const { desk } = red()
  const start = desk.now().getTime()
  const called: string[] = []
  while (desk.now().getTime() - start < hours(5)) {
    desk.passes((desk.deadlines.get('reach')?.at.getTime() ?? 0) - desk.now().getTime())
    const result = desk.fire('reach')
    const after = (desk.now().getTime() - start) / minutes(1)
    const calls = reachCalls(result).filter((call) => call.startsWith('principal'))
    if (calls.length > 0) called.push(`${after}: ${calls.join(' ')}, ${alarmsOf(result).length}`)
  }
  expect(called).toEqual([
    '30: principal#1!, 2',
    ...['32: principal#2!, 0', '35: principal#3!, 0', '40: principal#4!, 0'],
    '45: principal#1! principal#1!, 2',
    '47: principal#2!, 0',
    ...['50: principal#3!, 0', '55: principal#4!, 0'],
    ...['60: principal#1! principal#1!, 2', '75: principal#1!, 1', '90: principal#1!, 1', '105: principal#1!, 1'],
    ...['150: principal#1!, 1', '165: principal#1!, 1', '210: principal#1!, 1', '225: principal#1!, 1'],
    ...['270: principal#1!, 1', '285: principal#1!, 1', '330: principal#1!, 1'],
  ])
  desk.must(system, read('principal', desk.now().toISOString()))
  expect(desk.deadlines.has('reach')).toBe(false)
})

test('a clock that jumps takes missed steps as one', () => {
  const { desk } = red()
  desk.passes(minutes(11))
  expect(reachCalls(desk.fire('reach'))).toEqual(['safetyDirector#4!', 'areaOwner#4!'])
  expect(due(desk)).toBe('02:15')
  desk.passes(hours(30))
  expect(reachCalls(desk.fire('reach'))).toEqual(['director#1!', 'head#1!'])
  expect(due(desk)).toBe('08:13')
})

test('a clock that strikes too early changes nothing and stands', () => {
  const { desk } = red()
  const early = desk.fire('reach')
  expect([eventsOf(early), early.effects.map(({ kind }) => kind)]).toEqual([[], ['setDeadline']])
  expect(due(desk)).toBe('02:02')
})

test('a role that nobody holds is passed over at once, and the operators hear of it', () => {
  const { first } = red(plantWith({ vacant: ['safetyDirector@SH01'], unreachable: ['areaOwner'] }))
  expect(reachCalls(first)).toEqual(['director#1!', 'head#1!'])
  expect(alarmsOf(first)).toEqual(['nobody-holds safetyDirector', 'nobody-holds areaOwner'])
})

test('with nobody on any rung the operators are called and the clock stands', () => {
  const { desk, first } = red(plantWith({ unreachable: ['safetyDirector', 'areaOwner', 'director', 'head', 'principal'] }))
  expect(reachCalls(first)).toEqual([])
  expect(alarmsOf(first).filter((one) => one === 'nobody-holds principal')).toHaveLength(2)
  desk.change({})
  desk.passes(minutes(15))
  expect(reachCalls(desk.fire('reach'))).toEqual(['principal#1!', 'principal#1!'])
})

test('a card that nobody can be given climbs at once, and never twice for one failure', () => {
  const { desk } = red()
  const lost = desk.must(system, { type: 'reportUnreachable', person: 'areaOwner', duty: 'reach' })
  expect(reachCalls(lost)).toEqual(['head#1!'])
  expect(reachCalls(desk.must(system, { type: 'reportUnreachable', person: 'areaOwner', duty: 'reach' }))).toEqual([])
  for (const [who, next] of [
    ['head', ['director#1!']],
    ['director', ['principal#1!']],
    ['principal', []],
    ['principal', []],
  ] as const)
    expect(reachCalls(desk.must(system, { type: 'reportUnreachable', person: who, duty: 'reach' }))).toEqual(next)
  expect(desk.deadlines.has('reach')).toBe(true)
})

test('where the area is not known yet the department head is called for its owner, and the owner once it is', () => {
  const { desk, first } = red(plantWith(), '起火了')
  expect(reachCalls(first)).toEqual(['safetyDirector#1!', 'head#1!'])
  expect(alarmsOf(first)).toEqual([])
  desk.must(person('head'), { type: 'acknowledge' })
  const placed = desk.must(person('lead'), { ...triage, colour: 'red' })
  expect(reachCalls(placed)).toEqual(['areaOwner#1!'])
  expect(reached(desk)).toEqual(['safetyDirector -', 'areaOwner -'])
})

test('a grade that a person gives makes it red, or no longer red; reached again only when it comes back', () => {
  const desk = createDesk('hazard')
  expect(reachCalls(desk.must(person('welder'), report()))).toEqual([])
  desk.passes(minutes(60))
  expect(reachCalls(desk.must(person('lead'), { ...triage, colour: 'red' }))).toEqual(['safetyDirector#1!', 'areaOwner#1!'])
  desk.must(person('areaOwner'), { type: 'acknowledge' })
  desk.must(person('lead'), { ...triage, colour: 'yellow' })
  expect(desk.deadlines.has('reach')).toBe(false)
  expect(because(desk.run(clock, { type: 'callReach' }))).toBe('not-awaited')
  expect(because(desk.run(person('safetyDirector'), { type: 'acknowledge' }))).toBe('not-awaited')
  desk.passes(minutes(60))
  expect(reachCalls(desk.must(person('lead'), { ...triage, colour: 'red' }))).toEqual(['safetyDirector#1!'])
  expect(due(desk)).toBe('04:02')
})

test('taking the case on does not stop the calls: only reading or acting does; the end of the case does', () => {
  const { desk } = red()
  desk.must(person('lead'), { type: 'accept', colour: '', area: '' })
  expect(due(desk)).toBe('02:02')
  const other = red().desk
  other.must(person('lead'), { type: 'reject', reason: '演练用烟' })
  expect(other.deadlines.size).toBe(0)
  expect(clocksOf(other.state(), other.now(), other.plant()).ack.stopped).toBe(other.now().toISOString())
})

test('an area owner who reports the fire has been reached by reporting it', () => {
  const desk = createDesk('hazard')
  const first = desk.must(person('areaOwner'), report(fire))
  expect(reachCalls(first)).toEqual(['safetyDirector#1!'])
  expect(reached(desk)).toEqual(['safetyDirector -', 'areaOwner areaOwner acted'])
})
