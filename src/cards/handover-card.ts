import { clip } from '../lib/text.ts'
import type { CheckedLine, HandoverState } from '../workflows/handover/handover.ts'
import { successors } from '../workflows/handover/people.ts'
import type { Action, Card, Fact, FormField, Tone } from './card.ts'
import { handoverText as text } from './text/handover.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader is to the handover: the outgoing lead at one of three steps, the incoming one at theirs, or somebody who looks on. */
type Part = 'prepare' | 'offer' | 'waiting' | 'sign' | 'watch'

const openLines = ({ lines }: HandoverState): readonly CheckedLine[] => lines.filter(({ checked }) => checked === null)

const partOf = (state: HandoverState, { reader }: View): Part => {
  if (reader.person === null || state.endedAt !== null) return 'watch'
  if (reader.person === state.outgoing)
    return state.status === 'offered' ? 'waiting' : openLines(state).length > 0 ? 'prepare' : 'offer'
  return reader.person === state.incoming && state.status === 'offered' ? 'sign' : 'watch'
}

const titleOf = (state: HandoverState, part: Part): string => {
  if (state.status === 'signed' || state.status === 'cancelled') return text.titles[state.status]
  if (part === 'offer' && state.returned.length > 0) return text.titles.returned
  return part === 'watch' && state.called.length > 0 ? text.titles.late : text.titles[part]
}

const toneOf = (state: HandoverState, part: Part): Tone => {
  if (state.status === 'signed') return 'success'
  if (state.status === 'cancelled') return 'neutral'
  if (state.called.length > 0) return 'danger'
  return part === 'waiting' || part === 'watch' ? 'info' : 'warning'
}

const names = (ids: readonly (string | null)[], { plant }: View): string =>
  ids.map((id) => (id === null ? '' : (plant.persons.get(id)?.name ?? id))).join('、')

const factsOf = (state: HandoverState, view: View): readonly Fact[] => {
  const last = state.called[state.called.length - 1]
  const returned = state.returned[state.returned.length - 1]
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [text.facts.returned, state.status === 'preparing' && returned ? returned.reason : ''],
    [text.facts.outgoing, names([state.outgoing], view)],
    [text.facts.incoming, names([state.incoming], view)],
    [text.facts.signBy, state.endedAt === null ? spokenTime(state.signBy, view.at, view.plant.timeZone) : ''],
    [text.facts.called, last ? names(last.persons, view) : ''],
    [text.facts.unreached, names(state.unreached, view)],
    [text.facts.closing, state.closing ?? ''],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

const foundOf = (state: HandoverState, { from }: CheckedLine): string => {
  if (from !== 'hazards') return text.found[from]
  if (state.hazards.length === 0) return text.found.noHazards
  const codes = state.hazards.slice(0, 5).map(({ code, title }) => (title === '' ? code : `${code} ${clip(title, 16)}`))
  return fill(text.found.hazards, { count: String(state.hazards.length), codes: codes.join('；') })
}

const checkedWords = ({ checked }: CheckedLine): string => {
  if (checked === null) return text.checked.open
  return checked.note === null ? text.checked.fine : fill(text.checked.note, { note: clip(checked.note, 80) })
}

const nameOf = ({ id }: CheckedLine): string => text.lines[id] ?? id

const bodyOf = (state: HandoverState): string => {
  const lines = state.lines.map((line, index) => `${index + 1}. ${nameOf(line)}：${foundOf(state, line)}——${checkedWords(line)}`)
  return clip([state.remarks === '' ? text.noRemarks : state.remarks, ...lines].join('\n'), 1_200)
}

const lineField = (lines: readonly CheckedLine[]): FormField => ({
  kind: 'choice',
  name: 'line',
  label: text.form.line,
  options: lines.map((line) => ({ value: line.id, label: nameOf(line) })),
  initial: lines[0]?.id ?? null,
  required: false,
})

const words = (name: 'note' | 'reason'): FormField => ({
  kind: 'text',
  name,
  label: text.form[name],
  multiline: true,
  longest: 200,
  required: false,
})

const incomingField = (state: HandoverState, view: View): FormField => {
  const among = successors(state.team, state.outgoing, view.plant).slice(0, 10)
  const only = among.length === 1 ? (among[0] ?? null) : null
  return {
    kind: 'choice',
    name: 'incoming',
    label: text.form.incoming,
    options: among.map((id) => ({ value: id, label: view.plant.persons.get(id)?.name ?? id })),
    initial: among.includes(state.incoming ?? '') ? state.incoming : only,
    required: false,
  }
}

/** Where a door has room for one drop-down only, the first counts: the lines while they are open or were objected to, else who takes over. */
const formOf = (state: HandoverState, part: Part, view: View): readonly FormField[] => {
  if (part === 'prepare') return [lineField(openLines(state)), words('note')]
  if (part === 'waiting') return [incomingField(state, view)]
  if (part === 'sign') return [words('reason')]
  if (part !== 'offer') return []
  const again = [lineField(state.lines), words('note')]
  return state.returned.length > 0 ? [...again, incomingField(state, view)] : [incomingField(state, view), ...again]
}

const actionsOf = (part: Part, view: View): readonly Action[] => {
  const button = buttons('handover', text.actions, view)
  const cancel = button('cancel', 'danger')
  if (part === 'prepare') return [button('confirm', 'primary'), button('note'), cancel]
  if (part === 'offer') return [button('offer', 'primary', { confirm: text.confirm.offer }), button('note'), cancel]
  if (part === 'waiting') return [button('offer', 'default', { label: text.again }), cancel]
  return part === 'sign' ? [button('sign', 'primary', { confirm: text.confirm.sign }), button('disagree', 'danger')] : []
}

/** The handover as one reader sees it. Pure. */
export const handoverCard = (state: HandoverState, view: View): Card => {
  const part = partOf(state, view)
  const title = titleOf(state, part)
  const time = spokenTime(state.climbsAt, view.at, view.plant.timeZone)
  return {
    tone: toneOf(state, part),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: bodyOf(state),
    pictures: [],
    form: formOf(state, part, view),
    actions: actionsOf(part, view),
    summary: clip(`${title} ${state.code} ${state.remarks.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: state.endedAt === null ? fill(text.notes.climb, { time }) : '',
  }
}
