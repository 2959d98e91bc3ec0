import type { HazardEvent, HazardState } from './hazard.ts'
import type { DrawnSeat, ProofEvent, Seat } from './proof.ts'

type ProofArms = {
  readonly [T in ProofEvent['type']]: (state: HazardState, event: Extract<ProofEvent, { type: T }>) => Partial<HazardState>
}

const bySeat = (a: Seat, b: Seat): number => (a.seat < b.seat ? -1 : 1)
const toSeat = ({ seat, verifier, verdict, dueAt }: DrawnSeat): Seat => ({ seat, verifier, verdict, dueAt, outcome: null })

/** The seats with some of them taken anew. */
const seated = (state: HazardState, fresh: readonly Seat[]): readonly Seat[] =>
  [...(state.seats ?? []).filter((one) => !fresh.some(({ seat }) => seat === one.seat)), ...fresh].sort(bySeat)

const changeSeat = (state: HazardState, seat: Seat['seat'], change: Partial<Seat>): Pick<HazardState, 'seats'> => ({
  seats: (state.seats ?? []).map((one) => (one.seat === seat ? { ...one, ...change } : one)),
})

const holderOf = (state: HazardState, seat: Seat['seat']): readonly string[] =>
  (state.seats ?? []).flatMap((one) => (one.seat === seat && one.verifier !== null ? [one.verifier] : []))

const joined = (a: readonly string[] | undefined, b: readonly string[]): readonly string[] => [...new Set([...(a ?? []), ...b])]

/** Before a file was added the signatures covered everything; now they cover nothing. */
export const unsigned = (state: HazardState): Partial<HazardState> =>
  state.signed === undefined ? {} : { signed: [], confirming: [] }

/** A submission has no verifiers before they are drawn. */
export const unseated = (state: HazardState): Partial<HazardState> => (state.seats === undefined ? {} : { seats: [] })

/** What each event of evidence and verification changes. */
export const proofArms: ProofArms = {
  collecting: (_, { stage }) => ({ collecting: stage }),
  signed: (state, { item, by, words, level, covers, asks, first, at }) => ({
    signed: [...(state.signed ?? []), { item, person: by, words, level, covers, at }],
    confirming: asks,
    unreached: [],
    ...(first === undefined && state.askedToConfirm === undefined ? {} : { askedToConfirm: first }),
  }),
  verifiersDrawn: (state, { seats, blindness }) => ({
    status: 'verifying',
    verifier: null,
    seats: seated(state, seats.map(toSeat)),
    blindness,
    draws: (state.draws ?? 0) + 1,
    drawn: joined(
      state.drawn,
      seats.map(({ verifier }) => verifier),
    ),
  }),
  verdictGiven: (state, { seat, outcome }) => changeSeat(state, seat, { outcome }),
  verifierReleased: (state, { seat, because }) => ({
    ...(because === 'declared' ? { conflicts: joined(state.conflicts, holderOf(state, seat)) } : {}),
    ...(because === 'unreached' ? { unreached: joined(state.unreached, holderOf(state, seat)) } : {}),
  }),
  seen: () => ({}),
  seatVacant: (state, { seat }) => ({
    seats: seated(state, [{ seat, verifier: null, verdict: null, dueAt: null, outcome: null }]),
  }),
  blindStored: (state, { file, watermarked, thumbnail }) => ({
    files: state.files.map((one) => (one.id === file ? { ...one, blind: { watermarked, thumbnail } } : one)),
  }),
  blindRefused: (state, { file }) => ({
    files: state.files.map((one) => (one.id === file ? { ...one, blind: null } : one)),
  }),
  fileKept: (state, { file, original }) => ({
    files: state.files.map((one) => (one.id === file ? { ...one, state: 'stored', original, because: null } : one)),
  }),
}

/** Whom an event shows the case, or whose act it is. A frequent source is told without a name, and verifiers are nobody here. */
const toldBy = (event: HazardEvent): readonly string[] => {
  if ('persons' in event && event.type !== 'sourceReported') {
    const nameless = 'nameless' in event ? (event.nameless ?? []) : []
    return event.persons.filter((id) => !nameless.includes(id))
  }
  return 'by' in event && event.by !== '' ? [event.by] : []
}

/** Who knows the case knows it for ever; who was told without names does until they learn or do more. */
export const rememberKnowers = (state: HazardState, event: HazardEvent): HazardState => {
  if (state.evidence === undefined) return state
  const told = toldBy(event).filter((id) => !(state.knows ?? []).includes(id))
  const nameless = 'nameless' in event ? (event.nameless ?? []) : []
  if (told.length === 0 && nameless.length === 0) return state
  const knows = joined(state.knows, told)
  return { ...state, knows, nameless: joined(state.nameless, nameless).filter((id) => !knows.includes(id)) }
}

/** Who gives a case up has had a hand in it for ever. Only for cases that opened under rules of evidence, so that older journals fold to what was stored. */
export const rememberOwners = (before: HazardState, after: HazardState): HazardState =>
  after.evidence === undefined || before.owner === null || before.owner === after.owner
    ? after
    : { ...after, formerOwners: joined(after.formerOwners, [before.owner]) }
