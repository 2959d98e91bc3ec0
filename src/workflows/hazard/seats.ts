import { hours, type Millis } from '../../lib/clock.ts'
import { idFor } from '../../lib/id.ts'
import { verifying } from '../../rules/evidence.ts'
import { nobodyHolds } from '../pieces.ts'
import type { VerdictSeat } from '../verdict/verdict.ts'
import type { Effect, Facts } from '../workflow.ts'
import { blindCase, blindJobs } from './blind.ts'
import { afterNow, type Called, iso, slaOf } from './common.ts'
import { drawLabel, eligibleEngineers, eligibleOfficers, fallsOn, hashOfPool, type Known, teamOf, withLoads } from './draw.ts'
import type { HazardState } from './hazard.ts'
import type { Blindness, DrawnSeat } from './proof.ts'

const letters: readonly VerdictSeat[] = ['A', 'B']

/** A verdict ends by its own clock; the case looks after it a little later, in case nothing was heard. */
export const slack: Millis = hours(1)

/** Who may take part: officers alone where there are enough to hide among, else one officer and the duty engineer. */
type Pools = { readonly blindness: Blindness; readonly officers: readonly string[]; readonly engineers: readonly string[] }

const poolsAmong = (state: HazardState, known: Known, facts: Facts): Pools => {
  const officers = eligibleOfficers(state, facts, known)
  const isDouble = officers.length >= verifying.fewest
  const engineers = isDouble ? [] : eligibleEngineers(state, facts, known).filter((id) => !officers.includes(id))
  return { blindness: isDouble ? 'double' : 'single', officers, engineers }
}

/**
 * Those to whom the case is new, as long as they fill two seats. A plant that has not so many people left draws among those who were shown the case too, rather than
 * leave a repair unjudged for ever; the draw says that it is not double-blind.
 */
const poolsFor = (state: HazardState, facts: Facts): Pools => {
  const strangers = poolsAmong(state, 'new', facts)
  const left = strangers.officers.length + strangers.engineers.length
  return left >= letters.length ? strangers : { ...poolsAmong(state, 'shown', facts), blindness: 'single' }
}

const holderOf = (state: HazardState, seat: VerdictSeat): string | null =>
  state.seats?.find((one) => one.seat === seat)?.verifier ?? null

/**
 * Who can be drawn for a seat, the best choice first: somebody new to this submission; anybody but the one who sat there; the same person again. Never
 * whoever sits on the other seat.
 */
const candidatesFor = (seat: VerdictSeat, taken: readonly string[], state: HazardState, pools: Pools): readonly string[] => {
  const sets = seat === 'B' && pools.blindness === 'single' ? [pools.engineers, pools.officers] : [pools.officers]
  const present = holderOf(state, seat)
  const free = (id: string): boolean => !taken.includes(id)
  const choices: readonly ((id: string) => boolean)[] = [
    (id) => free(id) && !state.drawn.includes(id),
    (id) => free(id) && id !== present,
    free,
  ]
  for (const may of choices)
    for (const set of sets) {
      const found = set.filter(may)
      if (found.length > 0) return found
    }
  return []
}

/** One seat drawn, or null when nobody can take it. */
const drawSeat = (
  seat: VerdictSeat,
  taken: readonly string[],
  about: { readonly state: HazardState; readonly pools: Pools; readonly facts: Facts },
) => {
  const { state, pools, facts } = about
  const pool = withLoads(candidatesFor(seat, taken, state, pools), facts)
  const poolHash = hashOfPool(pool)
  const label = drawLabel(state.draws ?? 0, seat, poolHash)
  const lot = facts.draw(label)
  const verifier = fallsOn(pool, lot.number)
  if (verifier === null) return null
  const verdict = idFor('vdt', `${facts.subject}:${state.draws ?? 0}:${seat}`)
  const dueAt = iso(afterNow(facts, slaOf(state).verdict[state.colour ?? 'yellow']))
  const drawn: DrawnSeat = { seat, verifier, verdict, pool, poolHash, label, number: lot.number, dueAt }
  return { drawn, lot }
}

