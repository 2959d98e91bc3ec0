import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { idFor } from '../../src/lib/id.ts'
import type { NearMissState } from '../../src/workflows/near-miss/near-miss.ts'
import { aliasOf, readReceipt, receiptFor } from '../../src/workflows/near-miss/receipt.ts'
import type { Actor, FoundRow } from '../../src/workflows/workflow.ts'
import {
  accountOf,
  alarmsOf,
  because,
  clock,
  commandsOf,
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

const named = (change: PlantChange = {}, by: Actor = person('welder')) => {
  const desk = createDesk<NearMissState>('near-miss', { plant: plantWith(change) })
  const result = desk.must(by, { type: 'report', text: '未遂 吊物从钩头滑落，无人受伤' })
  return { desk, result }
}
/** Both halves: what the sender's arrival comes to, and the case that the system opens from it. */
const anonymous = (by: Actor = person('welder')) => {
  const door = createDesk('near-miss')
  const said = door.must(by, { type: 'reportAnonymously', text: '匿名未遂 吊物从钩头滑落' })
  const [command] = commandsOf(said)
  const desk = createDesk<NearMissState>('near-miss')
  if (!command) throw new Error('nothing was recorded')
  const result = desk.must(system, command.command)
  const receipt = said.decision.kind === 'accepted' ? (said.decision.say?.values.receipt ?? '') : ''
  return { door, said, command, desk, result, receipt }
}

describe('with a name', () => {
  test('the lead of the team is asked, and the ladder is frozen', () => {
    const { desk, result } = named()
    expect([dutiesOf(result), waitingFor(desk)]).toEqual([['lead reply'], ['lead']])
    expect(desk.state()).toMatchObject({
      status: 'unanswered',
      text: '吊物从钩头滑落，无人受伤',
      team: 'mech',
      alias: null,
      replyBy: '2026-11-26T02:00:00.000Z',
      nextClimb: { role: 'safetyOfficer', at: '2026-11-24T14:00:00.000Z' },
    })
    expect(desk.card('welder')).toMatchObject({ title: '未遂事件已上报', note: '善意上报未遂事件不扣分、不处罚', actions: [] })
  })

  test.each([
    ['未遂 吊物滑落', 'report'],
    ['未遂事件：吊物滑落', 'report'],
    ['匿名未遂 吊物滑落', 'reportAnonymously'],
    ['匿名上报未遂：吊物滑落', 'reportAnonymously'],
    ['匿名', 'reportAnonymously'],
    ['匿名上报 3号泵房漏油', 'reportAnonymously'],
    ['匿名举报：班长让无证焊工动火', 'reportAnonymously'],
    ['匿名隐患，护栏松动', 'reportAnonymously'],
    ['匿名3号泵房漏油', 'reportAnonymously'],
    ['我不想匿名', null],
    ['回执 7KQ2-9MDF-XH4T', 'askReceipt'],
    ['回执7kq29mdfxh4t', 'askReceipt'],
    ['未遂吊物', null],
    ['回执', null],
  ])('«%s» alone is %s', (text, type) => {
    const { commands } = createDesk('near-miss').workflow
    const meant = Object.entries(commands).filter(([, rule]) => rule.spoken?.test(text))
    expect(meant.map(([name]) => name)).toEqual(type === null ? [] : [type])
  })

  test('unanswered it climbs to the safety officers, then to the director, and stays there, ringing', () => {
    const { desk } = named()
    desk.passes(hours(12))
    expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['officerA reply!', 'officerB reply!', 'officerProd reply!'])
    desk.passes(hours(12))
    expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['safetyDirector reply!'])
    desk.passes(hours(12))
    expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['safetyDirector reply!'])
    desk.passes(hours(12))
    desk.fireDue()
    expect(desk.card('safetyDirector')).toMatchObject({ title: '未遂事件逾期未答复', tone: 'danger' })
    desk.must(person('lead'), { type: 'reply', reason: '已更换钩头保险' })
    desk.passes(hours(48))
    expect(desk.fireDue()).toEqual([])
  })

  test('a reply needs words, is given once, reaches the reporter and counts for them', () => {
    const { desk } = named()
    expect(because(desk.must(person('lead'), { type: 'reply', reason: ' ' }))).toBe('accepted reply-words')
    const replied = desk.must(person('lead'), { type: 'reply', reason: ' 已更换钩头保险 ' })
    expect([dutiesOf(replied), desk.deadlines.size, waitingFor(desk), desk.expected.size]).toEqual([['welder answer'], 0, [], 0])
    expect(commandsOf(replied)).toMatchObject([{ workflow: 'points', command: { person: 'welder', kind: 'nearMiss' } }])
    expect(desk.card('welder')).toMatchObject({ title: '未遂事件已答复' })
    expect(desk.card('welder').facts).toContainEqual({ label: '答复', value: '已更换钩头保险' })
    expect(because(desk.run(person('officerA'), { type: 'reply', reason: '再答' }))).toBe('answered-already')
  })

  test('nobody replies to their own, and only who was called or a safety officer replies', () => {
    const { desk } = named({}, person('officerA'))
    expect(because(desk.run(person('officerA'), { type: 'reply', reason: '没事' }))).toBe('not-your-own')
    for (const id of ['worker', 'admin', 'welder', 'director'])
      expect(because(desk.run(person(id), { type: 'reply', reason: 'x' })), id).toBe('not-your-duty')
    expect(because(desk.run(stranger('x'), { type: 'reply', reason: 'x' }))).toBe('link-first')
    desk.must(person('officerB'), { type: 'reply', reason: '已处理' })
  })

  test('a lead’s own report goes past the lead, which is no gap; a team without a lead is one', () => {
    const own = named({}, person('lead'))
    expect([dutiesOf(own.result), alarmsOf(own.result)]).toEqual([
      ['officerA reply!', 'officerB reply!', 'officerProd reply!'],
      [],
    ])
    const gap = named({ unreachable: ['lead'] })
    expect([alarmsOf(gap.result), noticesOf(gap.result)]).toEqual([['nobody-holds teamLead'], ['admin nobody-holds']])
  })

  test('who is not linked reports too, and is answered on the very account', () => {
    const { desk, result } = named({}, stranger('guest'))
    expect(dutiesOf(result)).toEqual(['officerA reply', 'officerB reply', 'officerProd reply'])
    const replied = desk.must(person('officerA'), { type: 'reply', reason: '已处理' })
    expect([dutiesOf(replied), commandsOf(replied)]).toEqual([['acc-guest answer'], []])
  })

  test('without words they are asked for', () => {
    const desk = createDesk<NearMissState>('near-miss')
    expect(because(desk.must(person('welder'), { type: 'report', text: '未遂' }))).toBe('accepted words')
    desk.must(person('welder'), { type: 'report', text: '差点滑倒' })
    expect([desk.state().text, desk.expected.size]).toEqual(['差点滑倒', 0])
  })

  test('when nobody of a rung can be reached the next is called at once, and nobody twice', () => {
    const { desk } = named()
    const lost = { type: 'reportUnreachable', person: 'lead', duty: 'reply' }
    expect(dutiesOf(desk.must(system, lost))).toEqual(['officerA reply!', 'officerB reply!', 'officerProd reply!'])
    for (const id of ['officerA', 'officerB']) expect(dutiesOf(desk.must(system, { ...lost, person: id }))).toEqual([])
    expect(dutiesOf(desk.must(system, { ...lost, person: 'officerProd' }))).toEqual(['safetyDirector reply!'])
    expect(eventsOf(desk.must(system, { ...lost, person: 'safetyDirector' }))).toEqual(['unreached'])
    expect(eventsOf(desk.must(system, { ...lost, person: 'safetyDirector' }))).toEqual([])
  })
})

