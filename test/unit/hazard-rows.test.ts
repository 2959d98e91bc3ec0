import { expect, test } from 'vitest'
import {
  accepts,
  hazardDesk,
  hazardIn,
  judged,
  longer,
  person,
  report,
  type Situation,
  showsRepair,
  signature,
  stranger,
  triage,
  waitingFor,
} from './hazard-govern-desk.ts'

/** Whose list a case is on, in each situation. */
const lists: Readonly<Record<Situation, readonly string[]>> = {
  reported: ['head', 'lead'],
  triaged: ['fitter'],
  listed: ['areaOwner', 'fitter', 'safetyDirector'],
  planned: ['areaOwner', 'principal', 'safetyDirector'],
  accepted: ['fitter'],
  rectifying: ['fitter'],
  asking: ['fitter', 'head'],
  moved: ['prodLead'],
  deferred: ['fitter'],
  verifying: [],
  verified: ['principal', 'safetyDirector'],
  closed: [],
  rejected: [],
  merged: [],
}

test.each(Object.entries(lists))('%s: it is on the list of %s', (situation, persons) => {
  expect(waitingFor(hazardIn(situation as Situation))).toEqual(persons)
})

test('a line of somebody’s list says code, words and when', () => {
  const desk = hazardIn('accepted')
  const row = desk.index().find(({ name }) => name === 'todo')
  expect(row).toMatchObject({ key: 'fitter', at: desk.state().dueAt, weight: 1 })
  expect(JSON.parse(row?.note ?? '')).toEqual({ code: desk.state().code, title: '3号泵房漏油', due: desk.state().dueAt })
})

test('an open case is found by code, site, team and area; an ended one by none of them', () => {
  const desk = hazardIn('accepted')
  const open = desk.index().filter(({ name }) => name === 'open')
  expect(open.map(({ key }) => key)).toEqual([`code:${desk.state().code}`, 'site', 'team:mech', 'area:pump-3'])
  expect(new Set(open.map(({ weight }) => weight))).toEqual(new Set([4]))
  expect(JSON.parse(open[0]?.note ?? '')).toMatchObject({ colour: 'orange', status: 'accepted', owner: 'fitter' })
  for (const situation of ['closed', 'rejected', 'merged'] as const)
    expect(
      hazardIn(situation)
        .index()
        .filter(({ name }) => name === 'open'),
    ).toEqual([])
})

test('whoever reported finds the case, by person or by account, to its end and after', () => {
  const cases = (desk: ReturnType<typeof hazardDesk>) => desk.index().filter(({ name }) => name === 'case')
  expect(cases(hazardIn('closed'))).toMatchObject([{ key: 'welder' }])
  const desk = hazardDesk()
  desk.must(stranger('passer-by'), report())
  expect(cases(desk)).toMatchObject([{ key: 'c1/acc-passer-by' }])
})

test('who brought it to light stands by its code, unless it was judged to be none', () => {
  const acts = (situation: Situation) =>
    hazardIn(situation)
      .index()
      .filter(({ name }) => name === 'act')
  for (const situation of ['reported', 'closed', 'merged'] as const)
    expect(acts(situation)).toMatchObject([{ note: JSON.stringify({ reporter: 'welder' }) }])
  expect(acts('rejected')).toEqual([])
})

const counted = (desk: ReturnType<typeof hazardDesk>): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const { name, key } of desk.tallies() as readonly { name: string; key: string }[])
    sums[`${name} ${key}`] = (sums[`${name} ${key}`] ?? 0) + 1
  return sums
}

test('a case that goes through at once counts once in each indicator of its day at the site', () => {
  const desk = hazardIn('verifying', { start: '2026-11-24T15:30:00.000Z' })
  judged(desk)
  expect(counted(desk)).toEqual({
    'hazard.reported 2026-11-24': 1,
    'hazard.accepted 2026-11-24': 1,
    'hazard.submitted 2026-11-25': 1,
    'hazard.closed 2026-11-25': 1,
    'hazard.closedOnTime 2026-11-25': 1,
    'hazard.firstPass 2026-11-25': 1,
  })
})

test('a repair that was returned is no first pass, and is handed in once in the books', () => {
  const desk = hazardIn('verifying')
  judged(desk, ['vetoed', 'passed'])
  showsRepair(desk, '1')
  desk.must(person('fitter'), signature)
  judged(desk)
  const sums = counted(desk)
  expect([sums['hazard.submitted 2026-11-24'], sums['hazard.closed 2026-11-24'], sums['hazard.firstPass 2026-11-24']]).toEqual([
    1,
    1,
    undefined,
  ])
})

test('on time means by the first term, whatever extension was granted', () => {
  const desk = hazardDesk()
  desk.must(person('welder'), report())
  desk.must(person('lead'), { ...triage, deadline: '1' })
  desk.must(person('fitter'), accepts)
  desk.must(person('fitter'), longer)
  desk.must(person('head'), { type: 'approve' })
  desk.passes(2 * 86_400_000)
  showsRepair(desk)
  desk.must(person('fitter'), signature)
  judged(desk)
  const sums = counted(desk)
  expect([sums['hazard.closed 2026-11-26'], sums['hazard.closedOnTime 2026-11-26']]).toEqual([1, undefined])
})

test('a report that was none counts as rejected, one that came back as reopened', () => {
  const desk = hazardIn('rejected')
  desk.must(person('welder'), { type: 'reopen', reason: '还在漏' })
  expect(counted(desk)).toEqual({
    'hazard.reported 2026-11-24': 1,
    'hazard.rejected 2026-11-24': 1,
    'hazard.reopened 2026-11-24': 1,
  })
})
