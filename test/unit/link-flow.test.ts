import { expect, test } from 'vitest'
import { commonText } from '../../src/cards/text/common.ts'
import { hours, minutes } from '../../src/lib/clock.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { linkSubject } from '../../src/workflows/link/workflow.ts'
import { accountOf, alarmsOf, because, clock, createDesk, dutiesOf, person, plantWith, stranger, system } from './hazard-desk.ts'

const newcomer = stranger('new')
const numbers = {
  welder: { employeeNo: 'E1', mobile: '13800000001' },
  fitter: { employeeNo: 'E2', mobile: '13800000002' },
  worker: { employeeNo: 'E3', mobile: '13800000001' },
}
const requested = (change = {}) => {
  const desk = createDesk('link', plantWith({ numbers, ...change }))
  const first = desk.must(newcomer, { type: 'request' })
  return { desk, first }
}
const coded = () => {
  const { desk } = requested()
  desk.must(newcomer, { type: 'issueCode' })
  return desk
}
const code = '40962718'
const directory = (employeeNo: string, mobile = '', active = true) => ({ type: 'matchDirectory', employeeNo, mobile, active })
const linkOf = (who: string, proof: string) => ({ kind: 'link', account: accountOf('new'), person: who, proof })

test('an unknown account is asked once, looked up, and remembered until it is linked or denied', () => {
  const { desk, first } = requested()
  expect(dutiesOf(first)).toEqual(['acc-new link'])
  expect(first.effects).toContainEqual(expect.objectContaining({ kind: 'job', queue: 'who-is' }))
  expect([...desk.deadlines.keys()]).toEqual(['remind'])
  expect(desk.must(newcomer, { type: 'request' }).effects).toEqual([])
  expect(because(desk.run(person('welder'), { type: 'request' }))).toBe('already-linked')
})

test('one account is one subject, whoever writes first', () => {
  expect(linkSubject(accountOf('new'))).toBe(linkSubject({ ...accountOf('new') }))
  expect(linkSubject({ connection: 'a', account: 'b\nc' })).not.toBe(linkSubject({ connection: 'a\nb', account: 'c ' }))
  expect(linkSubject(accountOf('new'))).toMatch(/^lnk_[0-9a-f]{30}$/)
})

test.each([
  ['by the number alone', directory('E2'), 'fitter'],
  ['by the mobile alone', directory('', '13800000002'), 'fitter'],
  ['by both, when they agree', directory('E2', '13800000002'), 'fitter'],
  ['by the number, when the mobile is nobody’s', directory('E2', '13999999999'), 'fitter'],
])('the directory links %s', (_, command, who) => {
  const { desk } = requested()
  const linked = desk.must(system, command)
  expect(desk.links).toEqual([linkOf(who, 'directory')])
  expect(desk.link()).toMatchObject({ status: 'linked', person: who, proof: 'directory' })
  expect(linked.effects).toContainEqual(
    expect.objectContaining({ kind: 'notify', words: 'linked', to: { kind: 'account', ...accountOf('new') } }),
  )
  expect(desk.deadlines.size).toBe(0)
})

test.each([
  ['nobody', 'E9', '', true],
  ['nobody', '', '', true],
  ['several', '', '13800000001', true],
  ['several', 'E2', '13800000001', true],
  ['several', 'E1', '13800000002', true],
  ['inactive', 'E2', '13800000002', false],
])('the directory does not link when the match is %s (%s, %s, active %s)', (why, employeeNo, mobile, active) => {
  const { desk } = requested()
  const result = desk.must(system, directory(employeeNo, mobile, active))
  expect([desk.links, desk.link().status]).toEqual([[], 'waiting'])
  expect(result.decision).toMatchObject({ events: [{ type: 'notMatched', because: why }] })
  expect(dutiesOf(result)).toEqual(['admin assign'])
})

test('somebody who left the company is nobody', () => {
  const { desk } = requested({ inactive: ['fitter'] })
  desk.must(system, directory('E2', '13800000002'))
  expect(desk.links).toEqual([])
})

