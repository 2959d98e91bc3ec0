import { type Case, type Folding, runCommand } from '../../src/engine/cases.ts'
import { type Known, noWants } from '../../src/engine/wants.ts'
import { noWrites } from '../../src/engine/writes.ts'
import { later, type Millis } from '../../src/lib/clock.ts'
import { idFor } from '../../src/lib/id.ts'
import { lotOn } from '../../src/lib/lots.ts'
import { formatCode } from '../../src/rules/code.ts'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { VerdictState } from '../../src/workflows/verdict/verdict.ts'
import type { Actor, Decision, Effect, FoundRow, Plant, PlantPerson } from '../../src/workflows/workflow.ts'
import { accountOf, clock, evidence, person, plantWith, registry, report, system, triage } from './hazard-desk.ts'

export * from './hazard-desk.ts'

export const secret = 'the secret of this desk'
export const hazardId = 'haz_0000000000000000000000001'

type Command = { readonly type: string } & Readonly<Record<string, unknown>>
type Result = { readonly decision: Decision<{ readonly type: string }>; readonly effects: readonly Effect[] }
type Clock = { readonly subject: string; readonly tag: string; readonly at: Date; readonly command: Command }

/** The small plant with officers of five more teams, so that the two who verify have others to hide among. */
export const wide = (change: Parameters<typeof plantWith>[0] = {}): Plant => {
  const plant = plantWith(change)
  const more: readonly PlantPerson[] = [1, 2, 3, 4].map((n) => ({
    id: `officer${n}`,
    name: `名officer${n}`,
    team: `team${n}`,
    company: '滨海化工',
    active: !(change.inactive ?? []).includes(`officer${n}`),
  }))
  const persons = new Map([...plant.persons, ...more.map((one) => [one.id, one] as const)])
  return {
    ...plant,
    persons,
    reachable: (id) => persons.get(id)?.active === true && !(change.unreachable ?? []).includes(id),
    holders: (role, scope) =>
      role === 'safetyOfficer' && scope === 'SH01' && plant.holders(role, scope).length > 0
        ? [...plant.holders(role, scope), ...more.map(({ id }) => id)].sort()
        : plant.holders(role, scope),
  }
}

export type HallOptions = { readonly plant?: Plant; readonly start?: string; readonly rows?: readonly FoundRow[] }

const matching = (rows: readonly FoundRow[], key: string): readonly FoundRow[] => {
  const [, name, of, from = '', most] = key.split('\n')
  return rows.filter((row) => row.name === name && row.key === of && row.at >= from).slice(0, Number(most))
}

/**
 * A hazard and the verdicts about it under the engine's own fold, without a database. Commands of one subject to another wait in a tray until `delivers`, as they
 * wait in the outbox; each is taken once, whatever its key.
 */
