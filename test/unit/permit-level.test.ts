import fc from 'fast-check'
import { expect, test } from 'vitest'
import { height } from '../../src/rules/permits/gb30871-2022/height.ts'
import { hot } from '../../src/rules/permits/gb30871-2022/hot.ts'
import { lifting } from '../../src/rules/permits/gb30871-2022/lifting.ts'
import { levelById, levelOf, ticketNeeded } from '../../src/rules/permits/level.ts'
import type { JobFacts, Test } from '../../src/rules/permits/rule-pack.ts'
import { allHold, believed, holds } from '../../src/rules/permits/test-facts.ts'

const dry: JobFacts = { steepSlope: false, factors: [], places: [], conditions: [], outdoors: false, scaffoldWork: false }
const coldWork: JobFacts = {
  riskPlace: false,
  runningPlant: false,
  pressureTap: false,
  majorHazardDike: false,
  pipeRack: false,
  isolatedAndAgreed: false,
}

test.each<readonly [Test, JobFacts[string], string]>([
  [{ fact: 'x', above: 5 }, 5, 'no'],
  [{ fact: 'x', above: 5 }, 5.01, 'yes'],
  [{ fact: 'x', atLeast: 5 }, 5, 'yes'],
  [{ fact: 'x', below: 5 }, 5, 'no'],
  [{ fact: 'x', atMost: 5 }, 5, 'yes'],
  [{ fact: 'x', atLeast: 2, atMost: 5 }, 1.99, 'no'],
  [{ fact: 'x', is: true }, true, 'yes'],
  [{ fact: 'x', is: false }, true, 'no'],
  [{ fact: 'x', is: 'inside' }, 'outer', 'no'],
  [{ fact: 'x', anyOf: ['a', 'b'] }, ['b', 'c'], 'yes'],
  [{ fact: 'x', anyOf: ['a'] }, ['c'], 'no'],
  [{ fact: 'x', anyOf: [] }, [], 'no'],
  [{ fact: 'x', anyOf: [] }, ['c'], 'yes'],
  [{ fact: 'x', anyOf: ['a'] }, 'a', 'yes'],
  [{ fact: 'x', above: 5 }, Number.NaN, 'unknown'],
  [{ fact: 'x', above: 5 }, Number.POSITIVE_INFINITY, 'unknown'],
  [{ fact: 'x', above: 5 }, '6', 'unknown'],
  [{ fact: 'x', is: true }, 'true', 'unknown'],
  [{ fact: 'x', anyOf: ['a'] }, true, 'unknown'],
  [{ fact: 'x' }, true, 'unknown'],
  [{ fact: 'toString', is: true }, true, 'unknown'],
])('%j of %j: %s', (asked, answer, verdict) => {
  expect(holds(asked, { x: answer }).kind).toBe(verdict)
})

test('one no decides, whatever else is missing; what is missing is named once', () => {
  const tests: readonly Test[] = [
    { fact: 'a', is: true },
    { fact: 'b', above: 1 },
    { fact: 'b', below: 9 },
  ]
  expect(allHold(tests, { a: false })).toEqual({ kind: 'no' })
  expect(allHold(tests, { a: true })).toEqual({ kind: 'unknown', missing: ['b'] })
  expect(allHold(tests, {})).toEqual({ kind: 'unknown', missing: ['a', 'b'] })
  expect(allHold(tests, { a: true, b: 2 })).toEqual({ kind: 'yes' })
  expect(allHold([], {})).toEqual({ kind: 'yes' })
})

test('answers out of range, or no choice of the question, count as not given', () => {
  expect(believed(height, { metres: 601, factors: ['wind', 'ghost'], steepSlope: 'yes', other: 1 })).toEqual({ other: 1 })
  expect(believed(height, { metres: Number.NaN })).toEqual({})
  expect(believed(height, { ...dry, metres: 0.1 })).toEqual({ ...dry, metres: 0.1 })
})

test('the strictest criterion that holds gives level, reason and clause', () => {
  expect(levelOf(hot, { ...coldWork, pipeRack: true })).toMatchObject({ kind: 'found', level: 'one', clause: '5.1.3' })
  expect(levelOf(hot, { ...coldWork, pipeRack: true, pressureTap: true })).toMatchObject({ level: 'special', clause: '5.1.2' })
  expect(levelOf(hot, coldWork)).toMatchObject({ level: 'two', clause: '5.1.4' })
})

test('nothing answered: every question that bears on the level is asked at once', () => {
  expect(levelOf(hot, {})).toEqual({
    kind: 'missing',
    questions: ['runningPlant', 'pressureTap', 'majorHazardDike', 'pipeRack', 'riskPlace', 'isolatedAndAgreed'],
  })
  expect(levelOf(lifting, {})).toEqual({ kind: 'missing', questions: ['tonnes'] })
})