test('with no administrator the operators are alarmed instead', () => {
  const { desk } = requested({ vacant: ['administrator@SH01'] })
  expect(alarmsOf(desk.must(system, directory('E9')))).toEqual(['nobody-holds administrator'])
  desk.passes(hours(24))
  expect(alarmsOf(desk.fire('remind'))).toEqual(['nobody-holds administrator'])
})

test('a code links after its owner typed it on a linked account and confirmed', () => {
  const desk = coded()
  expect(desk.link().code).toEqual({ hash: sha256(code), until: '2026-11-24T02:10:00.000Z' })
  expect(JSON.stringify(desk.journal())).not.toContain(code)
  const claimed = desk.must(person('welder'), { type: 'claim', code })
  expect([dutiesOf(claimed), desk.links]).toEqual([['acc-welder confirm'], []])
  desk.must(person('welder'), { type: 'confirm' })
  expect(desk.links).toEqual([linkOf('welder', 'code')])
  expect(desk.link().status).toBe('linked')
})

test('a code works once, only in its time, only as it is, and a new one ends the old', () => {
  const wrong = coded()
  for (const typed of ['00000000', '', code.slice(0, 7), `${code} `])
    expect(because(wrong.run(person('welder'), { type: 'claim', code: typed }))).toBe('code-unknown')
  const late = coded()
  late.passes(minutes(10) - 1)
  expect(because(late.run(person('welder'), { type: 'claim', code }))).toBe('accepted claimed')
  const expired = coded()
  expired.passes(minutes(10))
  expect(because(expired.run(person('welder'), { type: 'claim', code }))).toBe('code-unknown')
  expect(because(late.run(person('fitter'), { type: 'claim', code }))).toBe('code-unknown')
  late.must(person('welder'), { type: 'confirm' })
  expect(because(late.run(person('welder'), { type: 'claim', code }))).toBe('code-unknown')
})

test('nobody but the person who typed the code confirms, and a new code takes the claim back', () => {
  const desk = coded()
  expect(because(desk.run(person('welder'), { type: 'confirm' }))).toBe('code-unknown')
  desk.must(person('welder'), { type: 'claim', code })
  for (const who of [person('fitter'), person('admin'), newcomer])
    expect(because(desk.run(who, { type: 'confirm' }))).toBe('code-unknown')
  desk.must(newcomer, { type: 'issueCode' })
  expect(because(desk.run(person('welder'), { type: 'confirm' }))).toBe('code-unknown')
  expect(desk.links).toEqual([])
})

test('an account without a person proves nothing: it cannot claim, confirm, deny or assign', () => {
  const desk = coded()
  expect(because(desk.run(newcomer, { type: 'claim', code }))).toBe('link-first')
  expect(because(desk.run(newcomer, { type: 'confirm' }))).toBe('code-unknown')
  expect(because(desk.run(newcomer, { type: 'deny' }))).toBe('link-first')
  expect(because(desk.run(newcomer, { type: 'assign', employeeNo: 'E1' }))).toBe('not-your-duty')
  expect(because(desk.run(stranger('other'), { type: 'issueCode' }))).toBe('not-your-account')
  expect(because(desk.run(stranger('other'), { type: 'request' }))).toBe('not-your-account')
  expect(because(desk.run(person('welder'), { type: 'issueCode' }))).toBe('not-your-account')
})

test.each(['welder', 'lead', 'head', 'director', 'safetyDirector', 'officerA', 'principal'])(
  '%s is no administrator, cannot assign, and cannot deny',
  (who) => {
    const { desk } = requested()
    expect(because(desk.run(person(who), { type: 'assign', employeeNo: 'E1' }))).toBe('not-your-duty')
    expect(because(desk.run(person(who), { type: 'deny' }))).toBe('not-your-duty')
    expect(desk.links).toEqual([])
  },
)

