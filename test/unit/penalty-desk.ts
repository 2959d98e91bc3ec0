import { isDeepStrictEqual } from 'node:util'
import type { Card } from '../../src/cards/card.ts'
import { contractorCard } from '../../src/cards/contractor-card.ts'
import { penaltyCard } from '../../src/cards/penalty-card.ts'
import { pointsCard } from '../../src/cards/points-card.ts'
import { portraitCard } from '../../src/cards/portrait-card.ts'
import { contractorText } from '../../src/cards/text/contractor.ts'
import { penaltyText } from '../../src/cards/text/penalty.ts'
import { pointsText } from '../../src/cards/text/points.ts'
import { portraitText } from '../../src/cards/text/portrait.ts'
import { type Case, type Folding, runCommand } from '../../src/engine/cases.ts'
import type { Registered } from '../../src/engine/registry.ts'
import { type Known, noWants, readsOf } from '../../src/engine/wants.ts'
import { noWrites } from '../../src/engine/writes.ts'
import { later, type Millis } from '../../src/lib/clock.ts'
import { idFor } from '../../src/lib/id.ts'
import { lotOn } from '../../src/lib/lots.ts'
import { formatCode } from '../../src/rules/code.ts'
import { type ContractorState, contractorSubject } from '../../src/workflows/contractor/contractor.ts'
import { contractorWorkflow } from '../../src/workflows/contractor/workflow.ts'
import type { Holder, Issue, PenaltyState } from '../../src/workflows/penalty/penalty.ts'
import { penaltyWorkflow } from '../../src/workflows/penalty/workflow.ts'
import { type PointsState, pointsSubject } from '../../src/workflows/points/points.ts'
import { pointsWorkflow } from '../../src/workflows/points/workflow.ts'
import { portraitWorkflow } from '../../src/workflows/portrait/workflow.ts'
import type { Actor, Decision, Effect, IndexRow, Plant, PlantPerson } from '../../src/workflows/workflow.ts'

/** The workflows of consequences, and the portrait that is made of them, by themselves; that nothing of them is missing is asked of the whole registry. */
const registry: ReadonlyMap<string, Registered> = new Map(
  Object.entries({
    penalty: { workflow: penaltyWorkflow, card: penaltyCard, words: penaltyText },
    points: { workflow: pointsWorkflow, card: pointsCard, words: pointsText },
    portrait: { workflow: portraitWorkflow, card: portraitCard, words: portraitText },
    contractor: { workflow: contractorWorkflow, card: contractorCard, words: contractorText },
  } as unknown as Readonly<Record<string, Registered>>),
)

/** People of a small plant with one contractor: id, team, company, roles as `role@scope`. */
const people: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['welder', 'mech', '滨海', []],
  ['fitter', 'mech', '滨海', []],
  ['lead', 'mech', '滨海', ['teamLead@mech']],
  ['head', 'equipment', '滨海', ['deptHead@SH01']],
  ['director', 'board', '滨海', ['productionDirector@SH01']],
  ['safetyDirector', 'ehs', '滨海', ['safetyDirector@SH01']],
  ['officer', 'ehs', '滨海', ['safetyOfficer@SH01']],
  ['officerB', 'prod', '滨海', ['safetyOfficer@SH01']],
  ['hr', 'hr', '滨海', ['hrManager@SH01']],
  ['principal', 'board', '滨海', ['principal@SH01']],
  ['admin', 'it', '滨海', ['administrator@SH01']],
  ['mason', 'huajian-team', '华建', []],
  ['foreman', 'huajian-team', '华建', ['teamLead@huajian-team']],
]
export const everybody = people.map(([id]) => id)

export type CourtPlant = {
  readonly vacant?: readonly string[]
  readonly also?: readonly (readonly [string, string])[]
  readonly unreachable?: readonly string[]
  readonly inactive?: readonly string[]
  readonly names?: Readonly<Record<string, string>>
}

export const courtPlant = ({ vacant = [], also = [], unreachable = [], inactive = [], names = {} }: CourtPlant = {}): Plant => {
  const persons = new Map<string, PlantPerson>(
    people.map(([id, team, company]) => [
      id,
      { id, name: names[id] ?? `名${id}`, team, company, active: !inactive.includes(id) },
    ]),
  )
  const held = [...people.flatMap(([id, , , roles]) => roles.map((role) => [id, role] as const)), ...also]
  const reachable = (id: string): boolean => persons.get(id)?.active === true && !unreachable.includes(id)
  return {
    site: 'SH01',
    name: '滨海化工上海厂',
    timeZone: 'Asia/Shanghai',
    persons,
    areas: [],
    holders: (role, scope) => held.filter(([, name]) => name === `${role}@${scope}` && !vacant.includes(name)).map(([id]) => id),
    reachable,
    membersOf: (team) => [...persons.values()].filter((one) => one.team === team && reachable(one.id)).map(({ id }) => id),
    personOf: () => null,
    findPerson: (by) => ('employeeNo' in by && by.employeeNo === '10023' ? ['fitter'] : []),
  }
}

