import { expect, test } from 'vitest'
import { todoQuestion } from '../../src/cards/questions/todo.ts'
import { saidAlone } from '../../src/engine/registry.ts'
import type { FoundRow, IndexQuery } from '../../src/workflows/workflow.ts'
import { plantWith } from './desk.ts'

const row = (subject: string, at: string, note: string): FoundRow => ({
  name: 'todo',
  key: 'welder',
  at,
  weight: 1,
  note,
  subject,
})
const item = (code: string, at: string, title = '漏油'): FoundRow =>
  row(`haz_${code}`, at, JSON.stringify({ code, title, due: at }))
const asked = (rows: readonly FoundRow[]) => {
  const queries: IndexQuery[] = []
  const card = todoQuestion.answer({
    person: 'welder',
    at: new Date('2026-11-24T02:00:00.000Z'),
    plant: plantWith(),
    read: (query) => {
      queries.push(query)
      return rows
    },
    count: () => 0,
  })
  return { card, queries }
}

test('what is due first stands in front, and what is late is marked', () => {
  const { card, queries } = asked([
    item('YH-C', '2026-11-25T02:00:00.000Z'),
    item('YH-B', '2026-11-24T05:00:00.000Z'),
    item('YH-A', '2026-11-24T02:00:00.000Z', '漏\n油'),
  ])
  expect(card.body.split('\n')).toEqual([
    '1. 【逾期】YH-A 漏 油（10:00 前）',
    '2. YH-B 漏油（13:00 前）',
    '3. YH-C 漏油（11-25 10:00 前）',
  ])
  expect(card).toMatchObject({ title: '我的待办', tone: 'danger', facts: [{ value: '3 件' }, { value: '1 件' }] })
  expect(queries).toEqual([{ name: 'todo', key: 'welder', most: 1_000 }])
})

test('ten lines and a count; the rest is said, never dropped', () => {
  const many = Array.from({ length: 13 }, (_, n) =>
    item(`YH-${String(n).padStart(2, '0')}`, `2026-11-25T${String(n).padStart(2, '0')}:00:00.000Z`),
  )
  const lines = asked(many.reverse()).card.body.split('\n')
  expect([lines.length, lines[0], lines[9], lines[10]]).toEqual([
    11,
    '1. YH-00 漏油（11-25 08:00 前）',
    '10. YH-09 漏油（11-25 17:00 前）',
    '还有 3 件未列出，请先处理以上各项。',
  ])
  expect(asked(Array.from({ length: 1_000 }, (_, n) => item(`Y${n}`, '2026-11-25T00:00:00.000Z'))).card.facts[0]?.value).toBe(
    '1000 件以上',
  )
})

test('an empty list says so, and a row that cannot be read still counts', () => {
  expect(asked([]).card).toMatchObject({ tone: 'success', facts: [], body: expect.stringContaining('没有等待您处理的事项') })
  for (const note of ['', 'null', '"x"', '{"code":7}', '[]'])
    expect(asked([row('tbx_1', '2026-11-25T00:00:00.000Z', note)]).card.body, note).toContain('1. tbx_1')
})

test.each(['我的待办', '待办', '待办事项', '我的待办？'])('«%s» asks for it', (text) => {
  expect(saidAlone(text)).toEqual({ question: 'todo' })
})
test.each(['我的待办太多', '3号泵房待办'])('«%s» does not', (text) => {
  expect(saidAlone(text)).not.toEqual({ question: 'todo' })
})
