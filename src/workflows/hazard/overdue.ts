import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { overdueCards, overdueHolders } from '../penalty/overdue.ts'
import { accept, type Facts } from '../workflow.ts'
import { isRectifying } from './clocks.ts'
import { afterNow, type Called, duty, iso, person, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardEvent, HazardState } from './hazard.ts'
import { holdersOf } from './people.ts'
import { isOfFirstTable } from './start.ts'

/**
 * When the owner is called next: at the term, then again each day. Counted from the term whatever came in between, so a repair that was handed in and
 * returned goes on as if it had never stopped; while it is under verification nothing strikes.
 */
export const overdueAt = (state: HazardState): Date | null =>
  isRectifying(state) && state.dueAt !== null ? later(new Date(state.dueAt), state.overdue * slaOf(state).repeatOverdue) : null

/** The card that is next if nothing is handed in, and when; null when the term has none left. */
export const nextPenalty = (state: HazardState): { readonly colour: 'yellow' | 'red'; readonly at: Date } | null => {
  const next = slaOf(state).penalties.find(({ colour }) => state.carded?.[colour] === undefined)
  return next && isRectifying(state) && state.dueAt !== null
    ? { colour: next.colour, at: later(new Date(state.dueAt), next.after) }
    : null
}

/** The owner, and whoever gave the case away shortly before its term. */
const answerable = ({ owner, previousOwner: previous, dueAt }: HazardState): readonly string[] =>
  owner === null || dueAt === null
    ? []
    : overdueHolders({ owner, due: dueAt, previous: previous ? { person: previous.person, until: previous.at } : null })

/** The round of a term: a return goes on in its round, a case that is brought back begins another. */
const roundOfTerm = ({ reopened }: HazardState): number => reopened.length

/** Cards that the time past the term asks for and that this term has not seen: each colour once. */
const penalties = (state: HazardState, facts: Facts): Called => {
  const past = facts.at.getTime() - new Date(state.dueAt ?? facts.at).getTime()
  const due = slaOf(state).penalties.filter(({ colour, after }) => past >= after && state.carded?.[colour] === undefined)
  const persons = answerable(state)
  const on = { case: facts.subject, code: state.code, round: roundOfTerm(state), persons, at: facts.at }
  return {
    events: due.map(({ colour }): HazardEvent => ({ type: 'overdueCarded', card: colour, persons, at: iso(facts.at) })),
    effects: due.flatMap(({ colour }) => overdueCards({ ...on, colour })),
  }
}

/** Owner and department head hear of it; from the red card on the production director too. */
const told = (state: HazardState, facts: Facts, isRed: boolean): readonly string[] => {
  const of = (role: string): readonly string[] => holdersOf({ role, after: 0 }, state, facts.plant)
  return [...new Set([...(state.owner ? [state.owner] : []), ...of('deptHead'), ...(isRed ? of('productionDirector') : [])])]
}

/** How often the owner has been called when this call is made; calls that were missed are one. */
const callsBy = (state: HazardState, due: Date, facts: Facts): number =>
  isOfFirstTable(state) ? state.overdue + 1 : Math.floor((facts.at.getTime() - due.getTime()) / slaOf(state).repeatOverdue) + 1

/** The clock: the rectification is overdue. Called again and again until it is submitted, with cards at their time. Too early, it is set right. */
export const callOverdue = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  if (!isRectifying(state)) return refuse('not-overdue', { code: state.code })
  const due = new Date(state.dueAt ?? facts.at)
  if (due.getTime() > facts.at.getTime())
    return accept([], [{ kind: 'setDeadline', tag: 'due', at: due, command: { type: 'callOverdue' } }])
  const count = callsBy(state, due, facts)
  const cards = penalties(state, facts)
  const isRed =
    state.carded?.red !== undefined || cards.events.some((event) => event.type === 'overdueCarded' && event.card === 'red')
  return accept(
    [...(count > state.overdue ? [{ type: 'overdueCalled', count, at: iso(facts.at) } as const] : []), ...cards.events],
    [
      ...(count > state.overdue ? told(state, facts, isRed).map((id) => duty(person(id), 'overdue', id !== state.owner)) : []),
      ...cards.effects,
      { kind: 'setDeadline', tag: 'due', at: afterNow(facts, slaOf(state).repeatOverdue), command: { type: 'callOverdue' } },
    ],
  )
}
