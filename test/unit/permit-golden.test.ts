import { expect, test } from 'vitest'
import { certificate, conflict, gas, gasTime, level, type Said, upgrade, validity, weather } from './permit-golden-judges.ts'
import { cell, type Row, tables } from './permit-golden-kit.ts'
import { mistakes } from './permit-golden-mistakes.ts'

/** The golden table: cases that a safety officer can read and add to, each judged by the engines over the real packs. */
const judges: Readonly<Record<string, (row: Row) => Said>> = {
  定级: level,
  有效期: validity,
  升级: upgrade,
  气体: gas,
  气体时限: gasTime,
  交叉: conflict,
  证书: certificate,
  天气: weather,
  常见错误: (row) => (mistakes[cell(row, '检查')] ?? (() => ({ 期望: '没有这样的检查', 条款: '-' })))(row),
}

const rows = [...tables].flatMap(([subject, all]) => all.map((row) => ({ subject, id: cell(row, '编号'), row })))

test('there are at least 160 cases, each with an id of its own, in tables that somebody judges', () => {
  expect(rows.length).toBeGreaterThanOrEqual(160)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  expect([...tables.keys()].toSorted()).toEqual(Object.keys(judges).toSorted())
})

test('every mistake of the list is there', () => {
  expect(new Set((tables.get('常见错误') ?? []).map((row) => cell(row, '检查')))).toEqual(new Set(Object.keys(mistakes)))
})

test.each(rows)('$subject $id', ({ subject, row }) => {
  const found = judges[subject]?.(row)
  const expected = Object.fromEntries(Object.keys(found ?? {}).map((column) => [column, cell(row, column)]))
  expect(found, Object.values(row).join(' | ')).toEqual(expected)
})
