import type { PermitState, PermitStatus } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'

type Arms = {
  readonly [T in PermitEvent['type']]: (state: PermitState, event: Extract<PermitEvent, { type: T }>) => Partial<PermitState>
}
type Applied = Extract<PermitEvent, { type: 'applied' }>

const opened = ({ code, site, work, job, by, what, at }: Applied): PermitState => ({
  ...{ status: 'draft', code, site, work, job, what, applicant: by, pack: null, overlay: null, linked: [], answers: {} },
  ...{
    place: null,
    period: null,
    crew: null,
    tools: [],
    coordinator: null,
    level: null,
    around: null,
    jsa: null,
    jsaTemplate: null,
  },
  ...{ measures: [], isolations: [], briefing: null, chain: [], signatures: [], gas: [], attendance: null, declared: [] },
  ...{
    suspensions: [],
    startedAt: null,
    workingSince: null,
    stoppedAt: null,
    completed: null,
    endedAt: null,
    ending: null,
    unreached: [],
  },
  ...{ wrong: {}, conflict: null, called: [], openedAt: at, since: at },
})

const moved = (status: PermitStatus, at: string): Pick<PermitState, 'status' | 'since' | 'called'> => ({
  status,
  since: at,
  called: [],
})
const ended = (status: PermitStatus, at: string, ending: string): Partial<PermitState> => ({
  ...moved(status, at),
  endedAt: at,
  ending,
  attendance: null,
})

const without = <T>(of: Readonly<Record<string, T>>, person: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(of).filter(([id]) => id !== person))

