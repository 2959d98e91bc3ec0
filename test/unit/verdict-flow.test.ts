import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import {
  because,
  begun,
  clock,
  developed,
  dutiesOf,
  eventsOf,
  fitter,
  type Hall,
  hazardId,
  person,
  refusedPhoto,
  shown,
  signs,
  system,
  underVerification,
  wide,
} from './verdict-desk.ts'

const ready = (hall = underVerification()): Hall => {
  for (const file of ['fil_before0', 'fil_during0', 'fil_after0']) developed(hall, file)
  return hall
}
const says = (hall: Hall, seat: 'A' | 'B', command: { readonly type: string; readonly reason?: string }) => {
  const { who, task } = hall.judge(seat)
  const result = hall.run(who, command, task)
  hall.delivers()
  return result
}

test('two verifiers have a task each, by direct message, with a clock of its own', () => {
  const hall = underVerification()
  const seats = hall.state().seats ?? []
  expect(new Set(seats.map(({ verifier }) => verifier)).size).toBe(2)
  for (const { verifier, verdict } of seats) {
    const cards = hall.sent.filter(({ subject, effect }) => subject === verdict && effect.kind === 'showCard')
    expect(cards.map(({ effect }) => (effect.kind === 'showCard' ? effect.to : null))).toEqual([
      { kind: 'person', person: verifier },
    ])
    expect(hall.clocks(String(verdict))).toEqual(['verdict 2026-11-24T10:00:00.000Z'])
  }
  expect(hall.sent.filter(({ effect }) => effect.kind === 'showCard' && effect.duty === 'verify')).toHaveLength(2)
})

