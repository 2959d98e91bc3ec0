import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indicatorQuestions, indicatorsQuestion } from '../../src/cards/questions/indicators.ts'
import { saidAlone } from '../../src/engine/registry.ts'
import { hours, later } from '../../src/lib/clock.ts'
import { type CohortCase, cohortRow, nearMissRow } from '../../src/workflows/cohort.ts'
import { type Indicator, indicators, measuresOver } from '../../src/workflows/indicators.ts'
import type { IndexQuery, IndexRow } from '../../src/workflows/workflow.ts'
import { createDesk, person, report, triage } from './desk.ts'
import { plantWith } from './hazard-desk.ts'

const at = new Date('2026-11-24T02:00:00.000Z')
const ago = (h: number): string => later(at, -hours(h)).toISOString()
const one = (more: Partial<CohortCase> = {}): CohortCase => ({
  person: 'welder',
  end: 'open',
  reportedAt: ago(100),
  closedAt: null,
  inTime: null,
  answered: 'waiting',
  answerBy: ago(52),
  targets: [],
  ...more,
})
const closed = (after: number, more: Partial<CohortCase> = {}): CohortCase =>
  one({ end: 'closed', closedAt: later(new Date(ago(100)), hours(after)).toISOString(), ...more })

const asking = (rows: readonly IndexRow[] = [], counts: Readonly<Record<string, number>> = {}) => ({
  person: 'head',
  site: 'SH01',
  text: '',
  at,
  plant: plantWith(),
  read: ({ name, key, from = '', most = 200 }: IndexQuery) =>
    rows
      .filter((row) => row.name === name && row.key === key && row.at >= from)
      .slice(0, most)
      .map((row) => ({ ...row, subject: 's' })),
  count: ({ name, key }: { name: string; key: string }) => counts[`${name} ${key}`] ?? 0,
})
const measured = (name: Indicator, rows: readonly IndexRow[] = [], counts = {}) => {
  const asked = asking(rows, counts)
  return measuresOver(asked, asked.plant, at, 30).measures[name]
}
const cardOf = (name: Indicator, rows: readonly IndexRow[] = [], counts = {}) => {
  const question = indicatorQuestions.find((each) => each.name === `indicator-${name}`)
  const card = question?.answer(asking(rows, counts))
  return { ...card, shown: card?.facts.map(({ label, value }) => `${label} ${value}`) }
}

