import { expect, test } from 'vitest'
import {
  because,
  codeOf,
  commandsOf,
  dutiesOf,
  eventsOf,
  hazardDesk,
  hazardIn,
  judged,
  noticesOf,
  openRow,
  other,
  otherCode,
  person,
  report,
  signature,
  system,
} from './hazard-govern-desk.ts'

const merges = (reason: string, into = '') => ({ type: 'merge', into, reason })

test('a case ends in the other one, with a reason; its reporter is told, and so is the other’s', () => {
  const desk = hazardIn('reported')
  const merged = desk.must(person('lead'), merges('同一处漏油', otherCode))
  expect(desk.state()).toMatchObject({ status: 'merged', merged: { into: other, code: otherCode }, closing: '同一处漏油' })
  expect(dutiesOf(merged)).toEqual(['welder answer'])
  expect(commandsOf(merged)).toMatchObject([
    { workflow: 'hazard', subject: other, command: { type: 'absorb', from: desk.subject, code: desk.state().code } },
  ])
  expect([...desk.deadlines.keys()]).toEqual([])
  const target = hazardIn('rectifying')
  const absorbed = target.must(system, { type: 'absorb', from: 'haz_9', code: codeOf(9), text: '也在漏' })
  expect(noticesOf(absorbed)).toEqual(['welder absorbed'])
  expect(target.state()).toMatchObject({ absorbed: [codeOf(9)], status: 'rectifying' })
  expect(target.state().texts).toContain('也在漏')
  expect(because(target.run(system, { type: 'absorb', from: 'haz_9', code: codeOf(9), text: '' }))).toBe('absorbed-already')
})

test('in chat the other case is named by its code or its short number, with the reason behind it', () => {
  const asks = hazardIn('reported')
  expect(because(asks.must(person('lead'), merges('')))).toBe('accepted merge-how')
  expect([...asks.expected]).toContain('merge acc-lead')
  for (const words of [`${otherCode} 同一处漏油`, '1124-0002 同一处漏油', '并入 1124-0002，同一处漏油']) {
    const desk = hazardIn('reported')
    desk.must(person('lead'), merges(words))
    expect(desk.state(), words).toMatchObject({ status: 'merged', merged: { code: otherCode }, closing: '同一处漏油' })
  }
})

test('a short number of a day that has not been yet is one of last year', () => {
  const old = codeOf(7, '20251231')
  const desk = hazardDesk({ rows: [openRow(old)] })
  desk.must(person('welder'), report())
  desk.must(person('lead'), merges('1231-0007 同一处'))
  expect(desk.state().merged?.code).toBe(old)
})

test('never without a reason, into itself, or into what is not open', () => {
  const desk = hazardIn('reported')
  for (const [command, why] of [
    [merges(otherCode), 'merge-incomplete'],
    [merges('同一处漏油'), 'merge-incomplete'],
    [merges('同一处', desk.state().code), 'merge-self'],
    [merges('同一处', codeOf(3)), 'merge-target'],
    [merges('同一处', 'YH-SH01-20261124-0002-X'), 'merge-incomplete'],
  ] as const)
    expect(because(desk.run(person('lead'), command)), JSON.stringify(command)).toBe(why)
  expect([...desk.locks]).toContain('SH01\nmerge')
})

test('a case whose target had ended comes back, so that nothing is lost between the two', () => {
  const ended = hazardIn('closed')
  const sent = ended.must(system, { type: 'absorb', from: 'haz_9', code: codeOf(9), text: '' })
  expect(commandsOf(sent)).toMatchObject([
    { workflow: 'hazard', subject: 'haz_9', command: { type: 'comeBack', code: ended.state().code } },
  ])
  const desk = hazardIn('merged')
  expect(because(desk.run(system, { type: 'comeBack', code: codeOf(5) }))).toBe('not-now')
  const back = desk.must(system, { type: 'comeBack', code: otherCode })
  expect(eventsOf(back)).toEqual(expect.arrayContaining(['reopened', 'called']))
  expect(dutiesOf(back)).toContain('lead triage')
  expect(desk.state()).toMatchObject({ status: 'reported', closedAt: null })
  expect(desk.state().merged).toBeUndefined()
})

