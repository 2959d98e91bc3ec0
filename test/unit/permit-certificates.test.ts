import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Certificate, certCovers, monthsLater } from '../../src/rules/permits/certificates.ts'

const today = '2026-11-24'
const welder = (more: Partial<Certificate> = {}): Certificate => ({
  id: 'crt_1',
  trade: 'welding.fusion',
  issuedOn: '2024-05-10',
  validUntil: '2030-05-09',
  reviewDue: '2027-05-09',
  reviewedOn: null,
  suspended: false,
  lastPractisedOn: '2026-11-01',
  health: { fit: true, until: '2027-03-31' },
  ...more,
})
const because = (one: Certificate, on = today) => {
  const answer = certCovers([one], 'welding.fusion', on)
  return answer.kind === 'covered' ? 'covered' : answer.because
}

test.each<readonly [string, Partial<Certificate>, string, string]>([
  ['all in order', {}, today, 'covered'],
  ['on its last day', { validUntil: today, reviewDue: today }, today, 'covered'],
  ['the day after', { validUntil: '2026-11-23' }, today, 'expired'],
  ['before it was issued', { issuedOn: '2026-11-25', lastPractisedOn: '2026-11-25' }, today, 'notYetValid'],
  ['review due today', { reviewDue: today }, today, 'covered'],
  ['review due yesterday', { reviewDue: '2026-11-23' }, today, 'reviewMissed'],
  ['no review date: three years from issue', { reviewDue: null, issuedOn: '2023-11-24' }, today, 'covered'],
  ['no review date: the day after three years', { reviewDue: null, issuedOn: '2023-11-23' }, today, 'reviewMissed'],
  [
    'no review date: three years from the last review',
    { reviewDue: null, issuedOn: '2021-11-23', reviewedOn: '2024-11-20', validUntil: '2027-11-22' },
    today,
    'covered',
  ],
  ['suspended', { suspended: true }, today, 'suspended'],
  ['off the trade a day short of six months', { lastPractisedOn: '2026-05-25' }, today, 'covered'],
  ['off the trade for six months', { lastPractisedOn: '2026-05-24' }, today, 'offTrade'],
  ['practice not known, issued long ago', { lastPractisedOn: null }, today, 'offTrade'],
  ['practice not known, issued lately', { lastPractisedOn: null, issuedOn: '2026-06-01' }, today, 'covered'],
  ['practice not known, reviewed lately', { lastPractisedOn: null, reviewedOn: '2026-06-01' }, today, 'covered'],
  ['practice in the future', { lastPractisedOn: '2027-01-01' }, today, 'offTrade'],
  ['contraindicated', { health: { fit: false, until: '2027-03-31' } }, today, 'unfit'],
  ['fitness examined until today', { health: { fit: true, until: today } }, today, 'covered'],
  ['fitness examined until yesterday', { health: { fit: true, until: '2026-11-23' } }, today, 'fitnessUnknown'],
  ['fitness not known', { health: null }, today, 'fitnessUnknown'],
  ['a date that is none', { validUntil: '2030-02-30' }, today, 'unreadable'],
  ['a date in another form', { validUntil: '2030/05/09' }, today, 'unreadable'],
])('%s', (_, more, on, expected) => {
  expect(because(welder(more), on)).toBe(expected)
})

test('a low-voltage electrician on a high-voltage job is refused, with both names and the clause', () => {
  const electrician = welder({ trade: 'electric.low' })
  expect(certCovers([electrician], 'electric.high', today)).toMatchObject({
    kind: 'refused',
    because: 'otherTrade',
    nearest: electrician,
    values: { wanted: '高压电工作业', held: '低压电工作业' },
    clause: { standard: '特种作业人员安全技术培训考核管理规定', edition: '应急管理部令第19号' },
  })
  expect(certCovers([electrician], 'electric.low', today)).toMatchObject({ kind: 'covered' })
})

test('nobody is refused as somebody without any certificate of the family', () => {
  expect(certCovers([], 'electric.high', today)).toMatchObject({ because: 'none', nearest: null })
  expect(certCovers([welder()], 'electric.high', today)).toMatchObject({ because: 'none', nearest: null })
})

