import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { duty, iso, isPast, nobodyHolds, outOfReach, reachableHolders, strikeAt, toPerson, vitalDuty } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { draftLife } from './apply.ts'
import { type Arm, type Command, type PermitDecision, partiesOf, unitOf } from './common.ts'
import { evolvePermit } from './evolve.ts'
import { gateConditions } from './gate.ts'
import type { Condition, PermitState, SuspendReason } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'
import { nextNode, signersOf, signWithin } from './sign.ts'
import { suspendNow } from './suspend.ts'
import { closeWithin, nextPulse, nextWatch, pulseAnswer } from './watch-times.ts'

/** Why work is stopped when a condition of its gate no longer holds. */
const reasons: Readonly<Record<string, SuspendReason>> = {
  gas: 'gasExpired',
  certificates: 'certificate',
  attendant: 'attendantAbsent',
  conflict: 'conflict',
  weather: 'weather',
}

const fold = (state: PermitState, events: readonly PermitEvent[]): PermitState => events.reduce<PermitState>(evolvePermit, state)
const unchanged = (state: PermitState, facts: Facts): PermitDecision => accept([], nextWatch(state, facts))

/** The ticket's time is over. Work that goes on is over with it: people leave, and are counted out. */
const expire = (state: PermitState, facts: Facts): PermitDecision => {
  const wasActive = state.startedAt !== null
  const event: PermitEvent = { type: 'expired', at: iso(facts.at), wasActive }
  const told = wasActive ? partiesOf(state) : [state.applicant]
  const cards = told
    .filter((id) => facts.plant.reachable(id))
    .map((id) => (wasActive ? vitalDuty(toPerson(id), 'leave') : duty(toPerson(id), 'look')))
  return accept([event], [...cards, { kind: 'cancelDeadline', tag: 'climb' }, ...nextWatch(fold(state, [event]), facts)])
}

/** Nobody has closed it: the unit is called half an hour after the end, and again, higher, until somebody counts the people out. */
const callUnit = (state: PermitState, facts: Facts): PermitDecision => {
  const rung = state.called.length
  const role = rung === 0 ? 'unit' : rung === 1 ? 'safetyDirector' : 'productionDirector'
  const persons = rung === 0 ? unitOf(state, facts.plant) : reachableHolders(facts.plant, role, facts.plant.site)
  const event: PermitEvent = { type: 'climbed', role, persons, rung, at: iso(facts.at) }
  const cards: readonly Effect[] =
    persons.length > 0 ? persons.map((id) => duty(toPerson(id), 'close', true)) : nobodyHolds(role, state.code, facts)
  return accept([event], [...cards, ...nextWatch(fold(state, [event]), facts)])
}

/**
 * A sign of presence is asked for at its drawn time, and not given within five minutes it ends the work (3.8). Nor does work go on that nobody has looked at for as
 * long: when the service was down or the clock has jumped, nobody knows whether the attendant was there.
 */
const pulse = (state: PermitState, facts: Facts): PermitDecision | null => {
  const { attendance } = state
  const at = nextPulse(state, facts)
  if (!attendance || !at || at.getTime() > facts.at.getTime()) return null
  const asked = Math.max(at.getTime(), new Date(state.workingSince ?? at).getTime())
  if (attendance.asked !== null || !(asked + pulseAnswer > facts.at.getTime())) return stop(state, 'attendantAbsent', '', facts)
  const event: PermitEvent = { type: 'pulseAsked', attendant: attendance.attendant, at: iso(facts.at) }
  return accept([event], [vitalDuty(toPerson(attendance.attendant), 'pulse'), ...nextWatch(fold(state, [event]), facts)])
}

const stop = (state: PermitState, because: SuspendReason, detail: string, facts: Facts): PermitDecision => {
  const { events, effects } = suspendNow(state, { because, detail, by: null }, facts)
  return accept(events, [...effects, ...nextWatch(fold(state, events), facts)])
}

/** What no longer holds, by the key of its words and their values, one in a line, so that cards can say it. */
const detailOf = ({ because, values }: Condition): string =>
  [because, ...Object.entries(values).map(([name, value]) => `${name}=${value.replaceAll('\n', ' ')}`)].join('\n')

/** Work that goes on is looked at with the eyes of its gate: what would not let it start does not let it go on. */
const lookAtWork = (state: PermitState, facts: Facts): PermitDecision => {
  const broken = gateConditions(state, facts).find(({ holds }) => !holds)
  if (broken) return stop(state, reasons[broken.id] ?? 'changed', detailOf(broken), facts)
  return pulse(state, facts) ?? unchanged(state, facts)
}

