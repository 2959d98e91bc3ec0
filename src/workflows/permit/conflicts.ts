import { type Conflict, conflictsOf, keysAround, keysOf, type Occupancy } from '../../rules/permits/exclusions.ts'
import { isPlaced } from '../../rules/permits/places.ts'
import type { Exclusion } from '../../rules/permits/rule-pack.ts'
import { exclusionsFor } from '../../rules/permits/site-exclusions.ts'
import { isPast } from '../pieces.ts'
import type { Facts, IndexRow, Plant } from '../workflow.ts'
import type { PermitState } from './permit.ts'

/** Index of what takes up a place: name of its rows, which are kept from the submission until everybody has left. */
export const occupancyRow = 'permit-place'

/** States in which a permit takes up its place: from the submission on, and past its end while people may still be there. */
export const occupies = ({ status, startedAt, endedAt }: PermitState): boolean =>
  endedAt === null && status !== 'draft' && (status !== 'expired' || startedAt !== null)

/** What else goes on under a permit, by its answers: venting, draining, solvent, dust, drawOff. */
const activities = ['venting', 'draining', 'solvent', 'dust', 'drawOff'] as const

/** What a permit takes up by its ticket. */
export const occupancyOf = (state: PermitState): Occupancy | null => {
  const { place, period, code, work, answers, job } = state
  if (!place || !period) return null
  const dike = typeof answers.dike === 'string' ? answers.dike : null
  return {
    permit: code,
    work,
    answers,
    activities: activities.filter((one) => answers[one] === true),
    place: { lat: place.lat, lng: place.lng, area: place.area, level: place.level, line: place.line, space: place.space, dike },
    period,
    job,
  }
}

type Kept = {
  readonly occupancy: Occupancy
  readonly subject: string
  readonly leader: string
  readonly coordinator: string | null
  /** Work has begun under it. */
  readonly begun: boolean
}

/** A job that was begun and is not closed goes on after its time, whatever its ticket says: until then nobody knows when it will end. */
const now = (occupancy: Occupancy, begun: boolean, at: Date): Occupancy =>
  begun && occupancy.period.to !== null && isPast(occupancy.period.to, at)
    ? { ...occupancy, period: { ...occupancy.period, to: null } }
    : occupancy

export const occupancyRows = (state: PermitState, subject: string): readonly IndexRow[] => {
  const occupancy = occupies(state) ? occupancyOf(state) : null
  if (!occupancy) return []
  const { crew, applicant, coordinator, startedAt } = state
  const leader = crew?.workLeader ?? applicant
  const note = JSON.stringify({ occupancy, subject, leader, coordinator, begun: startedAt !== null } satisfies Kept)
  return keysOf(occupancy).map((key) => ({ name: occupancyRow, key, at: state.period?.from ?? state.openedAt, weight: 1, note }))
}

/** The most works that one place key may hold; a place that is busier than this is not judged, and so is not free. */
const mostHere = 500

/** `coordinator`: whom the other permit names, who coordinates both. */
export type Found = Conflict & Pick<Kept, 'subject' | 'leader' | 'coordinator'>

/** What an occupancy is in conflict with now, forbidding rules first. Null when there is too much here to judge, or no place. */
export const conflictsHere = (
  state: PermitState,
  facts: Pick<Facts, 'plant' | 'read' | 'subject' | 'at'>,
): readonly Found[] | null => {
  const own = occupancyOf(state)
  if (!own || !isPlaced(own.place)) return null
  const one = now(own, state.startedAt !== null, facts.at)
  const exclusions = exclusionsOf(state, facts.plant)
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
    kept.map(({ occupancy, begun }) => now(occupancy, begun, facts.at)),
  ).map((found) => {
    const other = byPermit.get(found.with.permit)
    return { ...found, subject: other?.subject ?? '', leader: other?.leader ?? '', coordinator: other?.coordinator ?? null }
  })
}

/** The exclusions of a permit: of its pack and the overlay as they were when it was submitted, and of the packs of other works; of a draft those that hold at the site. */
const exclusionsOf = ({ pack, work, overlay }: PermitState, plant: Plant): readonly Exclusion[] =>
  pack === null
    ? exclusionsFor(plant.profile ?? 'hazchem', plant.overlay ?? null)
    : exclusionsFor(plant.profile ?? 'hazchem', overlay, { pack, work })
