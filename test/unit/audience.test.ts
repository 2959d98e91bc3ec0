import fc from 'fast-check'
import { expect, test } from 'vitest'
import { audienceOf, crowdsOf, lotsOf } from '../../src/engine/audience.ts'
import type { Pass } from '../../src/engine/batch.ts'
import type { Case } from '../../src/engine/cases.ts'
import { performEffect } from '../../src/engine/effects.ts'
import { noWrites } from '../../src/engine/writes.ts'
import type { Actor, Audience, Effect, Plant } from '../../src/workflows/workflow.ts'

const person = (id: string, team: string, active = true) => ({ id, name: id, team, company: 'c', active })
const people = [
  person('d', '机修班'),
  person('a', '机修班'),
  person('b', '电气班'),
  person('gone', '机修班', false),
  person('mute', '机修班'),
]
const plant = {
  site: 'SH01',
  persons: new Map(people.map((one) => [one.id, one])),
  areas: [{ id: 'pump', name: '3号泵房', aliases: [], owner: 'b', team: '机修班' }],
  holders: (role: string, scope: string) => (role === 'safetyOfficer' && scope === 'SH01' ? ['b', 'a'] : []),
  reachable: (id: string) => id !== 'mute',
} as unknown as Plant

test.each<[Exclude<Audience, { kind: 'group' }>, readonly string[]]>([
  [{ kind: 'site' }, ['a', 'b', 'd']],
  [{ kind: 'team', team: '机修班' }, ['a', 'd']],
  [{ kind: 'team', team: '没有' }, []],
  [{ kind: 'area', area: 'pump' }, ['a', 'b', 'd']],
  [{ kind: 'area', area: 'nowhere' }, []],
  [{ kind: 'role', role: 'safetyOfficer', scope: 'SH01' }, ['a', 'b']],
  [{ kind: 'role', role: 'safetyOfficer', scope: 'SH02' }, []],
  [{ kind: 'people', persons: ['d', 'nobody', 'd', 'gone'] }, ['d']],
])('%j is %j', (to, expected) => {
  expect(audienceOf(to, plant, false)).toEqual(expected)
})

test('whoever cannot be reached stays in what is urgent, so that the case hears of it', () => {
  expect(audienceOf({ kind: 'team', team: '机修班' }, plant, true)).toEqual(['a', 'd', 'mute'])
})

test('lots leave nobody out, keep the order and are never too large', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (list, most) => {
      const lots = lotsOf(list, most)
      expect(lots.flat()).toEqual(list)
      for (const lot of lots) expect(lot.length).toBeGreaterThan(0)
      for (const lot of lots) expect(lot.length).toBeLessThanOrEqual(most)
    }),
  )
  expect(crowdsOf({ kind: 'team', team: '没有' }, plant, true)).toEqual([])
})

const ordered = (effect: Effect, actor: Actor): readonly Record<string, unknown>[] => {
  const writes = noWrites()
  const on = { id: 'haz_1', site: 'SH01', revision: 7, registered: { words: { notices: { stop: '{area}停用' }, roles: {} } } }
  const at = new Date('2026-05-06T08:00:00Z')
  const pass = { at, writes, plantOf: () => ({ plant: { ...plant, timeZone: 'Asia/Shanghai' } }) }
  performEffect(effect, on as unknown as Case, actor, pass as unknown as Pass)
  return writes.effect.map(({ kind, person, connection, account, conversation, payload, urgent, revision }) => ({
    ...{ kind, person, connection, account, conversation, urgent, revision, payload: JSON.parse(String(payload)) },
  }))
}
const nobody = { person: null, connection: null, account: null, conversation: null }
const stop = (to: Audience): Effect => ({ kind: 'broadcast', to, words: 'stop', values: { area: '3号泵房' }, urgent: true })

test('a broadcast is one row for a crowd, its people found now and its words filled in', () => {
  const row = { ...nobody, kind: 'broadcast', urgent: true, revision: 7 }
  expect(ordered(stop({ kind: 'area', area: 'pump' }), { kind: 'system' })).toEqual([
    { ...row, payload: { text: '3号泵房停用', persons: ['a', 'b', 'd', 'mute'] } },
  ])
  expect(ordered(stop({ kind: 'people', persons: ['a'] }), { kind: 'clock' })).toEqual([
    { ...row, payload: { text: '3号泵房停用', persons: ['a'], clock: true } },
  ])
  expect(ordered(stop({ kind: 'team', team: '没有' }), { kind: 'system' })).toEqual([])
})

test('words for a group chat are one message into it', () => {
  expect(ordered(stop({ kind: 'group', connection: 'f', conversation: 'oc_1' }), { kind: 'system' })).toEqual([
    {
      ...nobody,
      kind: 'text',
      connection: 'f',
      conversation: 'oc_1',
      urgent: true,
      revision: 7,
      payload: { text: '3号泵房停用' },
    },
  ])
})

test('a recall is a row for the person, the account, or for all', () => {
  const row = { ...nobody, kind: 'recall', urgent: true, revision: 7, payload: {} }
  expect(ordered({ kind: 'recall', from: { kind: 'person', person: 'a' } }, { kind: 'system' })).toEqual([
    { ...row, person: 'a' },
  ])
  expect(ordered({ kind: 'recall', from: { kind: 'account', connection: 'f', account: 'x' } }, { kind: 'system' })).toEqual([
    { ...row, connection: 'f', account: 'x' },
  ])
  expect(ordered({ kind: 'recall', from: { kind: 'everyone' } }, { kind: 'system' })).toEqual([row])
})
