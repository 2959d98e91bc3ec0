import { days, inZone, later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import type { WeeklyPlan } from '../../rules/sla.ts'
import { dateAfter, startOfDay } from '../../rules/working-days.ts'
import { nobodyHolds } from '../pieces.ts'
import { planKey, plannerOf, planRow } from '../plan/plan.ts'
import { accept, type Effect, type Facts, type IndexRow, type Plant } from '../workflow.ts'
import { iso, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardEvent, HazardState } from './hazard.ts'
import { isPlanned, onWorkingDay } from './start.ts'

const weekdayOf = (date: string): number => new Date(`${date}T00:00:00.000Z`).getUTCDay()

/** The first plan after an instant: that weekday at that time of the site, or the first working day after it when it is free. */
export const planAfter = (after: Date, { weekday, at }: WeeklyPlan, timeZone: string): Date => {
  const { date } = inZone(later(after, -days(21)), timeZone)
  let day = dateAfter(date, (weekday - weekdayOf(date) + 7) % 7)
  for (;;) {
    const plan = onWorkingDay(later(startOfDay(day, timeZone), at), timeZone)
    if (plan.getTime() > after.getTime()) return plan
    day = dateAfter(day, 7)
  }
}

/** A case waits for the plan while somebody has yet to do it: not once it is handed in. */
const waitsForPlan = (state: HazardState): boolean =>
  isPlanned(state) && state.closedAt === null && state.status !== 'submitted' && state.status !== 'verifying'

const planOf = (state: HazardState): WeeklyPlan | null =>
  waitsForPlan(state) && state.colour ? (slaOf(state).plan[state.colour] ?? null) : null

/** When the case comes onto the next weekly plan; null when it is not of those. */
export const planAt = (state: HazardState, { timeZone }: Pick<Plant, 'timeZone'>): Date | null => {
  const plan = planOf(state)
  return plan ? planAfter(new Date(state.plannedFor ?? state.triagedAt ?? state.reportedAt), plan, timeZone) : null
}

/** The row under which the plan finds the case. */
export const planIndex = (state: HazardState): readonly IndexRow[] => {
  const { area, owner, code } = state
  if (!planOf(state) || area === null) return []
  return [planRow({ area, owner, code, due: state.dueAt ?? state.reportedAt, title: clip(state.texts[0] ?? '', 40) })]
}

/**
 * The clock: the plan of the week is made. Every case of the week asks for the same plan of the same person under the same key, so it is made once. Weeks
 * that were missed are one.
 */
export const joinPlan = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const plan = planOf(state)
  const first = planAt(state, facts.plant)
  if (!plan || !first) return refuse('not-planned', { code: state.code })
  if (first.getTime() > facts.at.getTime()) return accept([])
  let week = first
  for (let next = first; next.getTime() <= facts.at.getTime(); next = planAfter(next, plan, facts.plant.timeZone)) week = next
  const planner = plannerOf(state.area, plan.instead, facts.plant)
  const joined: HazardEvent = { type: 'planned', week: iso(week), planner, at: iso(facts.at) }
  if (planner === null) return accept([joined], nobodyHolds(plan.role, state.code, facts))
  const make: Effect = {
    kind: 'command',
    workflow: 'plan',
    subject: null,
    key: planKey(facts.plant.site, planner, iso(week)),
    command: { type: 'make', planner, instead: plan.instead, week: iso(week) },
  }
  return accept([joined], [make])
}
