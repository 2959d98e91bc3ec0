import { clip } from '../lib/text.ts'
import { leadsFor, likelyImplementers, mayDecide } from '../workflows/suggestion/people.ts'
import type { SuggestionState } from '../workflows/suggestion/suggestion.ts'
import { isSuggester } from '../workflows/suggestion/workflow.ts'
import type { Action, Card, Fact, FormField, Tone } from './card.ts'
import { suggestionText as text } from './text/suggestion.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader is to the suggestion; decides title, buttons and form. First row that holds. */
type Part = 'implement' | 'decide' | 'endorse' | 'replace' | 'mine' | 'watch'

const partOf = (state: SuggestionState, { reader, plant }: View): Part => {
  const { person } = reader
  if (person !== null && state.endedAt === null) {
    if (state.status === 'approved' && person === state.implementer) return 'implement'
    if (state.decided === null && mayDecide(state, person, plant)) return 'decide'
    if (state.status === 'proposed' && (state.asked.includes(person) || leadsFor(state, plant).includes(person))) return 'endorse'
    if (state.status === 'approved' && mayDecide(state, person, plant)) return 'replace'
  }
  return isSuggester(state, reader) ? 'mine' : 'watch'
}

const titleOf = ({ status, overdue }: SuggestionState, part: Part): string => {
  if (status === 'implemented' || status === 'declined') return text.titles[status]
  if (status === 'approved' && overdue > 0 && part !== 'mine') return text.titles.overdue
  if (status === 'approved' && part !== 'implement') return text.titles.approved
  return part === 'replace' ? text.titles.watch : text.titles[part]
}

const tones: Readonly<Record<SuggestionState['status'], Tone>> = {
  proposed: 'info',
  forwarded: 'info',
  approved: 'success',
  declined: 'neutral',
  implemented: 'success',
}
const toneOf = ({ status, overdue, progress }: SuggestionState, part: Part): Tone => {
  if (status === 'approved' && overdue > 0) return 'danger'
  if (part === 'decide' && progress > 0) return 'danger'
  return part === 'implement' || part === 'decide' || part === 'endorse' ? 'warning' : tones[status]
}

const factsOf = (state: SuggestionState, view: View): readonly Fact[] => {
  const { plant, at } = view
  const time = (instant: string | null): string => (instant === null ? '' : spokenTime(instant, at, plant.timeZone))
  const names = (ids: readonly (string | null | undefined)[]): string =>
    ids.flatMap((id) => (id ? [plant.persons.get(id)?.name ?? id] : [])).join('、')
  const { suggester } = state
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [text.facts.reason, state.decided?.reason ?? ''],
    [text.facts.note, state.note ?? ''],
    [text.facts.implementer, names([state.implementer])],
    [text.facts.dueAt, state.endedAt === null ? time(state.dueAt) : ''],
    [text.facts.asked, state.decided === null ? names(state.asked) : ''],
    [text.facts.suggester, suggester.person === null ? fill(text.unlinked, { name: suggester.name }) : names([suggester.person])],
    [text.facts.opinion, state.opinion?.text ?? ''],
    [text.facts.decided, names([state.decided?.by])],
    [text.facts.proposedAt, time(state.proposedAt)],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

const words = (name: string, label: string): FormField => ({
  kind: 'text',
  name,
  label,
  multiline: true,
  longest: 200,
  required: false,
})

/** Nobody is chosen beforehand: who presses without looking is asked for a name. */
const implementerField = (state: SuggestionState, { plant }: View): FormField => ({
  kind: 'choice',
  name: 'implementer',
  label: text.form.implementer,
  options: likelyImplementers(state, plant)
    .slice(0, 10)
    .map((id) => ({ value: id, label: plant.persons.get(id)?.name ?? id })),
  initial: null,
  required: false,
})

const formOf = (state: SuggestionState, part: Part, view: View): readonly FormField[] => {
  if (part === 'endorse') return [words('opinion', text.form.opinion)]
  if (part === 'decide') return [implementerField(state, view), words('reason', text.form.declineReason)]
  if (part === 'implement') return [words('reason', text.form.note)]
  return part === 'replace' ? [implementerField(state, view)] : []
}

const actionsOf = (part: Part, view: View): readonly Action[] => {
  const button = buttons('suggestion', text.actions, view)
  if (part === 'endorse') return [button('endorse', 'primary')]
  if (part === 'decide') return [button('approve', 'primary'), button('decline', 'danger')]
  if (part === 'implement') return [button('finish', 'primary')]
  return part === 'replace' ? [button('reassign')] : []
}

const noteOf = (state: SuggestionState, view: View): string => {
  if (state.endedAt !== null) return ''
  if (state.dueAt !== null) return fill(text.notes.due, { time: spokenTime(state.dueAt, view.at, view.plant.timeZone) })
  return text.notes.feedback
}

/** The suggestion as one reader sees it. Pure. */
export const suggestionCard = (state: SuggestionState, view: View): Card => {
  const part = partOf(state, view)
  const title = titleOf(state, part)
  return {
    tone: toneOf(state, part),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: clip(state.text, 1_000),
    pictures: [],
    form: formOf(state, part, view),
    actions: actionsOf(part, view),
    summary: clip(`${title} ${state.code} ${state.text.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: noteOf(state, view),
  }
}
