import { later, type Millis } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { tell } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { iso, slaOf, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardState, HazardStatus } from './hazard.ts'
import { isDevice } from './people.ts'

/** The reporter waits since the report, or since the case was brought back: closing and rejecting are answers of their own. */
const waitsSince = (state: HazardState): Date => new Date(state.reopened[state.reopened.length - 1]?.at ?? state.reportedAt)

/** From one answer to the next: somewhat less than was promised, so that what is sent at the last moment still arrives in time. */
const answerEvery = (state: HazardState): Millis | null => {
  const { answerWithin, answerLead } = slaOf(state)
  return answerWithin === null ? null : answerWithin - answerLead
}

/** When the reporter hears of the case next; null when it has ended or nothing was promised. */
export const answerAt = (state: HazardState): Date | null => {
  const within = answerEvery(state)
  if (within === null || state.closedAt !== null || isDevice(state.reporter)) return null
  return later(waitsSince(state), within * ((state.answers ?? 0) + 1))
}

/** How far a case has come, as its reporter is told. */
const progress: Readonly<Partial<Record<HazardStatus, string>>> = {
  reported: 'unanswered',
  triaged: 'assigned',
  listed_pending: 'listed',
  accepted: 'rectifying',
  rectifying: 'rectifying',
  deferred: 'deferred',
  submitted: 'verifying',
  verifying: 'verifying',
  verified: 'verified',
}

/** The clock: the reporter has waited nearly as long as was promised, whatever state the case is in, and gets an answer as a message of its own. Answers that were missed are one. */
export const answerReporter = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const within = answerEvery(state)
  const at = answerAt(state)
  if (within === null || at === null) return refuse('answered-already', { code: state.code })
  if (at.getTime() > facts.at.getTime()) return accept([])
  const count = Math.floor((facts.at.getTime() - waitsSince(state).getTime()) / within)
  const name = facts.plant.persons.get(state.owner ?? '')?.name ?? ''
  const values = { code: state.code, name, at: state.dueAt ?? iso(facts.at) }
  return accept(
    [{ type: 'reporterAnswered', count, status: state.status, at: iso(facts.at) }],
    toReporter(state).map((to) => tell(to, `progress-${progress[state.status] ?? 'going-on'}`, values)),
  )
}
