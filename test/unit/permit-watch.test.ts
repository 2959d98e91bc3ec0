import { describe, expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '../../src/lib/clock.ts'
import { because, clock, dutiesOf, eventsOf, untrue } from './desk.ts'
import { goOn, type PermitDesk, permitAt, rowsOf, takeGas, type Wish } from './permit-desk.ts'
import { calm, north, permitPlant } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const why = (desk: PermitDesk) => [desk.state().status, desk.state().suspensions.at(-1)?.because]
const dueIn = (desk: PermitDesk): number => (desk.deadlines.get('watch')?.at.getTime() ?? Number.NaN) - desk.now().getTime()
/** Lets the clock run to the next instant at which something is due. */
const toNext = (desk: PermitDesk): readonly string[] => {
  desk.passes(Math.max(0, dueIn(desk)))
  return desk.fireDue().flatMap(eventsOf)
}
const answers = (desk: PermitDesk, who = 'guard', change: Readonly<Record<string, string>> = {}) =>
  desk.by(who, { type: 'answerPulse', digits: '', position: desk.position(), ...change })

describe('the pulse', () => {
  test('is asked between 8 and 15 minutes after the last sign of presence, at a time that nobody can foresee', () => {
    const waits = new Set(
      Array.from({ length: 24 }, (_, n) => {
        const desk = permitAt('active', { number: n + 1 })
        return dueIn(desk) / minutes(1)
      }),
    )
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(8)
    expect(Math.max(...waits)).toBeLessThanOrEqual(15)
    expect(waits.size).toBeGreaterThan(4)
  })
  test('answered from the post it goes on; unanswered for five minutes it stops the work and calls the three', () => {
    const desk = permitAt('active')
    expect(toNext(desk)).toEqual(['pulseAsked'])
    desk.passes(minutes(5) - 1)
    expect(desk.fireDue()).toEqual([])
    expect(because(answers(desk))).toBe('accepted pulse-answered')
    expect(desk.fireDue()).toEqual([])
    expect(toNext(desk)).toEqual(['pulseAsked'])
    desk.passes(minutes(5))
    const called = desk.fireDue().flatMap(dutiesOf)
    expect(why(desk)).toEqual(['suspended', 'attendantAbsent'])
    for (const who of ['guard', 'chen', 'officerA']) expect(called).toContain(`${who} stopped!`)
    expect(desk.state().attendance).toBeNull()
  })
  test('from 61 m by a phone that is 10 m off, with an old position, with a wrong code or by somebody else it is no answer', () => {
    const desk = permitAt('active')
    toNext(desk)
    expect(because(answers(desk, 'guard', { position: desk.position(north(61)) }))).toBe('not-at-site')
    expect(because(answers(desk, 'guard', { position: desk.position(north(0), 10, minutes(2) + 1) }))).toBe('position-old')
    expect(because(answers(desk, 'guard', { digits: '12' }))).toBe('accepted code-wrong')
    for (const who of ['guard2', 'welder', 'wang']) expect(because(answers(desk, who))).toBe('attendants-only')
    desk.passes(minutes(5))
    desk.fireDue()
    expect(why(desk)).toEqual(['suspended', 'attendantAbsent'])
  })
  test('a phone that is dead, as soon as the platform says so, stops the work', () => {
    const desk = permitAt('active')
    toNext(desk)
    const result = desk.asSystem({ type: 'reportUnreachable', person: 'guard', duty: 'pulse' })
    expect(eventsOf(result)).toEqual(['unreached', 'suspended'])
    expect(why(desk)).toEqual(['suspended', 'attendantAbsent'])
    expect(untrue(desk)).toEqual([])
  })
  test('somebody else who cannot be reached is told of, and stops nothing', () => {
    const desk = permitAt('active')
    expect(eventsOf(desk.asSystem({ type: 'reportUnreachable', person: 'guard2', duty: 'pulse' }))).toEqual(['unreached'])
    expect(desk.state().status).toBe('active')
  })
  test('a second attendant takes the post over', () => {
    const desk = permitAt('active')
    toNext(desk)
    desk.do('guard2', { type: 'checkIn', ...desk.proof() })
    desk.passes(minutes(5))
    desk.fireDue()
    expect(desk.state()).toMatchObject({ status: 'active', attendance: { attendant: 'guard2' } })
  })
})

/** Keeps the attendant and the weather as they should be, so that only what a test looks at can stop the work. */
const watched = (desk: PermitDesk, until: number): void => {
  for (let turns = 0; desk.now().getTime() < until && turns < 400; turns += 1) {
    desk.passes(Math.min(Math.max(0, dueIn(desk)), until - desk.now().getTime()))
    desk.weather()
    desk.fireDue()
    if (desk.state().status !== 'active') return
    answers(desk)
  }
}
const at = (text: string): number => new Date(text).getTime()

describe('what no longer holds while work goes on', () => {
  test('a value that is due every two hours, and not entered, stops special hot work then', () => {
    const desk = permitAt('active', { sample: sampleOf('hot', 'special') })
    watched(desk, at('2026-11-24T02:00:00.000Z'))
    expect(desk.state().status).toBe('active')
    watched(desk, at('2026-11-24T02:00:00.001Z'))
    expect(why(desk)).toEqual(['suspended', 'gasExpired'])
  })
  test('entered in time it goes on', () => {
    const desk = permitAt('active', { sample: sampleOf('hot', 'special') })
    watched(desk, at('2026-11-24T01:50:00.000Z'))
    takeGas(desk)
    watched(desk, at('2026-11-24T03:50:00.000Z'))
    expect(desk.state().status).toBe('active')
  })
  test('the end of the test and a pulse at one and the same look: the work stops all the same, and goes on being stopped', () => {
    const desk = permitAt('active', { sample: sampleOf('hot', 'special') })
    watched(desk, at('2026-11-24T01:58:00.000Z'))
    desk.do('guard', { type: 'checkIn', ...desk.proof() })
    desk.passes(minutes(16))
    desk.weather()
    desk.fireDue()
    expect(why(desk)).toEqual(['suspended', 'gasExpired'])
  })
  test('an observation of the weather that is an hour old says nothing any more', () => {
    const desk = permitAt('active')
    for (let turn = 0; turn < 10 && desk.state().status === 'active'; turn += 1) {
      toNext(desk)
      if (desk.now().getTime() <= at('2026-11-24T01:00:00.000Z')) expect(desk.state().status).toBe('active')
      answers(desk)
    }
    expect(why(desk)).toEqual(['suspended', 'weather'])
    expect(desk.state().suspensions[0]?.at).toBe('2026-11-24T01:00:00.001Z')
  })
  test.each([
    ['the wind rises', (desk: PermitDesk) => desk.weather({ ...calm, windForce: 5 }), 'weather'],
    ['a certificate is suspended', (desk: PermitDesk) => desk.setPlant(permitPlant({ held: { welder: [] } })), 'certificate'],
    [
      'the attendant leaves the company',
      (desk: PermitDesk) => desk.setPlant(permitPlant({ inactive: ['guard'] })),
      'attendantAbsent',
    ],
  ] as const)('%s: told of it, the permit looks at once and stops', (_, changes, reason) => {
    const desk = permitAt('active')
    changes(desk)
    desk.asSystem({ type: 'recheck' })
    expect(why(desk)).toEqual(['suspended', reason])
  })
  test('told of a change that is none, it goes on', () => {
    const desk = permitAt('active')
    desk.asSystem({ type: 'recheck' })
    expect(desk.state().status).toBe('active')
    expect(untrue(desk)).toEqual([])
  })
})

describe('another permit at the same place', () => {
  const plate = { ...sampleOf('blindPlate'), answers: { ...sampleOf('blindPlate').answers, riskArea: '是' } }
  const later = { from: '2026-11-24T08:00:00.000Z', hours: '4' }
  const other = (wish: Wish) => rowsOf(permitAt('jsa', { number: 2, ...wish }))
  test('that begins when this one ends is no reason to stop this one', () => {
    const desk = permitAt('active', { rows: other({ sample: plate, form: later }) })
    desk.asSystem({ type: 'recheck' })
    expect(desk.state().status).toBe('active')
  })
  test('is let in for a time after this one, and does not start while this one has not been closed', () => {
    const rows = rowsOf(permitAt('active'))
    const next = permitAt('filled', { number: 2, sample: plate, form: later, rows })
    expect(because(next.by('chen', { type: 'submit' }))).toBe('accepted submitted')
    goOn(next, 'jsa', 'issued')
    next.passes(hours(8))
    goOn(next, 'issued', 'ready')
    expect(next.by('wang', { type: 'start' }).decision).toMatchObject({ because: 'gate-conflict', clause: { clause: '7.6' } })
    next.put('permit-place')
    expect(because(next.by('wang', { type: 'start' }))).toBe('accepted started')
  })
  test('is not let in at all for a time that has begun, while this one is over and not closed', () => {
    const first = permitAt('active')
    first.passes(hours(9))
    first.fireDue()
    const next = permitAt('filled', { number: 2, sample: plate, start: first.now().toISOString(), rows: rowsOf(first) })
    expect(because(next.by('chen', { type: 'submit' }))).toBe('accepted conflict')
  })
  test('that names a coordinator for both is no reason to stop this one, which named none', () => {
    const rows = other({ sample: sampleOf('roadClosure'), form: { coordinator: '名officerA' } })
    const desk = permitAt('active')
    desk.put('permit-place', ...rows.filter(({ name }) => name === 'permit-place'))
    desk.asSystem({ type: 'recheck' })
    expect(desk.state().status).toBe('active')
    const alone = other({ sample: sampleOf('roadClosure') })
    desk.put('permit-place', ...alone.filter(({ name }) => name === 'permit-place'))
    desk.asSystem({ type: 'recheck' })
    expect(why(desk)).toEqual(['suspended', 'conflict'])
  })
})

describe('the clock jumps, or nobody was there to look', () => {
  test.each([minutes(6), minutes(21), hours(1), hours(3), hours(7)])(
    'by %i ms: the work stands still, and is not taken for watched',
    (by) => {
      const desk = permitAt('active')
      desk.passes(Math.max(0, dueIn(desk)))
      desk.passes(by)
      desk.weather()
      desk.fireDue()
      expect(why(desk)).toEqual(['suspended', 'attendantAbsent'])
      expect(untrue(desk)).toEqual([])
    },
  )
  test.each([hours(8), hours(9), days(3)])(
    'by %i ms, beyond its end: it is over, and open until everybody is counted out',
    (by) => {
      const desk = permitAt('active')
      desk.passes(by)
      desk.fireDue()
      expect([desk.state().status, desk.state().endedAt]).toEqual(['expired', null])
      expect(untrue(desk)).toEqual([])
    },
  )
  test('a strike that comes early, late or again changes nothing but what is due', () => {
    const desk = permitAt('active')
    for (let turn = 0; turn < 3; turn += 1) expect(eventsOf(desk.run(clock, { type: 'watch' }))).toEqual([])
    toNext(desk)
    for (let turn = 0; turn < 3; turn += 1) expect(eventsOf(desk.run(clock, { type: 'watch' }))).toEqual([])
    desk.passes(minutes(5))
    desk.fireDue()
    for (let turn = 0; turn < 3; turn += 1) expect(eventsOf(desk.run(clock, { type: 'watch' }))).toEqual([])
    expect(why(desk)).toEqual(['suspended', 'attendantAbsent'])
    expect(untrue(desk)).toEqual([])
  })
  test('a start long after the attendant came asks for a sign at once, and leaves the time to give it', () => {
    const desk = permitAt('ready', { sample: sampleOf('roadClosure') })
    desk.passes(hours(2))
    desk.do('wang', { type: 'start' })
    expect(desk.fireDue().flatMap(eventsOf)).toEqual(['pulseAsked'])
    expect(desk.state().status).toBe('active')
    desk.passes(minutes(5) - seconds(1))
    expect(because(answers(desk))).toBe('accepted pulse-answered')
  })
})
