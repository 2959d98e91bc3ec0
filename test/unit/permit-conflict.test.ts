import { expect, test } from 'vitest'
import { because } from './desk.ts'
import { type PermitDesk, permitAt, rowsOf, type Wish } from './permit-desk.ts'
import { north } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const submit = (desk: PermitDesk) => desk.by('chen', { type: 'submit' })
const refused = (wish: Wish) => submit(permitAt('filled', wish)).decision
const filled = (wish: Wish): PermitDesk => permitAt('filled', wish)

/** A permit of others in the same area, as they published it. */
const other = (wish: Wish & { readonly stage?: Parameters<typeof permitAt>[0] }) =>
  rowsOf(permitAt(wish.stage ?? 'jsa', { number: 2, ...wish }))
const plate = { ...sampleOf('blindPlate'), answers: { ...sampleOf('blindPlate').answers, riskArea: '是' } }
const spot = (metres: number) => ({ lat: String(north(metres).lat), lng: String(north(metres).lng) })

test('two works that exclude each other: the second stays locked, both leaders are told, and the other permit is named with its clause', () => {
  const desk = filled({ rows: other({ sample: plate }), form: { coordinator: '名officerA' } })
  const result = submit(desk)
  expect(result.decision).toMatchObject({
    kind: 'accepted',
    say: { words: 'conflict', values: { leader: '名wang', metres: '0' } },
  })
  expect(result.decision.kind === 'accepted' && result.decision.say?.values.rule).toContain('7.6')
  expect([desk.state().status, desk.state().conflict?.leader]).toEqual(['draft', 'wang'])
  expect(result.effects).toContainEqual(expect.objectContaining({ kind: 'showCard', duty: 'conflict' }))
  expect(result.effects).toContainEqual(
    expect.objectContaining({
      kind: 'command',
      subject: 'per_0000000000000000000000002',
      command: expect.objectContaining({ type: 'noteConflict' }),
    }),
  )
})

test('30 m is within, 31 m is not; not at the same time is no conflict; one job is none where the rule spares it', () => {
  const at = (metres: number, more: Readonly<Record<string, string>> = {}) =>
    because(
      submit(filled({ rows: other({ sample: plate, form: { area: 'yard', ...spot(0) } }), form: { ...spot(metres), ...more } })),
    )
  expect(at(29.9)).toBe('accepted conflict')
  expect(at(30.2)).toBe('accepted submitted')
  expect(at(5, { from: '2026-11-25T00:00:00.000Z' })).toBe('accepted submitted')
  expect(at(5, { from: '2026-11-24T08:00:00.000Z', hours: '2' })).toBe('accepted submitted')
})

test('a permit that is over or was never submitted takes up no place', () => {
  for (const stage of ['filled', 'accepted'] as const)
    expect(because(submit(filled({ rows: other({ sample: plate, stage }) }))), stage).toBe('accepted submitted')
})

test('any two works in one area want one coordinator, who is named', () => {
  const rows = other({ sample: sampleOf('height', 'I') })
  const alone = refused({ sample: sampleOf('roadClosure'), rows })
  expect(alone).toMatchObject({ kind: 'refused', because: 'coordinator-wanted', clause: { clause: '4.7' } })
  expect(refused({ sample: sampleOf('roadClosure'), rows, form: { coordinator: '名officerA' } }).kind).toBe('accepted')
})

test('more works than can be judged at one place are not judged, and so not let in', () => {
  const [row] = other({ sample: plate }).filter(({ name }) => name === 'permit-place')
  if (!row) throw new Error('a submitted permit takes up its place')
  const many = Array.from({ length: 500 }, (_, n) => ({ ...row, subject: `per_${n}` }))
  expect(refused({ rows: many })).toMatchObject({ because: 'cannot-judge-place' })
})