/** The question to a verifier who has just been drawn. The key gives the verdict's id, so that the case knows it beforehand. */
const askVerifier = ({ seat, verifier, dueAt }: DrawnSeat, state: HazardState, draws: number, facts: Facts): Effect => ({
  kind: 'command',
  workflow: 'verdict',
  subject: null,
  key: `${facts.subject}:${draws}:${seat}`,
  command: {
    type: 'ask',
    parent: facts.subject,
    seat,
    verifier,
    team: teamOf(state, facts.plant),
    dueAt,
    askWithin: slaOf(state).evidenceWindow,
    ...blindCase(state, facts),
  },
})

export const lookAgain = (at: Date): Effect => ({ kind: 'setDeadline', tag: 'verify', at, command: { type: 'redraw' } })

/**
 * Of red and orange ones nobody judges who is off shift [2.7]. A plant has no roster here, only the handovers of team leads, which say nothing of officers: so nobody
 * can be left out, and the draw says so, for nothing that is missing counts as in order.
 */
const shiftsOf = ({ colour }: HazardState): { readonly shifts?: 'unknown' } =>
  colour === 'red' || colour === 'orange' ? { shifts: 'unknown' } : {}

/** Draws these seats, each from who is left. `null` when a seat finds nobody; which one is told. */
const drawSeats = (
  seats: readonly VerdictSeat[],
  state: HazardState,
  facts: Facts,
): Called & { readonly empty: readonly VerdictSeat[] } => {
  const pools = poolsFor(state, facts)
  const taken = letters.filter((letter) => !seats.includes(letter)).flatMap((letter) => holderOf(state, letter) ?? [])
  const found: NonNullable<ReturnType<typeof drawSeat>>[] = []
  const empty: VerdictSeat[] = []
  for (const seat of seats) {
    const one = drawSeat(seat, [...taken, ...found.map(({ drawn }) => drawn.verifier)], { state, pools, facts })
    if (one) found.push(one)
    else empty.push(seat)
  }
  const [first] = found
  if (!first) return { events: [], effects: [], empty }
  const drawn = found.map((one) => one.drawn)
  const { epoch, commitment } = first.lot
  return {
    events: [
      {
        ...{ type: 'verifiersDrawn', seats: drawn, blindness: pools.blindness, epoch, commitment, at: iso(facts.at) },
        ...shiftsOf(state),
      },
    ],
    effects: drawn.map((one) => askVerifier(one, state, state.draws ?? 0, facts)),
    empty,
  }
}

const verdictTime = (state: HazardState): Millis => slaOf(state).verdict[state.colour ?? 'yellow']

/**
 * Draws the two verifiers of a submission. Unless both are found nobody is asked: the case waits in `submitted`, the operators hear of it, and the draw is
 * tried again after the time of a verdict.
 */
export const drawVerifiers = (state: HazardState, facts: Facts): Called => {
  const drawn = drawSeats(letters, state, facts)
  if (drawn.empty.length > 0)
    return {
      events: [{ type: 'verifierMissing', at: iso(facts.at) }],
      effects: [lookAgain(afterNow(facts, verdictTime(state))), ...nobodyHolds('safetyOfficer', state.code, facts)],
    }
  const look = lookAgain(afterNow(facts, verdictTime(state) + slack))
  return { events: drawn.events, effects: [...drawn.effects, ...blindJobs(state, facts), look] }
}

/** Draws one seat anew; the other is left alone, its verdict stands. With nobody to be found the seat stays vacant until the clock looks again. */
export const redrawSeat = (seat: VerdictSeat, state: HazardState, facts: Facts): Called => {
  const drawn = drawSeats([seat], state, facts)
  if (drawn.empty.length === 0)
    return { events: drawn.events, effects: [...drawn.effects, lookAgain(afterNow(facts, verdictTime(state) + slack))] }
  return {
    events: [{ type: 'seatVacant', seat, at: iso(facts.at) }],
    effects: [lookAgain(afterNow(facts, verdictTime(state))), ...nobodyHolds('safetyOfficer', state.code, facts)],
  }
}
