import { expect, test } from 'vitest'
import { readCode } from '../../src/rules/code.ts'
import { suggestColour } from '../../src/rules/colour-words.ts'
import { decideHazard } from '../../src/workflows/hazard/decide.ts'
import {
  because,
  caseIn,
  createDesk,
  eventsOf,
  fileNamed,
  noticesOf,
  person,
  plantWith,
  refusedPhoto,
  report,
  stored,
  stranger,
  system,
  triage,
} from './hazard-desk.ts'

const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => fileNamed(`fil_many_${from + index}`))
const add = (text: string, files = many(0)) => ({ type: 'addToReport', text, files, place: null })

test('a report opens a case with a code, a receipt to the reporter, and its photos under way', () => {
  const desk = createDesk('hazard')
  const first = desk.must(person('welder'), report())
  expect(readCode(desk.state().code)).toBe(desk.state().code)
  expect(first.decision).toMatchObject({ say: { words: 'reported', values: { code: desk.state().code } } })
  expect(first.effects).toContainEqual({
    kind: 'showCard',
    to: { kind: 'person', person: 'welder' },
    duty: null,
    urgent: false,
    ring: false,
  })
  expect(first.effects.filter(({ kind }) => kind === 'job')).toHaveLength(1)
  expect(desk.state().suggestion).toEqual({ colour: 'orange', area: 'pump-3' })
})

test('nothing at all is no report; words, a photo or a place alone are one', () => {
  const empty = { type: 'report', text: '', files: [], place: null }
  expect(because(createDesk('hazard').run(person('welder'), empty))).toBe('empty-report')
  const place = { lat: 30.72, lng: 121.33, datum: 'gcj02', label: '' }
  for (const some of [
    { ...empty, text: '漏' },
    { ...empty, files: many(1) },
    { ...empty, place },
  ])
    expect(eventsOf(createDesk('hazard').run(person('welder'), some))[0]).toBe('reported')
})

test('a stranger may report, and is answered on the very account', () => {
  const desk = createDesk('hazard')
  const first = desk.must(stranger('passer-by'), report())
  expect(desk.state().reporter).toMatchObject({ person: null, account: { connection: 'c1', account: 'acc-passer-by' } })
  expect(first.effects).toContainEqual({
    kind: 'showCard',
    to: { kind: 'account', connection: 'c1', account: 'acc-passer-by' },
    duty: null,
    urgent: false,
    ring: false,
  })
})

test('a report without a code is a bug of ours, never a refusal that blames the reporter', () => {
  const facts = {
    at: new Date('2026-11-24T02:00:00Z'),
    actor: person('welder'),
    arrival: 'c1/1',
    subject: 'haz_0',
    code: null,
    oneTimeCode: '',
    draw: () => ({ number: '0', epoch: '', commitment: '' }),
    keyed: () => '',
    read: () => [],
    count: () => 0,
    plant: plantWith(),
  }
  expect(() => decideHazard(null, { type: 'report', text: '漏油', files: [], place: null }, facts)).toThrow('without a code')
})

test('words and photos that follow belong to the report, each renewing the window, until it is triaged', () => {
  const desk = createDesk('hazard')
  desk.must(person('welder'), report('漏油了'))
  desk.passes(50_000)
  const more = desk.must(person('welder'), add('在泵房', many(2)))
  expect(more.effects).toContainEqual(
    expect.objectContaining({
      kind: 'expect',
      takes: 'both',
      command: 'addToReport',
      until: new Date('2026-11-24T02:01:50.000Z'),
    }),
  )
  expect(desk.state().texts).toEqual(['漏油了', '在泵房'])
  expect(desk.state().suggestion.area).toBe('pump-3')
  expect(desk.state().files).toHaveLength(3)
  expect(because(desk.run(person('welder'), add('')))).toBe('empty-report')
  desk.must(person('lead'), triage)
  expect([...desk.expected]).toEqual([])
  expect(because(desk.run(person('welder'), add('还有')))).toBe('overtaken')
})

