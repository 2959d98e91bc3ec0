import { inZone } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { type PointKind, pointKinds, pointRules } from '../../rules/points.ts'
import { dateAfter } from '../../rules/working-days.ts'
import { iso, outOfReach, rule } from '../pieces.ts'
import { accept, type Decision, type Facts, type IndexRow, type Workflow } from '../workflow.ts'
import type { PointEntry, PointsCommand, PointsEvent, PointsNote, PointsState } from './points.ts'

type PointsDecision = Decision<PointsEvent>
type Award = Extract<PointsCommand, { type: 'award' }>
type Reverse = Extract<PointsCommand, { type: 'reverse' }>

const isKind = (kind: string): kind is PointKind => (pointKinds as readonly string[]).includes(kind)

/** Everything that every line says besides itself. */
const lineOf = (state: PointsState | null, person: string, { plant, at }: Facts) => ({
  site: plant.site,
  person,
  team: plant.persons.get(person)?.team ?? state?.team ?? '',
  rules: pointRules.id,
  recordedOn: inZone(at, plant.timeZone).date,
})

const has = (state: PointsState | null, key: string): boolean => state?.entries.some((one) => one.key === key) ?? false

/** What the group has given on that day so far; a reversal makes room again. */
const givenOn = (state: PointsState | null, group: PointEntry['group'], day: string): number =>
  (state?.entries ?? []).reduce((sum, one) => (one.group === group && one.day === day ? sum + one.points : sum), 0)

const withinCap = (state: PointsState | null, kind: PointKind, day: string): number => {
  const { group, points } = pointRules.kinds[kind]
  const cap = pointRules.caps[group]
  return cap === null ? points : Math.max(0, Math.min(points, cap - givenOn(state, group, day)))
}

/**
 * Gives or takes points, once for each key. What is above the cap of its day is not given, and the line says so with 0. Refuses what was earned on a day
 * whose entries are not kept any more, because its cap could not be reckoned, and a false report without its warnings.
 */
const award = (state: PointsState | null, command: Award, facts: Facts): PointsDecision => {
  const { person, kind, key } = command
  if (!isKind(kind) || !facts.plant.persons.has(person)) return refuse('unknown-award', { kind, person })
  if (state && state.person !== person) return refuse('not-this-person')
  if (has(state, key)) return accept([], [])
  const earned = new Date(command.at)
  if (Number.isNaN(earned.getTime())) return refuse('unknown-award', { kind, person })
  const day = inZone(earned, facts.plant.timeZone).date
  const line = lineOf(state, person, facts)
  if (!(day > dateAfter(line.recordedOn, -pointRules.keepDays)) || day <= (state?.foldedTo ?? ''))
    return refuse('too-old', { day })
  if (kind === 'falseReport' && !((command.warnings ?? 0) >= pointRules.warningsBefore)) return refuse('warn-first', { person })
  const points = withinCap(state, kind, day)
  const { group } = pointRules.kinds[kind]
  const at = iso(earned)
  return accept([{ type: 'awarded', ...line, key, kind, group, points, day, at, case: command.case, code: command.code }])
}

const reversalOf = (key: string): string => `reversal:${key}`

/** Takes a line back by a line of its own, once. A key that was never given is spent, so that it cannot be given after its reversal. */
const reverse = (state: PointsState | null, command: Reverse, facts: Facts): PointsDecision => {
  const { person, key } = command
  if (!facts.plant.persons.has(person)) return refuse('unknown-award', { kind: 'reversal', person })
  if (state && state.person !== person) return refuse('not-this-person')
  const line = { ...lineOf(state, person, facts), at: iso(facts.at) }
  const given = state?.entries.find((one) => one.key === key)
  if (given?.kind === 'void' || has(state, reversalOf(key))) return accept([], [])
  if (!given) {
    const nothing = { kind: 'void', group: null, points: 0, day: line.recordedOn, case: null, code: null } as const
    return accept([{ type: 'voided', ...line, key, ...nothing }])
  }
  const { group, day, code } = given
  const entry = { key: reversalOf(key), kind: 'reversal', group, points: 0 - given.points, day, case: given.case, code } as const
  return accept([{ type: 'reversed', ...line, ...entry }])
}

const decide = (state: PointsState | null, command: PointsCommand, facts: Facts): PointsDecision => {
  if (command.type === 'award') return award(state, command, facts)
  if (command.type === 'reverse') return reverse(state, command, facts)
  const { person, duty } = command
  return accept([], [outOfReach(person, duty, '')])
}

const addTo = (months: PointsState['months'], { day, group, points }: PointEntry): PointsState['months'] => {
  if (group === null) return months
  const month = day.slice(0, 7)
  const sums = months[month] ?? {}
  const grown = { ...months, [month]: { ...sums, [group]: (sums[group] ?? 0) + points } }
  return Object.fromEntries(
    Object.entries(grown)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(-pointRules.keepMonths),
  )
}

const evolve = (state: PointsState | null, event: PointsEvent): PointsState => {
  const { key, kind, group, points, day, at, code } = event
  const entry: PointEntry = { key, kind, group, points, day, at, case: event.case, code }
  const foldTo = dateAfter(event.recordedOn, -pointRules.keepDays)
  const foldedTo = state && state.foldedTo > foldTo ? state.foldedTo : foldTo
  return {
    status: 'kept',
    site: event.site,
    person: event.person,
    team: event.team,
    rules: event.rules,
    total: (state?.total ?? 0) + points,
    months: addTo(state?.months ?? {}, entry),
    entries: [...(state?.entries ?? []), entry].filter((one) => one.day > foldedTo),
    foldedTo,
  }
}

const recentLines = 5
const noteMonths = 3

/** Rows `points`: by person, and by team for the boards; the weight is the total. */
const index = (state: PointsState): readonly IndexRow[] => {
  const last = state.entries[state.entries.length - 1]
  const months = Object.fromEntries(Object.entries(state.months).slice(-noteMonths))
  const recent = state.entries
    .filter(({ points }) => points !== 0)
    .slice(-recentLines)
    .map(({ kind, group, points, day, code }) => ({ kind, group, points, day, code }))
  const note: PointsNote = { person: state.person, months, recent }
  const row = {
    name: 'points',
    at: last?.at ?? `${state.foldedTo}T00:00:00.000Z`,
    weight: state.total,
    note: JSON.stringify(note),
  }
  return [
    { ...row, key: `person:${state.person}` },
    { ...row, key: `team:${state.team}`, note: JSON.stringify({ person: state.person }) },
  ]
}

const perPerson = rule('system', { opens: 'named', locks: ({ person }) => [`points:${String(person)}`] })

/** The points of a person: an append-only ledger that only other subjects write. */
export const pointsWorkflow: Workflow<PointsState, PointsCommand, PointsEvent> = {
  name: 'points',
  prefix: { code: null, id: 'pts' },
  version: 1,
  commands: { award: perPerson, reverse: perPerson, reportUnreachable: rule('system') },
  decide,
  evolve,
  open: () => false,
  owner: () => null,
  stillDue: () => false,
  maySee: (state, { person }) => person === state.person,
  index,
}