const begun: readonly PermitState['status'][] = ['active', 'suspended']

/** A draft that nobody has submitted for a day is over; struck earlier it waits on. */
const forgetDraft = (state: PermitState, facts: Facts): PermitDecision => {
  const until = later(new Date(state.openedAt), draftLife)
  return until.getTime() > facts.at.getTime()
    ? accept<PermitEvent>([], [strikeAt('watch', until, { type: 'watch' })])
    : accept<PermitEvent>(
        [{ type: 'cancelled', by: state.applicant, reason: '', at: iso(facts.at) }],
        [
          { kind: 'cancelDeadline', tag: 'climb' },
          { kind: 'cancelDeadline', tag: 'watch' },
        ],
      )
}

/** The clock: whatever is due of a permit, the gravest first. Strikes too early it changes nothing and is set again. */
export const watch: Arm<'watch'> = (state, _, facts): PermitDecision => {
  if (state.endedAt !== null) return refuse('not-in-this-state', { code: state.code, status: state.status })
  if (state.status === 'draft') return forgetDraft(state, facts)
  const isOver = state.period !== null && isPast(state.period.to, facts.at)
  const isLate = state.period !== null && !(later(new Date(state.period.to), closeWithin).getTime() > facts.at.getTime())
  const waits = state.status === 'completed' || state.status === 'expired' || state.status === 'revoked'
  if (isOver && !waits) return expire(state, facts)
  if (waits) return isLate ? callUnit(state, facts) : unchanged(state, facts)
  if (!begun.includes(state.status)) return unchanged(state, facts)
  return state.status === 'active' ? lookAtWork(state, facts) : unchanged(state, facts)
}

/** Something outside has changed that the gate looks at: the weather, a certificate, another job. */
export const recheck = (state: PermitState, _: Command<'recheck'>, facts: Facts): PermitDecision =>
  state.status === 'active' ? lookAtWork(state, facts) : refuse('not-in-this-state', { code: state.code, status: state.status })

const ladder = ['safetyOfficer', 'deptHead', 'productionDirector'] as const

/** Nobody has signed: whoever stands above is called as well, and the signers are reminded. Only who is asked may sign. */
export const climb: Arm<'climb'> = (state, { rung }, facts): PermitDecision => {
  const step =
    state.status === 'completed'
      ? state.chain.find(({ kind, id }) => kind === 'acceptance' && !state.signatures.some(({ node }) => node === id))
      : nextNode(state)
  if (!step || (state.status !== 'signing' && state.status !== 'completed'))
    return refuse('no-need-to-climb', { code: state.code })
  const role = ladder[Math.min(rung, ladder.length - 1)] ?? 'productionDirector'
  const persons = reachableHolders(facts.plant, role, facts.plant.site)
  const signers = signersOf(step, state, facts.plant).filter((id) => facts.plant.reachable(id))
  const event: PermitEvent = { type: 'climbed', role, persons, rung, at: iso(facts.at) }
  return accept(
    [event],
    [
      ...(persons.length > 0 ? persons.map((id) => duty(toPerson(id), 'unsigned')) : nobodyHolds(role, state.code, facts)),
      ...signers.map((id) => duty(toPerson(id), `sign:${step.id}`, true)),
      strikeAt('climb', later(facts.at, signWithin), { type: 'climb', rung: rung + 1 }),
    ],
  )
}

/** A notice could not reach somebody for good. An attendant who cannot be asked is not on post. */
export const reportUnreachable: Arm<'reportUnreachable'> = (state, { person, duty: what }, facts): PermitDecision => {
  const fact: PermitEvent = { type: 'unreached', person, duty: what, at: iso(facts.at) }
  const alarm = outOfReach(person, what, state.code)
  if (what !== 'pulse' || state.status !== 'active' || state.attendance?.attendant !== person) {
    const climbs =
      what.startsWith('sign:') && state.status === 'signing'
        ? [strikeAt('climb', facts.at, { type: 'climb', rung: state.called.length })]
        : []
    return accept([fact], [alarm, ...climbs])
  }
  const { events, effects } = suspendNow(state, { because: 'attendantAbsent', detail: '', by: null }, facts)
  return accept([fact, ...events], [alarm, ...effects, ...nextWatch(fold(state, events), facts)])
}
