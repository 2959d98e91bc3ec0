import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { verifierPool } from '../../src/workflows/hazard/people.ts'
import {
  alarmsOf,
  because,
  caseIn,
  type Desk,
  dutiesOf,
  eventsOf,
  evidence,
  noticesOf,
  person,
  plantWith,
  refusedPhoto,
  stored,
  system,
} from './hazard-desk.ts'

const fitter = person('fitter')
const verifierOf = (desk: Desk) => person(desk.state().verifier ?? '')
const startOnly = (): Desk => {
  const desk = caseIn('accepted')
  desk.must(fitter, { type: 'startRectify' })
  return desk
}

test('submitting needs a photo of after: none, a refused one, a voice and a video do not count', () => {
  const desk = startOnly()
  expect(because(desk.run(fitter, { type: 'submit' }))).toBe('photo-needed')
  desk.must(fitter, evidence('fil_voice00', 'voice'))
  desk.must(fitter, evidence('fil_video00', 'video'))
  desk.must(system, stored('fil_video00'))
  expect(because(desk.run(fitter, { type: 'submit' }))).toBe('photo-needed')
  desk.must(fitter, evidence('fil_bad0000'))
  desk.must(system, refusedPhoto('fil_bad0000'))
  expect(because(desk.run(fitter, { type: 'submit' }))).toBe('photo-needed')
  desk.must(fitter, evidence('fil_good000'))
  desk.must(fitter, { type: 'submit' })
})

test('a photo sent as a file counts once it has proved to be a picture', () => {
  const desk = startOnly()
  desk.must(fitter, evidence('fil_file000', 'file'))
  expect(because(desk.run(fitter, { type: 'submit' }))).toBe('photo-needed')
  desk.must(system, stored('fil_file000'))
  desk.must(fitter, { type: 'submit' })
})

test('nothing is no evidence, and 30 files are the most of one round, counted anew after a return', () => {
  const desk = startOnly()
  expect(because(desk.run(fitter, { type: 'addEvidence', text: '', files: [] }))).toBe('photo-needed')
  const flood = Array.from({ length: 31 }, (_, index) => ({
    id: `fil_f${index}`,
    kind: 'photo',
    connection: 'c1',
    ref: {},
    name: null,
  }))
  const part = desk.must(fitter, { type: 'addEvidence', text: '', files: flood })
  expect(part.decision).toMatchObject({ say: { words: 'evidence-in-part', values: { most: '30' } } })
  expect(part.effects.filter(({ kind }) => kind === 'job')).toHaveLength(30)
  desk.must(fitter, { type: 'submit' })
  desk.must(verifierOf(desk), { type: 'veto', reason: '仍在漏' })
  expect(because(desk.must(fitter, evidence('fil_again00')))).toBe('accepted evidence-added')
  desk.must(fitter, { type: 'submit' })
})

test('submitting draws one officer, reachable, of another team, neither owner nor reporter', () => {
  const desk = caseIn('rectifying')
  const submitted = desk.must(fitter, { type: 'submit' })
  expect(eventsOf(submitted)).toEqual(['submitted', 'verifierDrawn'])
  expect(submitted.decision).toMatchObject({ events: [{}, { pool: ['officerA', 'officerB'] }] })
  expect(dutiesOf(submitted)).toEqual([`${desk.state().verifier} verify`])
  expect([...desk.deadlines.keys()]).toEqual(['verify'])
  expect(desk.deadlines.get('verify')?.at).toEqual(new Date(desk.now().getTime() + hours(8)))
  expect([...desk.expected]).toEqual([])
})

test.each([
  ['unreachable officers', { unreachable: ['officerA'] }, ['officerB']],
  ['officers who left', { inactive: ['officerA'] }, ['officerB']],
  ['the reporter', { also: [['welder', 'safetyOfficer@SH01']] }, ['officerA', 'officerB']],
  ['the owner', { also: [['fitter', 'safetyOfficer@SH01']] }, ['officerA', 'officerB']],
  ['people who are not certified', { vacant: ['safetyOfficer@SH01'] }, []],
] as const)('the pool leaves out %s', (_, change, pool) => {
  expect(verifierPool(caseIn('rectifying').state(), plantWith(change))).toEqual(pool)
})

