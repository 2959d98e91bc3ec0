import type { Colour } from '../../rules/sla.ts'
import { actRow } from '../penalty/protected.ts'
import { todo } from '../pieces.ts'
import type { IndexRow } from '../workflow.ts'
import { isExplainable, missingCauses } from './causes.ts'
import { cohortRows } from './cohort-row.ts'
import { questionOf } from './govern-state.ts'
import type { HazardState } from './hazard.ts'
import { isDevice } from './people.ts'
import { photoRows } from './photo-twins.ts'
import { planIndex } from './plan.ts'
import { decideAt } from './questions.ts'
import { deviceRows } from './raise.ts'
import { awaitedTargets, reachAt } from './reach.ts'
import { repeatRows, sourceRows } from './repeat.ts'
import { awaitsArea, confirmers } from './submit.ts'

/** What a case weighs on boards and maps; our own default. */
const weights: Readonly<Record<Colour, number>> = { red: 8, orange: 4, yellow: 2, blue: 1 }

const titleOf = (state: HazardState): string => (state.texts[0] ?? '').replaceAll('\n', ' ').slice(0, 40)

/** Those who were called since nobody has the case. */
const calledNow = (state: HazardState): readonly string[] =>
  state.called.filter(({ at }) => at >= state.ladderFrom).flatMap(({ persons }) => persons)

type Duty = readonly [persons: readonly (string | null)[], due: string | null]

/**
 * Whose turn it is, by how far the case has come. A verdict is asked for by a subject of its own, save in cases of the first release; while the second
 * signature is awaited the rectifier has nothing to do.
 */
const turns: Readonly<Record<HazardState['status'], (state: HazardState) => Duty>> = {
  reported: (state) => [calledNow(state), state.nextClimb?.at ?? null],
  triaged: (state) => [[state.owner], state.nextClimb?.at ?? state.dueAt],
  listed_pending: (state) => [state.asked?.persons ?? [state.owner], state.asked?.at ?? null],
  accepted: (state) => [[state.owner], state.dueAt],
  rectifying: (state) => [awaitsArea(state) ? confirmers(state) : [state.owner], state.dueAt],
  deferred: (state) => [[state.owner], state.deferral?.until ?? state.dueAt],
  submitted: () => [[], null],
  verifying: (state) => [[state.verifier], state.submittedAt],
  verified: (state) => [state.asked?.persons ?? [], state.asked?.at ?? null],
  closed: () => [[], null],
  rejected: () => [[], null],
  merged: () => [[], null],
}

/** Whoever decides about more time. */
const decides = (state: HazardState): Duty =>
  state.request && questionOf(state) ? [state.asked?.persons ?? [], decideAt(state)?.toISOString() ?? null] : [[], null]

/** Whoever graded the case owes its causes, once somebody has it. */
const explains = (state: HazardState): Duty => {
  const owed = isExplainable(state) && state.status !== 'triaged' && missingCauses(state).length > 0
  return owed && state.triager ? [[state.triager.person], state.dueAt] : [[], null]
}

/** Whoever must read or act on a red one. A verifier learns of a case by its task alone. */
const reads = (state: HazardState): Duty => {
  const judges = state.status === 'verifying' ? (state.seats ?? []).map(({ verifier }) => verifier) : []
  const called = awaitedTargets(state).flatMap((target) => target.called)
  return [called.filter((id) => !judges.includes(id)), reachAt(state)?.toISOString() ?? null]
}

/** Everybody who must act now, once each, with the earliest of what they owe first. */
const todoRows = (state: HazardState): readonly IndexRow[] => {
  const usual = state.dueAt ?? state.reportedAt
  const owed = new Map<string, string>()
  for (const [persons, due] of [turns[state.status](state), decides(state), explains(state), reads(state)])
    for (const id of persons) {
      const at = due ?? usual
      if (id !== null && !((owed.get(id) ?? at) < at)) owed.set(id, at)
    }
  return [...owed].map(([id, due]) => todo(id, { code: state.code, title: titleOf(state), due }))
}

/** An open case as boards find it: by its code, the team that is asked, its area, and the site. */
const openRows = (state: HazardState): readonly IndexRow[] => {
  if (state.closedAt !== null) return []
  const colour = state.colour ?? state.suggestion.colour
  const area = state.area ?? state.suggestion.area
  const { code, status, owner } = state
  const note = JSON.stringify({ code, title: titleOf(state), colour, status, owner, due: state.dueAt })
  const keys = [`code:${code}`, 'site', ...(state.team ? [`team:${state.team}`] : []), ...(area === null ? [] : [`area:${area}`])]
  return keys.map((key) => ({ name: 'open', key, at: state.reportedAt, weight: weights[colour], note }))
}

/** Everything that somebody has reported, by the person once known, else by the account. */
const caseRows = (state: HazardState): readonly IndexRow[] => {
  if (isDevice(state.reporter)) return []
  const { connection, account } = state.reporter.account
  const key = state.reporter.person ?? `${connection}/${account}`
  const note = JSON.stringify({ code: state.code, title: titleOf(state), status: state.status })
  return [{ name: 'case', key, at: state.reportedAt, weight: 1, note }]
}

/** Who brought it to light, as long as the report counts as made in good faith: one that was judged to be none does not. */
const actRows = ({ code, status, reporter, reportedAt }: HazardState): readonly IndexRow[] =>
  reporter.person === null || status === 'rejected' ? [] : [actRow({ code, reporter: reporter.person, at: reportedAt })]

/** Where a hazard is found by what is not its id. */
export const hazardRows = (state: HazardState): readonly IndexRow[] => [
  ...todoRows(state),
  ...openRows(state),
  ...caseRows(state),
  ...actRows(state),
  ...repeatRows(state),
  ...sourceRows(state),
  ...deviceRows(state),
  ...planIndex(state),
  ...cohortRows(state),
  ...photoRows(state),
]
