import { days, later } from '../../lib/clock.ts'
import { oneUpFrom } from '../../rules/hazard-grades.ts'
import { repeatRules } from '../../rules/repeat.ts'
import { reachableHolders, tell, toPerson } from '../pieces.ts'
import type { Facts, FoundRow, IndexRow, Plant } from '../workflow.ts'
import { type Called, iso } from './common.ts'
import { equipmentName, equipmentNow } from './equipment.ts'
import type { Repeat } from './govern.ts'
import { categoryOf } from './grade.ts'
import type { HazardEvent, HazardState } from './hazard.ts'
import { isDevice } from './people.ts'

/** Whose case a repeated hazard is proposed to be. */
export const repeatOwner = repeatRules.owner

type Note = { readonly code: string; readonly returned: number }

/** Where a hazard is: its area, as far as anybody has said so. */
const placeOf = (state: HazardState): string | null => state.area ?? state.suggestion.area

/** The piece of equipment, where one is known; else the area. Null while neither is. */
const spotOf = (state: HazardState): string | null => {
  const equipment = equipmentNow(state)
  return equipment === null ? placeOf(state) : `equipment:${equipment}`
}

/** What makes two hazards the same one again: the place and the kind. Null while the place is unknown. */
export const repeatKey = (state: HazardState): string | null => {
  const place = spotOf(state)
  return place === null ? null : `${place}:${categoryOf(state)}`
}

/** What turned out to be none, or is told with another case, counts for nothing. */
const counts = ({ status }: HazardState): boolean => status !== 'rejected' && status !== 'merged'

/** The row by which later hazards of the kind find this one, open or closed. */
export const repeatRows = (state: HazardState): readonly IndexRow[] => {
  const key = repeatKey(state)
  if (key === null || !counts(state)) return []
  const note: Note = { code: state.code, returned: state.returned.length }
  return [{ name: 'repeat', key, at: state.reportedAt, weight: 1, note: JSON.stringify(note) }]
}

/** The places that this case speaks against while it is open: a device, if one raised it, and the piece of equipment, else the area. */
const sourceKeys = (state: HazardState): readonly string[] => {
  const place = placeOf(state)
  const equipment = equipmentNow(state)
  const { connection, account } = state.reporter.account
  return [
    ...(isDevice(state.reporter) ? [`device:${connection}/${account}`] : []),
    ...(equipment !== null ? [`equipment:${equipment}`] : place === null ? [] : [`area:${place}`]),
  ]
}

/** Reports and alarms of open cases, by device and area; each alarm that joined a case counts. */
export const sourceRows = (state: HazardState): readonly IndexRow[] =>
  state.closedAt !== null
    ? []
    : sourceKeys(state).map((key) => ({
        name: 'source',
        key,
        at: state.reportedAt,
        weight: state.alarms?.count ?? 1,
        note: JSON.stringify({ code: state.code, reported: state.source !== undefined }),
      }))

const since = (facts: Facts, by: number): string => iso(later(facts.at, -by))

const readNote = ({ note }: FoundRow): Partial<Note> => JSON.parse(note) as Partial<Note>

/** How this hazard repeats others, in words such as `62 天内第 3 次；上次整改曾被退回一次`; null when it does not. */
const repeatOf = (state: HazardState, facts: Facts): Repeat | null => {
  const key = repeatKey(state)
  if (key === null || !counts(state)) return null
  const rows = facts
    .read({ name: 'repeat', key, from: since(facts, repeatRules.within), most: repeatRules.most })
    .filter(({ subject, at }) => subject !== facts.subject && at <= state.reportedAt)
  const count = rows.length + 1
  const oldest = rows[rows.length - 1]
  const [last] = rows
  if (count < repeatRules.times || !oldest || !last) return null
  const span = new Date(state.reportedAt).getTime() - new Date(oldest.at).getTime()
  return { count, days: Math.max(1, Math.ceil(span / days(1))), returned: readNote(last).returned ?? 0 }
}

const same = (a: Repeat | null | undefined, b: Repeat | null): boolean => JSON.stringify(a ?? null) === JSON.stringify(b)

/** Asked whenever words, place or kind may have changed. */
const tells: ReadonlySet<HazardEvent['type']> = new Set(['reported', 'added', 'triaged'])

/**
 * What a report or a triage has to say of hazards before it: whether it repeats them. While nobody has graded it the colour that is suggested goes up by one;
 * what a person has graded stays as it was graded.
 */
export const followRepeat = (after: HazardState, events: readonly HazardEvent[], facts: Facts): readonly HazardEvent[] => {
  if (!events.some(({ type }) => tells.has(type))) return []
  const repeat = repeatOf(after, facts)
  const fresh = after.status === 'reported' && events.some(({ type }) => type === 'reported' || type === 'added')
  const colour = fresh && repeat ? oneUpFrom(after.suggestion.colour) : after.suggestion.colour
  if (same(after.repeat, repeat) && colour === after.suggestion.colour) return []
  const first = repeat !== null && after.repeat === undefined
  return [{ type: 'repeated', repeat, colour, first, at: iso(facts.at) }]
}

const sum = (rows: readonly FoundRow[]): number => rows.reduce((total, { weight }) => total + weight, 0)

const isReported = ({ note }: FoundRow): boolean => (JSON.parse(note) as { readonly reported?: boolean }).reported === true

/** How many reports and alarms of open cases this place has, if nobody has been told of it yet. */
const burdenOf = (state: HazardState, key: string, facts: Facts): number => {
  const rows = facts
    .read({ name: 'source', key, from: since(facts, repeatRules.sourceWithin), most: repeatRules.most })
    .filter(({ subject }) => subject !== facts.subject)
  return rows.some(isReported) ? 0 : sum(rows) + (state.alarms?.count ?? 1)
}

const adds: ReadonlySet<HazardEvent['type']> = new Set(['reported', 'added', 'alarmed', 'triaged'])

const hearersOf = ({ role, instead }: (typeof repeatRules.informs)[number], plant: Plant): readonly string[] => {
  const holders = reachableHolders(plant, role, plant.site)
  return holders.length > 0 || instead === null ? holders : reachableHolders(plant, instead, plant.site)
}

/** 高频隐患源. With the seventh report within 30 days that is not closed, safety, maintenance and purchasing hear of the place, once. */
export const followSource = (after: HazardState, events: readonly HazardEvent[], facts: Facts): Called => {
  if (after.source || after.closedAt !== null || !events.some(({ type }) => adds.has(type))) return { events: [], effects: [] }
  const count = Math.max(0, ...sourceKeys(after).map((key) => burdenOf(after, key, facts)))
  if (count < repeatRules.sourceTimes) return { events: [], effects: [] }
  const persons = [...new Set(repeatRules.informs.flatMap((one) => hearersOf(one, facts.plant)))]
  const named = facts.plant.areas.find(({ id }) => id === placeOf(after))?.name ?? after.reporter.name
  const equipment = equipmentNow(after)
  const area = equipment === null ? named : `${named} ${equipmentName(equipment, facts.plant)}`
  return {
    events: [{ type: 'sourceReported', count, persons, at: iso(facts.at) }],
    effects: persons.map((id) => tell(toPerson(id), 'frequent-source', { code: after.code, area, count: String(count) })),
  }
}
