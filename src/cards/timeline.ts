import { inZone } from '../lib/clock.ts'
import { clip } from '../lib/text.ts'
import type { Plant } from '../workflows/workflow.ts'
import { hazardText } from './text/hazard.ts'
import { timelineText as text } from './text/timeline.ts'
import { fill } from './words.ts'

/** What happened, when, and by whom, as the people of the site say it. `at` is the instant; `time` is the same in the site's zone. */
export type TimelineLine = { readonly at: string; readonly time: string; readonly who: string; readonly what: string }

/** A journal entry as stored: actor and event are canonical JSON of our own writing. */
export type Recorded = { readonly at: string; readonly actor: string; readonly event: string }

type Values = Readonly<Record<string, unknown>>
type Tell = (value: unknown, plant: Plant) => string

const parse = (json: string): Values => {
  const value: unknown = JSON.parse(json)
  return typeof value === 'object' && value !== null ? (value as Values) : {}
}

/** Looked up among the table's own words only: what stands in a journal may be called anything. */
const own = <T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined =>
  typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined
const word = (words: Readonly<Record<string, string>>, value: unknown): string =>
  own(words, value) ?? (typeof value === 'string' ? value : '')
const nameOf: Tell = (value, plant) => (typeof value === 'string' ? (plant.persons.get(value)?.name ?? value) : '')
const fullTime = (at: string, timeZone: string): string => {
  const { date, time } = inZone(new Date(at), timeZone)
  return `${date} ${time.slice(0, 5)}`
}

/** How a field of an event is said; a field without a row here fills no gap. */
const tells: Readonly<Record<string, Tell>> = {
  owner: nameOf,
  verifier: nameOf,
  person: nameOf,
  persons: (value, plant) =>
    Array.isArray(value) && value.length > 0 ? value.map((id) => nameOf(id, plant)).join('、') : text.nobody,
  role: (value) => word(hazardText.roles, value),
  colour: (value) => word(hazardText.colours, value),
  area: (value, plant) => plant.areas.find(({ id }) => id === value)?.name ?? '',
  dueAt: (value, plant) => (typeof value === 'string' ? fullTime(value, plant.timeZone) : ''),
  reason: (value) => (typeof value === 'string' ? clip(value, 200) : ''),
  because: (value) => word(text.because, value),
  proof: (value) => word(text.proof, value),
  duty: (value) => word(text.duty, value),
  count: (value) => String(value),
  files: (value) => String(Array.isArray(value) ? value.length : 0),
}

/** What follows of itself, whoever's act it follows from. */
const byItself = new Set([
  'called',
  'verifierDrawn',
  'verifierMissing',
  'overdueCalled',
  'photoStored',
  'photoRefused',
  'unreachable',
  'notMatched',
  'reminded',
])

const whoOf = (actor: Values, event: Values, plant: Plant): string => {
  if (actor.kind !== 'person' && actor.kind !== 'stranger') return word(text.actors, actor.kind)
  if (typeof event.type === 'string' && byItself.has(event.type)) return text.actors.system
  return actor.kind === 'person' ? nameOf(actor.person, plant) : text.actors.stranger
}

const whatOf = (workflow: string, event: Values, plant: Plant): string => {
  const sentence = own(own(text.events, workflow) ?? {}, event.type)
  if (sentence === undefined) return text.unknown
  const told = Object.entries(event).flatMap(([name, value]) => {
    const tell = own(tells, name)
    return tell ? [[name, tell(value, plant)] as const] : []
  })
  return fill(sentence, Object.fromEntries(told))
}

/** The history of a subject in words, in the order given. Pure. */
export const timeline = (workflow: string, entries: readonly Recorded[], plant: Plant): readonly TimelineLine[] =>
  entries.map(({ at, actor, event }) => {
    const told = parse(event)
    return { at, time: fullTime(at, plant.timeZone), who: whoOf(parse(actor), told, plant), what: whatOf(workflow, told, plant) }
  })
