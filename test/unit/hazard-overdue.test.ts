import { expect, test } from 'vitest'
import { hours, later } from '../../src/lib/clock.ts'
import { hazardSla } from '../../src/rules/sla.ts'
import { decideHazard } from '../../src/workflows/hazard/decide.ts'
import { evolveHazard } from '../../src/workflows/hazard/evolve.ts'
import { standing } from '../../src/workflows/hazard/follow.ts'
import type { HazardEvent, HazardState } from '../../src/workflows/hazard/hazard.ts'
import { accountOf, caseIn, clock, type Desk, dutiesOf, eventsOf, person, plantWith, type Result } from './hazard-desk.ts'
import { factsAt } from './hazard-facts.ts'

/** Cards that are asked of the penalty workflow, as `colour person`, with the keys that make each once. */
const cardsOf = (...results: readonly Result[]): readonly string[] =>
  results.flatMap(({ effects }) =>
    effects.flatMap((one) => {
      if (one.kind !== 'command' || one.workflow !== 'penalty') return []
      const { colour, holder } = one.command as unknown as { colour: string; holder: { id: string } }
      return [`${colour} ${holder.id}`]
    }),
  )
const keysOf = (result: Result): readonly string[] =>
  result.effects.flatMap((one) => (one.kind === 'command' && one.workflow === 'penalty' ? [one.key] : []))
const dueAt = (desk: Desk): number => new Date(desk.state().dueAt ?? '').getTime()
/** Moves to so long after the term. */
const past = (desk: Desk, by: number): void => desk.passes(dueAt(desk) + by - desk.now().getTime())
/** Fires `due` as often as it is due by now. */
const fireDue = (desk: Desk): readonly Result[] => {
  const results: Result[] = []
  while ((desk.deadlines.get('due')?.at.getTime() ?? Number.POSITIVE_INFINITY) <= desk.now().getTime()) {
    results.push(desk.fire('due'))
    if (results.length > 5) throw new Error('the clock of the term strikes without end')
  }
  return results
}

test('nothing at the term but a call; yellow 24 h after it and red at 48 h, for the owner, once', () => {
  const desk = caseIn('accepted')
  past(desk, 0)
  expect(cardsOf(...fireDue(desk))).toEqual([])
  past(desk, hours(24) - 1)
  expect(fireDue(desk)).toEqual([])
  past(desk, hours(24))
  const yellow = desk.fire('due')
  expect([cardsOf(yellow), eventsOf(yellow)]).toEqual([['yellow fitter'], ['overdueCalled', 'overdueCarded']])
  expect(keysOf(yellow)).toEqual([`penalty:${desk.subject}:0:yellow`])
  past(desk, hours(48))
  const red = desk.fire('due')
  expect(cardsOf(red)).toEqual(['red fitter'])
  expect(dutiesOf(red)).toEqual(['fitter overdue', 'head overdue!', 'director overdue!'])
  for (let day = 3; day < 8; day += 1) {
    past(desk, hours(24 * day))
    const results = fireDue(desk)
    expect([results.length, cardsOf(...results)]).toEqual([1, []])
  }
  expect(desk.state().overdue).toBe(8)
})

test('a clock that jumps, strikes twice or strikes early gives no card twice and loses none', () => {
  const desk = caseIn('accepted')
  past(desk, hours(70))
  const first = fireDue(desk)
  expect([first.length, cardsOf(...first)]).toEqual([1, ['yellow fitter', 'red fitter']])
  expect(desk.state().overdue).toBe(3)
  const again = desk.run(clock, { type: 'callOverdue' })
  expect([cardsOf(again), dutiesOf(again), eventsOf(again)]).toEqual([[], [], []])
  expect(desk.state().overdue).toBe(3)
  expect(desk.deadlines.get('due')?.at.getTime()).toBe(dueAt(desk) + hours(72))
})

test('an owner who gave the case away within a day of its term answers for it too; earlier, not', () => {
  for (const [before, cards] of [
    [hours(23), ['yellow fitter', 'yellow worker']],
    [hours(25), ['yellow fitter']],
  ] as const) {
    const desk = caseIn('reported')
    const triage = { type: 'triage', colour: 'orange', area: 'pump-3' }
    desk.must(person('lead'), { ...triage, owner: 'worker' })
    past(desk, -before)
    desk.must(person('lead'), { ...triage, owner: 'fitter' })
    desk.must(person('fitter'), { type: 'accept', colour: '', area: '' })
    past(desk, hours(24))
    expect(cardsOf(...fireDue(desk))).toEqual(cards)
  }
})

