import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import {
  because,
  clock,
  createDesk,
  type Desk,
  fileNamed,
  type PlantChange,
  person,
  type Result,
  report,
  type Status,
  statuses,
  stranger,
  system,
} from './hazard-desk.ts'
import { broken, follow, type Model, newModel, predict, type Step } from './hazard-model.ts'

/** Who presses: somebody by name, or whoever has the case now. */
const someone: fc.Arbitrary<string> = fc.constantFrom(
  '@owner',
  '@owner',
  '@verifier',
  '@verifier',
  'welder',
  'lead',
  'head',
  'director',
  'officerA',
  'officerB',
  'officerProd',
  'safetyDirector',
  'worker',
  'fitter',
  'admin',
  '?stranger',
)
const reason = fc.constantFrom('', '仍在漏', '已在检修计划内')
const values = { area: fc.constantFrom('pump-3', 'yard', 'nowhere'), colour: fc.constantFrom('red', 'orange', 'blue', 'purple') }
const act = fc.oneof(
  fc.record({
    kind: fc.constant('act' as const),
    who: someone,
    type: fc.constantFrom('addToReport', 'startRectify', 'addEvidence', 'submit', 'submit', 'pass'),
  }),
  fc.record({ kind: fc.constant('act' as const), who: someone, type: fc.constantFrom('reject', 'veto', 'reopen'), reason }),
  fc.record({ kind: fc.constant('act' as const), who: someone, type: fc.constant('accept'), ...values }),
  fc.record({
    kind: fc.constant('act' as const),
    who: someone,
    type: fc.constant('triage'),
    ...values,
    owner: fc.constantFrom('fitter', 'worker', 'lead', 'officerA', 'nobody'),
  }),
)
const move = fc.oneof(
  { weight: 12, arbitrary: act },
  { weight: 8, arbitrary: fc.constant({ kind: 'onward' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'again' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'fire' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('jump' as const), hours: fc.integer({ min: -30, max: 900 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('early' as const), type: fc.constantFrom('climb', 'callOverdue', 'redraw') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('photo' as const), good: fc.boolean(), pick: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lost' as const),
      who: someone,
      duty: fc.constantFrom('triage', 'accept', 'rectify', 'verify', 'overdue', 'answer', ''),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      unreachable: fc.subarray(['lead', 'head', 'director', 'officerA', 'officerB', 'fitter', 'worker']),
    }),
  },
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

/** The ordinary next step, so that the game also gets far; a case that has ended comes back now and then by the other moves. */
const onward: Readonly<Record<Status, Step | null>> = {
  reported: { who: 'lead', type: 'triage', colour: 'orange', area: 'pump-3', owner: 'fitter' },
  triaged: { who: '@owner', type: 'accept', colour: '', area: '' },
  accepted: { who: '@owner', type: 'startRectify' },
  rectifying: { who: '@owner', type: 'addEvidence' },
  submitted: null,
  verifying: { who: '@verifier', type: 'pass' },
  closed: null,
  rejected: null,
}

type Game = { readonly desk: Desk; readonly model: Model; last: Step | null; count: number }

const commandOf = (step: Step, game: Game) => {
  if (step.type === 'addToReport') return { type: step.type, text: '还在漏', files: [], place: null }
  if (step.type === 'addEvidence') return { type: step.type, text: '', files: [fileNamed(step.file ?? '')] }
  if (step.type === 'climb') return { type: 'climb', rung: Math.max(0, game.desk.state().rung) }
  const { who: _, ...command } = step
  return command
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
  expect(result.decision.kind === 'refused', said).toBe(wanted === 'no')
  if (wanted === 'no' || wanted === 'asks') expect(JSON.stringify(desk.state()), said).toBe(before)
  else {
    expect(desk.state().status, said).toBe(wanted)
    follow(model, step, wanted, result, desk)
  }
  game.last = step
  expect(broken(desk), said).toEqual([])
}

const resolve = (who: string, { model }: Game): string =>
  who === '@owner' ? (model.owner ?? 'fitter') : who === '@verifier' ? (model.verifier ?? 'officerA') : who

const fireDue = (game: Game): void => {
  const { desk } = game
  for (let turns = 0; turns < 5; turns += 1) {
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
  const stored = { type: 'storePhoto', file: file.id, original: 'o', watermarked: 'w', thumbnail: 't', exif: null }
  desk.must(system, good ? stored : { type: 'refusePhoto', file: file.id, because: 'corrupt', original: null })
  if (!good) model.proofs.delete(file.id)
  expect(broken(desk)).toEqual([])
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
    const { status, proofs } = game.model
    const next = status === 'rectifying' && proofs.size > 0 ? { who: '@owner', type: 'submit' } : onward[status]
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
  photo: ({ good, pick }, game) => photo(good, pick, game),
  lost: ({ who, duty }, game) => play({ who: '@system', type: 'reportUnreachable', person: resolve(who, game), duty }, game),
  plant: ({ unreachable }, game) => game.desk.change({ unreachable } satisfies PlantChange),
}

test('a case and a model written apart agree on every step, whatever people, clocks and messengers do', () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 60, size: 'max' }), (game) => {
      const desk = createDesk('hazard')
      const table: Game = { desk, model: newModel(), last: null, count: 0 }
      const first = desk.must(person('welder'), report())
      follow(table.model, { who: 'welder', type: 'report' }, 'reported', first, desk)
      for (const one of game) {
        desk.passes(1)
        ;(moves[one.kind] as (move: Move, game: Game) => void)(one, table)
        reached.add(desk.state().status)
      }
    }),
    { numRuns: 400, seed: 20261124 },
  )
  expect([...reached].sort()).toEqual([...statuses].sort())
})
