import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { handoverRule } from '../../src/rules/handover.ts'
import { climb } from '../../src/workflows/handover/clocks.ts'
import { ruleOf } from '../../src/workflows/handover/edition.ts'
import type { HandoverState } from '../../src/workflows/handover/handover.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import {
  alarmsOf,
  because,
  clock,
  createDesk,
  type DeskOptions,
  dutiesOf,
  eventsOf,
  noticesOf,
  person,
  plantWith,
  stranger,
  system,
  untrue,
  waitingFor,
} from './desk.ts'
import { factsAt } from './hazard-facts.ts'

const lines = handoverRule.lines.map(({ id }) => id)
const out = person('prodLead')
const into = person('lead')
const twoLeads = plantWith({ also: [['fitter', 'teamLead@prod']] })

const started = (options: DeskOptions = {}) => {
  const desk = createDesk<HandoverState>('handover', options)
  const result = desk.must(out, { type: 'start', text: '交班 2号泵备用，阀门V3待更换' })
  return { desk, result }
}
const checked = (options: DeskOptions = {}) => {
  const { desk } = started(options)
  for (const line of lines) desk.must(out, { type: 'confirm', line, note: '' })
  return desk
}
const offered = (options: DeskOptions = {}) => {
  const desk = checked(options)
  const result = desk.must(out, { type: 'offer', incoming: 'lead' })
  return { desk, result }
}

describe('starting', () => {
  test('the outgoing lead starts, the checklist is frozen, and half an hour runs', () => {
    const { desk, result } = started()
    expect(desk.state()).toMatchObject({
      status: 'preparing',
      team: 'prod',
      outgoing: 'prodLead',
      remarks: '2号泵备用，阀门V3待更换',
      rule: 'handover@1',
      signBy: '2026-11-24T02:30:00.000Z',
    })
    expect(desk.state().lines.map(({ id, checked: how }) => [id, how])).toEqual(lines.map((id) => [id, null]))
    expect([dutiesOf(result), waitingFor(desk)]).toEqual([['prodLead prepare'], ['prodLead']])
    expect(desk.deadlines.get('climb')?.at).toEqual(new Date('2026-11-24T02:30:00.000Z'))
  })

  test('people who lead no team cannot', () => {
    const desk = createDesk('handover')
    expect(because(desk.run(person('fitter'), { type: 'start', text: '交班' }))).toBe('not-a-lead')
    expect(because(desk.run(stranger('x'), { type: 'start', text: '交班' }))).toBe('link-first')
    expect(because(started().desk.run(out, { type: 'start', text: '交班' }))).toBe('open-already')
  })

  test.each([
    ['交班', true],
    ['交班 无异常', true],
    ['交班：无异常', true],
    ['交班记录在哪', false],
  ])('«%s» alone is a start: %s', (text, is) => {
    expect(createDesk('handover').workflow.commands.start?.spoken?.test(text)).toBe(is)
  })

  test('open hazards that wait for the team stand on the list once each, those due first in front', () => {
    const row = (subject: string, key: string, at: string, note: string): FoundRow => ({
      name: 'todo',
      key,
      at,
      weight: 1,
      note,
      subject,
    })
    const note = (code: string): string => JSON.stringify({ code, title: '漏油', due: '' })
    const rows = [
      row('haz_1', 'fitter', '2026-11-25T00:00:00.000Z', note('YH-B')),
      row('haz_2', 'areaOwner', '2026-11-24T00:00:00.000Z', note('YH-A')),
      row('haz_2', 'prodLead', '2026-11-24T00:00:00.000Z', note('YH-A')),
      row('haz_3', 'welder', '2026-11-24T00:00:00.000Z', note('YH-ELSE')),
      row('tbx_4', 'fitter', '2026-11-24T00:00:00.000Z', note('BQ-1')),
      row('haz_5', 'fitter', '2026-11-24T00:00:00.000Z', 'no json'),
      row('haz_6', 'fitter', '2026-11-24T00:00:00.000Z', '"text"'),
    ]
    const { desk } = started({ rows })
    expect(desk.state().hazards.map(({ code }) => code)).toEqual(['YH-A', 'YH-B'])
    expect(desk.card('prodLead').body).toContain('1. 本班组未结隐患：2 条（YH-A 漏油；YH-B 漏油）——待确认')
  })

  test('what nothing is connected to never reads as none', () => {
    const { body } = started().desk.card('prodLead')
    expect(body).toContain('有效作业票：未接入，请当面交接')
    expect(body).toContain('本班组未结隐患：系统内没有待办，请现场核对')
  })
})

