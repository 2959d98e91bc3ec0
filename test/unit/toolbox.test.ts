import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { missing, type ToolboxState } from '../../src/workflows/toolbox/toolbox.ts'
import {
  alarmsOf,
  because,
  clock,
  createDesk,
  dutiesOf,
  eventsOf,
  noticesOf,
  type PlantChange,
  person,
  plantWith,
  stranger,
  system,
  untrue,
  waitingFor,
} from './desk.ts'

const call = { type: 'gather', text: '班前会 3号泵房检修，注意隔离' }
const sign = { type: 'sign' }
const close = { type: 'close' }
const gathered = (change: PlantChange = {}) => {
  const desk = createDesk<ToolboxState>('toolbox', { plant: plantWith(change) })
  const opened = desk.must(person('prodLead'), call)
  return { desk, opened }
}

test('a lead calls the team: everybody but the lead is asked, for one shift', () => {
  const { desk, opened } = gathered()
  expect(dutiesOf(opened)).toEqual(['fitter sign', 'areaOwner sign', 'officerProd sign'])
  expect(desk.state()).toMatchObject({
    status: 'gathering',
    code: 'BQ-SH01-20261124-0001-E',
    topic: '3号泵房检修，注意隔离',
    team: 'prod',
    lead: 'prodLead',
    closesAt: '2026-11-24T14:00:00.000Z',
    rule: 'toolbox@1',
  })
  expect([...desk.deadlines]).toMatchObject([['end', { at: new Date('2026-11-24T14:00:00.000Z'), command: { type: 'end' } }]])
  expect(waitingFor(desk)).toEqual(['areaOwner', 'fitter', 'officerProd'])
})

test.each(['班前会', '班前会 ', '班前会：', '班前会\n'])(
  '«%s» without a topic asks for it, and the next words are the topic',
  (text) => {
    const desk = createDesk<ToolboxState>('toolbox')
    const asked = desk.must(person('prodLead'), { type: 'gather', text })
    expect([because(asked), desk.exists(), [...desk.expected]]).toEqual(['accepted topic', false, ['gather acc-prodLead']])
    desk.must(person('prodLead'), { type: 'gather', text: ' 吊装作业 ' })
    expect([desk.state().topic, desk.expected.size]).toEqual(['吊装作业', 0])
  },
)

test.each([
  ['班前会 吊装', true],
  ['班前会：吊装', true],
  ['班前会', true],
  ['班前会议纪要已发', false],
  ['今天班前会 吊装', false],
])('«%s» alone is a call: %s', (text, isCall) => {
  expect(createDesk('toolbox').workflow.commands.gather?.spoken?.test(text)).toBe(isCall)
})

test('only the lead of a team with people to ask can call', () => {
  const desk = createDesk<ToolboxState>('toolbox')
  expect(because(desk.run(person('fitter'), call))).toBe('not-a-lead')
  expect(because(desk.run(person('head'), call))).toBe('not-a-lead')
  expect(because(desk.run(stranger('x'), call))).toBe('link-first')
  desk.change({ unreachable: ['welder'] })
  expect(because(desk.run(person('lead'), call))).toBe('nobody-to-ask')
  expect([desk.exists(), desk.effects]).toEqual([false, []])
})

test('who has no account is not asked and not forgotten', () => {
  const { desk } = gathered({ unreachable: ['fitter'], inactive: ['officerProd'] })
  expect(desk.state()).toMatchObject({ expected: ['areaOwner'], unlinked: ['fitter'] })
  expect(desk.card('prodLead').facts).toContainEqual({ label: '未关联', value: '名fitter' })
})

