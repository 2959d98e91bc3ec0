import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { Effect, FoundRow } from '../../src/workflows/workflow.ts'
import { clock, commandsOf, createDesk, fileNamed, person, plantWith, stranger, system } from './desk.ts'

const alarm = (more: object = {}) => ({
  type: 'raise',
  source: 'alarm:ai-camera',
  device: 'CAM-07',
  name: 'AI 摄像头 CAM-07',
  text: '未戴安全帽',
  area: 'pump-3',
  defaultArea: '',
  colour: 'yellow',
  within: hours(24),
  files: [],
  ...more,
})
const open = (options: Parameters<typeof createDesk>[1] = {}) => createDesk<HazardState>('hazard', options)

/** To whom an effect would send something: a person's id or an account. */
const toldBy = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => {
    if (effect.kind !== 'showCard' && effect.kind !== 'notify') return []
    return [effect.to.kind === 'person' ? effect.to.person : `${effect.to.connection}/${effect.to.account}`]
  })
const triaging = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((one) => (one.kind === 'showCard' && one.duty === 'triage' && one.to.kind === 'person' ? [one.to.person] : []))
const typesOf = ({ decision }: { decision: { kind: string; events?: readonly { type: string }[] } }): readonly string[] =>
  (decision.events ?? []).map(({ type }) => type)

/** A row that another open case of the device has published. */
const row = (change: Partial<FoundRow> = {}): FoundRow => ({
  name: 'device',
  key: 'alarm:ai-camera/CAM-07',
  at: '2026-11-24T01:00:00.000Z',
  weight: 2,
  note: 'YH-SH01-20261124-0007-X',
  subject: 'haz_other',
  ...change,
})

test('an alarm opens a case of the device and asks the lead of its area at once; nobody is answered', () => {
  const desk = open()
  const { effects } = desk.must(system, alarm())
  expect(desk.state()).toMatchObject({
    status: 'reported',
    reporter: { account: { connection: 'alarm:ai-camera', account: 'CAM-07' }, person: null, name: 'AI 摄像头 CAM-07' },
    texts: ['未戴安全帽'],
    team: 'prod',
    suggestion: { colour: 'yellow', area: 'pump-3' },
  })
  expect(toldBy(effects)).toEqual(['prodLead'])
  expect(triaging(effects)).toEqual(['prodLead'])
  expect(desk.deadlines.get('climb')?.at.toISOString()).toBe('2026-11-24T04:00:00.000Z')
  expect(effects.some(({ kind }) => kind === 'expect')).toBe(false)
  expect([...desk.locks]).toEqual(['SH01\ndevice:alarm:ai-camera/CAM-07'])
})

test('its card names the source where another names the reporter', () => {
  const desk = open()
  desk.must(system, alarm())
  const facts = new Map(desk.card('prodLead').facts.map(({ label, value }) => [label, value]))
  expect(facts.get('告警来源')).toBe('AI 摄像头 CAM-07')
  expect(facts.has('上报人')).toBe(false)
  expect(facts.has('告警次数')).toBe(false)
})

test('a red alarm reaches the safety director beside the ladder', () => {
  const { effects } = open().must(system, alarm({ colour: 'red', text: '明火' }))
  expect(triaging(effects)).toEqual(['prodLead'])
  expect(toldBy(effects)).toContain('safetyDirector')
})

test.each([
  ['forced by the mapping, whatever the words say', { colour: 'blue', text: '着火' }, 'blue'],
  ['suggested by the words where the mapping says nothing', { colour: '', text: '着火' }, 'red'],
  ['suggested by the words for a colour that nobody knows', { colour: 'purple', text: '漏油' }, 'orange'],
])('the colour is %s', (_, more, colour) => {
  const desk = open()
  desk.must(system, alarm(more))
  expect(desk.state().suggestion.colour).toBe(colour)
})

