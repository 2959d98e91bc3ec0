import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, later } from '../../src/lib/clock.ts'
import type { PenaltyState } from '../../src/workflows/penalty/penalty.ts'
import { type Court, callsOf, courtPlant, createCourt, everybody, issueEffect, person, untrue } from './penalty-desk.ts'

/** What may happen, in any order: rules give cards (again and again), people press what they may and may not, clocks run and jump, commands arrive in any order or late. */
type Step =
  | {
      readonly do: 'issue'
      readonly who: string
      readonly case: number
      readonly round: number
      readonly red: boolean
      readonly key: number
    }
  | { readonly do: 'propose'; readonly by: string; readonly who: string; readonly red: boolean }
  | { readonly do: 'press'; readonly by: string; readonly on: number; readonly type: string }
  | { readonly do: 'fight'; readonly on: number; readonly confirmer: string; readonly reviewer: string }
  | { readonly do: 'pass' | 'jump'; readonly hours: number }
  | { readonly do: 'deliver'; readonly seed: number }

const holders = ['fitter', 'welder'] as const
const holder = fc.constantFrom(...holders)
const anybody = fc.constantFrom(...everybody)
const presses = ['confirm', 'decline', 'appeal', 'uphold', 'overturn', 'confirmFreeze', 'declineFreeze'] as const
/** People who hold several roles of the line here, so that only their part in the card keeps them from deciding about it. */
const lines = fc.constantFrom('head', 'director', 'safetyDirector', 'principal', 'officer')
const deciders = fc.constantFrom('head', 'director', 'safetyDirector', 'principal', 'hr', 'fitter', 'welder')

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('issue' as const),
    who: holder,
    case: fc.nat({ max: 3 }),
    round: fc.nat({ max: 1 }),
    red: fc.boolean(),
    key: fc.nat({ max: 2 }),
  }),
  fc.record({
    do: fc.constant('propose' as const),
    by: fc.constantFrom('officer', 'officerB', 'safetyDirector', 'welder'),
    who: holder,
    red: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('press' as const),
    by: fc.oneof(deciders, anybody),
    on: fc.nat({ max: 9 }),
    type: fc.constantFrom(...presses),
  }),
  fc.record({ do: fc.constant('fight' as const), on: fc.nat({ max: 5 }), confirmer: lines, reviewer: lines }),
  fc.record({ do: fc.constantFrom('pass' as const, 'jump' as const), hours: fc.integer({ min: -40, max: 400 }) }),
  fc.record({ do: fc.constant('deliver' as const), seed: fc.nat() }),
)

type Card = { readonly id: string; readonly state: PenaltyState }

const newest = (court: Court, back: number): Card | undefined => {
  const all = court.penalties()
  return all[all.length - 1 - (back % Math.max(all.length, 1))]
}

const play = (court: Court, one: Step): void => {
  switch (one.do) {
    case 'issue': {
      const colour = one.red ? 'red' : 'yellow'
      const held = { kind: 'person', id: one.who } as const
      const key = `penalty:${one.case}:${one.round}:${colour}:${one.who}:${one.key}`
      court.send([
        issueEffect(key, { holder: held, colour, case: `haz_${one.case}`, round: one.round, at: court.world.at.toISOString() }),
      ])
      return
    }
    case 'propose':
      court.rule(person(one.by), 'penalty', null, { type: 'propose', text: `提议${one.red ? '红' : '黄'}牌 名${one.who} 造假` })
      return
    case 'press': {
      const on = newest(court, one.on)
      if (on) court.rule(person(one.by), 'penalty', on.id, { type: one.type, reason: '查实' })
      return
    }
    case 'fight': {
      const on = newest(court, one.on)
      if (!on) return
      const press = (by: string, type: string) => court.rule(person(by), 'penalty', on.id, { type, reason: '查实' })
      press(one.confirmer, 'confirm')
      press(on.state.holder.id, 'appeal')
      press(one.reviewer, 'overturn')
      return
    }
    case 'pass':
      court.passes(hours(Math.abs(one.hours)))
      return
    case 'jump':
      court.world.at = later(court.world.at, hours(one.hours))
      return
    case 'deliver': {
      let seed = one.seed
      court.deliver((count) => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        return seed % count
      })
    }
  }
}

const also = ['deptHead', 'safetyDirector', 'principal'].flatMap((role) =>
  ['head', 'director', 'officer'].map((id) => [id, `${role}@SH01`] as const),
)

const standing = new Set(['issued', 'underAppeal', 'expired'])
/** Nobody decides about their own card or twice about one. */
const separate = ({ state }: Card): boolean => {
  const parts = [state.proposer?.by, state.confirmer?.by, state.verdict?.by, state.freezer?.by].filter((id) => id !== undefined)
  return new Set(parts).size === parts.length && !parts.includes(state.holder.id) && !parts.includes('admin')
}

