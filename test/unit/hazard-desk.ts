import { type Case, type Folding, runCommand } from '../../src/engine/cases.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { type Known, noWants } from '../../src/engine/wants.ts'
import { noWrites } from '../../src/engine/writes.ts'
import { later, type Millis } from '../../src/lib/clock.ts'
import { lotOn } from '../../src/lib/lots.ts'
import { formatCode } from '../../src/rules/code.ts'
import type { HazardState, NewFile } from '../../src/workflows/hazard/hazard.ts'
import type { LinkState } from '../../src/workflows/link/link.ts'
import type { Actor, Decision, Effect, Plant, PlantPerson } from '../../src/workflows/workflow.ts'

export const registry = createRegistry()

/** People of a small plant: id, team, roles as `role@scope`. Scope `SH01` is the site. */
const people: readonly (readonly [string, string, readonly string[]])[] = [
  ['welder', 'mech', []],
  ['lead', 'mech', ['teamLead@mech']],
  ['fitter', 'prod', []],
  ['prodLead', 'prod', ['teamLead@prod']],
  ['areaOwner', 'prod', []],
  ['worker', 'yard', []],
  ['head', 'equipment', ['deptHead@SH01']],
  ['director', 'board', ['productionDirector@SH01']],
  ['safetyDirector', 'ehs', ['safetyDirector@SH01']],
  ['officerA', 'ehs', ['safetyOfficer@SH01']],
  ['officerB', 'power', ['safetyOfficer@SH01']],
  ['officerProd', 'prod', ['safetyOfficer@SH01']],
  ['admin', 'it', ['administrator@SH01']],
  ['principal', 'board', ['principal@SH01']],
]

export type PlantChange = {
  readonly unreachable?: readonly string[]
  readonly inactive?: readonly string[]
  /** Roles that nobody holds, as `role@scope`. */
  readonly vacant?: readonly string[]
  /** Roles held besides, as `[person, role@scope]`. */
  readonly also?: readonly (readonly [string, string])[]
  readonly numbers?: Readonly<Record<string, { readonly employeeNo?: string; readonly mobile?: string }>>
}

/** The small plant with what the case at hand changes in it. */
export const plantWith = (change: PlantChange = {}): Plant => {
  const { unreachable = [], inactive = [], vacant = [], also = [], numbers = {} } = change
  const persons = new Map<string, PlantPerson>(
    people.map(([id, team]) => [id, { id, name: `名${id}`, team, company: '滨海化工', active: !inactive.includes(id) }]),
  )
  const held = [...people.flatMap(([id, , roles]) => roles.map((role) => [id, role] as const)), ...also]
  const holders = (role: string, scope: string): readonly string[] =>
    held
      .filter(([, name]) => name === `${role}@${scope}` && !vacant.includes(name))
      .map(([id]) => id)
      .sort()
  const reachable = (id: string): boolean => persons.get(id)?.active === true && !unreachable.includes(id)
  return {
    site: 'SH01',
    name: '滨海化工上海厂',
    timeZone: 'Asia/Shanghai',
    persons,
    areas: [
      { id: 'pump-3', name: '3号泵房', aliases: ['泵房'], owner: 'areaOwner', team: 'prod' },
      { id: 'yard', name: '厂区道路', aliases: [], owner: null, team: 'yard' },
    ],
    holders,
    reachable,
    membersOf: (team) => [...persons.values()].filter((one) => one.team === team && reachable(one.id)).map(({ id }) => id),
    personOf: () => null,
    findPerson: (by) =>
      Object.entries(numbers)
        .filter(
          ([id, one]) =>
            ('mobile' in by ? one.mobile === by.mobile : one.employeeNo === by.employeeNo) && persons.get(id)?.active,
        )
        .map(([id]) => id),
  }
}

export const accountOf = (id: string) => ({ connection: 'c1', account: `acc-${id}` })
export const person = (id: string): Actor => ({
  kind: 'person',
  person: id,
  name: `名${id}`,
  account: accountOf(id),
  conversation: 'direct',
})
export const stranger = (id: string): Actor => ({
  kind: 'stranger',
  name: `号${id}`,
  account: accountOf(id),
  conversation: 'direct',
})
export const clock: Actor = { kind: 'clock' }
export const system: Actor = { kind: 'system' }

