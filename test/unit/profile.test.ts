import { expect, test } from 'vitest'
import { axisName, bar } from '../../src/cards/portrait-card.ts'
import { pointsQuestion } from '../../src/cards/questions/points.ts'
import { saidAlone } from '../../src/engine/registry.ts'
import { pointsSubject } from '../../src/workflows/points/points.ts'
import { portraitOf } from '../../src/workflows/points/portrait.ts'
import type { PortraitState } from '../../src/workflows/portrait/portrait.ts'
import { portraitWorkflow } from '../../src/workflows/portrait/workflow.ts'
import { because, type Court, createCourt, give, person, untrue } from './penalty-desk.ts'

const asks = (court: Court, who: string) => ({
  ...court.reads(),
  person: who,
  site: 'SH01',
  text: '',
  at: court.world.at,
  plant: court.world.plant,
})
const award = (court: Court, kind: string, at: string, who = 'fitter'): void => {
  const key = `${kind} ${at} ${who}`
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

const asksForPortrait = (court: Court, who: string): string => {
  const { decision, subject } = court.rule(person(who), 'portrait', null, { type: 'ask' })
  expect(decision.kind).toBe('accepted')
  return subject
}
const portraitOn = (court: Court, id: string) => court.cases.get(id)?.state as unknown as PortraitState
const jobsOf = (court: Court) => court.effects.flatMap((one) => (one.kind === 'job' ? [one] : []))
const picture = 'a'.repeat(64)

test('我的安全画像 is a card with bars, the total and the cards, for its person alone', () => {
  const court = createCourt()
  award(court, 'reportRed', '2026-11-23T00:00:00.000Z')
  give(court, 'p1')
  const id = asksForPortrait(court, 'fitter')
  const card = court.card(id, 'fitter')
  expect(card.facts.map(({ label, value }) => `${label} ${value}`)).toEqual([
    '隐患上报 ███░░░░░░░ 33',
    '按期整改 暂无记录',
    '按时验收 暂无记录',
    '建议叫停 暂无记录',
    '培训演练 暂无记录',
    '守规 ███████░░░ 70',
  ])
  expect(card.body).toMatch(/^总积分 10，守规 70\n黄牌 整改超期（生效） HP-SH01-/)
  const other = court.card(asksForPortrait(court, 'welder'), 'welder')
  expect([other.facts[0]?.value, other.body]).toEqual(['暂无记录', '总积分 0，守规 100\n近三个月没有红黄牌'])
  const { maySee } = portraitWorkflow
  expect(
    ['fitter', 'lead', 'principal', 'admin', null].filter((who) =>
      maySee(portraitOn(court, id), { person: who, account: null }, court.world.plant),
    ),
  ).toEqual(['fitter'])
})

test('the answer comes at once without its picture, goes to the account that asked, and has the picture when it is drawn', () => {
  const court = createCourt()
  award(court, 'reportRed', '2026-11-23T00:00:00.000Z')
  const id = asksForPortrait(court, 'fitter')
  expect(court.effects.filter(({ kind }) => kind === 'showCard').at(-1)).toMatchObject({
    to: { kind: 'account', connection: 'c1', account: 'acc-fitter' },
  })
  expect(jobsOf(court)).toEqual([{ kind: 'job', queue: 'picture', key: `picture:${id}`, payload: { subject: id } }])
  expect(court.card(id, 'fitter').pictures).toEqual([])
  court.rule({ kind: 'system' }, 'portrait', id, { type: 'storePicture', thumbnail: picture })
  const card = court.card(id, 'fitter')
  expect(card.pictures).toEqual([
    {
      image: picture,
      alt: '安全画像雷达图：隐患上报 33，按期整改 暂无记录，按时验收 暂无记录，建议叫停 暂无记录，培训演练 暂无记录，守规 100',
    },
  ])
  expect(because(court.rule({ kind: 'system' }, 'portrait', id, { type: 'storePicture', thumbnail: picture }))).toBe(
    'drawn-already',
  )
})

test('the same values are the same picture, whoever asks, and are not drawn again; other values are', () => {
  const court = createCourt()
  for (const who of ['fitter', 'welder']) award(court, 'reportRed', '2026-11-23T00:00:00.000Z', who)
  const first = asksForPortrait(court, 'fitter')
  court.rule({ kind: 'system' }, 'portrait', first, { type: 'storePicture', thumbnail: picture })
  const second = asksForPortrait(court, 'welder')
  expect(court.card(second, 'welder').pictures.map(({ image }) => image)).toEqual([picture])
  expect(jobsOf(court)).toHaveLength(1)
  award(court, 'nearMiss', '2026-11-23T01:00:00.000Z', 'welder')
  const third = asksForPortrait(court, 'welder')
  expect(court.card(third, 'welder').pictures).toEqual([])
  expect(jobsOf(court)).toHaveLength(2)
})

test('what cannot be drawn is recorded, and the card keeps every number', () => {
  const court = createCourt()
  const id = asksForPortrait(court, 'fitter')
  court.rule({ kind: 'system' }, 'portrait', id, { type: 'refusePicture' })
  expect([portraitOn(court, id).status, court.card(id, 'fitter').facts.length]).toEqual(['undrawn', 6])
  expect(untrue(court)).toEqual([])
})

test('a stranger has no portrait, and nobody asks twice on one', () => {
  const court = createCourt()
  const stranger = {
    kind: 'stranger',
    name: '路人',
    account: { connection: 'c1', account: 'x' },
    conversation: 'direct',
  } as const
  expect(because(court.rule(stranger, 'portrait', null, { type: 'ask' }))).toBe('link-first')
  const id = asksForPortrait(court, 'fitter')
  expect(because(court.rule(person('lead'), 'portrait', id, { type: 'ask' }))).toBe('asked-already')
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
] as const)('«%s»', (text, question, is) => {
  expect(question.spoken.test(text)).toBe(is)
})

test.each([
  ['我的安全画像', true],
  ['我的画像？', true],
  ['他的安全画像', false],
])('«%s» asks for one’s portrait: %s', (text, is) => {
  expect(saidAlone(text)).toEqual(is ? { workflow: 'portrait', command: 'ask' } : null)
})

test('bars have ten cells', () => {
  expect([bar(0), bar(100), bar(4), bar(null)]).toEqual(['░░░░░░░░░░ 0', '██████████ 100', '░░░░░░░░░░ 4', '暂无记录'])
  expect(axisName({ name: 'discipline', value: 1 })).toBe('守规')
})