test('an owner who is an officer never verifies, nor does anybody of the same team', () => {
  const state = caseIn('rectifying').state()
  expect(verifierPool({ ...state, owner: 'officerProd' }, plantWith())).toEqual(['officerA', 'officerB'])
  expect(verifierPool({ ...state, owner: 'officerA' }, plantWith())).toEqual(['officerB', 'officerProd'])
})

test('the draw can be repeated, and falls on each of the pool', () => {
  const drawn = new Set<string | null>()
  for (let n = 0; n < 40; n += 1) {
    const desk = caseIn('rectifying')
    for (let wait = 0; wait < n; wait += 1) desk.run(fitter, { type: 'startRectify' })
    desk.must(fitter, { type: 'submit' })
    drawn.add(desk.state().verifier)
  }
  expect([...drawn].sort()).toEqual(['officerA', 'officerB'])
  expect(caseIn('verifying').state().verifier).toBe(caseIn('verifying').state().verifier)
})

test('a verdict that does not come in time is asked of another, and round again when all were asked', () => {
  const desk = caseIn('verifying')
  const seen = [desk.state().verifier]
  for (let n = 0; n < 4; n += 1) {
    desk.passes(hours(8))
    const again = desk.fire('verify')
    expect(dutiesOf(again)).toEqual([`${desk.state().verifier} verify`])
    expect(desk.state().verifier).not.toBe(seen[seen.length - 1])
    seen.push(desk.state().verifier)
  }
  expect(because(desk.run(person(String(seen[seen.length - 2])), { type: 'pass' }))).toBe('not-the-verifier')
})

test('the only officer is asked again, because there is no other', () => {
  const desk = caseIn('rectifying')
  desk.change({ unreachable: ['officerB'] })
  desk.must(fitter, { type: 'submit' })
  desk.passes(hours(8))
  expect(dutiesOf(desk.fire('verify'))).toEqual(['officerA verify'])
})

test('a verifier whom no message reaches is replaced at once; the only one is not rung again until the next draw', () => {
  const desk = caseIn('verifying')
  const lost = String(desk.state().verifier)
  desk.must(system, { type: 'reportUnreachable', person: lost, duty: 'verify' })
  expect(desk.deadlines.get('verify')?.at).toEqual(desk.now())
  desk.fire('verify')
  expect(desk.state().verifier).not.toBe(lost)
  const other = String(desk.state().verifier)
  desk.must(system, { type: 'reportUnreachable', person: other, duty: 'verify' })
  const nobody = desk.fire('verify')
  expect([desk.state().status, desk.state().verifier, dutiesOf(nobody)]).toEqual(['submitted', null, []])
  expect([alarmsOf(nobody), noticesOf(nobody)]).toEqual([['nobody-holds safetyOfficer'], ['admin nobody-holds']])
  desk.passes(hours(8))
  expect(dutiesOf(desk.fire('verify'))).toHaveLength(1)
})

test('with nobody to verify the case waits, is alarmed, and is drawn again when its time comes', () => {
  const desk = caseIn('submitted')
  expect(desk.state().verifier).toBeNull()
  desk.change({})
  desk.passes(hours(8))
  desk.fire('verify')
  expect(desk.state().status).toBe('verifying')
})

test('a pass closes the case, answers the reporter, and leaves no clock running', () => {
  const desk = caseIn('verifying')
  const closed = desk.must(verifierOf(desk), { type: 'pass' })
  expect(dutiesOf(closed)).toEqual(['welder answer'])
  expect([desk.deadlines.size, desk.expected.size, desk.state().closing]).toEqual([0, 0, 'verified'])
})

