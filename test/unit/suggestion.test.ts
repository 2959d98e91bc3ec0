import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import { pointsAward } from '../../src/workflows/points-award.ts'
import { decidersFor, ruleOf } from '../../src/workflows/suggestion/people.ts'
import type { SuggestionState } from '../../src/workflows/suggestion/suggestion.ts'
import {
  alarmsOf,
  because,
  clock,
  commandsOf,
  createDesk,
  dutiesOf,
  eventsOf,
  noticesOf,
  type PlantChange,
  person,
  plantWith,
  stranger,
  system,
  untrue,
  waitingFor,
} from './desk.ts'

const words = { type: 'propose', text: '建议 3号泵房加装接油盘' }
const proposed = (change: PlantChange = {}, by = 'welder') => {
  const desk = createDesk<SuggestionState>('suggestion', { plant: plantWith(change) })
  const result = desk.must(person(by), words)
  return { desk, result }
}
const forwarded = (change: PlantChange = {}) => {
  const { desk } = proposed(change)
  desk.must(person('lead'), { type: 'endorse', opinion: '班组同意' })
  return desk
}
const approved = () => {
  const desk = forwarded()
  const result = desk.must(person('head'), { type: 'approve', implementer: 'fitter' })
  return { desk, result }
}

describe('proposing', () => {
  test('anybody proposes; the lead of their team is asked, and both clocks run', () => {
    const { desk, result } = proposed()
    expect([because(result), dutiesOf(result), waitingFor(desk)]).toEqual(['accepted proposed', ['lead endorse'], ['lead']])
    expect(desk.state()).toMatchObject({ status: 'proposed', text: '3号泵房加装接油盘', team: 'mech', rule: 'suggestion@1' })
    expect([...desk.deadlines].map(([tag, { at }]) => [tag, at.toISOString()])).toEqual([
      ['climb', '2026-11-25T02:00:00.000Z'],
      ['feedback', '2026-11-26T01:00:00.000Z'],
    ])
  })

  test('who is not linked proposes too, is answered on the very account, and it goes to the department head', () => {
    const desk = createDesk<SuggestionState>('suggestion')
    const result = desk.must(stranger('guest'), words)
    expect([eventsOf(result), dutiesOf(result)]).toEqual([['proposed', 'forwarded'], ['head decide']])
    expect(desk.cardFor({ person: null, account: { connection: 'c1', account: 'acc-guest' } }).title).toBe('合理化建议已收到')
    const done = desk.must(person('head'), { type: 'approve', implementer: 'fitter' })
    expect(dutiesOf(done)).toEqual(['acc-guest answer', 'fitter implement'])
    expect(commandsOf(done)).toEqual([])
  })

  test('without words they are asked for', () => {
    const desk = createDesk<SuggestionState>('suggestion')
    expect(because(desk.must(person('welder'), { type: 'propose', text: '建议' }))).toBe('accepted words')
    desk.must(person('welder'), { type: 'propose', text: '建议加装护栏' })
    expect(desk.state().text).toBe('建议加装护栏')
  })

  test.each([
    ['建议 加装护栏', true],
    ['合理化建议：加装护栏', true],
    ['建议', true],
    ['建议加装护栏', false],
    ['我建议 停机', false],
  ])('«%s» alone is a suggestion: %s', (text, is) => {
    expect(createDesk('suggestion').workflow.commands.propose?.spoken?.test(text)).toBe(is)
  })

  test('a lead’s own suggestion, and one of a team without a lead, go to the department head at once', () => {
    expect(dutiesOf(proposed({}, 'lead').result)).toEqual(['head decide'])
    expect(dutiesOf(proposed({ unreachable: ['lead'] }).result)).toEqual(['head decide'])
  })
})

