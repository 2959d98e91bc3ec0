import { expect, test } from 'vitest'
import {
  because,
  codeOf,
  commandsOf,
  dutiesOf,
  eventsOf,
  hazardDesk,
  hazardIn,
  noticesOf,
  openRow,
  other,
  otherCode,
  person,
  report,
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
