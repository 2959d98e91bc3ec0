import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import { clock, type Hall, hazardId, person, shown, system, underVerification, wide } from './verdict-desk.ts'

/**
 * What a safety officer would say about a verification, written apart from the implementation: who has a task, what came of it, and what the case may do. The
 * case hears of an answer later than it was given, as messages arrive late.
 */
type Answer = 'passed' | 'vetoed'
type Model = {
  /** Answers that the case has heard, by task, of the present submission. */
  heard: Map<string, Answer>
  /** Answers on their way to the case. */
  readonly given: Map<string, Answer>
  /** Officers who declared an interest: gone for ever. */
  readonly declared: Set<string>
  closed: boolean
}

const judges = ['officer1', 'officer2', 'officer3', 'officer4', 'officerA', 'officerB', 'safetyDirector']
const people = [
  '@A',
  '@A',
  '@B',
  '@B',
  'fitter',
  'welder',
  'lead',
  'officer1',
  'officerA',
  'officerProd',
  'safetyDirector',
  'admin',
]
const move = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      who: fc.constantFrom(...people),
      task: fc.constantFrom('A' as const, 'B' as const, 'old' as const),
      type: fc.constantFrom('pass', 'pass', 'pass', 'veto', 'declare'),
      reason: fc.constantFrom('', '仍在漏'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'early' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'rectify' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), seat: fc.constantFrom('A' as const, 'B' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      unreachable: fc.oneof(fc.subarray(judges), fc.constant(judges)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forge' as const), outcome: fc.constantFrom('passed', 'vetoed') }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never
type Game = { readonly hall: Hall; readonly model: Model; rounds: number }

const seatOf = (state: HazardState, letter: string) => state.seats?.find(({ seat }) => seat === letter)

/** Hands one message over, and says what the case must come to by it. */
const deliver = ({ hall, model }: Game): void => {
  const next = hall.tray[0]
  const before = hall.state()
  const told = next?.command.type === 'recordVerdict' ? String(next.command.verdict) : null
  const counts = told !== null && before.status === 'verifying' && before.seats?.some(({ verdict }) => verdict === told)
  const answer = told === null ? undefined : model.given.get(told)
  hall.deliver()
  if (!counts || told === null || answer === undefined) return
  model.given.delete(told)
  model.heard.set(told, answer)
  if (answer === 'vetoed') {
    expect(hall.state().status, 'a veto always returns').toBe('rectifying')
    model.heard = new Map()
    return
  }
  const seats = hall.state().seats ?? []
  const passed = seats.filter(({ verdict }) => model.heard.get(String(verdict)) === 'passed').length
  model.closed = passed === 2
  expect(hall.state().status, `${passed} passes`).toBe(passed === 2 ? 'closed' : 'verifying')
}

const readyPictures = (hall: Hall): void => {
  for (const file of hall.state().files)
    if (file.blind === undefined && file.kind === 'photo' && file.state !== 'refused') developed(hall, file.id)
}
const developed = (hall: Hall, file: string): void => {
  if (hall.state().files.find(({ id }) => id === file)?.state === 'fetching')
    hall.must(system, { type: 'storePhoto', file, original: `o-${file}`, watermarked: 'w', thumbnail: 't', exif: null })
  hall.must(system, { type: 'storeBlind', file, watermarked: `bw-${file}`, thumbnail: `bt-${file}` })
}

const answers = (game: Game, { who, task, type, reason }: Extract<Move, { kind: 'answer' }>): void => {
  const { hall, model } = game
  const state = hall.state()
  const old = hall.verdicts()[0]?.[0] ?? ''
  const subject = task === 'old' ? old : (seatOf(state, task)?.verdict ?? old)
  const name = who.startsWith('@') ? (seatOf(state, who.slice(1))?.verifier ?? 'officer1') : who
  const before = hall.verdict(subject)
  if (!before) return
  const may = before.status === 'asked' && before.verifier === name
  const sees = before.files.some(({ stage }) => stage === 'after')
  const taken = may && (type === 'pass' ? sees : type === 'veto' ? reason !== '' : true)
  const result = hall.run(person(name), { type, reason }, subject)
  const asks = may && type === 'veto' && reason === ''
  expect(result.decision.kind === 'accepted', `${name} ${type} on a task that is ${before.status}`).toBe(taken || asks)
  if (taken && type !== 'declare') model.given.set(subject, type === 'pass' ? 'passed' : 'vetoed')
  if (taken && type === 'declare') model.declared.add(name)
}

/** Sentences that are true at every moment. */
const broken = ({ hall, model }: Game): readonly string[] => {
  const state = hall.state()
  const sits = (state.seats ?? []).flatMap(({ verifier }) => (verifier === null ? [] : [verifier]))
  const open = ['submitted', 'verifying'].includes(state.status)
  const claims: Readonly<Record<string, boolean>> = {
    'rectifier and reporter never verify': !sits.includes(state.owner ?? '') && !sits.includes('welder'),
    'two verifiers are two people': new Set(sits).size === sits.length,
    'no verifier is of the team of the rectifier': sits.every((id) => hall.plant().persons.get(id)?.team !== 'prod'),
    'whoever declared an interest does not sit once the case has heard of it':
      hall.tray.length > 0 || sits.every((id) => !model.declared.has(id)),
    'closed only by two passes': (state.status === 'closed') === model.closed,
    'a submission has a clock': !open || hall.clocks(hazardId).some((one) => one.startsWith('verify ')),
    'an open task has a clock, an ended one none': hall
      .verdicts()
      .every(([id, one]) => hall.clocks(id).length === (one.status === 'asked' ? 1 : 0)),
    'a closed case has no clock': state.status !== 'closed' || hall.clocks(hazardId).length === 0,
    'nobody is named by the case': !/名officer|"officer/.test(JSON.stringify([state.last, state.returned])),
    'at most the two present tasks are open once everything is delivered':
      hall.tray.length > 0 || hall.verdicts().filter(([, one]) => one.status === 'asked').length <= (open ? 2 : 0),
  }
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]))
}