test('an administrator assigns by a number that names one active person, and is asked when it is missing', () => {
  const { desk } = requested({ numbers: { ...numbers, head: { employeeNo: 'E1' } } })
  expect(because(desk.must(person('admin'), { type: 'assign', employeeNo: ' ' }))).toBe('accepted assign-number')
  expect([...desk.expected]).toEqual(['assign acc-admin'])
  for (const employeeNo of ['E9', 'E1', '%', '13800000002'])
    expect(because(desk.run(person('admin'), { type: 'assign', employeeNo }))).toBe('number-unknown')
  desk.must(person('admin'), { type: 'assign', employeeNo: ' E2 ' })
  expect([desk.link().person, desk.links, [...desk.expected]]).toEqual(['fitter', [], []])
})

const second = [['head', 'administrator@SH01']] as const
const assigned = (change = {}) => {
  const { desk } = requested({ also: second, ...change })
  const result = desk.must(person('admin'), { type: 'assign', employeeNo: 'E2' })
  return { desk, result }
}
const told = ({ effects }: ReturnType<typeof assigned>['result']) =>
  effects.flatMap((one) => (one.kind === 'notify' && one.to.kind === 'person' ? [`${one.to.person} ${one.words}`] : []))

test('whoever holds an account confirms there what an administrator says; until then nobody gained anything', () => {
  const { desk, result } = assigned()
  expect([because(result), dutiesOf(result)]).toEqual(['accepted assigned', ['fitter confirm']])
  expect([desk.links, desk.link().status, [...desk.deadlines.keys()]]).toEqual([[], 'claimed', ['remind']])
  for (const who of [person('welder'), person('lead'), newcomer, system])
    expect(desk.run(who, { type: 'confirm' }).decision.kind).toBe('refused')
  const confirmed = desk.must(person('fitter'), { type: 'confirm' })
  expect([desk.links, told(confirmed)]).toEqual([[linkOf('fitter', 'administrator')], []])
})

test('the administrator who named somebody cannot confirm it, a second one can, and then the person hears of it', () => {
  const { desk } = assigned()
  expect(because(desk.run(person('admin'), { type: 'confirm' }))).toBe('second-administrator')
  expect(desk.links).toEqual([])
  const confirmed = desk.must(person('head'), { type: 'confirm' })
  expect([desk.links, told(confirmed)]).toEqual([[linkOf('fitter', 'administrator')], ['fitter linked-also']])
})

test('a second administrator vouches for what another has said and for nothing else', () => {
  const claimed = coded()
  claimed.must(person('welder'), { type: 'claim', code })
  expect(because(claimed.run(person('admin'), { type: 'confirm' }))).toBe('code-unknown')
  const { desk } = assigned()
  desk.must(newcomer, { type: 'issueCode' })
  expect(because(desk.run(person('head'), { type: 'confirm' }))).toBe('code-unknown')
})

test('whoever is named wrongly says no, and the account stays nobody’s', () => {
  const { desk } = assigned()
  desk.must(person('fitter'), { type: 'deny' })
  expect([desk.link().status, desk.link().assignedBy, desk.links]).toEqual(['denied', undefined, []])
  expect(because(desk.run(person('head'), { type: 'confirm' }))).toBe('code-unknown')
})

test('somebody without any account is linked at once, and their lead and the safety director hear who did it', () => {
  const { desk, result } = assigned({ unreachable: ['fitter'] })
  expect(desk.links).toEqual([linkOf('fitter', 'administrator')])
  expect(told(result)).toEqual(['prodLead assigned-without-account', 'safetyDirector assigned-without-account'])
  expect(result.effects).toContainEqual(
    expect.objectContaining({
      words: 'assigned-without-account',
      values: { name: '号new', connection: 'c1', person: '名fitter', by: '名admin' },
    }),
  )
  const alone = assigned({ unreachable: ['fitter', 'prodLead', 'safetyDirector'] })
  expect(alarmsOf(alone.result)).toEqual(['nobody-holds safetyDirector'])
})