/** What a case remembers of its events, without the proof that handing in asks for: the clock looks at nothing else. */
const term = '2026-11-27T02:00:00.000Z'
const after = (by: number): string => later(new Date(term), by).toISOString()
const by = (who: string, at: string) => ({ by: who, name: `名${who}`, at })
const begun: readonly HazardEvent[] = [
  {
    type: 'reported',
    site: 'SH01',
    code: 'YH-SH01-20261124-0001-K',
    at: '2026-11-24T02:00:00.000Z',
    reporter: { account: accountOf('welder'), conversation: 'direct', person: 'welder', name: '名welder' },
    text: '3号泵房漏油',
    files: [],
    place: null,
    team: 'mech',
    suggestion: { colour: 'orange', area: 'pump-3' },
    ladder: hazardSla.ladder,
    sla: hazardSla.id,
  },
  { type: 'triaged', colour: 'orange', area: 'pump-3', owner: 'fitter', dueAt: term, ...by('lead', '2026-11-24T02:00:00.000Z') },
  { type: 'accepted', ...by('fitter', '2026-11-24T02:00:00.000Z') },
  { type: 'rectificationStarted', ...by('fitter', '2026-11-24T02:00:00.000Z') },
]
const fold = (events: readonly HazardEvent[]): HazardState => {
  const state = events.reduce<HazardState | null>(evolveHazard, null)
  if (!state) throw new Error('no case')
  return state
}
const handedIn = (at: string): HazardEvent => ({ type: 'submitted', ...by('fitter', at) })
const returned = (at: string): HazardEvent => ({ type: 'vetoed', reason: '还在滴油', ...by('', at) })
const dueOf = (state: HazardState): string | undefined => standing(state, plantWith()).get('due')?.at.toISOString()

/** The clock of the term strikes then: what is decided, and the state after it. */
const strike = (state: HazardState, at: string) => {
  const decision = decideHazard(state, { type: 'callOverdue' }, factsAt(at, clock))
  if (decision.kind === 'refused') throw new Error(decision.because)
  return { result: { decision, effects: decision.effects }, state: decision.events.reduce<HazardState>(evolveHazard, state) }
}

test('a repair that is handed in gives no card however long it is verified; returned, the clock goes on from the term', () => {
  const late = strike(fold(begun), after(0)).state
  const submitted = evolveHazard(late, handedIn(after(hours(10))))
  expect(dueOf(submitted)).toBeUndefined()
  expect(decideHazard(submitted, { type: 'callOverdue' }, factsAt(after(hours(30)), clock))).toMatchObject({
    kind: 'refused',
    because: 'not-overdue',
  })
  const back = evolveHazard(submitted, returned(after(hours(30))))
  expect(dueOf(back)).toBe(after(hours(24)))
  const yellow = strike(back, after(hours(30)))
  expect(cardsOf(yellow.result)).toEqual(['yellow fitter'])
  expect(dueOf(yellow.state)).toBe(after(hours(48)))
  const red = strike(yellow.state, after(hours(48)))
  expect(cardsOf(red.result)).toEqual(['red fitter'])
})

test('returned before its term the case waits for it; a card that was given is not given again in the same term', () => {
  const early = fold([...begun, handedIn(after(-hours(40))), returned(after(-hours(39)))])
  expect(dueOf(early)).toBe(term)
  const yellow = strike(fold(begun), after(hours(25))).state
  const back = [handedIn(after(hours(26))), returned(after(hours(27)))].reduce<HazardState>(evolveHazard, yellow)
  expect(dueOf(back)).toBe(after(hours(48)))
  expect(cardsOf(strike(back, after(hours(27))).result)).toEqual([])
  const red = strike(back, after(hours(49)))
  expect([cardsOf(red.result), keysOf(red.result)]).toEqual([['red fitter'], ['penalty:haz_1:0:red']])
})

test('a case that is brought back has a new term, and cards of its own', () => {
  const given = strike(fold(begun), after(hours(49))).state
  const newTerm = after(hours(200))
  const reopened: HazardEvent = {
    type: 'reopened',
    reason: '又漏了',
    owner: 'fitter',
    dueAt: newTerm,
    appeal: false,
    ...by('welder', after(hours(100))),
  }
  const again = [
    handedIn(after(hours(50))),
    { type: 'closed', ...by('', after(hours(60))) } as const,
    reopened,
  ].reduce<HazardState>(evolveHazard, given)
  expect([again.carded, dueOf(again)]).toEqual([undefined, newTerm])
  const cards = strike(again, later(new Date(newTerm), hours(48)).toISOString()).result
  expect(keysOf(cards)).toEqual(['penalty:haz_1:1:yellow', 'penalty:haz_1:1:red'])
})

test('a term that is moved moves its clock with it', () => {
  const state = fold(begun)
  expect(dueOf({ ...state, dueAt: after(hours(72)) })).toBe(after(hours(72)))
})
