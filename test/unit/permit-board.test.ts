import { expect, test } from 'vitest'
import { type BoardPermit, boardOf } from '../../src/cards/permit-board.ts'
import { boardText } from '../../src/cards/text/permit-board-page.ts'
import type { OpenPermit } from '../../src/workflows/permit/rows.ts'
import { plantWith } from './hazard-desk.ts'

const at = new Date('2026-11-24T02:00:00.000Z')
const plant = plantWith()
const row = (more: Partial<OpenPermit> = {}, stale = false): BoardPermit => ({
  subject: 'per_1',
  stale,
  permit: {
    ...{ code: 'ZY-1', subject: 'per_1', work: 'hot', status: 'active', area: 'pump-3', point: 'P-301' },
    ...{ from: '2026-11-24T00:00:00.000Z', to: '2026-11-24T08:00:00.000Z', leader: 'x', people: [], attendants: [] },
    ...{ name: '动火作业', level: '一级' },
    ...more,
  },
})

/** What stands on the board: light and status. Each time limit is there on both sides of its edge. */
const lights: readonly (readonly [string, string, BoardPermit])[] = [
  ['green', boardText.status.active ?? '', row()],
  ['green', boardText.status.active ?? '', row({ to: '2026-11-24T02:30:00.001Z' })],
  ['yellow', boardText.ending, row({ to: '2026-11-24T02:30:00.000Z' })],
  ['yellow', boardText.ending, row({ to: '2026-11-24T02:00:00.001Z' })],
  ['red', boardText.over, row({ to: at.toISOString() })],
  ['red', boardText.stale, row({}, true)],
  ['red', '已停止', row({ status: 'suspended' })],
  ['red', '超时未关闭', row({ status: 'expired' })],
  ['red', '已收回未关闭', row({ status: 'revoked' })],
  ['yellow', '待签字', row({ status: 'signing' })],
  ['yellow', '待开始', row({ status: 'issued' })],
  ['yellow', '待验收', row({ status: 'completed' })],
  ['red', '待验收', row({ status: 'completed', to: at.toISOString() })],
  ['red', boardText.unreadable, { subject: 'per_9', permit: null, stale: false }],
]
test.each(lights)('%s: %s', (light, status, one) => {
  expect(boardOf([one], at, plant).rows).toMatchObject([{ light, status }])
})

test('red stands first, then yellow, then green, and of one light what ends first', () => {
  const green = row({ code: 'A' })
  const first = row({ code: 'B', to: '2026-11-24T07:00:00.000Z' })
  const { rows, counts } = boardOf(
    [green, first, row({ code: 'C', status: 'issued' }), row({ code: 'D', status: 'suspended' })],
    at,
    plant,
  )
  expect(rows.map(({ code }) => code)).toEqual(['D', 'C', 'B', 'A'])
  expect(counts).toEqual({ red: 1, yellow: 1, green: 2 })
})

test('the time that is left is told, and the time that is over', () => {
  expect(boardOf([row({ to: '2026-11-24T03:05:59.000Z' })], at, plant).rows[0]?.left).toBe('剩 1小时5分（至 11:05）')
  expect(boardOf([row({ status: 'expired', to: '2026-11-24T01:20:00.000Z' })], at, plant).rows[0]?.left).toBe(
    '超 40分（09:20 到期）',
  )
  expect(boardOf([row({ status: 'issued', from: '2026-11-24T03:00:00.000Z' })], at, plant).rows[0]?.left).toBe('11:00 开始')
})
