import { expect, test } from 'vitest'
import { minutes, seconds } from '../../src/lib/clock.ts'
import { because, commandsOf, eventsOf } from './desk.ts'
import { goOn, type PermitDesk, permitAt, type Wish } from './permit-desk.ts'
import { middle, north, permitPlant, pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const one = sampleOf('hot', 'one')
/** A permit that waits for its approver at the work point. */
const atApprover = (wish: Wish = {}): PermitDesk => {
  const desk = permitAt('signing', { sample: one, ...wish })
  desk.do('wang', { type: 'sign' })
  desk.do('areaOwner', { type: 'sign', pin })
  desk.do('officerA', { type: 'sign', pin })
  return desk
}
const approves = (desk: PermitDesk, change: Readonly<Record<string, string>> = {}) =>
  desk.by('safetyDirector', { type: 'sign', ...desk.proof(), ...change })

test('nodes are signed in their order: whoever comes later, earlier, again or not at all is not asked now', () => {
  const desk = permitAt('signing', { sample: one })
  for (const who of ['areaOwner', 'officerA', 'safetyDirector', 'bystander', 'head', 'principal'])
    expect(because(desk.by(who, { type: 'sign', ...desk.proof() })), who).toBe('nothing-to-sign')
  desk.do('wang', { type: 'sign' })
  expect(because(desk.by('wang', { type: 'sign' }))).toBe('nothing-to-sign')
  expect(because(desk.by('safetyDirector', { type: 'sign', ...desk.proof() }))).toBe('nothing-to-sign')
  expect(desk.state().signatures.map(({ node }) => node)).toEqual(['workLeader'])
})

test('who has a part in the job signs nothing above it, whatever roles they hold; one person signs no two nodes that check each other', () => {
  const roles = ['safetyOfficer@SH01', 'safetyDirector@SH01'] as const
  for (const [who, words] of [
    ['chen', 'applicant-signs-not'],
    ['welder', 'worker-signs-not'],
    ['guard', 'attendant-signs-not'],
  ] as const) {
    const desk = permitAt('signing', { sample: one, plant: permitPlant({ also: roles.map((role) => [who, role]) }) })
    desk.do('wang', { type: 'sign' })
    desk.do('areaOwner', { type: 'sign', pin })
    expect(because(desk.by(who, { type: 'sign', pin })), who).toBe(words)
    desk.do('officerA', { type: 'sign', pin })
    expect(because(desk.by(who, { type: 'sign', ...desk.proof() })), who).toBe(words)
  }
  const desk = atApprover({ plant: permitPlant({ also: [['officerA', 'safetyDirector@SH01']] }) })
  expect(because(desk.by('officerA', { type: 'sign', ...desk.proof() }))).toBe('signed-already')
})

test('an administrator signs nothing, not even with the role', () => {
  const desk = atApprover({ plant: permitPlant({ also: [['admin', 'safetyDirector@SH01']] }) })
  expect(because(desk.by('admin', { type: 'sign', ...desk.proof() }))).toBe('administrators-do-not-act')
})

test('from the office it is refused, kindly: no code, no position, and the clause that sends the approver to the site', () => {
  const desk = atApprover()
  const refused = (change: Readonly<Record<string, string>>) => approves(desk, change).decision
  expect(refused({ digits: '' })).toMatchObject({
    because: 'code-wanted',
    values: { place: 'P-301 出口' },
    clause: { standard: 'GB 30871', clause: '4.11' },
  })
  expect(refused({ position: '' })).toMatchObject({ because: 'position-wanted', clause: { clause: '4.11' } })
  expect(refused({ position: desk.position(north(900)) })).toMatchObject({ because: 'not-at-site', clause: { clause: '4.11' } })
  expect(desk.state().status).toBe('signing')
})

test.each([
  ['on the fence', 50, 0, 'accepted signed'],
  ['51 m away', 51, 0, 'not-at-site'],
  ['60 m away by a phone that is 10 m off', 60, 10, 'accepted signed'],
  ['61 m away by a phone that is 10 m off', 61, 10, 'not-at-site'],
  ['a phone that is 100 m off', 150, 100, 'accepted signed'],
  ['a phone that is more than 100 m off', 0, 101, 'position-vague'],
] as const)('%s', (_, metres, accuracy, words) => {
  const desk = atApprover()
  expect(because(approves(desk, { position: desk.position(north(metres), accuracy) }))).toBe(words)
})

test.each([
  ['two minutes old', seconds(120), 'accepted signed'],
  ['a moment older', seconds(120) + 1, 'position-old'],
  ['a minute ahead of ours', -seconds(60), 'accepted signed'],
  ['further ahead', -seconds(60) - 1, 'position-old'],
] as const)('a position that is %s', (_, age, words) => {
  const desk = atApprover()
  expect(because(approves(desk, { position: desk.position(middle, 10, age) }))).toBe(words)
})

test.each([
  '30.72,121.33',
  '30.72,121.33,10',
  'x,y,10,1790000000000',
  '91,121.33,10,1790000000000',
  '30.72,181,10,1790000000000',
  '30.72,121.33,-1,1790000000000',
])('%s is no position', (position) => {
  expect(because(approves(atApprover(), { position }))).toBe('position-wanted')
})

test('the code changes every minute; the one before still counts, older ones do not, nor does that of another permit', () => {
  const desk = atApprover()
  const code = desk.digits()
  desk.passes(minutes(2))
  expect(because(approves(desk, { digits: code }))).toBe('accepted code-wrong')
  const fresh = desk.digits()
  desk.passes(minutes(1))
  const other = permitAt('signing', { number: 2 })
  other.passes(minutes(3))
  expect(because(approves(desk, { digits: other.digits() }))).toBe('accepted code-wrong')
  expect(because(approves(desk, { digits: fresh }))).toBe('accepted signed')
})

test('who is not of the job is shown no code', () => {
  const desk = permitAt('signing')
  for (const who of ['safetyDirector', 'officerA', 'areaOwner', 'bystander'])
    expect(because(desk.by(who, { type: 'showCode' }))).toBe('crew-only')
})

test.each(['digits', 'pin'] as const)('five wrong %s in a row close signing here to that person, right ones included', (what) => {
  const desk = atApprover()
  for (let turn = 0; turn < 5; turn += 1) {
    const wrong = approves(desk, { [what]: what === 'pin' ? '111222' : 'abcdef' })
    expect(eventsOf(wrong)).toEqual(['proofFailed'])
    expect(commandsOf(wrong).map(({ workflow, command }) => [workflow, command.type])).toEqual(
      what === 'pin' ? [['pin', 'noteWrong']] : [],
    )
  }
  expect(because(approves(desk))).toBe('too-many-wrong')
  expect(desk.state().status).toBe('signing')
})

test('a right signature forgets the wrong tries before it', () => {
  const desk = atApprover()
  for (let turn = 0; turn < 4; turn += 1) approves(desk, { pin: '111222' })
  expect(because(approves(desk))).toBe('accepted signed')
  expect(desk.state().wrong).toEqual({})
})

test('without a PIN, with none set, or while it is locked nobody signs', () => {
  const desk = atApprover()
  expect(because(approves(desk, { pin: '' }))).toBe('pin-wanted')
  const mine = desk.rows.find(({ name, key }) => name === 'pin' && key === 'safetyDirector')
  if (!mine) throw new Error('everybody has a PIN')
  const until = (ms: number) => ({
    ...mine,
    note: JSON.stringify({ ...JSON.parse(mine.note), until: new Date(desk.now().getTime() + ms).toISOString() }),
  })
  desk.put('pin', until(1))
  expect(because(approves(desk))).toBe('pin-locked')
  desk.put('pin', until(0))
  expect(because(approves(desk))).toBe('accepted signed')
  const none = atApprover()
  none.put('pin')
  expect(because(approves(none))).toBe('no-pin')
})

test('the signature says who, when, where and by what', () => {
  const desk = atApprover()
  desk.do('safetyDirector', { type: 'sign', ...desk.proof(), position: desk.position(north(20), 12) })
  const at = desk.now().toISOString()
  expect(desk.state().signatures.at(-1)).toMatchObject({
    ...{ node: 'approver', by: 'safetyDirector', at, factor: 'pin' },
    proof: { how: 'code', lat: north(20).lat, lng: north(20).lng, accuracy: 12, at },
  })
})

test('whoever is asked may send it back with a reason, and nobody else; it is over then, and applied for anew', () => {
  const desk = atApprover()
  for (const who of ['officerA', 'wang', 'bystander'])
    expect(because(desk.by(who, { type: 'sendBack', reason: '措施不足' }))).toBe('nothing-to-sign')
  expect(because(desk.by('safetyDirector', { type: 'sendBack', reason: ' ' }))).toBe('reason-wanted')
  desk.do('safetyDirector', { type: 'sendBack', reason: '措施不足' })
  expect([desk.state().status, desk.state().ending]).toEqual(['rejected', '措施不足'])
  expect(because(desk.by('safetyDirector', { type: 'sign', pin }))).toBe('not-in-this-state')
  const again = commandsOf(desk.do('chen', { type: 'reissue' }))
  expect(again).toMatchObject([{ workflow: 'permit', subject: null, command: { type: 'applyAgain', by: 'chen' } }])
})

test('the ticket is checked by the shift leader before the start, with a PIN, at no work point', () => {
  const desk = goOn(atApprover(), 'issued', 'issued')
  expect(because(desk.by('prodLead', { type: 'sign', pin }))).toBe('nothing-to-sign')
  desk.do('safetyDirector', { type: 'sign', ...desk.proof() })
  expect(because(desk.by('prodLead', { type: 'sign', pin: '' }))).toBe('pin-wanted')
  expect(because(desk.by('prodLead', { type: 'sign', pin }))).toBe('accepted signed')
  expect(desk.state().status).toBe('issued')
})

test('the briefing is signed by each in their own name, and the leader alone gives it', () => {
  const desk = permitAt('briefing')
  expect(because(desk.by('welder', { type: 'receiveBriefing' }))).toBe('not-briefed-yet')
  for (const who of ['chen', 'welder', 'officerA']) expect(because(desk.by(who, { type: 'brief' }))).toBe('leader-only')
  desk.do('wang', { type: 'brief' })
  expect(because(desk.by('wang', { type: 'brief' }))).toBe('briefed-already')
  expect(because(desk.by('chen', { type: 'receiveBriefing' }))).toBe('not-asked')
  desk.do('welder', { type: 'receiveBriefing' })
  expect(because(desk.by('welder', { type: 'receiveBriefing' }))).toBe('not-asked')
  expect(desk.state().status).toBe('briefing')
})
