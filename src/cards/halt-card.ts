import { clip } from '../lib/text.ts'
import type { HaltState } from '../workflows/halt/halt.ts'
import type { Card, Fact } from './card.ts'
import { haltText as text } from './text/halt.ts'
import type { View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** Works named on the card; the rest is counted. */
const mostLines = 8

const factsOf = ({ stopped, name, at, words }: HaltState, view: View): readonly Fact[] => [
  { label: text.facts.count, value: fill(text.count, { count: String(stopped.length) }) },
  { label: text.facts.by, value: name },
  { label: text.facts.at, value: spokenTime(at, view.at, view.plant.timeZone) },
  ...(words === '' ? [] : [{ label: text.facts.words, value: clip(words, 100) }]),
]

/** What somebody has stopped by saying so. Pure. */
export const haltCard = (state: HaltState, view: View): Card => {
  const areaOf = (id: string): string => view.plant.areas.find((one) => one.id === id)?.name ?? id
  const lines = state.stopped
    .slice(0, mostLines)
    .map(({ code, area, point }) => fill(text.line, { code, area: areaOf(area), point }))
  const rest = state.stopped.length - lines.length
  return {
    tone: 'danger',
    title: text.title,
    subtitle: '',
    facts: factsOf(state, view),
    body: [...lines, ...(rest > 0 ? [fill(text.more, { count: String(rest) })] : []), text.body].join('\n'),
    pictures: [],
    form: [],
    actions: [],
    summary: clip(fill(text.summary, { codes: state.stopped.map(({ code }) => code).join('、') }), 120),
    page: view.page(text.page),
    note: '',
  }
}
