import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { missingStages } from '../../src/workflows/hazard/photos.ts'
import type { Stage } from '../../src/workflows/hazard/proof.ts'
import {
  because,
  clock,
  fileNamed,
  type HazardDesk,
  hazardDesk,
  otherCode,
  type PlantChange,
  person,
  plan,
  type Result,
  report,
  type Status,
  stranger,
  system,
} from './hazard-govern-desk.ts'
import { follow, type Model, newModel, predict, type Step } from './hazard-model.ts'
import { broken, forged } from './hazard-model-claims.ts'

/** Who presses: somebody by name, or whoever has the case now. */
const someone: fc.Arbitrary<string> = fc.constantFrom(
  '@owner',
  '@owner',
  '@owner',
  'welder',
  'lead',
  'lead',
  'head',
  'head',
  'director',
  'principal',
  'principal',
  'officerA',
  'officerProd',
  'safetyDirector',
  'areaOwner',
  'worker',
  'fitter',
  'admin',
  '?stranger',
)
const owner = fc.constantFrom('fitter', 'worker', 'lead', 'officerA', 'head', 'principal', 'nobody')
const reason = fc.constantFrom('', '仍在漏', '已在检修计划内')
const area = fc.constantFrom('pump-3', 'yard', 'nowhere')
const colour = fc.constantFrom('red', 'orange', 'yellow', 'blue', 'purple')
const severity = fc.constantFrom('', '', 'general', 'general', 'order10', 'bogus')
const of = (type: string, more: Readonly<Record<string, fc.Arbitrary<string>>> = {}) =>
  fc.record({ kind: fc.constant('act' as const), who: someone, type: fc.constant(type), ...more }) as fc.Arbitrary<{
    readonly kind: 'act'
    readonly who: string
    readonly type: string
  }>
