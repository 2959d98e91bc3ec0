import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import { type Court, createCourt, give, untrue } from './penalty-desk.ts'

const held = (who: string) => ({ holder: { kind: 'person', id: who } as const })
const groupCards = (court: Court) =>
  court
    .penalties()
    .filter(({ state }) => state.cause === 'groupCards')
    .map(({ state }) => `${state.holder.kind} ${state.holder.id} ${state.colour} ${state.status}`)

const appealed = (court: Court, who: string, id: string): void => {
  court.by(who, id, { type: 'appeal', reason: '已申请延期' })
  court.by('safetyDirector', id, { type: 'overturn', reason: '查实' })
}

test('the third standing card of a team’s people in a month is a yellow one of the team, once, and its lead speaks for it', () => {
  const court = createCourt({ start: '2026-11-02T02:00:00.000Z' })
  give(court, 'a', held('fitter'))
  give(court, 'b', held('welder'))
  expect(groupCards(court)).toEqual([])
  give(court, 'c', { ...held('lead'), colour: 'red' })
  expect(groupCards(court)).toEqual(['team mech yellow issued'])
  expect(court.penalties().find(({ state }) => state.cause === 'groupCards')?.state.speakers).toEqual(['lead'])
  for (const [key, who] of [
    ['d', 'lead'],
    ['e', 'welder'],
    ['f', 'fitter'],
  ] as const)
    give(court, key, held(who))
  expect(groupCards(court)).toHaveLength(1)
  expect(untrue(court)).toEqual([])
})

test('three cards of one person are that person’s alone, and a red one for two yellow ones is no third', () => {
  const court = createCourt({ start: '2026-11-02T02:00:00.000Z' })
  for (const key of ['a', 'b', 'c', 'd']) give(court, key, held('fitter'))
  expect(groupCards(court)).toEqual([])
  const two = createCourt({ start: '2026-11-02T02:00:00.000Z' })
  give(two, 'a', held('fitter'))
  give(two, 'b', held('fitter'))
  expect(two.penalties().filter(({ state }) => state.cause === 'twoYellows')).toHaveLength(1)
  expect(groupCards(two)).toEqual([])
  give(two, 'c', held('welder'))
  expect(groupCards(two)).toHaveLength(1)
})

test('a month of the site is a month: cards on both sides of its midnight are not counted together', () => {
  const court = createCourt({ start: '2026-11-30T15:59:59.000Z' })
  give(court, 'a', held('fitter'))
  give(court, 'b', held('welder'))
  court.passes(1_000)
  give(court, 'c', held('lead'))
  expect(groupCards(court)).toEqual([])
})

test('a team’s card falls with a card it stands on, and comes back when another one makes three again', () => {
  const court = createCourt({ start: '2026-11-02T02:00:00.000Z' })
  const a = give(court, 'a', held('fitter'))
  give(court, 'b', held('welder'))
  give(court, 'c', held('lead'))
  appealed(court, 'fitter', a)
  expect(groupCards(court)).toEqual(['team mech yellow withdrawn'])
  court.passes(hours(1))
  give(court, 'd', { ...held('fitter'), case: 'another' })
  expect(groupCards(court)).toEqual(['team mech yellow withdrawn', 'team mech yellow issued'])
  expect(untrue(court)).toEqual([])
})

test('a contractor’s people make a card of the contractor besides that of their team; two of those in 30 days suspend it', () => {
  const court = createCourt({ start: '2026-11-28T02:00:00.000Z' })
  for (const key of ['a', 'b']) give(court, key, { ...held('mason'), case: key })
  give(court, 'c', held('foreman'))
  expect(groupCards(court).sort()).toEqual(['contractor 华建 yellow issued', 'team huajian-team yellow issued'])
  court.passes(days(4))
  for (const key of ['d', 'e']) give(court, key, { ...held('mason'), case: key })
  give(court, 'f', { ...held('foreman'), case: 'f' })
  const red = court.penalties().filter(({ state }) => state.cause === 'twoYellows' && state.holder.kind === 'contractor')
  expect(red.map(({ state }) => state.status)).toEqual(['issued'])
  expect(court.contractor('2026Q4')?.status).toBe('suspended')
})

test('commands that arrive in the other order, or twice, make the same one card', () => {
  const court = createCourt({ start: '2026-11-02T02:00:00.000Z' })
  const three = ['fitter', 'welder', 'lead'].map((who, n) => ({ who, key: `k${n}` }))
  for (const { who, key } of three)
    court.send([
      {
        kind: 'command',
        workflow: 'penalty',
        subject: null,
        key,
        command: {
          type: 'issue',
          ...held(who),
          colour: 'yellow',
          cause: 'overdue',
          reason: '',
          case: key,
          code: null,
          round: 0,
          at: court.world.at.toISOString(),
        },
      },
    ])
  court.waiting.push(...court.waiting)
  court.deliver((count) => count - 1)
  expect(groupCards(court)).toEqual(['team mech yellow issued'])
})
