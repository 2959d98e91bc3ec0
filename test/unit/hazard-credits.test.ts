import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days } from '../../src/lib/clock.ts'
import { contractorSubject } from '../../src/workflows/contractor/contractor.ts'
import { contractorOf } from '../../src/workflows/contractor/employer.ts'
import { pointsSubject } from '../../src/workflows/points/points.ts'
import type { Effect, Plant } from '../../src/workflows/workflow.ts'
import {
  accepts,
  causes,
  createDesk,
  type HazardDesk,
  hazardDesk,
  hazardIn,
  judged,
  otherCode,
  person,
  plantWith,
  report,
  showsRepair,
  signature,
  stranger,
  system,
  triage,
} from './hazard-govern-desk.ts'

type Sent = Extract<Effect, { kind: 'command' }>
const isLine = (effect: Effect): effect is Sent =>
  effect.kind === 'command' && (effect.workflow === 'points' || effect.workflow === 'contractor')

/** What stands in the ledgers after everything a case has sent them, by the keys: `whom kind`. Throws for a key that is given twice, or taken without being given. */
const standing = (desk: Pick<HazardDesk, 'effects'>): readonly string[] => {
  const lines = new Map<string, string>()
  const used = new Set<string>()
  for (const { command } of desk.effects.filter(isLine)) {
    const key = String(command.key)
    if (command.type === 'reverse') {
      if (!lines.delete(key)) throw new Error(`${key} was taken but never given`)
      continue
    }
    if (used.has(key)) throw new Error(`${key} was given twice`)
    used.add(key)
    lines.set(key, `${String(command.person ?? command.contractor)} ${String(command.kind)}`)
  }
  return [...lines.values()].sort()
}

const ofContractor = (...ids: readonly string[]): Plant => {
  const plant = plantWith()
  const persons = new Map([...plant.persons].map(([id, one]) => [id, ids.includes(id) ? { ...one, company: '华建' } : one]))
  return { ...plant, persons }
}
const reported = (plant: Plant = plantWith()): HazardDesk => {
  const desk = hazardDesk({ plant })
  desk.must(person('welder'), report())
  return desk
}
const closed = (plant: Plant, wait = 0): HazardDesk => {
  const desk = reported(plant)
  desk.must(person('lead'), triage)
  desk.must(person('fitter'), accepts)
  desk.passes(wait)
  showsRepair(desk)
  desk.must(person('fitter'), signature)
  judged(desk)
  return desk
}

test('points come with the triage, by its colour, and not with the report', () => {
  const desk = reported()
  expect(standing(desk)).toEqual([])
  for (const [colour, kind] of [
    ['blue', 'reportBlue'],
    ['red', 'reportRed'],
    ['orange', 'reportOrange'],
    ['yellow', 'reportYellow'],
    ['orange', 'reportOrange'],
  ] as const) {
    desk.must(person('lead'), { ...triage, colour })
    expect(standing(desk), colour).toEqual([`welder ${kind}`])
  }
  const before = desk.effects.filter(isLine).length
  desk.must(person('lead'), triage)
  desk.must(person('fitter'), accepts)
  expect(desk.effects.filter(isLine).length).toBe(before)
  desk.must(person('officerA'), { type: 'regrade', severity: '', colour: 'blue', reason: '只是渗油' })
  expect(standing(desk)).toEqual(['welder reportBlue'])
  const [line] = desk.effects.filter(isLine)
  expect(line).toMatchObject({
    subject: pointsSubject('SH01', 'welder'),
    command: { type: 'award', person: 'welder', case: desk.subject, code: desk.state().code, at: desk.state().reportedAt },
  })
})

test('a report that turns out to be none, or is told with another case, gives nothing, and takes back what it gave', () => {
  const rejected = reported()
  rejected.must(person('lead'), triage)
  rejected.must(person('lead'), { type: 'reject', reason: '误报' })
  expect(standing(rejected)).toEqual([])
  const appealed = rejected
  appealed.must(person('welder'), { type: 'reopen', reason: '还在漏' })
  expect(standing(appealed)).toEqual([])
  appealed.must(person('lead'), triage)
  expect(standing(appealed)).toEqual(['welder reportOrange'])
  const merged = reported()
  merged.must(person('lead'), triage)
  merged.must(person('lead'), { type: 'merge', into: otherCode, reason: '同一处' })
  expect(standing(merged)).toEqual([])
  expect(standing(hazardIn('merged'))).toEqual([])
  expect(standing(hazardIn('rejected'))).toEqual([])
})

