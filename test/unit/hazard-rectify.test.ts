import { expect, test } from 'vitest'
import { hazardText } from '../../src/cards/text/hazard.ts'
import { evidenceFor, hazardEvidence } from '../../src/rules/evidence.ts'
import { confirmRepair } from '../../src/workflows/hazard/submit.ts'
import type { Facts } from '../../src/workflows/workflow.ts'
import {
  because,
  begun,
  createHall,
  dutiesOf,
  eventsOf,
  evidence,
  fileNamed,
  fitter,
  type Hall,
  person,
  type plantWith,
  refusedPhoto,
  report,
  signs,
  system,
  triage,
  wide,
} from './verdict-desk.ts'

const submit = { type: 'submit' }
const missingOf = (hall: Hall, who = fitter): string => {
  const { decision } = hall.run(who, submit)
  return decision.kind === 'refused' ? `${decision.because} ${decision.values.missing ?? ''}` : `accepted ${decision.say?.words}`
}
const sends = (hall: Hall, what: 'startRectify' | 'showDuring' | 'showReport', id: string, kind: 'photo' | 'file' = 'photo') => {
  hall.must(fitter, { type: what })
  return hall.must(fitter, evidence(id, kind))
}
/** The colours of the table with what each still lacks after the photo of after. */
test.each([
  ['red', '整改中照片、检测报告'],
  ['orange', '整改中照片'],
] as const)('%s is refused with exactly what is missing, until nothing is', (colour, missing) => {
  const hall = begun({ colour })
  expect(missingOf(hall)).toBe(`evidence-missing ${missing.replace('整改中照片', '整改中照片、整改后照片')}`)
  sends(hall, 'startRectify', 'fil_after0')
  expect(missingOf(hall)).toBe(`evidence-missing ${missing}`)
  const refused = hall.run(fitter, submit).decision
  expect(refused).toMatchObject({ values: { section: '2.6' }, clause: { clause: '2.6', edition: hazardEvidence.id } })
  sends(hall, 'showDuring', 'fil_during0')
  if (colour === 'red') {
    expect(missingOf(hall)).toBe('evidence-missing 检测报告')
    sends(hall, 'showReport', 'fil_report0', 'file')
  }
  expect(because(hall.run(fitter, submit))).toMatch(/^accepted sign-/)
  expect(hall.state().status).toBe('rectifying')
})

test.each(['yellow', 'blue'] as const)(
  '%s needs no photo of the repair under way, unless the hazard is a repeated one',
  (colour) => {
    const hall = begun({ colour })
    sends(hall, 'startRectify', 'fil_after0')
    const state = hall.state()
    expect(evidenceFor(state).during).not.toBe('must')
    expect(evidenceFor({ ...state, repeat: { count: 3 } } as Parameters<typeof evidenceFor>[0]).during).toBe('must')
    expect(evidenceFor({ ...state, severity: 'major' })).toEqual(hazardEvidence.grades.major)
    expect(missingOf(hall)).toBe(colour === 'blue' ? 'accepted submitted' : 'accepted sign-words')
  },
)

test('blue is signed by the press, every other grade by the words of the rectifier', () => {
  const hall = begun({ colour: 'blue' })
  sends(hall, 'startRectify', 'fil_after0')
  expect(eventsOf(hall.must(fitter, submit))).toEqual(['signed', 'submitted', 'verifiersDrawn'])
  expect(hall.state().signed).toMatchObject([{ item: 'signature', person: 'fitter', words: '', level: 'L0' }])

  const yellow = begun({ colour: 'yellow' })
  sends(yellow, 'startRectify', 'fil_after0')
  expect(because(yellow.must(fitter, submit))).toBe('accepted sign-words')
  for (const words of ['', '确认', '我不确认', '好的'])
    expect(because(yellow.must(fitter, { type: 'sign', reason: words })), words).toBe('accepted sign-again')
  expect(yellow.state().status).toBe('rectifying')
  expect(eventsOf(yellow.must(fitter, { type: 'sign', reason: ' 本人确认，已更换垫片 ' }))).toEqual([
    'signed',
    'submitted',
    'verifiersDrawn',
  ])
  expect(yellow.state().signed?.[0]?.words).toBe('本人确认，已更换垫片')
})