type Moves = { readonly [K in Move['kind']]: (game: Game, move: Extract<Move, { kind: K }>) => void }
const moves: Moves = {
  answer: answers,
  deliver: (game, { count }) => {
    for (let n = 0; n < count; n += 1) deliver(game)
  },
  wait: ({ hall, ...game }, { minutes: by }) => {
    const rest = { hall, ...game }
    while (hall.tray.length > 0) deliver(rest)
    hall.passes(minutes(by))
    hall.strikes()
  },
  early: ({ hall }) => {
    for (const [id] of hall.verdicts()) hall.run(clock, { type: 'expire' }, id)
    hall.run(clock, { type: 'redraw' })
  },
  rectify: (game) => {
    const { hall } = game
    if (hall.state().status !== 'rectifying') return
    while (hall.tray.length > 0) deliver(game)
    if (hall.state().status !== 'rectifying') return
    game.rounds += 1
    shown(hall, `r${game.rounds}`)
    hall.must(person('fitter'), { type: 'sign', reason: '本人确认' })
    game.model.heard = new Map()
    readyPictures(hall)
  },
  lost: (game, { seat }) => {
    const sat = seatOf(game.hall.state(), seat)
    if (sat?.verdict && game.hall.verdict(sat.verdict))
      game.hall.run(system, { type: 'reportUnreachable', person: sat.verifier ?? '', duty: 'verify' }, sat.verdict)
  },
  plant: ({ hall }, { unreachable }) => hall.change(wide({ unreachable })),
  forge: ({ hall }, { outcome }) => {
    const verdict = seatOf(hall.state(), 'A')?.verdict ?? 'vdt_00000000000000000000000000'
    for (const who of ['fitter', 'admin', 'officerA'])
      expect(hall.run(person(who), { type: 'recordVerdict', verdict, outcome, reason: '' }).decision.kind).toBe('refused')
    expect(hall.run(person('fitter'), { type: 'pass' }).decision.kind).toBe('refused')
  },
  reopen: (game) => {
    const { hall, model } = game
    if (hall.run(person('welder'), { type: 'reopen', reason: '又漏了' }).decision.kind === 'accepted') model.closed = false
    model.heard = hall.state().status === 'rectifying' ? new Map() : model.heard
  },
}

test('whatever verifiers, clocks and messengers do: no one judges their own, two passes close, any veto returns', () => {
  const reached = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 60, size: 'max' }), (list) => {
      const hall = underVerification()
      readyPictures(hall)
      const game: Game = { hall, model: { heard: new Map(), given: new Map(), declared: new Set(), closed: false }, rounds: 0 }
      for (const one of list) {
        hall.passes(1)
        ;(moves[one.kind] as (game: Game, move: Move) => void)(game, one)
        expect(broken(game), `after ${JSON.stringify(one)}`).toEqual([])
        reached.set(hall.state().status, (reached.get(hall.state().status) ?? 0) + 1)
      }
    }),
    { numRuns: 150, seed: 20261124 },
  )
  expect([...reached.keys()].sort()).toEqual(['closed', 'rectifying', 'submitted', 'verifying'])
})
