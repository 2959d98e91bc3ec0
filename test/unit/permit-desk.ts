import type { Millis } from '../../src/lib/clock.ts'
import { anyPoint, gasNeeds } from '../../src/rules/permits/gas-window.ts'
import type { WorkType } from '../../src/rules/permits/rule-pack.ts'
import { frozenRules } from '../../src/workflows/permit/common.ts'
import { openNeeds } from '../../src/workflows/permit/gate.ts'
import type { PermitState } from '../../src/workflows/permit/permit.ts'
import { openLines, unbriefed } from '../../src/workflows/permit/prepare.ts'
import type { Facts, FoundRow, Plant } from '../../src/workflows/workflow.ts'
import { createDesk, person, type Result, system } from './desk.ts'
import { calm, middle, permitPlant, pin, pinRows, weatherRow } from './permit-plant.ts'
import { type Sample, sampleOf } from './permit-works.ts'

type Command = { readonly type: string } & Readonly<Record<string, unknown>>

export const morning = '2026-11-24T00:00:00.000Z'

export type Wish = {
  readonly sample?: Sample
  readonly plant?: Plant
  /** 08:00 of a Tuesday where nobody says. */
  readonly start?: string
  readonly rows?: readonly FoundRow[]
  /** The second, third … permit of a test has an id and a code of its own. */
  readonly number?: number
  /** Who stands in for somebody of the usual cast, by name. */
  readonly cast?: Readonly<Record<string, string>>
  /** Fields of the application instead of the usual ones. */
  readonly form?: Readonly<Record<string, string>>
}

/** Everybody who has a part in the jobs of these tests; `chen` has applied. */
const crew = { workLeader: ['wang'], workers: ['welder', 'fitter'], attendants: ['guard', 'guard2'] } as const
export const tools = '电焊机、角磨机、灭火器'

/** One permit under the engine's own fold, with the weather, PINs and other permits as rows that can be changed, and short words for what people do to it. */
export const createPermitDesk = (wish: Wish = {}) => {
  const sample = wish.sample ?? sampleOf('hot', 'two')
  const plant = wish.plant ?? permitPlant({ profile: sample.profile ?? 'hazchem' })
  const rows: FoundRow[] = [...pinRows(plant), ...(wish.rows ?? [])]
  const desk = createDesk<PermitState>('permit', {
    ...{ plant, start: wish.start ?? morning, rows },
    ...(wish.number ? { number: wish.number, subject: `per_${String(wish.number).padStart(25, '0')}` } : {}),
  })
  const put = (name: string, ...found: readonly FoundRow[]): void => {
    rows.splice(0, rows.length, ...rows.filter((row) => row.name !== name), ...found)
  }
  /** The feed says now what it sees: calm, where nobody says what. */
  const weather = (seen: Parameters<typeof weatherRow>[1] = calm): void => put('weather', weatherRow(desk.now(), seen))
  weather()
  const played = (who: string): string => wish.cast?.[who] ?? who
  const by = (who: string, command: Command): Result => desk.run(person(played(who)), command)
  const must = (who: string, command: Command): Result => desk.must(person(played(who)), command)
  const digits = (): string => {
    const shown = must('wang', { type: 'showCode' })
    return shown.decision.kind === 'accepted' ? (shown.decision.say?.values.digits ?? '') : ''
  }
  const position = (spot = middle, accuracy = 10, age: Millis = 0): string =>
    `${spot.lat},${spot.lng},${accuracy},${desk.now().getTime() - age}`
  /** Code, position and PIN as they are right at this instant. */
  const proof = () => ({ digits: digits(), position: position(), pin })
  const facts = (): Facts =>
    ({ at: desk.now(), plant: desk.plant(), subject: desk.subject, read: () => [], count: () => 0 }) as unknown as Facts
  const rules = () => frozenRules(desk.state(), facts()).rules
  return {
    ...desk,
    ...{ sample, rows, put, weather, played, by, do: must, digits, position, proof, rules },
    asSystem: (command: Command): Result => desk.run(system, command),
  }
}
export type PermitDesk = ReturnType<typeof createPermitDesk>

const application = ({ sample, now, played }: PermitDesk, form: Wish['form'] = {}): Command => ({
  type: 'fill',
  ...Object.fromEntries(Object.entries(sample.answers).map(([id, answer]) => [`q_${id}`, answer])),
  ...{
    what: '更换法兰',
    area: 'pump-3',
    point: 'P-301 出口',
    outdoors: '是',
    from: now().toISOString(),
    hours: String(sample.hours),
  },
  ...Object.fromEntries(Object.entries(crew).map(([field, ids]) => [field, ids.map((id) => `名${played(id)}`).join('、')])),
  tools,
  ...form,
})

