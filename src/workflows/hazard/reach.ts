import { later, type Millis } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import type { Reach } from '../../rules/sla.ts'
import { nobodyHolds, reachableHolders, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import { actingPerson, type Called, duty, iso, isRefusal, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardEvent, HazardState, ReachTarget } from './hazard.ts'
import { operators } from './people.ts'
import { paceOf } from './start.ts'

type NoteReached = Extract<HazardCommand, { type: 'noteReached' }>

/** Whom a case of this colour must reach, while it is open; null when sending is enough. */
const reachOf = (state: HazardState): Reach | null =>
  state.closedAt === null ? (slaOf(state).reach[paceOf(state)] ?? null) : null

const targetOf = (state: HazardState, role: string): ReachTarget | undefined =>
  state.reach?.find((target) => target.role === role)

const areaOf = (state: HazardState): string | null => state.area ?? state.suggestion.area

/** Whose answer is still awaited; nobody's once the case has ended or is of another colour. */
export const awaitedTargets = (state: HazardState): readonly ReachTarget[] =>
  reachOf(state) ? (state.reach ?? []).filter(({ reached }) => reached === null) : []

/** Must this person still read or act? */
export const isAwaited = (state: HazardState, person: string): boolean =>
  awaitedTargets(state).some(({ called }) => called.includes(person))

/** The roles that a target is called by, one after the other. */
const rolesOf = (reach: Reach, role: string): readonly string[] => [
  role,
  ...(reach.targets.find((target) => target.role === role)?.instead ?? []),
]

const holders = (state: HazardState, role: string, plant: Plant): readonly string[] => {
  if (role !== 'areaOwner') return reachableHolders(plant, role, plant.site)
  const owner = plant.areas.find(({ id }) => id === areaOf(state))?.owner ?? null
  return owner !== null && plant.persons.get(owner)?.active === true && plant.reachable(owner) ? [owner] : []
}

/** How long the last stand-in is left alone before the next call; the table's last interval repeats. */
const restAfter = (round: number, { repeat, within }: Reach): Millis => repeat[Math.min(round, repeat.length) - 1] ?? within

/** The instant at which the target's next account, or whoever stands in for it, is tried. */
const nextOf = ({ since, step, round }: ReachTarget, reach: Reach): Date =>
  later(new Date(since), round === undefined ? (reach.steps[step] ?? reach.within) : restAfter(round, reach))

/** When the next of the targets is called again; null when all are reached. */
export const reachAt = (state: HazardState): Date | null => {
  const reach = reachOf(state)
  if (!reach) return null
  const instants = awaitedTargets(state).map((target) => nextOf(target, reach).getTime())
  return instants.length === 0 ? null : new Date(Math.min(...instants))
}

const unmoved: Called = { events: [], effects: [] }

const cards = (persons: readonly string[], step: number): readonly Effect[] =>
  persons.map((id) => ({ ...duty(toPerson(id), 'reach', true), ...(step > 0 ? { channel: step + 1 } : {}) }) as Effect)

const reachedBy = (person: string, how: 'read' | 'acted', at: string): HazardEvent => ({ type: 'reached', person, how, at })

/** `again` when it is called besides those who were called before; `round` counts the calls since nobody is left to turn to. */
type Call = { readonly role: string; readonly from: number; readonly again: boolean; readonly round?: number }

/**
 * Calls a target from a rung of its stand-ins on: whoever cannot be reached is passed over at once, and the operators hear of it. When nobody is left the
 * clock stands and everybody is tried again. Whoever has just acted on the case is reached by that.
 */
const callTarget = (state: HazardState, facts: Facts, { role, from, again, round }: Call): Called => {
  const reach = reachOf(state)
  if (!reach) return unmoved
  const roles = rolesOf(reach, role)
  const alarms: Effect[] = []
  let rung = Math.min(from, roles.length - 1)
  let persons = holders(state, roles[rung] ?? '', facts.plant)
  while (persons.length === 0 && rung < roles.length - 1) {
    alarms.push(...nobodyHolds(roles[rung] ?? '', state.code, facts))
    rung += 1
    persons = holders(state, roles[rung] ?? '', facts.plant)
  }
  if (persons.length === 0) alarms.push(...nobodyHolds(roles[rung] ?? '', state.code, facts))
  const at = iso(facts.at)
  const place = { role, area: areaOf(state), persons, rung, step: 0 }
  const called: HazardEvent = { type: 'reachCalled', ...place, ...(round === undefined ? {} : { round }), again, at }
  const { actor } = facts
  if (actor.kind === 'person' && persons.includes(actor.person))
    return { events: [called, reachedBy(actor.person, 'acted', at)], effects: alarms }
  return { events: [called], effects: [...alarms, ...cards(persons, 0)] }
}

/** Nobody knows yet whose area it is: the first stand-in is called, and nobody has failed. */
const firstRung = (state: HazardState, role: string): number => (role === 'areaOwner' && areaOf(state) === null ? 1 : 0)

/** Is this target to be called from the start: never called, for another area, or the case has come back to the colour or to life? */
const isFresh = (before: HazardState | null, after: HazardState, role: string): boolean => {
  const target = targetOf(after, role)
  if (!target || before === null || before.closedAt !== null) return true
  if (role === 'areaOwner' && target.area !== areaOf(after)) return true
  return target.reached === null && reachOf(before) === null
}

/** What follows of a decision for those who must be reached: who acted is reached, and whoever is a target now is called. */
export const followReach = (before: HazardState | null, after: HazardState, facts: Facts): Called => {
  const { actor } = facts
  const acted = actor.kind === 'person' && isAwaited(after, actor.person)
  const first: readonly HazardEvent[] = acted ? [reachedBy(actor.person, 'acted', iso(facts.at))] : []
  const fresh = (reachOf(after)?.targets ?? []).filter(({ role }) => isFresh(before, after, role))
  const calls = fresh.map(({ role }) => callTarget(after, facts, { role, from: firstRung(after, role), again: false }))
  return {
    events: [...first, ...calls.flatMap(({ events }) => events)],
    effects: calls.flatMap(({ effects }) => effects),
  }
}

/** Nobody of this target has read it in time: the operators are told, and the next stand-in is called as well. */
const climbTarget = (state: HazardState, target: ReachTarget, reach: Reach, facts: Facts): Called => {
  const values = { role: target.role, code: state.code }
  const last = rolesOf(reach, target.role).length - 1
  const round = target.rung < last ? {} : { round: (target.round ?? 0) + 1 }
  const called = callTarget(state, facts, { role: target.role, from: target.rung + 1, again: true, ...round })
  return {
    events: called.events,
    effects: [
      { kind: 'alarm', because: 'unreached', values },
      ...operators(facts).map((id): Effect => ({ kind: 'notify', to: toPerson(id), words: 'unreached', values, urgent: true })),
      ...called.effects,
    ],
  }
}

/** One target at its time: its next account, or whoever stands in for it. Steps whose time is past are taken as one. */
const advance = (state: HazardState, target: ReachTarget, reach: Reach, facts: Facts): Called => {
  const waited = facts.at.getTime() - new Date(target.since).getTime()
  if (target.round !== undefined)
    return waited < restAfter(target.round, reach) ? unmoved : climbTarget(state, target, reach, facts)
  if (waited >= reach.within) return climbTarget(state, target, reach, facts)
  const step = reach.steps.filter((after) => waited >= after).length
  if (step <= target.step) return unmoved
  const { role, area, persons, rung } = target
  return {
    events: [{ type: 'reachCalled', role, area, persons, rung, step, again: true, at: iso(facts.at) }],
    effects: cards(persons, step),
  }
}

/** The clock: somebody who must be reached has neither read nor acted. */
export const callReach = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const reach = reachOf(state)
  if (!reach) return refuse('not-awaited', { code: state.code })
  const called = awaitedTargets(state).map((target) => advance(state, target, reach, facts))
  return accept(
    called.flatMap(({ events }) => events),
    called.flatMap(({ effects }) => effects),
  )
}