describe('deciding', () => {
  test('the lead passes it on with a word', () => {
    const desk = forwarded()
    expect([desk.state().opinion?.text, waitingFor(desk)]).toEqual(['班组同意', ['head']])
    expect(desk.card('head')).toMatchObject({ title: '合理化建议待审批', actions: [{ label: '采纳' }, { label: '不采纳' }] })
    expect(because(desk.run(person('lead'), { type: 'endorse', opinion: '' }))).toBe('late-forwarded')
    expect(because(proposed().desk.run(person('prodLead'), { type: 'endorse', opinion: '' }))).toBe('lead-only')
  })

  test('a lead who says nothing is passed over after a day, and the deciders are asked again each day', () => {
    const { desk } = proposed()
    desk.passes(hours(24))
    expect(desk.fireDue().map(dutiesOf)).toEqual([['head decide']])
    desk.passes(hours(22))
    expect(desk.fireDue()).toEqual([])
    desk.passes(hours(2))
    expect(desk.fireDue().map(eventsOf)).toEqual([['progressTold'], ['forwarded']])
  })

  test('the suggester hears within 48 hours, decided or not, and then again', () => {
    const desk = forwarded()
    desk.passes(hours(47))
    const told = desk.fireDue().flatMap(noticesOf)
    expect(told).toEqual(['welder progress'])
    desk.passes(hours(47))
    expect(desk.fireDue().flatMap(noticesOf)).toEqual(['welder progress'])
    expect(desk.state().progress).toBe(2)
    expect(desk.card('head').tone).toBe('danger')
  })

  test('with nobody to decide the operators hear, and the suggester is told so', () => {
    const nobody = { vacant: ['deptHead@SH01', 'productionDirector@SH01', 'principal@SH01'] }
    const desk = createDesk<SuggestionState>('suggestion', { plant: plantWith(nobody) })
    const result = desk.must(person('lead'), words)
    expect([alarmsOf(result), noticesOf(result)]).toEqual([['nobody-holds deptHead'], ['admin nobody-holds']])
    desk.passes(hours(47))
    expect(desk.fireDue().flatMap(noticesOf)).toContain('lead progress-nobody')
  })

  test('approval names who implements it, answers the suggester and gives the points once', () => {
    const { desk, result } = approved()
    expect(dutiesOf(result)).toEqual(['welder answer', 'fitter implement'])
    expect(desk.state()).toMatchObject({ status: 'approved', implementer: 'fitter', dueAt: '2026-12-24T02:00:00.000Z' })
    expect([...desk.deadlines.keys()]).toEqual(['due'])
    expect(commandsOf(result)).toMatchObject([
      {
        workflow: 'points',
        subject: expect.stringMatching(/^pts_[0-9a-z]{26}$/),
        key: `award:${desk.subject}:adopted`,
        command: { type: 'award', person: 'welder', kind: 'suggestion', case: desk.subject, code: desk.state().code },
      },
    ])
    expect(because(desk.run(person('head'), { type: 'approve', implementer: 'fitter' }))).toBe('late-approved')
    expect(because(desk.run(person('head'), { type: 'decline', reason: '算了' }))).toBe('late-approved')
  })

  test('the ledger of a person is the same for each of their awards, another for another', () => {
    const facts = { subject: 'sug_1', at: new Date(0), plant: plantWith() } as Parameters<typeof pointsAward>[1]
    const of = (who: string) => pointsAward({ person: who, kind: 'suggestion', reason: 'adopted', code: 'JY' }, facts)[0]
    expect(of('welder')).toEqual(of('welder'))
    expect(of('welder')).not.toMatchObject({ subject: (of('fitter') as { subject: string }).subject })
  })

  test('without an implementer the decider is asked for a name; one that means nobody is refused', () => {
    const desk = forwarded()
    expect(because(desk.must(person('head'), { type: 'approve', implementer: '' }))).toBe('accepted who-implements')
    expect(because(desk.run(person('head'), { type: 'approve', reason: '张三' }))).toBe('implementer-unknown')
    desk.must(person('head'), { type: 'approve', reason: '名fitter' })
    expect([desk.state().implementer, desk.expected.size]).toEqual(['fitter', 0])
    const gone = forwarded({ unreachable: ['fitter'] })
    expect(because(gone.run(person('head'), { type: 'approve', implementer: 'fitter' }))).toBe('implementer-unknown')
  })

  test('declining needs a reason, which the suggester reads', () => {
    const desk = forwarded()
    expect(because(desk.must(person('head'), { type: 'decline', reason: '  ' }))).toBe('accepted decline-reason')
    const declined = desk.must(person('head'), { type: 'decline', reason: '已列入技改' })
    expect([dutiesOf(declined), desk.deadlines.size, waitingFor(desk)]).toEqual([['welder answer'], 0, []])
    expect(desk.card('welder')).toMatchObject({
      title: '合理化建议未采纳',
      facts: [{}, { label: '未采纳原因', value: '已列入技改' }, {}, {}, {}, {}],
    })
    expect(because(desk.run(person('head'), { type: 'approve', implementer: 'fitter' }))).toBe('late-declined')
  })

  test('nobody decides about their own; administrators and colleagues do not decide at all', () => {
    const { desk } = proposed({}, 'head')
    expect(desk.state().asked).toEqual(['director'])
    expect([desk.card('head').title, desk.card('head').actions]).toEqual(['合理化建议已收到', []])
    expect(because(desk.run(person('head'), { type: 'approve', implementer: 'fitter' }))).toBe('not-your-own')
    for (const id of ['admin', 'welder', 'lead', 'safetyDirector', 'officerA'])
      expect(because(desk.run(person(id), { type: 'approve', implementer: 'fitter' })), id).toBe('decider-only')
    expect(because(desk.run(stranger('x'), { type: 'decline', reason: 'x' }))).toBe('link-first')
    desk.must(person('director'), { type: 'decline', reason: '不可行' })
  })

  test('a decider need not wait for the lead', () => {
    const { desk } = proposed()
    desk.must(person('head'), { type: 'approve', implementer: 'fitter' })
    expect(desk.state().status).toBe('approved')
  })
})

