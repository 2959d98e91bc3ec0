import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { criteria, hazardGrades, moreSevere, oneUpFrom } from '../../src/rules/hazard-grades.ts'
import { colours } from '../../src/rules/sla.ts'
import {
  accepts,
  because,
  causes,
  dutiesOf,
  eventsOf,
  hazardDesk,
  hazardIn,
  major,
  person,
  plan,
  plantWith,
  report,
  showsRepair,
  showsReport,
  signature,
  triage,
  waitingFor,
} from './hazard-govern-desk.ts'

const reported = (words?: string) => {
  const desk = hazardDesk()
  desk.must(person('welder'), report(words))
  return desk
}

test('major forces red, whatever colour the form says; red does not make a hazard major', () => {
  for (const { id } of criteria) {
    const desk = reported()
    desk.must(person('lead'), { ...triage, colour: 'blue', severity: id })
    expect(desk.state()).toMatchObject({ status: 'listed_pending', severity: 'major', basis: id, colour: 'red', dueAt: null })
  }
  const red = reported()
  red.must(person('lead'), { ...triage, colour: 'red', severity: 'general' })
  expect(red.state()).toMatchObject({ status: 'triaged', severity: 'general', colour: 'red' })
})

test('a legal grade that is neither general nor one of the criteria is refused, and the refusal names the clause', () => {
  for (const severity of ['major', 'constructor', '重大']) {
    const refused = reported().run(person('lead'), { ...triage, severity })
    expect(refused.decision).toMatchObject({ because: 'choose-severity', clause: { clause: '第三条', edition: '2007' } })
  }
})

test('a bare acceptance is a general hazard; one that people had judged major is listed, not accepted', () => {
  const plain = reported('3号泵房地面积水')
  plain.must(person('lead'), accepts)
  expect(plain.state()).toMatchObject({ status: 'accepted', severity: 'general', colour: 'yellow' })
  const back = reported()
  back.must(person('lead'), major)
  back.must(person('officerA'), { type: 'regrade', severity: 'general', colour: 'orange', reason: '已停用' })
  expect(back.state()).toMatchObject({ status: 'triaged', severity: 'general', colour: 'orange' })
  const again = hazardIn('triaged')
  again.must(person('officerA'), { type: 'regrade', severity: 'order10', colour: '', reason: '无联锁' })
  again.must(person('officerA'), { type: 'regrade', severity: 'general', colour: 'orange', reason: '已恢复' })
  expect(again.state().status).toBe('triaged')
})

test('what was judged major stays so when the case begins anew: listed again by acceptance, made general by those alone who judge it', () => {
  const anew = () => {
    const desk = hazardIn('verified')
    desk.must(person('principal'), { type: 'approve' })
    desk.change({ unreachable: ['fitter'] })
    desk.must(person('welder'), { type: 'reopen', reason: '又漏了' })
    return desk
  }
  expect(anew().state()).toMatchObject({ status: 'reported', severity: 'major', owner: null })
  const general = { ...triage, owner: 'worker', severity: 'general' }
  const refused = anew().run(person('lead'), general)
  expect(refused.decision).toMatchObject({ because: 'still-major', clause: { clause: '第三条' } })
  const judged = anew()
  judged.must(person('officerA'), general)
  expect(judged.state()).toMatchObject({ status: 'triaged', severity: 'general' })
  const taken = anew()
  expect(because(taken.must(person('lead'), accepts))).toBe('accepted triaged-major')
  expect(taken.state()).toMatchObject({ status: 'listed_pending', severity: 'major', basis: 'order10', owner: 'lead' })
})

test('words never lower what people have said: a case that came back keeps its colour as the least', () => {
  const desk = reported('3号泵房地面积水')
  desk.must(person('lead'), { ...triage, colour: 'red' })
  desk.must(person('lead'), { type: 'reject', reason: '误报' })
  desk.must(person('welder'), { type: 'reopen', reason: '还在' })
  desk.must(person('welder'), { type: 'addToReport', text: '地面脏，摆放杂物', files: [], place: null })
  expect(desk.state().suggestion.colour).toBe('red')
})