describe('without a name', () => {
  test('the sender’s arrival writes nothing into any case; the system opens it under an alias', () => {
    const { door, said, command, desk, result } = anonymous()
    expect([eventsOf(said), door.exists(), door.journal()]).toEqual([[], false, []])
    expect(command).toMatchObject({ workflow: 'near-miss', subject: null, command: { type: 'record' } })
    expect(dutiesOf(result)).toEqual(['officerA reply', 'officerB reply', 'officerProd reply'])
    expect(desk.state()).toMatchObject({ reporter: null, team: '', text: '吊物从钩头滑落' })
  })

  test('neither name nor account nor receipt stands in journal, state, index or any card', () => {
    const { command, desk, receipt } = anonymous(person('fitter'))
    desk.must(person('officerA'), { type: 'reply', reason: '已更换' })
    const cards = ['officerA', 'fitter', 'lead', 'head'].map((id) => JSON.stringify(desk.card(id)))
    const written = [
      JSON.stringify(command),
      JSON.stringify(desk.journal()),
      JSON.stringify(desk.state()),
      JSON.stringify(desk.index()),
    ]
    for (const one of [...written, ...cards])
      for (const secret of ['fitter', '名fitter', accountOf('fitter').account, receipt, receipt.replaceAll('-', '')])
        expect(one).not.toContain(secret)
    expect(desk.journal().map(({ actor }) => actor)).toEqual([
      '{"kind":"system"}',
      '{"kind":"system"}',
      expect.stringContaining('officerA'),
    ])
    expect(desk.card('officerA').facts).toContainEqual({ label: '上报人', value: '匿名' })
    expect(desk.effects.some((one) => one.kind === 'showCard' && one.to.kind === 'account')).toBe(false)
  })

  test('the receipt leads to the reply, for whoever has it and however it is typed', () => {
    const { desk, receipt } = anonymous()
    const rows = (): FoundRow[] => desk.index().map((row) => ({ ...row, subject: desk.subject }))
    const ask = (text: string, by: Actor = person('worker')) =>
      createDesk('near-miss', { rows: rows() }).run(by, { type: 'askReceipt', text })
    expect(ask(`回执 ${receipt}`).decision).toMatchObject({
      say: { words: 'receipt-waiting', values: { at: '2026-11-26T02:00:00.000Z' } },
    })
    desk.must(person('officerA'), { type: 'reply', reason: '已更换钩头保险' })
    for (const typed of [receipt, receipt.toLowerCase(), receipt.replaceAll('-', ''), receipt.replaceAll('-', ' ')])
      expect(ask(`回执 ${typed}`, stranger('x')).decision, typed).toMatchObject({
        events: [],
        effects: [],
        say: { words: 'receipt-answered', values: { reply: '已更换钩头保险' } },
      })
    expect(because(ask('回执 0000-0000-0000'))).toBe('receipt-unknown')
    expect(because(ask(`回执 ${desk.state().alias}`))).toBe('receipt-unknown')
  })

  test.each([
    ['匿名举报：班长让无证焊工动火', '班长让无证焊工动火'],
    ['匿名3号泵房漏油', '3号泵房漏油'],
    ['匿名举报箱损坏', '举报箱损坏'],
    ['匿名上报隐患\n护栏松动', '护栏松动'],
  ])('«%s» is recorded as «%s», whatever it is about', (text, recorded) => {
    const said = createDesk('near-miss').must(person('welder'), { type: 'reportAnonymously', text })
    expect(commandsOf(said)).toMatchObject([
      { workflow: 'near-miss', subject: null, command: { type: 'record', text: recorded } },
    ])
  })

  test('without words they are asked for, still without a case', () => {
    const desk = createDesk('near-miss')
    expect(because(desk.must(person('welder'), { type: 'reportAnonymously', text: '匿名未遂' }))).toBe('accepted anonymous-words')
    const said = desk.must(person('welder'), { type: 'reportAnonymously', text: '差点滑倒' })
    expect([desk.expected.size, desk.exists(), commandsOf(said)[0]?.command]).toEqual([
      0,
      false,
      expect.objectContaining({ text: '差点滑倒' }),
    ])
  })

  test('nobody but the system records, and a recorded case is not recorded again', () => {
    const { desk, command } = anonymous()
    expect(because(desk.run(person('welder'), command.command))).toBe('no-such-case')
    expect(because(desk.run(system, command.command))).toBe('open-already')
  })

  test('receipts are told apart, typed freely, and not made from their alias', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        const receipt = receiptFor(one)
        expect(receipt).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
        expect(readReceipt(receipt.toLowerCase().replaceAll('1', 'l').replaceAll('0', 'o'))).toBe(receipt)
        expect(receiptFor(other) === receipt).toBe(one === other)
        expect(aliasOf(receipt)).not.toContain(receipt.replaceAll('-', '').toLowerCase())
      }),
    )
    for (const wrong of ['', '7KQ2-9MDF', '7KQ2-9MDF-XH4U', '7KQ2-9MDF-XH4T-1', '🙂'.repeat(12)])
      expect(readReceipt(wrong), wrong).toBeNull()
  })
})

