import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DrawEntry, replayDraws } from '../../src/cli/draw-replay.ts'
import { hmacSha256, sha256 } from '../../src/lib/crypto.ts'
import { lotOf, lotOn, pickByWeight } from '../../src/lib/lots.ts'
import {
  drawLabel,
  eligibleEngineers,
  eligibleOfficers,
  fallsOn,
  firstFallsOn,
  hashOfPool,
  withLoads,
} from '../../src/workflows/hazard/draw.ts'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { Candidate, DrawnSeat } from '../../src/workflows/hazard/proof.ts'
import type { Facts, FoundRow, Plant } from '../../src/workflows/workflow.ts'
import {
  begun,
  createHall,
  evidence,
  fitter,
  type Hall,
  hazardId,
  person,
  plantWith,
  report,
  secret,
  shown,
  underVerification,
  wide,
} from './verdict-desk.ts'

type DrawnEvent = {
  readonly seats: readonly DrawnSeat[]
  readonly epoch: string
  readonly commitment: string
  readonly blindness: string
}

const at = new Date('2026-11-24T02:00:00.000Z')
const row = (name: string, key: string, subject: string, when = at): FoundRow => ({
  name,
  key,
  subject,
  at: when.toISOString(),
  weight: 1,
  note: '',
})
const factsFor = (plant: Plant, rows: readonly FoundRow[] = []): Facts => ({
  at,
  actor: { kind: 'system' },
  arrival: 'a',
  subject: hazardId,
  code: null,
  oneTimeCode: '',
  keyed: () => '',
  draw: (label) => lotOn(secret, at, hazardId, label),
  plant,
  read: ({ name, key, from = '', most = 200 }) =>
    rows.filter((one) => one.name === name && one.key === key && one.at >= from).slice(0, most),
  count: () => 0,
})

const everyone = ['officer1', 'officer2', 'officer3', 'officer4', 'officerA', 'officerB']
const handedIn = (): HazardState => shown(begun()).state()
const pool = (state: HazardState, plant: Plant = wide(), rows: readonly FoundRow[] = []) =>
  eligibleOfficers(state, factsFor(plant, rows))

test('officers of other teams may be drawn; the rectifier’s team may not', () => {
  expect(pool(handedIn())).toEqual(everyone)
  expect(plantWith().holders('safetyOfficer', 'SH01')).toContain('officerProd')
})

const without = (...gone: readonly string[]): readonly string[] => everyone.filter((id) => !gone.includes(id))

test.each([
  ['officers out of reach', {}, wide({ unreachable: ['officer1'] }), ['officer1']],
  ['officers who left', {}, wide({ inactive: ['officer2'] }), ['officer2']],
  [
    'the reporter',
    { reporter: { person: 'officer1', name: 'x', account: { connection: 'c', account: 'a' }, conversation: '' } },
    wide(),
    ['officer1'],
  ],
  ['former owners', { formerOwners: ['officer1', 'officer2'] }, wide(), ['officer1', 'officer2']],
  ['the owner before', { previousOwner: { person: 'officer3', at: '' } }, wide(), ['officer3']],
  ['who signed for the area', { confirming: ['officer4'] }, wide(), ['officer4']],
  [
    'who was called for the case',
    { called: [{ rung: 0, role: 'teamLead', persons: ['officer1'], at: '' }] },
    wide(),
    ['officer1'],
  ],
  ['who declared an interest', { conflicts: ['officer2'] }, wide(), ['officer2']],
  ['whom no message reached', { unreached: ['officerB'] }, wide(), ['officerB']],
  ['who leads the rectifier’s team', {}, wide({ also: [['officer1', 'teamLead@prod']] }), ['officer1']],
  ['whose team the rectifier leads', {}, wide({ also: [['fitter', 'teamLead@team1']] }), ['officer1']],
  ['who heads the department', {}, wide({ also: [['officer2', 'deptHead@SH01']] }), ['officer2']],
] as const)('the pool leaves out %s', (_, change, plant, gone) => {
  expect(pool({ ...handedIn(), ...(change as Partial<HazardState>) }, plant)).toEqual(without(...gone))
})

test('who sent evidence once never verifies, although the case has another owner now', () => {
  const state = handedIn()
  const files = state.files.map((file) => (file.stage === 'during' ? { ...file, by: 'officer1' } : file))
  expect(pool({ ...state, files })).toEqual(without('officer1'))
})

test('a case that changed hands twice remembers both', () => {
  const hall = createHall()
  hall.must(person('welder'), report())
  for (const owner of ['officer1', 'officer2', 'fitter'])
    hall.must(person('lead'), { type: 'triage', colour: 'orange', area: 'pump-3', owner })
  hall.must(fitter, { type: 'accept', colour: '', area: '' })
  hall.must(fitter, { type: 'startRectify' })
  hall.must(fitter, evidence('fil_after0'))
  expect(pool(hall.state())).toEqual(without('officer1', 'officer2'))
})

