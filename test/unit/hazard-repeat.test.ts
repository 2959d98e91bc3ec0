import { expect, test } from 'vitest'
import { repeatWords } from '../../src/cards/hazard-govern-card.ts'
import { days, hours } from '../../src/lib/clock.ts'
import { categories, categoryIn } from '../../src/rules/repeat.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import {
  accepts,
  because,
  codeOf,
  eventsOf,
  hazardDesk,
  noticesOf,
  person,
  plantWith,
  report,
  showsRepair,
  system,
  triage,
} from './hazard-govern-desk.ts'

const start = new Date('2026-11-24T02:00:00.000Z')
const daysAgo = (count: number): string => new Date(start.getTime() - days(count)).toISOString()
const before = (count: number, n: number, more: { returned?: number; key?: string } = {}): FoundRow => ({
  name: 'repeat',
  key: more.key ?? 'pump-3:leak',
  subject: `haz_${n}`,
  at: daysAgo(count),
  weight: 1,
  note: JSON.stringify({ code: codeOf(n), returned: more.returned ?? 0 }),
})
const after = (rows: readonly FoundRow[], words = '3号泵房漏油') => {
  const desk = hazardDesk({ rows })
  const first = desk.must(person('welder'), report(words))
  return { desk, first }
}

test('the third of a kind at a place within ninety days is a repeated one: told at once, one colour up', () => {
  const { desk, first } = after([before(30, 3, { returned: 1 }), before(62, 2)])
  expect(eventsOf(first)).toContain('repeated')
  expect(desk.state()).toMatchObject({
    repeat: { count: 3, days: 62, returned: 1 },
    suggestion: { colour: 'red', area: 'pump-3' },
  })
  expect(repeatWords(desk.state())).toBe('62 天内第 3 次；上次整改曾被退回一次')
  expect(desk.card('lead').facts).toContainEqual({ label: '重复隐患', value: '62 天内第 3 次；上次整改曾被退回一次' })
  expect(desk.card('welder').facts).toContainEqual({ label: '重复隐患', value: '62 天内第 3 次；上次整改曾被退回一次' })
})

test.each([
  ['the second', [before(30, 3)]],
  ['one beyond ninety days', [before(30, 3), before(91, 2)]],
  ['another place', [before(30, 3), before(40, 2, { key: 'yard:leak' })]],
  ['another kind', [before(30, 3), before(40, 2, { key: 'pump-3:electric' })]],
])('%s is none', (_, rows) => {
  const { desk } = after(rows)
  expect(desk.state().repeat).toBeUndefined()
  expect(desk.state().suggestion.colour).toBe('orange')
  desk.must(person('lead'), triage)
  expect(desk.state().repeat).toBeUndefined()
})

test('on the ninetieth day it still counts', () => {
  expect(after([before(1, 3), before(90, 2)]).desk.state().repeat).toMatchObject({ count: 3, days: 90, returned: 0 })
})

test('a repeated hazard names its root cause before it is handed in, whatever its colour, and its department head is proposed', () => {
  const { desk } = after([before(3, 3), before(5, 2)], '3号泵房漏水标识脏')
  expect(desk.card('lead').form).toContainEqual(expect.objectContaining({ name: 'owner', initial: 'head' }))
  expect(desk.card('lead').form).toContainEqual(expect.objectContaining({ name: 'root' }))
  desk.must(person('lead'), { ...triage, colour: 'blue' })
  desk.must(person('fitter'), accepts)
  showsRepair(desk)
  const refused = desk.run(person('fitter'), { type: 'submit' })
  expect(refused.decision).toMatchObject({ because: 'causes-missing', values: { missing: '根本原因' } })
  desk.must(person('lead'), { type: 'explain', root: '选型不当' })
  expect(because(desk.run(person('fitter'), { type: 'submit' }))).toMatch(/^accepted/)
})

test('words that follow may make it a repeated one or undo that, and the colour is never raised twice', () => {
  const { desk } = after([before(3, 3), before(5, 2)], '漏油了')
  expect(desk.state().repeat).toBeUndefined()
  const add = (text: string) => desk.must(person('welder'), { type: 'addToReport', text, files: [], place: null })
  add('在3号泵房')
  expect(desk.state()).toMatchObject({ repeat: { count: 3 }, suggestion: { colour: 'red' } })
  add('漏得不多')
  expect(desk.state().suggestion.colour).toBe('red')
  const yellow = after([before(3, 3, { key: 'pump-3:other' }), before(5, 2, { key: 'pump-3:other' })], '3号泵房地面积水').desk
  for (const text of ['还有', '又有']) yellow.must(person('welder'), { type: 'addToReport', text, files: [], place: null })
  expect(yellow.state().suggestion.colour).toBe('orange')
})