test('a signature covers the evidence as it was: what is added afterwards wants a new one', () => {
  const hall = begun({ colour: 'red' })
  sends(hall, 'startRectify', 'fil_after0')
  sends(hall, 'showDuring', 'fil_during0')
  sends(hall, 'showReport', 'fil_report0', 'file')
  signs(hall)
  const first = hall.state().signed?.[0]?.covers
  expect(because(hall.run(fitter, submit))).toBe('area-signs-first')
  sends(hall, 'startRectify', 'fil_after1')
  expect([hall.state().signed, hall.state().confirming]).toEqual([[], []])
  expect(because(hall.run(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' }))).toBe('overtaken')
  signs(hall)
  expect(hall.state().signed?.[0]?.covers).not.toBe(first)
})

const readyRed = (change: Parameters<typeof plantWith>[0] = {}, owner = 'fitter'): Hall => {
  const hall = begun({ colour: 'red', owner, plant: wide(change) })
  const who = person(owner)
  for (const [what, id] of [
    ['startRectify', 'fil_after0'],
    ['showDuring', 'fil_during0'],
    ['showReport', 'fil_report0'],
  ] as const) {
    hall.must(who, { type: what })
    hall.must(who, evidence(id))
  }
  return hall
}

test('red waits for whoever owns the area, who confirms in their own words, and is handed in with that', () => {
  const hall = readyRed()
  const signed = signs(hall)
  expect([eventsOf(signed), dutiesOf(signed), because(signed)]).toEqual([
    ['signed'],
    ['areaOwner confirmRepair'],
    'accepted awaits-area',
  ])
  expect(hall.state().status).toBe('rectifying')
  for (const who of ['fitter', 'worker', 'lead', 'officerA'])
    expect(because(hall.run(person(who), { type: 'confirmRepair', reason: '本人确认' })), who).toBe('not-the-area')
  const owner = person('areaOwner')
  expect(because(hall.must(owner, { type: 'confirmRepair', reason: '' }))).toBe('accepted confirm-words')
  expect(because(hall.must(owner, { type: 'confirmRepair', reason: '没问题' }))).toBe('accepted sign-again')
  expect(eventsOf(hall.must(owner, { type: 'confirmRepair', reason: '本人确认' }))).toEqual([
    'signed',
    'submitted',
    'verifiersDrawn',
  ])
  expect(hall.state().signed?.map(({ item, person: by }) => `${item} ${by}`)).toEqual([
    'signature fitter',
    'areaSignature areaOwner',
  ])
  expect(hall.state().last).toMatchObject({ act: 'submit', by: 'fitter' })
})

test('an owner of the area who is out of reach, or who is the rectifier, is replaced by the head of the department', () => {
  expect(dutiesOf(signs(readyRed({ unreachable: ['areaOwner'] })))).toEqual(['head confirmRepair'])
  const own = readyRed({}, 'areaOwner')
  expect(dutiesOf(own.must(person('areaOwner'), { type: 'sign', reason: '本人确认' }))).toEqual(['head confirmRepair'])
  expect(because(own.run(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' }))).toBe('not-the-area')
  own.must(person('head'), { type: 'confirmRepair', reason: '本人确认' })
  expect(own.state().status).toBe('verifying')
  const nobody = readyRed({ unreachable: ['areaOwner', 'head'] })
  expect(because(nobody.run(fitter, { type: 'sign', reason: '本人确认' }))).toBe('nobody-to-confirm')
  const lost = readyRed()
  signs(lost)
  expect(dutiesOf(lost.must(system, { type: 'reportUnreachable', person: 'areaOwner', duty: 'confirmRepair' }))).toEqual([
    'head confirmRepair!',
  ])
})

test('what turns out unreadable between the two signatures keeps the case from being handed in', () => {
  const hall = readyRed()
  signs(hall)
  hall.must(system, refusedPhoto('fil_after0'))
  expect(hall.run(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' }).decision).toMatchObject({
    because: 'evidence-missing',
    values: { missing: '整改后照片' },
  })
})

test('the rectifier never gives the second signature, whatever the case says of who may', () => {
  const hall = readyRed()
  signs(hall)
  const state = { ...hall.state(), confirming: ['fitter', 'head'] }
  const facts = { actor: fitter, plant: hall.plant(), at: hall.now() } as unknown as Facts
  expect(confirmRepair(state, { type: 'confirmRepair', reason: '本人确认' }, facts)).toMatchObject({ because: 'not-the-area' })
})

test('while nothing shows the hazard as it was, that is asked for first', () => {
  const hall = createHall()
  hall.must(person('welder'), report('3号泵房漏油', []))
  hall.must(person('lead'), { ...triage, colour: 'yellow' })
  hall.must(fitter, { type: 'accept', colour: '', area: '' })
  expect(because(hall.must(fitter, { type: 'startRectify' }))).toBe('accepted send-before')
  expect(because(hall.must(fitter, evidence('fil_b0')))).toBe('accepted before-added')
  expect(because(hall.must(fitter, { type: 'startRectify' }))).toBe('accepted send-photos')
  hall.must(fitter, evidence('fil_a0'))
  expect(hall.state().files.map(({ id, stage }) => `${id} ${stage}`)).toEqual(['fil_b0 before', 'fil_a0 after'])
  expect(missingOf(hall)).toBe('accepted sign-words')
})

test('a photo that turns out unreadable proves nothing, of whatever stage', () => {
  const hall = begun()
  sends(hall, 'startRectify', 'fil_after0')
  sends(hall, 'showDuring', 'fil_during0')
  for (const id of ['fil_before0', 'fil_during0', 'fil_after0']) hall.must(system, refusedPhoto(id))
  expect(missingOf(hall)).toBe('evidence-missing 整改前照片、整改中照片、整改后照片')
})

test('a document is a test report and nothing else: kept as it came; a broken picture, a voice or a lost file is none', () => {
  const hall = begun({ colour: 'red' })
  sends(hall, 'startRectify', 'fil_after0')
  sends(hall, 'showDuring', 'fil_during0')
  sends(hall, 'showReport', 'fil_report0', 'file')
  const refused = (because: string, original: string | null) => ({ type: 'refusePhoto', file: 'fil_report0', because, original })
  expect(eventsOf(hall.must(system, refused('not-an-image', 'o-report')))).toEqual(['fileKept'])
  expect(hall.state().files.find(({ id }) => id === 'fil_report0')).toMatchObject({ state: 'stored', original: 'o-report' })
  expect(missingOf(hall)).toBe('accepted sign-words')
  for (const [why, original] of [
    ['corrupt', 'o'],
    ['unavailable', null],
    ['too-large', null],
  ] as const) {
    const other = begun({ colour: 'red' })
    sends(other, 'showReport', 'fil_report0', 'file')
    expect(eventsOf(other.must(system, refused(why, original))), why).toEqual(['photoRefused'])
    expect(missingOf(other), why).toContain('检测报告')
  }
  const after = begun()
  sends(after, 'startRectify', 'fil_report0', 'file')
  expect(eventsOf(after.must(system, refused('not-an-image', 'o-report')))).toEqual(['photoRefused'])
})

test('nothing is no evidence; 30 files are the most of one round, photos of before counted by themselves', () => {
  const hall = begun()
  expect(because(hall.run(fitter, { type: 'addEvidence', text: '', files: [] }))).toBe('photo-needed')
  const flood = Array.from({ length: 31 }, (_, index) => fileNamed(`fil_f${index}`))
  const part = hall.must(fitter, { type: 'addEvidence', text: '', files: flood })
  expect(part.decision).toMatchObject({ say: { words: 'evidence-in-part', values: { most: '30' } } })
  expect(part.effects.filter(({ kind }) => kind === 'job')).toHaveLength(30)
  hall.must(fitter, { type: 'showDuring' })
  expect(because(hall.must(fitter, evidence('fil_more')))).toBe('accepted evidence-in-part')
})

test('only the owner sends, chooses the stage, submits and signs', () => {
  const hall = begun()
  for (const command of [{ type: 'showDuring' }, { type: 'showReport' }, submit, { type: 'sign', reason: '本人确认' }])
    for (const who of ['lead', 'welder', 'officerA', 'areaOwner', 'admin'])
      expect(because(hall.run(person(who), command)), `${command.type} ${who}`).toBe('not-the-owner')
})

test('a case of the first release keeps its evidence: a photo of after, and no words', () => {
  const hall = begun()
  const { evidence: _, ...old } = hall.state()
  expect(evidenceFor(old)).toMatchObject({ before: 'none', during: 'none', after: 'must', signature: 'none' })
  expect(() => evidenceFor({ ...old, evidence: 'hazard-evidence@9' })).toThrow('unknown evidence rules')
  expect(Object.keys(hazardText.refusals)).toContain('evidence-missing')
})