describe('the checklist', () => {
  test('each line is confirmed or noted by the outgoing lead alone, each once', () => {
    const { desk } = started()
    desk.must(out, { type: 'confirm', line: 'equipment', note: '' })
    expect(because(desk.run(out, { type: 'confirm', line: 'equipment', note: '' }))).toBe('line-checked')
    expect(because(desk.run(out, { type: 'confirm', line: 'nowhere', note: '' }))).toBe('choose-line')
    expect(because(desk.run(out, { type: 'confirm', line: '', note: '' }))).toBe('choose-line')
    expect(because(desk.run(into, { type: 'confirm', line: 'permits', note: '' }))).toBe('outgoing-only')
    expect(because(desk.run(out, { type: 'offer', incoming: 'lead' }))).toBe('lines-open')
    desk.must(out, { type: 'note', line: 'equipment', note: ' 2号泵振动偏大 ' })
    expect(desk.state().lines.find(({ id }) => id === 'equipment')?.checked?.note).toBe('2号泵振动偏大')
    expect(desk.card('prodLead').body).toContain('2. 设备状态：请现场核对——有情况：2号泵振动偏大')
  })

  test('words beside a confirmation are kept as a note', () => {
    const { desk } = started()
    expect(eventsOf(desk.must(out, { type: 'confirm', line: 'permits', note: '动火票一张' }))).toEqual(['noted'])
  })

  test('where the card has no text field the next words are the note of the line that was asked about', () => {
    const { desk } = started()
    const asked = desk.must(out, { type: 'note', line: 'interimControls', note: '' })
    expect([because(asked), desk.state().asking, [...desk.expected]]).toEqual([
      'accepted note-words',
      'interimControls',
      ['note acc-prodLead'],
    ])
    desk.must(out, { type: 'note', reason: '东侧围挡保留' })
    expect(desk.state()).toMatchObject({ asking: null })
    expect(desk.state().lines.find(({ id }) => id === 'interimControls')?.checked?.note).toBe('东侧围挡保留')
    expect(desk.expected.size).toBe(0)
    expect(because(desk.run(out, { type: 'note', reason: '又一句' }))).toBe('choose-line')
  })

  test('the card asks for one line after the other, then for who takes over', () => {
    const { desk } = started()
    for (const [index, line] of lines.entries()) {
      const [field] = desk.card('prodLead').form
      expect(field).toMatchObject({ name: 'line', initial: line })
      expect(field?.kind === 'choice' ? field.options.length : 0).toBe(lines.length - index)
      desk.must(out, { type: 'confirm', line, note: '' })
    }
    expect(desk.card('prodLead')).toMatchObject({
      title: '交接班：请签字交班',
      form: [{ name: 'incoming', initial: 'lead' }, {}, {}],
    })
  })
})