test('the one who typed the code, or an administrator, may say no; after that nothing links until the account writes again', () => {
  for (const who of ['welder', 'admin']) {
    const desk = coded()
    desk.must(person('welder'), { type: 'claim', code })
    desk.must(person(who), { type: 'deny' })
    expect([desk.link().status, desk.deadlines.size]).toEqual(['denied', 0])
    expect(because(desk.run(system, directory('E2')))).toBe('link-denied')
    expect(because(desk.run(newcomer, { type: 'issueCode' }))).toBe('link-denied')
    expect(because(desk.run(person('welder'), { type: 'claim', code }))).toBe('code-unknown')
    expect(because(desk.run(person('welder'), { type: 'confirm' }))).toBe('code-unknown')
    expect(because(desk.run(person('admin'), { type: 'assign', employeeNo: 'E2' }))).toBe('link-denied')
    expect(because(desk.run(person('admin'), { type: 'deny' }))).toBe('link-denied')
    expect(because(desk.run(clock, { type: 'remind' }))).toBe('link-denied')
    desk.must(newcomer, { type: 'request' })
    expect([desk.link().status, [...desk.deadlines.keys()], desk.links]).toEqual(['waiting', ['remind'], []])
  }
})

test('a code that is out when the administrator says no is worth nothing any more', () => {
  const desk = coded()
  desk.must(person('admin'), { type: 'deny' })
  expect(because(desk.run(person('welder'), { type: 'claim', code }))).toBe('code-unknown')
})

test('a linked account stays as it is, whatever comes after', () => {
  const { desk } = requested()
  desk.must(system, directory('E2'))
  expect(because(desk.run(system, directory('E1')))).toBe('already-linked')
  expect(because(desk.run(newcomer, { type: 'issueCode' }))).toBe('already-linked')
  expect(because(desk.run(person('admin'), { type: 'assign', employeeNo: 'E1' }))).toBe('already-linked')
  expect(because(desk.run(person('admin'), { type: 'deny' }))).toBe('already-linked')
  expect(because(desk.run(clock, { type: 'remind' }))).toBe('already-linked')
  expect(desk.links).toHaveLength(1)
})

test('administrators are reminded every 24 h for as long as the account waits', () => {
  const { desk } = requested()
  for (const count of [1, 2, 3]) {
    desk.passes(hours(24))
    expect(dutiesOf(desk.fire('remind'))).toEqual(['admin assign'])
    expect(desk.link().reminded).toBe(count)
  }
  const { desk: lost } = requested()
  expect(alarmsOf(lost.must(system, { type: 'reportUnreachable', person: 'admin', duty: 'assign' }))).toEqual([
    'unreachable admin',
  ])
})

test('every refusal of a link has its words', () => {
  const said = [
    'already-linked',
    'not-your-account',
    'code-unknown',
    'number-unknown',
    'not-your-duty',
    'no-such-case',
    'link-first',
    'link-denied',
  ]
  for (const key of said) expect(Object.keys(commonText.link.refusals)).toContain(key)
})

test('at the console an administrator appoints a person before the account has ever written, and nobody who has left', () => {
  const appoint = (who: string) => ({ type: 'appoint', account: accountOf('new'), name: '新账号', person: who, by: 'console' })
  const desk = createDesk('link', plantWith({ inactive: ['worker'] }))
  for (const who of ['worker', 'nobody']) expect(because(desk.run(system, appoint(who)))).toBe('number-unknown')
  for (const who of [person('admin'), newcomer, clock]) expect(because(desk.run(who, appoint('fitter')))).toBe('no-such-case')
  desk.must(system, appoint('fitter'))
  expect([desk.links, desk.link().status, desk.deadlines.size]).toEqual([[linkOf('fitter', 'administrator')], 'linked', 0])
  expect(because(desk.run(system, appoint('welder')))).toBe('already-linked')
})

test('a released account acts for nobody, and may ask again', () => {
  const { desk } = requested()
  desk.must(system, directory('E2'))
  desk.must(system, { type: 'release', account: accountOf('new'), name: '新账号', by: 'console' })
  expect(desk.link()).toMatchObject({ status: 'denied', person: null, proof: null })
  expect(because(desk.run(person('welder'), { type: 'release', account: accountOf('new'), name: '', by: '' }))).toBe(
    'no-such-case',
  )
  desk.must(newcomer, { type: 'request' })
  expect(desk.link().status).toBe('waiting')
})