test('the same account adds to its report before and after it is linked to a person', () => {
  const desk = createDesk('hazard')
  desk.must(stranger('welder'), report())
  expect(because(desk.run(person('welder'), add('还有')))).toBe('accepted added')
  expect(because(desk.run(stranger('other'), add('还有')))).toBe('not-your-report')
})

test('a report takes 30 files, says so when there are more, and lets what follows be a report of its own', () => {
  const desk = createDesk('hazard')
  const first = desk.must(person('welder'), report('漏油', many(29)))
  expect(first.decision).toMatchObject({ say: { words: 'reported' } })
  const more = desk.must(person('welder'), add('', many(3, 40)))
  expect(more.decision).toMatchObject({ say: { words: 'added-in-part', values: { most: '30' } } })
  expect(desk.state().files).toHaveLength(30)
  expect(more.effects.filter(({ kind }) => kind === 'job')).toHaveLength(1)
  expect([...desk.expected]).toEqual([])
  const flood = createDesk('hazard')
  const whole = flood.must(person('welder'), report('漏油', many(100)))
  expect(whole.decision).toMatchObject({ say: { words: 'reported-in-part' } })
  expect([flood.state().files.length, whole.effects.filter(({ kind }) => kind === 'job').length]).toEqual([30, 30])
  expect([...flood.expected]).toEqual([])
})

test('a report takes 50 messages; the next one is a report of its own', () => {
  const desk = createDesk('hazard')
  desk.must(person('welder'), report())
  for (let n = 1; n < 50; n += 1) {
    expect([...desk.expected]).toEqual(['addToReport acc-welder'])
    desk.must(person('welder'), add(`第${n}条`))
  }
  expect(desk.state().texts).toHaveLength(50)
  expect([...desk.expected]).toEqual([])
})

test.each([
  ['3号泵房起火了', 'red'],
  ['联锁被旁路', 'red'],
  ['氨气泄漏', 'red'],
  ['3号泵房漏油', 'orange'],
  ['护栏松动', 'orange'],
  ['地面积灰', 'blue'],
  ['阀门手轮掉了', 'yellow'],
  ['', 'yellow'],
])('%s is suggested as %s', (words, colour) => {
  expect(suggestColour(words)).toBe(colour)
})

test('the longest name in the words is the area, and an empty alias is none', () => {
  const plant = plantWith()
  const areas = [
    { id: 'any', name: '泵', aliases: [''], owner: null, team: '' },
    { id: 'pump-3', name: '3号泵房', aliases: ['泵房'], owner: null, team: 'prod' },
  ]
  const areaOf = (text: string) => {
    const desk = createDesk('hazard', { ...plant, areas })
    desk.must(person('welder'), report(text))
    return desk.state().suggestion.area
  }
  expect([areaOf('3号泵房漏油'), areaOf('泵坏了'), areaOf('大门坏了')]).toEqual(['pump-3', 'any', null])
})

test('the result of a photo counts once, and comes too late for nothing: a closed case takes it too', () => {
  for (const status of ['reported', 'closed', 'rejected'] as const) {
    const desk = caseIn(status)
    const before = desk.state().status
    desk.must(system, stored('fil_before0'))
    expect(desk.state().files[0]).toMatchObject({ state: 'stored', thumbnail: 't-fil_before0' })
    expect(desk.state().status).toBe(before)
    expect(because(desk.run(system, stored('fil_before0')))).toBe('file-known')
    expect(because(desk.run(system, refusedPhoto('fil_before0')))).toBe('file-known')
    expect(because(desk.run(system, stored('fil_other00')))).toBe('file-known')
  }
})

test('whoever sent an unreadable photo hears why: the reporter of the first, the owner of the others', () => {
  const desk = caseIn('rectifying')
  expect(noticesOf(desk.must(system, refusedPhoto('fil_before0', 'heic')))).toEqual(['welder photo-heic'])
  expect(noticesOf(desk.must(system, refusedPhoto('fil_after00', 'corrupt')))).toEqual(['fitter photo-corrupt'])
  expect(desk.state().files.map(({ state }) => state)).toEqual(['refused', 'fetching', 'refused'])
})
