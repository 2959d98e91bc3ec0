import { days, inZone } from '../../lib/clock.ts'
import type { Plant, Tally } from '../workflow.ts'
import type { HazardEvent, HazardState } from './hazard.ts'

/** Handed in or closed without ever having come back. */
export const isFirstRound = ({ returned, reopened }: HazardState): boolean => returned.length === 0 && reopened.length === 0

/** By the first term of the rectification, whatever extensions came after. */
export const isOnTime = ({ closedAt, firstDueAt, dueAt }: HazardState): boolean => {
  const term = firstDueAt ?? dueAt
  return closedAt !== null && term !== null && closedAt <= term
}

type Count = (event: HazardEvent, state: HazardState) => readonly string[]
const once =
  (name: string): Count =>
  () => [name]

/** What an event counts as among the indicators. */
const counts: Readonly<Partial<Record<HazardEvent['type'], Count>>> = {
  reported: once('reported'),
  accepted: once('accepted'),
  planApproved: once('accepted'),
  submitted: (_, state) => (isFirstRound(state) ? ['submitted'] : []),
  closed: (_, state) => ['closed', ...(isOnTime(state) ? ['closedOnTime'] : []), ...(isFirstRound(state) ? ['firstPass'] : [])],
  reopened: once('reopened'),
  rejected: once('rejected'),
  merged: once('merged'),
  repeated: (event) => (event.type === 'repeated' && event.first ? ['repeat'] : []),
}

/**
 * A closing that did not last: brought back within 90 days, it counts on the day of the closing, so that of the closings of any days it can be said how many
 * were false. Each is counted once, since what is closed again is another closing.
 */
const falseClosings = (event: HazardEvent, { closedBefore }: HazardState, { timeZone }: Plant, at: Date): readonly Tally[] => {
  if (event.type !== 'reopened' || closedBefore === undefined) return []
  const lasted = at.getTime() - new Date(closedBefore).getTime()
  return lasted <= falseWithin ? [{ name: 'hazard.falselyClosed', key: inZone(new Date(closedBefore), timeZone).date }] : []
}
const falseWithin = days(90)

/** The counters behind the indicators: `hazard.closed` of a day of the site, and so on. */
export const hazardTallies = (event: HazardEvent, state: HazardState, plant: Plant, at: Date): readonly Tally[] => {
  const key = inZone(at, plant.timeZone).date
  const own = (counts[event.type]?.(event, state) ?? []).map((name) => ({ name: `hazard.${name}`, key }))
  return [...own, ...falseClosings(event, state, plant, at)]
}
