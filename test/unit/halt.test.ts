import { expect, test } from 'vitest'
import { saidAlone } from '../../src/engine/registry.ts'
import type { HaltState } from '../../src/workflows/halt/halt.ts'
import { saidHalt } from '../../src/workflows/halt/workflow.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import { because, commandsOf, createDesk, person, stranger, untrue } from './desk.ts'
import { permitPlant } from './permit-plant.ts'

const work = (number: number, more: object = {}): FoundRow => {
  const subject = `per_${String(number).padStart(25, '0')}`
  const code = `ZY-SH01-20261124-000${number}-X`
  const note = {
    code,
    subject,
    work: 'hot',
    status: 'active',
    area: 'pump-3',
    point: 'P-301',
    from: '',
    to: '',
    leader: 'wang',
    people: ['wang'],
  }
  return {
    subject,
    name: 'permit-open',
    key: 'SH01',
    at: '2026-11-24T00:00:00.000Z',
    weight: 1,
    note: JSON.stringify({ ...note, ...more }),
  }
}
const rows = [
  work(1),
  work(2, { area: 'yard', point: '北门', people: ['welder'] }),
  work(3, { point: 'P-302', status: 'issued' }),
  work(4, { point: 'P-303' }),
]
const desk = (found: readonly FoundRow[] = rows) => createDesk<HaltState>('halt', { plant: permitPlant(), rows: found })

const stopped = (text: string, who = person('bystander'), found = rows) => {
  const one = desk(found)
  const result = one.run(who, { type: 'halt', text })
  const orders = commandsOf(result).map(({ subject, command }) => [subject?.slice(-1), command.because])
  return result.decision.kind === 'refused' ? because(result) : orders.map(([last, why]) => `${last} ${why}`).join()
}

test.each([
  ['停止作业 3号泵房', '1 stop,4 stop'],
  ['停止作业泵房有浓烟', '1 stop,4 stop'],
  ['停工：北门', '2 stop'],
  ['stop P-303', '4 stop'],
  ['STOP zy-sh01-20261124-0002-x', '2 stop'],
  ['停止作业 P-302', 'which-of-these'],
  ['停止作业 锅炉房', 'which-of-these'],
  ['停止作业', 'which-of-these'],
])('%s stops what it names and nothing else', (text, expected) => {
  expect(saidAlone(text)).toEqual({ workflow: 'halt', command: 'halt' })
  expect(stopped(text)).toBe(expected)
})

test('without words the own job of the speaker stops, or the only one there is', () => {
  expect(stopped('停止作业', person('welder'))).toBe('2 stop')
  expect(stopped('停止作业', person('bystander'), [work(1)])).toBe('1 stop')
  expect(stopped('停止作业', person('bystander'), [])).toBe('nothing-goes-on')
  expect(stopped('停止作业', person('bystander'), [work(3, { status: 'issued' })])).toBe('nothing-goes-on')
})

test('somebody whose account is not linked stops work too, and is told no list of what goes on', () => {
  expect(stopped('停止作业 3号泵房', stranger('visitor'))).toBe('1 stop,4 stop')
  expect(stopped('停止作业 锅炉房', stranger('visitor'))).toBe('which-one')
})

test('what was stopped is written down, shown to whoever said it, and each work is told once', () => {
  const one = desk()
  const result = one.run(person('bystander'), { type: 'halt', text: '停止作业 3号泵房 有浓烟' })
  expect(commandsOf(result).map(({ key }) => key)).toEqual(
    [1, 4].map((n) => `halt:${one.subject}:per_${String(n).padStart(25, '0')}`),
  )
  expect(commandsOf(result)[0]?.command.detail).toBe('名bystander：3号泵房 有浓烟')
  const card = one.card('bystander')
  expect([card.tone, card.title, card.facts[0]?.value]).toEqual(['danger', '已停止作业', '2 项'])
  expect(card.body).toContain('ZY-SH01-20261124-0001-X 3号泵房 P-301')
  expect(untrue(one as unknown as Parameters<typeof untrue>[0])).toEqual([])
  expect(because(one.run(person('bystander'), { type: 'halt', text: '停止作业' }))).toBe('said-already')
})

test('words that only begin like it are for the reader to judge, and other words never are', () => {
  for (const text of ['现场停止作业了吗', '请停工', 'nonstop']) expect(saidHalt.test(text), text).toBe(false)
})
