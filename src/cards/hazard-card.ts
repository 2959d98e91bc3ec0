import { clip } from '../lib/text.ts'
import { isRectifying } from '../workflows/hazard/clocks.ts'
import { equipmentName, equipmentNow } from '../workflows/hazard/equipment.ts'
import { standardOf } from '../workflows/hazard/grade.ts'
import type { HazardFile, HazardState } from '../workflows/hazard/hazard.ts'
import { nextPenalty } from '../workflows/hazard/overdue.ts'
import { isDevice, isReporter, isTurnedAway, mayReopen, mayTriage } from '../workflows/hazard/people.ts'
import { afterPhotos } from '../workflows/hazard/photos.ts'
import { isAwaited } from '../workflows/hazard/reach.ts'
import { nextRungOf, unanswered } from '../workflows/hazard/start.ts'
import type { Action, Card, Fact, Picture, Tone } from './card.ts'
import { formOf } from './hazard-form.ts'
import {
  causeNote,
  type GovernPart,
  governActions,
  governFacts,
  governNote,
  governPart,
  governSide,
  governTitle,
  gradeFacts,
  ownerActions,
  treatmentFacts,
} from './hazard-govern-card.ts'
import {
  isNameless,
  isSealed,
  mayConfirm,
  missingWords,
  rectifyActions,
  sealedCard,
  verifierWords,
  withoutNames,
} from './hazard-proof-card.ts'
import { hazardText as text } from './text/hazard.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader is to the case; decides title, buttons and form. First row that holds. */
type Part = 'verify' | 'triage' | 'accept' | 'rectify' | 'confirm' | 'reach' | 'mine' | 'watch' | GovernPart

const partOf = (state: HazardState, view: View): Part => {
  const { person } = view.reader
  if (person !== null) {
    if (state.status === 'verifying' && state.verifier === person) return 'verify'
    if (state.status === 'triaged' && state.owner === person) return 'accept'
    if (unanswered(state) && mayTriage(state, person, view.plant)) return 'triage'
    const turn = governPart(state, view)
    if (turn) return turn
    if (state.owner === person && state.closedAt === null) return 'rectify'
    if (mayConfirm(state, person)) return 'confirm'
    if (isAwaited(state, person)) return 'reach'
    const side = governSide(state, view)
    if (side) return side
  }
  return isReporter(state, view.reader) ? 'mine' : 'watch'
}

const titleOf = (state: HazardState, part: Part): string => {
  if (state.status === 'closed') return text.titles.closed
  if (state.status === 'rejected') return text.titles.rejected
  const own = governTitle(state, part)
  if (own !== null) return own
  if (part === 'rectify' && !isRectifying(state)) return text.titles.awaiting
  if (part === 'rectify' && state.overdue > 0) return text.titles.overdue
  return text.titles[part as keyof typeof text.titles]
}

const toneByColour: Readonly<Record<string, Tone>> = { red: 'danger', orange: 'warning', yellow: 'warning', blue: 'info' }

const toneOf = (state: HazardState): Tone => {
  if (state.status === 'closed' || state.merged?.result?.ending === 'closed') return 'success'
  if (state.status === 'rejected' || state.status === 'merged') return 'neutral'
  if (state.status === 'listed_pending') return 'danger'
  if ((unanswered(state) && state.rung > 0) || state.overdue > 0) return 'danger'
  return unanswered(state) ? (toneByColour[state.colour ?? state.suggestion.colour] ?? 'warning') : 'info'
}

