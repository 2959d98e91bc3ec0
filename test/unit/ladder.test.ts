import { expect, test } from 'vitest'
import { hours, later, minutes } from '../../src/lib/clock.ts'
import { callFrom, ladderFrom, nextRung } from '../../src/workflows/ladder.ts'

const from = '2026-11-24T02:00:00.000Z'
const at = (by: number): Date => later(new Date(from), by)
const ladder = ladderFrom(
  [
    { role: 'lead', after: 0 },
    { role: 'head', after: hours(2) },
    { role: 'director', after: hours(48) },
  ],
  from,
  hours(24),
)
const held =
  (...vacant: readonly string[]) =>
  (role: string) =>
    vacant.includes(role) ? [] : [`a ${role}`]
const told = (calls: ReturnType<typeof callFrom>): readonly string[] =>
  calls.map(
    ({ rung, role, persons, next }) =>
      `${rung} ${role} ${persons.length} then ${next.rung} ${next.role} ${next.at.toISOString().slice(5, 16)}`,
  )

test('a rung is called, and the next is due as long after the start as the ladder says', () => {
  expect(told(callFrom(ladder, 0, at(0), held()))).toEqual(['0 lead 1 then 1 head 11-24T04:00'])
  expect(told(callFrom(ladder, 1, at(hours(2)), held()))).toEqual(['1 head 1 then 2 director 11-26T02:00'])
})

test('the last rung is called again and again, counted from its call', () => {
  expect(told(callFrom(ladder, 2, at(hours(48)), held()))).toEqual(['2 director 1 then 3 director 11-27T02:00'])
  expect(told(callFrom(ladder, 3, at(hours(75)), held()))).toEqual(['2 director 1 then 3 director 11-28T05:00'])
  expect(nextRung(ladder, 2, at(hours(50))).at).toEqual(at(hours(74)))
})

test('an empty rung is passed over at once; with every rung empty the last one says when all are tried again', () => {
  expect(told(callFrom(ladder, 0, at(0), held('lead')))).toEqual([
    '0 lead 0 then 1 head 11-24T02:00',
    '1 head 1 then 2 director 11-26T02:00',
  ])
  expect(told(callFrom(ladder, 0, at(0), held('lead', 'head', 'director')))).toEqual([
    '0 lead 0 then 1 head 11-24T02:00',
    '1 head 0 then 2 director 11-24T02:00',
    '2 director 0 then 3 director 11-25T02:00',
  ])
})

test('rungs whose time is past are called together, each once', () => {
  expect(told(callFrom(ladder, 0, at(hours(72)), held()))).toEqual([
    '0 lead 1 then 1 head 11-24T04:00',
    '1 head 1 then 2 director 11-26T02:00',
    '2 director 1 then 3 director 11-28T02:00',
  ])
  expect(callFrom(ladder, 0, at(hours(2)), held())).toHaveLength(2)
  expect(callFrom(ladder, 0, at(hours(2) - minutes(1)), held())).toHaveLength(1)
})

test('a ladder without rungs and a rung below the first are no endless climb', () => {
  expect(told(callFrom(ladderFrom([], from, hours(24)), 0, at(0), held()))).toEqual(['0  0 then 1  11-25T02:00'])
  expect(told(callFrom(ladder, -3, at(0), held()))).toEqual(['0 lead 1 then 1 head 11-24T04:00'])
})