describe('made a hazard', () => {
  test('by a safety officer, once; the hazard knows the case and no person, and the reply is still owed', () => {
    const { desk } = named()
    expect(because(desk.run(person('lead'), { type: 'convert' }))).toBe('officers-only')
    expect(desk.card('lead').actions.map(({ label }) => label)).toEqual(['答复'])
    expect(desk.card('officerA').actions.map(({ label }) => label)).toEqual(['答复', '转为隐患'])
    const converted = desk.must(person('officerA'), { type: 'convert' })
    const [command] = commandsOf(converted)
    expect(command).toMatchObject({
      workflow: 'hazard',
      subject: null,
      key: `raise:${desk.subject}`,
      command: { type: 'raise', name: desk.state().code },
    })
    expect(JSON.stringify(command)).not.toMatch(/welder|officerA/)
    expect(desk.state().converted?.hazard).toBe(idFor('haz', `raise:${desk.subject}`))
    expect([because(desk.run(person('officerB'), { type: 'convert' })), desk.state().status]).toEqual([
      'converted-already',
      'unanswered',
    ])
    expect(desk.card('officerA').actions.map(({ label }) => label)).toEqual(['答复'])
  })
})

const who = fc.constantFrom('welder', 'lead', 'officerA', 'officerB', 'safetyDirector', 'head', 'admin', 'worker')
const move = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who,
      type: fc.constantFrom('reply', 'convert'),
      text: fc.constantFrom('', '已处理'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: -10, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('early' as const), rung: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lost' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('plant' as const),
      unreachable: fc.subarray(['lead', 'officerA', 'officerB', 'officerProd', 'safetyDirector']),
    }),
  },
)

