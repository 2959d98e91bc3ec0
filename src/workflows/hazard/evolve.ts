import { clockArms, rememberClocks } from './clock-state.ts'
import { proofArms, rememberKnowers, rememberOwners, unseated, unsigned } from './evolve-proof.ts'
import { governArms, gradedAt, rememberGovern } from './govern-state.ts'
import type { HazardEvent, HazardFile, HazardState } from './hazard.ts'

type Arms = {
  readonly [T in HazardEvent['type']]: (state: HazardState, event: Extract<HazardEvent, { type: T }>) => Partial<HazardState>
}

const act =
  (what: string) =>
  (event: { readonly by: string; readonly name: string; readonly at: string }): Pick<HazardState, 'last'> => ({
    last: { act: what, by: event.by, name: event.name, at: event.at },
  })

const changeFile = (state: HazardState, id: string, change: Partial<HazardFile>): Partial<HazardState> => ({
  files: state.files.map((file) => (file.id === id ? { ...file, ...change } : file)),
})

/** What each event changes. A new event needs an arm here, or this file does not compile. */
const arms: Arms = {
  reported: () => ({}),
  added: (state, { text, files, place, suggestion }) => ({
    texts: text ? [...state.texts, text] : state.texts,
    files: [...state.files, ...files],
    place: place ?? state.place,
    suggestion,
  }),
  alarmed: (state, { count, at, text, files }) => ({
    texts: text ? [...state.texts, text] : state.texts,
    files: [...state.files, ...files],
    alarms: { count, at },
  }),
  called: (state, { rung, role, persons, at, next }) => ({
    rung: Math.max(state.rung, rung),
    called: [...state.called, { rung, role, persons, at }],
    nextClimb: next,
    unreached: [],
  }),
  triaged: (state, event) => ({
    status: 'triaged',
    colour: event.colour,
    area: event.area,
    ...(event.equipment === undefined ? {} : { equipment: event.equipment }),
    owner: event.owner,
    triagedAt: state.triagedAt ?? event.at,
    dueAt: event.dueAt,
    ...gradedAt(event),
    ...act('triage')(event),
  }),
  accepted: (_, event) => ({ status: 'accepted', acceptedAt: event.at, nextClimb: null, ...act('accept')(event) }),
  rejected: (_, event) => ({
    status: 'rejected',
    closedAt: event.at,
    closing: event.reason,
    nextClimb: null,
    ...act('reject')(event),
  }),
  rectificationStarted: (_, event) => ({ status: 'rectifying', ...act('startRectify')(event) }),
  evidenceAdded: (state, { files, text }) => ({
    ...unsigned(state),
    files: [...state.files, ...files],
    texts: text ? [...state.texts, text] : state.texts,
  }),
  submitted: (state, event) => ({
    ...unseated(state),
    status: 'submitted',
    submittedAt: event.at,
    drawn: [],
    unreached: [],
    verifier: null,
    ...act('submit')(event),
  }),
  verifierDrawn: (state, { verifier }) => ({
    status: 'verifying',
    verifier,
    drawn: state.drawn.includes(verifier) ? [verifier] : [...state.drawn, verifier],
  }),
  verifierMissing: () => ({ status: 'submitted', verifier: null, unreached: [] }),
  vetoed: (state, event) => ({
    ...unsigned(state),
    status: 'rectifying',
    verifier: null,
    unreached: [],
    returned: [...state.returned, { by: event.by, reason: event.reason, at: event.at }],
    ...act('veto')(event),
  }),
  closed: (_, event) => ({ status: 'closed', closedAt: event.at, closing: 'verified', ...act('pass')(event) }),
  reopened: (state, event) => ({
    ...(event.owner === null ? anew(state, event.at) : { status: 'rectifying', owner: event.owner, dueAt: event.dueAt }),
    overdue: 0,
    closedAt: null,
    closing: null,
    verifier: null,
    unreached: [],
    ...unsigned(state),
    appealed: state.appealed || event.appeal,
    reopened: [...state.reopened, { by: event.by, reason: event.reason, at: event.at }],
    ...act('reopen')(event),
  }),
  overdueCalled: (_, { count }) => ({ overdue: count }),
  ...clockArms,
  ...governArms,
  ...proofArms,
  photoStored: (state, { file, original, watermarked, thumbnail, look, checks }) =>
    changeFile(state, file, {
      ...{ state: 'stored', original, watermarked, thumbnail, because: null },
      ...(look === undefined ? {} : { look }),
      ...(checks === undefined ? {} : { checks }),
    }),
  photoRefused: (state, { file, because, original }) => changeFile(state, file, { state: 'refused', because, original }),
  credited: (state, { type: _, ...credit }) => ({
    credits: [...(state.credits ?? []), credit],
    credited: (state.credited ?? 0) + 1,
  }),
  discredited: (state, { key }) => ({ credits: (state.credits ?? []).filter((one) => one.key !== key) }),
  unreachable: (state, { person }) => ({ unreached: [...new Set([...state.unreached, person])] }),
}

/** A case that begins again: nobody owns it, nobody was called, and what people said of its grade and area is the suggestion now. */
const anew = (state: HazardState, at: string): Partial<HazardState> => ({
  status: 'reported',
  suggestion: {
    ...state.suggestion,
    ...(state.equipment ? { equipment: state.equipment } : {}),
    colour: state.colour ?? state.suggestion.colour,
    area: state.area ?? state.suggestion.area,
  },
  colour: null,
  area: null,
  ...(state.equipment === undefined ? {} : { equipment: undefined }),
  owner: null,
  ladderFrom: at,
  rung: -1,
  nextClimb: null,
  triagedAt: null,
  acceptedAt: null,
  dueAt: null,
})

const opened = (event: Extract<HazardEvent, { type: 'reported' }>): HazardState => ({
  status: 'reported',
  site: event.site,
  code: event.code,
  reporter: event.reporter,
  reportedAt: event.at,
  texts: event.text ? [event.text] : [],
  files: event.files,
  place: event.place,
  team: event.team,
  suggestion: event.suggestion,
  colour: null,
  area: null,
  owner: null,
  ladder: event.ladder,
  sla: event.sla,
  ...(event.grades === undefined ? {} : { grades: event.grades }),
  ...(event.evidence === undefined ? {} : { evidence: event.evidence }),
  ladderFrom: event.at,
  rung: -1,
  called: [],
  nextClimb: null,
  triagedAt: null,
  acceptedAt: null,
  dueAt: null,
  overdue: 0,
  submittedAt: null,
  verifier: null,
  drawn: [],
  unreached: [],
  appealed: false,
  returned: [],
  reopened: [],
  closedAt: null,
  closing: null,
  last: null,
})

/** State after an event. Pure; every version of every event ever written must stay readable. Throws when a case does not begin with its report. */
export const evolveHazard = (state: HazardState | null, event: HazardEvent): HazardState => {
  if (event.type === 'reported') return rememberClocks(null, opened(event), event)
  if (!state) throw new Error(`a hazard cannot begin with ${event.type}`)
  const change = (arms[event.type] as (state: HazardState, event: HazardEvent) => Partial<HazardState>)(state, event)
  const next = rememberClocks(state, rememberOwners(state, { ...state, ...change }), event)
  return rememberKnowers(rememberGovern(next, event), event)
}
