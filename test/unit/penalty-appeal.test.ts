import { expect, test } from 'vitest'
import { days, hours, minutes } from '../../src/lib/clock.ts'
import {
  alarmsOf,
  because,
  type Court,
  callsOf,
  cardsTo,
  courtPlant,
  createCourt,
  give,
  issuedId,
  person,
  type Ruling,
  untrue,
} from './penalty-desk.ts'

const appeal = { type: 'appeal', reason: '备件没到货，已申请延期' }
const overturn = { type: 'overturn', reason: '查实延期申请' }
const uphold = { type: 'uphold', reason: '没有申请记录' }

const propose = (court: Court, text = '提议黄牌 名fitter 未做气体检测', by = 'officer'): Ruling =>
  court.by(by, null, { type: 'propose', text })
const proposed = (court: Court, text?: string): string => propose(court, text).subject

test('the holder appeals, a reviewer who had no hand in it overturns: points come back, the card leaves the statistics, its record stays', () => {
  const court = createCourt()
  const id = give(court, 'p1', { colour: 'red' })
  court.by('hr', id, { type: 'confirmFreeze' })
  expect(cardsTo(court.by('fitter', id, appeal))).toEqual(['safetyDirector review'])
  expect(court.penalty(id).status).toBe('underAppeal')
  expect(cardsTo(court.by('safetyDirector', id, overturn))).toEqual(['fitter outcome'])
  expect(court.penalty(id)).toMatchObject({ status: 'overturned', verdict: { by: 'safetyDirector' } })
  expect(court.points('fitter')?.total).toBe(0)
  expect(callsOf(court.effects)).toEqual(['hr allowance.freeze fitter', 'hr allowance.unfreeze fitter'])
  expect(court.journal().filter(({ subject }) => subject === id)).toHaveLength(10)
  expect(untrue(court)).toEqual([])
})

test('an appeal is decided before the pay, and a freeze that waited for it begins anew', () => {
  const court = createCourt()
  const id = give(court, 'p1', { colour: 'red' })
  court.by('fitter', id, appeal)
  expect(because(court.by('hr', id, { type: 'confirmFreeze' }))).toBe('appeal-first')
  court.passes(days(9))
  expect(court.penalty(id).freeze).toBe('requested')
  court.by('safetyDirector', id, uphold)
  expect(court.penalty(id)).toMatchObject({ status: 'issued', freeze: 'requested', appealClosed: true })
  expect(because(court.by('hr', id, { type: 'confirmFreeze' }))).toBe('accepted freeze-confirmed')
  expect(untrue(court)).toEqual([])
})

test('the days for an appeal end with the third working day, over a weekend and a holiday', () => {
  const friday = createCourt({ start: '2026-11-27T02:00:00.000Z' })
  expect(friday.penalty(give(friday, 'p1')).appealUntil).toBe('2026-12-02T16:00:00.000Z')
  const spring = createCourt({ start: '2026-02-12T09:00:00.000Z' })
  const id = give(spring, 'p1')
  expect(spring.penalty(id).appealUntil).toBe('2026-02-24T16:00:00.000Z')
  spring.passes(days(12) + hours(6) + minutes(59))
  expect(because(spring.by('fitter', id, { type: 'appeal', reason: '' }))).toBe('accepted appeal-reason')
  spring.passes(minutes(1))
  expect(because(spring.by('fitter', id, appeal))).toBe('appeal-too-late')
  expect(spring.penalty(id).appealClosed).toBe(true)
  expect(spring.expected.size).toBe(0)
})

test('a card that has expired can still be appealed within its days, and stays expired when the appeal fails', () => {
  const court = createCourt({ start: '2026-11-30T10:00:00.000Z' })
  const id = give(court, 'p1')
  court.passes(hours(7))
  expect(court.penalty(id).status).toBe('expired')
  court.by('fitter', id, appeal)
  court.by('safetyDirector', id, uphold)
  expect(court.penalty(id).status).toBe('expired')
  expect(because(court.by('fitter', id, appeal))).toBe('appealed-already')
  expect(untrue(court)).toEqual([])
})