test('a milder level is never given while a stricter criterion is open, and a stricter one does not wait for milder answers', () => {
  const { pressureTap: _, ...open } = coldWork
  expect(levelOf(hot, open)).toEqual({ kind: 'missing', questions: ['pressureTap'] })
  expect(levelOf(hot, { ...open, runningPlant: true })).toMatchObject({ kind: 'found', level: 'special' })
  expect(levelOf(hot, { runningPlant: true })).toMatchObject({ kind: 'found', level: 'special' })
})

test('what can only give the same level again is not asked for', () => {
  expect(levelOf(height, { ...dry, metres: 31, conditions: 'unanswered' })).toMatchObject({ level: 'IV', clause: '8.1.1' })
})

test('criteria are taken strictest first, in whatever order the pack has them', () => {
  const shuffled = { ...hot, criteria: hot.criteria.toReversed() }
  expect(levelOf(shuffled, { ...coldWork, pipeRack: true, pressureTap: true })).toMatchObject({ level: 'special' })
})

test('work below every criterion has no level', () => {
  expect(levelOf(height, { ...dry, metres: 1.9 })).toEqual({ kind: 'none' })
})

test('a ticket is spared only beyond doubt', () => {
  expect(ticketNeeded(lifting, { tonnes: 9.999 })).toMatchObject({ kind: 'notNeeded', clause: 'B.2 注3' })
  expect(ticketNeeded(lifting, { tonnes: 10 })).toEqual({ kind: 'needed' })
  expect(ticketNeeded(lifting, {})).toEqual({ kind: 'missing', questions: ['tonnes'] })
  expect(ticketNeeded(lifting, { tonnes: -1 })).toEqual({ kind: 'missing', questions: ['tonnes'] })
  expect(ticketNeeded(hot, {})).toEqual({ kind: 'needed' })
})

test('an id that the rules lack is refused loudly', () => {
  expect(() => levelById(hot, 'three')).toThrow(RangeError)
})

/** Bands of 8.1.1 and 8.1.3, written apart from the pack. */
const bandOf = (metres: number, hasFactor: boolean): number => {
  if (metres < 2) return -1
  const a = metres <= 5 ? 0 : metres <= 15 ? 1 : metres <= 30 ? 2 : 3
  return hasFactor ? Math.min(3, a + 1) : a
}

const rankAt = (facts: JobFacts): number => {
  const found = levelOf(height, facts)
  return found.kind === 'found' ? levelById(height, found.level).rank : -1
}

test('height: the level is that of the bands, one up with any factor', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6000 }), fc.boolean(), (decimetres, hasFactor) => {
      const metres = decimetres / 10
      expect(rankAt({ ...dry, metres, factors: hasFactor ? ['dark'] : [] })).toBe(bandOf(metres, hasFactor))
    }),
  )
})

const list = (ids: readonly string[]) => fc.subarray([...ids])

test('height: more metres, factors or conditions never give a milder level', () => {
  const facts = fc.record({
    metres: fc.double({ min: 0.1, max: 600, noNaN: true }),
    steepSlope: fc.boolean(),
    factors: list(['wind', 'cold', 'dark']),
    places: list(['openings', 'vents']),
    conditions: list(['snow', 'live']),
  })
  fc.assert(
    fc.property(facts, fc.double({ min: 0, max: 100, noNaN: true }), (job, more) => {
      const higher = { ...job, metres: Math.min(600, job.metres + more) }
      const worse = { ...higher, factors: ['wind', ...job.factors], conditions: [...job.conditions, 'rain'] }
      expect(rankAt({ ...dry, ...higher })).toBeGreaterThanOrEqual(rankAt({ ...dry, ...job }))
      expect(rankAt({ ...dry, ...worse })).toBeGreaterThanOrEqual(rankAt({ ...dry, ...higher }))
    }),
  )
})

test('taking answers away never gives another level: the same one, or a question', () => {
  const all = fc.record({
    riskPlace: fc.boolean(),
    runningPlant: fc.boolean(),
    pressureTap: fc.boolean(),
    majorHazardDike: fc.boolean(),
    pipeRack: fc.boolean(),
    isolatedAndAgreed: fc.boolean(),
  })
  fc.assert(
    fc.property(all, list(Object.keys(coldWork)), (facts, kept) => {
      const full = levelOf(hot, facts)
      const part = levelOf(hot, Object.fromEntries(Object.entries(facts).filter(([id]) => kept.includes(id))))
      expect(full.kind).toBe('found')
      if (part.kind === 'found' && full.kind === 'found') expect(part.level).toBe(full.level)
      else expect(part.kind).toBe('missing')
    }),
  )
})
