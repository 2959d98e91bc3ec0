import { reachableHolders, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import { type Called, inform, iso, slaOf } from './common.ts'
import { followCredits } from './credits.ts'
import type { HazardDecision } from './decide.ts'
import { toldWithoutNames } from './draw.ts'
import { evolveHazard } from './evolve.ts'
import { answerAt } from './feedback.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { followMerged } from './merge.ts'
import { overdueAt } from './overdue.ts'
import { wasCalled } from './people.ts'
import { planAt } from './plan.ts'
import { followReach, reachAt } from './reach.ts'
import { isOfFirstTable, nextRungOf } from './start.ts'

type Clock = { readonly at: Date; readonly command: HazardCommand }

const strikes = (at: Date | null, command: HazardCommand): Clock | null => (at ? { at, command } : null)

/** The clocks that follow from the state alone. Whoever changes a term, a colour or an owner thereby moves them; none can be forgotten. */
const clocks: Readonly<Record<string, (state: HazardState, plant: Plant) => Clock | null>> = {
  climb: (state, plant) => {
    const next = nextRungOf(state, plant)
    return next && strikes(next.at, { type: 'climb', rung: next.rung })
  },
  due: (state) => strikes(overdueAt(state), { type: 'callOverdue' }),
  reach: (state) => strikes(reachAt(state), { type: 'callReach' }),
  feedback: (state) => strikes(answerAt(state), { type: 'answerReporter' }),
  plan: (state, plant) => strikes(planAt(state, plant), { type: 'joinPlan' }),
}

/** The clocks that must stand for a case, by tag; none for cases of the first table, whose commands set their own. */
export const standing = (state: HazardState, plant: Plant): ReadonlyMap<string, Clock> =>
  new Map(
    isOfFirstTable(state)
      ? []
      : Object.entries(clocks).flatMap(([tag, clock]) => {
          const due = clock(state, plant)
          return due ? [[tag, due] as const] : []
        }),
  )

const sameClock = (a: Clock | undefined, b: Clock): boolean =>
  a !== undefined && a.at.getTime() === b.at.getTime() && JSON.stringify(a.command) === JSON.stringify(b.command)

const touches = (effect: Effect, tag: string): boolean =>
  (effect.kind === 'setDeadline' || effect.kind === 'cancelDeadline') && effect.tag === tag

/** What makes the clocks of `before` those of `after`. A clock that has just struck has no row any more and is set again, changed or not. */
const rewind = (
  { before, after, struck }: { readonly before: HazardState | null; readonly after: HazardState; readonly struck: string },
  effects: readonly Effect[],
  { plant }: Facts,
): readonly Effect[] => {
  const old = before ? standing(before, plant) : new Map<string, Clock>()
  const now = standing(after, plant)
  const gone = [...old.keys()].filter((tag) => !now.has(tag))
  const set = [...now].filter(
    ([tag, clock]) =>
      clock.command.type === struck || !sameClock(old.get(tag), clock) || effects.some((effect) => touches(effect, tag)),
  )
  return [
    ...gone.map((tag): Effect => ({ kind: 'cancelDeadline', tag })),
    ...effects.filter((effect) => !set.some(([tag]) => touches(effect, tag))),
    ...set.map(([tag, { at, command }]): Effect => ({ kind: 'setDeadline', tag, at, command })),
  ]
}

/**
 * Who stands for a role that hears of a grade. Of the safety officers only those of the owner's own team, who never verify it: whoever may still be drawn
 * must not know the case. Where there is none their director hears for them.
 */
const hearers = (role: string, state: HazardState, plant: Plant): readonly string[] => {
  if (role === 'areaOwner') return plant.areas.flatMap(({ id, owner }) => (id === state.area && owner !== null ? [owner] : []))
  const holders = reachableHolders(plant, role, plant.site)
  if (role !== 'safetyOfficer') return holders
  const team = plant.persons.get(state.owner ?? '')?.team
  const apart = holders.filter((id) => plant.persons.get(id)?.team === team)
  return apart.length > 0 ? apart : reachableHolders(plant, 'safetyDirector', plant.site)
}

/** A grade confirmed by a person that others hear of, once, while the case waits for its owner: not whoever acts, owns it or was called for it. */
const followGrade = (state: HazardState, facts: Facts): Called => {
  const roles = state.colour === null ? undefined : slaOf(state).informs[state.colour]
  if (!roles || state.status !== 'triaged' || state.informed !== undefined) return { events: [], effects: [] }
  const { plant, actor } = facts
  const knows = (id: string): boolean =>
    id === state.owner || (actor.kind === 'person' && actor.person === id) || wasCalled(state, id) || !plant.reachable(id)
  const persons = [...new Set(roles.flatMap((role) => hearers(role, state, plant)))].filter((id) => !knows(id))
  return {
    events: [{ type: 'informed', persons, at: iso(facts.at) }],
    effects: persons.map((id) => inform(toPerson(id))),
  }
}

/** Whoever is told of the case and may have to judge it, because too few others are left, is told without names. */
const blindfolded = (before: HazardState | null, events: readonly HazardEvent[], { plant }: Facts): readonly HazardEvent[] => {
  let state = before
  return events.map((event) => {
    const isTold = event.type === 'reachCalled' || event.type === 'informed'
    const nameless = isTold && state ? toldWithoutNames(state, event.persons, plant) : []
    const said = isTold && nameless.length > 0 ? { ...event, nameless } : event
    state = evolveHazard(state, said)
    return said
  })
}

const fold = (state: HazardState | null, events: readonly HazardEvent[]): HazardState | null =>
  events.reduce<HazardState | null>(evolveHazard, state)

/**
 * What follows of any decision: whoever must be reached is called, whoever must hear of a grade is told, points and scores are those of the state it leads
 * to, and so are the clocks.
 * A refusal has no consequences, nor have cases of the first table any but their own.
 */
export const followUp = (
  before: HazardState | null,
  command: HazardCommand,
  decision: HazardDecision,
  facts: Facts,
): HazardDecision => {
  if (decision.kind === 'refused') return decision
  const decided = fold(before, decision.events)
  if (!decided || isOfFirstTable(decided)) return decision
  const reach = followReach(before, decided, facts)
  const grade = followGrade(decided, facts)
  const told = blindfolded(before, [...decision.events, ...reach.events, ...grade.events], facts)
  const known = fold(before, told)
  const credit = followCredits(known ?? decided, facts)
  const events = [...told, ...credit.events]
  const after = fold(before, events) ?? decided
  const effects = [
    ...decision.effects,
    ...reach.effects,
    ...grade.effects,
    ...credit.effects,
    ...followMerged(before, after, facts),
  ]
  return {
    ...accept(events, rewind({ before, after, struck: command.type }, effects, facts)),
    say: decision.say,
  }
}
