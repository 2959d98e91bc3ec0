import { later } from '../../lib/clock.ts'
import { type CohortCase, cohortRow } from '../cohort.ts'
import type { IndexRow } from '../workflow.ts'
import { iso, slaOf } from './common.ts'
import type { HazardState, ReachTarget } from './hazard.ts'
import { isDevice } from './people.ts'

const endOf = ({ status }: HazardState): CohortCase['end'] =>
  status === 'closed' ? 'closed' : status === 'rejected' || status === 'merged' ? 'void' : 'open'

/** Whoever is called after the first has not been asked in vain: the limit of the first had passed. */
const inTime = ({ acceptedAt, called }: HazardState): boolean | null =>
  acceptedAt === null ? null : !called.some(({ rung, at }) => rung > 0 && at <= acceptedAt)

const answerBy = (state: HazardState): string | null => {
  const within = slaOf(state).answerWithin
  return within === null || isDevice(state.reporter) ? null : iso(later(new Date(state.reportedAt), within))
}

const answered = (state: HazardState): CohortCase['answered'] => {
  const by = answerBy(state)
  if (by === null) return 'unpromised'
  return state.answeredAt !== undefined && state.answeredAt <= by ? 'yes' : 'waiting'
}

const targetOf =
  (within: number) =>
  ({ since, reached }: ReachTarget): CohortCase['targets'][number] => {
    const by = iso(later(new Date(since), within))
    return { by, reached: reached !== null && reached.at <= by }
  }

/** The targets of red are the only ones that must have been reached. */
const targetsOf = (state: HazardState): CohortCase['targets'] => {
  const within = slaOf(state).reach.red?.within
  return within === undefined ? [] : (state.reach ?? []).map(targetOf(within))
}

/** What the indicators count of a case, on the day of its report. */
export const cohortRows = (state: HazardState): readonly IndexRow[] => [
  cohortRow({
    person: isDevice(state.reporter) ? null : state.reporter.person,
    end: endOf(state),
    reportedAt: state.reportedAt,
    closedAt: state.status === 'closed' ? state.closedAt : null,
    inTime: inTime(state),
    answered: answered(state),
    answerBy: answerBy(state),
    targets: targetsOf(state),
  }),
]
