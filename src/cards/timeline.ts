import { inZone } from '../lib/clock.ts'
import { clip } from '../lib/text.ts'
import type { Plant } from '../workflows/workflow.ts'
import { hazardText } from './text/hazard.ts'
import { governText } from './text/hazard-govern.ts'
import { permitText } from './text/permit.ts'
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

/** Of a draw only the letters are said, never who was drawn. */
const seatOf = (drawn: unknown): string =>
  typeof drawn === 'object' && drawn !== null && 'seat' in drawn ? String(drawn.seat) : ''

/** A gas value: what, how much, and whether it passed. */
const sampleOf: Tell = (value) => {
  if (typeof value !== 'object' || value === null) return ''
  const { substance, unit, passed, value: measured } = value as Values
  const [kept = '', lost = ''] = text.passed
  return `${String(substance)} ${String(measured)} ${String(unit)} ${passed === true ? kept : lost}`
}

/** How a field of an event is said; a field without a row here fills no gap. */
const tells: Readonly<Record<string, Tell>> = {
  owner: nameOf,
  verifier: nameOf,
  person: nameOf,
  persons: (value, plant) =>
    Array.isArray(value) && value.length > 0 ? value.map((id) => nameOf(id, plant)).join('、') : text.nobody,
  role: (value) => word({ ...permitText.roles, ...hazardText.roles }, value),
  colour: (value) => word(hazardText.colours, value),
  card: (value) => word(text.card, value),
  area: (value, plant) => plant.areas.find(({ id }) => id === value)?.name ?? '',
  dueAt: (value, plant) => (typeof value === 'string' ? fullTime(value, plant.timeZone) : ''),
  until: (value, plant) => (typeof value === 'string' ? fullTime(value, plant.timeZone) : ''),
  interim: (value) => (typeof value === 'string' ? clip(value, 200) : ''),
  code: (value) => (typeof value === 'string' ? value : ''),
  kind: (value) => word(governText.kinds, value),
  severity: (value) => word(governText.severities, value),
  reason: (value) => (typeof value === 'string' ? clip(value, 200) : ''),
  because: (value) => word({ ...permitText.reasons, ...text.because }, value),
  sample: sampleOf,
  seats: (value) => (Array.isArray(value) ? value.map(seatOf).join('、') : ''),
  seat: (value) => (typeof value === 'string' ? value : ''),
  blindness: (value) => word(text.blindness, value),
  outcome: (value) => word(text.outcome, value),
  stage: (value) => word(hazardText.stages, value),
  item: (value) => word(text.signature, value),
  words: (value) => (typeof value === 'string' && value !== '' ? clip(value, 200) : text.tapped),
  slot: (value) => word(text.slot, value),
  proof: (value) => word(text.proof, value),
  duty: (value) => word(text.duty, value),
  count: (value) => String(value),
  files: (value) => String(Array.isArray(value) ? value.length : 0),
}

/** What a workflow says of its own history: a sentence for each kind of event, and which of them follow of themselves, whoever's act they follow from. */
export type HistoryWords = {
  readonly history?: Readonly<Record<string, string>>
  readonly itself?: readonly string[]
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

/** A field that no row above names, as far as a sentence asks for it: people by name, instants in the site's zone, words clipped. */
const tellAny: Tell = (value, plant) => {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.length > 0 ? value.map((one) => tellAny(one, plant)).join('、') : text.nobody
  if (typeof value !== 'string') return ''
  if (plant.persons.has(value)) return nameOf(value, plant)
  return instant.test(value) ? fullTime(value, plant.timeZone) : clip(value, 200)
}

/** What follows of itself in the workflows whose words stand here. */
const byItself = new Set([
  'listed',
  'verified',
  'deciderAsked',
  'requestLapsed',
  'absorbed',
  'takeOverCalled',
  'repeated',
  'sourceReported',
  'called',
  'verifierDrawn',
  'verifierMissing',
  'verifiersDrawn',
  'verdictGiven',
  'verifierReleased',
  'seen',
  'seatVacant',
  'blindStored',
  'blindRefused',
  'fileKept',
  'overdueCalled',
  'overdueCarded',
  'reachCalled',
  'reached',
  'informed',
  'reporterAnswered',
  'planned',
  'photoStored',
  'photoRefused',
  'unreachable',
  'credited',
  'discredited',
  'resultTold',
  'notMatched',
  'reminded',
])

const whoOf = (actor: Values, event: Values, plant: Plant, { history, itself = [] }: HistoryWords): string => {
  if (actor.kind !== 'person' && actor.kind !== 'stranger') return word(text.actors, actor.kind)
  const follows = typeof event.type === 'string' && (itself.includes(event.type) || (!history && byItself.has(event.type)))
  if (follows) return text.actors.system
  return actor.kind === 'person' ? nameOf(actor.person, plant) : text.actors.stranger
}

/** The sentences of a workflow: its own where it brings them, else those that stand with this page. */
const sentencesOf = (workflow: string, { history }: HistoryWords): Readonly<Record<string, string>> =>
  history ?? own(text.events, workflow) ?? {}

const whatOf = (workflow: string, event: Values, plant: Plant, words: HistoryWords): string => {
  const sentence = own(sentencesOf(workflow, words), event.type)
  if (sentence === undefined) return text.unknown
  const told = Object.entries(event).flatMap(([name, value]) => {
    const tell = own(tells, name) ?? (words.history ? tellAny : undefined)
    return tell ? [[name, tell(value, plant)] as const] : []
  })
  return fill(sentence, Object.fromEntries(told))
}

/** The history of a subject in words, in the order given; `words` are those of its workflow, if it brings its own. Pure. */
export const timeline = (
  workflow: string,
  entries: readonly Recorded[],
  plant: Plant,
  words: HistoryWords = {},
): readonly TimelineLine[] =>
  entries.map(({ at, actor, event }) => {
    const told = parse(event)
    return {
      at,
      time: fullTime(at, plant.timeZone),
      who: whoOf(parse(actor), told, plant, words),
      what: whatOf(workflow, told, plant, words),
    }
  })