test('the order in force on the day is cited', () => {
  const expired = welder({ validUntil: '2025-01-01' })
  expect(certCovers([expired], 'welding.fusion', '2026-05-31')).toMatchObject({
    clause: { edition: '国家安全生产监督管理总局令第30号', clause: '第十九条' },
  })
  expect(certCovers([expired], 'welding.fusion', '2026-06-01')).toMatchObject({
    clause: { edition: '应急管理部令第19号', clause: '证件有效期' },
  })
  expect(certCovers([welder({ lastPractisedOn: '2024-06-01' })], 'welding.fusion', '2026-05-31')).toMatchObject({
    clause: { clause: '第三十二条' },
  })
})

test('any of several trades, and any of several certificates, is enough; of faulty ones the least grave is told', () => {
  const scaffolder = welder({ id: 'crt_2', trade: 'height.scaffold' })
  expect(certCovers([scaffolder], ['height.install', 'height.scaffold'], today)).toMatchObject({
    kind: 'covered',
    by: { id: 'crt_2' },
  })
  expect(certCovers([welder({ suspended: true }), welder({ id: 'crt_3' })], 'welding.fusion', today)).toMatchObject({
    by: { id: 'crt_3' },
  })
  const faulty = [welder({ suspended: true }), welder({ id: 'crt_4', validUntil: '2026-01-01' })]
  expect(certCovers(faulty, 'welding.fusion', today)).toMatchObject({
    because: 'expired',
    nearest: { id: 'crt_4' },
    values: { date: '2026-01-01' },
  })
})

test('attendants are trained by the enterprise: no review, no six months, fitness only where it is recorded', () => {
  const attendant = welder({
    trade: 'training.attendant',
    reviewDue: null,
    lastPractisedOn: null,
    health: null,
    issuedOn: '2020-01-01',
  })
  expect(certCovers([attendant], 'training.attendant', today)).toMatchObject({ kind: 'covered' })
  expect(certCovers([{ ...attendant, health: { fit: false, until: '2027-01-01' } }], 'training.attendant', today)).toMatchObject({
    because: 'unfit',
  })
  expect(certCovers([{ ...attendant, validUntil: '2026-01-01' }], 'training.attendant', today)).toMatchObject({
    because: 'expired',
    clause: { standard: 'GB 30871-2022', clause: '4.10' },
  })
})

test('crane people are of another register: fitness is asked, the six months are not', () => {
  const driver = welder({ trade: 'lifting.crane', reviewDue: null, lastPractisedOn: null })
  expect(certCovers([driver], 'lifting.crane', today)).toMatchObject({ kind: 'covered' })
  expect(certCovers([{ ...driver, health: null }], 'lifting.crane', today)).toMatchObject({
    because: 'fitnessUnknown',
    clause: { clause: '4.9' },
  })
})

test('a day that is no date is refused loudly', () => {
  expect(() => certCovers([welder()], 'welding.fusion', 'today')).toThrow(RangeError)
  expect(() => monthsLater('2026-02-30', 1)).toThrow(RangeError)
})

test.each([
  ['2026-08-31', 6, '2027-02-28'],
  ['2027-08-31', 6, '2028-02-29'],
  ['2026-12-31', 6, '2027-06-30'],
  ['2026-05-24', 6, '2026-11-24'],
  ['2024-02-29', 36, '2027-02-28'],
])('%s and %d months is %s', (date, months, later) => {
  expect(monthsLater(date, months)).toBe(later)
})

test('property: an older date of practice, an earlier end or a suspension never lets somebody in', () => {
  const day = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10))
  const some = fc.record({ issuedOn: day, validUntil: day, reviewDue: fc.option(day), lastPractisedOn: fc.option(day) })
  fc.assert(
    fc.property(some, day, day, (dates, earlier, on) => {
      const one = welder(dates)
      const least = (date: string): string => (date < earlier ? date : earlier)
      const worse = [
        { ...one, validUntil: least(one.validUntil) },
        { ...one, lastPractisedOn: null },
        { ...one, health: null },
        { ...one, suspended: true },
        { ...one, ...(one.reviewDue === null ? {} : { reviewDue: least(one.reviewDue) }) },
      ]
      const isCovered = because(one, on) === 'covered'
      expect(worse.map((bad) => because(bad, on)).filter((answer) => answer === 'covered' && !isCovered)).toEqual([])
    }),
  )
})
