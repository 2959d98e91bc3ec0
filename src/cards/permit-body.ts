import { clip } from '../lib/text.ts'
import { rulesOf } from '../workflows/permit/common.ts'
import { seenConditions } from '../workflows/permit/gate.ts'
import type { Condition, IsolationPoint, PermitState } from '../workflows/permit/permit.ts'
import { analysisOf, openLines, unbriefed } from '../workflows/permit/prepare.ts'
import { isBarred, signersOf } from '../workflows/permit/sign.ts'
import { levelFor, missingFields } from '../workflows/permit/submit.ts'
import type { Plant } from '../workflows/workflow.ts'
import { permitText as text } from './text/permit.ts'
import { certificateWords, gateWords } from './text/permit-refusals.ts'
import type { View } from './view.ts'
import { fill, speakValues, spokenTime, wordValues } from './words.ts'

type Lines = (state: PermitState, view: View) => readonly string[]

export const namesOf = (ids: readonly string[], plant: Plant): string =>
  ids.map((id) => plant.persons.get(id)?.name ?? id).join('、')

const some = (line: string, isSaid: boolean): readonly string[] => (isSaid ? [line] : [])

/** A condition of the gate that does not hold, in words. */
const conditionWords = (because: string, values: Condition['values'], { at, plant }: View): string => {
  const words = because.startsWith('certificate-') ? certificateWords[because.slice('certificate-'.length)] : gateWords[because]
  return fill(words ?? because, speakValues(wordValues(values, text.terms), at, plant.timeZone))
}

