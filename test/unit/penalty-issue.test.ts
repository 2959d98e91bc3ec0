import { expect, test } from 'vitest'
import { penaltyText } from '../../src/cards/text/penalty.ts'
import { days, hours, later, minutes } from '../../src/lib/clock.ts'
import { overdueAfter, overdueCards, overdueHolders } from '../../src/workflows/penalty/overdue.ts'
import { actRow } from '../../src/workflows/penalty/protected.ts'
import {
  alarmsOf,
  because,
  callsOf,
  cardsTo,
  courtPlant,
  createCourt,
  give,
  issuedId,
  issueEffect,
  person,
  untrue,
} from './penalty-desk.ts'

const contractor = { kind: 'contractor', id: '华建' } as const
const team = { kind: 'team', id: 'mech' } as const

test('an overdue case gives its owner a yellow card: owner and line hear of it, ten points go, it ends with the month', () => {
  const court = createCourt()
  const [ruling] = court.send([issueEffect('p1', { case: 'haz_1', code: 'YH-SH01-20261120-0001-X' })])
  expect(cardsTo(ruling ?? { effects: [] })).toEqual(['fitter notice', 'lead -', 'head -'])
  court.deliver()
  expect(court.penalty(issuedId('p1'))).toMatchObject({
    status: 'issued',
    code: 'HP-SH01-20261124-0001-U',
    holder: { kind: 'person', id: 'fitter' },
    colour: 'yellow',
    confirmer: null,
    expiresAt: '2026-11-30T16:00:00.000Z',
    appealUntil: '2026-11-27T16:00:00.000Z',
    freeze: 'none',
  })
  expect(court.points('fitter')?.total).toBe(-10)
  expect(untrue(court)).toEqual([])
})

test('a yellow card of the first of a month ends after thirty days, before the month does', () => {
  const court = createCourt({ start: '2026-10-01T01:00:00.000Z' })
  expect(court.penalty(give(court, 'p1')).expiresAt).toBe('2026-10-31T01:00:00.000Z')
})

test('the card ends at that instant and not before, also when its clock strikes early', () => {
  const court = createCourt()
  const id = give(court, 'p1')
  court.rule({ kind: 'clock' }, 'penalty', id, { type: 'expire' })
  expect(court.penalty(id).status).toBe('issued')
  court.passes(days(6) + hours(13) + minutes(59))
  expect(court.penalty(id).status).toBe('issued')
  court.passes(minutes(1))
  expect(court.penalty(id).status).toBe('expired')
  expect(untrue(court)).toEqual([])
})

test('a red card goes to the production director too, costs thirty points and asks a manager about the pay, who alone can put the freeze into effect', () => {
  const court = createCourt()
  const [ruling] = court.send([issueEffect('p1', { colour: 'red' })])
  expect(cardsTo(ruling ?? { effects: [] })).toEqual([
    'fitter notice',
    'lead -',
    'director -',
    'hr freeze',
    'head talk',
    'officer training',
    'officerB training',
  ])
  court.deliver()
  expect(court.points('fitter')?.total).toBe(-30)
  expect(court.penalty(issuedId('p1'))).toMatchObject({ freeze: 'requested', expiresAt: null })
  expect(callsOf(court.effects)).toEqual([])
  const confirmed = court.by('hr', issuedId('p1'), { type: 'confirmFreeze' })
  expect(because(confirmed)).toBe('accepted freeze-confirmed')
  expect(callsOf(court.effects)).toEqual(['hr allowance.freeze fitter'])
  expect(court.penalty(issuedId('p1')).freezer).toMatchObject({ by: 'hr', name: '名hr' })
  expect(because(court.by('hr', issuedId('p1'), { type: 'confirmFreeze' }))).toBe('overtaken')
  expect(callsOf(court.effects)).toHaveLength(1)
})

