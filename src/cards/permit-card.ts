import { clip } from '../lib/text.ts'
import { expected } from '../workflows/permit/close.ts'
import { rulesOf } from '../workflows/permit/common.ts'
import { gasNow } from '../workflows/permit/gas-now.ts'
import type { PermitState } from '../workflows/permit/permit.ts'
import { pulseAnswer } from '../workflows/permit/watch-times.ts'
import type { Card, Fact, Tone } from './card.ts'
import { offersOf, partOf } from './permit-actions.ts'
import { bodyOf, namesOf } from './permit-body.ts'
import { permitText as text } from './text/permit.ts'
import type { View } from './view.ts'
import { fill, spokenTime } from './words.ts'

const isLeaving = ({ status, endedAt }: PermitState): boolean =>
  endedAt === null && (status === 'expired' || status === 'revoked')

const isAsked = ({ status, attendance }: PermitState, { reader }: View): boolean =>
  status === 'active' && attendance !== null && attendance.asked !== null && attendance.attendant === reader.person

const titleOf = (state: PermitState, view: View): string => {
  const work = text.works[state.work]
  if (isLeaving(state)) return text.titles.countOut
  if (isAsked(state, view)) return text.titles.pulse
  return fill(state.status === 'draft' && state.conflict ? text.titles.conflict : text.titles[state.status], { work })
}

const tones: Readonly<Record<PermitState['status'], Tone>> = {
  ...{ draft: 'info', jsa: 'info', measures: 'info', briefing: 'info', signing: 'warning', issued: 'info', active: 'success' },
  ...{ suspended: 'danger', completed: 'warning', accepted: 'success', rejected: 'neutral', cancelled: 'neutral' },
  ...{ expired: 'neutral', revoked: 'danger' },
}
const toneOf = (state: PermitState, view: View): Tone =>
  isLeaving(state) || isAsked(state, view) || (state.status === 'draft' && state.conflict) ? 'danger' : tones[state.status]

/** What a gas test is worth now: until when it counts, or that it does not. */
const gasOf = (state: PermitState, view: View): string => {
  const verdict = gasNow(state, view.plant, view.at)
  if (verdict.kind === 'invalid') return text.values.gasInvalid
  return verdict.until === null
    ? text.values.gasNotWanted
    : fill(text.values.upTo, { time: spokenTime(verdict.until, view.at, view.plant.timeZone) })
}

const attendantOf = ({ attendance }: PermitState, { plant, at }: View): string => {
  if (!attendance) return text.values.absent
  const time = (instant: string): string => spokenTime(instant, at, plant.timeZone)
  if (attendance.asked !== null) return fill(text.values.asked, { time: time(attendance.asked) })
  return fill(text.values.present, { name: namesOf([attendance.attendant], plant), time: time(attendance.lastSeen) })
}

const levelOf = (state: PermitState, view: View): string => {
  if (!state.level) return ''
  const levels = rulesOf(state, view.plant, view.at)?.rules.levels ?? []
  const name = (id: string): string => levels.find((one) => one.id === id)?.name ?? id
  const { level, upgradedFrom } = state.level
  return upgradedFrom === null || upgradedFrom === level
    ? name(level)
    : fill(text.values.upgraded, { level: name(level), own: name(upgradedFrom) })
}

const placeOf = ({ place }: PermitState, { plant }: View): string => {
  if (!place) return ''
  const area = plant.areas.find(({ id }) => id === place.area)?.name ?? place.area
  return place.point === area ? area : `${area} ${place.point}`
}

const running: ReadonlySet<PermitState['status']> = new Set(['issued', 'active', 'suspended'])

/** At most so many facts: what a small card shows. */
const mostFacts = 6

/** What matters first; empty ones and those that do not concern the state are left out. */
const factsOf = (state: PermitState, view: View): readonly Fact[] => {
  const { period, conflict, status, crew } = state
  const time = (at: string): string => spokenTime(at, view.at, view.plant.timeZone)
  const isRunning = running.has(status)
  const { people, tools } = expected(state)
  const rows: readonly (readonly [keyof typeof text.facts, string])[] = [
    [
      'conflict',
      conflict && state.endedAt === null
        ? fill(text.values.conflict, { other: conflict.with, leader: namesOf([conflict.leader], view.plant) })
        : '',
    ],
    ['count', isLeaving(state) ? fill(text.values.count, { people: String(people), tools: String(tools) }) : ''],
    ['gas', isRunning ? gasOf(state, view) : ''],
    ['attendant', isRunning ? attendantOf(state, view) : namesOf(crew?.attendants ?? [], view.plant)],
    ['until', period && isRunning ? time(period.to) : ''],
    ['time', period && !isRunning ? fill(text.values.span, { from: time(period.from), to: time(period.to) }) : ''],
    ['place', placeOf(state, view)],
    ['level', levelOf(state, view)],
    ['leader', crew ? namesOf([crew.workLeader], view.plant) : ''],
    ['status', text.status[status]],
  ]
  return rows
    .flatMap(([name, value]) => (value === '' ? [] : [{ label: text.facts[name], value: clip(value, 120) }]))
    .slice(0, mostFacts)
}

const noteOf = (state: PermitState, view: View): string => {
  const part = partOf(state, view)
  if (isAsked(state, view) && state.attendance?.asked) {
    const until = new Date(new Date(state.attendance.asked).getTime() + pulseAnswer)
    return fill(text.notes.pulse, { time: spokenTime(until, view.at, view.plant.timeZone) })
  }
  if (state.status === 'draft' && part?.isApplicant) return text.notes.draft
  if (part?.step && part.step.scope !== 'permit') return text.notes.page
  if (state.status === 'signing') return text.notes.signing
  return state.status === 'expired' && state.endedAt !== null ? text.notes.reissue : ''
}

/** A permit as one reader sees it at one revision. Pure: what the rules say of it now is reckoned from the permit, the plant and the instant. */
export const permitCard = (state: PermitState, view: View): Card => {
  const title = titleOf(state, view)
  const { actions, form } = offersOf(state, view)
  return {
    tone: toneOf(state, view),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: bodyOf(state, view),
    pictures: [],
    form,
    actions,
    summary: clip(fill(text.summary, { title, code: state.code, place: placeOf(state, view), what: state.what }), 120),
    page: view.page(text.page),
    note: noteOf(state, view),
  }
}
