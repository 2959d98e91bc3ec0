import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { because, clock, dutiesOf, eventsOf, person, untrue, waitingFor } from './desk.ts'
import { counted, goOn, permitAt, stages } from './permit-desk.ts'
import { pin } from './permit-plant.ts'
import { sampleOf, samples } from './permit-works.ts'

describe.each(samples)('$work $level $profile', (sample) => {
  test('goes from the application to the last person out, signed in the order of its annex', () => {
    const desk = permitAt('issued', { sample })
    expect(desk.state().level?.level).toBe(sample.level)
    expect(desk.state().signatures.map(({ by, proof }) => `${by}${proof ? '!' : ''}`)).toEqual(sample.signs)
    goOn(desk, 'issued', 'active')
    expect(desk.state().workingSince).toBe(desk.now().toISOString())
    goOn(desk, 'active', 'accepted')
    expect(desk.state().status).toBe('accepted')
    expect(untrue(desk)).toEqual([])
  })

  test('never stands without a clock and an owner on its way', () => {
    for (const stage of stages) {
      const desk = permitAt(stage, { sample })
      expect(untrue(desk), stage).toEqual([])
    }
  })
})

test('what each step asks of whom: the leader analyses, everybody is briefed, the signers come one after another', () => {
  const desk = permitAt('filled', { sample: sampleOf('hot', 'one') })
  expect(dutiesOf(desk.do('chen', { type: 'submit' }))).toEqual(['wang jsa'])
  expect(dutiesOf(desk.do('wang', { type: 'confirmJsa' }))).toEqual(['wang measures'])
  goOn(desk, 'measures', 'briefing')
  expect(waitingFor(desk)).toEqual(['wang'])
  expect(dutiesOf(desk.do('wang', { type: 'brief' }))).toEqual([
    'welder receive',
    'fitter receive',
    'guard receive',
    'guard2 receive',
  ])
  for (const id of ['guard', 'guard2', 'welder']) expect(dutiesOf(desk.do(id, { type: 'receiveBriefing' }))).toEqual([])
  expect(dutiesOf(desk.do('fitter', { type: 'receiveBriefing' }))).toEqual(['wang sign:workLeader'])
  expect(dutiesOf(desk.do('wang', { type: 'sign' }))).toEqual(['areaOwner sign:unit'])
  expect(dutiesOf(desk.do('areaOwner', { type: 'sign', pin }))).toEqual(['officerA sign:safety', 'officerB sign:safety'])
  expect(dutiesOf(desk.do('officerA', { type: 'sign', pin }))).toEqual(['safetyDirector sign:approver!'])
  expect(dutiesOf(desk.do('safetyDirector', { type: 'sign', ...desk.proof() }))).toEqual([
    ...['guard checkIn', 'guard2 checkIn', 'prodLead sign:shiftLeader', 'wang start'],
  ])
})

test('lines of the checklist are answered one by one: what always applies is not answered 不涉及, and a count is a count', () => {
  const desk = permitAt('measures')
  const line = (id: string, involved: string, value = '') =>
    because(desk.by('welder', { type: 'confirmMeasure', line: id, involved, value }))
  expect(line('hot.clearances', 'no')).toBe('always-involved')
  expect(line('hot.nothing', 'yes')).toBe('no-such-line')
  for (const value of ['', '-1', '1.5', 'ten', '10000']) expect(line('hot.fireKit', 'yes', value), value).toBe('number-wanted')
  expect(line('hot.fireKit', 'yes', '2')).toBe('accepted measure-confirmed')
  expect(line('hot.blinded', 'no')).toBe('accepted measure-confirmed')
  expect(because(desk.by('officerA', { type: 'confirmMeasure', line: 'hot.spatter', involved: 'yes', value: '' }))).toBe(
    'crew-only',
  )
  expect(desk.state().measures.length).toBe(2)
})

test('an isolation point is photographed, then tried, and until then the measures are not done', () => {
  const desk = permitAt('measures', { form: { isolations: 'P-301 进口阀|工艺\nP-301 电机|电气' } })
  for (const line of desk.rules().measures)
    desk.do('welder', { type: 'confirmMeasure', line: line.id, involved: 'yes', value: '1' })
  expect(desk.state().status).toBe('measures')
  expect(desk.state().isolations.map(({ kind }) => kind)).toEqual(['process', 'electrical'])
  expect(because(desk.by('welder', { type: 'tryIsolation', point: 'i1' }))).toBe('isolation-photo-first')
  expect(because(desk.by('welder', { type: 'tryIsolation', point: 'i9' }))).toBe('no-such-line')
})