describe('an indicator and what it was reckoned from', () => {
  test('整改率: closed of those that were reported and stand; what was not taken in is no part of it', () => {
    const rows = [closed(10), closed(20), one(), one({ end: 'void' })].map(cohortRow)
    expect(cardOf('rectification', rows)).toMatchObject({
      title: '隐患整改率',
      shown: ['结果 66.7%（2/3）', '已关闭 2', '有效隐患 3'],
      body: expect.stringContaining('口径：期内上报的有效隐患'),
    })
  })

  test('按期关闭率, 一次通过率, 重复率, 重开率 come from the counters of the days', () => {
    const counts = {
      'hazard.closed 2026-11-24': 4,
      'hazard.closedOnTime 2026-11-01': 3,
      'hazard.submitted 2026-11-20': 5,
      'hazard.firstPass 2026-11-20': 4,
      'hazard.reported 2026-11-20': 12,
      'hazard.rejected 2026-11-20': 1,
      'hazard.merged 2026-11-20': 1,
      'hazard.repeat 2026-11-20': 2,
      'hazard.reopened 2026-11-20': 3,
      'hazard.falselyClosed 2026-11-20': 1,
      'hazard.closed 2026-10-25': 1_000,
    }
    const first = (name: Indicator): string | undefined => cardOf(name, [], counts).shown?.[0]
    expect(first('onTime')).toBe('结果 75.0%（3/4）')
    expect(first('firstPass')).toBe('结果 80.0%（4/5）')
    expect(first('repeat')).toBe('结果 20.0%（2/10）')
    expect(first('falseClosure')).toBe('结果 25.0%（1/4）')
  })

  test('整改时长: mean, median and nine tenths together', () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 55].map((after) => cohortRow(closed(after)))
    expect(measured('closure', rows)).toEqual({ kind: 'hours', count: 10, mean: 10, median: 5.5, p90: 9 })
    expect(cardOf('closure', rows).shown).toEqual([
      '结果 5.5 小时',
      '已关闭 10',
      '平均 10.0 小时',
      '中位 5.5 小时',
      '九成 9.0 小时',
    ])
    expect(measured('closure', [closed(7)].map(cohortRow))).toMatchObject({ mean: 7, median: 7, p90: 7 })
  })

  test('接单率: who has not taken a case on has not done so in time', () => {
    const rows = [one({ inTime: true }), one({ inTime: false }), one(), one({ end: 'void', inTime: true })].map(cohortRow)
    expect(measured('ack', rows)).toEqual({ kind: 'share', part: 1, whole: 3 })
  })

  test('回复率: an answer that may still come in time is neither kept nor broken', () => {
    const running = one({ reportedAt: ago(1), answerBy: later(at, hours(47)).toISOString() })
    const rows = [one({ answered: 'yes' }), one(), running, one({ answered: 'unpromised', answerBy: null })].map(cohortRow)
    expect(measured('reply', rows)).toEqual({ kind: 'share', part: 1, whole: 2 })
  })

  test('触达率: of all who must have been reached by now', () => {
    const targets = [
      { by: ago(1), reached: true },
      { by: ago(1), reached: false },
      { by: later(at, 1).toISOString(), reached: false },
      { by: later(at, 1).toISOString(), reached: true },
    ]
    expect(measured('reach', [cohortRow(one({ targets }))])).toEqual({ kind: 'share', part: 2, whole: 3 })
  })

  test('参与率: people and not reports; teams that are silent are named', () => {
    const rows = [one(), one(), one({ person: 'fitter' }), one({ person: null }), one({ person: 'officerA', end: 'void' })].map(
      cohortRow,
    )
    const { part, whole, silent } = measured('participation', rows) as { part: number; whole: number; silent: readonly string[] }
    const { persons } = plantWith()
    expect([part, whole]).toEqual([2, [...persons.values()].filter(({ active }) => active).length])
    const heard = ['welder', 'fitter'].map((id) => persons.get(id)?.team)
    expect(silent.length).toBeGreaterThan(0)
    expect(silent.filter((team) => heard.includes(team))).toEqual([])
    expect(cardOf('participation', rows).shown?.at(-1)).toMatch(/^零上报班组 \d+（/)
  })

  test('超期未关: by age, and a case without a term is not on time', () => {
    const open = (due: string | null): IndexRow => ({
      name: 'open',
      key: 'site',
      at: ago(200),
      weight: 1,
      note: JSON.stringify({ due }),
    })
    const rows = [open(ago(1)), open(ago(24)), open(ago(25)), open(ago(49)), open(later(at, 1).toISOString()), open(null)]
    expect(cardOf('overdue', rows).shown).toEqual(['结果 4', '≤24h 2', '≤48h 1', '>48h 1', '无期限 1'])
    expect(
      cardOf(
        'overdue',
        Array.from({ length: 500 }, () => open(ago(1))),
      ).shown?.[0],
    ).toBe('结果 500 以上')
  })

  test('未遂统计: without injuries there is no ratio, however many there are', () => {
    expect(cardOf('nearMiss', [nearMissRow(ago(3)), nearMissRow(ago(9_000))]).shown).toEqual([
      '结果 不适用：没有接入工伤数据',
      '未遂上报 1',
    ])
  })
})

test('nothing is never well: without cases no indicator has a value', () => {
  const shown = indicators.map((name) => `${name} ${cardOf(name).shown?.[0]}`)
  expect(shown).toEqual([
    'rectification 结果 无数据',
    'onTime 结果 无数据',
    'firstPass 结果 无数据',
    'overdue 结果 0',
    'repeat 结果 无数据',
    'falseClosure 结果 无数据',
    'closure 结果 无数据',
    'ack 结果 无数据',
    'reply 结果 无数据',
    'reach 结果 无数据',
    expect.stringMatching(/^participation 结果 0\.0%/),
    'nearMiss 结果 不适用：没有接入工伤数据',
  ])
})

test('the overview has six, the counts, and says what it has no source for', () => {
  const card = indicatorsQuestion.answer(asking([closed(5), one()].map(cohortRow), { 'hazard.reported 2026-11-24': 5 }))
  expect(card.facts.map(({ label, value }) => `${label} ${value}`)).toEqual([
    '整改率 50.0%（1/2）',
    '按期关闭率 无数据',
    '一次通过率 无数据',
    '超期未关 0',
    '重复率 0.0%（0/5）',
    '重开率 无数据',
  ])
  expect(card.body).toContain('上报 5')
  expect(card.body).toContain('不显示：作业票、演练、工伤率、活跃率、规则拦截次数')
  expect(card.note).toContain('另有 3 条早先上报的未计入')
})