test('what HR is told names the month, the card and the manager', () => {
  const court = createCourt({ start: '2026-11-30T15:59:00.000Z' })
  const id = give(court, 'p1', { colour: 'red', code: 'YH-1' })
  court.passes(hours(2))
  court.by('hr', id, { type: 'confirmFreeze' })
  const call = court.effects.find(({ kind }) => kind === 'callOut')
  expect(call).toEqual({
    kind: 'callOut',
    target: 'hr',
    event: 'allowance.freeze',
    body: {
      person: 'fitter',
      card: court.penalty(id).code,
      colour: 'red',
      cause: 'overdue',
      case: 'YH-1',
      month: '2026-11',
      decidedBy: 'hr',
      decidedAt: '2026-11-30T17:59:00.000Z',
    },
  })
})

test('a freeze that is declined, or that nobody decides within seven days, never reaches HR', () => {
  const declined = createCourt()
  const id = give(declined, 'p1', { colour: 'red' })
  expect(because(declined.by('hr', id, { type: 'declineFreeze', reason: '' }))).toBe('accepted declineFreeze-reason')
  declined.by('hr', id, { type: 'declineFreeze', reason: '已复训' })
  expect(declined.penalty(id).freeze).toBe('declined')

  const silent = createCourt()
  const other = give(silent, 'p1', { colour: 'red' })
  silent.passes(days(1))
  expect(silent.penalty(other).asked.freeze?.persons).toEqual(['hr', 'principal'])
  silent.passes(days(6))
  expect(silent.penalty(other).freeze).toBe('lapsed')
  expect(because(silent.by('hr', other, { type: 'confirmFreeze' }))).toBe('not-now')
  expect([...callsOf(declined.effects), ...callsOf(silent.effects)]).toEqual([])
  expect(untrue(silent)).toEqual([])
})

test('with nobody to confirm a freeze the operators hear of it, and it falls', () => {
  const court = createCourt({ plant: courtPlant({ vacant: ['hrManager@SH01', 'principal@SH01'] }) })
  const id = give(court, 'p1', { colour: 'red' })
  expect(alarmsOf(court.effects)).toEqual(['nobody-holds hrManager'])
  court.passes(days(8))
  expect(court.penalty(id).freeze).toBe('lapsed')
})

test('the same key, and the same cause in the same round under another key, give no second card', () => {
  const court = createCourt()
  give(court, 'p1', { case: 'haz_1', round: 1 })
  expect(court.send([issueEffect('p1', { case: 'haz_1', round: 1 })])).toEqual([null])
  const [again] = court.send([issueEffect('p2', { case: 'haz_1', round: 1 })])
  expect(again && because(again)).toBe('already-issued')
  expect(court.penalties()).toHaveLength(1)
  give(court, 'p3', { case: 'haz_1', round: 1, colour: 'red' })
  give(court, 'p4', { case: 'haz_1', round: 2 })
  expect(court.points('fitter')?.total).toBe(-80)
})

test('two yellow cards within thirty days are one red card, whatever the month; each of them once', () => {
  const court = createCourt({ start: '2026-10-20T02:00:00.000Z' })
  give(court, 'p1')
  court.passes(days(20))
  give(court, 'p2')
  const reds = () => court.penalties().filter(({ state }) => state.colour === 'red')
  expect(reds().map(({ state }) => [state.cause, state.cards])).toEqual([['twoYellows', [issuedId('p1'), issuedId('p2')].sort()]])
  court.passes(days(1))
  give(court, 'p3')
  expect(reds()).toHaveLength(1)
  court.passes(days(1))
  give(court, 'p4')
  expect(reds()).toHaveLength(2)
  expect(reds().map(({ state }) => state.cards)[1]).toEqual([issuedId('p3'), issuedId('p4')].sort())
  expect(court.points('fitter')?.total).toBe(-100)
})

