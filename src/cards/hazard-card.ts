import { clip } from '../lib/text.ts'
import { isRectifying, unanswered } from '../workflows/hazard/clocks.ts'
import type { HazardFile, HazardState } from '../workflows/hazard/hazard.ts'
import { isReporter, mayReopen, mayTriage } from '../workflows/hazard/people.ts'
import { afterPhotos } from '../workflows/hazard/photos.ts'
import type { Action, Card, Fact, FormField, Picture, Tone } from './card.ts'
import { hazardText as text } from './text/hazard.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader is to the case; decides title, buttons and form. First row that holds. */
type Part = 'verify' | 'triage' | 'accept' | 'rectify' | 'mine' | 'watch'

const partOf = (state: HazardState, view: View): Part => {
  const { person } = view.reader
  if (person !== null) {
    if (state.status === 'verifying' && state.verifier === person) return 'verify'
    if (state.status === 'triaged' && state.owner === person) return 'accept'
    if (unanswered(state) && mayTriage(state, person, view.plant)) return 'triage'
    if (state.owner === person && state.closedAt === null) return 'rectify'
  }
  return isReporter(state, view.reader) ? 'mine' : 'watch'
}

const titleOf = (state: HazardState, part: Part): string => {
  if (state.status === 'closed') return text.titles.closed
  if (state.status === 'rejected') return text.titles.rejected
  if (part === 'rectify' && !isRectifying(state)) return text.titles.awaiting
  if (part === 'rectify' && state.overdue > 0) return text.titles.overdue
  return text.titles[part]
}

const toneByColour: Readonly<Record<string, Tone>> = { red: 'danger', orange: 'warning', yellow: 'warning', blue: 'info' }

const toneOf = (state: HazardState): Tone => {
  if (state.status === 'closed') return 'success'
  if (state.status === 'rejected') return 'neutral'
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
    [state.area ? text.facts.area : text.facts.suggestedArea, area(state.area ?? state.suggestion.area)],
    [text.facts.owner, name(state.owner)],
    [text.facts.dueAt, state.dueAt && state.closedAt === null && !unanswered(state) ? time(state.dueAt) : ''],
    [text.facts.verifier, name(state.verifier)],
    [text.facts.returned, returned && state.status === 'rectifying' ? returned.reason : ''],
    [text.facts.closedBy, state.status === 'rejected' ? (state.last?.name ?? '') : ''],
    [text.facts.closing, state.status === 'rejected' ? (state.closing ?? '') : ''],
    [text.facts.reporter, state.reporter.name],
    [text.facts.reportedAt, time(state.reportedAt)],
    [text.facts.place, state.place ? state.place.label || `${state.place.lat.toFixed(5)}, ${state.place.lng.toFixed(5)}` : ''],
    [text.facts.photos, photoWords(state)],
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
  return [...newest('before'), ...newest('after')].map((file) => ({
    image: file.thumbnail ?? '',
    alt: file.stage === 'before' ? '整改前' : '整改后',
  }))
}

/** Everybody who could own the case, the present owner and the likely ones first; ten at most, because that is what the drop-downs of all doors hold. */
const ownerOptions = (state: HazardState, view: View): readonly { value: string; label: string }[] => {
  const { plant } = view
  const area = plant.areas.find(({ id }) => id === state.suggestion.area)
  const ids = [
    state.owner,
    area?.owner,
    view.reader.person,
    ...plant.membersOf(state.team),
    ...plant.areas.map(({ owner }) => owner),
  ]
  const known = [...new Set(ids)].filter(
    (id): id is string => typeof id === 'string' && plant.persons.has(id) && plant.reachable(id),
  )
  return known.slice(0, 10).map((id) => ({ value: id, label: plant.persons.get(id)?.name ?? id }))
}

const triageForm = (state: HazardState, view: View): readonly FormField[] => {
  const area = state.area ?? state.suggestion.area
  const owners = ownerOptions(state, view)
  const owner = owners[0]?.value ?? null
  const likely = view.plant.areas.filter(({ id }) => id === area)
  const areas = [...new Set([...likely, ...view.plant.areas])].slice(0, 10).map(({ id, name }) => ({ value: id, label: name }))
  const colourOptions = Object.entries(text.colours).map(([value, label]) => ({ value, label }))
  return [
    {
      kind: 'choice',
      name: 'area',
      label: text.form.area,
      options: areas,
      initial: likely[0]?.id ?? null,
      required: likely.length > 0,
    },
    {
      kind: 'choice',
      name: 'colour',
      label: text.form.colour,
      options: colourOptions,
      initial: state.colour ?? state.suggestion.colour,
      required: true,
    },
    { kind: 'choice', name: 'owner', label: text.form.owner, options: owners, initial: owner, required: true },
  ]
}

const formOf = (state: HazardState, part: Part, view: View): readonly FormField[] => {
  if (part === 'triage') return triageForm(state, view)
  if (part === 'verify')
    return [{ kind: 'text', name: 'reason', label: text.form.reason, multiline: true, longest: 200, required: false }]
  return []
}

const actionsOf = (state: HazardState, part: Part, view: View): readonly Action[] => {
  const button = buttons('hazard', text.actions, view)
  const triage = button('triage', 'default', { needsForm: true })
  const reject = button('reject', 'danger', { confirm: text.confirm.reject })
  if (part === 'triage') return state.status === 'reported' ? [button('accept', 'primary'), triage, reject] : [triage, reject]
  if (part === 'accept') return [button('accept', 'primary')]
  if (part === 'verify') return [...(afterPhotos(state) > 0 ? [button('pass', 'primary')] : []), button('veto', 'danger')]
  if (part === 'rectify' && isRectifying(state))
    return afterPhotos(state) > 0 ? [button('submit', 'primary'), button('startRectify')] : [button('startRectify', 'primary')]
  if (state.closedAt !== null && mayReopen(state, view.reader, view.plant)) return [button('reopen')]
  return []
}

const noteOf = (state: HazardState, part: Part, view: View): string => {
  const time = (at: string): string => spokenTime(at, view.at, view.plant.timeZone)
  if (unanswered(state) && state.nextClimb) {
    const role = text.roles[state.nextClimb.role as keyof typeof text.roles] ?? state.nextClimb.role
    const climb = fill(text.notes.climb, { time: time(state.nextClimb.at), role })
    return part === 'mine' && state.status === 'reported' ? `${text.notes.reported}；${climb}` : climb
  }
  if (part === 'verify') return afterPhotos(state) > 0 ? text.notes.verdict : text.notes.noProof
  if (part === 'rectify' && state.dueAt && isRectifying(state)) return fill(text.notes.due, { time: time(state.dueAt) })
  return ''
}

const bodyWithoutWords = (state: HazardState): string =>
  state.files.some(({ kind }) => kind === 'photo' || kind === 'file') ? text.noText : text.noWords

/** The hazard as one reader sees it at one revision. Pure. */
export const hazardCard = (state: HazardState, view: View): Card => {
  const part = partOf(state, view)
  const title = titleOf(state, part)
  const words = state.texts.join('\n')
  return {
    tone: toneOf(state),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: words === '' ? bodyWithoutWords(state) : clip(words, 600),
    pictures: picturesOf(state),
    form: formOf(state, part, view),
    actions: actionsOf(state, part, view),
    summary: clip(`${title} ${state.code} ${words.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: noteOf(state, part, view),
  }
}