test('more cases than are looked at are said to be cut', () => {
  const rows = Array.from({ length: 2_001 }, () => cohortRow(one()))
  expect(cardOf('rectification', rows).note).toContain('只计最近 2000 条')
})

test('the window begins with a day of the site', () => {
  const edge = (instant: string) => measured('rectification', [cohortRow(one({ reportedAt: instant }))])
  expect(edge('2026-10-25T16:00:00.000Z')).toMatchObject({ whole: 1 })
  expect(edge('2026-10-25T15:59:59.999Z')).toMatchObject({ whole: 0 })
})

test('a share lies between nothing and all, and the percentiles in order, whatever was reported', () => {
  const any = fc.record({
    end: fc.constantFrom('open' as const, 'closed' as const, 'void' as const),
    after: fc.nat(2_000),
    inTime: fc.option(fc.boolean()),
    answered: fc.constantFrom('yes' as const, 'waiting' as const),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 30 }), (list) => {
      const rows = list.map(({ end, after, inTime, answered }) =>
        cohortRow({ ...(end === 'closed' ? closed(after) : one({ end })), inTime, answered }),
      )
      for (const name of indicators) {
        const measure = measured(name, rows)
        if (measure.kind === 'share') expect(measure.part >= 0 && measure.part <= measure.whole).toBe(true)
        if (measure.kind === 'hours' && measure.count > 0)
          expect((measure.median ?? -1) <= (measure.p90 ?? -1) || measure.count < 3).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})

describe('what a hazard says of itself', () => {
  const rowOf = (desk: ReturnType<typeof createDesk>): CohortCase =>
    JSON.parse(desk.index().find(({ name }) => name === 'cohort')?.note ?? '{}') as CohortCase

  test('from the report to the next rung, and to the answer of its reporter', () => {
    const desk = createDesk('hazard')
    desk.must(person('welder'), report())
    expect(rowOf(desk)).toMatchObject({ person: 'welder', end: 'open', inTime: null, answered: 'waiting', targets: [] })
    desk.must(person('lead'), triage)
    desk.must(person('fitter'), { type: 'accept', colour: '', area: '' })
    expect(rowOf(desk)).toMatchObject({ inTime: true })
    desk.passes(hours(48))
    desk.fireDue()
    expect(rowOf(desk)).toMatchObject({ answered: 'yes', closedAt: null })
  })

  test('taken on after it has climbed is not in time; rejected is void', () => {
    const late = createDesk('hazard')
    late.must(person('welder'), report())
    late.passes(hours(3))
    late.fireDue()
    late.must(person('lead'), triage)
    late.must(person('fitter'), { type: 'accept', colour: '', area: '' })
    expect(rowOf(late).inTime).toBe(false)
    const rejected = createDesk('hazard')
    rejected.must(person('welder'), report())
    rejected.must(person('lead'), { type: 'reject', reason: '误报' })
    expect(rowOf(rejected)).toMatchObject({ end: 'void', answered: 'yes' })
  })

  test('whom red must reach stands there with the limit', () => {
    const desk = createDesk('hazard')
    desk.must(person('welder'), report('3号泵房起火'))
    const { targets, reportedAt } = rowOf(desk)
    expect(targets.map(({ by, reached }) => [new Date(by).getTime() - new Date(reportedAt).getTime(), reached])).toEqual([
      [15 * 60_000, false],
      [15 * 60_000, false],
    ])
  })
})

test.each([
  ['指标', 'indicators'],
  ['本月隐患指标？', 'indicators'],
  ['统计', 'indicators'],
  ['整改率', 'indicator-rectification'],
  ['隐患整改率', 'indicator-rectification'],
  ['按期关闭率', 'indicator-onTime'],
  ['一次验收通过率', 'indicator-firstPass'],
  ['超期', 'indicator-overdue'],
  ['重复率', 'indicator-repeat'],
  ['重开率', 'indicator-falseClosure'],
  ['平均整改时间', 'indicator-closure'],
  ['接单率', 'indicator-ack'],
  ['回复率？', 'indicator-reply'],
  ['触达率', 'indicator-reach'],
  ['参与率', 'indicator-participation'],
  ['未遂统计', 'indicator-nearMiss'],
])('«%s» asks for %s', (words, question) => {
  expect(saidAlone(words)).toEqual({ question })
})

test.each(['指标不对', '整改率太低了请处理', '3号泵房指标', '重复隐患没人管', '超期没人处理'])(
  '«%s» is a report like any other',
  (words) => {
    expect(saidAlone(words)).toBeNull()
  },
)