/** Why work was stopped, as `detailOf` of the watch has kept it: a key of words and its values; anything else is what a person or device said. */
const detailWords = (detail: string, view: View): string => {
  const [because = '', ...rest] = detail.split('\n')
  if (!Object.hasOwn(gateWords, because) && !because.startsWith('certificate-')) return clip(detail, 200)
  const values = Object.fromEntries(rest.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  return conditionWords(because, values, view)
}

/** The level that the answers give now, with its reason, or what is still to be answered. */
const levelLine = (state: PermitState, view: View): string => {
  const found = rulesOf(state, view.plant, view.at)
  if (!found) return gateWords['no-rules'] ?? ''
  const level = levelFor(found, state)
  if ('kind' in level) {
    const { questions = '', reason = '', work = '' } = level.values
    return questions === ''
      ? fill(text.body.levelNone, { reason: reason || work })
      : fill(text.body.levelOpen, { questions: clip(questions, 300) })
  }
  const name = found.rules.levels.find(({ id }) => id === level.level)?.name ?? level.level
  return fill(text.body.level, { level: name, reason: level.reason, clause: level.clause })
}

const draft: Lines = (state, view) => {
  const missing = missingFields(state)
  const named = missing.map((field) => text.terms[field] ?? field).join('、')
  return [
    ...conflictLine(state, view),
    missing.length > 0 ? fill(text.body.missing, { fields: named }) : text.body.whole,
    levelLine(state, view),
  ]
}

const conflictLine: Lines = ({ conflict, endedAt }, { plant }) =>
  conflict && endedAt === null
    ? [fill(text.body.conflict, { other: conflict.with, leader: namesOf([conflict.leader], plant), rule: conflict.rule })]
    : []

const decided: Lines = (state, view) => {
  if (!state.level) return []
  const rules = rulesOf(state, view.plant, view.at)?.rules
  const level = rules?.levels.find(({ id }) => id === state.level?.level)?.name ?? state.level.level
  return [fill(text.body.level, { level, reason: state.level.reason, clause: state.level.clause })]
}

/** What whoever signs should know of the place. */
const around: Lines = ({ around: seen }) =>
  seen ? [fill(text.body.around, Object.fromEntries(Object.entries(seen).map(([name, count]) => [name, String(count)])))] : []

const jsa: Lines = (state, view) => [
  ...analysisOf(state).map((one, index) => fill(text.body.jsaStep, { index: String(index + 1), ...one })),
  ...decided(state, view),
]

const isolationState = ({ photo, tried }: IsolationPoint): string =>
  text.body.isolationStates[tried !== null ? 'done' : photo === null ? 'photo' : 'trial']

const measures: Lines = (state, view) => {
  const rules = rulesOf(state, view.plant, view.at)?.rules
  const open = rules ? openLines(rules, state) : []
  const [line] = open
  return [
    ...(line ? [fill(text.body.line, { line: line.text, clause: line.clause })] : []),
    ...(line?.asks ? [fill(text.body.asks, line.asks)] : []),
    ...some(fill(text.body.oneByOne, { count: String(open.length) }), open.length > 0),
    ...state.isolations.map((one) =>
      fill(text.body.isolation, { point: one.what, kind: text.isolationKinds[one.kind], state: isolationState(one) }),
    ),
  ]
}

const briefing: Lines = (state, view) => {
  const waiting = unbriefed(state)
  if (state.briefing === null) return [text.body.brief, ...jsa(state, view)]
  return some(fill(text.body.receivers, { names: namesOf(waiting, view.plant) }), waiting.length > 0)
}

/** The chain in order: who has signed and when, who is asked now, what comes later. */
const chain: Lines = (state, { plant, at }) => {
  const kinds = state.status === 'completed' ? ['acceptance'] : ['confirm', 'review', 'countersign', 'approve', 'beforeStart']
  const now = state.chain.find(({ id, kind }) => kinds.includes(kind) && !state.signatures.some(({ node }) => node === id))
  return state.chain.map((step) => {
    const signature = state.signatures.find(({ node }) => node === step.id)
    if (signature) {
      const time = spokenTime(signature.at, at, plant.timeZone)
      return fill(text.body.signed, { node: step.label, name: namesOf([signature.by], plant), time })
    }
    if (step.id !== now?.id) return fill(text.body.open, { node: step.label })
    const asked = signersOf(step, state, plant).filter((id) => isBarred(step, state, id) === null)
    return fill(text.body.asked, { node: step.label, names: namesOf(asked, plant) })
  })
}

/** Each condition of the gate that the permit tells by itself, what is open first; the rest is judged at the press. */
const gate: Lines = (state, view) => {
  const conditions = seenConditions(state, view)
  const open = conditions.filter(({ holds }) => !holds)
  const labels: Readonly<Record<string, string>> = text.conditions
  const held = conditions.filter(({ holds }) => holds).map(({ id }) => labels[id] ?? id)
  return [
    ...open.map(({ because, values, clause }) =>
      fill(text.body.broken, { words: conditionWords(because, values, view), clause }),
    ),
    ...some(fill(text.body.holds, { condition: held.join('、') }), held.length > 0),
    text.body.pressed,
  ]
}

const stopped: Lines = (state, view) => {
  const last = state.suspensions.at(-1)
  if (!last) return []
  const reason = text.reasons[last.because]
  const by = last.by === null ? '' : namesOf([last.by], view.plant)
  const detail = [by, last.detail === '' ? '' : detailWords(last.detail, view)].filter((one) => one !== '').join('：')
  return [fill(text.body.stopped, { reason, detail }), ...some(text.body.final, last.final)]
}

const ended: Lines = ({ ending }) => some(fill(text.body.ended, { reason: ending ?? '' }), (ending ?? '') !== '')

const leaving: Lines = (state, view) => [
  ...some(text.body.countOut, state.endedAt === null),
  ...ended(state, view),
  ...conflictLine(state, view),
]

const byStatus: Readonly<Record<PermitState['status'], Lines>> = {
  draft,
  jsa,
  measures: (state, view) => [...measures(state, view), ...conflictLine(state, view)],
  briefing,
  signing: (state, view) => [
    ...conflictLine(state, view),
    ...around(state, view),
    ...chain(state, view),
    ...decided(state, view),
  ],
  issued: (state, view) => [...conflictLine(state, view), ...gate(state, view), ...chain(state, view)],
  active: (state, view) => [text.body.stopRight, ...conflictLine(state, view), ...decided(state, view)],
  suspended: (state, view) => [...stopped(state, view), ...gate(state, view)],
  completed: (state, view) => [...chain(state, view), ...decided(state, view)],
  accepted: (state, view) => [...decided(state, view)],
  rejected: ended,
  cancelled: ended,
  expired: leaving,
  revoked: leaving,
}

/** What a permit says in words, most important first: cards cut the end, the page has it whole. */
export const bodyOf = (state: PermitState, view: View): string =>
  [
    ...byStatus[state.status](state, view),
    ...some(fill(text.body.what, { what: clip(state.what, 300) }), state.what !== ''),
    ...some(
      fill(text.body.unreachable, { names: namesOf(state.unreached, view.plant) }),
      state.unreached.length > 0 && state.endedAt === null,
    ),
  ].join('\n')