test.each([
  ['red', 8],
  ['orange', 8],
  ['yellow', 24],
  ['blue', 24],
] as const)('%s waits %i h for a verdict', (colour, limit) => {
  const hall = shown(begun({ colour }))
  if (colour === 'blue') hall.must(fitter, { type: 'submit' })
  else if (colour === 'red') {
    hall.must(fitter, { type: 'showReport' })
    hall.must(fitter, {
      type: 'addEvidence',
      text: '',
      files: [{ id: 'r', kind: 'file', connection: 'c1', ref: {}, name: null }],
    })
    signs(hall)
    hall.must(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' })
  } else signs(hall)
  hall.delivers()
  expect(hall.seat('A')?.dueAt).toBe(new Date(hall.now().getTime() + hours(limit)).toISOString())
})

test('both pass: closed, once; a later press changes nothing', () => {
  const hall = ready()
  expect(because(says(hall, 'A', { type: 'pass' }))).toBe('accepted passed')
  expect(hall.state().status).toBe('verifying')
  says(hall, 'B', { type: 'pass' })
  expect(hall.state().status).toBe('closed')
  expect(because(says(hall, 'A', { type: 'veto', reason: '反悔' }))).toBe('verdict-over')
  expect(hall.verdicts().map(([id]) => hall.clocks(id))).toEqual([[], []])
})

test('one return, with its reason and without names, returns the case and takes the other task back', () => {
  const hall = ready()
  expect(because(says(hall, 'B', { type: 'veto', reason: ' ' }))).toBe('accepted veto-reason')
  expect(hall.state().status).toBe('verifying')
  says(hall, 'B', { type: 'veto', reason: '名fitter 没有更换垫片' })
  expect(hall.state()).toMatchObject({ status: 'rectifying', returned: [{ by: '', reason: '＊＊ 没有更换垫片' }] })
  expect(hall.verdict(hall.judge('A').task).status).toBe('withdrawn')
  expect(because(says(hall, 'A', { type: 'pass' }))).toBe('verdict-over')
  expect(hall.state().status).toBe('rectifying')
})

test('a pass and a return that cross each other come to a return', () => {
  const hall = ready()
  const [a, b] = [hall.judge('A'), hall.judge('B')]
  hall.must(a.who, { type: 'veto', reason: '仍在漏' }, a.task)
  hall.must(b.who, { type: 'pass' }, b.task)
  hall.delivers()
  expect(hall.state().status).toBe('rectifying')
  const other = ready()
  const [c, d] = [other.judge('A'), other.judge('B')]
  other.must(c.who, { type: 'pass' }, c.task)
  other.must(d.who, { type: 'veto', reason: '仍在漏' }, d.task)
  other.delivers()
  expect(other.state().status).toBe('rectifying')
})

test('nobody passes, returns or declares for somebody else: not the other verifier, the owner, the reporter, an administrator', () => {
  const hall = ready()
  const { task } = hall.judge('A')
  for (const who of [hall.judge('B').who, fitter, person('welder'), person('lead'), person('admin'), person('safetyDirector')])
    for (const command of [{ type: 'pass' }, { type: 'veto', reason: '仍在漏' }, { type: 'declare' }])
      expect(because(hall.run(who, command, task))).toBe('not-the-verifier')
  expect(because(hall.run({ ...fitter, kind: 'stranger' } as typeof fitter, { type: 'pass' }, task))).toBe('link-first')
})

test('what cannot be seen cannot be passed: no picture yet, none at all', () => {
  const hall = underVerification()
  expect(because(says(hall, 'A', { type: 'pass' }))).toBe('pictures-coming')
  developed(hall, 'fil_before0')
  developed(hall, 'fil_during0')
  expect(because(says(hall, 'A', { type: 'pass' }))).toBe('pictures-coming')
  hall.must(system, refusedPhoto('fil_after0'))
  hall.delivers()
  expect(because(says(hall, 'A', { type: 'pass' }))).toBe('no-proof')
  expect(because(says(hall, 'A', { type: 'veto', reason: '照片打不开' }))).toBe('accepted vetoed')
  expect(hall.state().status).toBe('rectifying')
})

test('a blind copy that cannot be made is waited for by nobody, and the marked picture never stands in for it', () => {
  const hall = underVerification()
  developed(hall, 'fil_before0')
  hall.must(system, {
    type: 'storePhoto',
    file: 'fil_after0',
    original: 'o',
    watermarked: 'w-after',
    thumbnail: 't-after',
    exif: null,
  })
  hall.must(system, { type: 'refuseBlind', file: 'fil_after0' })
  hall.delivers()
  const { task } = hall.judge('A')
  expect(hall.verdict(task)).toMatchObject({ pending: 1, files: [{ stage: 'before', watermarked: 'bw-fil_before0' }] })
  expect(JSON.stringify(hall.verdict(task))).not.toMatch(/w-after|t-after/)
  expect(because(hall.run(system, { type: 'storeBlind', file: 'fil_after0', watermarked: 'x', thumbnail: 'x' }))).toBe(
    'file-known',
  )
})

test('blind copies are asked for when the case is handed in, and when a picture arrives later; never twice', () => {
  const hall = shown(begun())
  hall.must(system, { type: 'storePhoto', file: 'fil_before0', original: 'o1', watermarked: 'w', thumbnail: 't', exif: null })
  const jobs = () =>
    hall.sent.flatMap(({ effect }) =>
      effect.kind === 'job' && effect.payload.blindOf !== undefined ? [`${effect.key} ${effect.payload.blindOf}`] : [],
    )
  expect(jobs()).toEqual([])
  signs(hall)
  hall.delivers()
  expect(jobs()).toEqual([`blind:${hazardId}:fil_before0 o1`])
  developed(hall, 'fil_before0')
  hall.must(system, { type: 'storePhoto', file: 'fil_after0', original: 'o2', watermarked: 'w', thumbnail: 't', exif: null })
  expect(jobs().slice(1)).toEqual([`blind:${hazardId}:fil_after0 o2`])
})

test('a verdict that does not come in time is asked of another; the other seat keeps its answer', () => {
  const hall = ready()
  says(hall, 'B', { type: 'pass' })
  const first = hall.judge('A')
  hall.passes(hours(8))
  hall.strikes()
  const second = hall.judge('A')
  expect(second.who).not.toEqual(first.who)
  expect([hall.verdict(first.task).status, hall.seat('B')?.outcome]).toEqual(['expired', 'passed'])
  expect(because(hall.run(first.who, { type: 'pass' }, first.task))).toBe('verdict-over')
  expect(hall.verdict(second.task).files).toHaveLength(3)
  says(hall, 'A', { type: 'pass' })
  expect(hall.state().status).toBe('closed')
})

test('a clock that strikes too early takes nothing away', () => {
  const hall = ready()
  const { task, who } = hall.judge('A')
  expect(eventsOf(hall.fires(task, 'verdict'))).toEqual([])
  expect(hall.clocks(task)).toEqual(['verdict 2026-11-24T10:00:00.000Z'])
  expect(eventsOf(hall.fires(hazardId, 'verify'))).toEqual([])
  expect(hall.clocks(hazardId)).toContain('verify 2026-11-24T11:00:00.000Z')
  expect(hall.judge('A').who).toEqual(who)
})

test('when nothing is heard of a verdict the case looks after it itself', () => {
  const hall = ready()
  const lost = hall.judge('A')
  hall.passes(hours(9))
  hall.must(clock, { type: 'redraw' })
  hall.delivers()
  expect(hall.judge('A').who).not.toEqual(lost.who)
  expect(hall.verdict(lost.task).status).toBe('withdrawn')
})

test('whoever declares an interest is replaced without a reason and never drawn for the case again', () => {
  const hall = ready()
  const first = hall.judge('A')
  const declared = says(hall, 'A', { type: 'declare' })
  expect([because(declared), hall.verdict(first.task)]).toEqual(['accepted declared', expect.objectContaining({ reason: null })])
  expect(hall.judge('A').who).not.toEqual(first.who)
  for (let round = 0; round < 6; round += 1) {
    says(hall, 'A', { type: 'veto', reason: '仍在漏' })
    shown(hall, String(round + 1))
    signs(hall)
    hall.delivers()
    const sits = hall.state().seats?.map(({ verifier }) => verifier)
    expect(sits).not.toContain('person' in first.who ? first.who.person : '')
  }
})

test('a verifier whom no message reaches is replaced at once', () => {
  const hall = ready()
  const { task, who } = hall.judge('B')
  const person = 'person' in who ? who.person : ''
  hall.must(system, { type: 'reportUnreachable', person, duty: 'verify' }, task)
  hall.delivers()
  expect([hall.verdict(task).status, hall.seat('B')?.verifier === person]).toEqual(['unreached', false])
})

test('with fewer than five officers one of them and the duty engineer verify, marked as single-blind', () => {
  const hall = underVerification({ plant: wide({ inactive: ['officer1', 'officer2', 'officer3'] }) })
  expect([hall.state().blindness, hall.seat('B')?.verifier]).toEqual(['single', 'safetyDirector'])
  expect(hall.events<{ blindness: string }>('verifiersDrawn')[0]?.blindness).toBe('single')
  expect(hall.seat('A')?.verifier).toMatch(/^officer/)
  ready(hall)
  says(hall, 'A', { type: 'pass' })
  says(hall, 'B', { type: 'pass' })
  expect(hall.state().status).toBe('closed')
})

test('with five officers two of them verify, and the engineer is left out', () => {
  const hall = underVerification({ plant: wide({ inactive: ['officer1'] }) })
  expect(hall.state().blindness).toBe('double')
  expect(hall.state().seats?.map(({ verifier }) => verifier)).not.toContain('safetyDirector')
})

test('a seat that nobody can take stays vacant, alarmed, and is tried again; the other verdict stands', () => {
  const hall = ready(
    underVerification({ plant: wide({ inactive: ['officer1', 'officer2', 'officer3', 'officer4', 'officerB'] }) }),
  )
  expect(hall.seat('A')?.verifier).toBe('officerA')
  says(hall, 'B', { type: 'pass' })
  says(hall, 'A', { type: 'declare' })
  expect([hall.state().status, hall.seat('A')]).toMatchObject(['verifying', { verifier: null, verdict: null }])
  hall.change(wide())
  hall.passes(hours(8))
  hall.strikes()
  expect(hall.seat('A')?.verifier).toMatch(/^officer/)
  says(hall, 'A', { type: 'pass' })
  expect(hall.state().status).toBe('closed')
})

test('a task publishes what its verifier has to do, then whom they judged; a task that was taken back counts as nothing', () => {
  const hall = ready()
  const [a, b] = [hall.judge('A').task, hall.judge('B').task]
  expect(hall.index(a).map(({ name }) => name)).toEqual(['verdicts', 'todo'])
  expect(JSON.parse(hall.index(a)[1]?.note ?? '')).toEqual({
    code: '验收任务 A',
    title: '验收任务 A',
    due: '2026-11-24T10:00:00.000Z',
  })
  hall.passes(minutes(5))
  says(hall, 'A', { type: 'veto', reason: '仍在漏' })
  expect(hall.index(a).map(({ name, key }) => `${name} ${key}`)).toEqual([
    `verdicts ${hall.verdict(a).verifier}`,
    `verified ${hall.verdict(a).verifier}:prod`,
  ])
  expect(hall.index(b)).toEqual([])
})

test('what overtakes the question finds nobody, and is told again when the verdict begins: pictures, or that it is not needed', () => {
  const hall = shown(begun())
  signs(hall)
  const asks = hall.tray.splice(0)
  for (const file of ['fil_before0', 'fil_during0', 'fil_after0']) developed(hall, file)
  hall.tray.push(...asks)
  hall.delivers()
  expect(hall.verdict(hall.judge('A').task)).toMatchObject({ pending: 0, files: [{}, {}, {}] })

  const late = shown(begun())
  signs(late)
  const [first, second] = late.tray.splice(0).filter(({ workflow }) => workflow === 'verdict')
  if (!first || !second) throw new Error('two questions')
  late.tray.push(first)
  late.delivers()
  const { who, task } = late.judge('A')
  late.must(who, { type: 'veto', reason: '仍在漏' }, task)
  late.delivers()
  late.tray.push(second)
  late.delivers()
  expect(late.verdicts().map(([, { status }]) => status)).toEqual(['vetoed', 'withdrawn'])
})

test('messages about pictures that arrive out of order never take back what was ready', () => {
  const hall = underVerification()
  for (const file of ['fil_before0', 'fil_during0', 'fil_after0']) {
    hall.must(system, { type: 'storePhoto', file, original: `o-${file}`, watermarked: 'w', thumbnail: 't', exif: null })
    hall.must(system, { type: 'storeBlind', file, watermarked: `bw-${file}`, thumbnail: `bt-${file}` })
  }
  hall.tray.reverse()
  hall.delivers()
  expect(hall.verdict(hall.judge('B').task)).toMatchObject({ pending: 0, files: [{}, {}, {}] })
})

test('the question of the case is asked once', () => {
  const hall = underVerification()
  const { task } = hall.judge('A')
  expect(because(hall.run(system, { type: 'ask' }, task))).toBe('asked-already')
  expect(because(hall.run(system, { type: 'withdraw' }, 'vdt_00000000000000000000000000'))).toBe('no-such-case')
  expect(dutiesOf(hall.run(system, { type: 'withdraw' }, task))).toEqual([])
})
