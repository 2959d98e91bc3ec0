import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { Effect } from '../../src/workflows/workflow.ts'
import {
  hazardDesk,
  hazardIn,
  person,
  plan,
  report,
  showsRepair,
  showsReport,
  signature,
  system,
  triage,
} from './hazard-govern-desk.ts'
import { createHall, type Hall, plantWith, wide } from './verdict-desk.ts'

/** Who was sent a card of the case itself. */
const cardsOf = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'showCard' && effect.to.kind === 'person' ? [effect.to.person] : []))
const drawn = ({ seats = [] }: HazardState): readonly (string | null)[] => seats.map(({ verifier }) => verifier)

/** A red case of fitter’s team, repaired and handed in. */
const red = (hall: Hall, informs: readonly (readonly [string, object])[] = []): readonly Effect[] => {
  const sent: Effect[] = []
  const must: Hall['must'] = (actor, command) => {
    const result = hall.must(actor, command)
    sent.push(...result.effects)
    return result
  }
  must(person('welder'), report())
  must(person('lead'), { ...triage, colour: 'red' })
  for (const [who, command] of informs) must(person(who), command as Parameters<Hall['must']>[1])
  must(person('fitter'), { type: 'accept', colour: '', area: '' })
  const desk = { ...hall, must } as unknown as Parameters<typeof showsRepair>[0]
  showsRepair(desk)
  showsReport(desk)
  must(person('fitter'), signature)
  must(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' })
  return sent
}

test('whoever was sent a card of the case, or acted in it, is drawn for no seat of it', () => {
  const hall = createHall()
  const sent = red(hall, [['officer1', { type: 'explain', root: '巡检漏项' }]])
  expect(cardsOf(sent)).toContain('safetyDirector')
  expect(hall.state().knows).toEqual(expect.arrayContaining(['safetyDirector', 'areaOwner', 'lead', 'officer1']))
  for (const id of drawn(hall.state())) expect(hall.state().knows).not.toContain(id)
  expect(hall.state()).toMatchObject({ status: 'verifying', blindness: 'double' })
})

test('an officer who heard of the grade stays out of the draw when the case moves to another team', () => {
  const hall = createHall()
  hall.must(person('welder'), report())
  hall.must(person('lead'), triage)
  expect(hall.state().knows).toContain('officerProd')
  hall.must(person('lead'), { ...triage, owner: 'worker' })
  expect(hall.state().owner).toBe('worker')
  hall.must(person('worker'), { type: 'accept', colour: '', area: '' })
  showsRepair(hall as unknown as Parameters<typeof showsRepair>[0])
  hall.must(person('worker'), signature)
  const draws = hall.events<{ readonly seats: readonly { readonly pool: readonly (readonly [string, number])[] }[] }>(
    'verifiersDrawn',
  )
  const pool = draws.flatMap(({ seats }) => seats.flatMap((seat) => seat.pool.map(([id]) => id)))
  expect(pool.length).toBeGreaterThan(2)
  expect(pool).not.toContain('officerProd')
})

test('where too few would be left, those who must be told are told without names: no reporter, no owner, no picture, no page', () => {
  const plant = plantWith({ vacant: ['safetyOfficer@SH01'], also: [['officerA', 'ehsDuty@SH01']] })
  const desk = hazardDesk({ plant })
  desk.must(person('welder'), report('名welder 看到3号泵房起火，请名fitter 处理'))
  desk.must(person('lead'), { ...triage, colour: 'red' })
  expect(desk.state()).toMatchObject({ nameless: ['safetyDirector'] })
  expect(desk.state().knows).not.toContain('safetyDirector')
  desk.must(system, { type: 'storePhoto', file: 'fil_before0', original: 'o', watermarked: 'w', thumbnail: 't', exif })
  const card = desk.card('safetyDirector')
  expect(JSON.stringify(card)).not.toMatch(/名(welder|fitter|lead)/)
  expect([card.pictures, card.page, card.form]).toEqual([[], null, []])
  expect(card.facts).toContainEqual({ label: '区域', value: '3号泵房' })
  expect(card.body).toContain('起火')
  expect(card.actions.map(({ label }) => label)).toContain('已知悉')
  expect(JSON.stringify(desk.card('areaOwner'))).toMatch(/名fitter/)
})

const exif = { takenAt: null, lat: null, lng: null, datum: null }

test('whoever was told without names and then acts in the case knows it from then on, and is left out', () => {
  const plant = plantWith({ vacant: ['safetyOfficer@SH01'], also: [['officerA', 'ehsDuty@SH01']] })
  const desk = hazardDesk({ plant })
  desk.must(person('welder'), report('3号泵房起火'))
  desk.must(person('safetyDirector'), { ...triage, colour: 'red' })
  expect(desk.state().knows).toContain('safetyDirector')
  expect(desk.state().nameless ?? []).not.toContain('safetyDirector')
  expect(JSON.stringify(desk.card('safetyDirector'))).toMatch(/名welder/)
})

test('a plant with nobody left to whom the case is new draws among those who were shown it, and the draw says that it is not double-blind', () => {
  const desk = hazardIn('listed')
  desk.must(person('officerA'), plan)
  desk.must(person('principal'), { type: 'approve' })
  desk.must(person('officerB'), { type: 'explain', root: '巡检漏项' })
  showsRepair(desk)
  showsReport(desk)
  desk.must(person('fitter'), signature)
  desk.must(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' })
  expect(desk.state()).toMatchObject({ status: 'verifying', blindness: 'single' })
})

test('whatever colours and owners a case goes through, nobody judges it who was sent one of its cards', () => {
  const owner = fc.constantFrom('fitter', 'worker', 'areaOwner', 'prodLead')
  const colour = fc.constantFrom('red', 'orange', 'yellow')
  fc.assert(
    fc.property(fc.array(fc.record({ owner, colour }), { minLength: 1, maxLength: 4 }), (grades) => {
      const hall = createHall({ plant: wide() })
      const sent: Effect[] = [...hall.must(person('welder'), report()).effects]
      for (const grade of grades) sent.push(...hall.must(person('lead'), { ...triage, ...grade }).effects)
      const by = person(hall.state().owner ?? '')
      hall.must(by, { type: 'accept', colour: '', area: '' })
      const desk = hall as unknown as Parameters<typeof showsRepair>[0]
      showsRepair(desk)
      if (hall.state().colour === 'red') showsReport(desk)
      sent.push(...hall.must(by, signature).effects)
      const confirms = { type: 'confirmRepair', reason: '本人确认' }
      if (hall.state().status === 'rectifying')
        sent.push(...hall.must(person(hall.state().confirming?.[0] ?? ''), confirms).effects)
      expect(hall.state().status).toBe('verifying')
      for (const id of drawn(hall.state())) expect(cardsOf(sent)).not.toContain(id)
    }),
    { numRuns: 60, seed: 20261124 },
  )
})
