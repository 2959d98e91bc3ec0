import { isDeepStrictEqual } from 'node:util'
import type { HazardDesk, Status } from './hazard-govern-desk.ts'
import { colourNow, type Model } from './hazard-model.ts'

const clockOf: Readonly<Record<Status, readonly string[]>> = {
  reported: ['climb'],
  triaged: ['climb'],
  listed_pending: ['decide'],
  accepted: ['due'],
  rectifying: ['due'],
  deferred: ['defer'],
  submitted: ['verify'],
  verifying: ['verify'],
  verified: ['decide'],
  closed: [],
  rejected: [],
  merged: [],
}

/** The clock of its status, the reporter's, those of its colour, and those of what is asked for. */
const clocksFor = (model: Model, desk: HazardDesk): readonly string[] => {
  const { status, colour, reach } = desk.state()
  const own = clockOf[status]
  if (own.length === 0) return []
  const handedIn = status === 'submitted' || status === 'verifying' || status === 'verified'
  const reaches = colourNow(desk) === 'red' && reach?.some(({ reached }) => reached === null) === true
  return [
    ...own,
    'feedback',
    ...(status === 'accepted' && colourNow(desk) === 'yellow' ? ['climb'] : []),
    ...(reaches ? ['reach'] : []),
    ...(colour === 'blue' && !handedIn ? ['plan'] : []),
    ...(model.asks === null ? [] : ['decide']),
    ...(model.handedTo === null ? [] : ['takeOver']),
  ]
}
const wanted: Readonly<Record<string, readonly Status[]>> = {
  addToReport: ['reported'],
  reject: ['reported', 'triaged'],
  merge: ['reported', 'triaged'],
  explain: ['triaged', 'listed_pending', 'accepted', 'rectifying', 'deferred'],
  regrade: ['triaged', 'listed_pending', 'accepted', 'rectifying', 'deferred'],
  addEvidence: ['rectifying'],
  sign: ['rectifying'],
  confirmRepair: ['rectifying'],
  extend: ['accepted', 'rectifying'],
  defer: ['accepted', 'rectifying'],
  sendBack: ['listed_pending', 'verified', 'accepted', 'rectifying'],
  veto: ['verifying'],
  reopen: ['closed', 'rejected', 'merged'],
}
const owned: readonly Status[] = ['accepted', 'rectifying', 'deferred', 'submitted', 'verifying', 'verified', 'closed']

/** Sentences that are true of every case at every moment; gives those that are not. */
export const broken = (model: Model, desk: HazardDesk): readonly string[] => {
  const state = desk.state()
  const { workflow } = desk
  const team = (id: string | null | undefined): string | undefined => desk.plant().persons.get(id ?? '')?.team
  const clocks = [...desk.deadlines.keys()].sort()
  const claims: Readonly<Record<string, boolean>> = {
    [`exactly its own clocks run, not ${clocks} for ${clocksFor(model, desk)}`]: isDeepStrictEqual(
      clocks,
      [...clocksFor(model, desk)].sort(),
    ),
    'an ended case is not open, every other is': workflow.open(state) === clockOf[state.status].length > 0,
    'an open case that is not handed in has somebody whose turn it is':
      !workflow.open(state) || ['submitted', 'verifying'].includes(state.status) || workflow.owner(state) !== null,
    [`nobody is asked for what is not wanted: ${[...desk.expected]} in ${state.status}`]: [...desk.expected].every((one) =>
      wanted[one.split(' ')[0] ?? '']?.includes(state.status),
    ),
    'somebody owns what is being rectified': !owned.includes(state.status) || state.owner !== null,
    'the owner is who the model says': state.owner === model.owner,
    'major is red': !model.major || state.colour === null || state.colour === 'red',
    'no verifier is of the owner’s team': !(state.seats ?? []).some(
      ({ verifier }) => state.status === 'verifying' && verifier !== null && team(verifier) === team(state.owner),
    ),
    'nothing is rectified of a listed hazard before its plan is approved':
      state.severity !== 'major' || state.status !== 'rectifying' || model.taken,
    'a major hazard is closed by the principal alone':
      state.status !== 'closed' || state.severity !== 'major' || state.last?.by === 'principal',
    'two extensions at most': (state.extensions ?? []).length <= 2,
    'only its owner waits for more time': state.request === undefined || state.request.by === state.owner,
    'the count of files is bounded': state.files.length <= 30 * (2 + state.returned.length + state.reopened.length),
    'a rest has an interim control': state.status !== 'deferred' || (state.deferral?.interim ?? '') !== '',
  }
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]))
}

/** Sentences that are true of every journal at the end of a game. */
export const forged = (desk: HazardDesk): readonly string[] => {
  const entries = desk.journal()
  const folded = entries.reduce<{ readonly status: string } | null>(
    (so, { event }) => desk.workflow.evolve(so, JSON.parse(String(event))),
    null,
  )
  const claims: Readonly<Record<string, boolean>> = {
    'the fold of the journal is the state': isDeepStrictEqual(
      JSON.parse(JSON.stringify(folded)),
      JSON.parse(JSON.stringify(desk.state())),
    ),
    'the journal is one chain': entries.every(
      (entry, index, all) => entry.seq === index + 1 && (index === 0 || entry.prev === all[index - 1]?.hash),
    ),
  }
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]))
}
