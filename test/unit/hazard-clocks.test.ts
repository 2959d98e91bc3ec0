import { expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../../src/lib/clock.ts'
import { canonical } from '../../src/lib/crypto.ts'
import { penaltyRules } from '../../src/rules/penalties.ts'
import { colours, hazardSla, hazardSlas } from '../../src/rules/sla.ts'
import { clockNames, clocksOf } from '../../src/workflows/hazard/clock-facts.ts'
import { decideHazard } from '../../src/workflows/hazard/decide.ts'
import { evolveHazard } from '../../src/workflows/hazard/evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from '../../src/workflows/hazard/hazard.ts'
import { awaitsStart, nextRungOf } from '../../src/workflows/hazard/start.ts'
import type { Actor } from '../../src/workflows/workflow.ts'
import {
  because,
  caseIn,
  clock,
  createDesk,
  type Desk,
  dutiesOf,
  eventsOf,
  person,
  plantWith,
  type Result,
  report,
  triage,
} from './hazard-desk.ts'
import { factsAt } from './hazard-facts.ts'

const yellow = '3号泵房地面积水'
const opened = (words = '3号泵房漏油', start?: string) => {
  const desk = start === undefined ? createDesk('hazard') : createDesk('hazard', plantWith(), start)
  return { desk, first: desk.must(person('welder'), report(words)) }
}
const due = (desk: Desk, tag: string): string | undefined => desk.deadlines.get(tag)?.at.toISOString()
const wait = (desk: Desk, tag: string): void => desk.passes((desk.deadlines.get(tag)?.at.getTime() ?? 0) - desk.now().getTime())
const informedOf = ({ effects }: Result): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'showCard' && one.duty === null && one.to.kind === 'person' ? [one.to.person] : []))
const wordsOf = ({ effects }: Result): readonly string[] => effects.flatMap((one) => (one.kind === 'notify' ? [one.words] : []))
const accepts = (desk: Desk, who = 'lead', colour = ''): Result => desk.must(person(who), { type: 'accept', colour, area: '' })

test('the table holds every number that was promised', () => {
  expect(hazardSla.ladder.map(({ role, after }) => [role, after])).toEqual([
    ['teamLead', 0],
    ['deptHead', hours(2)],
    ['productionDirector', hours(48)],
  ])
  const { acceptWithin, startWithin, answerWithin, answerLead, penalties, reach, verdict, due: term } = hazardSla
  expect([hazardSla.pushWithin, hazardSla.workOrderWithin]).toEqual([seconds(15), hours(2)])
  expect(answerLead).toBe(hours(1))
  expect([acceptWithin.orange, startWithin.yellow, answerWithin]).toEqual([minutes(30), hours(2), hours(48)])
  expect([reach.red?.within, reach.red?.steps]).toEqual([minutes(15), [minutes(2), minutes(5), minutes(10)]])
  expect(penalties).toEqual([
    { colour: 'yellow', after: hours(24) },
    { colour: 'red', after: hours(48) },
  ])
  expect(Object.fromEntries(penalties.map(({ colour, after }) => [colour, after]))).toEqual(penaltyRules.overdueAfter)
  expect(colours.map((one) => verdict[one])).toEqual([hours(8), hours(8), hours(24), hours(24)])
  expect(colours.map((one) => term[one])).toEqual([hours(24), hours(72), days(7), days(30)])
  expect(hazardSlas.map(({ id }) => id)).toEqual(['hazard-sla@1', 'hazard-sla@2'])
})

