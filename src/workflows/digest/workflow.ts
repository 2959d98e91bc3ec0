import { days, inZone, later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { digestRule } from '../../rules/digest.ts'
import { countsOver } from '../indicators.ts'
import { holdsAny, iso, outOfReach, reachableHolders, rule, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts, type FoundRow, type Plant, type Workflow } from '../workflow.ts'
import {
  type DigestCommand,
  type DigestEvent,
  type DigestLine,
  type DigestState,
  digestKey,
  groupRoles,
  type OpenList,
  plantRoles,
} from './digest.ts'

/** Rows that are looked at for one list; beyond it the digest says "at least". */
const mostRead = 500

const teamsOf = (plant: Plant): readonly string[] => [...new Set([...plant.persons.values()].map(({ team }) => team))].sort()

const lineOf = ({ note }: FoundRow, at: Date): DigestLine => {
  const { code, title, colour, owner, due } = JSON.parse(note) as Omit<DigestLine, 'overdue'>
  return { code, title, colour, owner, due, overdue: due !== null && due < iso(at) }
}

/** Overdue first, then the gravest, then what is due first. */
const byUrgency = (a: { line: DigestLine; weight: number }, b: { line: DigestLine; weight: number }): number =>
  Number(b.line.overdue) - Number(a.line.overdue) || b.weight - a.weight || ((a.line.due ?? '9') < (b.line.due ?? '9') ? -1 : 1)

const listOf = (key: string, top: number, { read, at }: Facts): OpenList => {
  const rows = read({ name: 'open', key, most: mostRead }).map((row) => ({ line: lineOf(row, at), weight: row.weight }))
  return {
    open: rows.length,
    overdue: rows.filter(({ line }) => line.overdue).length,
    atLeast: rows.length === mostRead,
    lines: rows
      .toSorted(byUrgency)
      .slice(0, top)
      .map(({ line }) => line),
  }
}

/** Whoever reads it: leads of teams with something open, and the upper levels always, because a quiet day is news too. */
const readersOf = (teams: DigestState['teams'], plant: Plant): readonly string[] => [
  ...new Set([
    ...Object.keys(teams).flatMap((team) => reachableHolders(plant, 'teamLead', team)),
    ...[...plantRoles, ...groupRoles].flatMap((role) => reachableHolders(plant, role, plant.site)),
  ]),
]

/** The digest of the following day, at the same hour of the site's own clock. */
const nextDay = (state: DigestState, facts: Facts): Effect => {
  const { timeZone } = facts.plant
  const noon = later(new Date(`${state.date}T12:00:00.000Z`), days(1))
  const date = noon.toISOString().slice(0, 10)
  return {
    kind: 'command',
    workflow: 'digest',
    subject: null,
    key: digestKey(state.site, date),
    command: { type: 'begin', date, at: iso(hourOf(date, timeZone)) },
  }
}

/** The instant at which a day's digest is made. */
export const hourOf = (date: string, timeZone: string): Date => {
  const wanted = new Date(`${date}T${digestRule.at}:00.000Z`)
  const shown = inZone(wanted, timeZone)
  return later(wanted, wanted.getTime() - new Date(`${shown.date}T${shown.time}.000Z`).getTime())
}

const make = (state: DigestState, facts: Facts): Decision<DigestEvent> => {
  if (state.status === 'made') return refuse('made-already')
  const { plant, at } = facts
  const lists = teamsOf(plant).map((team) => [team, listOf(`team:${team}`, digestRule.teamTop, facts)] as const)
  const teams = Object.fromEntries(lists.filter(([, { open }]) => open > 0))
  const readers = readersOf(teams, plant)
  const made: DigestEvent = {
    type: 'made',
    at: iso(at),
    readers,
    teams,
    plant: listOf('site', digestRule.plantTop, facts),
    yesterday: countsOver(facts, plant, later(at, -days(1)), 1),
    window: countsOver(facts, plant, at, digestRule.window),
  }
  const cards = readers.map((id): Effect => ({ kind: 'showCard', to: toPerson(id), duty: 'digest', urgent: false, ring: false }))
  return accept([made], [...cards, nextDay(state, facts)])
}

const decide = (state: DigestState | null, command: DigestCommand, facts: Facts): Decision<DigestEvent> => {
  if (command.type === 'begin') {
    if (state) return refuse('made-already')
    const begun: DigestEvent = { type: 'begun', site: facts.plant.site, date: command.date, at: iso(facts.at) }
    return accept([begun], [strikeAt('make', new Date(command.at), { type: 'make' })])
  }
  if (!state) return refuse('no-such-case')
  if (command.type === 'make') return make(state, facts)
  const { person, duty } = command
  return accept<DigestEvent>(
    [{ type: 'unreachable', person, duty, at: iso(facts.at) }],
    [outOfReach(person, duty, facts.subject)],
  )
}

const evolve = (state: DigestState | null, event: DigestEvent): DigestState => {
  if (event.type === 'begun') {
    const { site, date } = event
    return { status: 'waiting', site, date, teams: {}, plant: null, yesterday: null, window: null, unreached: [] }
  }
  if (!state) throw new Error(`a digest cannot begin with ${event.type}`)
  if (event.type === 'unreachable') return { ...state, unreached: [...new Set([...state.unreached, event.person])] }
  const { teams, plant, yesterday, window } = event
  return { ...state, status: 'made', teams, plant, yesterday, window }
}

/** Once a day and level one card: team leads their first three, the plant and the group the whole. */
export const digestWorkflow: Workflow<DigestState, DigestCommand, DigestEvent> = {
  name: 'digest',
  prefix: { code: null, id: 'dgt' },
  version: 1,
  commands: { begin: rule('system', { opens: 'named' }), make: rule('clock'), reportUnreachable: rule('system') },
  decide,
  evolve,
  repair: { waiting: { tag: 'make', command: { type: 'make' } } },
  open: ({ status }) => status === 'waiting',
  owner: () => null,
  stillDue: () => true,
  maySee: (state, { person }, plant) =>
    person !== null &&
    (holdsAny(plant, person, [...plantRoles, ...groupRoles]) ||
      Object.keys(state.teams).some((team) => plant.holders('teamLead', team).includes(person))),
}