export const fileNamed = (id: string, kind: NewFile['kind'] = 'photo'): NewFile => ({
  id,
  kind,
  connection: 'c1',
  ref: {},
  name: null,
})
export const noExif = { takenAt: null, lat: null, lng: null, datum: null }

type Command = { readonly type: string } & Readonly<Record<string, unknown>>
export type Deadline = { readonly at: Date; readonly command: Command }
export type Result = { readonly decision: Decision<{ readonly type: string }>; readonly effects: readonly Effect[] }

/**
 * One case under the engine's own fold, without a database: what is decided, the deadlines and expectations that stand, and every effect. The plant and
 * the time may be changed between commands.
 */
export const createDesk = (workflow: 'hazard' | 'link', plant: Plant = plantWith(), start = '2026-11-24T02:00:00.000Z') => {
  const subject = workflow === 'hazard' ? 'haz_0000000000000000000000001' : 'lnk_000000000000000000000000000001'
  const desk = { plant, at: new Date(start) }
  const cases = new Map<string, Case>()
  const writes = noWrites()
  const deadlines = new Map<string, Deadline>()
  const expected = new Set<string>()
  const links: Effect[] = []
  const overlay: Folding['overlay'] = new Map()
  let arrivals = 0
  let recent: Effect[] = []
  const note = (effect: Effect): void => {
    recent.push(effect)
    if (effect.kind === 'setDeadline') deadlines.set(effect.tag, { at: effect.at, command: effect.command })
    if (effect.kind === 'cancelDeadline') deadlines.delete(effect.tag)
    if (effect.kind === 'expect') expected.add(`${effect.command} ${effect.from.account}`)
    if (effect.kind === 'forget') for (const one of expected) if (one.startsWith(`${effect.command} `)) expected.delete(one)
    if (effect.kind === 'link') links.push(effect)
  }
  const folding = (): Folding => ({
    at: desk.at,
    registry,
    plantOf: () => ({ revision: 1, plant: desk.plant, accountsOf: () => [], personOf: () => null }),
    nextCode: (site, prefix) => formatCode(prefix, site, '20261124', 1),
    oneTimeCode: () => '40962718',
    keyed: () => '',
    lot: (subject, label) => lotOn('the secret of this desk', desk.at, subject, label),
    writes,
    cases,
    known: {
      found: { get: () => [] } as unknown as Known['found'],
      counted: { get: () => 0 } as unknown as Known['counted'],
      locked: new Set(),
    },
    wants: noWants(),
    overlay,
    perform: note,
  })
  const run = (actor: Actor, command: Command, as: string = workflow): Result => {
    recent = []
    arrivals += 1
    const request = { site: 'SH01', workflow: as, subject, command, actor, arrival: `c1/${arrivals}` }
    const { decision } = runCommand(request, folding())
    return { decision, effects: recent }
  }
  return {
    subject,
    /** Runs a command; `as` sends it under the name of another workflow, as a forged button would. */
    run,
    /** As `run`, for a step that must be accepted. */
    must: (actor: Actor, command: Command): Result => {
      const result = run(actor, command)
      if (result.decision.kind !== 'accepted') throw new Error(`${command.type} was refused: ${result.decision.because}`)
      return result
    },
    state: () => cases.get(subject)?.state as unknown as HazardState,
    link: () => cases.get(subject)?.state as unknown as LinkState,
    onTheDesk: () => cases.get(subject),
    revision: () => cases.get(subject)?.revision ?? 0,
    journal: () => writes.journal,
    deadlines,
    expected,
    links,
    now: () => desk.at,
    passes: (by: Millis): void => {
      desk.at = later(desk.at, by)
    },
    /** The deadline fires as the engine fires it: its row is gone before the decision. */
    fire: (tag: string): Result => {
      const due = deadlines.get(tag)
      if (!due) throw new Error(`no deadline ${tag}`)
      deadlines.delete(tag)
      return run(clock, due.command)
    },
    change: (change: PlantChange): void => {
      desk.plant = plantWith(change)
    },
    plant: () => desk.plant,
  }
}
export type Desk = ReturnType<typeof createDesk>

export const because = ({ decision }: Result): string =>
  decision.kind === 'refused' ? decision.because : `accepted ${decision.say?.words ?? ''}`
export const eventsOf = ({ decision }: Result): readonly string[] =>
  decision.kind === 'accepted' ? decision.events.map(({ type }) => type) : []