test('orange that nobody has taken within 30 min is the department head’s; the production director’s after 48 h as ever', () => {
  const { desk } = opened()
  expect(due(desk, 'climb')).toBe('2026-11-24T02:30:00.000Z')
  wait(desk, 'climb')
  expect(dutiesOf(desk.fire('climb'))).toEqual(['head triage!'])
  expect(due(desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
})

test('orange by a person’s grade counts from that grade, and is not begun anew by another owner or by red', () => {
  const { desk } = opened(yellow)
  desk.passes(hours(1))
  desk.must(person('lead'), triage)
  expect(due(desk, 'climb')).toBe('2026-11-24T03:30:00.000Z')
  desk.passes(minutes(10))
  desk.must(person('lead'), { ...triage, owner: 'worker' })
  desk.must(person('lead'), { ...triage, colour: 'red' })
  expect(due(desk, 'climb')).toBe('2026-11-24T03:30:00.000Z')
  desk.must(person('lead'), { ...triage, colour: 'yellow' })
  expect(due(desk, 'climb')).toBe('2026-11-24T04:00:00.000Z')
})

test('orange that waits for its owner is told to equipment department, EHS and the area, once, and to nobody who knows or may verify it', () => {
  const { desk } = opened()
  expect(informedOf(desk.must(person('officerA'), triage))).toEqual(['head', 'officerProd', 'areaOwner'])
  expect(informedOf(desk.must(person('lead'), { ...triage, owner: 'worker' }))).toEqual([])
  const far = opened().desk
  expect(informedOf(far.must(person('lead'), { ...triage, owner: 'worker' }))).toEqual(['head', 'safetyDirector', 'areaOwner'])
  const taken = opened().desk
  expect(informedOf(accepts(taken))).toEqual([])
  const plain = opened(yellow).desk
  expect(informedOf(plain.must(person('lead'), { ...triage, colour: 'yellow' }))).toEqual([])
})

test('yellow must be begun within 2 h of the report: taking it on does not stop its ladder, beginning does', () => {
  const { desk } = opened(yellow)
  desk.passes(minutes(30))
  accepts(desk)
  expect(due(desk, 'climb')).toBe('2026-11-24T04:00:00.000Z')
  wait(desk, 'climb')
  expect(dutiesOf(desk.fire('climb'))).toEqual(['lead start', 'head start!'])
  expect(due(desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
  desk.must(person('lead'), { type: 'startRectify' })
  expect(desk.deadlines.has('climb')).toBe(false)
  const begun = opened(yellow).desk
  accepts(begun)
  begun.must(person('lead'), { type: 'startRectify' })
  expect([...begun.deadlines.keys()].sort()).toEqual(['due', 'feedback'])
  expect(because(begun.run(clock, { type: 'climb', rung: 1 }))).toBe('no-need-to-climb')
})

test('a head who was called because nobody took it on is not called again because nobody began', () => {
  const { desk } = opened(yellow)
  wait(desk, 'climb')
  desk.fire('climb')
  desk.passes(hours(1))
  accepts(desk, 'head')
  expect(due(desk, 'climb')).toBe('2026-11-26T02:00:00.000Z')
  desk.passes(hours(45))
  expect(dutiesOf(desk.fire('climb'))).toEqual(['head start', 'director start!'])
})

test('orange and red need no other beginning than their owner; whoever stands on a lost rung of a beginning is passed over', () => {
  for (const colour of ['orange', 'red']) {
    const { desk } = opened()
    accepts(desk, 'lead', colour)
    expect(desk.deadlines.has('climb')).toBe(false)
  }
  const { desk } = opened(yellow)
  accepts(desk)
  wait(desk, 'climb')
  desk.fire('climb')
  expect(dutiesOf(desk.must({ kind: 'system' }, { type: 'reportUnreachable', person: 'head', duty: 'start' }))).toEqual([
    'director start!',
  ])
})

test('the card’s next rung is the clock’s', () => {
  for (const words of ['3号泵房漏油', yellow, '3号泵房起火', '3号泵房标识脏污']) {
    const { desk } = opened(words)
    for (let turns = 0; turns < 5; turns += 1) {
      const next = nextRungOf(desk.state(), desk.plant())
      expect(due(desk, 'climb')).toBe(next?.at.toISOString())
      wait(desk, 'climb')
      const called = desk.fire('climb')
      expect(dutiesOf(called)).toEqual([`${desk.plant().holders(next?.role ?? '', 'SH01')[0]} triage!`])
    }
  }
})

test('the reporter hears of the case within 48 h and again each time, whatever its state, until it ends: an hour early, so that it arrives', () => {
  const { desk } = opened()
  expect(due(desk, 'feedback')).toBe('2026-11-26T01:00:00.000Z')
  const told: string[] = []
  for (const step of [
    () => undefined,
    () => desk.must(person('lead'), triage),
    () => accepts(desk, 'fitter'),
    () => desk.must(person('fitter'), { type: 'startRectify' }),
  ]) {
    step()
    wait(desk, 'feedback')
    told.push(...wordsOf(desk.fire('feedback')))
  }
  expect(told).toEqual(['progress-unanswered', 'progress-assigned', 'progress-rectifying', 'progress-rectifying'])
  expect(desk.state().answers).toBe(4)
  expect(due(desk, 'feedback')).toBe('2026-12-03T21:00:00.000Z')
  desk.passes(days(7))
  const late = desk.fire('feedback')
  expect([wordsOf(late).length, desk.state().answers]).toEqual([1, 7])
  expect(due(desk, 'feedback')).toBe('2026-12-09T18:00:00.000Z')
  expect(eventsOf(desk.run(clock, { type: 'answerReporter' }))).toEqual([])
})

test('a rejection answers the reporter; a report brought back counts anew', () => {
  const desk = caseIn('rejected')
  expect(desk.deadlines.has('feedback')).toBe(false)
  expect(because(desk.run(clock, { type: 'answerReporter' }))).toBe('answered-already')
  desk.passes(hours(60))
  desk.must(person('welder'), { type: 'reopen', reason: '仍在漏' })
  expect(desk.deadlines.get('feedback')?.at.getTime()).toBe(desk.now().getTime() + hours(47))
  expect(desk.deadlines.get('climb')?.at.getTime()).toBe(desk.now().getTime() + minutes(30))
})

test('five clocks can be read at any time, and another owner resets none', () => {
  const { desk } = opened()
  const facts = () => clocksOf(desk.state(), desk.now(), desk.plant())
  const t = (text: string): string => `2026-11-24T${text}:00.000Z`
  expect(Object.keys(facts())).toEqual([...clockNames])
  expect(facts().ack).toEqual({ started: t('02:00'), stopped: null, limit: t('02:30'), late: false })
  expect(facts().due).toEqual({ started: null, stopped: null, limit: null, late: false })
  desk.passes(minutes(40))
  desk.must(person('lead'), triage)
  const before = facts()
  expect([before.ack.late, before.due.started, before.due.limit]).toEqual([true, t('02:40'), '2026-11-27T02:40:00.000Z'])
  desk.passes(minutes(5))
  desk.must(person('lead'), { ...triage, owner: 'worker' })
  expect(facts()).toEqual(before)
  accepts(desk, 'worker')
  desk.must(person('worker'), { type: 'startRectify' })
  expect([facts().ack.stopped, facts().ack.late, facts().start.stopped]).toEqual([t('02:45'), true, t('02:45')])
  expect(facts().total).toEqual({ started: t('02:00'), stopped: null, limit: null, late: false })
  expect(facts().verify).toEqual({ started: null, stopped: null, limit: null, late: false })
})

test('limits fall at the same wall time over midnight, the end of a month and of a year', () => {
  for (const start of [
    '2026-11-24T15:59:00.000Z',
    '2026-11-30T15:59:30.000Z',
    '2026-12-31T15:59:59.999Z',
    '2028-02-29T15:00:00.000Z',
  ]) {
    const { desk } = opened(yellow, start)
    const from = new Date(start).getTime()
    expect(desk.deadlines.get('climb')?.at.getTime()).toBe(from + hours(2))
    expect(desk.deadlines.get('feedback')?.at.getTime()).toBe(from + hours(47))
    accepts(desk)
    expect(desk.deadlines.get('due')?.at.getTime()).toBe(from + days(7))
  }
})

/** A case as the first release wrote it. */
const old: HazardEvent = {
  type: 'reported',
  site: 'SH01',
  code: 'YH-SH01-20261124-0001-K',
  at: '2026-11-24T02:00:00.000Z',
  reporter: { account: { connection: 'c1', account: 'acc-welder' }, conversation: 'direct', person: 'welder', name: '名welder' },
  text: '3号泵房起火',
  files: [],
  place: null,
  team: 'mech',
  suggestion: { colour: 'red', area: 'pump-3' },
  ladder: hazardSla.ladder,
  sla: 'hazard-sla@1',
}
const act = (state: HazardState, command: HazardCommand, at: string, actor: Actor) => {
  const decision = decideHazard(state, command, factsAt(at, actor))
  if (decision.kind === 'refused') throw new Error(decision.because)
  return { state: decision.events.reduce<HazardState>(evolveHazard, state), decision }
}

test('a case of the first table keeps its ladder, its clocks and its very words of state', () => {
  const begun = evolveHazard(null, old)
  expect(canonical(begun)).not.toMatch(/"(urgentFrom|startedAt|reach|answers|carded|informed|plannedFor|previousOwner)"/)
  const climbed = act(begun, { type: 'climb', rung: 0 }, '2026-11-24T02:00:00.000Z', clock)
  const set = climbed.decision.effects.flatMap((one) =>
    one.kind === 'setDeadline' ? [`${one.tag} ${one.at.toISOString()}`] : [],
  )
  expect(set).toEqual(['climb 2026-11-24T04:00:00.000Z'])
  const taken = act(climbed.state, { type: 'accept', colour: 'yellow', area: '' }, '2026-11-24T03:00:00.000Z', person('lead'))
  expect(taken.decision.effects.flatMap((one) => ('tag' in one ? [`${one.kind} ${one.tag}`] : []))).toEqual([
    'cancelDeadline climb',
    'setDeadline due',
  ])
  const atWork = act(taken.state, { type: 'startRectify' }, '2026-11-24T04:00:00.000Z', person('lead'))
  expect(atWork.state.status).toBe('rectifying')
  const late = act(atWork.state, { type: 'callOverdue' }, '2026-12-05T03:00:00.000Z', clock)
  expect(late.decision.events.map(({ type }) => type)).toEqual(['overdueCalled'])
  expect(late.state.overdue).toBe(1)
  expect(late.decision.effects.flatMap((one) => (one.kind === 'setDeadline' ? [one.at.toISOString()] : []))).toEqual([
    '2026-12-06T03:00:00.000Z',
  ])
  expect(canonical(late.state)).not.toMatch(/"(urgentFrom|startedAt|reach|answers|carded|informed|plannedFor|previousOwner)"/)
})

test('who has begun once owes no beginning again', () => {
  const { desk } = opened(yellow)
  accepts(desk)
  expect(awaitsStart(desk.state())).toBe(true)
  expect(awaitsStart({ ...desk.state(), startedAt: desk.now().toISOString() })).toBe(false)
})

test('a case of a table that this release does not carry is not guessed at', () => {
  expect(() => evolveHazard(null, { ...old, sla: 'hazard-sla@9' })).toThrow('unknown SLA table hazard-sla@9')
})

test('the work order goes to its owner with the grading, and whoever has not graded by then has been passed over', () => {
  const within = hazardSla.workOrderWithin ?? 0
  for (const words of ['起火了', '3号泵房漏油', yellow, '3号泵房灯坏了']) {
    const { desk } = opened(words)
    expect((desk.deadlines.get('climb')?.at.getTime() ?? Number.NaN) - desk.now().getTime()).toBeLessThanOrEqual(within)
    expect(dutiesOf(desk.must(person('lead'), triage))).toContain('fitter accept')
  }
})

test('the lead’s card is an effect of the very decision that opens the case, due at once and urgent', () => {
  const { first, desk } = opened()
  expect(first.effects).toContainEqual({
    kind: 'showCard',
    to: { kind: 'person', person: 'lead' },
    duty: 'triage',
    urgent: true,
    ring: false,
  })
  expect(desk.state().suggestion).toEqual({ colour: 'orange', area: 'pump-3' })
})

test('the first answer is remembered, so that a late one is never counted as kept', () => {
  const { desk } = opened()
  desk.passes(hours(60))
  desk.fire('feedback')
  expect(desk.state().answeredAt).toBe('2026-11-26T14:00:00.000Z')
  const kept = caseIn('rejected')
  const first = kept.state().answeredAt
  expect(first).toBe(kept.state().closedAt)
  kept.must(person('welder'), { type: 'reopen', reason: '仍在漏' })
  kept.passes(hours(47))
  kept.fire('feedback')
  expect(kept.state().answeredAt).toBe(first)
})
