import { expect, test } from 'vitest'
import { certificatesQuestion } from '../../src/cards/questions/certificates.ts'
import { days } from '../../src/lib/clock.ts'
import type { CertificateState, Watched } from '../../src/workflows/certificate/certificate.ts'
import type { HeldCertificate, Plant } from '../../src/workflows/workflow.ts'
import { alarmsOf, because, clock, createDesk, dutiesOf, eventsOf, plantWith, system, untrue, waitingFor } from './desk.ts'

const certificate = (more: Partial<Watched> = {}): Watched => ({
  ...{ id: 'cer_1', trade: 'electric.low', validUntil: '2027-06-30', reviewDue: null, suspended: false },
  ...more,
})
const register = (certificates: readonly Watched[], asOf = 1) => ({ type: 'register', person: 'worker', asOf, certificates })
const open = (certificates: readonly Watched[], start = '2026-11-24T02:00:00.000Z') => {
  const desk = createDesk<CertificateState>('certificate', { start })
  desk.must(system, register(certificates))
  return desk
}
const struck = (desk: ReturnType<typeof open>): string => desk.deadlines.get('remind')?.at.toISOString() ?? 'never'
/** What is said when the clock strikes next. */
const next = (desk: ReturnType<typeof open>) => {
  const at = desk.deadlines.get('remind')?.at
  if (!at) throw new Error('nothing is to be said')
  desk.passes(at.getTime() - desk.now().getTime())
  return desk.fire('remind')
}
const said = (desk: ReturnType<typeof open>) =>
  desk.state().lines.map(({ trade, why, on, days: left }) => `${trade} ${why} ${on} ${left}`)

test('60, 30 and 7 days before the end and the day after, the holder and the officers get one card each, at eight in the morning', () => {
  const desk = open([certificate()])
  const instants: string[] = []
  for (const left of [60, 30, 7, 0]) {
    instants.push(struck(desk))
    expect(dutiesOf(next(desk))).toEqual(['worker renew', 'officerA watch', 'officerB watch', 'officerProd watch'])
    expect(said(desk)).toEqual([`electric.low expiry 2027-06-30 ${left}`])
    expect(untrue(desk)).toEqual([])
  }
  expect(instants).toEqual(['2027-05-01', '2027-05-31', '2027-06-23', '2027-07-01'].map((date) => `${date}T00:00:00.000Z`))
  expect([struck(desk), desk.state().status]).toEqual(['never', 'quiet'])
})

test('a review comes before the end; once it is missed the certificate is invalid and nothing more is said of it', () => {
  const desk = open([certificate({ reviewDue: '2027-03-31' })])
  for (const left of [60, 30, 7, 0]) {
    next(desk)
    expect(said(desk)).toEqual([`electric.low review 2027-03-31 ${left}`])
  }
  expect([struck(desk), desk.state().status]).toEqual(['never', 'quiet'])
  expect(desk.card('worker')).toMatchObject({ tone: 'danger', title: '证书已失效' })
  expect(desk.card('worker').facts.map(({ value }) => value)).toContain('低压电工作业 2027-03-31，逾期失效')
})

test('several certificates that end on one day are one card', () => {
  const desk = open([certificate(), certificate({ id: 'cer_2', trade: 'electric.high' })])
  expect(dutiesOf(next(desk)).filter((one) => one.startsWith('worker'))).toEqual(['worker renew'])
  expect(said(desk)).toHaveLength(2)
  expect(desk.card('worker').facts.map(({ label, value }) => `${label} ${value}`)).toEqual([
    '持证人 名worker（yard）',
    '有效期至 低压电工作业 2027-06-30，剩 60 天',
    '有效期至 高压电工作业 2027-06-30，剩 60 天',
  ])
  expect(waitingFor(desk)).toEqual(['worker'])
})

test('a certificate that comes late is told of at once, by its last rung; one that has ended already is history', () => {
  const late = open([certificate({ validUntil: '2026-12-14' })])
  expect(struck(late)).toBe(late.now().toISOString())
  late.fireDue()
  expect(said(late)).toEqual(['electric.low expiry 2026-12-14 30'])
  expect(struck(late)).toBe('2026-12-07T00:00:00.000Z')
  const over = open([certificate({ validUntil: '2026-11-23' })])
  expect([struck(over), over.state().status]).toEqual(['never', 'quiet'])
  const today = open([certificate({ validUntil: '2026-11-24' })])
  today.fireDue()
  expect(said(today)).toEqual(['electric.low expiry 2026-11-24 7'])
  expect(today.card('worker').facts.map(({ value }) => value)).toContain('低压电工作业 2026-11-24，今天是最后一天')
})

test('a clock that jumps says the nearest rung once, and not what has gone by', () => {
  const desk = open([certificate()])
  desk.passes(days(200))
  expect(dutiesOf(desk.fire('remind')).filter((one) => one.startsWith('worker'))).toEqual(['worker renew'])
  expect(said(desk)).toEqual(['electric.low expiry 2027-06-30 30'])
  expect(desk.must(clock, { type: 'remind' }).effects.map(({ kind }) => kind)).toEqual(['setDeadline'])
})

test('a renewed certificate moves its reminders and clears the card; the same list again changes nothing', () => {
  const desk = open([certificate()])
  next(desk)
  const before = desk.journal().length
  expect(eventsOf(desk.must(system, register([certificate()], 1)))).toEqual([])
  expect(eventsOf(desk.must(system, register([certificate()], 2)))).toEqual([])
  expect(desk.journal()).toHaveLength(before)
  desk.must(system, register([certificate({ validUntil: '2033-06-30' })], 3))
  expect([struck(desk), said(desk), waitingFor(desk)]).toEqual(['2033-05-01T00:00:00.000Z', [], []])
  expect(desk.card('worker')).toMatchObject({ tone: 'success', title: '证书已更新' })
  expect(desk.workflow.stillDue(desk.state(), { person: 'worker', account: null }, 'renew')).toBe(false)
})

