import { expect, test } from 'vitest'
import { penaltyText } from '../../src/cards/text/penalty.ts'
import { days } from '../../src/lib/clock.ts'
import { formatCode } from '../../src/rules/code.ts'
import { because, type Court, cardsTo, courtPlant, createCourt, type Ruling, untrue } from './penalty-desk.ts'

const propose = (court: Court, text = '提议黄牌 名fitter 未做气体检测', by = 'officer'): Ruling =>
  court.by(by, null, { type: 'propose', text })
const proposed = (court: Court, text?: string): string => propose(court, text).subject

test('an officer proposes, the department head confirms a yellow card, and only then it counts', () => {
  const court = createCourt()
  const ruling = propose(court)
  expect(cardsTo(ruling)).toEqual(['officer -', 'head confirm'])
  expect(court.penalty(ruling.subject)).toMatchObject({
    status: 'proposed',
    colour: 'yellow',
    cause: 'skippedGasTest',
    reason: '未做气体检测',
    proposer: { by: 'officer' },
  })
  expect(court.points('fitter')).toBeUndefined()
  const confirmed = court.by('head', ruling.subject, { type: 'confirm' })
  expect(cardsTo(confirmed)).toEqual(['fitter notice', 'lead -', 'head -'])
  expect(court.penalty(ruling.subject)).toMatchObject({ status: 'issued', confirmer: { by: 'head' } })
  expect(court.points('fitter')?.total).toBe(-10)
  expect(untrue(court)).toEqual([])
})

test('a red proposal goes to the production director; the department head cannot confirm it', () => {
  const court = createCourt()
  const ruling = propose(court, '提议红牌：名fitter，伪造整改照片')
  expect(cardsTo(ruling)).toEqual(['officer -', 'director confirm'])
  expect(because(court.by('head', ruling.subject, { type: 'confirm' }))).toBe('not-yours-to-confirm')
  expect(because(court.by('director', ruling.subject, { type: 'confirm' }))).toBe('accepted confirmed')
  expect(court.penalty(ruling.subject)).toMatchObject({ cause: 'falseEvidence', freeze: 'requested' })
})

test.each([
  ['提议红牌 10023 监护人脱岗', 'absentAttendant'],
  ['提议黄牌 名fitter 无证焊接', 'uncertifiedWorker'],
  ['提议 黄牌 名fitter 瞒报近失', 'hiddenNearMiss'],
  ['提议黄牌　名fitter　没测气就动火', 'skippedGasTest'],
])('«%s» is understood', (text, cause) => {
  const court = createCourt()
  expect(court.penalty(proposed(court, text))).toMatchObject({ cause, holder: { id: 'fitter' } })
})

test.each([
  ['提议红牌', 'propose-form'],
  ['提议红牌 名fitter', 'propose-form'],
  ['提议红牌 没有这个人 未做气体检测', 'no-such-holder'],
  ['提议红牌 名officer 未做气体检测', 'not-yourself'],
  ['提议红牌 名fitter 顶撞领导', 'unknown-cause'],
  ['提议红牌 名fitter 老是上报隐患', 'protected-act'],
  ['提议红牌 名fitter 叫停了吊装作业', 'protected-act'],
  ['提议红牌 名fitter 上报近失', 'protected-act'],
])('«%s» is refused', (text, why) => {
  const court = createCourt()
  expect(because(propose(court, text))).toBe(why)
  expect(court.penalties()).toEqual([])
  expect(Object.keys(penaltyText.refusals)).toContain(why)
})

test('only safety officers and the safety director propose; strangers link first', () => {
  const court = createCourt()
  for (const id of ['welder', 'lead', 'head', 'director', 'principal', 'hr', 'admin', 'foreman'])
    expect(because(propose(court, undefined, id)), id).toBe('not-an-officer')
  const stranger = { kind: 'stranger', name: '号', account: { connection: 'c1', account: 'x' }, conversation: 'direct' } as const
  expect(because(court.rule(stranger, 'penalty', null, { type: 'propose', text: '提议红牌 名fitter 造假' }))).toBe('link-first')
  expect(because(propose(court, undefined, 'safetyDirector'))).toBe('accepted')
})

test('two people of one name need a number', () => {
  const court = createCourt({ plant: courtPlant({ names: { welder: '王强', fitter: '王强' } }) })
  expect(because(propose(court, '提议红牌 王强 造假'))).toBe('several-of-that-name')
  expect(because(propose(court, '提议红牌 10023 造假'))).toBe('accepted')
})

test('one event gives one proposal: two officers on one day, or on one case, are told of the first', () => {
  const court = createCourt()
  propose(court)
  expect(because(propose(court, '提议红牌 名fitter 没做气体分析', 'officerB'))).toBe('already-issued')
  court.passes(days(1))
  expect(because(propose(court))).toBe('accepted')
  const code = formatCode('YH', 'SH01', '20261124', 42)
  const named = propose(court, `提议红牌 名welder 造假 ${code}`)
  court.passes(days(1))
  expect(court.penalty(named.subject).caseCode).toBe(code)
  expect(because(propose(court, `提议黄牌 名welder 伪造照片 ${code}`, 'officerB'))).toBe('already-issued')
})

test('a proposal about what the person reported themselves is refused, and again when it is confirmed', () => {
  const row = (code: string) => ({
    name: 'act',
    key: code,
    at: '2026-11-24T00:00:00.000Z',
    weight: 1,
    note: '{"reporter":"fitter"}',
    subject: 'haz_1',
  })
  const code = formatCode('YH', 'SH01', '20261124', 1)
  const rows: ReturnType<typeof row>[] = []
  const court = createCourt({ rows })
  const id = proposed(court, `提议黄牌 名fitter 未测气 ${code}`)
  const named = court.penalty(id).caseCode
  expect(named).toBe(code)
  rows.push(row(code))
  expect(because(court.by('head', id, { type: 'confirm' }))).toBe('protected-act')
  court.passes(days(1))
  expect(because(propose(court, `提议红牌 名fitter 无证作业 ${code}`))).toBe('protected-act')
})

test('a proposal is declined with a reason that the proposer reads; one that nobody decides falls after a week', () => {
  const court = createCourt()
  const id = proposed(court)
  expect(because(court.by('head', id, { type: 'decline', reason: '' }))).toBe('accepted decline-reason')
  expect(court.expected.has(`${id} decline`)).toBe(true)
  expect(cardsTo(court.by('head', id, { type: 'decline', reason: '检测记录在纸上' }))).toEqual(['officer -'])
  expect(court.penalty(id)).toMatchObject({ status: 'declined', confirmer: { reason: '检测记录在纸上' } })
  const silent = proposed(court, '提议黄牌 名welder 造假')
  court.passes(days(1))
  expect(court.penalty(silent).asked.confirm?.persons).toEqual(['head', 'safetyDirector'])
  court.passes(days(6))
  expect(court.penalty(silent).status).toBe('declined')
  expect([court.points('fitter'), court.points('welder')]).toEqual([undefined, undefined])
  expect(untrue(court)).toEqual([])
})
