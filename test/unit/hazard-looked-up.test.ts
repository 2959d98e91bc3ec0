import { expect, test } from 'vitest'
import type { HazardEvent } from '../../src/workflows/hazard/hazard.ts'
import { begun, type Hall, hazardId, person, registry, shown, signs, system, underVerification } from './verdict-desk.ts'

const looks = (hall: Hall, who: string) =>
  registry.get('hazard')?.workflow.lookedUp?.(hall.state() as never, who, hall.plant()) ?? null
const noteSeen = (who: string) => ({ type: 'noteSeen', person: who })
const pools = (hall: Hall): readonly string[] =>
  hall
    .events<Extract<HazardEvent, { type: 'verifiersDrawn' }>>('verifiersDrawn')
    .flatMap(({ seats }) => seats.flatMap(({ pool }) => pool.map(([id]) => id)))

test('the case wants to know of everybody who could judge it, once, and of nobody else', () => {
  const hall = shown(begun())
  expect(looks(hall, 'officer1')).toEqual(noteSeen('officer1'))
  expect(looks(hall, 'safetyDirector')).toEqual(noteSeen('safetyDirector'))
  expect(['welder', 'head', 'admin', 'lead'].map((who) => looks(hall, who))).toEqual([null, null, null, null])
  hall.must(system, noteSeen('officer1'))
  expect(looks(hall, 'officer1')).toBeNull()
  hall.must(system, noteSeen('officer1'))
  hall.must(system, noteSeen('welder'))
  expect(hall.events('seen')).toEqual([{ type: 'seen', persons: ['officer1'], at: hall.now().toISOString() }])
})

test('an officer who has looked the case up knows its people, and is among no candidates', () => {
  const hall = shown(begun())
  for (const who of ['officer1', 'officer2']) hall.must(system, noteSeen(who))
  expect(hall.state().knows).toEqual(expect.arrayContaining(['officer1', 'officer2']))
  signs(hall)
  hall.delivers()
  expect(pools(hall).length).toBeGreaterThan(2)
  expect(pools(hall)).not.toContain('officer1')
  expect(pools(hall)).not.toContain('officer2')
})

test('who was drawn before the case heard of the look gives the seat to another, and the other seat stays', () => {
  const hall = underVerification()
  const [a, b] = [hall.judge('A'), hall.judge('B')]
  const who = String(hall.seat('A')?.verifier)
  hall.must(system, noteSeen(who))
  hall.delivers()
  expect(hall.events('verifierReleased')).toMatchObject([{ seat: 'A', because: 'seen' }])
  expect(hall.verdict(a.task).status).toBe('withdrawn')
  expect(hall.seat('A')?.verifier).not.toBe(who)
  expect(hall.judge('B').task).toBe(b.task)
  expect(pools(hall).slice(-4)).not.toContain(who)
})

test('a verdict that was given stands', () => {
  const hall = underVerification()
  const { who, task } = hall.judge('A')
  hall.must(who, { type: 'declare' }, task)
  hall.delivers()
  const next = hall.judge('A')
  hall.must(system, { type: 'storePhoto', file: 'fil_after0', original: 'o', watermarked: 'w', thumbnail: 't', exif: null })
  hall.must(system, { type: 'storeBlind', file: 'fil_after0', watermarked: 'bw', thumbnail: 'bt' })
  hall.delivers()
  hall.must(next.who, { type: 'pass' }, next.task)
  hall.delivers()
  hall.must(system, noteSeen(String(hall.seat('A')?.verifier)))
  expect(hall.seat('A')?.outcome).toBe('passed')
})

test('nobody but the system tells the case of a look', () => {
  const hall = shown(begun())
  expect(hall.run(person('lead'), noteSeen('officer1')).decision.kind).toBe('refused')
  expect(hall.state().knows ?? []).not.toContain('officer1')
  expect(hall.index(hazardId).length).toBeGreaterThan(0)
})