test('nothing closes without a picture: when the photos turn out to be unreadable, only the return is left', () => {
  const desk = caseIn('verifying')
  desk.must(system, refusedPhoto('fil_after00'))
  expect(because(desk.run(verifierOf(desk), { type: 'pass' }))).toBe('no-proof')
  desk.must(verifierOf(desk), { type: 'veto', reason: '照片打不开' })
})

test('a return asks for its reason, tells the owner, and photos from before it prove nothing any more', () => {
  const desk = caseIn('verifying')
  const asked = desk.must(verifierOf(desk), { type: 'veto', reason: ' ' })
  expect([because(asked), desk.state().status, [...desk.expected].length]).toEqual(['accepted veto-reason', 'verifying', 1])
  const vetoed = desk.must(verifierOf(desk), { type: 'veto', reason: ' 仍在漏 ' })
  expect(dutiesOf(vetoed)).toEqual(['fitter rectify'])
  expect(desk.state()).toMatchObject({ status: 'rectifying', verifier: null, returned: [{ reason: '仍在漏' }] })
  expect([[...desk.deadlines.keys()], [...desk.expected]]).toEqual([['due'], []])
  expect(desk.deadlines.get('due')?.at.toISOString()).toBe(desk.state().dueAt)
  expect(because(desk.run(fitter, { type: 'submit' }))).toBe('photo-needed')
})

test('a late return gives the owner 24 h before the next overdue call', () => {
  const desk = caseIn('verifying')
  desk.passes(hours(200))
  desk.must(verifierOf(desk), { type: 'veto', reason: '仍在漏' })
  expect(desk.deadlines.get('due')?.at).toEqual(new Date(desk.now().getTime() + hours(24)))
  desk.passes(hours(24))
  expect(dutiesOf(desk.fire('due'))).toEqual(['fitter overdue', 'head overdue!'])
})

test('a redraw takes the question for a reason back from the one who was asked', () => {
  const desk = caseIn('verifying')
  desk.must(verifierOf(desk), { type: 'veto', reason: '' })
  desk.passes(hours(8))
  desk.fire('verify')
  expect([...desk.expected]).toEqual([])
})

test('a closed case that comes back gives its owner the full time again, and the old photos prove nothing', () => {
  const desk = caseIn('verifying')
  desk.must(verifierOf(desk), { type: 'veto', reason: '仍在漏' })
  desk.passes(hours(90))
  desk.fire('due')
  desk.must(fitter, evidence('fil_second0'))
  desk.must(fitter, { type: 'submit' })
  desk.must(verifierOf(desk), { type: 'pass' })
  desk.passes(hours(1))
  expect(because(desk.must(person('welder'), { type: 'reopen', reason: '' }))).toBe('accepted reopen-reason')
  const back = desk.must(person('welder'), { type: 'reopen', reason: '又漏了' })
  expect(dutiesOf(back)).toEqual(['fitter rectify'])
  const dueAt = new Date(desk.now().getTime() + hours(72)).toISOString()
  expect(desk.state()).toMatchObject({ status: 'rectifying', overdue: 0, dueAt, closedAt: null, verifier: null, appealed: false })
  expect(desk.deadlines.get('due')?.at.toISOString()).toBe(dueAt)
  expect(because(desk.run(fitter, { type: 'submit' }))).toBe('photo-needed')
})

test('a closed case whose owner has left starts its ladder anew', () => {
  const desk = caseIn('closed')
  desk.change({ inactive: ['fitter'] })
  const back = desk.must(person('officerA'), { type: 'reopen', reason: '抽查不合格' })
  expect(dutiesOf(back)).toEqual(['lead triage'])
  expect(desk.state()).toMatchObject({ status: 'reported', owner: null, suggestion: { colour: 'orange', area: 'pump-3' } })
  expect([...desk.deadlines.keys()]).toEqual(['climb'])
})

test('photos belong to the round they were sent in, whatever the clock says', () => {
  const desk = caseIn('verifying')
  desk.must(verifierOf(desk), { type: 'veto', reason: '仍在漏' })
  desk.passes(-hours(1))
  desk.must(fitter, evidence('fil_second0'))
  desk.must(fitter, { type: 'submit' })
})
