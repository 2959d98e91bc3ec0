import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, type Millis, minutes, seconds } from '../../src/lib/clock.ts'
import { clock, person, system, untrue } from './desk.ts'
import { type PermitDesk, permitAt, type Stage, stages } from './permit-desk.ts'
import { brokenNow, type Entry, mayFollow, type World } from './permit-model.ts'
import { bring, type Game, machine, news, people } from './permit-model-steps.ts'
import { sampleOf } from './permit-works.ts'

const historyOf = ({ journal, subject }: PermitDesk): readonly Entry[] =>
  journal()
    .filter((entry) => entry.subject === subject)
    .map(({ event, at }) => {
      const said = JSON.parse(String(event)) as { type: string }
      return { type: said.type, at: new Date(String(at)).getTime(), said }
    })

const statusOf = ({ desk }: Game): string => (desk.exists() ? desk.state().status : 'none')
/** One decision of the machine, whoever asked for it: what it leaves must be a state that may follow. */
const decided = (game: Game, decide: () => void): void => {
  const before = statusOf(game)
  decide()
  const now = statusOf(game)
  if (now !== before) expect(mayFollow[before], `${before} to ${now}`).toContain(now)
}
/** The clock strikes what is due, oldest first, as the engine fires it. */
const strike = (game: Game): void => {
  const { desk } = game
  for (let turns = 0; turns < 20; turns += 1) {
    const [due] = [...desk.deadlines]
      .filter(([, { at }]) => at <= desk.now())
      .sort(([, a], [, b]) => a.at.getTime() - b.at.getTime())
    if (!due) return
    decided(game, () => void desk.fire(due[0]))
  }
  throw new Error(`the clock of a permit that is ${statusOf(game)} strikes without end`)
}
const judge = (game: Game): void => {
  const { desk, world, from, to } = game
  if (statusOf(game) === 'active')
    expect(brokenNow({ history: historyOf(desk), world, now: desk.now().getTime(), from, to })).toEqual([])
  if (desk.workflow.open(desk.state())) expect([...desk.deadlines.keys()]).toContain('watch')
}

type Step =
  | { readonly kind: 'people' | 'machine' | 'news'; readonly what: string }
  | { readonly kind: 'passes' | 'jumps'; readonly by: Millis }
  | { readonly kind: 'again' | 'watch' }

const acts: Readonly<Record<Step['kind'], (game: Game, step: Step) => void>> = {
  people: (game, step) => {
    for (const [who, command] of people['what' in step ? step.what : '']?.(game.desk) ?? []) {
      game.repeat = () => void game.desk.run(person(who), command)
      decided(game, game.repeat)
    }
  },
  machine: (game, step) => {
    const command = machine['what' in step ? step.what : '']
    if (!command) return
    game.repeat = () => void game.desk.run(system, command)
    decided(game, game.repeat)
  },
  news: (game, step) => decided(game, () => bring(game, 'what' in step ? step.what : '')),
  /** As time goes: everything is struck at its own instant. */
  passes: (game, step) => {
    const end = game.desk.now().getTime() + ('by' in step ? step.by : 0)
    for (let turns = 0; game.desk.now().getTime() < end && turns < 400; turns += 1) {
      const next = Math.min(
        end,
        ...[...game.desk.deadlines.values()].map(({ at }) => Math.max(at.getTime(), game.desk.now().getTime() + 1)),
      )
      game.desk.passes(next - game.desk.now().getTime())
      strike(game)
      judge(game)
    }
  },
  /** Nobody looks until then: an outage, or a clock that was wrong. */
  jumps: ({ desk }, step) => desk.passes('by' in step ? step.by : 0),
  again: (game) => decided(game, game.repeat),
  watch: (game) => decided(game, () => void game.desk.run(clock, { type: 'watch' })),
}

const spans: readonly Millis[] = [
  ...[
    0,
    1,
    seconds(30),
    minutes(1),
    minutes(5),
    minutes(5) + 1,
    minutes(9),
    minutes(14),
    minutes(31),
    hours(1),
    hours(2) + 1,
    hours(8),
  ],
  ...[hours(11), days(1)],
]
const names = (of: Readonly<Record<string, unknown>>) => fc.constantFrom(...Object.keys(of))
const likely = ['goOn', 'goOn', 'makeReady', 'answer', 'answer', 'resume', 'start', 'goodGas', 'pause', 'checkIn', 'change']
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...likely).map((what): Step => ({ kind: 'people', what })) },
  { weight: 4, arbitrary: names(people).map((what): Step => ({ kind: 'people', what })) },
  { weight: 1, arbitrary: names(machine).map((what): Step => ({ kind: 'machine', what })) },
  { weight: 2, arbitrary: fc.constantFrom('calm', 'calm', ...Object.keys(news)).map((what): Step => ({ kind: 'news', what })) },
  { weight: 3, arbitrary: fc.constantFrom(...spans).map((by): Step => ({ kind: 'passes', by })) },
  { weight: 2, arbitrary: fc.constantFrom(...spans).map((by): Step => ({ kind: 'jumps', by })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'again' }, { kind: 'watch' }) },
)

const play = (stage: Stage, steps: readonly Step[]): Game => {
  const desk = permitAt(stage, { sample: sampleOf('hot', 'special') })
  const from = desk.now().getTime()
  const world: World = { windForce: 2, weatherAt: from, certified: true, guardEmployed: true, plates: false }
  const game: Game = { desk, world, repeat: () => undefined, from, to: from + hours(8) }
  judge(game)
  for (const one of steps) {
    acts[one.kind](game, one)
    strike(game)
    judge(game)
  }
  expect(untrue(desk)).toEqual([])
  return game
}

const seen = new Set<string>()
test('no order of commands, redeliveries, outages and jumps of the clock leads to a state that may not be, loses a clock, or lets work go on that may not', () => {
  const stage = fc.oneof(fc.constantFrom<Stage>('active', 'ready', 'issued'), fc.constantFrom(...stages))
  fc.assert(
    fc.property(stage, fc.array(step, { maxLength: 40 }), (from, steps) => {
      for (const { type } of historyOf(play(from, steps).desk)) seen.add(type)
    }),
    { numRuns: 250 },
  )
})

test('and the games were worth playing: work began, was stopped for every reason the clock has, was taken up again and ended in every way', () => {
  for (const type of [
    'started',
    'suspended',
    'resumed',
    'pulseAsked',
    'pulseAnswered',
    'completed',
    'accepted',
    'expired',
    'revoked',
    'cancelled',
    'climbed',
  ])
    expect([...seen], type).toContain(type)
})
