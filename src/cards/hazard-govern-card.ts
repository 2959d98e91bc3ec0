import { causeItems, isExplainable, mayExplain, missingCauses, namesOf } from '../workflows/hazard/causes.ts'
import { canAsk } from '../workflows/hazard/extend.ts'
import type { QuestionKind } from '../workflows/hazard/govern.ts'
import { questionOf } from '../workflows/hazard/govern-state.ts'
import { criteria, mayRegrade } from '../workflows/hazard/grade.ts'
import { mayHandOver, takeOverAt } from '../workflows/hazard/hand-over.ts'
import type { HazardState } from '../workflows/hazard/hazard.ts'
import { fixesOf, mayPropose } from '../workflows/hazard/major.ts'
import { mayDecide } from '../workflows/hazard/questions.ts'
import type { Action } from './card.ts'
import { governText as text } from './text/hazard-govern.ts'
import type { View } from './view.ts'
import { fill, spokenTime } from './words.ts'

type Button = (command: string, style?: Action['style'], more?: Partial<Action>) => Action

/** What a reader is to the treatment of a case. */
export type GovernPart = 'takeOver' | 'decide' | 'plan' | 'explain' | 'charge'

/** First row that holds, for readers with a turn of their own; null for everybody else. */
export const governPart = (state: HazardState, { reader, plant }: View): GovernPart | null => {
  const { person } = reader
  if (person === null) return null
  if (state.handover?.to === person) return 'takeOver'
  if (mayDecide(state, person, plant)) return 'decide'
  return mayPropose(state, person, plant) ? 'plan' : null
}

/** Who is asked for the causes: whoever graded the case, and everybody who may when that one cannot be reached. */
const isAskedWhy = (state: HazardState, person: string, { plant }: View): boolean => {
  const triager = state.triager?.person
  const isGone = triager === undefined || !plant.reachable(triager)
  return missingCauses(state).length > 0 && mayExplain(state, person, plant) && (person === triager || isGone)
}

/** Parts that stand behind those of the case itself. */
export const governSide = (state: HazardState, view: View): GovernPart | null => {
  const { person } = view.reader
  if (person === null) return null
  if (isAskedWhy(state, person, view)) return 'explain'
  return mayHandOver(state, person, view.plant) ? 'charge' : null
}

const decideTitle: Readonly<Record<QuestionKind, string>> = {
  proposal: text.titles.plan,
  plan: text.titles.decidePlan,
  signOff: text.titles.decideSignOff,
  deferral: text.titles.decideDeferral,
  extension: text.titles.decideExtension,
}

const mergedTitles = { open: text.titles.merged, closed: text.titles.mergedClosed, rejected: text.titles.mergedRejected } as const

/** What became of the case that this report is told with; empty while it goes on. */
const resultWords = ({ merged }: HazardState, time: (at: string) => string): string => {
  const result = merged?.result
  return result ? fill(text.results[result.ending], { time: time(result.at), reason: result.reason }) : ''
}

/** The title where the treatment has one of its own. */
export const governTitle = (state: HazardState, part: string): string | null => {
  const question = questionOf(state)
  if (state.status === 'merged') return mergedTitles[state.merged?.result?.ending ?? 'open']
  if (part === 'decide' && question) return decideTitle[question]
  if (part === 'plan') return question === 'proposal' ? text.titles.plan : text.titles.planned
  if (part === 'takeOver' || part === 'explain' || part === 'charge') return text.titles[part]
  if (part !== 'rectify') return null
  if (state.status === 'deferred') return text.titles.deferred
  return state.status === 'verified' ? text.titles.signing : null
}

const numerals = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十']

/** `62 天内第 3 次；上次整改曾被退回一次`; empty for a hazard that repeats none. */
export const repeatWords = ({ repeat }: Pick<HazardState, 'repeat'>): string => {
  if (!repeat) return ''
  const { days, count, returned } = repeat
  const again = fill(text.repeated, { days: String(days), count: String(count) })
  return returned > 0 ? `${again}${fill(text.repeatReturned, { times: numerals[returned] ?? String(returned) })}` : again
}

const severityWords = (state: HazardState): string => {
  if (state.severity !== 'major') return ''
  const found = criteria.find(({ id }) => id === state.basis)
  return found ? `${text.severities.major}（${found.standard}）` : text.severities.major
}

/** Facts that matter as much as the colour: legal grade and repetition. */
export const gradeFacts = (state: HazardState): readonly (readonly [string, string])[] => [
  [text.facts.severity, severityWords(state)],
  [text.facts.repeat, repeatWords(state)],
]

const requestWords = (state: HazardState, time: (at: string) => string): string => {
  const { request } = state
  if (!request || questionOf(state) !== request.kind) return ''
  const words = fill(text.requested[request.kind], { time: time(request.until), reason: request.reason })
  return request.interim === '' ? words : `${words}${fill(text.requestInterim, { interim: request.interim })}`
}

const extensionWords = ({ extensions = [] }: HazardState, time: (at: string) => string): string => {
  const [first] = extensions
  return first ? fill(text.extendedTimes, { count: String(extensions.length), time: time(first.from) }) : ''
}

