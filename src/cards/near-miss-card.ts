import { clip } from '../lib/text.ts'
import type { NearMissState } from '../workflows/near-miss/near-miss.ts'
import { isReporter, mayConvert, mayReply } from '../workflows/near-miss/people.ts'
import type { Action, Card, Fact, FormField, Tone } from './card.ts'
import { nearMissText as text } from './text/near-miss.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader is to the near miss. */
type Part = 'reply' | 'mine' | 'watch'

const partOf = (state: NearMissState, { reader, plant }: View): Part => {
  if (isReporter(state, reader)) return 'mine'
  return reader.person !== null && state.reply === null && mayReply(state, reader.person, plant) ? 'reply' : 'watch'
}

const isLate = (state: NearMissState, at: Date): boolean =>
  state.reply === null && !(at.getTime() < new Date(state.replyBy).getTime())

const titleOf = (state: NearMissState, part: Part, view: View): string => {
  if (state.reply) return text.titles.answered
  return isLate(state, view.at) && part !== 'mine' ? text.titles.late : text.titles[part]
}

const toneOf = (state: NearMissState, part: Part): Tone => {
  if (state.reply) return 'success'
  if (part !== 'reply') return 'info'
  return state.called.some(({ rung }) => rung > 0) ? 'danger' : 'warning'
}

const reporterOf = ({ reporter }: NearMissState, { plant }: View): string => {
  if (reporter === null) return text.anonymous
  return reporter.person === null
    ? fill(text.unlinked, { name: reporter.name })
    : (plant.persons.get(reporter.person)?.name ?? reporter.name)
}

const factsOf = (state: NearMissState, view: View): readonly Fact[] => {
  const name = (id: string | undefined): string => (id ? (view.plant.persons.get(id)?.name ?? id) : '')
  const time = (instant: string): string => spokenTime(instant, view.at, view.plant.timeZone)
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [text.facts.reply, state.reply?.text ?? ''],
    [text.facts.repliedBy, name(state.reply?.by)],
    [text.facts.replyBy, state.reply ? '' : time(state.replyBy)],
    [text.facts.converted, state.converted ? fill(text.converted, { name: name(state.converted.by) }) : ''],
    [text.facts.reporter, reporterOf(state, view)],
    [text.facts.reportedAt, time(state.reportedAt)],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

const reason: FormField = {
  kind: 'text',
  name: 'reason',
  label: text.form.reason,
  multiline: true,
  longest: 300,
  required: false,
}

const actionsOf = (state: NearMissState, part: Part, view: View): readonly Action[] => {
  const button = buttons('near-miss', text.actions, view)
  const { person } = view.reader
  const convert =
    person !== null && mayConvert(state, person, view.plant)
      ? [button('convert', 'default', { confirm: text.confirm.convert })]
      : []
  return [...(part === 'reply' ? [button('reply', 'primary')] : []), ...convert]
}

const noteOf = ({ reply, nextClimb }: NearMissState, part: Part, view: View): string => {
  if (part === 'mine') return text.notes.protected
  if (reply || !nextClimb) return ''
  const role = text.roles[nextClimb.role as keyof typeof text.roles] ?? nextClimb.role
  return fill(text.notes.climb, { time: spokenTime(nextClimb.at, view.at, view.plant.timeZone), role })
}

/** The near miss as one reader sees it. Without a name there is none to draw. Pure. */
export const nearMissCard = (state: NearMissState, view: View): Card => {
  const part = partOf(state, view)
  const title = titleOf(state, part, view)
  return {
    tone: toneOf(state, part),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: clip(state.text, 1_000),
    pictures: [],
    form: part === 'reply' ? [reason] : [],
    actions: actionsOf(state, part, view),
    summary: clip(`${title} ${state.code} ${state.text.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: noteOf(state, part, view),
  }
}
