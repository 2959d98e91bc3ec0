import { describe, expect, test } from 'vitest'
import { hours, type Millis, minutes } from '../../src/lib/clock.ts'
import { because } from './desk.ts'
import { goOn, type PermitDesk, permitAt, rowsOf, takeGas, type Wish } from './permit-desk.ts'
import { calm, certificate, north, permitPlant, pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const special = sampleOf('hot', 'special')
const two = sampleOf('hot', 'two')
const start = (desk: PermitDesk) => desk.by('wang', { type: 'start' })

/** An issued permit in which everything is done for the start but what is named. */
const lacking = (part: 'shiftLeader' | 'declared' | 'gas' | 'attendant', wish: Wish = {}): PermitDesk => {
  const desk = permitAt('issued', { sample: special, ...wish })
  if (part !== 'shiftLeader') desk.do('prodLead', { type: 'sign', pin })
  if (part !== 'declared')
    for (const need of ['fullVideo', 'writtenPlan', 'positivePressure', 'stablePlant', 'continuousDetector'])
      desk.do('wang', { type: 'declare', need })
  if (part !== 'gas') takeGas(desk)
  if (part !== 'attendant') desk.do('guard', { type: 'checkIn', ...desk.proof() })
  return desk
}

describe('the gate, with one condition broken and all others held', () => {
  test.each([
    ['shiftLeader', 'gate-signature-open', 'A.1'],
    ['declared', 'gate-need-open', '5.2.11'],
    ['gas', 'gate-gas-not-sampled', '5.3.1 b'],
    ['attendant', 'gate-attendant-absent', '4.10'],
  ] as const)('%s', (part, words, clause) => {
    const desk = lacking(part)
    expect(start(desk).decision).toMatchObject({
      kind: 'refused',
      because: words,
      clause: { standard: 'GB 30871', edition: '2022', clause },
    })
    expect(desk.state().status).toBe('issued')
  })

  const broken: readonly (readonly [string, (desk: PermitDesk) => void, string, string | null])[] = [
    ['nothing at all', () => undefined, 'accepted started', null],
    [
      'a certificate that has been suspended since',
      (desk) => desk.setPlant(permitPlant({ held: { welder: [certificate('welding.fusion', { suspended: true })] } })),
      'gate-certificate-suspended',
      '证件撤销与注销',
    ],
    [
      'an attendant whose training has gone',
      (desk) => desk.setPlant(permitPlant({ held: { guard2: [] } })),
      'gate-certificate-none',
      '4.10',
    ],
    ['an attendant who has left', (desk) => desk.setPlant(permitPlant({ inactive: ['guard'] })), 'gate-attendant-absent', '4.10'],
    ['wind of force 5', (desk) => desk.weather({ ...calm, windForce: 5 }), 'gate-weather-stop', '5.2.15'],
    ['no observation of the weather', (desk) => desk.put('weather'), 'gate-weather-unknown', '5.2.15'],
    ['another work within 30 m that excludes it', (desk) => desk.put('permit-place', ...plate()), 'gate-conflict', '7.6'],
    [
      'another work in the area without a coordinator',
      (desk) => desk.put('permit-place', ...rowsOf(permitAt('jsa', { number: 2, sample: sampleOf('roadClosure') }))),
      'gate-conflict',
      '4.7',
    ],
    ['gas above the limit', (desk) => takeGas(desk, 0, { value: '0.6' }), 'gate-gas-failed', '5.3.2'],
  ]
  const plate = () => {
    const sample = { ...sampleOf('blindPlate'), answers: { ...sampleOf('blindPlate').answers, riskArea: '是' } }
    return rowsOf(permitAt('jsa', { number: 2, sample })).filter(({ name }) => name === 'permit-place')
  }
  test.each(broken)('%s', (_, breaks, words, clause) => {
    const desk = permitAt('ready', { sample: two })
    breaks(desk)
    const result = start(desk)
    expect(because(result)).toBe(words)
    if (clause !== null && result.decision.kind === 'refused') expect(result.decision.clause?.clause).toContain(clause)
  })

  test('before its time, and after it', () => {
    const early = permitAt('ready', { form: { from: '2026-11-24T00:10:00.000Z', hours: '4' } })
    expect(start(early).decision).toMatchObject({ because: 'gate-not-yet', clause: { clause: '4.16' } })
    early.passes(minutes(10))
    expect(because(start(early))).toBe('accepted started')
    const late = permitAt('ready')
    late.passes(hours(8))
    late.weather()
    expect(start(late).decision).toMatchObject({ because: 'gate-over', clause: { clause: '4.16' } })
  })

  test('only the work leader starts', () => {
    for (const who of ['chen', 'welder', 'guard', 'officerA', 'areaOwner'])
      expect(because(permitAt('ready').by(who, { type: 'start' }))).toBe('leader-only')
  })
})

describe('to go on after a break', () => {
  /** Work that was interrupted for so long, with a new test only where it is said. */
  const paused = (wish: Wish, length: Millis, retest: boolean) => {
    const desk = permitAt('active', wish)
    desk.passes(minutes(1))
    desk.do('wang', { type: 'pause', reason: '午休' })
    desk.passes(length)
    desk.weather()
    for (const { id } of desk.rules().startNeeds) desk.by('wang', { type: 'declare', need: id })
    if (retest) takeGas(desk)
    return desk.by('wang', { type: 'resume' })
  }
  const space = sampleOf('confinedSpace')
  test.each([
    [special, 30, '5.3.1 d'],
    [sampleOf('hot', 'one'), 30, '5.3.1 d'],
    [two, 60, '5.3.1 d'],
    [space, 60, '6.3 f'],
    [sampleOf('confinedSpace', 'only', 'general_industry'), 0, '6.2.7'],
  ] as const)('%o: a break of %i minutes and no more needs no new test', (sample, most, clause) => {
    expect(because(paused({ sample }, minutes(most), false))).toBe('accepted resumed')
    expect(paused({ sample }, minutes(most) + 1, false).decision).toMatchObject({
      because: 'gate-gas-after-break',
      clause: { clause },
    })
    expect(because(paused({ sample }, minutes(most) + 1, true))).toBe('accepted resumed')
  })
  test('what was declared before the stop is declared anew', () => {
    const desk = permitAt('active', { sample: special })
    desk.passes(1)
    desk.do('wang', { type: 'pause', reason: '午休' })
    desk.passes(minutes(1))
    expect(desk.by('wang', { type: 'resume' }).decision).toMatchObject({
      because: 'gate-need-open',
      clause: { clause: '5.2.11' },
    })
  })
  test('an attendant who was not there checks in anew; from anywhere else it does not count', () => {
    const desk = permitAt('active')
    desk.asSystem({ type: 'reportUnreachable', person: 'guard', duty: 'pulse' })
    expect(desk.by('wang', { type: 'resume' }).decision).toMatchObject({
      because: 'gate-attendant-absent',
      clause: { clause: '4.10' },
    })
    const far = { ...desk.proof(), position: desk.position(north(61)) }
    expect(desk.by('guard2', { type: 'checkIn', ...far }).decision).toMatchObject({
      because: 'not-at-site',
      clause: { clause: '4.10' },
    })
    for (const who of ['welder', 'wang', 'bystander'])
      expect(because(desk.by(who, { type: 'checkIn', ...desk.proof() }))).toBe('attendants-only')
    desk.do('guard2', { type: 'checkIn', ...desk.proof() })
    expect(because(desk.by('wang', { type: 'resume' }))).toBe('accepted resumed')
  })
  test('only the work leader resumes', () => {
    const desk = permitAt('active')
    desk.do('guard', { type: 'stopWork' })
    for (const who of ['guard', 'chen', 'officerA', 'areaOwner'])
      expect(because(desk.by(who, { type: 'resume' }))).toBe('leader-only')
    goOn(desk, 'active', 'active')
    expect(because(desk.by('wang', { type: 'resume' }))).toBe('accepted resumed')
  })
})
