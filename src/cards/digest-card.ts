import { clip } from '../lib/text.ts'
import {
  type DigestLine,
  type DigestState,
  digestRule,
  groupRoles,
  type OpenList,
  plantRoles,
} from '../workflows/digest/digest.ts'
import { hourOf } from '../workflows/digest/workflow.ts'
import { type Counts, rates } from '../workflows/indicators.ts'
import { holdsAny } from '../workflows/pieces.ts'
import type { Card, Fact, Tone } from './card.ts'
import { digestText as text } from './text/digest.ts'
import type { View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** The level at which somebody reads: the highest that is theirs. */
type Level = 'group' | 'plant' | 'team'

const levelOf = ({ reader, plant }: View): Level => {
  const { person } = reader
  if (person !== null && holdsAny(plant, person, groupRoles)) return 'group'
  return person !== null && holdsAny(plant, person, plantRoles) ? 'plant' : 'team'
}

/** What the reader's own level lists; a lead of several teams reads the first of them. */
const listFor = (state: DigestState, level: Level, { reader, plant }: View): OpenList | null => {
  if (level !== 'team') return state.plant
  const team = Object.keys(state.teams).find((one) => plant.holders('teamLead', one).includes(reader.person ?? ''))
  return team === undefined ? null : (state.teams[team] ?? null)
}

const lineText = ({ code, title, owner, due, overdue }: DigestLine, { plant, at }: View): string =>
  fill(text.line, {
    mark: overdue ? text.late : '',
    code,
    title: clip(title, 24),
    owner: plant.persons.get(owner ?? '')?.name ?? text.nobody,
    due: due === null ? text.noDue : fill(text.due, { time: spokenTime(due, at, plant.timeZone) }),
  })

/** A share as people read it; without cases it is no share at all. */
export const percent = (value: number | null): string => (value === null ? text.none : `${(value * 100).toFixed(1)}%`)

export const rateFacts = (counts: Counts): readonly Fact[] =>
  Object.entries(rates(counts)).map(([name, value]) => ({
    label: text.facts[name as keyof typeof text.facts],
    value: percent(value),
  }))

const factsOf = ({ yesterday, window }: DigestState, list: OpenList, level: Level): readonly Fact[] => {
  const shown = (n: number): string => (list.atLeast ? fill(text.atLeast, { count: String(n) }) : String(n))
  const own = [
    { label: text.facts.open, value: shown(list.open) },
    { label: text.facts.overdue, value: shown(list.overdue) },
  ]
  if (level === 'team' || !yesterday || !window) return own
  return [
    ...own,
    { label: text.facts.reported, value: String(yesterday.reported) },
    { label: text.facts.closed, value: String(yesterday.closed) },
    ...rateFacts(window),
  ]
}

const toneOf = ({ overdue, open }: OpenList): Tone => (overdue > 0 ? 'danger' : open > 0 ? 'warning' : 'success')

/** The digest of a day as its reader's level shows it. Pure. */
export const digestCard = (state: DigestState, view: View): Card => {
  const level = levelOf(view)
  const list = listFor(state, level, view) ?? { open: 0, overdue: 0, atLeast: false, lines: [] }
  const title = fill(text.titles[level], { top: String(digestRule.teamTop) })
  const time = spokenTime(hourOf(state.date, view.plant.timeZone), view.at, view.plant.timeZone)
  const waiting = state.status === 'waiting'
  return {
    tone: waiting ? 'info' : toneOf(list),
    title,
    subtitle: state.date,
    facts: waiting ? [] : factsOf(state, list, level),
    body: waiting ? fill(text.waiting, { time }) : list.lines.map((line) => lineText(line, view)).join('\n') || text.quiet,
    pictures: [],
    form: [],
    actions: [],
    summary: fill(text.summary, { title, open: String(list.open), overdue: String(list.overdue) }),
    page: view.page(text.page),
    note: waiting || level === 'team' ? text.note : `${fill(text.rates, { days: String(digestRule.window) })}；${text.note}`,
  }
}
