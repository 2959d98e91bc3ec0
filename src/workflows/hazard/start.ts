import { inZone, later } from '../../lib/clock.ts'
import { type Colour, hazardSla, hazardSlas } from '../../rules/sla.ts'
import { dateAfter, dayKind, startOfDay } from '../../rules/working-days.ts'
import { type Ladder, ladderFrom, type Next, nextRung } from '../ladder.ts'
import type { Plant } from '../workflow.ts'
import { slaOf } from './common.ts'
import type { HazardState } from './hazard.ts'

/** A case that opened under the first table keeps the clocks of the first release. */
export const isOfFirstTable = ({ sla }: Pick<HazardState, 'sla'>): boolean => sla === hazardSlas[0]?.id && sla !== hazardSla.id

/** The colour by which the clocks run: what a person has graded, else what the words suggest. */
export const paceOf = (state: Pick<HazardState, 'colour' | 'suggestion'>): Colour => state.colour ?? state.suggestion.colour

/** A case that nobody has taken on yet, whatever its grade: the ladder goes on. */
export const unanswered = ({ status }: Pick<HazardState, 'status'>): boolean => status === 'reported' || status === 'triaged'

/** A case that its owner has taken on and not begun, where beginning has a limit of its own: the ladder goes on past acceptance. */
export const awaitsStart = (state: HazardState): boolean =>
  state.status === 'accepted' && state.startedAt === undefined && slaOf(state).startWithin[paceOf(state)] !== undefined

export const awaitsResponse = (state: HazardState): boolean => unanswered(state) || awaitsStart(state)

/** Graded by a person into a colour that waits for its time: nothing of it rings, and its clocks strike on working days. */
export const isPlanned = (state: HazardState): boolean => state.colour !== null && slaOf(state).plan[state.colour] !== undefined

const mostFreeDays = 20

/** The same time on the first day from then on that is worked; a day of which nothing is known counts as worked, so that nothing waits for a notice. */
export const onWorkingDay = (at: Date, timeZone: string): Date => {
  const { date } = inZone(at, timeZone)
  const sinceMidnight = at.getTime() - startOfDay(date, timeZone).getTime()
  let day = date
  for (let free = 0; free < mostFreeDays && dayKind(day) === 'free'; free += 1) day = dateAfter(day, 1)
  return day === date ? at : later(startOfDay(day, timeZone), sinceMidnight)
}

/** When a rectification is due that was first graded then. */
export const dueFor = (state: HazardState, colour: Colour, from: Date, { timeZone }: Plant): Date => {
  const { due, plan } = slaOf(state)
  const at = later(from, due[colour])
  return plan[colour] ? onWorkingDay(at, timeZone) : at
}

/** When the rung after the first is due, where the colour has a limit of its own. */
const secondRungAt = (state: HazardState): Date | null => {
  const { acceptWithin, startWithin } = slaOf(state)
  const colour = paceOf(state)
  const accept = acceptWithin[colour]
  if (unanswered(state)) return accept === undefined ? null : later(new Date(state.urgentFrom ?? state.ladderFrom), accept)
  const start = startWithin[colour]
  return start === undefined ? null : later(new Date(state.ladderFrom), start)
}

const earlier = (a: Date, b: Date | null): Date => (b !== null && b.getTime() < a.getTime() ? b : a)

/** The frozen ladder at the pace of the present colour. */
export const ladderOf = (state: HazardState, { timeZone }: Pick<Plant, 'timeZone'>): Ladder => {
  const plain = ladderFrom(state.ladder, state.ladderFrom, slaOf(state).repeatTop)
  const dueAt = (rung: number): Date => (rung === 1 ? earlier(plain.dueAt(1), secondRungAt(state)) : plain.dueAt(rung))
  return { ...plain, dueAt: (rung) => (isPlanned(state) ? onWorkingDay(dueAt(rung), timeZone) : dueAt(rung)) }
}

/** Who is asked next and when, while somebody's answer is awaited; null when nobody's is. The card says so. */
export const nextRungOf = (state: HazardState, plant: Pick<Plant, 'timeZone'>): Next | null => {
  const last = state.called[state.called.length - 1]
  if (!awaitsResponse(state) || !last) return null
  return nextRung(ladderOf(state, plant), last.rung, new Date(last.at))
}
