import type { Colour } from '../../rules/sla.ts'
import { actRow } from '../penalty/protected.ts'
import { todo } from '../pieces.ts'
import type { IndexRow } from '../workflow.ts'
import { missingCauses } from './causes.ts'
import { questionOf } from './govern-state.ts'
import type { HazardState } from './hazard.ts'
import { isDevice } from './people.ts'
import { planIndex } from './plan.ts'
import { deviceRows } from './raise.ts'
import { repeatRows, sourceRows } from './repeat.ts'

/** What a case weighs on boards and maps; our own default. */
const weights: Readonly<Record<Colour, number>> = { red: 8, orange: 4, yellow: 2, blue: 1 }

const titleOf = (state: HazardState): string => (state.texts[0] ?? '').replaceAll('\n', ' ').slice(0, 40)

/** Those who were called since nobody has the case. */
const calledNow = (state: HazardState): readonly string[] =>
  state.called.filter(({ at }) => at >= state.ladderFrom).flatMap(({ persons }) => persons)

type Duty = readonly [persons: readonly (string | null)[], due: string | null]

/** Whose turn it is, by how far the case has come. A verdict is asked for by a subject of its own, save in cases of the first release. */
const turns: Readonly<Record<HazardState['status'], (state: HazardState) => Duty>> = {
  reported: (state) => [calledNow(state), state.nextClimb?.at ?? null],
  triaged: (state) => [[state.owner], state.nextClimb?.at ?? state.dueAt],
  listed_pending: (state) => [state.asked?.persons ?? [state.owner], state.asked?.at ?? null],
  accepted: (state) => [[state.owner], state.dueAt],
  rectifying: (state) => [[state.owner, ...(state.confirming ?? [])], state.dueAt],
  deferred: (state) => [[state.owner], state.deferral?.until ?? state.dueAt],
  submitted: () => [[], null],
  verifying: (state) => [[state.verifier], state.submittedAt],
  verified: (state) => [state.asked?.persons ?? [], state.asked?.at ?? null],
  closed: () => [[], null],
  rejected: () => [[], null],
  merged: () => [[], null],
}

/** Everybody who must act now, once each. */
const todoRows = (state: HazardState): readonly IndexRow[] => {
  const [persons, due] = turns[state.status](state)
  const decides = state.request && questionOf(state) ? (state.asked?.persons ?? []) : []
  const explains = state.closedAt === null && missingCauses(state).length > 0 && state.triager ? [state.triager.person] : []
  const all = new Set([...persons, ...decides, ...explains].filter((id): id is string => id !== null))
  const about = { code: state.code, title: titleOf(state), due: due ?? state.dueAt ?? state.reportedAt }
  return [...all].map((id) => todo(id, about))
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
]