test('whatever comes in whatever order: one reply, never by the reporter, and until then a clock', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(move, { maxLength: 25 }), (isNamed, moves) => {
      const { desk } = isNamed ? named() : anonymous()
      for (const one of moves) {
        const before = desk.state()
        if (one.kind === 'wait') desk.passes(hours(one.hours))
        if (one.kind === 'plant') desk.change({ unreachable: one.unreachable })
        if (one.kind === 'lost') desk.must(system, { type: 'reportUnreachable', person: one.who, duty: 'reply' })
        if (one.kind === 'early') desk.run(clock, { type: 'climb', rung: one.rung })
        if (one.kind === 'act') desk.run(person(one.who), { type: one.type, reason: one.text })
        desk.fireDue()
        const state = desk.state()
        if (before.reply) expect(state.reply).toEqual(before.reply)
        if (before.converted) expect(state.converted).toEqual(before.converted)
        expect(['welder', 'head', 'admin', 'worker']).not.toContain(state.reply?.by)
        expect(state.called.every(({ persons }) => !isNamed || !persons.includes('welder'))).toBe(true)
        expect(desk.card('officerA').actions.length).toBeLessThanOrEqual(2)
        expect(untrue(desk)).toEqual([])
      }
      expect(commandsOf({ effects: desk.effects }).filter(({ workflow }) => workflow === 'hazard').length).toBe(
        desk.state().converted ? 1 : 0,
      )
    }),
    { numRuns: 200 },
  )
})