test('what a person has graded stays as it was graded, though the place they name makes it a repeated one', () => {
  const { desk } = after([before(3, 3, { key: 'yard:leak' }), before(5, 2, { key: 'yard:leak' })])
  const graded = desk.must(person('lead'), { ...triage, area: 'yard', colour: 'yellow' })
  expect(eventsOf(graded)).toContain('repeated')
  expect(desk.state()).toMatchObject({ colour: 'yellow', repeat: { count: 3 }, suggestion: { colour: 'orange' } })
})

test('a hazard counts for those after it while it is open and when it is closed, never when it was none or told elsewhere', () => {
  const { desk } = after([])
  const rows = () => desk.index().filter(({ name }) => name === 'repeat')
  expect(rows()).toMatchObject([{ key: 'pump-3:leak', note: JSON.stringify({ code: desk.state().code, returned: 0 }) }])
  desk.must(person('lead'), { ...triage, category: 'pressure', area: 'yard' })
  expect(rows()).toMatchObject([{ key: 'yard:pressure' }])
  desk.must(person('lead'), { type: 'reject', reason: '误报' })
  expect(rows()).toEqual([])
})

const open = (n: number, weight = 1, ago = 1, reported = false): FoundRow => ({
  name: 'source',
  key: 'area:pump-3',
  subject: `haz_${n}`,
  at: daysAgo(ago),
  weight,
  note: JSON.stringify({ code: codeOf(n), reported }),
})
const many = (count: number, ago = 1) => Array.from({ length: count }, (_, n) => open(n + 10, 1, ago))

test('with the seventh open report of a place within thirty days safety and the department hear of it, once', () => {
  const { desk, first } = after(many(6))
  expect(eventsOf(first)).toContain('sourceReported')
  expect(noticesOf(first)).toEqual([
    'officerA frequent-source',
    'officerB frequent-source',
    'officerProd frequent-source',
    'safetyDirector frequent-source',
    'head frequent-source',
  ])
  expect(desk.state().source).toMatchObject({ count: 7 })
  const next = after([...many(6), open(99, 1, 1, true)])
  expect(eventsOf(next.first)).not.toContain('sourceReported')
})

test('whoever mends and whoever buys hear of a frequent source themselves; only for a role that nobody holds the department does', () => {
  const heard = (also: readonly (readonly [string, string])[]) => {
    const desk = hazardDesk({ plant: plantWith({ also }), rows: many(6) })
    const told = noticesOf(desk.must(person('welder'), report()))
    return told.filter((one) => !one.startsWith('officer') && !one.startsWith('safetyDirector'))
  }
  const mends = ['fitter', 'maintenance@SH01'] as const
  const buys = ['worker', 'purchasing@SH01'] as const
  expect(heard([mends, buys])).toEqual(['fitter frequent-source', 'worker frequent-source'])
  expect(heard([buys])).toEqual(['head frequent-source', 'worker frequent-source'])
})

test.each([
  ['six', many(5)],
  ['seven of which one is older than thirty days', [...many(5), open(50, 1, 31)]],
])('%s are no frequent source', (_, rows) => {
  expect(eventsOf(after(rows).first)).not.toContain('sourceReported')
})

test('alarms that joined a case count each; a case that ended speaks against no place', () => {
  const { desk } = after([open(50, 6)])
  expect(desk.state().source?.count).toBe(7)
  const closed = hazardDesk()
  closed.must(person('welder'), report())
  const sources = () => closed.index().filter(({ name }) => name === 'source')
  expect(sources()).toMatchObject([{ key: 'area:pump-3', weight: 1 }])
  closed.must(person('lead'), { type: 'reject', reason: '误报' })
  expect(sources()).toEqual([])
})

test('the words say what kind it is; every kind has a name', () => {
  expect(['漏油了', '电缆裸露', '护栏松动', '起火', '没戴安全帽', '地面积水'].map(categoryIn)).toEqual([
    'leak',
    'electric',
    'edge',
    'fire',
    'behaviour',
    'other',
  ])
  expect(categories).toHaveLength(10)
})

test('a report that joins later than its clock keeps the days of the report', () => {
  const { desk } = after([before(3, 3), before(5, 2)])
  desk.passes(hours(1))
  desk.must(system, { type: 'absorb', from: 'haz_8', code: codeOf(8), text: '' })
  expect(desk.state().repeat).toEqual({ count: 3, days: 5, returned: 0 })
})
