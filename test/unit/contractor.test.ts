import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractorText } from '../../src/cards/text/contractor.ts'
import { days } from '../../src/lib/clock.ts'
import { classOf, contractorRules, quarterOf, type ScoreKind, scoreKinds } from '../../src/rules/contractor-score.ts'
import { contractorSubject } from '../../src/workflows/contractor/contractor.ts'
import { gateOf, mayEnter } from '../../src/workflows/contractor/gate.ts'
import {
  alarmsOf,
  because,
  type Court,
  cardsTo,
  courtPlant,
  createCourt,
  everybody,
  person,
  type Ruling,
  untrue,
} from './penalty-desk.ts'

const q4 = contractorSubject('SH01', '华建', '2026Q4')
let keys = 0

const send = (court: Court, command: { readonly type: string } & Record<string, unknown>, quarter = '2026Q4'): Ruling | null => {
  keys += 1
  const subject = contractorSubject('SH01', '华建', quarter)
  const [ruling = null] = court.send([
    {
      kind: 'command',
      workflow: 'contractor',
      subject,
      key: `inbox ${keys}`,
      command: { contractor: '华建', quarter, ...command },
    },
  ])
  court.deliver()
  return ruling
}
const score = (court: Court, key: string, kind: ScoreKind, quarter?: string): Ruling | null =>
  send(court, { type: 'score', key, kind, case: null, code: null, at: court.world.at.toISOString() }, quarter)
const papers = (court: Court): void => {
  for (const paper of ['insurance', 'licence']) send(court, { type: 'recordPaper', paper, until: '2027-12-31T00:00:00.000Z' })
}
const gate = (court: Court, quarter = '2026Q4') => {
  const state = court.contractor(quarter)
  return state ? gateOf(state, court.world.at) : null
}
const suspend = (court: Court, key = 'card:1', quarter?: string): Ruling | null =>
  send(court, { type: 'suspend', key, because: 'redCard', code: 'HP-1' }, quarter)
const review = (court: Court, who: string, reason = '已停工整改并复训', subject = q4): Ruling => {
  const ruling = court.rule(person(who), 'contractor', subject, { type: 'review', reason })
  court.deliver()
  return ruling
}

test('a quarter starts at 100, and each event counts as the table says', () => {
  const counted = scoreKinds.map((kind) => {
    const court = createCourt()
    score(court, kind, kind)
    return [kind, (court.contractor('2026Q4')?.score ?? 0) - 100]
  })
  expect(Object.fromEntries(counted)).toEqual({
    findingBlue: -2,
    findingYellow: -5,
    findingOrange: -10,
    violation: -10,
    findingRed: -20,
    permitBreach: -20,
    injury: -40,
    falseCertificate: -40,
    validReport: 3,
    closedOnTime: 5,
    drillExcellent: 10,
  })
})

test('classes end where the table says', () => {
  expect([100, 90, 89.9, 75, 74, 60, 59, 0, -20, Number.NaN].map(classOf)).toEqual([
    'A',
    'A',
    'B',
    'B',
    'C',
    'C',
    'D',
    'D',
    'D',
    'D',
  ])
  expect(['2026-01-01', '2026-03-31', '2026-04-01', '2026-12-31'].map(quarterOf)).toEqual([
    '2026Q1',
    '2026Q1',
    '2026Q2',
    '2026Q4',
  ])
})

test('the gate opens only for papers that are recorded and valid', () => {
  const court = createCourt()
  score(court, 'a', 'findingBlue')
  expect(gate(court)).toBe('unproven')
  send(court, { type: 'recordPaper', paper: 'insurance', until: '2026-12-01T00:00:00.000Z' })
  expect(gate(court)).toBe('unproven')
  send(court, { type: 'recordPaper', paper: 'licence', until: '2027-12-01T00:00:00.000Z' })
  expect(gate(court)).toBe('green')
  court.world.at = new Date('2026-12-01T00:00:00.000Z')
  expect(gate(court)).toBe('expired')
  expect((['green', 'normal', 'watch', 'suspended', 'expired', 'unproven'] as const).filter(mayEnter)).toEqual([
    'green',
    'normal',
    'watch',
  ])
})