type Row = readonly [label: string, value: string]
const timeIn =
  ({ plant, at }: View) =>
  (instant: string): string =>
    spokenTime(instant, at, plant.timeZone)

/** The five fixes; those of a plan say everything, those of a general hazard the measure. */
const fixRows = (state: HazardState, view: View): readonly Row[] => {
  const { plan } = state
  return [
    [text.facts.measure, fixesOf(state)?.measure ?? ''],
    [text.facts.funding, plan?.funding ?? ''],
    [text.facts.planDue, plan && !plan.approved ? timeIn(view)(plan.deadline) : ''],
    [text.facts.contingency, plan?.contingency ?? ''],
  ]
}

/** Is the plan what the card is about now? */
const isPlanned = ({ status }: HazardState): boolean => status === 'listed_pending' || status === 'verified'

/** What is asked for, what keeps people safe meanwhile, and the plan while it waits for its approval. */
export const governFacts = (state: HazardState, view: View): readonly Row[] => {
  const { deferral } = state
  const time = timeIn(view)
  return [
    [text.facts.request, requestWords(state, time)],
    [text.facts.until, deferral ? time(deferral.until) : ''],
    [text.facts.interim, deferral?.interim ?? ''],
    [text.facts.planReturned, state.status === 'listed_pending' && !state.plan ? (state.planReturned ?? '') : ''],
    ...(isPlanned(state) ? fixRows(state, view) : []),
    [text.facts.mergedInto, state.merged?.code ?? ''],
    [text.facts.result, resultWords(state, time)],
  ]
}

/** What a page has room for besides: measure, causes, and what became of term, place and other reports. */
export const treatmentFacts = (state: HazardState, view: View): readonly Row[] => [
  ...(isPlanned(state) ? [] : fixRows(state, view)),
  ...causeItems.map((item): Row => [text.facts[item], state.causes?.[item] ?? '']),
  [text.facts.extended, extensionWords(state, timeIn(view))],
  [text.facts.absorbed, (state.absorbed ?? []).join('、')],
  [text.facts.source, state.source ? fill(text.sourceCount, { count: String(state.source.count) }) : ''],
]

/** Buttons of the owner besides evidence: what is missing before anything can be handed in, and more time while it can be asked for. */
export const ownerActions = (state: HazardState, view: View, button: Button): readonly Action[] => {
  const { person } = view.reader
  const explains = person !== null && missingCauses(state).length > 0 && mayExplain(state, person, view.plant)
  return [
    ...(explains ? [button('explain', 'primary')] : []),
    ...(canAsk(state, 'extend', view.at) ? [button('extend')] : []),
    ...(canAsk(state, 'defer', view.at) ? [button('defer')] : []),
  ]
}

/** Buttons of a part; null where the case itself says them. */
export const governActions = (state: HazardState, part: string, view: View, button: Button): readonly Action[] | null => {
  const { person } = view.reader
  const regrade = person !== null && mayRegrade(state, person, view.plant) ? [button('regrade')] : []
  switch (part) {
    case 'takeOver':
      return [button('takeOver', 'primary')]
    case 'decide':
      return [
        button('approve', 'primary', questionOf(state) === 'signOff' ? { label: text.signOff } : {}),
        button('sendBack', 'danger'),
        ...regrade,
      ]
    case 'plan':
      return [button('proposePlan', 'primary', { needsForm: true }), ...regrade]
    case 'explain':
      return [button('explain', 'primary'), ...regrade]
    case 'charge':
      return [button('handOver', 'default', { needsForm: true }), ...regrade]
    case 'watch':
    case 'mine':
      return regrade.length > 0 && state.closedAt === null ? regrade : null
    case 'rectify':
      return state.status === 'deferred' ? [button('resume', 'primary')] : null
    default:
      return null
  }
}

/** The foot of the card, where the treatment has something to say. */
export const governNote = (state: HazardState, part: string, view: View): string => {
  const time = (at: string | Date): string => spokenTime(at, view.at, view.plant.timeZone)
  const takeOver = takeOverAt(state)
  if (part === 'takeOver' && takeOver) return fill(text.notes.takeOver, { time: time(takeOver) })
  if (state.status === 'listed_pending') return text.notes.listed
  if (state.status === 'verified') return text.notes.signing
  if (state.status === 'deferred' && state.deferral) return fill(text.notes.deferred, { time: time(state.deferral.until) })
  if (part !== 'rectify') return ''
  if (state.request && state.dueAt && questionOf(state) === state.request.kind)
    return fill(text.notes.pending, { kind: text.notes.kinds[state.request.kind], time: time(state.dueAt) })
  return ''
}

/** What is missing of the causes, for the foot of the owner's card. */
export const causeNote = (state: HazardState): string => {
  const missing = isExplainable(state) ? missingCauses(state) : []
  if (missing.length === 0) return ''
  return `；${fill(text.notes.causes, { name: state.triager?.name ?? '', missing: namesOf(missing) })}`
}
