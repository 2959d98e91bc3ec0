import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import type { SuggestionState } from '../../src/workflows/suggestion/suggestion.ts'
import { because, clock, commandsOf, createDesk, dutiesOf, noticesOf, person, system, untrue, waitingFor } from './desk.ts'

/**
 * What the suggester was promised, written apart from the implementation: whose turn it is, who may say yes or no, when each clock strikes, and when the suggester
 * 名welder last heard of it. 名lead leads the team; 名head, 名director and 名principal decide, the first of them who can be reached is asked.
 */
type Status = SuggestionState['status']
type Model = {
  status: Status
  asked: readonly string[]
  implementer: string | null
  /** When the deciders are asked next, when the suggester hears next, when lateness is called next. */
  asks: number
  tells: number
  late: number
  due: number
  away: readonly string[]
  readonly lost: Set<string>
  awards: number
}
type Step = { readonly who: string; readonly type: string; readonly text: string }
type Outcome = 'no' | 'asks' | Status

const deciders = ['head', 'director', 'principal']
const undecided = ({ status }: Model): boolean => status === 'proposed' || status === 'forwarded'
const ended = ({ status }: Model): boolean => status === 'declined' || status === 'implemented'
const askedNow = ({ away }: Model, without: ReadonlySet<string> = new Set()): readonly string[] =>
  deciders.filter((id) => !away.includes(id) && !without.has(id)).slice(0, 1)
const named = ({ away }: Model, text: string): string | null =>
  ['fitter', 'worker'].find((id) => (text === id || text === `名${id}`) && !away.includes(id)) ?? null
const decides = (model: Model, who: string): boolean =>
  deciders.includes(who) || (model.status === 'forwarded' && model.asked.includes(who))
/** A name that can implement it leads on; none is asked for; anything else is refused. */
const withName = (model: Model, text: string, to: Status): Outcome =>
  text === '' ? 'asks' : named(model, text) === null ? 'no' : to

const rules: Readonly<Record<string, (model: Model, step: Step) => Outcome>> = {
  endorse: (model, { who }) => (model.status === 'proposed' && who === 'lead' ? 'forwarded' : 'no'),
  approve: (model, { who, text }) => (undecided(model) && decides(model, who) ? withName(model, text, 'approved') : 'no'),
  decline: (model, { who, text }) => (undecided(model) && decides(model, who) ? (text === '' ? 'asks' : 'declined') : 'no'),
  reassign: (model, { who, text }) => {
    if (model.status !== 'approved' || !decides(model, who)) return 'no'
    return text !== '' && named(model, text) === model.implementer ? 'no' : withName(model, text, 'approved')
  },
  finish: (model, { who, text }) =>
    model.status === 'approved' && who === model.implementer ? (text === '' ? 'asks' : 'implemented') : 'no',
}

const ask = (model: Model, now: number, without?: ReadonlySet<string>): void => {
  model.status = 'forwarded'
  model.asked = askedNow(model, without)
  model.asks = now + hours(24)
  model.lost.clear()
}

const follow = (model: Model, { type, text }: Step, to: Status, now: number): void => {
  if (type === 'endorse') {
    ask(model, now)
    return
  }
  model.status = to
  if (type === 'approve') {
    model.due = now + days(30)
    model.late = model.due
    model.awards += 1
  }
  if (type === 'approve' || type === 'reassign') {
    model.implementer = named(model, text)
    model.lost.clear()
  }
}

const open = () => {
  const desk = createDesk<SuggestionState>('suggestion')
  desk.must(person('welder'), { type: 'propose', text: '建议 3号泵房加装接油盘' })
  const now = desk.now().getTime()
  const model: Model = {
    status: 'proposed',
    asked: ['lead'],
    implementer: null,
    asks: now + hours(24),
    tells: now + hours(47),
    late: 0,
    due: 0,
    away: [],
    lost: new Set(),
    awards: 0,
  }
  return { desk, model, past: [] as Step[] }
}
type Game = ReturnType<typeof open>

const play = (step: Step, { desk, model, past }: Game): void => {
  const wanted = rules[step.type]?.(model, step) ?? 'no'
  const before = JSON.stringify(desk.state())
  const result = desk.run(person(step.who), { type: step.type, opinion: step.text, reason: step.text })
  const said = `${JSON.stringify(step)} in ${model.status}: model ${wanted}, suggestion ${because(result)}`
  expect(result.decision.kind === 'refused', said).toBe(wanted === 'no')
  if (wanted === 'no' || wanted === 'asks') expect(JSON.stringify(desk.state()), said).toBe(before)
  else {
    follow(model, step, wanted, desk.now().getTime())
    const ends = wanted === 'declined' || wanted === 'implemented' || step.type === 'approve'
    expect(dutiesOf(result).includes('welder answer'), said).toBe(ends)
  }
  past.push(step)
}

/** What each clock does when it strikes, in its time or by a second delivery. */
const strikes: Readonly<Record<string, (game: Game) => void>> = {
  passOn: ({ desk, model }) => {
    const result = desk.run(clock, { type: 'passOn' })
    expect(result.decision.kind).toBe(undecided(model) ? 'accepted' : 'refused')
    if (!undecided(model)) return
    ask(model, desk.now().getTime())
    expect(dutiesOf(result)).toEqual(model.asked.map((id) => `${id} decide`))
  },
  tellProgress: ({ desk, model }) => {
    const result = desk.run(clock, { type: 'tellProgress' })
    expect(result.decision.kind).toBe(undecided(model) ? 'accepted' : 'refused')
    if (!undecided(model)) return
    model.tells = desk.now().getTime() + hours(47)
    expect(noticesOf(result)).toEqual([`welder ${model.asked.length === 0 ? 'progress-nobody' : 'progress'}`])
  },
  callOverdue: ({ desk, model }) => {
    const now = desk.now().getTime()
    const result = desk.run(clock, { type: 'callOverdue' })
    expect(result.decision.kind).toBe(model.status === 'approved' ? 'accepted' : 'refused')
    const isLate = model.status === 'approved' && now >= model.due
    expect(dutiesOf(result).length > 0).toBe(isLate)
    if (model.status === 'approved') model.late = isLate ? now + days(7) : model.due
  },
}