test('a term may be earlier than the colour gives and never later', () => {
  const soon = reported()
  soon.must(person('lead'), { ...triage, deadline: '1' })
  expect(soon.state().dueAt).toBe('2026-11-25T02:00:00.000Z')
  const usual = reported()
  usual.must(person('lead'), { ...triage, deadline: 'usual' })
  expect(usual.state().dueAt).toBe('2026-11-27T02:00:00.000Z')
  for (const deadline of ['4', '0', '-1', '1.5', 'x', '9999'])
    expect(because(reported().run(person('lead'), { ...triage, deadline })), deadline).toBe('deadline-too-late')
})

const begun = (colour: string, said: object = {}) => {
  const desk = reported('3号泵房地面积水')
  desk.must(person('lead'), { type: 'triage', colour, area: 'pump-3', owner: 'fitter', ...said })
  desk.must(person('fitter'), accepts)
  showsRepair(desk)
  if (colour === 'red') showsReport(desk)
  return desk
}

test('orange and red are not handed in before whoever graded them has said why; yellow and blue are', () => {
  for (const colour of colours) {
    const result = begun(colour).run(person('fitter'), { type: 'submit' })
    const wants = (hazardGrades.causesFor as readonly string[]).includes(colour)
    expect(because(result) === 'causes-missing', colour).toBe(wants)
  }
  const refused = begun('orange').run(person('fitter'), signature)
  expect(refused.decision).toMatchObject({
    because: 'causes-missing',
    values: { missing: '直接原因、间接原因、管控建议', name: '名lead' },
    clause: { clause: '2.3、2.4' },
  })
})

test('the causes are asked of the triager as soon as somebody else has the case, and stand on their list until they are given', () => {
  const desk = reported()
  desk.must(person('lead'), { ...triage, direct: '', indirect: ' ', control: '' })
  expect(eventsOf(desk.must(person('fitter'), accepts))).toContain('accepted')
  const asked = hazardDesk()
  asked.must(person('welder'), report())
  asked.must(person('lead'), { type: 'triage', colour: 'orange', area: 'pump-3', owner: 'fitter' })
  expect(dutiesOf(asked.must(person('fitter'), accepts))).toContain('lead explain')
  expect(waitingFor(asked)).toEqual(['fitter', 'lead'])
  asked.must(person('lead'), { type: 'explain', ...causes })
  expect(waitingFor(asked)).toEqual(['fitter'])
  expect(asked.state().causes).toEqual(causes)
})

test('in chat the causes come line by line, all at once or one at a time, and what is missing is asked for', () => {
  const whole = begun('orange')
  expect(because(whole.must(person('lead'), { type: 'explain' }))).toBe('accepted explain-ask')
  expect([...whole.expected]).toContain('explain acc-lead')
  expect(because(whole.must(person('lead'), { type: 'explain', reason: '密封老化\n点检缺失\n接油盘' }))).toBe(
    'accepted explained',
  )
  expect(whole.state().causes).toEqual({ direct: '密封老化', indirect: '点检缺失', control: '接油盘' })
  expect([...whole.expected].filter((one) => one.startsWith('explain'))).toEqual([])
  const single = begun('orange')
  const first = single.must(person('lead'), { type: 'explain', reason: '密封老化' })
  expect(first.decision).toMatchObject({ say: { words: 'explain-next', values: { missing: '间接原因、管控建议' } } })
  single.must(person('lead'), { type: 'explain', reason: '点检缺失' })
  expect(because(single.must(person('officerA'), { type: 'explain', reason: '接油盘' }))).toBe('accepted explained')
  expect(single.state().causes).toEqual({ direct: '密封老化', indirect: '点检缺失', control: '接油盘' })
  expect(because(single.run(person('lead'), { type: 'explain', reason: '再说一遍' }))).toBe('explained-already')
  expect(because(single.must(person('fitter'), { type: 'submit' }))).toMatch(/^accepted sign/)
})

