import { expect, test } from 'vitest'
import { days, later } from '../../src/lib/clock.ts'
import { photoRows } from '../../src/workflows/hazard/photo-twins.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import { because, evidence, noticesOf, person } from './hazard-desk.ts'
import { begun, type Hall, hazardId, shown, system } from './verdict-desk.ts'

const start = new Date('2026-11-24T02:00:00.000Z')
const likeness = '0123456789abcdef'
const print = 'a5'.repeat(32)
/** The same hash with its first bits turned over, spread as widely as can be: one bit in each hex digit. */
const turned = (hash: string, bits: number): string =>
  [...hash].map((digit, at) => (at < bits ? (Number.parseInt(digit, 16) ^ 1).toString(16) : digit)).join('')
const look = (bits = 0, fine = 0) => ({ likeness: turned(likeness, bits), print: turned(print, fine) })

/** A picture of another case in the index, as that case publishes it. */
const published = (
  more: { readonly original?: string; readonly look?: ReturnType<typeof look> | null; readonly ago?: number } = {},
): readonly FoundRow[] => {
  const file = {
    id: 'fil_theirs',
    state: 'stored',
    original: more.original ?? 'theirs',
    look: more.look === undefined ? look() : more.look,
  }
  const at = later(start, -days(more.ago ?? 1)).toISOString()
  const state = { files: [{ ...file, at }] } as unknown as Parameters<typeof photoRows>[0]
  return photoRows(state).map((row) => ({ ...row, subject: 'haz_another' }))
}

const store = (hall: Hall, file: string, original: string, as: ReturnType<typeof look> | null) =>
  hall.must(system, { type: 'storePhoto', file, original, watermarked: 'w', thumbnail: 't', exif: null, look: as })
const fileOf = (hall: Hall, id: string) => hall.state().files.find((one) => one.id === id)
const repaired = (rows: readonly FoundRow[] = []): Hall => shown(begun({}, { rows }))

test.each([
  ['the very same bytes', { original: 'mine', look: null }, null],
  ['the same picture, sent through another chat', { look: look(3, 12) }, look()],
  ['the same picture on the last of 180 days', { ago: 180 }, look()],
] as const)('a picture of the repair that another case has already is refused: %s', (_, theirs, mine) => {
  const hall = repaired(published(theirs))
  const result = store(hall, 'fil_after0', 'mine', mine)
  expect(fileOf(hall, 'fil_after0')).toMatchObject({ state: 'refused', because: 'seen-before' })
  expect(noticesOf(result)).toEqual(['fitter photo-seen-before'])
  expect(hall.events('photoRefused')).toMatchObject([{ twin: ['haz_another', 'fil_theirs'], original: 'mine' }])
  expect(because(hall.run(person('fitter'), { type: 'submit' }))).toBe('evidence-missing')
})

test.each([
  ['taken anew: alike, and no copy', { look: look(3, 13) }, ['alike']],
  ['another picture', { look: look(16, 60) }, []],
  ['older than 180 days', { ago: 181 }, []],
] as const)('a picture of the repair is taken: %s', (_, theirs, checks) => {
  const hall = repaired(published(theirs))
  store(hall, 'fil_after0', 'mine', look())
  expect(fileOf(hall, 'fil_after0')).toMatchObject({ state: 'stored', look: look() })
  expect(fileOf(hall, 'fil_after0')?.checks?.filter((one) => one === 'alike')).toEqual(checks)
})

test('what shows the hazard, or the repair under way, is compared with no other case: two reports may show one corner', () => {
  const hall = repaired(published())
  store(hall, 'fil_before0', 'theirs', look())
  store(hall, 'fil_during0', 'theirs', look())
  expect([fileOf(hall, 'fil_before0'), fileOf(hall, 'fil_during0')]).toMatchObject([{ state: 'stored' }, { state: 'stored' }])
})

test('the picture of before in other compression shows no repair, whichever is developed first', () => {
  for (const order of [
    ['fil_before0', 'fil_after0'],
    ['fil_after0', 'fil_before0'],
  ]) {
    const hall = repaired()
    for (const [n, file] of order.entries()) store(hall, file, `bytes of ${file}`, look(n, 12 * n))
    expect(fileOf(hall, 'fil_after0')).toMatchObject({ state: 'refused', because: 'same-as-before' })
    expect(fileOf(hall, 'fil_before0')?.state).toBe('stored')
  }
})

test('the same picture of the repair twice in one case is one proof, not a copy from elsewhere', () => {
  const hall = repaired()
  hall.must(person('fitter'), evidence('fil_again'))
  store(hall, 'fil_after0', 'mine', look())
  store(hall, 'fil_again', 'mine', look())
  expect([fileOf(hall, 'fil_after0'), fileOf(hall, 'fil_again')]).toMatchObject([{ state: 'stored' }, { state: 'stored' }])
})

test('where more pictures are found than are compared, the verifiers are told', () => {
  const rows = Array.from({ length: 50 }, (_, n) =>
    published({ look: look(16, 60) }).map((row) => ({ ...row, subject: `haz_${n}` })),
  ).flat()
  const crowded = rows.map((row) => (row.key.startsWith('band0') ? { ...row, key: 'band0:0123' } : row))
  const hall = repaired(crowded)
  store(hall, 'fil_after0', 'mine', look())
  expect(fileOf(hall, 'fil_after0')?.checks).toContain('many')
})

test('a picture stands in the index by four bands, or by its bytes where nothing can be compared; two of one case share a row; what is refused or of an earlier release stands nowhere', () => {
  const hall = repaired()
  store(hall, 'fil_before0', 'one', look())
  store(hall, 'fil_during0', 'two', look(1))
  const rows = hall.index(hazardId).filter(({ name }) => name === 'photo')
  expect(rows.map(({ key, weight }) => `${key} ${weight}`).sort()).toEqual([
    'band0:0123 1',
    'band0:1123 1',
    'band1:4567 2',
    'band2:89ab 2',
    'band3:cdef 2',
  ])
  hall.must(system, { type: 'storePhoto', file: 'fil_after0', original: 'three', watermarked: 'w', thumbnail: 't', exif: null })
  expect(hall.index(hazardId).filter(({ name }) => name === 'photo')).toHaveLength(5)
  const blank = repaired()
  store(blank, 'fil_before0', 'one', null)
  expect(blank.index(hazardId).filter(({ name }) => name === 'photo')).toMatchObject([{ key: 'is:one', note: 'fil_before0' }])
})