describe('implementing', () => {
  test('the implementer says how it was done, and the suggester is answered', () => {
    const { desk } = approved()
    expect(because(desk.run(person('head'), { type: 'finish', reason: '好了' }))).toBe('implementer-only')
    expect(because(desk.must(person('fitter'), { type: 'finish', reason: '' }))).toBe('accepted finish-note')
    const done = desk.must(person('fitter'), { type: 'finish', reason: '已加装接油盘' })
    expect([dutiesOf(done), desk.deadlines.size, desk.expected.size]).toEqual([['welder answer'], 0, 0])
    expect(desk.card('welder').facts).toContainEqual({ label: '实施情况', value: '已加装接油盘' })
    expect(because(desk.run(person('fitter'), { type: 'finish', reason: '再来' }))).toBe('late-implemented')
  })

  test('not before it is approved', () => {
    expect(because(proposed().desk.run(person('fitter'), { type: 'finish', reason: '好了' }))).toBe('late-proposed')
    expect(because(forwarded().run(person('fitter'), { type: 'finish', reason: '好了' }))).toBe('late-forwarded')
  })

  test('lateness is called again and again; too early it is set right', () => {
    const { desk } = approved()
    expect([eventsOf(desk.run(clock, { type: 'callOverdue' })), desk.deadlines.size]).toEqual([[], 1])
    desk.passes(days(30))
    expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['fitter overdue', 'head overdue'])
    desk.passes(days(7))
    expect(desk.fireDue()).toHaveLength(1)
    expect(desk.card('fitter')).toMatchObject({ title: '建议实施已超期', tone: 'danger' })
  })

  test('another implementer takes over in the same term', () => {
    const { desk } = approved()
    expect(because(desk.run(person('head'), { type: 'reassign', implementer: 'fitter' }))).toBe('implementer-already')
    expect(because(desk.run(person('lead'), { type: 'reassign', implementer: 'worker' }))).toBe('decider-only')
    expect(dutiesOf(desk.must(person('head'), { type: 'reassign', implementer: 'worker' }))).toEqual(['worker implement'])
    expect(desk.state()).toMatchObject({ implementer: 'worker', dueAt: '2026-12-24T02:00:00.000Z' })
    expect(because(desk.run(person('fitter'), { type: 'finish', reason: '好了' }))).toBe('implementer-only')
    expect(because(forwarded().run(person('head'), { type: 'reassign', implementer: 'worker' }))).toBe('late-forwarded')
  })
})