const factsOf = (state: HazardState, view: View): readonly Fact[] => {
  const { plant, at } = view
  const time = (instant: string): string => spokenTime(instant, at, plant.timeZone)
  const name = (id: string | null): string => (id ? (plant.persons.get(id)?.name ?? id) : '')
  const area = (id: string | null): string => plant.areas.find((one) => one.id === id)?.name ?? ''
  const returned = state.returned[state.returned.length - 1]
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [state.colour ? text.facts.colour : text.facts.suggestedColour, text.colours[state.colour ?? state.suggestion.colour]],
    ...gradeFacts(state),
    [state.area ? text.facts.area : text.facts.suggestedArea, area(state.area ?? state.suggestion.area)],
    [text.facts.equipment, equipmentName(equipmentNow(state), plant)],
    [text.facts.owner, name(state.owner)],
    [text.facts.dueAt, state.dueAt && state.closedAt === null && !unanswered(state) ? time(state.dueAt) : ''],
    ...governFacts(state, view),
    [text.facts.verifier, verifierWords(state)],
    [text.facts.returned, returned && state.status === 'rectifying' ? returned.reason : ''],
    [text.facts.closedBy, isTurnedAway(state) ? (state.last?.name ?? '') : ''],
    [text.facts.closing, isTurnedAway(state) ? (state.closing ?? '') : ''],
    [isDevice(state.reporter) ? text.facts.source : text.facts.reporter, state.reporter.name],
    [
      text.facts.alarms,
      state.alarms ? fill(text.alarmed, { count: String(state.alarms.count), time: time(state.alarms.at) }) : '',
    ],
    [text.facts.reportedAt, time(state.reportedAt)],
    [text.facts.place, state.place ? state.place.label || `${state.place.lat.toFixed(5)}, ${state.place.lng.toFixed(5)}` : ''],
    [text.facts.photos, photoWords(state)],
    ...treatmentFacts(state, view),
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

/** Photos that are not on the card yet, so that nobody takes a missing picture for a missing photo. */
const photoWords = (state: HazardState): string => {
  const count = (of: HazardFile['state']): number => state.files.filter((file) => file.state === of).length
  const parts = (['fetching', 'refused', 'lost'] as const)
    .filter((of) => count(of) > 0)
    .map((of) => `${count(of)} 张${text.photoState[of]}`)
  return parts.join('，')
}

const picturesOf = (state: HazardState): readonly Picture[] => {
  const stored = state.files.filter((file) => file.thumbnail !== null)
  const newest = (stage: HazardFile['stage']): readonly HazardFile[] => stored.filter((file) => file.stage === stage).slice(-2)
  return [...newest('before'), ...newest('during').slice(-1), ...newest('after')].map((file) => ({
    image: file.thumbnail ?? '',
    alt: text.stages[file.stage],
  }))
}

/** Nothing else is owed: these are the buttons to press. */
const first = (actions: readonly Action[]): readonly Action[] => actions.map((one) => ({ ...one, style: 'primary' as const }))

const actionsOf = (state: HazardState, part: Part, view: View): readonly Action[] => {
  const button = buttons('hazard', text.actions, view)
  const known = view.reader.person !== null && isAwaited(state, view.reader.person) ? [button('acknowledge')] : []
  const triage = button('triage', 'default', { needsForm: true })
  const reject = button('reject', 'danger', { confirm: text.confirm.reject })
  if (part === 'triage')
    return [
      ...(state.status === 'reported' ? [button('accept', 'primary'), ...known] : first(known)),
      triage,
      reject,
      button('merge'),
    ]
  if (part === 'reach') return first(known)
  if (part === 'accept') return [button('accept', 'primary')]
  if (part === 'verify') return [...(afterPhotos(state) > 0 ? [button('pass', 'primary')] : []), button('veto', 'danger')]
  if (part === 'confirm') return [button('confirmRepair', 'primary')]
  const own = governActions(state, part, view, button)
  if (own) return part === 'plan' || part === 'decide' ? [...own, ...known] : own
  if (part === 'rectify' && isRectifying(state)) return [...rectifyActions(state, button), ...ownerActions(state, view, button)]
  if (state.closedAt !== null && mayReopen(state, view.reader, view.plant)) return [button('reopen')]
  return []
}

const noteOf = (state: HazardState, part: Part, view: View): string => {
  const time = (at: string): string => spokenTime(at, view.at, view.plant.timeZone)
  const own = governNote(state, part, view)
  if (own !== '') return own
  const next = nextRungOf(state, view.plant)
  if (next) {
    const role = text.roles[next.role as keyof typeof text.roles] ?? next.role
    const words = unanswered(state) ? text.notes.climb : text.notes.start
    const climb = fill(words, { time: time(next.at.toISOString()), role })
    return part === 'mine' && state.status === 'reported' ? `${text.notes.reported}；${climb}` : climb
  }
  if (part === 'verify') return afterPhotos(state) > 0 ? text.notes.verdict : text.notes.noProof
  if (part === 'rectify' && state.dueAt && isRectifying(state))
    return `${dueNote(state, state.dueAt, view)}${missingWords(state)}${causeNote(state)}`
  return ''
}

/** Until when; once overdue, which card is next. */
const dueNote = (state: HazardState, dueAt: string, { at, plant }: View): string => {
  const penalty = state.overdue > 0 ? nextPenalty(state) : null
  if (!penalty) return fill(text.notes.due, { time: spokenTime(dueAt, at, plant.timeZone) })
  return fill(text.notes[`${penalty.colour}Card`], { time: spokenTime(penalty.at, at, plant.timeZone) })
}

const bodyWithoutWords = (state: HazardState): string =>
  state.files.some(({ kind }) => kind === 'photo' || kind === 'file') ? text.noText : text.noWords

/** On the work order, what the repair must look like. */
const standardFor = (state: HazardState, part: Part): readonly string[] =>
  part === 'accept' || (part === 'rectify' && isRectifying(state)) ? [fill(text.standard, { words: standardOf(state) })] : []

/** The hazard as one reader sees it at one revision. Pure. */
export const hazardCard = (state: HazardState, view: View): Card => {
  if (isSealed(state, view)) return sealedCard(state)
  const card = wholeCard(state, view)
  return isNameless(state, view) ? withoutNames(card, state, view) : card
}

const wholeCard = (state: HazardState, view: View): Card => {
  const part = partOf(state, view)
  const title = titleOf(state, part)
  const words = state.texts.join('\n')
  return {
    tone: toneOf(state),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: [words === '' ? bodyWithoutWords(state) : clip(words, 600), ...standardFor(state, part)].join('\n'),
    pictures: picturesOf(state),
    form: formOf(state, part, view),
    actions: actionsOf(state, part, view),
    summary: clip(`${title} ${state.code} ${words.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: noteOf(state, part, view),
  }
}
