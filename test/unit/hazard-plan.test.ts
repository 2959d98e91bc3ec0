import { expect, test } from 'vitest'
import { later, minutes } from '../../src/lib/clock.ts'
import { idFor } from '../../src/lib/id.ts'
import { hazardSla } from '../../src/rules/sla.ts'
import { planAfter } from '../../src/workflows/hazard/plan.ts'
import { onWorkingDay } from '../../src/workflows/hazard/start.ts'
import { type PlanState, planKey, planRow, planRows } from '../../src/workflows/plan/plan.ts'
import type { FoundRow, IndexRow } from '../../src/workflows/workflow.ts'
import { commandsOf, createDesk, type Desk, untrue } from './desk.ts'
import {
  alarmsOf,
  because,
  clock,
  createDesk as createCase,
  dutiesOf,
  noticesOf,
  person,
  plantWith,
  report,
  system,
} from './hazard-desk.ts'

const zone = 'Asia/Shanghai'
const weekly = hazardSla.plan.blue
if (!weekly) throw new Error('blue has no weekly plan')
const next = (after: string): string => planAfter(new Date(after), weekly, zone).toISOString()

test('the plan is made on Monday at 08:00 of the site, and on the first working day after it where Monday is free', () => {
  expect(next('2026-11-24T02:00:00.000Z')).toBe('2026-11-30T00:00:00.000Z')
  expect(next('2026-11-29T23:59:59.999Z')).toBe('2026-11-30T00:00:00.000Z')
  expect(next('2026-11-30T00:00:00.000Z')).toBe('2026-12-07T00:00:00.000Z')
})

test('National Day, Spring Festival and a make-up weekend move the plan as the calendar says', () => {
  /** 2026: free 1 to 7 October, worked instead on 20 September and 10 October (notice of the State Council, November 2025). */
  expect(next('2026-09-29T00:00:00.000Z')).toBe('2026-10-08T00:00:00.000Z')
  expect(next('2026-10-08T00:00:00.000Z')).toBe('2026-10-12T00:00:00.000Z')
  /** 2026: free 15 to 23 February; both Mondays fall into it and make one plan. */
  expect(next('2026-02-10T00:00:00.000Z')).toBe('2026-02-24T00:00:00.000Z')
  expect(next('2026-02-24T00:00:00.000Z')).toBe('2026-03-02T00:00:00.000Z')
})

test('a time on a free day moves to the same time of the next working day; a Saturday that is worked stays, a year without a notice too', () => {
  const moved = (at: string): string => onWorkingDay(new Date(at), zone).toISOString()
  expect(moved('2026-11-28T07:40:12.345Z')).toBe('2026-11-30T07:40:12.345Z')
  expect(moved('2026-10-10T07:40:00.000Z')).toBe('2026-10-10T07:40:00.000Z')
  expect(moved('2026-10-03T16:30:00.000Z')).toBe('2026-10-07T16:30:00.000Z')
  expect(moved('2039-01-01T07:40:00.000Z')).toBe('2039-01-01T07:40:00.000Z')
})

const blue = { type: 'triage', colour: 'blue', area: 'pump-3', owner: 'fitter' }
const planned = (start = '2026-11-24T02:00:00.000Z', plant = plantWith()) => {
  const desk = createCase('hazard', plant, start)
  desk.must(person('welder'), report('3号泵房标识脏污'))
  desk.passes(minutes(10))
  desk.must(person('lead'), blue)
  return desk
}
const due = (desk: Pick<Desk, 'deadlines'>, tag: string): string | undefined => desk.deadlines.get(tag)?.at.toISOString()

test('a blue case is on the plan of its area every week until it is handed in; the area owner is asked for one plan a week', () => {
  const desk = planned()
  expect(due(desk, 'plan')).toBe('2026-11-30T00:00:00.000Z')
  desk.passes(new Date('2026-11-30T00:00:01.000Z').getTime() - desk.now().getTime())
  const [asked, ...more] = commandsOf(desk.fire('plan'))
  expect(more).toEqual([])
  expect(asked).toMatchObject({
    workflow: 'plan',
    subject: null,
    key: planKey('SH01', 'areaOwner', '2026-11-30T00:00:00.000Z'),
    command: { type: 'make', planner: 'areaOwner' },
  })
  expect(due(desk, 'plan')).toBe('2026-12-07T00:00:00.000Z')
  desk.must(person('fitter'), { type: 'accept', colour: '', area: '' })
  expect(due(desk, 'plan')).toBe('2026-12-07T00:00:00.000Z')
  desk.must(person('fitter'), { type: 'startRectify' })
  expect(due(desk, 'plan')).toBe('2026-12-07T00:00:00.000Z')
})

test('weeks that were missed are one plan, the latest; a clock that strikes too early asks for none', () => {
  const desk = planned()
  expect(commandsOf(desk.fire('plan'))).toEqual([])
  expect(due(desk, 'plan')).toBe('2026-11-30T00:00:00.000Z')
  desk.passes(new Date('2026-12-23T09:00:00.000Z').getTime() - desk.now().getTime())
  expect(commandsOf(desk.fire('plan')).map(({ key }) => key)).toEqual(['plan:SH01:areaOwner:2026-12-21T00:00:00.000Z'])
  expect(due(desk, 'plan')).toBe('2026-12-28T00:00:00.000Z')
})

