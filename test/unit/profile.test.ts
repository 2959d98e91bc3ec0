import { expect, test } from 'vitest'
import { axisName, bar, pointsQuestion, profileQuestion } from '../../src/cards/questions/profile.ts'
import { radar } from '../../src/papers/radar.ts'
import { pointsSubject } from '../../src/workflows/points/points.ts'
import { portraitOf } from '../../src/workflows/points/portrait.ts'
import { type Court, createCourt, give } from './penalty-desk.ts'

const asks = (court: Court, who: string) => ({
  ...court.reads(),
  person: who,
  site: 'SH01',
  text: '',
  at: court.world.at,
  plant: court.world.plant,
})
const award = (court: Court, kind: string, at: string, who = 'fitter'): void => {
  const key = `${kind} ${at}`
  const command = { type: 'award', person: who, kind, key, case: null, code: 'YH-1', at }
  court.send([{ kind: 'command', workflow: 'points', subject: pointsSubject('SH01', who), key, command }])
}
const axesOf = (court: Court, who = 'fitter') =>
  Object.fromEntries(portraitOf(asks(court, who)).axes.map(({ name, value }) => [name, value]))

test('an axis about which nothing is known is unknown, neither zero nor full', () => {
  expect(axesOf(createCourt())).toEqual({
    reporting: null,
    rectifying: null,
    verifying: null,
    speakingUp: null,
    readiness: null,
    discipline: 100,
  })
})

test('axes sum this month and the two before, to the target at most', () => {
  const court = createCourt()
  award(court, 'reportRed', '2026-09-01T00:00:00.000Z')
  award(court, 'nearMiss', '2026-11-24T00:00:00.000Z')
  award(court, 'onTime', '2026-08-31T15:00:00.000Z')
  for (const day of ['20', '21', '22']) award(court, 'stopCard', `2026-11-${day}T00:00:00.000Z`)
  expect(axesOf(court)).toMatchObject({ reporting: 47, rectifying: null, speakingUp: 100 })
})

test('discipline falls with each standing card; one under appeal does not count until it is decided', () => {
  const court = createCourt()
  const id = give(court, 'p1')
  expect(axesOf(court).discipline).toBe(70)
  court.by('fitter', id, { type: 'appeal', reason: '备件没到' })
  expect([axesOf(court).discipline, portraitOf(asks(court, 'fitter')).cards.length]).toEqual([100, 1])
  court.by('safetyDirector', id, { type: 'overturn', reason: '属实' })
  expect([axesOf(court).discipline, portraitOf(asks(court, 'fitter')).cards.length]).toEqual([100, 0])
  give(court, 'p2', { colour: 'red' })
  give(court, 'p3')
  expect(axesOf(court).discipline).toBe(0)
})

test('我的安全画像 answers with bars, the total and the cards, to its person alone', () => {
  const court = createCourt()
  award(court, 'reportRed', '2026-11-23T00:00:00.000Z')
  give(court, 'p1')
  const card = profileQuestion.answer(asks(court, 'fitter'))
  expect(card.facts.map(({ label, value }) => `${label} ${value}`)).toEqual([
    '隐患上报 ███░░░░░░░ 33',
    '按期整改 暂无记录',
    '按时验收 暂无记录',
    '建议叫停 暂无记录',
    '培训演练 暂无记录',
    '守规 ███████░░░ 70',
  ])
  expect(card.body).toMatch(/^总积分 10\n黄牌 整改超期（生效） HP-SH01-/)
  const other = profileQuestion.answer(asks(court, 'welder'))
  expect([other.facts[0]?.value, other.body]).toEqual(['暂无记录', '总积分 0\n近三个月没有红黄牌'])
})

test('我的积分 answers with the total, this month by group and the last lines', () => {
  const court = createCourt()
  award(court, 'reportRed', '2026-11-23T00:00:00.000Z')
  award(court, 'onTime', '2026-10-01T00:00:00.000Z')
  give(court, 'p1')
  const card = pointsQuestion.answer(asks(court, 'fitter'))
  expect(card.facts.map(({ label, value }) => `${label} ${value}`)).toEqual([
    '总积分 15',
    '本月积分 +10',
    '隐患上报 +20',
    '红黄牌 -10',
  ])
  expect(card.body.split('\n').slice(0, 2)).toEqual(['最近', expect.stringMatching(/^11-24 红黄牌 -10 HP-SH01-/)])
  expect(pointsQuestion.answer(asks(court, 'welder')).body).toContain('还没有积分')
})

test.each([
  ['我的积分', pointsQuestion, true],
  ['我的安全积分？', pointsQuestion, true],
  ['我的积分怎么这么少', pointsQuestion, false],
  ['我的安全画像', profileQuestion, true],
  ['他的安全画像', profileQuestion, false],
] as const)('«%s»', (text, question, is) => {
  expect(question.spoken.test(text)).toBe(is)
})

test('bars have ten cells', () => {
  expect([bar(0), bar(100), bar(4), bar(null)]).toEqual(['░░░░░░░░░░ 0', '██████████ 100', '░░░░░░░░░░ 4', '暂无记录'])
  expect(axisName({ name: 'discipline', value: 1 })).toBe('守规')
})

test('the radar leaves out what is not known, and nothing of its words becomes markup', () => {
  const svg = radar('张三 & "<李四>"\u0000', [
    { label: '<script>', value: 100 },
    { label: 'b', value: null },
    { label: 'c', value: 50 },
    { label: 'd', value: Number.NaN },
  ])
  expect(svg).toContain('<title>张三 &amp; &quot;&lt;李四&gt;&quot;</title>')
  expect(svg).toContain('&lt;script&gt; 100')
  expect(svg).not.toContain('<script')
  expect(svg.match(/<circle/g)).toHaveLength(3)
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1)
  expect(svg).toContain('points="180,60 180,240 180,180" fill="#165dff"')
  expect(svg).not.toMatch(/NaN|href|url\(/)
  expect(() =>
    radar('', [
      { label: 'a', value: 1 },
      { label: 'b', value: 1 },
    ]),
  ).toThrow(RangeError)
})
