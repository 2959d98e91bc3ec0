import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import type { Effect } from '../../src/workflows/workflow.ts'
import { because, courtPlant, createCourt, give, person, untrue } from './penalty-desk.ts'

const red = () => {
  const court = createCourt()
  return { court, id: give(court, 'p1', { colour: 'red', code: 'YH-SH01-20261120-0001-X' }) }
}
const minutes = '11-25 面谈 20 分钟，承认超期，承诺提前申请延期'
const told = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'notify' && one.to.kind === 'person' ? [`${one.to.person} ${one.words}`] : []))
const dueOf = ({ court, id }: ReturnType<typeof red>, tag: string) => court.clocks.get(`${id} ${tag}`)?.at.toISOString()

test('a red card has a talk within 3 days and re-training within 7, each with an owner; a yellow one and a contractor’s have none', () => {
  const on = red()
  expect([dueOf(on, 'talk'), dueOf(on, 'training')]).toEqual(['2026-11-27T02:00:00.000Z', '2026-12-01T02:00:00.000Z'])
  expect(on.court.penalty(on.id).asked).toMatchObject({
    talk: { persons: ['head'] },
    training: { persons: ['officer', 'officerB'] },
  })
  const others = createCourt()
  const yellow = give(others, 'p1')
  const contractor = give(others, 'p2', { colour: 'red', holder: { kind: 'contractor', id: '华建' } })
  expect([others.penalty(yellow).asked, others.penalty(contractor).asked]).toEqual([{}, {}])
})

test('without minutes nothing was held; with them it is proven, its holder reads them, and the duty is gone', () => {
  const { court, id } = red()
  expect(because(court.by('head', id, { type: 'noteTalk', reason: ' ' }))).toBe('accepted noteTalk-reason')
  expect(court.expected).toContain(`${id} noteTalk`)
  const noted = court.by('head', id, { type: 'noteTalk', reason: minutes })
  expect([because(noted), told(noted.effects)]).toEqual(['accepted talk-noted', ['fitter talk-held']])
  expect(court.penalty(id).held?.talk).toMatchObject({ by: 'head', reason: minutes, at: '2026-11-24T02:00:00.000Z' })
  expect(court.clocks.has(`${id} talk`)).toBe(false)
  expect(court.card(id, 'fitter').body).toContain(minutes)
  expect(because(court.by('safetyDirector', id, { type: 'noteTalk', reason: minutes }))).toBe('overtaken')
  expect(untrue(court)).toEqual([])
})

test('what is not held in time goes to the next role each day, until it is held', () => {
  const { court, id } = red()
  court.passes(days(3))
  expect(court.penalty(id).asked.talk?.persons).toEqual(['head', 'director'])
  court.passes(days(1))
  expect(court.penalty(id).asked.talk?.persons).toEqual(['head', 'director', 'safetyDirector'])
  court.passes(days(60))
  expect([court.clocks.has(`${id} talk`), court.clocks.has(`${id} training`)]).toEqual([true, true])
  court.by('officerB', id, { type: 'noteTraining', reason: '考核 90 分' })
  court.by('director', id, { type: 'noteTalk', reason: minutes })
  expect([...court.clocks.values()].filter((one) => one.subject === id)).toEqual([])
  expect(untrue(court)).toEqual([])
})

test('while an appeal runs nobody is called for it and nobody may hold it; when the card falls both are gone', () => {
  const { court, id } = red()
  court.by('fitter', id, { type: 'appeal', reason: '已申请延期' })
  expect(because(court.by('head', id, { type: 'noteTalk', reason: minutes }))).toBe('appeal-before-follow-up')
  court.passes(days(3) + hours(1))
  expect(court.penalty(id).asked.talk?.persons).toEqual(['head'])
  court.by('safetyDirector', id, { type: 'overturn', reason: '查实' })
  expect([...court.clocks.values()].filter((one) => one.subject === id)).toEqual([])
  expect(because(court.by('head', id, { type: 'noteTalk', reason: minutes }))).toBe('overtaken')
})

test('whoever has held the talk does not review the appeal', () => {
  const { court, id } = red()
  court.by('safetyDirector', id, { type: 'noteTalk', reason: minutes })
  court.by('fitter', id, { type: 'appeal', reason: '已申请延期' })
  expect(because(court.rule(person('safetyDirector'), 'penalty', id, { type: 'uphold', reason: '查实' }))).toBe('separate-duties')
})

test('a talk whose only holder of the role is the one who has the card goes to the next role at once', () => {
  const court = createCourt({ plant: courtPlant({ also: [['fitter', 'deptHead@SH01']], vacant: [] }) })
  const id = give(court, 'p1', { colour: 'red', holder: { kind: 'person', id: 'head' } })
  expect(court.penalty(id).asked.talk?.persons).toEqual(['fitter'])
})