/** After the analysis come the measures, and after the last of them the briefing. */
const arms: Arms = {
  applied: () => ({}),
  filled: (_, { type: _type, by: _by, at: _at, ...parts }) => parts,
  submitted: (_, { pack, overlay, level, chain, around, jsa, at }) => ({
    ...{ pack, overlay, level, chain, around, jsaTemplate: jsa, conflict: null },
    ...moved(jsa === null ? 'measures' : 'jsa', at),
  }),
  jsaConfirmed: (_, { template, steps, by, at }) => ({ jsa: { template, steps, by, at }, ...moved('measures', at) }),
  measureConfirmed: ({ measures }, { answer, last }) => ({
    measures: [...measures.filter(({ line }) => line !== answer.line), answer],
    ...(last ? moved('briefing', answer.at) : {}),
  }),
  isolationAdded: ({ isolations }, { point }) => ({ isolations: [...isolations, point] }),
  isolationPhotoAsked: ({ photographing }, { point, by }) => ({ photographing: { ...photographing, [by]: point } }),
  isolationPhotoSent: ({ photographs = [], photographing = {} }, { file, point, by, at }) => ({
    photographs: [...photographs, { file, point, by, at }],
    photographing: without(photographing, by),
  }),
  isolationPhotographed: ({ isolations, photographs }, { point, photo, file, picture }) => ({
    isolations: isolations.map((one) => (one.id === point ? { ...one, photo, ...(picture ? { picture } : {}) } : one)),
    ...(photographs ? { photographs: photographs.filter((one) => one.file !== file) } : {}),
  }),
  isolationPhotoRefused: ({ photographs = [] }, { file }) => ({ photographs: photographs.filter((one) => one.file !== file) }),
  papered: (_, { revision, document, at }) => ({ paper: { revision, document, at } }),
  isolationTried: ({ isolations }, { point, by, at, last }) => ({
    isolations: isolations.map((one) => (one.id === point ? { ...one, tried: { by, at } } : one)),
    ...(last ? moved('briefing', at) : {}),
  }),
  briefed: (_, { by, at }) => ({ briefing: { by, at, receivers: [] } }),
  briefingReceived: ({ briefing }, { person, at, last }) => ({
    briefing: briefing && { ...briefing, receivers: [...briefing.receivers, { person, at }] },
    ...(last ? moved('signing', at) : {}),
  }),
  codeShown: () => ({}),
  signed: ({ signatures, wrong, status }, { signature, next }) => ({
    signatures: [...signatures, signature],
    wrong: without(wrong, signature.by),
    ...(status === 'signing' ? (next === null ? moved('issued', signature.at) : { since: signature.at, called: [] }) : {}),
  }),
  proofFailed: ({ wrong }, { by }) => ({ wrong: { ...wrong, [by]: (wrong[by] ?? 0) + 1 } }),
  sentBack: (_, { reason, at }) => ({ ...ended('rejected', at, reason) }),
  gasRecorded: ({ gas }, { sample }) => ({ gas: [...gas, sample] }),
  declared: ({ declared }, { need, by, at }) => ({ declared: [...declared, { id: need, by, at }] }),
  checkedIn: ({ wrong }, { attendant, at }) => ({
    wrong: without(wrong, attendant),
    attendance: { attendant, since: at, lastSeen: at, asked: null },
  }),
  pulseAsked: ({ attendance }, { at }) => ({ attendance: attendance && { ...attendance, asked: attendance.asked ?? at } }),
  pulseAnswered: ({ attendance, wrong }, { attendant, at }) => ({
    wrong: without(wrong, attendant),
    attendance: attendance && { ...attendance, lastSeen: at, asked: null },
  }),
  started: (_, { at }) => ({ ...moved('active', at), startedAt: at, workingSince: at, stoppedAt: null }),
  suspended: ({ suspensions, attendance, stoppedAt, status, since, called }, { by, because, detail, final, at }) => ({
    ...(status === 'suspended' ? { since, called } : moved('suspended', at)),
    suspensions: [...suspensions, { at, by, because, detail, final, endedAt: null }],
    stoppedAt: stoppedAt ?? at,
    // Whoever was not there must check in again; everybody else stays on post.
    attendance: because === 'attendantAbsent' ? null : attendance && { ...attendance, asked: null },
  }),
  resumed: ({ suspensions }, { at }) => ({
    ...moved('active', at),
    suspensions: suspensions.map((one) => (one.endedAt === null ? { ...one, endedAt: at } : one)),
    workingSince: at,
    stoppedAt: null,
  }),
  completed: (_, { by, people, tools, note, at }) => ({
    ...moved('completed', at),
    completed: { by, people, tools, note, at },
    attendance: null,
    stoppedAt: at,
  }),
  accepted: (_, { at }) => ended('accepted', at, ''),
  rejected: (_, { reason, at }) => ended('rejected', at, reason),
  cancelled: (_, { reason, at }) => ended('cancelled', at, reason),
  // People may still be inside: an expired permit whose work had begun stays open until everybody is counted out.
  expired: ({ stoppedAt }, { at, wasActive }) =>
    wasActive ? { ...moved('expired', at), stoppedAt: stoppedAt ?? at } : ended('expired', at, ''),
  revoked: ({ startedAt, stoppedAt }, { reason, at }) =>
    startedAt === null ? ended('revoked', at, reason) : { ...moved('revoked', at), ending: reason, stoppedAt: stoppedAt ?? at },
  conflictFound: (_, { with: other, leader, rule, at }) => ({ conflict: { with: other, leader, rule, at } }),
  climbed: ({ called }, { role, persons, rung, at }) => ({ called: [...called, { role, persons, rung, at }] }),
  unreached: ({ unreached }, { person }) => ({ unreached: [...new Set([...unreached, person])] }),
}

/** Folds one event into the permit. */
export const evolvePermit = (state: PermitState | null, event: PermitEvent): PermitState => {
  if (event.type === 'applied') return opened(event)
  if (state === null) throw new Error(`a permit cannot begin with ${event.type}`)
  const change = (arms[event.type] as (state: PermitState, event: PermitEvent) => Partial<PermitState>)(state, event)
  return { ...state, ...change }
}
