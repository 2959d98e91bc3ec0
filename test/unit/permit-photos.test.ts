import { expect, test } from 'vitest'
import type { NewFile } from '../../src/workflows/hazard/hazard.ts'
import { person, system } from './desk.ts'
import { createPermitDesk, goOn, type PermitDesk, permitAt } from './permit-desk.ts'

const photo = (id: string, kind: NewFile['kind'] = 'photo'): NewFile => ({
  id,
  kind,
  connection: 'c1',
  ref: { key: id },
  name: null,
})
const isolated = (): PermitDesk => permitAt('measures', { form: { isolations: '出口阀|机械\n进口盲板|工艺\n电机|电气' } })
const because = ({ decision }: ReturnType<PermitDesk['by']>): string =>
  decision.kind === 'refused' ? decision.because : 'accepted'
const stored = (file: string) => ({
  type: 'storePhoto',
  file,
  original: `${file}-o`,
  watermarked: `${file}-w`,
  thumbnail: `${file}-t`,
  exif: {},
})
const photosOf = (desk: PermitDesk) => desk.state().isolations.map((one) => one.photo)

test('photos that a member of the crew sends stand at the point they pressed for, then at those without one, in order', () => {
  const desk = isolated()
  const asked = desk.do('welder', { type: 'photographIsolation', point: 'i2' })
  expect(asked.effects).toMatchObject([{ kind: 'expect', takes: 'photos', command: 'addIsolationPhoto' }])
  const sent = desk.do('welder', {
    type: 'addIsolationPhoto',
    text: '',
    files: [photo('f1'), photo('f2'), photo('f3'), photo('f4')],
  })
  expect(
    sent.effects.map((effect) => effect.kind === 'job' && [effect.queue, effect.payload.workflow, effect.payload.file]),
  ).toEqual([
    ['photo', 'permit', 'f1'],
    ['photo', 'permit', 'f2'],
    ['photo', 'permit', 'f3'],
  ])
  expect(photosOf(desk)).toEqual([null, null, null])
  for (const file of ['f1', 'f2', 'f3']) desk.run(system, stored(file))
  expect(photosOf(desk)).toEqual(['f2-w', 'f1-w', 'f3-w'])
  expect(desk.state().isolations[1]?.picture).toEqual({ original: 'f1-o', watermarked: 'f1-w', thumbnail: 'f1-t' })
  expect(because(desk.run(system, stored('f1')))).toBe('file-known')
})

test('a point is tried only after its photo has come, and a photo that was refused is none', () => {
  const desk = isolated()
  desk.do('welder', { type: 'photographIsolation', point: 'i1' })
  desk.do('welder', { type: 'addIsolationPhoto', text: '', files: [photo('f1')] })
  expect(because(desk.by('welder', { type: 'tryIsolation', point: 'i1' }))).toBe('isolation-photo-first')
  const refused = desk.run(system, { type: 'refusePhoto', file: 'f1', because: 'corrupt', original: null })
  expect(refused.effects).toMatchObject([{ kind: 'notify', words: 'photo-corrupt', to: { person: 'welder' } }])
  expect(because(desk.by('welder', { type: 'tryIsolation', point: 'i1' }))).toBe('isolation-photo-first')
  desk.do('fitter', { type: 'photographIsolation', point: '' })
  desk.do('fitter', { type: 'addIsolationPhoto', text: '', files: [photo('f2')] })
  desk.run(system, stored('f2'))
  desk.do('welder', { type: 'tryIsolation', point: 'i1' })
  expect(desk.state().isolations[0]?.tried?.by).toBe('welder')
})

test('a photo on its way counts for its point: the next one goes to the point after it', () => {
  const desk = isolated()
  desk.do('welder', { type: 'photographIsolation', point: 'i1' })
  desk.do('welder', { type: 'addIsolationPhoto', text: '', files: [photo('f1')] })
  desk.do('welder', { type: 'addIsolationPhoto', text: '', files: [photo('f2')] })
  desk.run(system, stored('f2'))
  desk.run(system, stored('f1'))
  expect(photosOf(desk)).toEqual(['f1-w', 'f2-w', null])
})

test('only the crew, only photos, only while measures are confirmed', () => {
  const desk = isolated()
  expect(because(desk.by('officerA', { type: 'photographIsolation', point: 'i1' }))).toBe('crew-only')
  expect(because(desk.by('officerA', { type: 'addIsolationPhoto', text: '', files: [photo('f1')] }))).toBe('crew-only')
  expect(because(desk.by('welder', { type: 'photographIsolation', point: 'i9' }))).toBe('no-isolation-open')
  expect(because(desk.by('welder', { type: 'addIsolationPhoto', text: '', files: [photo('f1', 'voice')] }))).toBe('photo-only')
  expect(because(desk.by('welder', { type: 'addIsolationPhoto', text: '', files: [] }))).toBe('photo-only')
  expect(because(desk.run(person('welder'), stored('f1')))).not.toBe('accepted')
  const draft = goOn(createPermitDesk(), 'draft', 'draft')
  expect(because(draft.by('welder', { type: 'photographIsolation', point: 'i1' }))).not.toBe('accepted')
})
