import { describe, expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { because, dutiesOf, untrue } from './desk.ts'
import { createPermitDesk, goOn, type PermitDesk, permitAt, takeGas } from './permit-desk.ts'

const why = (desk: PermitDesk) => [desk.state().status, desk.state().suspensions.at(-1)?.because]

describe('STOP', () => {
  test.each(['bystander', 'welder', 'wang', 'guard', 'chen', 'officerA', 'areaOwner', 'principal', 'analyst'])(
    '%s may stop the work, and nobody asks whether they may',
    (who) => {
      const desk = permitAt('active')
      const result = desk.do(who, { type: 'stopWork', reason: '有异味' })
      expect(why(desk)).toEqual(['suspended', 'stop'])
      expect(desk.state().suspensions.at(-1)).toMatchObject({ by: who, detail: '有异味', final: false })
      for (const told of ['chen', 'wang', 'welder', 'fitter', 'guard', 'guard2', 'areaOwner', 'prodLead', 'officerA', 'officerB'])
        expect(dutiesOf(result)).toContain(`${told} stopped!`)
      expect(desk.state().stoppedAt).toBe(desk.now().toISOString())
    },
  )
  test('no administrator and no stranger acts, and who stops it as well is kept too', () => {
    const desk = permitAt('active')
    expect(because(desk.by('admin', { type: 'stopWork' }))).toBe('administrators-do-not-act')
    expect(
      because(
        desk.run(
          { kind: 'stranger', name: '号x', account: { connection: 'c1', account: 'x' }, conversation: 'direct' },
          { type: 'stopWork' },
        ),
      ),
    ).toBe('link-first')
    desk.do('welder', { type: 'stopWork' })
    desk.do('fitter', { type: 'stopWork' })
    expect(desk.state().suspensions.map(({ by }) => by)).toEqual(['welder', 'fitter'])
  })
  test.each(['gasAlarm', 'deviceAlarm', 'weather', 'conflict', 'emergency'] as const)('%s stops it by the machine', (reason) => {
    const desk = permitAt('active')
    desk.asSystem({ type: 'suspendBy', because: reason, detail: '4号探头' })
    expect(why(desk)).toEqual(['suspended', reason])
    expect(untrue(desk)).toEqual([])
  })
  test('only who leads or watches pauses; who pauses resumes through the gate', () => {
    const desk = permitAt('active')
    for (const who of ['welder', 'chen', 'officerA'])
      expect(because(desk.by(who, { type: 'pause', reason: '' }))).toBe('crew-only')
    desk.do('guard', { type: 'pause', reason: '交接' })
    expect(because(desk.by('wang', { type: 'resume' }))).toBe('accepted resumed')
    expect(desk.state().suspensions.at(-1)?.endedAt).toBe(desk.now().toISOString())
  })
})

describe('a changed process, method or place', () => {
  test('goes on under a new permit only', () => {
    const desk = permitAt('active')
    expect(because(desk.by('welder', { type: 'reportChange', reason: ' ' }))).toBe('reason-wanted')
    desk.do('welder', { type: 'reportChange', reason: '改到下层平台' })
    expect(desk.by('wang', { type: 'resume' }).decision).toMatchObject({ because: 'reissue-only', clause: { clause: '4.17' } })
    for (const who of ['welder', 'guard', 'officerA']) expect(because(desk.by(who, { type: 'reissue' }))).toBe('applicant-only')
    const { effects } = desk.do('wang', { type: 'reissue' })
    expect(effects).toMatchObject([
      {
        kind: 'command',
        workflow: 'permit',
        subject: null,
        command: { type: 'applyAgain', by: 'wang', from: desk.state().code },
      },
    ])
  })
  test('is told of work that stands still as well: then it does not go on either', () => {
    const desk = permitAt('active')
    desk.do('wang', { type: 'pause', reason: '午休' })
    desk.do('guard', { type: 'reportChange', reason: '管线已投料' })
    expect(desk.by('wang', { type: 'resume' }).decision).toMatchObject({ because: 'reissue-only', clause: { clause: '4.17' } })
    expect(desk.state().stoppedAt).toBe(desk.state().suspensions[0]?.at)
    expect(untrue(desk)).toEqual([])
  })
  test('the new application has taken over the words, and nothing that must be proved again', () => {
    const desk = permitAt('active')
    desk.do('wang', { type: 'reportChange', reason: '改到下层平台' })
    const [again] = desk.do('chen', { type: 'reissue' }).effects
    if (again?.kind !== 'command') throw new Error('a new application was to open')
    const opened = createPermitDesk({ number: 2 })
    opened.asSystem(again.command)
    expect(opened.state()).toMatchObject({
      status: 'draft',
      applicant: 'chen',
      what: desk.state().what,
      crew: desk.state().crew,
      job: desk.state().job,
    })
    expect(opened.state()).toMatchObject({
      period: null,
      pack: null,
      level: null,
      measures: [],
      signatures: [],
      gas: [],
      attendance: null,
    })
    expect(because(opened.asSystem(again.command))).toBe('opened-already')
    expect(untrue(opened)).toEqual([])
  })
})

test('taken back: by an attendant, an approver or a safety officer, with a reason; it is never taken up again, and people are counted out', () => {
  for (const who of ['guard', 'areaOwner', 'officerB']) {
    const desk = permitAt('active')
    expect(because(desk.by(who, { type: 'revoke', reason: '' }))).toBe('reason-wanted')
    desk.do(who, { type: 'revoke', reason: '违章' })
    expect([desk.state().status, desk.state().endedAt]).toEqual(['revoked', null])
    expect(because(desk.by('wang', { type: 'resume' }))).toBe('not-in-this-state')
    expect(untrue(desk)).toEqual([])
    goOn(desk, 'active', 'accepted')
    expect(untrue(desk)).toEqual([])
  }
  for (const who of ['welder', 'wang', 'chen', 'bystander', 'head'])
    expect(because(permitAt('active').by(who, { type: 'revoke', reason: '违章' }))).toBe('may-not-revoke')
  const early = permitAt('issued')
  early.do('guard', { type: 'revoke', reason: '违章' })
  expect(early.state().endedAt).not.toBeNull()
  expect(untrue(early)).toEqual([])
})

test('an alarm while work stands still is kept: work goes on only after a sample that was taken after it and passed', () => {
  const desk = permitAt('active')
  desk.do('welder', { type: 'stopWork' })
  desk.passes(minutes(2))
  desk.asSystem({ type: 'suspendBy', because: 'gasAlarm', detail: 'H2S' })
  expect(desk.state().suspensions.map(({ because: why }) => why)).toEqual(['stop', 'gasAlarm'])
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('gate-gas-after-alarm')
  desk.passes(minutes(1))
  takeGas(desk)
  expect(because(desk.by('wang', { type: 'resume' }))).toBe('accepted resumed')
  expect(desk.state().suspensions.filter(({ endedAt }) => endedAt === null)).toEqual([])
})
