import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccessFound, FoundPermit } from '../../src/engine/open-permits.ts'
import { mayEnter } from '../../src/engine/permit-access.ts'
import type { OpenPermit } from '../../src/workflows/permit/rows.ts'

const at = new Date('2026-11-24T02:00:00.000Z')
const ticket = (more: Partial<OpenPermit> = {}): OpenPermit => ({
  ...{ code: 'ZY-1', subject: 'per_1', work: 'confinedSpace', status: 'active', area: 'tank-a', point: 'T-301 人孔' },
  ...{
    from: '2026-11-24T00:00:00.000Z',
    to: '2026-11-24T08:00:00.000Z',
    leader: 'leader',
    people: ['leader', 'worker', 'guard'],
  },
  ...{ attendants: ['guard'], name: '受限空间作业', level: '' },
  ...more,
})
const row = (more: Partial<OpenPermit> = {}, stale = false): FoundPermit => ({ subject: 'per_1', permit: ticket(more), stale })
const found = (person: string, ...permits: readonly FoundPermit[]): AccessFound => ({
  people: [person],
  areas: ['tank-a'],
  permits,
})

test('everybody of the crew passes while the work goes on, until the end of the ticket', () => {
  for (const person of ['leader', 'worker', 'guard'])
    expect(mayEnter(found(person, row()), at)).toEqual({
      allow: true,
      permits: ['ZY-1'],
      until: '2026-11-24T08:00:00.000Z',
      because: 'active',
    })
})

test('before the start the leader and the attendants pass to take their posts, and nobody else', () => {
  const issued = row({ status: 'issued' })
  expect(mayEnter(found('leader', issued), at)).toMatchObject({ allow: true, because: 'on-post' })
  expect(mayEnter(found('guard', issued), at)).toMatchObject({ allow: true, because: 'on-post' })
  expect(mayEnter(found('worker', issued), at)).toEqual({ allow: false, permits: [], until: null, because: 'not-started' })
})

/** Everything that is not a whole, fresh, active ticket for this person, place and time. */
const shut: readonly (readonly [string, string, AccessFound])[] = [
  ['a person that nobody knows', 'unknown-person', { ...found('worker', row()), people: [] }],
  ['a name of two people', 'unknown-person', { ...found('worker', row()), people: ['worker', 'other'] }],
  ['an area that nobody knows', 'unknown-area', { ...found('worker', row()), areas: [] }],
  ['a name of two areas', 'unknown-area', { ...found('worker', row()), areas: ['tank-a', 'tank-b'] }],
  ['no permit', 'no-permit', found('worker')],
  ['a permit elsewhere', 'no-permit', found('worker', row({ area: 'tank-b' }))],
  ['a permit of other people', 'no-permit', found('stranger', row())],
  ['a stopped permit', 'suspended', found('worker', row({ status: 'suspended' }))],
  ['a stopped permit, for its attendant', 'suspended', found('guard', row({ status: 'suspended' }))],
  ['signatures outstanding', 'not-started', found('leader', row({ status: 'signing' }))],
  ['work completed', 'over', found('worker', row({ status: 'completed' }))],
  ['expired', 'over', found('worker', row({ status: 'expired' }))],
  ['revoked', 'over', found('worker', row({ status: 'revoked' }))],
  ['active in name, a millisecond past its end', 'over', found('worker', row({ to: at.toISOString() }))],
  ['active in name, a millisecond before its time', 'not-yet', found('worker', row({ from: '2026-11-24T02:00:00.001Z' }))],
  ['issued for later', 'not-yet', found('guard', row({ status: 'issued', from: '2026-11-24T03:00:00.000Z' }))],
  ['active, and its clock has stopped', 'stale', found('worker', row({}, true))],
  ['a row that cannot be read', 'unreadable', found('worker', { subject: 'per_1', permit: null, stale: false })],
  ['a time that is none', 'unreadable', found('worker', row({ to: 'soon' }))],
]
describe('shut', () => {
  test.each(shut)('%s', (_, because, given) => {
    expect(mayEnter(given, at)).toEqual({ allow: false, permits: [], until: null, because })
  })
})

test('a good permit opens whatever else is there, and the last of several says until when', () => {
  const later = row({ code: 'ZY-2', to: '2026-11-24T09:00:00.000Z' })
  const answer = mayEnter(
    found('worker', row({ status: 'suspended' }), later, row(), { subject: 'x', permit: null, stale: true }),
    at,
  )
  expect(answer).toEqual({ allow: true, permits: ['ZY-1', 'ZY-2'], until: '2026-11-24T09:00:00.000Z', because: 'active' })
})

test('nobody is ever let in without a fresh ticket of theirs, here and now, that is active or theirs to watch', () => {
  const instant = fc.integer({ min: -3, max: 3 }).map((by) => new Date(at.getTime() + by * 3_600_000).toISOString())
  const any = fc.record({
    stale: fc.boolean(),
    status: fc.constantFrom<OpenPermit['status']>('signing', 'issued', 'active', 'suspended', 'completed', 'expired', 'revoked'),
    area: fc.constantFrom('tank-a', 'tank-b'),
    from: instant,
    to: instant,
    people: fc.subarray(['worker', 'guard', 'leader']),
  })
  const claim = fc.property(fc.array(any, { maxLength: 4 }), fc.constantFrom('worker', 'guard', 'leader'), (list, person) => {
    const good = list.filter(
      (one) =>
        !one.stale &&
        one.area === 'tank-a' &&
        one.people.includes(person) &&
        one.from <= at.toISOString() &&
        at.toISOString() < one.to &&
        (one.status === 'active' || (one.status === 'issued' && person !== 'worker')),
    )
    const rows = list.map(({ stale, ...more }) => row(more, stale))
    expect(mayEnter(found(person, ...rows), at).allow).toBe(good.length > 0)
  })
  fc.assert(claim, { numRuns: 2_000 })
})
