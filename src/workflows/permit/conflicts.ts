import { type Conflict, conflictsOf, keysAround, keysOf, type Occupancy } from '../../rules/permits/exclusions.ts'
import { isPlaced } from '../../rules/permits/places.ts'
import type { Exclusion } from '../../rules/permits/rule-pack.ts'
import { exclusionsFor } from '../../rules/permits/site-exclusions.ts'
import type { Facts, IndexRow, Plant } from '../workflow.ts'
import type { PermitState } from './permit.ts'

/** Index of what takes up a place: name of its rows, which are kept from the submission until everybody has left. */
export const occupancyRow = 'permit-place'

/** States in which a permit takes up its place: from the submission on, and past its end while people may still be there. */
export const occupies = ({ status, startedAt, endedAt }: PermitState): boolean =>
  endedAt === null && status !== 'draft' && (status !== 'expired' || startedAt !== null)

/** What else goes on under a permit, by its answers: venting, draining, solvent, dust, drawOff. */
const activities = ['venting', 'draining', 'solvent', 'dust', 'drawOff'] as const

/** A job that was begun and is not over goes on until it is closed, whatever its ticket says. */
export const occupancyOf = (state: PermitState): Occupancy | null => {
  const { place, period, code, work, answers, job, startedAt } = state
  if (!place || !period) return null
  const dike = typeof answers.dike === 'string' ? answers.dike : null
  return {
    permit: code,
    work,
    answers,
    activities: activities.filter((one) => answers[one] === true),
    place: { lat: place.lat, lng: place.lng, area: place.area, level: place.level, line: place.line, space: place.space, dike },
    period: { from: period.from, to: startedAt === null ? period.to : null },
    job,
  }
}

type Kept = { readonly occupancy: Occupancy; readonly subject: string; readonly leader: string }

export const occupancyRows = (state: PermitState, subject: string): readonly IndexRow[] => {
  const occupancy = occupies(state) ? occupancyOf(state) : null
  if (!occupancy) return []
  const note = JSON.stringify({ occupancy, subject, leader: state.crew?.workLeader ?? state.applicant } satisfies Kept)
  return keysOf(occupancy).map((key) => ({ name: occupancyRow, key, at: state.period?.from ?? state.openedAt, weight: 1, note }))
}

/** The most works that one place key may hold; a place that is busier than this is not judged, and so is not free. */
const mostHere = 500

export type Found = Conflict & { readonly subject: string; readonly leader: string }

/** What an occupancy is in conflict with now, forbidding rules first. Null when there is too much here to judge, or no place. */
export const conflictsHere = (state: PermitState, facts: Facts): readonly Found[] | null => {
  const one = occupancyOf(state)
  if (!one || !isPlaced(one.place)) return null
  const exclusions = exclusionsOf(facts.plant)
  const others = new Map<string, Kept>()
  for (const key of keysAround(exclusions, one)) {
    const rows = facts.read({ name: occupancyRow, key, most: mostHere })
    if (rows.length >= mostHere) return null
    for (const { subject, note } of rows) if (subject !== facts.subject) others.set(subject, JSON.parse(note) as Kept)
  }
  const kept = [...others.values()]
  const byPermit = new Map(kept.map((one) => [one.occupancy.permit, one]))
  return conflictsOf(
    exclusions,
    one,
    kept.map(({ occupancy }) => occupancy),
  ).map((found) => {
    const other = byPermit.get(found.with.permit)
    return { ...found, subject: other?.subject ?? '', leader: other?.leader ?? '' }
  })
}

/** The exclusions that hold at a site: those of the standard, and the further ones that its overlay takes on. */
export const exclusionsOf = (plant: Plant): readonly Exclusion[] =>
  exclusionsFor(plant.profile ?? 'hazchem', plant.overlay ?? null)