test('a colour that is only suggested is on no plan, nor is any other; a plan that nobody can be given alarms', () => {
  const fresh = createCase('hazard')
  fresh.must(person('welder'), report('3号泵房标识脏污'))
  expect(fresh.deadlines.has('plan')).toBe(false)
  expect(because(fresh.run(clock, { type: 'joinPlan' }))).toBe('not-planned')
  const desk = planned('2026-11-24T02:00:00.000Z', plantWith({ unreachable: ['areaOwner', 'head'] }))
  desk.passes(new Date('2026-11-30T00:00:00.000Z').getTime() - desk.now().getTime())
  const alone = desk.fire('plan')
  expect([commandsOf(alone), alarmsOf(alone), noticesOf(alone)]).toEqual([[], ['nobody-holds areaOwner'], ['admin nobody-holds']])
})

test('nothing of a blue case rings, its rungs strike on working days, and its term ends on one', () => {
  const desk = planned('2026-11-06T09:30:00.000Z')
  expect(due(desk, 'climb')).toBe('2026-11-06T11:30:00.000Z')
  desk.passes(new Date('2026-11-06T11:30:00.000Z').getTime() - desk.now().getTime())
  expect(dutiesOf(desk.fire('climb'))).toEqual(['head triage'])
  expect(due(desk, 'climb')).toBe('2026-11-09T09:30:00.000Z')
  expect(desk.state().dueAt).toBe('2026-12-07T09:40:00.000Z')
})

const found = (rows: readonly IndexRow[]): readonly FoundRow[] => rows.map((row, index) => ({ ...row, subject: `haz_${index}` }))
const line = (code: string, dueAt: string, area = 'pump-3') =>
  planRow({ code, title: '标识脏污', due: dueAt, owner: 'fitter', area })
const make = { type: 'make', planner: 'areaOwner', instead: 'deptHead', week: '2026-11-30T00:00:00.000Z' }
const rows = found([
  line('YH-2', '2026-12-20T00:00:00.000Z'),
  line('YH-1', '2026-12-10T00:00:00.000Z'),
  line('YH-9', '2026-12-01T00:00:00.000Z', 'yard'),
])

test('the plan lists what waits in the areas of its reader, the earliest term first, in one card that does not ring', () => {
  const desk = createDesk<PlanState>('plan', { rows, start: make.week })
  const made = desk.must(system, make)
  expect(desk.state().lines.map(({ code }) => code)).toEqual(['YH-1', 'YH-2'])
  expect(dutiesOf(made)).toEqual(['areaOwner plan'])
  expect(made.effects.some((one) => one.kind === 'showCard' && (one.urgent || one.ring))).toBe(false)
  const card = desk.card('areaOwner')
  expect(card.title).toBe('本周滚动整改计划')
  expect(card.body).toBe('• YH-1 标识脏污（3号泵房，名fitter，12-10 前）\n• YH-2 标识脏污（3号泵房，名fitter，12-20 前）')
  expect(card.facts).toEqual([{ label: '待整改', value: '2' }])
  expect(because(desk.run(system, make))).toBe('made-already')
  expect(untrue(desk)).toEqual([])
})

test('an area without an owner is on the plan of the department head; an empty plan is kept and sent to nobody', () => {
  const desk = createDesk<PlanState>('plan', { rows })
  desk.must(system, { ...make, planner: 'head' })
  expect(desk.state().lines.map(({ code }) => code)).toEqual(['YH-9'])
  const empty = createDesk<PlanState>('plan')
  expect(dutiesOf(empty.must(system, make))).toEqual([])
  expect(because(empty.run(person('areaOwner'), make))).toBe('no-such-case')
})

test('a long plan shows its beginning and counts the rest; one that cannot be given alarms', () => {
  const many = found(
    Array.from({ length: 130 }, (_, n) => line(`YH-${String(n).padStart(3, '0')}`, later(new Date(make.week), n).toISOString())),
  )
  const desk = createDesk<PlanState>('plan', { rows: many })
  desk.must(system, make)
  expect([desk.state().lines.length, desk.state().more]).toEqual([100, 30])
  expect(desk.card('areaOwner').body).toContain('……另有 122 条')
  expect(desk.card('areaOwner').body.split('\n')).toHaveLength(9)
  expect(alarmsOf(desk.must(system, { type: 'reportUnreachable', person: 'areaOwner', duty: 'plan' }))).toEqual([
    'unreachable areaOwner',
    'nobody-holds areaOwner',
  ])
})

test('whoever asks for the plan of a person and week asks for the same subject', () => {
  expect(idFor('pln', planKey('SH01', 'a', make.week))).toBe(idFor('pln', planKey('SH01', 'a', make.week)))
  expect(idFor('pln', planKey('SH01', 'a', make.week))).not.toBe(idFor('pln', planKey('SH01', 'b', make.week)))
  expect(line('YH-1', '').name).toBe(planRows)
})
