import { refuse } from '../../lib/refusal.ts'
import { iso, nobodyHolds, outOfReach, rule, toPerson } from '../pieces.ts'
import { accept, type Decision, type Facts, type Workflow } from '../workflow.ts'
import { type PlanCommand, type PlanEvent, type PlanLine, type PlanState, plannerOf, planRows } from './plan.ts'

type Make = Extract<PlanCommand, { type: 'make' }>

/** The most lines that a plan keeps; the count of the rest is said. */
const mostLines = 100

const byDue = (a: PlanLine, b: PlanLine): number => (a.due === b.due ? (a.code < b.code ? -1 : 1) : a.due < b.due ? -1 : 1)

/** What waits now in the areas that are this person's to plan, the earliest term first. */
const linesFor = ({ planner, instead }: Make, facts: Facts): readonly PlanLine[] =>
  facts.plant.areas
    .filter(({ id }) => plannerOf(id, instead, facts.plant) === planner)
    .flatMap(({ id }) =>
      facts.read({ name: planRows, key: id }).map(({ at, note }) => {
        const { code, title, owner } = JSON.parse(note) as Pick<PlanLine, 'code' | 'title' | 'owner'>
        return { code, title, owner, area: id, due: at }
      }),
    )
    .sort(byDue)

/** Makes the plan and sends it, without ringing. Nothing is sent when everything has been handed in meanwhile. */
const make = (command: Make, facts: Facts): Decision<PlanEvent> => {
  const all = linesFor(command, facts)
  const lines = all.slice(0, mostLines)
  const { planner, week } = command
  return accept<PlanEvent>(
    [{ type: 'made', site: facts.plant.site, planner, week, lines, more: all.length - lines.length, at: iso(facts.at) }],
    lines.length === 0 ? [] : [{ kind: 'showCard', to: toPerson(planner), duty: 'plan', urgent: false, ring: false }],
  )
}

const decide = (state: PlanState | null, command: PlanCommand, facts: Facts): Decision<PlanEvent> => {
  if (command.type === 'make') return state ? refuse('made-already') : make(command, facts)
  if (!state) return refuse('no-such-case')
  return accept<PlanEvent>(
    [{ type: 'unreachable', person: command.person, duty: command.duty, at: iso(facts.at) }],
    [outOfReach(command.person, command.duty, facts.subject), ...nobodyHolds('areaOwner', facts.subject, facts)],
  )
}

const evolve = (state: PlanState | null, event: PlanEvent): PlanState => {
  if (event.type === 'made') {
    const { type: _, at: __, ...rest } = event
    return { status: 'made', ...rest, unreached: false }
  }
  if (!state) throw new Error(`a plan cannot begin with ${event.type}`)
  return { ...state, unreached: true }
}

/** The weekly rolling plan: one card a week for whoever owns an area, with what waits for its time there. */
export const planWorkflow: Workflow<PlanState, PlanCommand, PlanEvent> = {
  name: 'plan',
  prefix: { code: null, id: 'pln' },
  version: 1,
  commands: { make: rule('system', { opens: 'named' }), reportUnreachable: rule('system') },
  decide,
  evolve,
  open: () => false,
  owner: ({ planner }) => planner,
  stillDue: () => true,
  maySee: (state, { person }, plant) =>
    person !== null &&
    (person === state.planner ||
      ['safetyOfficer', 'safetyDirector'].some((role) => plant.holders(role, plant.site).includes(person))),
}