test('the card keeps what was said before and is not put right', () => {
  const desk = open([certificate(), certificate({ id: 'cer_2', trade: 'electric.high', validUntil: '2027-07-02' })])
  next(desk)
  next(desk)
  expect(said(desk)).toEqual(['electric.low expiry 2027-06-30 60', 'electric.high expiry 2027-07-02 60'])
  for (let n = 0; n < 6; n += 1) next(desk)
  expect(said(desk)).toEqual(['electric.low expiry 2027-06-30 0', 'electric.high expiry 2027-07-02 0'])
})

test('what was said of a date that stands is not said again when another certificate is renewed', () => {
  const both = [certificate(), certificate({ id: 'cer_2', trade: 'electric.high' })]
  const desk = open(both)
  next(desk)
  desk.must(system, register([certificate(), certificate({ id: 'cer_2', trade: 'electric.high', validUntil: '2033-06-30' })], 2))
  expect(struck(desk)).toBe('2027-05-31T00:00:00.000Z')
  expect(said(desk)).toEqual(['electric.low expiry 2027-06-30 60'])
})

test('an older list that arrives late is passed over, and a suspended certificate is not spoken of', () => {
  const desk = open([certificate()])
  desk.must(system, register([certificate({ suspended: true })], 5))
  expect([struck(desk), desk.state().status]).toEqual(['never', 'quiet'])
  desk.must(system, register([certificate()], 4))
  expect(desk.state().status).toBe('quiet')
})

test('a correction that ends a watched certificate is told', () => {
  const desk = open([certificate()])
  desk.must(system, register([certificate({ validUntil: '2026-10-31' })], 2))
  desk.fireDue()
  expect(said(desk)).toEqual(['electric.low expiry 2026-10-31 0'])
})

test('whoever has left is reminded of nothing, and is watched again when a list names them', () => {
  const desk = open([certificate()])
  expect(eventsOf(desk.must(system, { type: 'reassignLeaver', person: 'worker' }))).toEqual([])
  desk.change({ inactive: ['worker'] })
  expect(eventsOf(next(desk))).toEqual(['left'])
  expect([struck(desk), desk.state().status, untrue(desk)]).toEqual(['never', 'left', []])
  expect(because(desk.run(system, register([certificate()], 2)))).toBe('unknown-person')
  desk.change({})
  desk.must(system, register([certificate()], 2))
  expect(desk.state().status).toBe('watching')
})

test('without an officer the operators are alarmed, and the holder is told all the same', () => {
  const desk = open([certificate()])
  desk.change({ vacant: ['safetyOfficer@SH01'] })
  const result = next(desk)
  expect(dutiesOf(result)).toEqual(['worker renew'])
  expect(alarmsOf(result)).toEqual(['nobody-holds safetyOfficer'])
  expect(alarmsOf(desk.must(system, { type: 'reportUnreachable', person: 'worker', duty: 'renew' }))).toEqual([
    expect.stringContaining('unreachable'),
  ])
})

test('the holder, their lead, the officers and the safety director see the card, and nobody else', () => {
  const desk = open([certificate()])
  const sees = (id: string): boolean => desk.workflow.maySee(desk.state(), { person: id, account: null }, desk.plant())
  expect(['worker', 'officerA', 'safetyDirector', 'principal'].map(sees)).toEqual([true, true, true, true])
  expect(['areaOwner', 'head', 'admin'].map(sees)).toEqual([false, false, false])
})

const held = (more: Partial<HeldCertificate>): HeldCertificate => ({
  ...{
    id: 'cer_1',
    trade: 'electric.low',
    number: 'T3101********0011',
    authority: '应急局',
    issuedOn: '2025-01-01',
    validUntil: '2030-12-31',
  },
  ...{
    reviewDue: '2028-01-01',
    reviewedOn: null,
    suspended: false,
    lastPractisedOn: '2026-11-01',
    health: { fit: true, until: '2027-12-31' },
  },
  ...more,
})
const asks = (certificates: readonly HeldCertificate[]) => {
  const plant: Plant = { ...plantWith(), certificates: (id) => (id === 'worker' ? certificates : []) }
  return certificatesQuestion.answer({ person: 'worker', at: new Date('2026-11-24T02:00:00.000Z'), plant })
}

test('我的证书 shows each certificate with its number masked and how it stands', () => {
  for (const text of ['我的证书', '我的证件？', '我的操作证']) expect(certificatesQuestion.spoken.test(text), text).toBe(true)
  for (const text of ['我的证', '他的证书', '我的证书在哪'])
    expect(certificatesQuestion.spoken.test(text) && text !== '我的证', text).toBe(false)
  const card = asks([held({}), held({ id: 'cer_2', trade: 'electric.high', reviewDue: '2026-11-23' })])
  expect(card).toMatchObject({ tone: 'danger', summary: '我的证书：2 本，其中 1 本不能使用' })
  expect(card.body).toContain('1. 低压电工作业　T3101********0011\n有效期至 2030-12-31，复审 2028-01-01　有效')
  expect(card.body).toContain('逾期未复审，已失效')
  expect(asks([held({})]).tone).toBe('success')
  expect(asks([])).toMatchObject({ tone: 'info', body: expect.stringContaining('没有登记您的证书') })
})