test('a signature is taken once, counts on the lead’s card, and changes nobody else’s', () => {
  const { desk } = gathered()
  const before = JSON.stringify(desk.card('areaOwner')).replaceAll(/@\d+/g, '@')
  const signed = desk.must(person('fitter'), sign)
  expect([eventsOf(signed), because(signed)]).toEqual([['signed'], 'accepted signed'])
  expect(desk.card('prodLead').facts.slice(0, 3)).toEqual([
    { label: '状态', value: '签到中' },
    { label: '已签到', value: '1/3' },
    { label: '未签到', value: '名areaOwner、名officerProd' },
  ])
  expect(desk.card('fitter')).toMatchObject({ title: '班前会已签到', tone: 'success', actions: [] })
  expect(JSON.stringify(desk.card('areaOwner')).replaceAll(/@\d+/g, '@')).toBe(before)
  expect(waitingFor(desk)).toEqual(['areaOwner', 'officerProd'])
  const again = desk.run(person('fitter'), sign)
  expect(again.decision).toMatchObject({ because: 'signed-already', values: { at: '2026-11-24T02:00:00.000Z' } })
  expect(desk.state().signed).toHaveLength(1)
})

test('people of other teams and the lead do not sign', () => {
  const { desk } = gathered()
  for (const id of ['welder', 'head', 'admin', 'prodLead']) expect(because(desk.run(person(id), sign)), id).toBe('not-invited')
  expect(because(desk.run(stranger('x'), sign))).toBe('link-first')
})

test('who gets an account during the shift signs as well', () => {
  const { desk } = gathered({ unreachable: ['fitter'] })
  desk.change({})
  desk.must(person('fitter'), sign)
  expect(desk.card('prodLead').facts).toContainEqual({ label: '已签到', value: '0/2（另有 1 人）' })
})

test('the lead closes early, and a press that comes too late is told so', () => {
  const { desk } = gathered()
  desk.must(person('fitter'), sign)
  expect(because(desk.run(person('areaOwner'), close))).toBe('leads-only')
  const closed = desk.must(person('prodLead'), close)
  expect(closed.decision).toMatchObject({ events: [{ missing: ['areaOwner', 'officerProd'] }], say: { values: { count: '2' } } })
  expect([desk.state().closedBy, desk.deadlines.size, waitingFor(desk)]).toEqual(['prodLead', 0, []])
  desk.passes(minutes(5))
  expect(desk.run(person('areaOwner'), sign).decision).toMatchObject({
    because: 'too-late',
    values: { at: '2026-11-24T02:00:00.000Z', name: '名prodLead' },
  })
  expect(because(desk.run(person('fitter'), sign))).toBe('signed-already')
  expect(because(desk.run(person('prodLead'), close))).toBe('closed-already')
  expect(desk.card('areaOwner')).toMatchObject({ title: '班前会已结束', actions: [], facts: [{ value: '未签到' }, {}, {}] })
})

test('the end of the shift closes by itself, and the lead gets the list as a message of its own', () => {
  const { desk } = gathered()
  desk.must(person('officerProd'), sign)
  desk.passes(hours(12))
  const [ended] = desk.fireDue()
  expect(ended?.decision).toMatchObject({ events: [{ type: 'ended', missing: ['fitter', 'areaOwner'] }] })
  expect(dutiesOf(ended ?? ({ decision: close, effects: [] } as never))).toEqual(['prodLead answer'])
  expect(desk.card('prodLead')).toMatchObject({ title: '班前会已结束', tone: 'warning' })
  expect(desk.card('prodLead').facts).toContainEqual({ label: '未签到', value: '名fitter、名areaOwner' })
})

test('a clock that strikes too early is set right', () => {
  const { desk } = gathered()
  const early = desk.run(clock, { type: 'end' })
  expect([eventsOf(early), desk.deadlines.get('end')?.at]).toEqual([[], new Date('2026-11-24T14:00:00.000Z')])
})