test('falling to D suspends and asks the safety director; a reversal that brings the score back lifts it', () => {
  const court = createCourt()
  papers(court)
  score(court, 'a', 'injury')
  expect(gate(court)).toBe('watch')
  const fallen = score(court, 'b', 'findingYellow')
  expect(fallen && cardsTo(fallen)).toEqual(['foreman suspended', 'safetyDirector review'])
  expect(gate(court)).toBe('suspended')
  send(court, { type: 'reverse', key: 'b' })
  expect([gate(court), court.contractor('2026Q4')?.score]).toEqual(['watch', 60])
  expect(untrue(court)).toEqual([])
})

test('a score that falls to D a second time suspends a second time', () => {
  const court = createCourt()
  papers(court)
  for (const key of ['a', 'b']) score(court, key, 'injury')
  send(court, { type: 'reverse', key: 'b' })
  expect(gate(court)).toBe('watch')
  score(court, 'c', 'injury')
  expect(gate(court)).toBe('suspended')
})

test('a suspension is lifted by the safety director or the principal, with a reason, and by nobody else', () => {
  const court = createCourt()
  papers(court)
  suspend(court)
  for (const who of everybody.filter((id) => id !== 'safetyDirector' && id !== 'principal'))
    expect(because(review(court, who)), who).toBe('not-the-reviewer')
  expect(because(review(court, 'safetyDirector', ''))).toBe('accepted review-reason')
  expect(gate(court)).toBe('suspended')
  expect(because(review(court, 'safetyDirector'))).toBe('accepted reviewed')
  expect([gate(court), court.contractor('2026Q4')?.reviewed?.by]).toEqual(['green', 'safetyDirector'])
  expect(because(review(court, 'principal'))).toBe('not-suspended')
  suspend(court)
  expect(gate(court)).toBe('green')
  expect(untrue(court)).toEqual([])
})

test('class D is not suspended again by its review, but by a red card', () => {
  const court = createCourt()
  papers(court)
  for (const key of ['a', 'b']) score(court, key, 'injury')
  review(court, 'safetyDirector')
  expect(gate(court)).toBe('watch')
  score(court, 'c', 'findingBlue')
  expect(gate(court)).toBe('watch')
  suspend(court)
  expect(gate(court)).toBe('suspended')
})

test('nobody of the contractor lifts its suspension, whatever role they hold, nor an administrator', () => {
  const also = [
    ['foreman', 'safetyDirector@SH01'],
    ['admin', 'principal@SH01'],
  ] as const
  const court = createCourt({ plant: courtPlant({ also }) })
  suspend(court)
  for (const who of ['foreman', 'admin']) expect(because(review(court, who))).toBe('not-the-reviewer')
})

test('a silent reviewer is joined by the next, an empty role is an alarm', () => {
  const court = createCourt()
  suspend(court)
  court.passes(days(3))
  expect(court.contractor('2026Q4')?.asked).toEqual(['principal'])
  const empty = createCourt({ plant: courtPlant({ vacant: ['safetyDirector@SH01', 'principal@SH01'] }) })
  suspend(empty)
  expect(alarmsOf(empty.effects)).toEqual(['nobody-holds safetyDirector'])
})

test('a new quarter starts at 100 and carries what still stands; the old one ends', () => {
  const court = createCourt({ start: '2026-12-20T02:00:00.000Z' })
  papers(court)
  suspend(court)
  score(court, 'a', 'violation')
  court.passes(days(20))
  score(court, 'b', 'findingBlue', '2027Q1')
  expect(court.contractor('2027Q1')).toMatchObject({ score: 98, status: 'suspended', suspensions: [{ key: 'card:1' }] })
  expect(court.contractor('2026Q4')?.status).toBe('superseded')
  expect(because(review(court, 'safetyDirector'))).toBe('later-quarter')
  send(court, { type: 'lift', key: 'card:1' })
  expect(gate(court, '2027Q1')).toBe('green')
  suspend(court, 'card:2')
  expect(gate(court, '2027Q1')).toBe('suspended')
  expect(because(review(court, 'safetyDirector', 'x', contractorSubject('SH01', '华建', '2027Q1')))).toBe('accepted reviewed')
  expect(untrue(court)).toEqual([])
})