describe('signing', () => {
  test('the incoming lead gets a card of their own and both signatures end it', () => {
    const { desk, result } = offered()
    expect(dutiesOf(result)).toEqual(['lead sign'])
    expect([desk.state().status, waitingFor(desk)]).toEqual(['offered', ['lead']])
    expect(desk.card('lead')).toMatchObject({ title: '请签字接班', actions: [{ label: '签字接班' }, { label: '有异议' }] })
    const signed = desk.must(into, { type: 'sign' })
    expect([dutiesOf(signed), desk.state().status, desk.deadlines.size]).toEqual([['prodLead answer'], 'signed', 0])
    expect(because(desk.run(into, { type: 'sign' }))).toBe('ended')
    expect(because(desk.run(out, { type: 'cancel', reason: '不算' }))).toBe('ended')
  })

  test('nobody signs twice, and nobody signs for the one who was named', () => {
    const { desk } = offered()
    expect(because(desk.run(out, { type: 'sign' }))).toBe('two-persons')
    expect(because(desk.run(person('head'), { type: 'sign' }))).toBe('incoming-only')
    expect(because(desk.run(person('admin'), { type: 'sign' }))).toBe('incoming-only')
    expect(because(desk.run(stranger('x'), { type: 'sign' }))).toBe('link-first')
    expect(because(checked().run(into, { type: 'sign' }))).toBe('incoming-only')
    expect(because(checked().run(out, { type: 'offer', incoming: 'prodLead' }))).toBe('successor-unknown')
    expect(because(checked().run(out, { type: 'offer', incoming: 'welder' }))).toBe('successor-unknown')
  })

  test('with several leads the outgoing one is asked for a name', () => {
    const desk = checked({ plant: twoLeads })
    expect(because(desk.must(out, { type: 'offer', incoming: '' }))).toBe('accepted who-takes-over')
    expect(because(desk.run(out, { type: 'offer', reason: '谁都行' }))).toBe('successor-unknown')
    desk.must(out, { type: 'offer', reason: '名fitter' })
    expect(desk.state()).toMatchObject({ status: 'offered', incoming: 'fitter' })
  })

  test('with one other lead that one takes over, with none the words say what to do', () => {
    const desk = checked()
    desk.must(out, { type: 'offer', incoming: '' })
    expect(desk.state().incoming).toBe('lead')
    const alone = checked()
    alone.change({ unreachable: ['lead'] })
    expect(because(alone.run(out, { type: 'offer', incoming: '' }))).toBe('nobody-takes-over')
  })

  test('offered to another, it changes hands; to the same again it does not', () => {
    const { desk } = offered({ plant: twoLeads })
    expect(because(desk.run(out, { type: 'offer', incoming: 'lead' }))).toBe('offered-already')
    expect(because(desk.run(out, { type: 'confirm', line: 'permits', note: '' }))).toBe('offered-already')
    expect(dutiesOf(desk.must(out, { type: 'offer', incoming: 'fitter' }))).toEqual(['fitter sign'])
    expect(because(desk.run(into, { type: 'sign' }))).toBe('incoming-only')
    desk.must(person('fitter'), { type: 'sign' })
  })

  test('disagreement needs a reason, returns it, and it is signed anew', () => {
    const { desk } = offered({ plant: twoLeads })
    expect(because(desk.must(into, { type: 'disagree', reason: ' ' }))).toBe('accepted disagree-reason')
    const returned = desk.must(into, { type: 'disagree', reason: '围挡已拆，与说明不符' })
    expect([dutiesOf(returned), desk.state().status, waitingFor(desk)]).toEqual([['prodLead prepare'], 'preparing', ['prodLead']])
    expect(desk.card('prodLead')).toMatchObject({ title: '交接班被退回', form: [{ name: 'line' }, {}, { name: 'incoming' }] })
    expect(desk.card('prodLead').facts).toContainEqual({ label: '退回原因', value: '围挡已拆，与说明不符' })
    expect(because(desk.run(into, { type: 'sign' }))).toBe('not-offered')
    desk.must(out, { type: 'confirm', line: 'permits', note: '' })
    desk.must(out, { type: 'offer', incoming: '' })
    expect(desk.state().incoming).toBe('lead')
    desk.must(into, { type: 'sign' })
  })

  test('the outgoing lead may call it off, with a reason', () => {
    const { desk } = offered()
    expect(because(desk.run(into, { type: 'cancel', reason: '不要' }))).toBe('outgoing-only')
    expect(because(desk.must(out, { type: 'cancel', reason: '' }))).toBe('accepted cancel-reason')
    desk.must(out, { type: 'cancel', reason: '发错了' })
    expect([desk.state().status, desk.deadlines.size, desk.expected.size]).toEqual(['cancelled', 0, 0])
    expect(desk.card('head').facts).toContainEqual({ label: '作废原因', value: '发错了' })
  })
})

