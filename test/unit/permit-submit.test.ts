import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { because } from './desk.ts'
import { goOn, type PermitDesk, permitAt, type Wish } from './permit-desk.ts'
import { calm, certificate, permitPlant } from './permit-plant.ts'
import { type Sample, sampleOf, samples } from './permit-works.ts'

const submit = (desk: PermitDesk) => desk.by('chen', { type: 'submit' })
const refused = (wish: Wish) => submit(permitAt('filled', wish)).decision
const filled = (wish: Wish): PermitDesk => permitAt('filled', wish)

test('an application that lacks something names every field, and opens nothing', () => {
  const desk = permitAt('draft')
  expect(submit(desk).decision).toMatchObject({
    because: 'incomplete',
    values: { fields: 'what,area,from,workLeader,workers,attendants' },
  })
  desk.do('chen', { type: 'fill', what: '换法兰', area: 'pump-3', from: '08:00', hours: '4', workLeader: '名wang' })
  expect(submit(desk).decision).toMatchObject({ because: 'incomplete', values: { fields: 'workers,attendants' } })
})

test('an area that nobody has measured, without a position of its own, is no place', () => {
  const plant = permitPlant()
  const areas = plant.areas.map(({ center: _, ...area }) => area)
  const desk = permitAt('draft', { plant: { ...plant, areas } })
  expect(desk.by('chen', { type: 'fill', area: 'pump-3' }).decision).toMatchObject({
    because: 'not-understood',
    values: { words: 'pump-3' },
  })
  expect(because(desk.by('chen', { type: 'fill', area: 'pump-3', lat: '30.72', lng: '121.33' }))).toBe('accepted filled')
  expect(desk.state().place).toMatchObject({ area: 'pump-3', lat: 30.72, lng: 121.33 })
})

test('words that name nobody, no time, no area and no answer are named, and nothing is taken for them', () => {
  const desk = permitAt('draft')
  const fill = (form: Readonly<Record<string, string>>) => desk.by('chen', { type: 'fill', ...form }).decision
  const wrong = { because: 'not-understood' }
  expect(fill({ workers: '名welder、张无名' })).toMatchObject({ ...wrong, values: { words: '张无名' } })
  expect(fill({ area: '火星' })).toMatchObject(wrong)
  expect(fill({ from: '25:00' })).toMatchObject(wrong)
  expect(fill({ hours: '0' })).toMatchObject(wrong)
  expect(fill({ q_welding: '也许' })).toMatchObject(wrong)
  expect(fill({ lat: '91' })).toMatchObject(wrong)
  expect(fill({ job: 'ZY-NOSUCH' })).toMatchObject(wrong)
  expect(desk.state().answers).toEqual({})
})

test.each(samples)('$work $level $profile: a question that is not answered is asked, never assumed', (sample) => {
  for (const id of Object.keys(sample.answers)) {
    const { [id]: _, ...answers } = sample.answers
    const result = submit(filled({ sample: { ...sample, answers } }))
    const level = result.decision.kind === 'accepted' ? sample.level : because(result)
    expect([sample.level, 'unanswered', 'cannot-tell-upgrade'], id).toContain(level)
  }
})

/** Level 2 of hot work lasts longer than a day has light; it has a test of its own. */
const limited = samples.filter(({ work, level }) => !(work === 'hot' && level === 'two'))
test.each(limited)('$work $level $profile: exactly its longest time passes, a minute more does not', (sample) => {
  expect(submit(filled({ sample })).decision.kind).toBe('accepted')
  const long = refused({ sample, form: { hours: String(sample.hours + 1 / 60) } })
  expect(long).toMatchObject({ kind: 'refused', because: 'too-long' })
})

test('level 2 of hot work passes by day; what touches the night is managed as level 1, eight hours at most', () => {
  const of = (from: string, hours: string) =>
    submit(filled({ start: '2026-11-23T22:00:00.000Z', form: { from, hours } })).decision
  expect(of('06:00', '12')).toMatchObject({ kind: 'accepted', say: { values: { level: '二级动火' } } })
  expect(of('06:00', '12.02')).toMatchObject({ kind: 'refused', because: 'too-long', values: { level: '一级动火', hours: '8' } })
  expect(of('12:00', '8')).toMatchObject({ kind: 'accepted', say: { values: { level: '一级动火' } } })
})

test('too long says the level, its hours and the clause', () => {
  const say = (sample: Sample, hours: string) => refused({ sample, form: { hours } })
  expect(say(sampleOf('confinedSpace'), '25')).toMatchObject({
    because: 'too-long',
    values: { hours: '24' },
    clause: { clause: '6.10' },
  })
  expect(say(sampleOf('height', 'II'), '169')).toMatchObject({ values: { hours: '168' }, clause: { clause: '8.2.11' } })
  expect(say(sampleOf('hot', 'one'), '9')).toMatchObject({ values: { hours: '8' }, clause: { clause: '5.1.5' } })
  expect(say(sampleOf('temporaryPower', 'withHot'), '73')).toMatchObject({ values: { hours: '72' }, clause: { clause: '10.8' } })
})

test('begun in the past, or asked for more than thirty days ahead, it is refused; a quarter of an hour late is not', () => {
  const from = (ms: number) => ({ from: new Date(new Date('2026-11-24T00:00:00.000Z').getTime() + ms).toISOString(), hours: '4' })
  expect(because(submit(filled({ form: from(-minutes(15)) })))).toBe('accepted submitted')
  expect(because(submit(filled({ form: from(-minutes(15) - 1) })))).toBe('begins-in-the-past')
  expect(because(submit(filled({ form: from(minutes(60 * 24 * 30)) })))).toBe('accepted submitted')
  expect(because(submit(filled({ form: from(minutes(60 * 24 * 30) + 1) })))).toBe('too-far-ahead')
})

