import { isDeepStrictEqual } from 'node:util'
import { type Case, type Folding, runCommand } from '../../src/engine/cases.ts'
import { type Known, noWants } from '../../src/engine/wants.ts'
import { noWrites } from '../../src/engine/writes.ts'
import { later, type Millis } from '../../src/lib/clock.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { lotOn } from '../../src/lib/lots.ts'
import { formatCode } from '../../src/rules/code.ts'
import type { Actor, Effect, FoundRow, IndexRow, Plant, Reader } from '../../src/workflows/workflow.ts'
import { accountOf, clock, type Deadline, type PlantChange, plantWith, type Result, registry } from './hazard-desk.ts'

export * from './hazard-desk.ts'

type Command = { readonly type: string } & Readonly<Record<string, unknown>>

export type DeskOptions = {
  readonly plant?: Plant
  readonly start?: string
  /** Rows that other subjects have published. */
  readonly rows?: readonly FoundRow[]
  /** Counters, by `name key`. */
  readonly counts?: Readonly<Record<string, number>>
  /** Its id, where cases of several desks meet. */
  readonly subject?: string
  /** The number of its code, likewise. */
  readonly number?: number
}

const matching = (rows: readonly FoundRow[], key: string): readonly FoundRow[] => {
  const [, name, of, from = '', most] = key.split('\n')
  return rows
    .filter((row) => row.name === name && row.key === of && row.at >= from)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, Number(most))
}

const knownFrom = ({ rows = [], counts = {} }: DeskOptions): Known => ({
  found: { get: (key: string) => matching(rows, key) } as unknown as Known['found'],
  counted: { get: (key: string) => counts[key.split('\n').slice(1).join(' ')] ?? 0 } as unknown as Known['counted'],
  locked: new Set(),
})

/** Where a case leads to in a desk: what stands after its effects. */
const createTray = (subject: () => string) => {
  const deadlines = new Map<string, Deadline>()
  const expected = new Set<string>()
  const all: Effect[] = []
  const note = (effect: Effect, on: { readonly id: string }): void => {
    all.push(effect)
    if (on.id !== subject()) return
    if (effect.kind === 'setDeadline') deadlines.set(effect.tag, { at: effect.at, command: effect.command })
    if (effect.kind === 'cancelDeadline') deadlines.delete(effect.tag)
    if (effect.kind === 'expect') expected.add(`${effect.command} ${effect.from.account}`)
    if (effect.kind === 'forget') for (const one of expected) if (one.startsWith(`${effect.command} `)) expected.delete(one)
  }
  return { deadlines, expected, all, note }
}

/**
 * One case of any workflow under the engine's own fold, without a database: what is decided, the deadlines and expectations that stand, every effect, and the
 * rows it publishes. The plant and the time may be changed between commands.
 */