test('a reporter whose report was merged may bring it back once', () => {
  const desk = hazardIn('merged')
  desk.must(person('welder'), { type: 'reopen', reason: '不是同一处' })
  expect(desk.state()).toMatchObject({ status: 'reported', appealed: true })
  desk.must(person('lead'), merges('同一处', otherCode))
  expect(because(desk.run(person('welder'), { type: 'reopen', reason: '不是' }))).toBe('appealed-already')
})

const rejected = { type: 'reject', reason: '已在检修计划内' }

test('whoever reported a merged case is answered when the other one closes, and reads how on the card', () => {
  const target = hazardIn('rectifying')
  target.must(system, { type: 'absorb', from: 'haz_9', code: codeOf(9), text: '也在漏' })
  target.must(system, { type: 'absorb', from: 'haz_8', code: codeOf(8), text: '' })
  target.must(person('fitter'), signature)
  const [, end] = judged(target)
  if (!end) throw new Error('no verdict')
  const { code, closedAt } = target.state()
  const told = commandsOf(end).filter(({ workflow }) => workflow === 'hazard')
  expect(told.map(({ subject }) => subject)).toEqual(['haz_9', 'haz_8'])
  expect(new Set(told.map(({ key }) => key)).size).toBe(2)
  expect(told[0]?.command).toEqual({ type: 'tellResult', code, ending: 'closed', reason: '', at: closedAt })

  const desk = hazardIn('merged')
  const hears = { type: 'tellResult', code: otherCode, ending: 'closed', reason: '', at: '2026-11-24T09:00:00.000Z' }
  expect(because(desk.run(system, { ...hears, code: codeOf(5) }))).toBe('not-now')
  const answered = desk.must(system, hears)
  expect([eventsOf(answered), dutiesOf(answered)]).toEqual([['resultTold'], ['welder answer']])
  const card = desk.card('welder')
  expect([card.title, card.tone]).toEqual(['上报的隐患已关闭', 'success'])
  expect(card.facts).toContainEqual({ label: '并案结果', value: '17:00 验收通过，已关闭' })
  expect(desk.deadlines.size).toBe(0)
})

test('the end reaches cases that were merged before their case was merged itself; a rejection says why; ending in another case tells nobody yet', () => {
  const middle = hazardIn('reported')
  middle.must(system, { type: 'absorb', from: 'haz_7', code: codeOf(7), text: '' })
  const merged = middle.must(person('lead'), merges('同一处', otherCode))
  expect(commandsOf(merged).map(({ command }) => command.type)).toEqual(['absorb'])
  const hears = { type: 'tellResult', code: otherCode, ending: 'rejected', reason: '误报', at: '2026-11-24T09:00:00.000Z' }
  const passed = middle.must(system, hears)
  expect(commandsOf(passed)).toMatchObject([{ subject: 'haz_7', command: { ...hears, code: middle.state().code } }])
  expect(middle.card('welder')).toMatchObject({ title: '上报未受理' })
  expect(middle.card('welder').facts).toContainEqual({ label: '并案结果', value: '17:00 判定不是隐患：误报' })

  const last = hazardIn('reported')
  last.must(system, { type: 'absorb', from: 'haz_6', code: codeOf(6), text: '' })
  expect(commandsOf(last.must(person('lead'), rejected))).toMatchObject([
    { subject: 'haz_6', command: { type: 'tellResult', ending: 'rejected', reason: '已在检修计划内' } },
  ])
})

test('a case that came back goes its own way: what the other one comes to is not its end', () => {
  const desk = hazardIn('merged')
  desk.must(person('welder'), { type: 'reopen', reason: '不是同一处' })
  const hears = { type: 'tellResult', code: otherCode, ending: 'closed', reason: '', at: '2026-11-24T09:00:00.000Z' }
  expect(because(desk.run(system, hears))).toBe('not-now')
})