test.each([
  ['by its id', { area: 'pump-3' }, 'pump-3', 'prod', ['未戴安全帽']],
  ['by its name', { area: '3号泵房' }, 'pump-3', 'prod', ['未戴安全帽']],
  ['by an alias', { area: '泵房' }, 'pump-3', 'prod', ['未戴安全帽']],
  ['in what the source calls it', { area: '泵房东墙' }, 'pump-3', 'prod', ['未戴安全帽\n泵房东墙']],
  ['in the words', { area: '', text: '泵房未戴安全帽' }, 'pump-3', 'prod', ['泵房未戴安全帽']],
  ['by where the source stands', { area: '北门', defaultArea: 'yard' }, 'yard', 'yard', ['未戴安全帽\n北门']],
  ['nowhere', { area: '北门' }, null, '', ['未戴安全帽\n北门']],
])('the area is found %s', (_, more, area, team, texts) => {
  const desk = open()
  desk.must(system, alarm(more))
  expect(desk.state()).toMatchObject({ suggestion: { area }, team, texts })
})

test('an area that nobody knows goes to the department head at once, and the operators hear of it', () => {
  const { effects } = open().must(system, alarm({ area: '北门' }))
  expect(triaging(effects)).toEqual(['head'])
  expect(effects).toContainEqual(expect.objectContaining({ kind: 'alarm', because: 'nobody-holds' }))
})

test('a later alarm of the same device goes to its open case and opens none', () => {
  const desk = open({ rows: [row()] })
  const result = desk.must(system, alarm())
  expect(typesOf(result)).toEqual([])
  expect(desk.exists()).toBe(false)
  expect(commandsOf(result)).toEqual([
    { kind: 'command', workflow: 'hazard', subject: 'haz_other', key: 'join:c1/1', command: alarm() },
  ])
})

test.each([
  ['another device', row({ key: 'alarm:ai-camera/CAM-08' }), {}],
  ['the same name at another source', row({ key: 'alarm:gas/CAM-07' }), {}],
  ['a case older than the window', row({ at: '2026-11-23T01:59:59.000Z' }), {}],
  ['a less severe case', row({ weight: 2 }), { colour: 'red' }],
])('an alarm does not join %s', (_, standing, more) => {
  const desk = open({ rows: [standing] })
  desk.must(system, alarm(more))
  expect(desk.exists()).toBe(true)
})

test('of several open cases it joins the newest that is severe enough', () => {
  const rows = [
    row({ subject: 'haz_yellow', at: '2026-11-24T01:50:00.000Z' }),
    row({ subject: 'haz_red', weight: 0, at: '2026-11-24T01:00:00.000Z' }),
  ]
  expect(commandsOf(open({ rows }).must(system, alarm({ colour: 'red' })))[0]?.subject).toBe('haz_red')
  expect(commandsOf(open({ rows }).must(system, alarm()))[0]?.subject).toBe('haz_yellow')
})

test('a joined alarm is counted and rings nobody; new words are kept once, without end never', () => {
  const desk = open()
  desk.must(system, alarm())
  const second = desk.must(system, alarm())
  expect(toldBy(second.effects)).toEqual([])
  expect(desk.state()).toMatchObject({ texts: ['未戴安全帽'], alarms: { count: 2, at: '2026-11-24T02:00:00.000Z' } })
  for (let n = 0; n < 60; n += 1) desk.must(system, alarm({ text: `人员 ${n}` }))
  expect(desk.state().alarms?.count).toBe(62)
  expect(desk.state().texts).toHaveLength(20)
  expect(desk.card('prodLead').facts.find(({ label }) => label === '告警次数')?.value).toMatch(/^62 次，最近 /)
})

test('pictures come along, thirty at most', () => {
  const desk = open()
  const first = desk.must(system, alarm({ files: [fileNamed('fil_1')] }))
  expect(first.effects).toContainEqual(expect.objectContaining({ kind: 'job', queue: 'photo', key: 'photo:fil_1' }))
  for (let n = 2; n <= 40; n += 1) desk.must(system, alarm({ files: [fileNamed(`fil_${n}`)] }))
  expect(desk.state().files).toHaveLength(30)
  expect(desk.state().alarms?.count).toBe(40)
  const refused = desk.must(system, { type: 'refusePhoto', file: 'fil_1', because: 'corrupt', original: null })
  expect(toldBy(refused.effects)).toEqual([])
})