/** A value of every measurement that the pack asks for at every point, all good; taken so long ago. */
export const takeGas = (desk: PermitDesk, age: Millis = 0, change: Readonly<Record<string, string>> = {}): void => {
  const { gas } = desk.rules()
  const needs = gas ? gasNeeds(gas, desk.state().answers) : null
  if (needs?.kind !== 'needs') return
  const readings = {
    combustible: { substance: 'methane', value: '0.1', unit: 'vol%' },
    oxygen: { substance: 'oxygen', value: '20.9', unit: 'vol%' },
    toxic: { substance: 'hydrogenSulfide', value: '2', unit: 'mg/m3' },
  } as const
  const sampledAt = new Date(desk.now().getTime() - age).toISOString()
  for (const { kind, point } of needs.needs) {
    const where = point === anyPoint ? '作业点' : point
    const of = { instrument: 'GD-07', calibrationDue: '2027-03-01', sampledAt }
    desk.do('analyst', { type: 'recordGas', kind, ...readings[kind], point: where, ...of, ...change })
  }
}

const confirmMeasures = (desk: PermitDesk): void => {
  for (let turns = 0; desk.state().status === 'measures'; turns += 1) {
    const [line] = openLines(desk.rules(), desk.state())
    if (!line || turns > 60) throw new Error('the measures do not end')
    desk.do('welder', { type: 'confirmMeasure', line: line.id, involved: 'yes', value: line.asks ? '2' : '' })
  }
}

const briefEverybody = (desk: PermitDesk): void => {
  desk.do('wang', { type: 'brief' })
  for (const id of unbriefed(desk.state())) desk.must(person(id), { type: 'receiveBriefing' })
}

/** Everybody signs whose turn it is before the work is issued, each at the work point where the standard asks it. */
export const signAll = (desk: PermitDesk): void => {
  for (const who of desk.sample.signs) desk.do(who.replace('!', ''), { type: 'sign', ...desk.proof() })
}

/** Everything that the gate asks but the start itself. */
export const readyToStart = (desk: PermitDesk): void => {
  if (desk.state().chain.some(({ kind }) => kind === 'beforeStart')) desk.do('prodLead', { type: 'sign', ...desk.proof() })
  for (const { id } of openNeeds(desk.rules(), desk.state())) desk.do('wang', { type: 'declare', need: id })
  takeGas(desk)
  desk.do('guard', { type: 'checkIn', ...desk.proof() })
  desk.weather()
}

export const counted = { people: '2', tools: '3' } as const

const acceptAll = (desk: PermitDesk): void => {
  for (const who of desk.sample.accepts) desk.do(who, { type: 'sign', pin })
}

type Step = (desk: PermitDesk, wish: Wish) => void
/** How a permit gets from one stage of its life to the next. */
const steps = {
  draft: (desk) => void desk.do('chen', { type: 'apply', text: `申请${desk.sample.said}作业` }),
  filled: (desk, { form }) => void desk.do('chen', application(desk, form)),
  jsa: (desk) => void desk.do('chen', { type: 'submit' }),
  measures: (desk) => void desk.do('wang', { type: 'confirmJsa' }),
  briefing: confirmMeasures,
  signing: briefEverybody,
  issued: signAll,
  ready: readyToStart,
  active: (desk) => void desk.do('wang', { type: 'start' }),
  completed: (desk) => void desk.do('wang', { type: 'complete', ...counted }),
  accepted: acceptAll,
} as const satisfies Readonly<Record<string, Step>>
export type Stage = keyof typeof steps
export const stages = Object.keys(steps) as readonly Stage[]

/** Brings a permit that is at a stage to a later one, at one instant. */
export const goOn = (desk: PermitDesk, from: Stage, to: Stage, wish: Wish = {}): PermitDesk => {
  for (const stage of stages.slice(stages.indexOf(from) + 1, stages.indexOf(to) + 1)) steps[stage](desk, wish)
  return desk
}

/** A permit at a stage of its life, brought there by the ordinary way at one instant. */
export const permitAt = (stage: Stage, wish: Wish = {}): PermitDesk => {
  const desk = createPermitDesk(wish)
  steps.draft(desk)
  return goOn(desk, 'draft', stage, wish)
}

/** As `permitAt`, for a work at a level of its own. */
export const issuedPermit = (work: WorkType, level = 'only', wish: Wish = {}): PermitDesk =>
  permitAt('issued', { ...wish, sample: sampleOf(work, level) })

/** What a permit takes up, as others at its place read it. */
export const rowsOf = (desk: PermitDesk): readonly FoundRow[] => desk.index().map((row) => ({ ...row, subject: desk.subject }))