test('whoever proposed or confirmed a card never reviews it, even alone in the role; nobody left is an alarm, not silence', () => {
  const court = createCourt({ plant: courtPlant({ vacant: ['productionDirector@SH01', 'principal@SH01'] }) })
  const ruling = propose(court, '提议黄牌 名fitter 造假', 'safetyDirector')
  court.by('head', ruling.subject, { type: 'confirm' })
  court.by('fitter', ruling.subject, appeal)
  expect(because(court.by('safetyDirector', ruling.subject, overturn))).toBe('separate-duties')
  expect(alarmsOf(court.effects)).toEqual(['nobody-holds safetyDirector'])
  expect(untrue(court)).toEqual([])
  court.world.plant = courtPlant({ vacant: ['productionDirector@SH01'] })
  court.passes(days(1))
  expect(because(court.by('principal', ruling.subject, uphold))).toBe('accepted upheld')
})

test('a silent reviewer is joined by the next role each day', () => {
  const court = createCourt()
  const id = give(court, 'p1')
  court.by('fitter', id, appeal)
  court.passes(days(2))
  expect(court.penalty(id).asked.review?.persons).toEqual(['safetyDirector', 'director', 'principal'])
  expect(because(court.by('director', id, overturn))).toBe('accepted overturned')
})

test('a reviewer whom no message reaches is joined by the next role at once', () => {
  const court = createCourt()
  const id = give(court, 'p1')
  court.by('fitter', id, appeal)
  const lost = court.rule({ kind: 'system' }, 'penalty', id, {
    type: 'reportUnreachable',
    person: 'safetyDirector',
    duty: 'review',
  })
  expect([cardsTo(lost), alarmsOf(lost.effects)]).toEqual([['director review'], ['unreachable safetyDirector']])
  const again = court.rule({ kind: 'system' }, 'penalty', id, { type: 'reportUnreachable', person: 'fitter', duty: 'notice' })
  expect([cardsTo(again), alarmsOf(again.effects)]).toEqual([[], ['unreachable fitter']])
})

test('when a yellow card is overturned, the red one that stood on it falls, and the other yellow one can make a red one again', () => {
  const court = createCourt({ start: '2026-11-02T02:00:00.000Z' })
  const a = give(court, 'a')
  court.passes(hours(1))
  const b = give(court, 'b')
  court.passes(hours(1))
  const c = give(court, 'c')
  const reds = () => court.penalties().filter(({ state }) => state.colour === 'red')
  const [red] = reds()
  expect(red?.state.cards).toEqual([a, b].sort())
  court.by('hr', red?.id ?? '', { type: 'confirmFreeze' })
  court.by('fitter', a, appeal)
  court.by('safetyDirector', a, overturn)
  expect(court.penalty(red?.id ?? '').status).toBe('withdrawn')
  expect(callsOf(court.effects)).toEqual(['hr allowance.freeze fitter', 'hr allowance.unfreeze fitter'])
  expect(reds().map(({ state }) => [state.status, state.cards])).toEqual([
    ['withdrawn', [a, b].sort()],
    ['issued', [b, c].sort()],
  ])
  expect(court.points('fitter')?.total).toBe(-10 - 10 - 30)
  expect(untrue(court)).toEqual([])
})

