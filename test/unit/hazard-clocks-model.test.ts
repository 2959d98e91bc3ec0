import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, type Millis, minutes } from '../../src/lib/clock.ts'
import { type Colour, colours, hazardSla } from '../../src/rules/sla.ts'
import { decideHazard, type HazardDecision } from '../../src/workflows/hazard/decide.ts'
import { evolveHazard } from '../../src/workflows/hazard/evolve.ts'
import { followUp } from '../../src/workflows/hazard/follow.ts'
import type { HazardCommand, HazardEvent, HazardState } from '../../src/workflows/hazard/hazard.ts'
import { type Actor, accept, type Effect } from '../../src/workflows/workflow.ts'
import { accountOf, clock, person, system } from './hazard-desk.ts'
import { factsAt } from './hazard-facts.ts'

/**
 * What is promised of the clocks, told apart from how they are made: a table of dates on paper. Rows of deadlines are kept as the database keeps them, from
 * effects alone; proof and verdicts, which the clocks do not look at, are written straight into the journal.
 */
type Paper = {
  /** End of the rectification, while somebody has it; and whether it is with the verifiers. */
  term: number | null
  handedIn: boolean
  round: number
  readonly cards: Set<string>
  /** When the reporter was told last, or began to wait. */
  heard: number
  ended: boolean
}
type Row = { readonly at: number; readonly command: HazardCommand }
type Game = { state: HazardState; now: number; readonly rows: Map<string, Row>; readonly paper: Paper; readonly keys: string[] }

const start = new Date('2026-11-24T02:00:00.000Z').getTime()
const iso = (at: number): string => new Date(at).toISOString()
const reported = (colour: Colour): HazardEvent => ({
  type: 'reported',
  site: 'SH01',
  code: 'YH-SH01-20261124-0001-K',
  at: iso(start),
  reporter: { account: accountOf('welder'), conversation: 'direct', person: 'welder', name: '名welder' },
  text: '3号泵房',
  files: [],
  place: null,
  team: 'mech',
  suggestion: { colour, area: 'pump-3' },
  ladder: hazardSla.ladder,
  sla: hazardSla.id,
})

const note = (game: Game, effect: Effect): void => {
  if (effect.kind === 'setDeadline')
    game.rows.set(effect.tag, { at: effect.at.getTime(), command: effect.command as unknown as HazardCommand })
  if (effect.kind === 'cancelDeadline') game.rows.delete(effect.tag)
  if (effect.kind === 'command' && effect.workflow === 'penalty') game.keys.push(effect.key)
}

const settle = (game: Game, decision: HazardDecision): boolean => {
  if (decision.kind === 'refused') return false
  game.state = decision.events.reduce<HazardState>(evolveHazard, game.state)
  for (const effect of decision.effects) note(game, effect)
  return true
}

/** A command through the door. False when it was refused. */
const run = (game: Game, actor: Actor, command: HazardCommand): boolean =>
  settle(game, decideHazard(game.state, command, factsAt(iso(game.now), actor)))

/** A decision about proof or verdict, as if it had been made so: what follows of it is the clocks' own. */
const write = (game: Game, event: HazardEvent): void =>
  void settle(game, followUp(game.state, { type: 'submit' } as HazardCommand, accept([event]), factsAt(iso(game.now), system)))

/** What the paper says must be given now, in the order of the colours. */
const cardsDue = ({ term, handedIn, round, cards, ended }: Paper, now: number): readonly string[] => {
  if (term === null || handedIn || ended) return []
  return (['yellow', 'red'] as const)
    .filter((colour, index) => now - term >= hours(24 * (index + 1)) && !cards.has(`${round} ${colour}`))
    .map((colour) => `${round} ${colour}`)
}

/** Fires what is due, oldest first, as the engine does: the row is gone before the decision. */
const fireDue = (game: Game): void => {
  for (let turns = 0; turns < 12; turns += 1) {
    const due = [...game.rows].filter(([, { at }]) => at <= game.now).sort(([, a], [, b]) => a.at - b.at)[0]
    if (!due) return
    const [tag, { command }] = due
    game.rows.delete(tag)
    strike(game, tag, command)
  }
  throw new Error(`a clock of ${game.state.status} strikes without end`)
}

const strike = (game: Game, tag: string, command: HazardCommand): void => {
  const before = game.keys.length
  const wanted = tag === 'due' ? cardsDue(game.paper, game.now) : []
  const taken = run(game, clock, command)
  const given = game.keys.slice(before).map((key) => key.split(':').slice(2, 4).join(' '))
  expect(given, `${tag} at ${iso(game.now)}`).toEqual(wanted)
  for (const card of wanted) game.paper.cards.add(card)
  if (tag === 'feedback' && taken && game.now - game.paper.heard >= hours(47))
    game.paper.heard += Math.floor((game.now - game.paper.heard) / hours(47)) * hours(47)
}

const byName = (who: string, game: Game) => ({ by: who, name: `名${who}`, at: iso(game.now) })
const rectifies = ({ state }: Game): boolean => state.status === 'accepted' || state.status === 'rectifying'
const termOf = (game: Game): void => {
  game.paper.term = game.state.dueAt === null ? null : new Date(game.state.dueAt).getTime()
}