/** The platform says that a card was read, or another door that somebody acted on it. Counts for the target it was sent for, whoever else was called since. */
export const noteReached = (state: HazardState, command: NoteReached, facts: Facts): HazardDecision => {
  if (!isAwaited(state, command.person)) return refuse('not-awaited', { code: state.code })
  const told = new Date(command.at).getTime()
  const at = told <= facts.at.getTime() ? new Date(told) : facts.at
  return accept([reachedBy(command.person, command.how === 'acted' ? 'acted' : 'read', iso(at))])
}

/** 已知悉. For whoever must be reached and has nothing else to do: where a platform reports no reads, only this counts. */
export const acknowledge = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!isAwaited(state, by.id)) return refuse('not-awaited', { code: state.code })
  return accept([reachedBy(by.id, 'acted', iso(facts.at))], [], 'acknowledged', { code: state.code })
}

/**
 * A card for somebody who must be reached could not be delivered for good: whoever stands in is called at once, when the last of those called is lost. Above
 * the last there is only the clock, so that a dead door does not keep the outbox turning.
 */
export const reachLost = (state: HazardState, lost: string, facts: Facts): Called => {
  const reach = reachOf(state)
  const gone = (id: string): boolean => state.unreached.includes(id) || !facts.plant.reachable(id)
  if (!reach) return unmoved
  const targets = awaitedTargets(state).filter(
    ({ role, rung, persons }) => rung < rolesOf(reach, role).length - 1 && persons.includes(lost) && persons.every(gone),
  )
  const called = targets.map((target) => climbTarget(state, target, reach, facts))
  return { events: called.flatMap(({ events }) => events), effects: called.flatMap(({ effects }) => effects) }
}