test('thirty days are thirty days: a minute more and two yellow cards are two yellow cards', () => {
  const exact = createCourt({ start: '2026-10-10T02:00:00.000Z' })
  give(exact, 'p1')
  exact.passes(days(30))
  give(exact, 'p2')
  expect(exact.penalties()).toHaveLength(3)
  const late = createCourt({ start: '2026-10-10T02:00:00.000Z' })
  give(late, 'p1')
  late.passes(days(30) + minutes(1))
  give(late, 'p2')
  expect(late.penalties()).toHaveLength(2)
})

test('what came to light by the holder’s own report gives no card, whoever says so, and being late does', () => {
  const act = { ...actRow({ code: 'YH-9', reporter: 'fitter', at: '2026-11-24T00:00:00.000Z' }), subject: 'haz_9' }
  const court = createCourt({ rows: [act] })
  const refused = (more: object) => {
    const [ruling] = court.send([issueEffect(`p${JSON.stringify(more)}`, { cause: 'skippedGasTest', ...more })])
    return ruling?.decision
  }
  expect(refused({ reporter: 'fitter' })).toMatchObject({
    because: 'protected-act',
    clause: { standard: '《安全生产法》', clause: '第五十四条、第五十五条' },
  })
  expect(refused({ code: 'YH-9', cause: 'hiddenNearMiss' })).toMatchObject({ because: 'protected-act' })
  expect(court.penalties()).toEqual([])
  expect(refused({ code: 'YH-9', cause: 'overdue' })).toMatchObject({ kind: 'accepted' })
  expect(refused({ reporter: 'welder', code: 'YH-8' })).toMatchObject({ kind: 'accepted' })
  expect(penaltyText.refusals['protected-act']).toContain('《安全生产法》第五十四条')
})

test.each([
  ['an unknown person', { holder: { kind: 'person', id: 'nobody' } }, 'no-such-holder'],
  ['an unknown team', { holder: { kind: 'team', id: 'moon' } }, 'no-such-holder'],
  ['a nameless contractor', { holder: { kind: 'contractor', id: '' } }, 'no-such-holder'],
  ['an unknown cause', { cause: 'rudeness' }, 'unknown-cause'],
  ['an inherited name', { cause: 'constructor' }, 'unknown-cause'],
  ['an unknown colour', { colour: 'blue' }, 'unknown-cause'],
  ['a pair that is none', { cause: 'twoYellows', colour: 'red', cards: ['pen_1', 'pen_2'] }, 'pair-fallen'],
  ['half a pair', { cause: 'twoYellows', colour: 'red' }, 'pair-fallen'],
])('%s gets no card', (_, more, why) => {
  const court = createCourt()
  const [ruling] = court.send([issueEffect('p1', more as object)])
  expect(ruling && because(ruling)).toBe(why)
})

test('somebody who has left gets no card', () => {
  const court = createCourt({ plant: courtPlant({ inactive: ['fitter'] }) })
  const [ruling] = court.send([issueEffect('p1')])
  expect(ruling && because(ruling)).toBe('no-such-holder')
})

test('a team’s card goes to its lead and costs nobody points; a contractor’s to its foreman', () => {
  const court = createCourt()
  const [forTeam] = court.send([issueEffect('p1', { holder: team })])
  const [forContractor] = court.send([issueEffect('p2', { holder: contractor })])
  expect([forTeam, forContractor].map((one) => one && cardsTo(one))).toEqual([
    ['lead notice', 'head -'],
    ['foreman notice', 'head -'],
  ])
  court.deliver()
  expect(court.points('lead')).toBeUndefined()
  expect(court.contractor('2026Q4')).toBeUndefined()
})

test('a contractor with a red card is let in no more, until the card falls', () => {
  const court = createCourt()
  const id = give(court, 'p1', { holder: contractor, colour: 'red' })
  expect(court.contractor('2026Q4')).toMatchObject({ status: 'suspended', score: 100, suspensions: [{ because: 'redCard' }] })
  expect(court.penalty(id).freeze).toBe('none')
  court.by('foreman', id, { type: 'appeal', reason: '不是我们的人' })
  court.by('safetyDirector', id, { type: 'overturn', reason: '查实' })
  expect(court.contractor('2026Q4')).toMatchObject({ status: 'running', suspensions: [] })
})