type Step = (game: Game) => void
const steps: Readonly<Record<string, Step>> = {
  take: (game) => {
    if (run(game, person('lead'), { type: 'accept', colour: '', area: '' })) termOf(game)
  },
  begin: (game) => void run(game, person(game.state.owner ?? ''), { type: 'startRectify' }),
  read: (game) => void run(game, system, { type: 'noteReached', person: 'areaOwner', how: 'read', at: iso(game.now) }),
  lost: (game) => void run(game, system, { type: 'reportUnreachable', person: 'safetyDirector', duty: 'reach' }),
  handIn: (game) => {
    if (game.state.status !== 'rectifying') return
    write(game, { type: 'submitted', ...byName('lead', game) })
    game.paper.handedIn = true
  },
  giveBack: (game) => {
    if (game.state.status !== 'submitted') return
    write(game, { type: 'vetoed', reason: '还在滴油', ...byName('', game) })
    game.paper.handedIn = false
  },
  close: (game) => {
    if (game.state.status !== 'submitted') return
    write(game, { type: 'closed', ...byName('', game) })
    game.paper.ended = true
  },
  reopen: (game) => {
    if (game.state.status !== 'closed') return
    const dueAt = iso(game.now + days(3))
    const event: HazardEvent = {
      type: 'reopened',
      reason: '又漏了',
      owner: 'lead',
      dueAt,
      appeal: false,
      ...byName('welder', game),
    }
    write(game, event)
    Object.assign(game.paper, {
      term: game.now + days(3),
      handedIn: false,
      ended: false,
      heard: game.now,
      round: game.paper.round + 1,
    })
  },
  twice: (game) => {
    if (rectifies(game)) strike(game, 'due', { type: 'callOverdue' })
  },
}

/** Sentences that are true at every moment at which nothing is due any more; gives those that are not. */
const untrue = ({ state, rows, paper, now, keys }: Game): readonly string[] => {
  const open = state.closedAt === null
  const at = (tag: string): number => rows.get(tag)?.at ?? Number.NaN
  const claims: Readonly<Record<string, boolean>> = {
    'an ended case has no clock': open || rows.size === 0,
    'an open case always hears its reporter’s clock': !open || (at('feedback') > now && at('feedback') - paper.heard < hours(48)),
    'an unanswered case always has a next rung': state.status !== 'reported' || at('climb') > now,
    'a case with an owner always has the clock of its term':
      !['accepted', 'rectifying'].includes(state.status) || at('due') > now,
    'the clock of the term never lets a card pass': paper.term === null || !rows.has('due') || at('due') <= nextCard(paper, now),
    'nothing is due any more': [...rows.values()].every((row) => row.at > now),
    'a blue case is on a plan until it is handed in':
      rows.has('plan') === (open && state.colour === 'blue' && state.status !== 'submitted'),
    'no card twice in a round': new Set(keys).size === keys.length,
  }
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]))
}
const nextCard = ({ term, round, cards }: Paper, now: number): number => {
  const left = (['yellow', 'red'] as const).flatMap((colour, index) =>
    cards.has(`${round} ${colour}`) ? [] : [(term ?? 0) + hours(24 * (index + 1))],
  )
  return Math.max(now, left[0] ?? Number.POSITIVE_INFINITY)
}

const move = fc.record({
  step: fc.constantFrom(...Object.keys(steps), 'wait', 'wait', 'wait', 'handIn', 'begin', 'take'),
  by: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 600 }).map((n): Millis => minutes(n)) },
    { weight: 3, arbitrary: fc.integer({ min: 10, max: 80 }).map((n): Millis => hours(n)) },
    { weight: 1, arbitrary: fc.integer({ min: -20, max: -1 }).map((n): Millis => hours(n)) },
    { weight: 1, arbitrary: fc.integer({ min: 5, max: 60 }).map((n): Millis => days(n)) },
  ),
})

const begin = (colour: Colour): Game => {
  const state = evolveHazard(null, reported(colour))
  const paper: Paper = { term: null, handedIn: false, round: 0, cards: new Set(), heard: start, ended: false }
  const game: Game = { state, now: start, rows: new Map(), paper, keys: [] }
  settle(game, followUp(null, { type: 'climb', rung: 0 }, accept([reported(colour)]), factsAt(iso(start), clock)))
  run(game, clock, { type: 'climb', rung: 0 })
  return game
}

test('no sequence of acts, redeliveries and clock jumps loses a clock of an open case, or gives a card twice or out of its time', () => {
  const given = new Set<string>()
  fc.assert(
    fc.property(fc.constantFrom(...colours), fc.array(move, { minLength: 3, maxLength: 40, size: 'max' }), (colour, moves) => {
      const game = begin(colour)
      for (const { step, by } of moves) {
        steps[step]?.(game)
        game.now = Math.max(game.now + by, start)
        fireDue(game)
        const wrong = untrue(game).filter((claim) => by > 0 || !claim.startsWith('an open case'))
        expect(wrong, `${step} in ${game.state.status} at ${iso(game.now)}`).toEqual([])
      }
      for (const card of game.paper.cards) given.add(card)
    }),
    { numRuns: 500, seed: 20261124 },
  )
  expect([...given].sort()).toEqual(expect.arrayContaining(['0 red', '0 yellow', '1 red', '1 yellow']))
})