test('whoever cannot be reached is passed over at once, or replaced by whoever approved', () => {
  const lost = (id: string, duty: string) => ({ type: 'reportUnreachable', person: id, duty })
  const { desk } = proposed()
  expect(dutiesOf(desk.must(system, lost('lead', 'endorse')))).toEqual(['head decide'])
  expect(dutiesOf(desk.must(system, lost('head', 'decide')))).toEqual(['director decide'])
  expect(eventsOf(desk.must(system, lost('director', 'decide')))).toEqual(['unreached', 'forwarded'])
  const { desk: later } = approved()
  const replaced = later.must(system, lost('fitter', 'implement'))
  expect([alarmsOf(replaced), noticesOf(replaced)]).toEqual([['unreachable fitter'], ['head implementer-lost']])
  expect(noticesOf(later.must(system, lost('fitter', 'implement')))).toEqual([])
})

const who = fc.constantFrom('welder', 'lead', 'head', 'director', 'principal', 'fitter', 'worker', 'admin')
const text = fc.constantFrom('', '名fitter', '名worker', '不可行', '张三')
const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who,
      type: fc.constantFrom('endorse', 'approve', 'decline', 'reassign', 'finish'),
      text,
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'onward' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: -10, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('early' as const), type: fc.constantFrom('passOn', 'tellProgress', 'callOverdue') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      unreachable: fc.subarray(['lead', 'head', 'director', 'principal', 'fitter']),
    }),
  },
)
const onward: Readonly<Record<string, readonly [string, object]>> = {
  proposed: ['lead', { type: 'endorse', opinion: '' }],
  forwarded: ['head', { type: 'approve', implementer: 'fitter' }],
  approved: ['fitter', { type: 'finish', reason: '已加装' }],
}
const order = ['proposed', 'forwarded', 'approved', 'declined', 'implemented']

test('whatever comes in whatever order: it only goes forward, points are given once, and the suggester never waits 48 hours for a word', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const { desk } = proposed()
      for (const one of moves) {
        const before = desk.state()
        if (one.kind === 'wait') desk.passes(hours(one.hours))
        if (one.kind === 'plant') desk.change({ unreachable: one.unreachable })
        if (one.kind === 'lost') desk.must(system, { type: 'reportUnreachable', person: one.who, duty: '' })
        if (one.kind === 'early') desk.run(clock, { type: one.type })
        if (one.kind === 'act') desk.run(person(one.who), { type: one.type, opinion: one.text, reason: one.text })
        const [by, command] = onward[before.status] ?? []
        if (one.kind === 'onward' && by) desk.run(person(by), command as { type: string })
        desk.fireDue()
        const state = desk.state()
        expect(order.indexOf(state.status)).toBeGreaterThanOrEqual(order.indexOf(before.status))
        if (before.endedAt !== null) expect(state).toEqual(before)
        expect(state.decided?.by).not.toBe('welder')
        if (state.decided === null) expect(desk.deadlines.has('feedback')).toBe(true)
        expect(untrue(desk)).toEqual([])
      }
      const awards = commandsOf({ effects: desk.effects })
      const isAdopted = ['approved', 'implemented'].includes(desk.state().status)
      expect(awards.map(({ key }) => key)).toEqual(isAdopted ? [`award:${desk.subject}:adopted`] : [])
    }),
    { numRuns: 200 },
  )
})

test('a suggestion goes on under the edition it was made under; one that this release does not carry stops loudly', () => {
  const { desk } = proposed()
  expect(ruleOf(desk.state()).id).toBe(desk.state().rule)
  expect(() => ruleOf({ rule: 'suggestion@0' })).toThrow('suggestion@0')
  expect(() => decidersFor({ ...desk.state(), rule: 'suggestion@0' }, desk.plant())).toThrow('suggestion@0')
})