test('nobody is paid for what they report and rectify themselves, whoever has it later', () => {
  const desk = hazardDesk()
  desk.must(person('lead'), report())
  desk.must(person('lead'), { ...accepts, area: 'pump-3' })
  expect(standing(desk)).toEqual([])
  desk.must(person('areaOwner'), { type: 'handOver', owner: 'fitter' })
  expect(standing(desk)).toEqual([])
  const strange = hazardDesk()
  strange.must(stranger('new'), report())
  strange.must(person('officerA'), triage)
  expect(standing(strange)).toEqual([])
})

test('handed in by the first term and passed at once earns the rectifier points; a return, a delay, or a reopening does not', () => {
  expect(standing(closed(plantWith()))).toEqual(['fitter onTime', 'welder reportOrange'])
  expect(standing(closed(plantWith(), days(4)))).toEqual(['welder reportOrange'])
  const returned = hazardIn('verifying')
  judged(returned, ['vetoed', 'passed'])
  showsRepair(returned, '1')
  returned.must(person('fitter'), signature)
  judged(returned)
  expect(returned.state().status).toBe('closed')
  expect(standing(returned)).toEqual(['welder reportOrange'])
  const again = closed(plantWith())
  again.must(person('welder'), { type: 'reopen', reason: '又漏了' })
  expect(standing(again)).toEqual(['welder reportOrange'])
})

test('slow verifiers cost the rectifier nothing', () => {
  const desk = hazardIn('rectifying')
  desk.must(person('fitter'), signature)
  desk.passes(days(30))
  judged(desk)
  expect(standing(desk)).toEqual(['fitter onTime', 'welder reportOrange'])
})

test('who works for a contractor is told by who runs the plant; where nobody is known to, nobody is a contractor', () => {
  const plant = ofContractor('fitter')
  expect([contractorOf('fitter', plant), contractorOf('welder', plant), contractorOf(null, plant)]).toEqual(['华建', null, null])
  const vacant = ['principal', 'productionDirector', 'safetyDirector', 'deptHead'].map((role) => `${role}@SH01`)
  const nobody = { ...plant, holders: plantWith({ vacant }).holders }
  expect(contractorOf('fitter', nobody)).toBeNull()
})

test('a hazard that a contractor’s people have to rectify is a finding of its colour, from its acceptance on; closing in time earns some of it back', () => {
  const desk = reported(ofContractor('fitter'))
  desk.must(person('lead'), triage)
  expect(standing(desk)).toEqual(['welder reportOrange'])
  desk.must(person('fitter'), accepts)
  expect(standing(desk)).toEqual(['welder reportOrange', '华建 findingOrange'])
  const line = desk.effects.filter(isLine).find(({ workflow }) => workflow === 'contractor')
  expect(line).toMatchObject({
    subject: contractorSubject('SH01', '华建', '2026Q4'),
    command: { type: 'score', contractor: '华建', quarter: '2026Q4', kind: 'findingOrange', case: desk.subject },
  })
  desk.must(person('areaOwner'), { type: 'handOver', owner: 'prodLead' })
  expect(standing(desk)).toEqual(['welder reportOrange'])
  expect(standing(closed(ofContractor('fitter')))).toEqual([
    'fitter onTime',
    'welder reportOrange',
    '华建 closedOnTime',
    '华建 findingOrange',
  ])
})

test('a contractor is not punished for what its own people report, and scores for a valid report', () => {
  expect(standing(closed(ofContractor('fitter', 'welder')))).toEqual([
    'fitter onTime',
    'welder reportOrange',
    '华建 closedOnTime',
    '华建 validReport',
  ])
})

test('what is taken back goes to the ledger and the quarter that it was given to, however much later', () => {
  const desk = closed(ofContractor('fitter'))
  desk.passes(days(60))
  desk.must(person('welder'), { type: 'reopen', reason: '又漏了' })
  expect(standing(desk)).toEqual(['welder reportOrange', '华建 findingOrange'])
  const taken = desk.effects.filter(isLine).filter(({ command }) => command.type === 'reverse')
  expect(taken.map(({ subject }) => subject)).toEqual([
    pointsSubject('SH01', 'fitter'),
    contractorSubject('SH01', '华建', '2026Q4'),
  ])
})