/** Who gets a card with a duty, as `person duty`, with `!` when it rings. */
export const dutiesOf = ({ effects }: Result): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'showCard' && effect.duty !== null
      ? [`${effect.to.kind === 'person' ? effect.to.person : effect.to.account} ${effect.duty}${effect.ring ? '!' : ''}`]
      : [],
  )
export const alarmsOf = ({ effects }: Result): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'alarm' ? [`${effect.because} ${effect.values.role ?? effect.values.person ?? ''}`] : [],
  )
export const noticesOf = ({ effects }: Result): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'notify' ? [`${effect.to.kind === 'person' ? effect.to.person : effect.to.account} ${effect.words}`] : [],
  )

export const report = (text = '3号泵房漏油', files = [fileNamed('fil_before0')]): Command => ({
  type: 'report',
  text,
  files,
  place: null,
})
/** What is asked of whoever grades an orange or red hazard. */
export const causes = { direct: '密封老化', indirect: '点检缺失', control: '接油盘并警戒' }
export const triage = { type: 'triage', colour: 'orange', area: 'pump-3', owner: 'fitter', ...causes }
export const evidence = (id: string, kind: NewFile['kind'] = 'photo'): Command => ({
  type: 'addEvidence',
  text: '',
  files: [fileNamed(id, kind)],
})
export const stored = (file: string): Command => ({
  type: 'storePhoto',
  file,
  original: `o-${file}`,
  watermarked: `w-${file}`,
  thumbnail: `t-${file}`,
  exif: noExif,
})
export const refusedPhoto = (file: string, why = 'corrupt'): Command => ({
  type: 'refusePhoto',
  file,
  because: why,
  original: null,
})

export const signature: Command = { type: 'sign', reason: '本人确认' }
/** What the case is told of the verdict on one of its seats. */
export const recorded = (desk: Desk, seat: 'A' | 'B', outcome = 'passed', reason = ''): Command => ({
  type: 'recordVerdict',
  verdict: desk.state().seats?.find((one) => one.seat === seat)?.verdict ?? 'vdt_nobody',
  outcome,
  reason,
})
/** Both verifiers pass the repair. */
export const passesBoth = (desk: Desk): Result => {
  desk.must(system, recorded(desk, 'A'))
  return desk.must(system, recorded(desk, 'B'))
}
/** One verifier returns the repair. */
export const returned = (desk: Desk, reason = '仍在漏'): Result => desk.must(system, recorded(desk, 'A', 'vetoed', reason))

export type Status = HazardState['status']
/** In the order of a case's life. */
export const statuses: readonly Status[] = [
  'reported',
  'triaged',
  'accepted',
  'rectifying',
  'submitted',
  'verifying',
  'closed',
  'rejected',
]

type Ordinary = 'reported' | 'triaged' | 'accepted' | 'rectifying' | 'verifying' | 'closed'
const steps: Readonly<Record<Ordinary, (desk: Desk) => void>> = {
  reported: (desk) => desk.must(person('welder'), report()),
  triaged: (desk) => desk.must(person('lead'), triage),
  accepted: (desk) => desk.must(person('fitter'), { type: 'accept', colour: '', area: '' }),
  rectifying: (desk) => {
    desk.must(person('fitter'), { type: 'startRectify' })
    desk.must(person('fitter'), { type: 'showDuring' })
    desk.must(person('fitter'), evidence('fil_during0'))
    desk.must(person('fitter'), { type: 'startRectify' })
    desk.must(person('fitter'), evidence('fil_after00'))
  },
  verifying: (desk) => desk.must(person('fitter'), signature),
  closed: (desk) => passesBoth(desk),
}

/** Brings a fresh case to a status by the ordinary way, ten minutes a step, the ladder climbed once on the way so that the head was called too. */
export const caseIn = (status: Status): Desk => {
  const desk = createDesk('hazard', plantWith(status === 'submitted' ? { vacant: ['safetyOfficer@SH01'] } : {}))
  for (const [at, step] of Object.entries(steps)) {
    step(desk)
    desk.passes(600_000)
    if (at === 'reported') desk.must(clock, { type: 'climb', rung: 1 })
    if (desk.state().status === status) return desk
    if (status === 'rejected' && at === 'reported') break
  }
  desk.must(person('lead'), { type: 'reject', reason: '已在检修计划内' })
  return desk
}