type Command = { readonly type: string } & Readonly<Record<string, unknown>>
export type Ruling = {
  readonly decision: Decision<{ readonly type: string }>
  readonly effects: readonly Effect[]
  readonly subject: string
}
type Waiting = Extract<Effect, { kind: 'command' }>

const account = (id: string) => ({ connection: 'c1', account: `acc-${id}` })
export const person = (id: string): Actor => ({
  kind: 'person',
  person: id,
  name: `名${id}`,
  account: account(id),
  conversation: 'direct',
})

export type CourtOptions = {
  readonly start?: string
  readonly plant?: Plant
  readonly rows?: readonly (IndexRow & { readonly subject: string })[]
}

/** All cards, points and contractors of a plant under the engine's own fold, with an inbox that takes each key once and clocks that strike; no database. */
export const createCourt = ({ start = '2026-11-24T02:00:00.000Z', plant, rows = [] }: CourtOptions = {}) => {
  const world = { plant: plant ?? courtPlant(), at: new Date(start), arrivals: 0, codes: 0 }
  const cases = new Map<string, Case>()
  const writes = noWrites()
  const overlay: Folding['overlay'] = new Map()
  const clocks = new Map<
    string,
    { readonly subject: string; readonly tag: string; readonly at: Date; readonly command: Command }
  >()
  const inbox = new Set<string>()
  const waiting: Waiting[] = []
  const effects: Effect[] = []
  const expected = new Set<string>()
  const known = {
    found: {
      get: (key: string) => rows.filter((row) => key.startsWith(`SH01\n${row.name}\n${row.key}\n`)),
    } as unknown as Known['found'],
    counted: { get: () => 0 } as unknown as Known['counted'],
    locked: new Set<string>(),
  }
  const locks = new Set<string>()
  const perform = (effect: Effect, on: Case): void => {
    effects.push(effect)
    if (effect.kind === 'setDeadline')
      clocks.set(`${on.id} ${effect.tag}`, { subject: on.id, tag: effect.tag, at: effect.at, command: effect.command })
    if (effect.kind === 'cancelDeadline') clocks.delete(`${on.id} ${effect.tag}`)
    if (effect.kind === 'command') waiting.push(effect)
    if (effect.kind === 'expect') expected.add(`${on.id} ${effect.command}`)
    if (effect.kind === 'forget') expected.delete(`${on.id} ${effect.command}`)
  }
  const folding = (): Folding => ({
    at: world.at,
    registry,
    plantOf: () => ({ revision: 1, plant: world.plant, accountsOf: () => [], personOf: () => null }),
    nextCode: (site, prefix) => {
      world.codes += 1
      return formatCode(prefix, site, '20261124', world.codes)
    },
    oneTimeCode: () => '40962718',
    keyed: () => '',
    lot: (subject, label) => lotOn('the secret of this court', world.at, subject, label),
    writes,
    cases,
    known,
    wants: { ...noWants(), locks },
    overlay,
    perform,
  })
  const rule = (actor: Actor, workflow: string, subject: string | null, command: Command): Ruling => {
    const before = effects.length
    const already = new Set(cases.keys())
    world.arrivals += 1
    const { decision } = runCommand(
      { site: 'SH01', workflow, subject, command, actor, arrival: `c1/${world.arrivals}` },
      folding(),
    )
    const opened = [...cases.keys()].find((id) => !already.has(id))
    return { decision, effects: effects.slice(before), subject: subject ?? opened ?? '' }
  }
  const deliverOne = ({ workflow, subject, key, command }: Waiting): Ruling | null => {
    if (inbox.has(key)) return null
    inbox.add(key)
    const prefix = registry.get(workflow)?.workflow.prefix.id ?? ''
    return rule({ kind: 'system' }, workflow, subject ?? idFor(prefix, key), command)
  }
  /** Delivers what waits; `pick` chooses the next, so that commands arrive in any order. */
  const deliver = (pick: (count: number) => number = () => 0): void => {
    for (let left = 500; waiting.length > 0; left -= 1) {
      if (left === 0) throw new Error('the commands lead to commands without end')
      const [next] = waiting.splice(pick(waiting.length) % waiting.length, 1)
      if (next) deliverOne(next)
    }
  }
  const strike = (): void => {
    for (let left = 500; ; left -= 1) {
      const due = [...clocks.values()].filter(({ at }) => at.getTime() <= world.at.getTime())
      const [first] = due.sort((a, b) => a.at.getTime() - b.at.getTime())
      if (!first) return
      if (left === 0) throw new Error(`the clock ${first.tag} strikes without end`)
      clocks.delete(`${first.subject} ${first.tag}`)
      const workflow = cases.get(first.subject)?.registered.workflow.name ?? ''
      rule({ kind: 'clock' }, workflow, first.subject, first.command)
      deliver()
    }
  }
  return {
    world,
    cases,
    clocks,
    effects,
    expected,
    locks,
    waiting,
    journal: () => writes.journal,
    /** A command as it is; what it leads to waits. */
    rule,
    /** A person's press or words, and everything they lead to. */
    by: (id: string, subject: string | null, command: Command): Ruling => {
      const ruling = rule(person(id), 'penalty', subject, command)
      deliver()
      return ruling
    },
    /** Sends effects of another workflow as the outbox would. */
    send: (sent: readonly Effect[]): readonly (Ruling | null)[] =>
      sent.flatMap((one) => (one.kind === 'command' ? [deliverOne(one)] : [])),
    deliver,
    strike,
    /** Time passes from clock to clock, so that each strikes at its own instant. */
    passes: (by: Millis): void => {
      const end = later(world.at, by)
      for (;;) {
        const next = [...clocks.values()].map(({ at }) => at.getTime()).sort((a, b) => a - b)[0]
        if (next === undefined || next > end.getTime()) break
        world.at = new Date(Math.max(next, world.at.getTime()))
        strike()
      }
      world.at = end
    },
    penalty: (id: string) => cases.get(id)?.state as unknown as PenaltyState,
    penalties: (): readonly { readonly id: string; readonly state: PenaltyState }[] =>
      [...cases.values()]
        .filter(({ registered }) => registered.workflow.name === 'penalty')
        .map(({ id, state }) => ({ id, state: state as unknown as PenaltyState })),
    points: (id: string) => cases.get(pointsSubject('SH01', id))?.state as unknown as PointsState | undefined,
    contractor: (quarter: string, name = '华建') =>
      cases.get(contractorSubject('SH01', name, quarter))?.state as unknown as ContractorState | undefined,
    rows: (): readonly IndexRow[] => [...overlay.values()].flatMap((one) => one.rows),
    reads: () => readsOf('SH01', known, noWants(), overlay),
    card: (subject: string, id: string): Card => {
      const on = cases.get(subject)
      if (!on?.state) throw new Error(`there is no ${subject}`)
      const reader = { person: id, account: account(id) }
      const view = { subject, revision: on.revision, reader, plant: world.plant, at: world.at, page: () => null }
      return on.registered.card(on.state, view)
    },
  }
}
export type Court = ReturnType<typeof createCourt>