describe('the clock', () => {
  test('unsigned after half an hour it goes to the department head, and again every hour, until it is signed', () => {
    const { desk } = offered()
    desk.passes(minutes(30))
    const [first] = desk.fireDue()
    expect(first && dutiesOf(first)).toEqual(['lead sign!', 'head unsigned!'])
    expect(desk.card('head')).toMatchObject({ title: '交接班超时未签', tone: 'danger' })
    desk.passes(minutes(59))
    expect(desk.fireDue()).toEqual([])
    desk.passes(minutes(1))
    const [second] = desk.fireDue()
    expect(second && dutiesOf(second)).toEqual(['lead sign!', 'head unsigned!'])
    desk.must(into, { type: 'sign' })
    desk.passes(hours(48))
    expect(desk.fireDue()).toEqual([])
  })

  test('changing hands and sending back reset no clock', () => {
    const { desk } = offered({ plant: twoLeads })
    desk.must(out, { type: 'offer', incoming: 'fitter' })
    desk.must(person('fitter'), { type: 'disagree', reason: '不清楚' })
    expect(desk.deadlines.get('climb')?.at).toEqual(new Date('2026-11-24T02:30:00.000Z'))
    desk.passes(minutes(30))
    expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['prodLead prepare!', 'head unsigned!'])
  })

  test('with nobody to climb to, the operators hear of it', () => {
    const { desk } = offered()
    desk.change({ vacant: ['deptHead@SH01'] })
    desk.passes(minutes(30))
    const [called] = desk.fireDue()
    expect(called && [alarmsOf(called), noticesOf(called)]).toEqual([['nobody-holds deptHead'], ['admin nobody-holds']])
    expect(desk.deadlines.size).toBe(1)
  })

  test('too early it is set right', () => {
    const { desk } = offered()
    expect([eventsOf(desk.run(clock, { type: 'climb' })), desk.deadlines.size]).toEqual([[], 1])
  })

  test('a successor whom the card does not reach is told of to the outgoing lead, once', () => {
    const { desk } = offered()
    const lost = { type: 'reportUnreachable', person: 'lead', duty: 'sign' }
    const first = desk.must(system, lost)
    expect([alarmsOf(first), noticesOf(first)]).toEqual([['unreachable lead'], ['prodLead unreached']])
    expect(noticesOf(desk.must(system, lost))).toEqual([])
  })
})

const who = fc.constantFrom('prodLead', 'lead', 'fitter', 'head', 'welder', 'admin')
const text = fc.constantFrom('', '不符', '名lead', '名fitter', 'lead', 'fitter', 'prodLead')
const move = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('line' as const),
      who: fc.constantFrom('prodLead', 'lead'),
      type: fc.constantFrom('confirm', 'note'),
      line: fc.constantFrom(...lines, '', 'x'),
      note: fc.constantFrom('', '有情况'),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: 'onward' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('words' as const),
      who,
      type: fc.constantFrom('offer', 'sign', 'disagree', 'note'),
      text,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('words' as const), who, type: fc.constant('cancel'), text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: -20, max: 90 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      unreachable: fc.subarray(['prodLead', 'lead', 'fitter', 'head']),
    }),
  },
)

test('whatever comes in whatever order: two different persons sign, and an open handover has its clock and its owner', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const { desk } = started({ plant: twoLeads })
      const signatures: string[] = []
      for (const one of moves) {
        const before = desk.state()
        if (one.kind === 'wait') desk.passes(minutes(one.minutes))
        if (one.kind === 'plant') desk.change({ unreachable: one.unreachable, also: [['fitter', 'teamLead@prod']] })
        if (one.kind === 'lost') desk.must(system, { type: 'reportUnreachable', person: one.who, duty: 'sign' })
        if (one.kind === 'line') desk.run(person(one.who), { type: one.type, line: one.line, note: one.note })
        if (one.kind === 'words') desk.run(person(one.who), { type: one.type, reason: one.text })
        if (one.kind === 'onward') {
          const open = before.lines.find(({ checked: how }) => how === null)
          if (before.status === 'offered') desk.run(person(before.incoming ?? ''), { type: 'sign' })
          else desk.run(out, open ? { type: 'confirm', line: open.id, note: '' } : { type: 'offer', incoming: 'lead' })
        }
        desk.fireDue()
        const { status, incoming, lines: now } = desk.state()
        if (status !== before.status && status === 'signed') signatures.push(incoming ?? '')
        if (status === 'offered' || status === 'signed') expect(now.every(({ checked: how }) => how !== null)).toBe(true)
        if (status === 'offered' || status === 'signed') expect(['lead', 'fitter']).toContain(incoming)
        if (before.endedAt !== null) expect(desk.state()).toEqual(before)
        expect(untrue(desk)).toEqual([])
      }
      expect(signatures.length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 200 },
  )
})

test('a handover goes on under the edition it was opened under; one that this release does not carry stops loudly', () => {
  const { desk } = started()
  expect(ruleOf(desk.state()).id).toBe(desk.state().rule)
  const late = { ...desk.state(), rule: 'handover@0' }
  expect(() => climb(late, {}, factsAt('2027-01-01T00:00:00.000Z', clock))).toThrow('handover@0')
})