const plain = [
  'addToReport',
  'startRectify',
  'addEvidence',
  'showDuring',
  'showReport',
  'submit',
  'sign',
  'sign',
  'confirmRepair',
]
const act = fc.oneof(
  ...plain.map((type) => of(type)),
  ...['approve', 'approve', 'resume', 'takeOver', 'explain'].map((type) => of(type)),
  ...['reject', 'reopen', 'sendBack'].map((type) => of(type, { reason })),
  of('accept', { area, colour }),
  of('triage', { area, colour, owner, severity, direct: fc.constantFrom('', '垫片老化') }),
  of('regrade', {
    reason,
    severity: fc.constantFrom('', 'general', 'order10'),
    colour: fc.constantFrom('red', 'orange', 'yellow', 'blue'),
  }),
  of('proposePlan', { owner }),
  of('extend', { until: fc.constantFrom('', '5天'), interim: fc.constantFrom('', '接油盘') }),
  of('defer', { until: fc.constantFrom('', '20天'), interim: fc.constantFrom('', '接油盘') }),
  of('handOver', { owner }),
  of('merge', { into: fc.constantFrom('', 'other', 'unknown'), reason }),
)
const move = fc.oneof(
  { weight: 16, arbitrary: act },
  { weight: 22, arbitrary: fc.constant({ kind: 'onward' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'again' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'fire' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('jump' as const), hours: fc.integer({ min: -30, max: 900 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('early' as const),
      type: fc.constantFrom('climb', 'callOverdue', 'redraw', 'callDecider', 'callTakeOver', 'endDeferral'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('verdict' as const), passes: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('photo' as const), good: fc.boolean(), pick: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('other' as const), comes: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lost' as const),
      who: someone,
      duty: fc.constantFrom('triage', 'accept', 'rectify', 'verify', 'overdue', 'answer', 'plan', 'decide', ''),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      unreachable: fc.subarray(['lead', 'head', 'director', 'principal', 'officerA', 'officerB', 'fitter', 'worker']),
    }),
  },
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

const asked = { until: '5天', interim: '接油盘' }
/** The ordinary next step, so that the game also gets far; a case that has ended comes back now and then by the other moves. */
const onward: Readonly<Record<Status, readonly Step[]>> = {
  reported: [
    { who: 'lead', type: 'triage', colour: 'orange', area: 'pump-3', owner: 'fitter', severity: '', direct: '垫片老化' },
    { who: 'lead', type: 'triage', colour: 'orange', area: 'pump-3', owner: 'fitter', severity: 'order10', direct: '垫片老化' },
    { who: 'lead', type: 'triage', colour: 'blue', area: 'yard', owner: 'fitter', severity: '', direct: '' },
    { who: 'lead', type: 'merge', into: 'other', reason: '同一处' },
    { who: 'lead', type: 'reject', reason: '误报' },
  ],
  triaged: [{ who: '@owner', type: 'accept', colour: '', area: '' }],
  listed_pending: [
    { who: 'officerA', type: 'proposePlan', owner: 'fitter' },
    { who: 'principal', type: 'approve' },
  ],
  accepted: [{ who: '@owner', type: 'startRectify' }],
  rectifying: [
    { who: '@owner', type: 'sign' },
    { who: 'areaOwner', type: 'confirmRepair' },
    { who: '@owner', type: 'submit' },
    { who: '@owner', type: 'sign' },
    { who: 'lead', type: 'explain' },
    { who: 'areaOwner', type: 'confirmRepair' },
    { who: '@owner', type: 'extend', ...asked },
    { who: '@owner', type: 'defer', ...asked },
    { who: 'head', type: 'approve' },
    { who: 'director', type: 'approve' },
  ],
  deferred: [{ who: '@owner', type: 'resume' }],
  submitted: [],
  verifying: [{ who: '@system', type: 'passes' }],
  verified: [{ who: 'principal', type: 'approve' }],
  closed: [],
  rejected: [],
  merged: [],
}

/** How an owner sends what is still missing. */
const sends = (stage: Stage): readonly Step[] => [
  { who: '@owner', type: stage === 'during' ? 'showDuring' : stage === 'report' ? 'showReport' : 'startRectify' },
  { who: '@owner', type: 'addEvidence' },
]

type Game = { readonly desk: HazardDesk; readonly model: Model; last: Step | null; count: number }

const texts = { text: '还在漏', files: [], place: null }
const commandOf = (step: Step, { desk, count }: Game) => {
  const { who: _, file, ...command } = step
  const seat = desk.state().seats?.find(({ outcome, verifier }) => outcome === null && verifier !== null)
  switch (step.type) {
    case 'addToReport':
      return { type: step.type, ...texts }
    case 'addEvidence':
      return { type: step.type, text: '', files: [fileNamed(file ?? '')] }
    case 'triage':
      return { ...command, indirect: step.direct ?? '', control: step.direct ?? '' }
    case 'explain':
      return { type: 'explain', direct: '老化', indirect: '点检缺失', control: '接油盘' }
    case 'proposePlan':
      return { ...plan, deadline: '2027-06-30', owner: step.owner }
    case 'sign':
    case 'confirmRepair':
      return { type: step.type, reason: '本人确认' }
    case 'extend':
    case 'defer':
      return { ...command, reason: step.until === '' ? '' : '等备件' }
    case 'merge':
      return { ...command, into: step.into === 'other' ? otherCode : step.into === 'unknown' ? '1124-0009' : '' }
    case 'climb':
      return { type: 'climb', rung: Math.max(0, desk.state().rung) }
    case 'passes':
    case 'returns':
      return {
        type: 'recordVerdict',
        verdict: seat?.verdict ?? '',
        outcome: step.type === 'passes' ? 'passed' : 'vetoed',
        reason: '仍在漏',
      }
    case 'absorb':
      return { type: 'absorb', from: 'haz_9', code: `YH-${count}`, text: '' }
    case 'comeBack':
      return { type: 'comeBack', code: desk.state().merged?.code ?? '' }
    default:
      return command
  }
}

const actorOf = (who: string) =>
  who === '@clock' ? clock : who === '@system' ? system : who.startsWith('?') ? stranger(who.slice(1)) : person(who)

/** Plays one command against case and model, and asks both whether they agree. */
const play = (
  step: Step,
  game: Game,
  run: () => Result = () => game.desk.run(actorOf(step.who), commandOf(step, game)),
): void => {
  const { desk, model } = game
  const wanted = step.who.startsWith('?') && step.type !== 'reopen' ? 'no' : predict(model, step, desk)
  const before = JSON.stringify(desk.state())
  const result = run()
  const said = `${JSON.stringify(step)} in ${model.status}: model ${wanted}, case ${because(result)}`
  if (wanted !== 'any') expect(result.decision.kind === 'refused', said).toBe(wanted === 'no')
  if (result.decision.kind === 'refused' || wanted === 'asks') expect(JSON.stringify(desk.state()), said).toBe(before)
  else {
    if (wanted !== 'any') expect(desk.state().status, said).toBe(wanted)
    follow(model, step, desk.state().status, result, desk)
  }
  game.last = step
  expect(broken(model, desk), said).toEqual([])
}

const resolve = (who: string, { model }: Game): string => (who === '@owner' ? (model.owner ?? 'fitter') : who)

const fireDue = (game: Game): void => {
  const { desk } = game
  for (let turns = 0; turns < 12; turns += 1) {
    const due = [...desk.deadlines].find(([, { at }]) => at.getTime() <= desk.now().getTime())
    if (!due) return
    const [tag, { command }] = due
    play({ who: '@clock', type: command.type }, game, () => desk.fire(tag))
  }
  throw new Error('a clock that strikes at once when it has struck')
}

const photo = (good: boolean, pick: number, { desk, model }: Game): void => {
  const waiting = desk.state().files.filter(({ state }) => state === 'fetching')
  const file = waiting[pick % Math.max(1, waiting.length)]
  if (!file) return
  const exif = { takenAt: null, lat: null, lng: null, datum: null }
  const stored = { type: 'storePhoto', file: file.id, original: 'o', watermarked: 'w', thumbnail: 't', exif }
  desk.must(system, good ? stored : { type: 'refusePhoto', file: file.id, because: 'corrupt', original: null })
  expect(broken(model, desk)).toEqual([])
}

type Moves = { readonly [K in Exclude<Move['kind'], 'act'>]: (move: Extract<Move, { kind: K }>, game: Game) => void }
const moves: Moves & {
  readonly act: (move: { readonly kind: 'act'; readonly who: string; readonly type: string }, game: Game) => void
} = {
  act: ({ kind: _, who, ...rest }, game) => {
    game.count += 1
    play({ ...rest, who: resolve(who, game), file: `fil_${game.count}` }, game)
  },
  onward: (_, game) => {
    const missing = game.model.status === 'rectifying' ? missingStages(game.desk.state())[0] : undefined
    const steps = missing === undefined ? onward[game.model.status] : sends(missing)
    const next = steps[game.count % Math.max(1, steps.length)]
    game.count += 1
    if (next) moves.act({ ...next, kind: 'act' }, game)
  },
  again: (_, game) => game.last && play(game.last, game),
  wait: (move, game) => game.desk.passes(minutes(move.minutes)),
  fire: (_, game) => {
    const first = [...game.desk.deadlines.values()].map(({ at }) => at.getTime()).sort((a, b) => a - b)[0]
    if (first !== undefined) game.desk.passes(Math.max(0, first - game.desk.now().getTime()))
    fireDue(game)
  },
  jump: (move, game) => {
    game.desk.passes(hours(move.hours))
    fireDue(game)
  },
  early: ({ type }, game) => play({ who: '@clock', type }, game),
  verdict: ({ passes }, game) => play({ who: '@system', type: passes ? 'passes' : 'returns' }, game),
  photo: ({ good, pick }, game) => photo(good, pick, game),
  other: ({ comes }, game) => {
    game.count += 1
    play({ who: '@system', type: comes ? 'comeBack' : 'absorb' }, game)
  },
  lost: ({ who, duty }, game) => play({ who: '@system', type: 'reportUnreachable', person: resolve(who, game), duty }, game),
  plant: ({ unreachable }, game) => game.desk.change({ unreachable } satisfies PlantChange),
}

test('a case and a model written apart agree on every step, whatever people, clocks and messengers do', () => {
  const reached = new Set<Status>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 80, size: 'max' }), (game) => {
      const desk = hazardDesk()
      const table: Game = { desk, model: newModel(), last: null, count: 0 }
      const first = desk.must(person('welder'), report())
      follow(table.model, { who: 'welder', type: 'report' }, 'reported', first, desk)
      for (const one of game) {
        desk.passes(1)
        ;(moves[one.kind] as (move: Move, game: Game) => void)(one, table)
        reached.add(desk.state().status)
      }
      expect(forged(desk)).toEqual([])
    }),
    { numRuns: 350, seed: 20261124 },
  )
  expect([...reached].sort()).toEqual(
    [
      'accepted',
      'closed',
      'deferred',
      'listed_pending',
      'merged',
      'rectifying',
      'rejected',
      'reported',
      'submitted',
      'triaged',
      'verified',
      'verifying',
    ].sort(),
  )
})