test('whoever judged the team three times in 30 days is left out; twice, or another team, or longer ago, is not', () => {
  const times = (n: number, key: string, when = at) =>
    Array.from({ length: n }, (_, i) => row('verified', key, `vdt_${key}${i}`, when))
  const old = new Date(at.getTime() - 30 * 86_400_000 - 1)
  expect(pool(handedIn(), wide(), times(3, 'officer1:prod'))).toEqual(without('officer1'))
  expect(
    pool(handedIn(), wide(), [...times(2, 'officer1:prod'), ...times(5, 'officer1:mech'), ...times(3, 'officer2:prod', old)]),
  ).toEqual(everyone)
})

test('the duty engineer is of the first role that somebody eligible holds, and never has a hand in the case', () => {
  const state = handedIn()
  expect(eligibleEngineers(state, factsFor(wide()))).toEqual(['safetyDirector'])
  expect(eligibleEngineers(state, factsFor(wide({ also: [['worker', 'ehsDuty@SH01']] })))).toEqual(['worker'])
  expect(eligibleEngineers({ ...state, formerOwners: ['safetyDirector'] }, factsFor(wide()))).toEqual([])
})

test('what was asked of somebody lately halves their share, and the shares are kept', () => {
  const loads = withLoads(['officer1', 'officer2'], factsFor(wide(), [row('verdicts', 'officer1', 'v1')]))
  expect(loads).toEqual([
    ['officer1', 1],
    ['officer2', 0],
  ])
  const falls = Array.from({ length: 3_000 }, (_, n) => fallsOn(loads, sha256(`lot ${n}`)))
  const share = falls.filter((id) => id === 'officer2').length / falls.length
  expect(share).toBeGreaterThan(0.62)
  expect(share).toBeLessThan(0.71)
})

test('a lot falls on somebody of the pool, always the same, each by weight; on nobody where there is nobody', () => {
  const candidates = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.nat(200)), { selector: ([id]) => id, maxLength: 12 })
  fc.assert(
    fc.property(candidates, fc.string(), (list, seed) => {
      const number = sha256(seed)
      const drawn = fallsOn(list as readonly Candidate[], number)
      expect(drawn).toBe(fallsOn(list as readonly Candidate[], number))
      if (list.length === 0) expect(drawn).toBeNull()
      else expect(list.map(([id]) => id)).toContain(drawn)
    }),
    { numRuns: 200, seed: 20261124 },
  )
  expect(
    pickByWeight(
      [
        { item: 'a', weight: 1 },
        { item: 'b', weight: 3 },
      ],
      '00',
    ),
  ).toBe('a')
  expect(
    pickByWeight(
      [
        { item: 'a', weight: 1 },
        { item: 'b', weight: 3 },
      ],
      '01',
    ),
  ).toBe('b')
  expect(
    pickByWeight(
      [
        { item: 'a', weight: 1 },
        { item: 'b', weight: 3 },
      ],
      '04',
    ),
  ).toBe('a')
})

/** Written apart from the implementation, from docs/proof.md: what an auditor with the secret computes. */
const replay = (event: DrawnEvent, key: string): readonly string[] =>
  event.seats.map(({ seat, pool: of, poolHash, label, number, verifier }) => {
    const epochKey = hmacSha256(key, `draw epoch\n${event.epoch}`)
    const weights = of.map(([id, load]) => [id, BigInt(Math.floor(1_000_000 / (1 + load)))] as const)
    let rest = BigInt(`0x${number}`) % weights.reduce((sum, [, weight]) => sum + weight, 0n)
    const found = weights.find(([, weight]) => {
      rest -= weight
      return rest < 0n
    })
    const wrong = [
      hmacSha256(epochKey, `draw\n${hazardId}\n${label}`) === number ? '' : 'lot',
      sha256(`andon draw epoch\n${event.epoch}\n${epochKey}`) === event.commitment ? '' : 'commitment',
      sha256(JSON.stringify(of)) === poolHash && label.endsWith(poolHash) ? '' : 'pool',
      found?.[0] === verifier ? '' : 'verifier',
    ]
    return `${seat} ${wrong.join('')}`.trim()
  })

test('with the secret every draw of a case can be found again; with another nothing fits', () => {
  const hall = underVerification()
  const task = hall.judge('A')
  hall.must(task.who, { type: 'declare' }, task.task)
  hall.delivers()
  const events = hall.events<DrawnEvent>('verifiersDrawn')
  expect(events.map(({ seats }) => seats.length)).toEqual([2, 1])
  for (const event of events) expect(replay(event, secret)).toEqual(event.seats.map(({ seat }) => seat))
  expect(replay(events[0] as DrawnEvent, 'another')).toEqual(['A lotcommitment', 'B lotcommitment'])
})

