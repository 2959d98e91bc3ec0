import { expect, test } from 'vitest'
import { inZone } from '../../src/lib/clock.ts'
import { idFor } from '../../src/lib/id.ts'
import { type DigestState, digestKey } from '../../src/workflows/digest/digest.ts'
import { hourOf } from '../../src/workflows/digest/workflow.ts'
import { countsOver, rates } from '../../src/workflows/indicators.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import { createDesk, plantWith, system } from './desk.ts'

const start = '2026-11-23T12:00:00.000Z'
const begin = { type: 'begin', date: '2026-11-24', at: '2026-11-23T23:30:00.000Z' }

const open = (n: number, key: string, more: { weight?: number; due?: string | null } = {}): FoundRow => ({
  name: 'open',
  key,
  subject: `haz_${n}`,
  at: `2026-11-2${n % 4}T00:00:00.000Z`,
  weight: more.weight ?? 2,
  note: JSON.stringify({
    code: `YH-SH01-2026112${n % 4}-000${n}-X`,
    title: `隐患${n}`,
    colour: 'yellow',
    owner: 'fitter',
    due: more.due ?? null,
  }),
})
const four = [
  open(1, 'team:mech'),
  open(2, 'team:mech', { due: '2026-11-22T00:00:00.000Z' }),
  open(3, 'team:mech', { weight: 8, due: '2026-12-01T00:00:00.000Z' }),
  open(4, 'team:mech', { weight: 1 }),
]
const desk = (rows: readonly FoundRow[] = four, counts: Readonly<Record<string, number>> = {}) =>
  createDesk<DigestState>('digest', { start, rows, counts })

test('the digest waits for half past seven of the site and is made once', () => {
  const one = desk()
  one.must(system, begin)
  expect(one.deadlines.get('make')?.at).toEqual(new Date('2026-11-23T23:30:00.000Z'))
  one.passes(hours(11.5))
  expect(one.fireDue()).toHaveLength(1)
  expect(one.state().status).toBe('made')
  expect(one.deadlines.size).toBe(0)
  expect(one.run(system, begin).decision).toMatchObject({ kind: 'refused', because: 'made-already' })
})
const hours = (n: number): number => n * 3_600_000

test('a lead reads the three that press most: overdue first, then the gravest', () => {
  const one = desk()
  one.must(system, begin)
  one.passes(hours(12))
  one.fireDue()
  const card = one.card('lead')
  expect(card.title).toBe('班组今日 TOP3')
  expect(card.tone).toBe('danger')
  expect(card.body.split('\n').map((line) => /隐患\d/.exec(line)?.[0])).toEqual(['隐患2', '隐患3', '隐患1'])
  expect(card.body).toContain('【超期】YH-SH01-20261122-0002-X')
  expect(card.facts).toEqual([
    { label: '未关闭', value: '4' },
    { label: '已超期', value: '1' },
  ])
})

test('the plant reads yesterday and the rates; without cases there is no rate', () => {
  const one = desk([open(1, 'site')], {
    'hazard.reported 2026-11-23': 7,
    'hazard.closed 2026-11-23': 4,
    'hazard.closedOnTime 2026-11-23': 3,
  })
  one.must(system, begin)
  one.passes(hours(12))
  one.fireDue()
  const facts = Object.fromEntries(one.card('head').facts.map(({ label, value }) => [label, value]))
  expect(facts).toMatchObject({
    未关闭: '1',
    昨日上报: '7',
    昨日关闭: '4',
    按期关闭率: '75.0%',
    一次通过率: '无数据',
  })
  expect(one.card('principal').title).toBe('集团安全日报')
})

test('everybody who leads something open and every upper level gets one, and the next day is begun', () => {
  const one = desk()
  one.must(system, begin)
  one.passes(hours(12))
  const [result] = one.fireDue()
  const readers = result?.effects.flatMap((effect) =>
    effect.kind === 'showCard' && effect.to.kind === 'person' ? [effect.to.person] : [],
  )
  expect(readers?.toSorted()).toEqual([
    'director',
    'head',
    'lead',
    'officerA',
    'officerB',
    'officerProd',
    'principal',
    'safetyDirector',
  ])
  expect(result?.effects.filter(({ kind }) => kind === 'command')).toEqual([
    {
      kind: 'command',
      workflow: 'digest',
      subject: null,
      key: digestKey('SH01', '2026-11-25'),
      command: { type: 'begin', date: '2026-11-25', at: '2026-11-24T23:30:00.000Z' },
    },
  ])
  expect(idFor('dgt', digestKey('SH01', '2026-11-25'))).not.toBe(idFor('dgt', digestKey('SH01', '2026-11-24')))
})

test('a day without anything open is no day without hazards', () => {
  const one = desk([])
  one.must(system, begin)
  one.passes(hours(12))
  one.fireDue()
  expect(one.card('head')).toMatchObject({ tone: 'success', body: '目前没有未关闭的隐患。没有上报不等于没有隐患，请继续巡查。' })
})

test.each([
  ['2026-12-31', 'Asia/Shanghai', '2026-12-30T23:30:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T05:30:00.000Z'],
  ['2026-03-28', 'Europe/Berlin', '2026-03-28T06:30:00.000Z'],
  ['2026-11-01', 'America/New_York', '2026-11-01T12:30:00.000Z'],
])('half past seven on %s in %s', (date, zone, instant) => {
  expect(hourOf(date, zone).toISOString()).toBe(instant)
  expect(inZone(hourOf(date, zone), zone)).toMatchObject({ date, time: '07:30:00' })
})

test('counters are summed over days of the site, and nothing is never all well', () => {
  const counts: Readonly<Record<string, number>> = {
    'hazard.reported 2026-11-24': 2,
    'hazard.reported 2026-10-26': 3,
    'hazard.reported 2026-10-25': 100,
  }
  const reads = { read: () => [], count: ({ name, key }: { name: string; key: string }) => counts[`${name} ${key}`] ?? 0 }
  const sums = countsOver(reads, plantWith(), new Date('2026-11-24T15:00:00.000Z'), 30)
  expect(sums.reported).toBe(5)
  expect(rates(sums)).toEqual({ onTime: null, firstPass: null, repeat: 0, falseClosure: null })
})