const alwaysTrue = (court: Court): void => {
  const cards = court.penalties()
  const causes = cards
    .filter(({ state }) => state.case !== null)
    .map(({ state: s }) => `${s.holder.id} ${s.case} ${s.cause} ${s.round} ${s.colour}`)
  expect(causes.filter((one, index) => causes.indexOf(one) !== index)).toEqual([])
  expect(cards.filter((one) => !separate(one)).map(({ id }) => id)).toEqual([])
  const pairs = cards
    .filter(({ state }) => state.status !== 'withdrawn' && state.cause === 'twoYellows')
    .flatMap(({ state }) => state.cards)
  const overlapping = pairs.filter((id, index) => pairs.indexOf(id) !== index)
  // While a red card waits to be withdrawn one of its yellow cards has been overturned already, and may be named by the next.
  const fallen = new Set(cards.filter(({ state }) => state.status === 'overturned').map(({ id }) => id))
  const waiting = new Set(
    cards.filter(({ state }) => state.cards.some((id) => fallen.has(id))).flatMap(({ state }) => state.cards),
  )
  expect(overlapping.filter((id) => !waiting.has(id))).toEqual([])
}

const apart = (a: Card, b: Card): number =>
  Math.abs(new Date(a.state.issuedAt ?? 0).getTime() - new Date(b.state.issuedAt ?? 0).getTime())

/** How many months there are in which people of the team hold three standing cards, not all of one. */
const wantedTeams = (stands: readonly Card[]): number => {
  const local = (at: string | null): string =>
    later(new Date(at ?? 0), hours(8))
      .toISOString()
      .slice(0, 7)
  const own = stands.filter(({ state }) => state.holder.kind === 'person' && state.cause !== 'twoYellows')
  const months = [...new Set(own.map(({ state }) => local(state.issuedAt)))]
  const within = (month: string) => own.filter(({ state }) => local(state.issuedAt) === month)
  return months.filter(
    (month) => within(month).length >= 3 && new Set(within(month).map(({ state }) => state.holder.id)).size > 1,
  ).length
}

/** True once every command has arrived. */
const trueAtRest = (court: Court): void => {
  const cards = court.penalties()
  const stands = cards.filter(({ state }) => standing.has(state.status))
  for (const who of holders) {
    const own = stands.filter(({ state }) => state.holder.id === who)
    const cost = own.reduce((sum, { state }) => sum + (state.colour === 'red' ? 30 : 10), 0)
    expect(court.points(who)?.total ?? 0, who).toBe(0 - cost)
    const used = new Set(
      cards.filter(({ state }) => state.holder.id === who && state.status !== 'withdrawn').flatMap(({ state }) => state.cards),
    )
    const free = own.filter(({ id, state }) => state.colour === 'yellow' && !used.has(id))
    expect(free.flatMap((a) => free.filter((b) => a.id < b.id && apart(a, b) <= days(30)).map((b) => [a.id, b.id]))).toEqual([])
  }
  const byId = new Map(cards.map((one) => [one.id, one.state]))
  for (const { state } of stands.filter(({ state: { cause } }) => cause === 'twoYellows'))
    expect(state.cards.map((id) => standing.has(byId.get(id)?.status ?? ''))).toEqual([true, true])
  for (const { state } of stands.filter(({ state: { cause } }) => cause === 'groupCards')) {
    const ground = state.cards.map((id) => byId.get(id))
    expect(ground.map((one) => standing.has(one?.status ?? ''))).toEqual([true, true, true])
    expect(new Set(ground.map((one) => one?.holder.id)).size).toBeGreaterThan(1)
  }
  expect(stands.filter(({ state: { cause } }) => cause === 'groupCards')).toHaveLength(wantedTeams(stands))
  const frozen = cards.filter(({ state }) => state.freeze === 'confirmed')
  const lifted = frozen.filter(({ state }) => !standing.has(state.status))
  const calls = callsOf(court.effects).map((one) => one.split(' ')[1])
  expect(calls.filter((one) => one === 'allowance.freeze')).toHaveLength(frozen.length)
  expect(calls.filter((one) => one === 'allowance.unfreeze')).toHaveLength(lifted.length)
  const board = court.reads().read({ name: 'penalty-board', key: 'site:SH01' })
  const counted = cards.filter(({ state }) => state.status === 'issued' || state.status === 'expired').map(({ id }) => id)
  expect(board.map(({ subject }) => subject).sort()).toEqual([...counted].sort())
  expect(untrue(court)).toEqual([])
}

test('no sequence of rules, presses, repeats, late commands and clock jumps gives a card twice, lets anybody judge their own, or loses a clock', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), fc.nat(), (steps, seed) => {
      const court = createCourt({ start: '2026-10-20T02:00:00.000Z', plant: courtPlant({ also }) })
      for (const one of steps) {
        play(court, one)
        alwaysTrue(court)
      }
      play(court, { do: 'deliver', seed })
      alwaysTrue(court)
      trueAtRest(court)
    }),
    { numRuns: 150 },
  )
})