export const createDesk = <S extends { readonly status: string }>(name: string, options: DeskOptions = {}) => {
  const registered = registry.get(name)
  if (!registered) throw new Error(`there is no workflow ${name}`)
  const { workflow } = registered
  const subject = options.subject ?? `${workflow.prefix.id}_0000000000000000000000001`
  const desk = { plant: options.plant ?? plantWith(), at: new Date(options.start ?? '2026-11-24T02:00:00.000Z'), arrivals: 0 }
  const cases = new Map<string, Case>()
  const writes = noWrites()
  const overlay: Folding['overlay'] = new Map()
  const locks = new Set<string>()
  const tray = createTray(() => subject)
  const folding = (): Folding => ({
    at: desk.at,
    registry,
    plantOf: () => ({ revision: 1, plant: desk.plant, accountsOf: () => [], personOf: () => null }),
    nextCode: (site, prefix) => formatCode(prefix, site, '20261124', options.number ?? 1),
    oneTimeCode: () => '40962718',
    keyed: (label) => sha256(`the secret of this desk\n${label}`),
    lot: (subject, label) => lotOn('the secret of this desk', desk.at, subject, label),
    writes,
    cases,
    known: knownFrom(options),
    wants: { ...noWants(), locks },
    overlay,
    perform: tray.note,
  })
  const run = (actor: Actor, command: Command, as: string = name, on: string = subject): Result => {
    const before = tray.all.length
    desk.arrivals += 1
    const request = { site: 'SH01', workflow: as, subject: on, command, actor, arrival: `c1/${desk.arrivals}` }
    const { decision } = runCommand(request, folding())
    return { decision, effects: tray.all.slice(before) }
  }
  const fire = (tag: string): Result => {
    const due = tray.deadlines.get(tag)
    if (!due) throw new Error(`no deadline ${tag}`)
    tray.deadlines.delete(tag)
    return run(clock, due.command)
  }
  const caseNow = (): Case | undefined => cases.get(subject)
  const state = (): S => caseNow()?.state as unknown as S
  const read = (reader: Reader) =>
    registered.card(state(), {
      subject,
      revision: caseNow()?.revision ?? 0,
      reader,
      plant: desk.plant,
      at: desk.at,
      page: () => null,
    })
  return {
    subject,
    workflow,
    words: registered.words,
    /** Runs a command; `as` sends it under the name of another workflow, as a forged button would. */
    run,
    /** As `run`, for a step that must be accepted. */
    must: (actor: Actor, command: Command): Result => {
      const result = run(actor, command)
      if (result.decision.kind !== 'accepted') throw new Error(`${command.type} was refused: ${result.decision.because}`)
      return result
    },
    state,
    exists: (): boolean => caseNow()?.state !== undefined && caseNow()?.state !== null,
    revision: (): number => caseNow()?.revision ?? 0,
    journal: () => writes.journal,
    tallies: () => writes.tally,
    deadlines: tray.deadlines,
    expected: tray.expected,
    /** Every effect so far. */
    effects: tray.all,
    locks,
    /** The rows that the case publishes now. */
    index: (): readonly IndexRow[] => overlay.get(subject)?.rows ?? [],
    /** The card as a person of the plant sees it. */
    card: (id: string) => read({ person: id, account: accountOf(id) }),
    cardFor: read,
    now: () => desk.at,
    passes: (by: Millis): void => {
      desk.at = later(desk.at, by)
    },
    /** The deadline fires as the engine fires it: its row is gone before the decision. */
    fire,
    /** Fires everything that is due by now, oldest first. Throws when a clock strikes again as soon as it has struck. */
    fireDue: (): readonly Result[] => {
      const results: Result[] = []
      for (;;) {
        const due = [...tray.deadlines].filter(([, { at }]) => at.getTime() <= desk.at.getTime())
        const [first] = due.sort(([, a], [, b]) => a.at.getTime() - b.at.getTime())
        if (!first) return results
        if (results.length >= 20) throw new Error(`the clock ${first[0]} strikes without end`)
        results.push(fire(first[0]))
      }
    },
    change: (change: PlantChange): void => {
      desk.plant = plantWith(change)
    },
    /** Another plant altogether, from now on. */
    setPlant: (plant: Plant): void => {
      desk.plant = plant
    },
    plant: () => desk.plant,
  }
}
export type Desk = ReturnType<typeof createDesk>

/** Who has something on their to-do list by this case, sorted. */
export const waitingFor = (desk: Pick<Desk, 'index'>): readonly string[] =>
  desk
    .index()
    .filter((row) => row.name === 'todo')
    .map(({ key }) => key)
    .sort()

/** Commands to other subjects, as they would go through the inbox. */
export const commandsOf = ({ effects }: Pick<Result, 'effects'>) =>
  effects.flatMap((effect) => (effect.kind === 'command' ? [effect] : []))

/** Sentences that are true of every case of every workflow at every moment; gives those that are not. */
export const untrue = (desk: Desk): readonly string[] => {
  const { workflow } = desk
  const state = desk.state()
  const entries = desk.journal().filter(({ subject }) => subject === desk.subject)
  const folded = entries.reduce<{ readonly status: string } | null>(
    (so, { event }) => workflow.evolve(so, JSON.parse(String(event))),
    null,
  )
  const claims: Readonly<Record<string, boolean>> = {
    'an open case has a clock': !workflow.open(state) || desk.deadlines.size > 0,
    'an open case has an owner, or the operators know that there is none':
      !workflow.open(state) || workflow.owner(state) !== null || desk.effects.some((one) => one.kind === 'alarm'),
    'an ended case has no clock': workflow.open(state) || desk.deadlines.size === 0,
    'an ended case waits for nobody': workflow.open(state) || waitingFor(desk).length === 0,
    'an ended case asks nobody for words': workflow.open(state) || desk.expected.size === 0,
    'the fold of the journal is the state': isDeepStrictEqual(
      JSON.parse(JSON.stringify(folded)),
      JSON.parse(JSON.stringify(state)),
    ),
    'every event has words in the history': entries.every(({ event }) =>
      Object.hasOwn(desk.words.history ?? {}, String((JSON.parse(String(event)) as { type: string }).type)),
    ),
  }
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]))
}