test('a draft that nobody submits is forgotten after a day', () => {
  const desk = permitAt('draft')
  desk.passes(hours(24) - 1)
  expect(desk.fireDue()).toEqual([])
  expect(eventsOf(desk.run(clock, { type: 'watch' }))).toEqual([])
  desk.passes(1)
  desk.fireDue()
  expect(desk.state().status).toBe('cancelled')
  expect(untrue(desk)).toEqual([])
})

test.each(['jsa', 'measures', 'briefing', 'signing', 'issued', 'ready'] as const)(
  '%s and never begun, it ends with its time',
  (stage) => {
    const desk = permitAt(stage)
    desk.passes(hours(8) - 1)
    desk.fireDue()
    expect(desk.state().endedAt).toBeNull()
    desk.passes(1)
    desk.fireDue()
    expect([desk.state().status, desk.state().endedAt]).toEqual(['expired', desk.now().toISOString()])
    expect(untrue(desk)).toEqual([])
  },
)

test('an active permit expires with its time: everybody is called out, and only the count closes it', () => {
  const desk = permitAt('active')
  desk.passes(hours(8))
  const fired = desk.fireDue().flatMap(eventsOf)
  expect(fired).toContain('expired')
  expect([desk.state().status, desk.state().endedAt]).toEqual(['expired', null])
  expect(because(desk.by('wang', { type: 'start' }))).toBe('not-in-this-state')
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('not-in-this-state')
  desk.do('wang', { type: 'complete', ...counted })
  goOn(desk, 'completed', 'accepted')
  expect(untrue(desk)).toEqual([])
})

test('not closed half an hour after its end it goes up to the unit, then higher every hour, until somebody counts', () => {
  const desk = permitAt('active')
  desk.passes(hours(8))
  desk.fireDue()
  desk.passes(minutes(30) - 1)
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual([])
  desk.passes(1)
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['areaOwner close!', 'prodLead close!'])
  desk.passes(hours(1))
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['safetyDirector close!'])
  desk.passes(hours(1))
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['director close!'])
  desk.passes(hours(1))
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['director close!'])
  desk.do('guard', { type: 'complete', ...counted })
  expect(untrue(desk)).toEqual([])
})

test.each([
  { people: '1', tools: '3' },
  { people: '2', tools: '2' },
  { people: '3', tools: '3' },
  { people: '', tools: '' },
  { people: '2 ', tools: 'three' },
])('people $people, tools $tools: a count that does not match closes nothing', (said) => {
  const desk = permitAt('active')
  const result = desk.by('wang', { type: 'complete', ...said })
  expect(because(result)).toBe('count-differs')
  expect(result.decision).toMatchObject({ values: { people: '2', tools: '3' }, clause: { clause: '6.8' } })
  expect(desk.state().status).toBe('active')
})

test('only who leads or watches counts; only the unit accepts, with its PIN', () => {
  const desk = permitAt('active')
  for (const who of ['welder', 'chen', 'officerA', 'areaOwner'])
    expect(because(desk.by(who, { type: 'complete', ...counted }))).toBe('crew-only')
  goOn(desk, 'active', 'completed')
  expect(because(desk.by('wang', { type: 'sign', pin }))).toBe('nothing-to-sign')
  expect(because(desk.by('areaOwner', { type: 'sign', pin: '' }))).toBe('pin-wanted')
  desk.do('areaOwner', { type: 'sign', pin })
  expect(desk.state().status).toBe('accepted')
})

test('a signature that nobody gives is called for above after half an hour, and given by nobody else', () => {
  const desk = permitAt('signing')
  desk.passes(minutes(30))
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['officerA unsigned', 'officerB unsigned', 'wang sign:workLeader!'])
  desk.passes(minutes(30))
  expect(desk.fireDue().flatMap(dutiesOf)).toEqual(['head unsigned', 'wang sign:workLeader!'])
  expect(because(desk.by('head', { type: 'sign', ...desk.proof() }))).toBe('nothing-to-sign')
})

test('there is no command that makes a permit last longer: its period is what was submitted, whatever happens', () => {
  const { commands } = permitAt('draft').workflow
  expect(Object.keys(commands).filter((name) => /extend|prolong|renew/i.test(name))).toEqual([])
  const desk = permitAt('jsa')
  const { period } = desk.state()
  for (const stage of stages.slice(stages.indexOf('jsa') + 1)) {
    goOn(desk, stages[stages.indexOf(stage) - 1] ?? stage, stage)
    expect(because(desk.run(person('chen'), { type: 'fill', hours: '72' })), stage).toBe('not-in-this-state')
    expect(desk.state().period).toEqual(period)
  }
})