/** A journal as the command line reads it. */
const entriesOf = (hall: Hall): readonly DrawEntry[] =>
  hall
    .journal()
    .filter(({ subject }) => subject === hazardId)
    .map(({ seq, at: when, event }) => ({ seq: Number(seq), at: String(when), event: String(event) }))

test('the command line finds each draw again, and says what does not fit', () => {
  const hall = underVerification()
  const { who, task } = hall.judge('B')
  hall.must(who, { type: 'declare' }, task)
  hall.delivers()
  const entries = entriesOf(hall)
  const replayed = replayDraws(hazardId, secret, entries)
  expect(replayed.map(({ seat, blindness, wrong }) => [seat, blindness, wrong])).toEqual([
    ['A', 'double', []],
    ['B', 'double', []],
    ['B', 'double', []],
  ])
  expect(replayed[2]?.verifier).toBe(hall.seat('B')?.verifier)
  const other = replayDraws(hazardId, 'another', entries)[0]?.wrong
  expect(other).toEqual([expect.stringContaining('commitment'), expect.stringContaining('lot is not')])
  const changed = (find: string, put: string): readonly string[] =>
    replayDraws(
      hazardId,
      secret,
      entries.map((one) => ({ ...one, event: one.event.replace(find, put) })),
    ).flatMap(({ wrong }) => wrong)
  const [seatA] = hall.events<DrawnEvent>('verifiersDrawn')[0]?.seats ?? []
  expect(changed(`"verifier":"${seatA?.verifier}"`, '"verifier":"friend"')).toContain('the lot falls on somebody else')
  expect(changed('["officer1",0],', '')).toContain('the list of candidates does not fit its hash')
  expect(changed('"epoch":"2026-11-24"', '"epoch":"2026-11-23"')).toContain('the key is of another day than the draw')
  expect(changed('\\n0\\nA\\n', '\\n7\\nA\\n')).toContain('the label is not that of this draw')
  expect(changed('"blindness":"double"', '"blindness":"none"')).toContain('the entry cannot be read')
})

test('nothing that stands in the journal before a draw tells whom it falls on', () => {
  const drawnBy = (key: string): string => {
    const list = everyone.map((id): Candidate => [id, 0])
    return String(fallsOn(list, lotOf(key, '2026-11-24', hazardId, drawLabel(0, 'A', hashOfPool(list))).number))
  }
  expect(new Set(Array.from({ length: 60 }, (_, n) => drawnBy(`secret ${n}`)))).toEqual(new Set(everyone))
  expect(lotOf(secret, '2026-11-24', hazardId, 'a').number).not.toBe(lotOf(secret, '2026-11-25', hazardId, 'a').number)
  expect(lotOf(secret, '2026-11-24', hazardId, 'a').number).not.toBe(lotOf(secret, '2026-11-24', hazardId, 'b').number)
  expect(lotOf(secret, '2026-11-24', 'haz_2', 'a').number).not.toBe(lotOf(secret, '2026-11-24', hazardId, 'a').number)
})

test('the two seats are never the same person, and a person who has been drawn is drawn again only when nobody else is left', () => {
  const hall = underVerification()
  const seen = new Set<string>()
  for (let n = 0; n < 5; n += 1) {
    const sits = hall.state().seats?.map(({ verifier }) => String(verifier)) ?? []
    expect(new Set(sits).size).toBe(2)
    for (const one of sits) seen.add(one)
    expect(seen.size, 'nobody twice while somebody is left').toBe(Math.min(6, 2 * (n + 1)))
    hall.passes(8 * 3_600_000)
    hall.strikes()
  }
  expect([...seen].sort()).toEqual(everyone)
})

test('the draws of the first release can be found again too', () => {
  const pool = ['officerA', 'officerB']
  const entry = (verifier: string | null): DrawEntry => ({
    seq: 9,
    at: '2026-11-01T00:00:00.000Z',
    event: JSON.stringify({ type: 'verifierDrawn', verifier, pool, seed: 'haz_1:c1/7:abc' }),
  })
  const right = firstFallsOn(pool, 'haz_1:c1/7:abc')
  expect(replayDraws('haz_1', secret, [entry(right)])[0]?.wrong).toEqual([])
  expect(replayDraws('haz_1', secret, [entry(pool.find((id) => id !== right) ?? '')])[0]?.wrong).toHaveLength(1)
  expect(firstFallsOn(['officerA', 'officerB'], 'haz_1:c1/7:abc')).toMatch(/^officer[AB]$/)
  expect(firstFallsOn([], 'x')).toBeNull()
})