test('boards show what counts: a card under appeal is hidden, an overturned one has left; the holder’s own rows keep it', () => {
  const court = createCourt()
  const board = (key: string) => court.reads().read({ name: 'penalty-board', key }).length
  const id = give(court, 'p1')
  expect([board('site:SH01'), board('team:mech')]).toEqual([1, 1])
  court.by('fitter', id, { type: 'appeal', reason: '备件没到' })
  expect([board('site:SH01'), board('team:mech')]).toEqual([0, 0])
  court.by('safetyDirector', id, { type: 'overturn', reason: '属实' })
  expect(board('site:SH01')).toBe(0)
  const held = court.reads().read({ name: 'penalty', key: 'person:fitter' })
  expect(held.map(({ note }) => JSON.parse(note).status)).toEqual(['overturned'])
})

test('when the calendar cannot say when three working days end, the way to appeal stays open and the operators hear of it', () => {
  const court = createCourt({ start: '2026-12-29T02:00:00.000Z' })
  const id = give(court, 'p1', { colour: 'red' })
  expect(court.penalty(id).appealUntil).toBeNull()
  expect(alarmsOf(court.effects)).toContain('calendar-unknown')
  court.passes(days(40))
  expect(court.penalty(id).appealClosed).toBe(false)
  expect(because(court.by('fitter', id, { type: 'appeal', reason: '备件没到' }))).toBe('accepted appealed')
  expect(untrue(court)).toEqual([])
})

test('the effects of an overdue case: one card for its owner, one for whoever handed it on within the last day', () => {
  const due = '2026-11-24T02:00:00.000Z'
  const handedOn = (until: string) => overdueHolders({ owner: 'fitter', previous: { person: 'welder', until }, due })
  expect(handedOn('2026-11-23T02:00:00.000Z')).toEqual(['fitter', 'welder'])
  expect(handedOn('2026-11-23T01:59:59.999Z')).toEqual(['fitter'])
  expect(handedOn('2026-11-24T02:00:00.001Z')).toEqual(['fitter'])
  expect(overdueHolders({ owner: 'fitter', previous: { person: 'fitter', until: due }, due })).toEqual(['fitter'])
  expect(overdueHolders({ owner: 'fitter', previous: null, due })).toEqual(['fitter'])
  expect(overdueAfter).toEqual({ yellow: hours(24), red: hours(48) })

  const court = createCourt()
  const on = { case: 'haz_1', code: 'YH-1', round: 2, colour: 'yellow', at: later(new Date(due), hours(24)) } as const
  const effects = overdueCards({ ...on, persons: ['fitter', 'welder', 'fitter'] })
  expect(effects.map((one) => one.kind === 'command' && one.key)).toEqual([
    'penalty:haz_1:2:yellow',
    'penalty:haz_1:2:yellow:welder',
  ])
  court.send(effects)
  court.send(overdueCards({ ...on, persons: ['fitter'] }))
  court.deliver()
  expect(court.penalties().map(({ state }) => `${state.holder.id} ${state.colour} ${state.round}`)).toEqual([
    'fitter yellow 2',
    'welder yellow 2',
  ])
})

test('every issue stands under the lock of its holder', () => {
  const court = createCourt()
  court.send([issueEffect('p1')])
  expect([...court.locks]).toContain('SH01\nperson:fitter')
})

test('nobody but the machine issues, weighs, settles or withdraws a card, whatever a forged button says', () => {
  const court = createCourt()
  const id = give(court, 'p1')
  for (const type of ['issue', 'weigh', 'settle', 'withdraw', 'expire', 'closeAppeal', 'askAgain', 'reportUnreachable'])
    expect(because(court.rule(person('safetyDirector'), 'penalty', id, { type, holder: { kind: 'person', id: 'fitter' } }))).toBe(
      'no-such-case',
    )
})