test('the row stands while the case is open, as severe as it is taken for', () => {
  const desk = open()
  const rows = () => desk.index().filter(({ name }) => name === 'device')
  desk.must(system, alarm())
  expect(rows()).toMatchObject([{ key: 'alarm:ai-camera/CAM-07', weight: 2, at: '2026-11-24T02:00:00.000Z' }])
  desk.must(person('prodLead'), { type: 'triage', colour: 'orange', area: 'pump-3', owner: 'fitter' })
  expect(rows()).toMatchObject([{ weight: 1 }])
  desk.must(person('prodLead'), { type: 'reject', reason: '误报' })
  expect(rows()).toEqual([])
})

test('an alarm whose case ended on the way, or was graded down, is raised anew', () => {
  const desk = open()
  desk.must(system, alarm({ colour: 'orange' }))
  desk.must(person('prodLead'), { type: 'triage', colour: 'blue', area: 'pump-3', owner: 'fitter' })
  expect(commandsOf(desk.must(system, alarm({ colour: 'orange' })))).toMatchObject([{ subject: null, key: 'raise:c1/3' }])
  desk.must(person('prodLead'), { type: 'reject', reason: '误报' })
  const late = desk.must(system, alarm({ colour: 'blue' }))
  expect(typesOf(late)).toEqual([])
  expect(commandsOf(late)).toEqual([
    { kind: 'command', workflow: 'hazard', subject: null, key: 'raise:c1/5', command: alarm({ colour: 'blue' }) },
  ])
})

test('only the machine raises alarms', () => {
  for (const actor of [person('prodLead'), person('admin'), stranger('passer-by'), clock])
    expect(open().run(actor, alarm()).decision).toMatchObject({ kind: 'refused', because: 'no-such-case' })
})

test('whatever becomes of the case, nothing is ever sent to the device, and nobody is its reporter', () => {
  const people = ['welder', 'prodLead', 'fitter', 'officerA', 'officerB', 'safetyDirector', 'admin', 'head']
  const step = fc.record({
    who: fc.constantFrom(...people),
    what: fc.constantFrom(
      { type: 'accept', colour: 'yellow', area: 'pump-3' },
      { type: 'triage', colour: 'yellow', area: 'pump-3', owner: 'fitter' },
      { type: 'reject', reason: '误报' },
      { type: 'reopen', reason: '又来了' },
      { type: 'startRectify' },
      { type: 'addEvidence', text: '', files: [fileNamed('fil_after')] },
      { type: 'submit' },
      { type: 'pass' },
      { type: 'veto', reason: '没修好' },
      { type: 'addToReport', text: '我也看到了', files: [], place: null },
    ),
    after: fc.constantFrom('alarm', 'refuse', 'time', 'nothing'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const desk = open({ plant: plantWith() })
      desk.must(system, alarm({ files: [fileNamed('fil_before')] }))
      for (const { who, what, after } of steps) {
        desk.run(person(who), what)
        if (after === 'alarm') desk.run(system, alarm())
        if (after === 'refuse') desk.run(system, { type: 'refusePhoto', file: 'fil_before', because: 'heic', original: null })
        if (after === 'time') {
          desk.passes(hours(3))
          desk.fireDue()
        }
      }
      expect(toldBy(desk.effects).filter((to) => to.includes('/'))).toEqual([])
      expect(desk.state().reporter.person).toBeNull()
      expect(desk.run(person('welder'), { type: 'addToReport', text: '我', files: [], place: null }).decision.kind).toBe(
        'refused',
      )
    }),
    { numRuns: 150, seed: 5 },
  )
})