test('whoever took the case on without a form is told what is still owed', () => {
  const desk = reported()
  expect(because(desk.must(person('lead'), accepts))).toBe('accepted accepted-explain')
  const yellow = reported('3号泵房地面积水')
  expect(because(yellow.must(person('lead'), accepts))).toBe('accepted accepted')
})

test('a grade that is raised brings the term forward, one that is lowered gives no more time', () => {
  const desk = hazardIn('accepted')
  const before = desk.state().dueAt
  desk.must(person('officerA'), { type: 'regrade', colour: 'yellow', reason: '已隔离' })
  expect(desk.state()).toMatchObject({ colour: 'yellow', dueAt: before, status: 'accepted' })
  desk.must(person('officerA'), { type: 'regrade', reason: '红\n有明火作业' })
  expect(desk.state().dueAt).toBe(new Date(desk.now().getTime() + hours(24)).toISOString())
  expect(desk.deadlines.get('due')?.at.toISOString()).toBe(desk.state().dueAt)
})

test('a grade said in chat: colour, general, or major with its criteria; anything else is asked for again', () => {
  const desk = hazardIn('accepted')
  expect(because(desk.must(person('officerA'), { type: 'regrade' }))).toBe('accepted regrade-how')
  for (const words of ['很严重', '重大\n无联锁', '紫\n理由'])
    expect(because(desk.run(person('officerA'), { type: 'regrade', reason: words })), words).toBe('regrade-unread')
  expect(because(desk.run(person('officerA'), { type: 'regrade', reason: '红' }))).toBe('reason-needed')
  expect(because(desk.run(person('officerA'), { type: 'regrade', reason: '橙\n一样' }))).toBe('same-grade')
  desk.must(person('officerA'), { type: 'regrade', reason: '重大 10号令\n未设联锁' })
  expect(desk.state()).toMatchObject({ status: 'listed_pending', severity: 'major', basis: 'order10', colour: 'red' })
})

test('an officer who has the case never lowers its grade', () => {
  const desk = reported()
  desk.must(person('lead'), { ...triage, owner: 'officerA' })
  desk.must(person('officerA'), accepts)
  const lower = desk.run(person('officerA'), { type: 'regrade', colour: 'blue', reason: '没事' })
  expect(lower.decision).toMatchObject({ because: 'separate-duties', clause: { clause: '2.2' } })
  desk.must(person('officerA'), { type: 'regrade', colour: 'red', reason: '比想的严重' })
})

test('the colour above red is red, and of two the more severe is taken', () => {
  expect(colours.map(oneUpFrom)).toEqual(['red', 'red', 'orange', 'yellow'])
  expect([moreSevere('blue', 'orange'), moreSevere('red', 'yellow')]).toEqual(['orange', 'red'])
})

test('nobody gives a case to an administrator, and no administrator takes one: they act in no case', () => {
  const plant = plantWith({ also: [['admin', 'teamLead@mech']] })
  const triaged = hazardIn('reported', { plant })
  expect(because(triaged.run(person('lead'), { ...triage, owner: 'admin' }))).toBe('administrator-owner')
  expect(because(triaged.run(person('admin'), { type: 'accept', colour: '', area: 'pump-3' }))).toBe('administrator-owner')
  const moved = hazardIn('rectifying')
  expect(because(moved.run(person('areaOwner'), { type: 'handOver', owner: 'admin' }))).toBe('administrator-owner')
  const listed = hazardIn('listed')
  expect(because(listed.run(person('fitter'), { ...plan, owner: 'admin' }))).toBe('administrator-owner')
  const options = triaged
    .card('admin')
    .form.flatMap((field) => (field.name === 'owner' && field.kind === 'choice' ? field.options : []))
  expect(options.map(({ value }) => value)).not.toContain('admin')
})
