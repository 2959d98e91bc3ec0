import { inZone } from '../../lib/clock.ts'
import { quarterOf, type ScoreKind } from '../../rules/contractor-score.ts'
import type { PointKind } from '../../rules/points.ts'
import type { Colour } from '../../rules/sla.ts'
import { contractorSubject } from '../contractor/contractor.ts'
import { contractorOf } from '../contractor/employer.ts'
import { pointsSubject } from '../points/points.ts'
import type { Effect, Facts, Plant } from '../workflow.ts'
import { type Called, iso } from './common.ts'
import type { HazardEvent, HazardState } from './hazard.ts'
import { isFirstRound, isOnTime } from './tallies.ts'

/** For what a case gives points to a person, or changes the score of a contractor. Each at most once at a time. */
export const creditSlots = ['report', 'onTime', 'contractorReport', 'contractorFinding', 'contractorOnTime'] as const
export type CreditSlot = (typeof creditSlots)[number]

/** One line that the case has written into a ledger. `to` is a person, or a contractor in its quarter; `key` is never used again. */
export type Credit = {
  readonly slot: CreditSlot
  readonly to: string
  readonly kind: PointKind | ScoreKind
  readonly key: string
  /** Of contractors only. */
  readonly quarter?: string
  readonly at: string
}

type Wanted = Pick<Credit, 'to' | 'kind'> | null

const reportKinds: Readonly<Record<Colour, PointKind>> = {
  red: 'reportRed',
  orange: 'reportOrange',
  yellow: 'reportYellow',
  blue: 'reportBlue',
}
const findingKinds: Readonly<Record<Colour, ScoreKind>> = {
  red: 'findingRed',
  orange: 'findingOrange',
  yellow: 'findingYellow',
  blue: 'findingBlue',
}

const standing = (state: HazardState, slot: CreditSlot): Credit | undefined =>
  state.credits?.find((credit) => credit.slot === slot)

/** Who reported, by the person once known. Whoever has points for it stays the one, whatever becomes of the account. */
const reporterOf = (state: HazardState, plant: Plant): string | null =>
  standing(state, 'report')?.to ?? state.reporter.person ?? plant.personOf(state.reporter.account)

/** A report that a person has graded, that was neither judged none nor told with another case. */
const isValid = ({ status, colour }: HazardState): boolean => colour !== null && status !== 'rejected' && status !== 'merged'

/** Whoever has or had the case to rectify reported it themselves: that earns nothing, so that nobody makes hazards to be paid for them. */
const isSelfMade = (state: HazardState, reporter: string): boolean =>
  reporter === state.owner || (state.formerOwners ?? []).includes(reporter)

const closedOnTime = (state: HazardState): boolean => state.status === 'closed' && isOnTime(state)

/** Handed in by the first term and closed at the first attempt; how long the verifiers took is not the rectifier's doing. */
const rectifiedOnTime = (state: HazardState): boolean => {
  const { status, submittedAt } = state
  const term = state.firstDueAt ?? state.dueAt
  return status === 'closed' && isFirstRound(state) && submittedAt !== null && term !== null && submittedAt <= term
}

/** What the case gives in its present state, by slot; null for nothing. */
const wants: Readonly<Record<CreditSlot, (state: HazardState, plant: Plant) => Wanted>> = {
  report: (state, plant) => {
    const to = reporterOf(state, plant)
    const { colour } = state
    return to !== null && colour !== null && isValid(state) && !isSelfMade(state, to) ? { to, kind: reportKinds[colour] } : null
  },
  onTime: (state, plant) => {
    const { owner } = state
    const isEarned = owner !== null && rectifiedOnTime(state) && owner !== reporterOf(state, plant)
    return isEarned ? { to: owner, kind: 'onTime' } : null
  },
  contractorReport: (state, plant) => {
    const reporter = reporterOf(state, plant)
    const to = contractorOf(reporter, plant)
    return to !== null && reporter !== null && isValid(state) && !isSelfMade(state, reporter) ? { to, kind: 'validReport' } : null
  },
  /** Not for what its own people have reported: a company that is punished for speaking up falls silent. */
  contractorFinding: (state, plant) => {
    const to = contractorOf(state.owner, plant)
    const { colour } = state
    const isTaken = state.acceptedAt !== null && isValid(state) && to !== contractorOf(reporterOf(state, plant), plant)
    return to !== null && colour !== null && isTaken ? { to, kind: findingKinds[colour] } : null
  },
  contractorOnTime: (state, plant) => {
    const to = contractorOf(state.owner, plant)
    return to !== null && closedOnTime(state) && state.reopened.length === 0 ? { to, kind: 'closedOnTime' } : null
  },
}

/** What the ledger is told: of a person, or of a contractor in a quarter. */
const entry = (type: 'give' | 'take', credit: Credit, { code, site }: HazardState, facts: Facts): Effect => {
  const { to, kind, key, quarter, at } = credit
  const line = { key, kind, case: facts.subject, code, at }
  const via = `${type}:${key}`
  if (quarter === undefined) {
    const command = type === 'give' ? { type: 'award', person: to, ...line } : { type: 'reverse', person: to, key }
    return { kind: 'command', workflow: 'points', subject: pointsSubject(site, to), key: via, command }
  }
  const of = { contractor: to, quarter }
  const command = type === 'give' ? { type: 'score', ...of, ...line } : { type: 'reverse', ...of, key }
  return { kind: 'command', workflow: 'contractor', subject: contractorSubject(site, to, quarter), key: via, command }
}

const credited = (slot: CreditSlot, { to, kind }: NonNullable<Wanted>, count: number, facts: Facts): Credit => ({
  slot,
  to,
  kind,
  key: `hazard:${facts.subject}:${slot}:${count}`,
  ...(slot.startsWith('contractor') ? { quarter: quarterOf(inZone(facts.at, facts.plant.timeZone).date) } : {}),
  at: iso(facts.at),
})

const isSame = (credit: Credit | undefined, wanted: Wanted): boolean => credit?.to === wanted?.to && credit?.kind === wanted?.kind

/**
 * Points and scores follow from the state: what is earned is given once, what is earned no longer is taken back under its own key, and another grade is
 * both. A case that waits to be graded again keeps what it has given until then. Sources: the table of points, and the score of contractors; what is above
 * the cap of a day is not given by the ledger.
 */
export const followCredits = (state: HazardState, facts: Facts): Called => {
  if (state.status === 'reported' && state.reopened.length === 0) return { events: [], effects: [] }
  const events: HazardEvent[] = []
  const effects: Effect[] = []
  let count = state.credited ?? 0
  for (const slot of creditSlots) {
    if (state.status === 'reported' && slot !== 'onTime' && slot !== 'contractorOnTime') continue
    const present = standing(state, slot)
    const wanted = wants[slot](state, facts.plant)
    if (isSame(present, wanted)) continue
    if (present) {
      events.push({ type: 'discredited', ...present })
      effects.push(entry('take', present, state, facts))
    }
    if (wanted) {
      const credit = credited(slot, wanted, count, facts)
      count += 1
      events.push({ type: 'credited', ...credit })
      effects.push(entry('give', credit, state, facts))
    }
  }
  return { events, effects }
}