test('a card that does not arrive is a fact: the operators are alarmed, the lead is told once', () => {
  const { desk } = gathered()
  const lost = { type: 'reportUnreachable', person: 'fitter', duty: 'sign' }
  const first = desk.must(system, lost)
  expect([alarmsOf(first), noticesOf(first)]).toEqual([['unreachable fitter'], ['prodLead unreached']])
  const second = desk.must(system, lost)
  expect([eventsOf(second), alarmsOf(second), noticesOf(second)]).toEqual([[], ['unreachable fitter'], []])
  const lead = desk.must(system, { ...lost, person: 'prodLead', duty: '' })
  expect([eventsOf(lead), noticesOf(lead)]).toEqual([[], []])
  desk.must(person('fitter'), sign)
  expect(desk.state().signed).toHaveLength(1)
})

test('refreshing changes nothing and is for the lead alone', () => {
  const { desk } = gathered()
  const before = desk.revision()
  expect(desk.must(person('prodLead'), { type: 'review' }).effects).toEqual([])
  expect(because(desk.run(person('fitter'), { type: 'review' }))).toBe('leads-only')
  expect(desk.revision()).toBe(before)
})

test('a notice is dropped once its duty is done', () => {
  const { desk } = gathered()
  const due = (id: string): boolean => desk.workflow.stillDue(desk.state(), { person: id, account: null }, 'sign')
  desk.must(person('fitter'), sign)
  expect([due('fitter'), due('areaOwner')]).toEqual([false, true])
  desk.must(person('prodLead'), close)
  expect(due('areaOwner')).toBe(false)
})

test('the team, the safety officers and the management see it; others do not', () => {
  const { desk } = gathered()
  const sees = (id: string | null): boolean => desk.workflow.maySee(desk.state(), { person: id, account: null }, desk.plant())
  for (const id of ['prodLead', 'fitter', 'officerA', 'safetyDirector', 'head', 'principal']) expect(sees(id), id).toBe(true)
  for (const id of ['welder', 'lead', 'admin', null]) expect(sees(id), String(id)).toBe(false)
})

const people = ['prodLead', 'fitter', 'areaOwner', 'officerProd', 'welder', 'lead'] as const
const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who: fc.constantFrom(...people),
      type: fc.constantFrom('sign', 'sign', 'review'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('act' as const), who: fc.constantFrom(...people), type: fc.constant('close') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: -3, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('early' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), who: fc.constantFrom(...people) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('plant' as const), unreachable: fc.subarray([...people]) }) },
)

test('whatever comes in whatever order, the list is right and an open talk has its clock', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 25 }), (moves) => {
      const { desk } = gathered()
      const signed = new Set<string>()
      let over: boolean = false
      for (const one of moves) {
        if (one.kind === 'wait') desk.passes(hours(one.hours))
        if (one.kind === 'plant') desk.change({ unreachable: one.unreachable })
        if (one.kind === 'lost') desk.must(system, { type: 'reportUnreachable', person: one.who, duty: 'sign' })
        if (one.kind === 'early') desk.run(clock, { type: 'end' })
        if (one.kind === 'act') {
          const may = one.type === 'sign' ? ['fitter', 'areaOwner', 'officerProd'] : ['prodLead']
          const right: boolean =
            may.includes(one.who) && (one.type === 'review' || !over) && !(one.type === 'sign' && signed.has(one.who))
          expect(desk.run(person(one.who), { type: one.type }).decision.kind).toBe(right ? 'accepted' : 'refused')
          if (right && one.type === 'sign') signed.add(one.who)
          over ||= right && one.type === 'close'
        }
        if (desk.fireDue().length > 0) over = true
        over ||= desk.state().status === 'closed' && desk.now().getTime() >= new Date(desk.state().closesAt).getTime()
        expect(desk.state().status).toBe(over ? 'closed' : 'gathering')
        expect(new Set(desk.state().signed.map((one) => one.person))).toEqual(signed)
        expect(missing(desk.state()).some((id) => signed.has(id))).toBe(false)
        expect(untrue(desk)).toEqual([])
      }
    }),
    { numRuns: 200 },
  )
})