const fireDue = (game: Game): void => {
  const { deadlines, now } = game.desk
  for (let turns = 0; turns < 12; turns += 1) {
    const due = [...deadlines].filter(([, { at }]) => at.getTime() <= now().getTime())
    const [first] = due.sort(([, a], [, b]) => a.at.getTime() - b.at.getTime())
    if (!first) return
    deadlines.delete(first[0])
    strikes[first[1].command.type]?.(game)
  }
  throw new Error('a clock strikes without end')
}

/** Somebody is out of reach: the deciders go on to the next only when nobody who was asked is left. */
const lose = (who: string, { desk, model }: Game): void => {
  desk.must(system, { type: 'reportUnreachable', person: who, duty: '' })
  if (ended(model) || model.lost.has(who)) return
  model.lost.add(who)
  const isLost = undecided(model) && model.asked.length > 0 && model.asked.every((id) => model.lost.has(id))
  if (isLost) ask(model, desk.now().getTime(), new Set(model.lost))
}

const agree = ({ desk, model }: Game): void => {
  const { status, implementer, decided } = desk.state()
  expect([status, implementer]).toEqual([model.status, model.implementer])
  const turn = ended(model) ? [] : model.status === 'approved' ? [model.implementer] : model.asked
  expect(waitingFor(desk)).toEqual([...turn])
  const clocks = Object.fromEntries([...desk.deadlines].map(([tag, { at }]) => [tag, at.getTime()]))
  const approved = model.status === 'approved' ? { due: model.late } : {}
  expect(clocks).toEqual(undecided(model) ? { climb: model.asks, feedback: model.tells } : approved)
  expect(['welder', 'admin', 'lead', 'worker']).not.toContain(decided?.by)
  const awards = commandsOf({ effects: desk.effects }).map(({ key }) => key)
  expect(awards).toEqual(model.awards === 0 ? [] : [`award:${desk.subject}:adopted`])
  expect(untrue(desk)).toEqual([])
}

const someone = fc.constantFrom('welder', 'lead', 'head', 'director', 'principal', 'fitter', 'worker', 'admin')
const text = fc.constantFrom('', '名fitter', 'worker', '名worker', '不可行')
const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who: someone,
      type: fc.constantFrom('endorse', 'approve', 'decline', 'reassign', 'finish'),
      text,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('onward' as const), to: fc.constantFrom('名fitter', 'worker') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('jump' as const), hours: fc.integer({ min: -60, max: 900 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('strike' as const),
      type: fc.constantFrom('passOn', 'tellProgress', 'callOverdue'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lost' as const), who: someone }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      away: fc.subarray(['head', 'director', 'principal', 'fitter', 'worker']),
    }),
  },
)
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

const next: Readonly<Record<string, (game: Game, to: string) => Step>> = {
  proposed: () => ({ who: 'lead', type: 'endorse', text: '' }),
  forwarded: (_, to) => ({ who: 'principal', type: 'approve', text: to }),
  approved: ({ model }) => ({ who: model.implementer ?? '', type: 'finish', text: '已加装' }),
}

const take = (one: Move, game: Game): void => {
  const { desk, model, past } = game
  if (one.kind === 'act') play({ who: one.who, type: one.type, text: one.text }, game)
  const step = one.kind === 'onward' ? next[model.status]?.(game, one.to) : undefined
  if (step) play(step, game)
  const repeated = one.kind === 'again' ? past[past.length - 1 - one.back] : undefined
  if (repeated) play(repeated, game)
  if (one.kind === 'jump') desk.passes(hours(one.hours))
  if (one.kind === 'strike') strikes[one.type]?.(game)
  if (one.kind === 'lost') lose(one.who, game)
  if (one.kind === 'plant') {
    desk.change({ unreachable: one.away })
    model.away = one.away
  }
}

test('a suggestion and a model written apart agree on every step, whatever is repeated, comes late or finds the clock moved', () => {
  const reached = new Set<Status>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 40, size: 'max' }), (moves) => {
      const game = open()
      for (const one of moves) {
        take(one, game)
        fireDue(game)
        agree(game)
        reached.add(game.model.status)
      }
    }),
    { numRuns: 300, seed: 20261124 },
  )
  expect([...reached].sort()).toEqual(['approved', 'declined', 'forwarded', 'implemented', 'proposed'])
})

test('from clock to clock the suggester never waits 48 hours for a word, however long nobody decides', () => {
  fc.assert(
    fc.property(fc.array(fc.subarray(deciders), { minLength: 1, maxLength: 12 }), (weeks) => {
      const game = open()
      let heard = game.desk.now().getTime()
      for (const away of weeks) {
        take({ kind: 'plant', away }, game)
        for (let clocks = 0; clocks < 6; clocks += 1) {
          const first = Math.min(...[...game.desk.deadlines.values()].map(({ at }) => at.getTime()))
          game.desk.passes(first - game.desk.now().getTime())
          const before = game.desk.effects.length
          fireDue(game)
          const told = noticesOf({ effects: game.desk.effects.slice(before) } as never).some((one) => one.startsWith('welder '))
          expect(game.desk.now().getTime() - heard).toBeLessThan(hours(48))
          if (told) heard = game.desk.now().getTime()
        }
      }
    }),
    { numRuns: 100 },
  )
})