test('a suspension that is lifted before it arrives never stands', () => {
  const court = createCourt()
  send(court, { type: 'lift', key: 'card:1' })
  suspend(court)
  expect(court.contractor('2026Q4')?.suspensions).toEqual([])
})

test.each([
  [
    'an unknown kind',
    { type: 'score', key: 'x', kind: 'rudeness', case: null, code: null, at: '2026-11-24T00:00:00.000Z' },
    'unknown-kind',
  ],
  [
    'an inherited kind',
    { type: 'score', key: 'x', kind: 'constructor', case: null, code: null, at: '2026-11-24T00:00:00.000Z' },
    'unknown-kind',
  ],
  ['no instant', { type: 'score', key: 'x', kind: 'injury', case: null, code: null, at: 'now' }, 'unknown-kind'],
  ['an unknown paper', { type: 'recordPaper', paper: 'badge', until: '2027-01-01T00:00:00.000Z' }, 'unknown-paper'],
  ['a paper without an end', { type: 'recordPaper', paper: 'licence', until: '' }, 'unknown-paper'],
  ['no contractor', { type: 'suspend', key: 'x', because: 'redCard', code: '', contractor: '' }, 'unknown-contractor'],
  ['no quarter', { type: 'suspend', key: 'x', because: 'redCard', code: '', quarter: '2026' }, 'unknown-contractor'],
])('%s counts for nothing', (_, command, why) => {
  const court = createCourt()
  const ruling = send(court, command)
  expect(ruling && because(ruling)).toBe(why)
  expect(court.contractor('2026Q4')).toBeUndefined()
  expect(Object.keys(contractorText.refusals)).toContain(why)
})

test('the card says score, class, gate and why; only who may lift sees the button', () => {
  const court = createCourt()
  papers(court)
  score(court, 'a', 'violation')
  suspend(court)
  const card = court.card(q4, 'safetyDirector')
  expect(card).toMatchObject({ title: '承包商已暂停入场', subtitle: '华建', tone: 'danger', actions: [{ label: '解除暂停' }] })
  expect(Object.fromEntries(card.facts.map(({ label, value }) => [label, value]))).toMatchObject({
    状态: '暂停，待复核',
    入场: '暂停入场',
    暂停原因: '红牌 HP-1',
    等级: 'A（绿色通道）',
    得分: '90',
    保险有效期: '2027-12-31',
  })
  expect(card.body).toBe('11-24 违章 -10')
  expect(court.card(q4, 'foreman').actions).toEqual([])
})

test('whatever is scored, reversed and repeated in any order, the score is 100 plus its lines, and D is never let in unreviewed', () => {
  const step = fc.record({ key: fc.nat({ max: 9 }), kind: fc.constantFrom(...scoreKinds), reverse: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (all) => {
      const court = createCourt()
      papers(court)
      for (const { key, kind, reverse } of all) {
        if (reverse) send(court, { type: 'reverse', key: `k${key}` })
        else score(court, `k${key}`, kind)
        const state = court.contractor('2026Q4')
        const lines = state?.entries ?? []
        expect(state?.score).toBe(contractorRules.start + lines.reduce((sum, { points }) => sum + points, 0))
        expect(new Set(lines.map((one) => one.key)).size).toBe(lines.length)
        expect(gate(court) === 'suspended').toBe(classOf(state?.score ?? Number.NaN) === 'D')
      }
      expect(untrue(court)).toEqual([])
    }),
    { numRuns: 60 },
  )
})