export const createHall = (options: HallOptions = {}) => {
  const hall = { plant: options.plant ?? wide(), at: new Date(options.start ?? '2026-11-24T02:00:00.000Z'), arrivals: 0 }
  const cases = new Map<string, Case>()
  const writes = noWrites()
  const overlay: Folding['overlay'] = new Map()
  const clocks: Clock[] = []
  const tray: Extract<Effect, { kind: 'command' }>[] = []
  const seen = new Set<string>()
  const sent: { readonly subject: string; readonly effect: Effect }[] = []
  const drop = (subject: string, tag: string): void => {
    const at = clocks.findIndex((one) => one.subject === subject && one.tag === tag)
    if (at >= 0) clocks.splice(at, 1)
  }
  const note = (effect: Effect, on: { readonly id: string }): void => {
    sent.push({ subject: on.id, effect })
    if (effect.kind === 'setDeadline' || effect.kind === 'cancelDeadline') drop(on.id, effect.tag)
    if (effect.kind === 'setDeadline') clocks.push({ subject: on.id, tag: effect.tag, at: effect.at, command: effect.command })
    if (effect.kind === 'command') tray.push(effect)
  }
  const folding = (): Folding => ({
    at: hall.at,
    registry,
    plantOf: () => ({ revision: 1, plant: hall.plant, accountsOf: () => [], personOf: () => null }),
    nextCode: (site, prefix) => formatCode(prefix, site, '20261124', 1),
    oneTimeCode: () => '',
    keyed: () => '',
    lot: (subject, label) => lotOn(secret, hall.at, subject, label),
    writes,
    cases,
    known: {
      found: { get: (key: string) => matching(options.rows ?? [], key) } as unknown as Known['found'],
      counted: { get: () => 0 } as unknown as Known['counted'],
      locked: { has: () => true } as unknown as Known['locked'],
    },
    wants: noWants(),
    overlay,
    perform: note,
  })
  const run = (actor: Actor, command: Command, subject = hazardId): Result => {
    const before = sent.length
    hall.arrivals += 1
    const workflow = subject.startsWith('haz') ? 'hazard' : 'verdict'
    const { decision } = runCommand(
      { site: 'SH01', workflow, subject, command, actor, arrival: `c1/${hall.arrivals}` },
      folding(),
    )
    return { decision, effects: sent.slice(before).map(({ effect }) => effect) }
  }
  const must = (actor: Actor, command: Command, subject = hazardId): Result => {
    const result = run(actor, command, subject)
    if (result.decision.kind !== 'accepted') throw new Error(`${command.type} was refused: ${result.decision.because}`)
    return result
  }
  /** Takes the oldest command that waits to its subject. */
  const deliver = (): Result | null => {
    const next = tray.shift()
    if (!next) return null
    const subject = next.subject ?? idFor('vdt', next.key)
    if (seen.has(next.key)) return deliver()
    seen.add(next.key)
    return run(system, next.command, subject)
  }
  const state = (): HazardState => cases.get(hazardId)?.state as unknown as HazardState
  const verdict = (id: string): VerdictState => cases.get(id)?.state as unknown as VerdictState
  const seat = (letter: 'A' | 'B') => state().seats?.find((one) => one.seat === letter)
  return {
    run,
    must,
    deliver,
    /** Takes every command that waits to its subject, and what follows from that. */
    delivers: (): void => {
      while (deliver());
    },
    state,
    verdict,
    verdicts: (): readonly (readonly [string, VerdictState])[] =>
      [...cases].filter(([id]) => id.startsWith('vdt')).map(([id, one]) => [id, one.state as unknown as VerdictState]),
    seat,
    /** Whoever sits on a seat, and the task that was given to them. */
    judge: (letter: 'A' | 'B') => ({ who: person(seat(letter)?.verifier ?? ''), task: seat(letter)?.verdict ?? '' }),
    card: (subject: string, who: string) => {
      const on = cases.get(subject)
      if (!on?.state) throw new Error(`there is no ${subject}`)
      const reader = { person: who, account: accountOf(who) }
      return on.registered.card(on.state, {
        subject,
        revision: on.revision,
        reader,
        plant: hall.plant,
        at: hall.at,
        page: () => null,
      })
    },
    maySee: (subject: string, who: string): boolean => {
      const on = cases.get(subject)
      return on?.state ? on.registered.workflow.maySee(on.state, { person: who, account: accountOf(who) }, hall.plant) : false
    },
    index: (subject: string) => overlay.get(subject)?.rows ?? [],
    journal: () => writes.journal,
    events: <T>(type: string): readonly T[] =>
      writes.journal.map((entry) => JSON.parse(String(entry.event))).filter((event) => event.type === type) as T[],
    sent,
    tray,
    clocks: (subject: string) =>
      clocks.filter((one) => one.subject === subject).map(({ tag, at }) => `${tag} ${at.toISOString()}`),
    now: () => hall.at,
    passes: (by: Millis): void => {
      hall.at = later(hall.at, by)
    },
    /** Strikes every clock that is due by now, the earliest first, and delivers what that leads to. */
    strikes: (): void => {
      for (let turns = 0; turns < 40; turns += 1) {
        const due = clocks.filter(({ at }) => at.getTime() <= hall.at.getTime())
        const first = due.sort((a, b) => a.at.getTime() - b.at.getTime())[0]
        if (!first) return
        drop(first.subject, first.tag)
        run(clock, first.command, first.subject)
        while (deliver());
      }
      throw new Error('a clock that strikes at once when it has struck')
    },
    /** One clock strikes now, as the engine strikes it: its row is gone before the decision. */
    fires: (subject: string, tag: string): Result => {
      const due = clocks.find((one) => one.subject === subject && one.tag === tag)
      if (!due) throw new Error(`no clock ${tag}`)
      drop(subject, tag)
      return run(clock, due.command, subject)
    },
    change: (plant: Plant): void => {
      hall.plant = plant
    },
    plant: () => hall.plant,
  }
}
export type Hall = ReturnType<typeof createHall>

export const fitter = person('fitter')
const during = { type: 'showDuring' }

export type Path = { readonly colour?: string; readonly owner?: string; readonly area?: string; readonly plant?: Plant }

/** A reported hazard, graded, taken on, and begun. */
export const begun = (path: Path = {}, options: HallOptions = {}): Hall => {
  const hall = createHall({ ...options, ...(path.plant ? { plant: path.plant } : {}) })
  const { colour = 'orange', owner = 'fitter', area = 'pump-3' } = path
  hall.must(person('welder'), report('3号泵房漏油，名lead 看过'))
  hall.must(person('lead'), { ...triage, colour, area, owner })
  hall.must(person(owner), { type: 'accept', colour: '', area: '' })
  hall.must(person(owner), { type: 'startRectify' })
  return hall
}

/** The evidence that an orange case wants, sent by its owner. */
export const shown = (hall: Hall, tag = '0'): Hall => {
  const owner = person(hall.state().owner ?? '')
  hall.must(owner, during)
  hall.must(owner, evidence(`fil_during${tag}`))
  hall.must(owner, { type: 'startRectify' })
  hall.must(owner, evidence(`fil_after${tag}`))
  return hall
}

export const signs = (hall: Hall): Result => hall.must(person(hall.state().owner ?? ''), { type: 'sign', reason: '本人确认' })

/** A case whose two verifiers have their tasks. */
export const underVerification = (path: Path = {}, options: HallOptions = {}): Hall => {
  const hall = shown(begun(path, options))
  signs(hall)
  hall.delivers()
  return hall
}

/** The blind copy of a picture has been made; the picture itself before it. */
export const developed = (hall: Hall, file: string): void => {
  if (hall.state().files.find(({ id }) => id === file)?.state === 'fetching')
    hall.must(system, {
      type: 'storePhoto',
      file,
      original: `o-${file}`,
      watermarked: `w-${file}`,
      thumbnail: `t-${file}`,
      exif: { takenAt: null, lat: null, lng: null, datum: null },
    })
  hall.must(system, { type: 'storeBlind', file, watermarked: `bw-${file}`, thumbnail: `bt-${file}` })
  hall.delivers()
}