test('a red card that is on its way when its yellow card is overturned is never given', () => {
  const court = createCourt()
  const a = give(court, 'a')
  give(court, 'later', { holder: { kind: 'person', id: 'welder' } })
  const b = court.send([
    {
      kind: 'command',
      workflow: 'penalty',
      subject: null,
      key: 'b',
      command: {
        type: 'issue',
        holder: { kind: 'person', id: 'fitter' },
        colour: 'yellow',
        cause: 'overdue',
        reason: '',
        case: 'b',
        code: null,
        round: 0,
        at: court.world.at.toISOString(),
      },
    },
  ])
  expect(b).toHaveLength(1)
  const weigh = court.waiting.find(({ command }) => command.type === 'weigh')
  court.waiting.splice(weigh ? court.waiting.indexOf(weigh) : 0, 1)
  if (weigh) court.send([weigh])
  const red = court.waiting.find(({ command }) => command.type === 'issue')
  court.waiting.splice(red ? court.waiting.indexOf(red) : 0, 1)
  court.by('fitter', a, appeal)
  court.by('safetyDirector', a, overturn)
  const [late] = red ? court.send([red]) : []
  expect(late && because(late)).toBe('pair-fallen')
  expect(court.penalties().filter(({ state }) => state.colour === 'red')).toEqual([])
  expect(court.penalty(issuedId('b')).status).toBe('issued')
})

test('the card says what each reader may do, until when, and on what ground', () => {
  const court = createCourt()
  const id = give(court, 'p1', { colour: 'red', code: 'YH-SH01-20261120-0001-X' })
  const labels = (who: string) => court.card(id, who).actions.map(({ label }) => label)
  expect([labels('fitter'), labels('hr'), labels('head'), labels('safetyDirector'), labels('admin')]).toEqual([
    ['申诉'],
    ['确认冻结', '不冻结'],
    ['记录约谈'],
    ['记录约谈', '记录复训'],
    [],
  ])
  const card = court.card(id, 'fitter')
  expect(card).toMatchObject({ title: '红牌通知', tone: 'danger', note: '不认可可在 11-28 00:00 前申诉，由另一位负责人复核' })
  expect(Object.fromEntries(card.facts.map(({ label, value }) => [label, value]))).toMatchObject({
    状态: '生效',
    对象: '名fitter',
    原因: '整改超期',
    相关编号: 'YH-SH01-20261120-0001-X',
    津贴冻结: '已申请，待确认，尚未生效',
  })
  court.by('fitter', id, appeal)
  expect([labels('fitter'), labels('hr'), labels('safetyDirector'), labels('principal')]).toEqual([
    [],
    [],
    ['维持原牌', '撤销此牌'],
    ['维持原牌', '撤销此牌'],
  ])
  expect(court.card(id, 'safetyDirector').facts).toContainEqual({ label: '申诉', value: '名fitter 10:00' })
  expect(court.card(id, 'safetyDirector').body).toContain(`申诉：${appeal.reason}`)
})

test('a card is seen by its holder, the line and those who decide; a proposal not yet by its holder', () => {
  const court = createCourt()
  const id = proposed(court)
  const sees = (who: string): boolean =>
    court.cases.get(id)?.registered.workflow.maySee(court.penalty(id), { person: who, account: null }, court.world.plant) ?? false
  const seen = () =>
    ['fitter', 'lead', 'head', 'officer', 'safetyDirector', 'welder', 'officerB', 'hr', 'admin', 'foreman'].filter(sees)
  expect(seen()).toEqual(['head', 'officer', 'safetyDirector'])
  court.by('head', id, { type: 'confirm' })
  expect(seen()).toEqual(['fitter', 'lead', 'head', 'officer', 'safetyDirector'])
  expect(
    court.cases.get(id)?.registered.workflow.maySee(court.penalty(id), { person: null, account: null }, court.world.plant),
  ).toBe(false)
})

test('who must act finds the card on their list', () => {
  const court = createCourt()
  const id = give(court, 'p1', { colour: 'red' })
  const todo = () =>
    court
      .rows()
      .filter(({ name }) => name === 'todo')
      .map(({ key, note }) => `${key} ${JSON.parse(note).title}`)
  expect(todo()).toEqual(['hr 确认津贴冻结', 'head 红牌约谈', 'officer 红牌复训', 'officerB 红牌复训'])
  court.by('fitter', id, appeal)
  expect(todo()).toEqual(['safetyDirector 复核红黄牌申诉'])
  court.by('safetyDirector', id, overturn)
  expect(todo()).toEqual([])
  expect(because(court.rule(person('fitter'), 'penalty', id, appeal))).toBe('appealed-already')
})
