import { expect, test } from 'vitest'
import { days } from '../../src/lib/clock.ts'
import { type HazardDesk, hazardIn, person } from './hazard-govern-desk.ts'

type Tally = { readonly name: string; readonly key: string }
const falselyClosed = (desk: HazardDesk): readonly string[] =>
  (desk.tallies() as readonly Tally[]).flatMap(({ name, key }) => (name === 'hazard.falselyClosed' ? [key] : []))
const reopened = (desk: HazardDesk): HazardDesk => {
  desk.must(person('welder'), { type: 'reopen', reason: '又漏了' })
  return desk
}

test('a closing that lasted 90 days to the millisecond was false, and counts on the day of the closing', () => {
  const desk = hazardIn('closed')
  const day = desk.state().closedAt?.slice(0, 10)
  desk.passes(new Date(desk.state().closedAt ?? '').getTime() + days(90) - desk.now().getTime())
  expect(falselyClosed(reopened(desk))).toEqual([day])
})

test('a closing that lasted longer was a closing', () => {
  const desk = hazardIn('closed')
  desk.passes(new Date(desk.state().closedAt ?? '').getTime() + days(90) + 1 - desk.now().getTime())
  expect(falselyClosed(reopened(desk))).toEqual([])
})

test('what was never closed was never falsely closed: a rejected report that is brought back', () => {
  const desk = hazardIn('reported')
  desk.must(person('lead'), { type: 'reject', reason: '误报' })
  expect(falselyClosed(reopened(desk))).toEqual([])
})