test('only the applicant submits, and only once', () => {
  const desk = filled({})
  for (const who of ['wang', 'guard', 'officerA']) expect(because(desk.by(who, { type: 'submit' }))).toBe('applicant-only')
  goOn(desk, 'filled', 'jsa')
  expect(because(submit(desk))).toBe('not-in-this-state')
})

test('the attendant only watches: neither leads, works nor has applied', () => {
  const guards = (attendants: string) => refused({ form: { attendants } })
  for (const who of ['名wang', '名welder', '名guard、名fitter', '名chen'])
    expect(guards(who), who).toMatchObject({ because: 'attendant-only-watches', clause: { clause: '4.10' } })
})

test('administrators and people who are gone have no part in a permit', () => {
  expect(refused({ form: { workers: '名admin' } })).toMatchObject({ because: 'administrators-do-not-act' })
  const desk = filled({})
  desk.setPlant(permitPlant({ inactive: ['fitter'] }))
  expect(submit(desk).decision).toMatchObject({ because: 'not-here', values: { name: '名fitter' } })
})

const without = (who: string, ...held: Parameters<typeof certificate>[]) =>
  permitPlant({ held: { [who]: held.map((one) => certificate(...one)) } })
const power = (volts: string): Sample => ({
  ...sampleOf('temporaryPower'),
  answers: { ...sampleOf('temporaryPower').answers, volts },
})

test.each([
  [
    'a low-voltage electrician on a high-voltage job',
    power('10000'),
    without('welder', ['electric.low']),
    'certificate-otherTrade',
    '名welder',
  ],
  ['no certificate at all', sampleOf('hot', 'two'), without('welder'), 'certificate-none', '名welder'],
  [
    'a welder whose certificate has expired',
    sampleOf('hot', 'two'),
    without('fitter', ['welding.fusion', { validUntil: '2026-11-23' }]),
    'certificate-expired',
    '名fitter',
  ],
  [
    'a review that was missed',
    sampleOf('hot', 'two'),
    without('welder', ['welding.fusion', { reviewDue: '2026-11-23' }]),
    'certificate-reviewMissed',
    '名welder',
  ],
  [
    'off the trade for half a year',
    sampleOf('hot', 'two'),
    without('welder', ['welding.fusion', { lastPractisedOn: '2026-05-24' }]),
    'certificate-offTrade',
    '名welder',
  ],
  [
    'unfit',
    sampleOf('hot', 'two'),
    without('welder', ['welding.fusion', { health: { fit: false, until: '2027-01-01' } }]),
    'certificate-unfit',
    '名welder',
  ],
  [
    'suspended',
    sampleOf('hot', 'two'),
    without('welder', ['welding.fusion', { suspended: true }]),
    'certificate-suspended',
    '名welder',
  ],
  ['an attendant without training', sampleOf('roadClosure'), without('guard'), 'certificate-none', '名guard'],
] as const)('%s is refused with the clause', (_, sample, plant, words, name) => {
  const decision = refused({ sample, plant })
  expect(decision).toMatchObject({ kind: 'refused', because: words, values: { name } })
  expect(decision.kind === 'refused' && decision.clause?.clause).not.toBe('')
})

test('a certificate that still counts on the day of the work counts', () => {
  const plant = without('welder', [
    'welding.fusion',
    { validUntil: '2026-11-24', reviewDue: '2026-11-24', lastPractisedOn: '2026-05-25' },
  ])
  expect(refused({ plant }).kind).toBe('accepted')
})

test('wind of force 5 forbids hot work in the open; work that cannot wait is upgraded; without an observation nothing can be told', () => {
  const hot = sampleOf('hot', 'two')
  const windy = (sample: Sample, seen: Parameters<PermitDesk['weather']>[0]) => {
    const desk = filled({ sample })
    desk.weather(seen)
    return { desk, decision: submit(desk).decision }
  }
  expect(windy(hot, { ...calm, windForce: 4 }).decision.kind).toBe('accepted')
  expect(windy(hot, { ...calm, windForce: 5 }).decision).toMatchObject({ because: 'wind-forbids', clause: { clause: '5.2.15' } })
  expect(windy(hot, { windSpeed: 8.0 }).decision).toMatchObject({ because: 'wind-forbids' })
  expect(windy(hot, { windSpeed: 7.9 }).decision.kind).toBe('accepted')
  expect(windy(hot, { windForce: 2, windSpeed: 12 }).decision).toMatchObject({ because: 'wind-forbids' })
  const urgent = { ...hot, answers: { ...hot.answers, unavoidable: '是' } }
  expect(windy(urgent, { ...calm, windForce: 5 }).desk.state().level).toMatchObject({ level: 'one', upgradedFrom: 'two' })
  const blind = filled({})
  blind.put('weather')
  expect(because(submit(blind))).toBe('cannot-tell-upgrade')
})

test('lifting below 10 t wants no ticket, and says so; neither does height below 2 m nor a hole of less than half a metre', () => {
  const with_ = (sample: Sample, answers: Readonly<Record<string, string>>) =>
    refused({ sample: { ...sample, answers: { ...sample.answers, ...answers } } })
  expect(with_(sampleOf('lifting', 'three'), { tonnes: '9.9' })).toMatchObject({
    because: 'no-ticket',
    clause: { clause: 'B.2 注3' },
  })
  expect(with_(sampleOf('height', 'I'), { metres: '1.9' })).toMatchObject({ because: 'no-ticket', clause: { clause: '8.1.1' } })
  expect(with_(sampleOf('excavation'), { metres: '0.4' })).toMatchObject({ because: 'no-ticket', clause: { clause: '3.11' } })
})
