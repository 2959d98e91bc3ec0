import { inZone } from '../lib/clock.ts'
import { clip } from '../lib/text.ts'
import type { PlanLine, PlanState } from '../workflows/plan/plan.ts'
import type { Card } from './card.ts'
import { planText as text } from './text/plan.ts'
import type { View } from './view.ts'
import { fill } from './words.ts'

/** The most lines that a card shows; the rest stands on its page. */
const mostShown = 8

const lineOf = ({ code, title, due, owner, area }: PlanLine, { plant }: View): string =>
  fill(text.line, {
    code,
    title: clip(title, 30),
    area: plant.areas.find(({ id }) => id === area)?.name ?? area,
    owner: plant.persons.get(owner ?? '')?.name ?? text.nobody,
    due: inZone(new Date(due), plant.timeZone).date.slice(5),
  })

/** The weekly rolling plan as its reader sees it. Pure. */
export const planCard = (state: PlanState, view: View): Card => {
  const shown = state.lines.slice(0, mostShown)
  const more = state.lines.length - shown.length + state.more
  const count = String(state.lines.length + state.more)
  const week = inZone(new Date(state.week), view.plant.timeZone).date
  const rest = more > 0 ? [fill(text.more, { count: String(more) })] : []
  return {
    tone: 'info',
    title: text.title,
    subtitle: fill(text.week, { week }),
    facts: [{ label: text.facts.count, value: count }],
    body: [...shown.map((line) => lineOf(line, view)), ...rest].join('\n'),
    pictures: [],
    form: [],
    actions: [],
    summary: fill(text.summary, { count }),
    page: view.page(text.page),
    note: text.note,
  }
}
