import { later } from '../../lib/clock.ts'
import type { Plant } from '../workflow.ts'
import { slaOf } from './common.ts'
import type { HazardState } from './hazard.ts'
import { ladderOf, paceOf } from './start.ts'

/** The five clocks of a case. Reassigning resets none of them. */
export const clockNames = ['ack', 'start', 'due', 'verify', 'total'] as const
export type ClockName = (typeof clockNames)[number]

/** `started` and `stopped` are null while it has not; `limit` where none was promised. A stopped clock is `late` when it stopped after its limit. */
export type ClockFact = {
  readonly started: string | null
  readonly stopped: string | null
  readonly limit: string | null
  readonly late: boolean
}

type Read = { readonly started: string | null; readonly stopped: string | null; readonly limit: Date | null }

const after = (from: string | null, by: number | undefined): Date | null =>
  from === null || by === undefined ? null : later(new Date(from), by)

const isHandedIn = ({ status }: HazardState): boolean => ['submitted', 'verifying', 'verified', 'closed'].includes(status)

const read: Readonly<Record<ClockName, (state: HazardState, plant: Pick<Plant, 'timeZone'>) => Read>> = {
  /** Asked → taken on. The limit is when the next rung is called. */
  ack: (state, plant) => ({
    started: state.ladderFrom,
    stopped: state.acceptedAt ?? (state.status === 'rejected' ? state.closedAt : null),
    limit: ladderOf({ ...state, status: 'reported' }, plant).dueAt(1),
  }),
  /** Asked → first act of rectifying. */
  start: (state) => ({
    started: state.ladderFrom,
    stopped: state.startedAt ?? (state.closedAt !== null ? state.closedAt : null),
    limit: after(state.ladderFrom, slaOf(state).startWithin[paceOf(state)]),
  }),
  /** Graded → handed in; a return sets it going again. */
  due: (state) => ({
    started: state.triagedAt,
    stopped: isHandedIn(state) ? state.submittedAt : null,
    limit: state.dueAt === null ? null : new Date(state.dueAt),
  }),
  /** Handed in → verdict. */
  verify: (state) => ({
    started: state.submittedAt,
    stopped: verdictAt(state),
    limit: after(state.submittedAt, slaOf(state).verdict[paceOf(state)]),
  }),
  /** Reported → closed or rejected. */
  total: (state) => ({ started: state.reportedAt, stopped: state.closedAt, limit: null }),
}

/** The verdict on the latest submission: its return, or the closing. */
const verdictAt = (state: HazardState): string | null => {
  if (state.submittedAt === null || state.status === 'submitted' || state.status === 'verifying') return null
  const returned = state.returned[state.returned.length - 1]?.at ?? null
  return state.passedAt ?? state.closedAt ?? (returned !== null && returned >= state.submittedAt ? returned : null)
}

/** The five clocks as facts, computed from the state alone as of an instant. */
export const clocksOf = (
  state: HazardState,
  at: Date,
  plant: Pick<Plant, 'timeZone'>,
): Readonly<Record<ClockName, ClockFact>> => {
  const fact = (name: ClockName): ClockFact => {
    const { started, stopped, limit } = read[name](state, plant)
    const end = stopped ?? at.toISOString()
    const text = limit?.toISOString() ?? null
    return { started, stopped, limit: text, late: started !== null && text !== null && end > text }
  }
  return { ack: fact('ack'), start: fact('start'), due: fact('due'), verify: fact('verify'), total: fact('total') }
}