test('the ledgers take what a case sends them, and a second delivery changes nothing', () => {
  const desk = closed(ofContractor('fitter'))
  for (const { workflow, command } of desk.effects.filter(isLine)) {
    const ledger = createDesk(workflow, { plant: desk.plant() })
    ledger.must(system, command)
    const state = JSON.stringify(ledger.state())
    ledger.must(system, command)
    expect(JSON.stringify(ledger.state())).toBe(state)
  }
})

/** Written apart: what a clerk with the table of points would say of a case that stands so. */
const clerk = (desk: HazardDesk): readonly string[] => {
  const { status, colour, owner, formerOwners = [], returned, reopened, submittedAt, firstDueAt } = desk.state()
  if (status === 'rejected' || status === 'merged') return []
  const names = { red: 'reportRed', orange: 'reportOrange', yellow: 'reportYellow', blue: 'reportBlue' }
  const isOwn = owner === 'welder' || formerOwners.includes('welder')
  const first = status === 'closed' && returned.length + reopened.length === 0 && (submittedAt ?? '') <= (firstDueAt ?? '')
  return [
    ...(first && owner !== 'welder' ? [`${owner} onTime`] : []),
    ...(colour !== null && !isOwn ? [`welder ${names[colour]}`] : []),
  ].sort()
}

test('whatever is done in whatever order, the ledgers hold what the case is worth now, and no key is used twice', () => {
  const who = fc.constantFrom('welder', 'lead', 'fitter', 'officerA', 'areaOwner', 'head', 'prodLead')
  const colour = fc.constantFrom('red', 'orange', 'yellow', 'blue')
  const step = fc.oneof(
    fc.record({ type: fc.constant('triage'), who, colour, owner: who, area: fc.constant('pump-3'), ...fixed(causes) }),
    fc.record({ type: fc.constant('accept'), who, colour: fc.constant(''), area: fc.constant('pump-3') }),
    fc.record({ type: fc.constantFrom('reject', 'reopen'), who, reason: fc.constant('说明') }),
    fc.record({ type: fc.constant('regrade'), who, severity: fc.constant(''), colour, reason: fc.constant('复核') }),
    fc.record({ type: fc.constant('handOver'), who, owner: who }),
    fc.record({ type: fc.constant('merge'), who, into: fc.constant(otherCode), reason: fc.constant('同一处') }),
    fc.record({ type: fc.constant('repair'), who }),
    fc.record({ type: fc.constant('wait'), who }),
  )
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) => {
      const desk = reported()
      for (const { who: by, ...command } of steps) {
        if (command.type === 'wait') desk.passes(days(1))
        else if (command.type === 'repair') repair(desk)
        else desk.run(person(by), command)
        const isBack = desk.state().status === 'reported' && desk.state().reopened.length > 0
        if (!isBack) expect(standing(desk), JSON.stringify(command)).toEqual(clerk(desk))
        for (const line of standing(desk)) seen.add(line.split(' ')[1] ?? '')
      }
    }),
    { numRuns: 150, seed: 20261124 },
  )
  expect([...seen].sort()).toEqual(['onTime', 'reportBlue', 'reportOrange', 'reportRed', 'reportYellow'])
})

const fixed = <T extends Readonly<Record<string, string>>>(values: T) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.constant(value)]))

let repairs = 0
/** The ordinary way from acceptance to the end, as far as it goes. */
const repair = (desk: HazardDesk): void => {
  const { owner, status } = desk.state()
  if (owner === null || (status !== 'accepted' && status !== 'rectifying') || desk.state().colour === 'red') return
  repairs += 1
  desk.run(person(owner), { type: 'explain', ...causes })
  desk.run(person('lead'), { type: 'explain', ...causes })
  showsRepair(desk, `r${repairs}`)
  desk.run(person(owner), desk.state().colour === 'blue' ? { type: 'submit' } : signature)
  if (desk.state().status === 'verifying') judged(desk)
}
