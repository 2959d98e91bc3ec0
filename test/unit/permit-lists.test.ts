import { expect, test } from 'vitest'
import { lightOf, permitListQuestion } from '../../src/cards/questions/permit-list.ts'
import { permitStatsQuestion } from '../../src/cards/questions/permit-stats.ts'
import { saidAlone } from '../../src/engine/registry.ts'
import type { OpenPermit } from '../../src/workflows/permit/rows.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import { permitAt, rowsOf } from './permit-desk.ts'
import { permitPlant } from './permit-plant.ts'

const at = new Date('2026-11-24T02:00:00.000Z')
const asking = { person: 'chen', site: 'SH01', text: '', at, plant: permitPlant(), count: () => 0 }

const one = (status: OpenPermit['status'], to: string) => ({ status, to }) as unknown as OpenPermit
test.each([
  ['active', '2026-11-24T08:00:00.000Z', 'green'],
  ['active', '2026-11-24T02:30:00.000Z', 'yellow'],
  ['active', '2026-11-24T02:00:00.000Z', 'red'],
  ['issued', '2026-11-24T08:00:00.000Z', 'yellow'],
  ['signing', '2026-11-24T08:00:00.000Z', 'yellow'],
  ['completed', '2026-11-24T01:00:00.000Z', 'red'],
  ['suspended', '2026-11-24T08:00:00.000Z', 'red'],
  ['active', 'no instant', 'red'],
] as const)('%s until %s is %s', (status, to, light) => {
  expect(lightOf(one(status, to), at)).toBe(light)
})

test('the list counts each colour, names what wants somebody first, and shows what cannot be read as red', () => {
  expect(saidAlone('作业看板')).toEqual({ question: 'permit-list' })
  const rows: FoundRow[] = rowsOf(permitAt('active')).filter(({ name }) => name === 'permit-open')
  const [row] = rows
  if (!row) throw new Error('an active permit is open')
  const broken = { ...row, subject: 'per_x', note: 'no note' }
  const card = permitListQuestion.answer({ ...asking, read: () => [row, broken] })
  expect(card.facts.map(({ value }) => value)).toEqual(['1 项', '0 项', '1 项'])
  expect(card.body.split('\n')[0]).toContain('无法读取')
  expect(card.body.split('\n')[1]).toMatch(/^🟢 动火作业 3号泵房 P-301 出口｜作业中 至 .+｜名wang$/)
  expect(card.tone).toBe('danger')
  const none = permitListQuestion.answer({ ...asking, read: () => [] })
  expect([none.tone, none.body]).toEqual(['neutral', '现在没有已签发或进行中的特殊作业。'])
})

test('what happened to permits is counted by month, weekday and hour, and read again by the question', () => {
  expect(saidAlone('作业统计')).toEqual({ question: 'permit-stats' })
  const desk = permitAt('active')
  desk.do('bystander', { type: 'stopWork', reason: '' })
  const counted = new Map<string, number>()
  for (const { name, key, n } of desk.tallies()) counted.set(`${name} ${key}`, (counted.get(`${name} ${key}`) ?? 0) + n)
  expect([...counted.keys()].sort()).toEqual([
    'permit.fate 2026-11 submitted',
    'permit.lead 2026-11 0',
    'permit.start 2026-11 2-2',
    'permit.stop 2026-11 stop',
    'permit.work 2026-11 hot',
  ])
  const card = permitStatsQuestion.answer({
    ...asking,
    read: () => [],
    count: ({ name, key }) => counted.get(`${name} ${key}`) ?? 0,
  })
  const facts = new Map(card.facts.map(({ label, value }) => [label, value]))
  expect(facts.get('开工')).toBe('1 次')
  expect(facts.get('提前量')).toBe('不到 2 小时 1')
  expect(facts.get('停止')).toBe('有人叫停 1')
  expect(card.body).toContain('周二：0 0 1 0 0 0')
})