export const because = ({ decision }: Pick<Ruling, 'decision'>): string =>
  decision.kind === 'refused' ? decision.because : `accepted ${decision.say?.words ?? ''}`.trim()

export const cardsTo = ({ effects }: Pick<Ruling, 'effects'>): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'showCard' && one.to.kind === 'person' ? [`${one.to.person} ${one.duty ?? '-'}`] : []))

export const callsOf = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'callOut' ? [`${one.target} ${one.event} ${String(one.body.person)}`] : []))

export const alarmsOf = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'alarm' ? [`${one.because} ${one.values.role ?? one.values.person ?? ''}`.trim()] : []))

/** An issue as a rule sends it, under a key of its own. */
export const issueEffect = (key: string, more: Partial<Issue> = {}): Effect => {
  const holder: Holder = { kind: 'person', id: 'fitter' }
  const at = '2026-11-24T02:00:00.000Z'
  const issue: Issue = {
    type: 'issue',
    holder,
    colour: 'yellow',
    cause: 'overdue',
    reason: '',
    case: key,
    code: null,
    round: 0,
    at,
    ...more,
  }
  return { kind: 'command', workflow: 'penalty', subject: null, key, command: issue }
}
export const issuedId = (key: string): string => idFor('pen', key)

/** Gives a card by rule and lets everything follow. */
export const give = (court: Court, key: string, more: Partial<Issue> = {}): string => {
  const [ruling] = court.send([issueEffect(key, { at: court.world.at.toISOString(), ...more })])
  court.deliver()
  if (ruling?.decision.kind !== 'accepted') throw new Error(`the card was refused: ${ruling ? because(ruling) : 'known key'}`)
  return issuedId(key)
}

/** Sentences that are true of every card, ledger and contractor at every moment; gives those that are not. */
export const untrue = (court: Court): readonly string[] =>
  [...court.cases.values()].flatMap(({ id, registered: { workflow, words }, state }) => {
    if (!state) return []
    const entries = court.journal().filter((one) => one.subject === id)
    const clocks = [...court.clocks.values()].filter((one) => one.subject === id)
    const asked = [...court.expected].filter((one) => one.startsWith(`${id} `))
    const todo = (workflow.index?.(state, id) ?? []).filter(({ name }) => name === 'todo')
    const folded = entries.reduce<typeof state | null>((so, { event }) => workflow.evolve(so, JSON.parse(String(event))), null)
    const isOpen = workflow.open(state)
    const claims: Readonly<Record<string, boolean>> = {
      'open: a clock': !isOpen || clocks.length > 0,
      'open: an owner': !isOpen || workflow.owner(state) !== null || todo.length === 0,
      'ended: no clock': isOpen || clocks.length === 0,
      'ended: nobody waits': isOpen || todo.length === 0,
      'ended: no words expected': isOpen || asked.length === 0,
      'the fold is the state': isDeepStrictEqual(folded, JSON.parse(JSON.stringify(state))),
      'every event has words': entries.every(({ event }) =>
        Object.hasOwn(words.history ?? {}, (JSON.parse(String(event)) as { type: string }).type),
      ),
    }
    return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [`${workflow.name} ${state.status}: ${claim}`]))
  })
