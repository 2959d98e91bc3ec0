import { expect, test } from 'vitest'
import { verdictText } from '../../src/cards/text/verdict.ts'
import type { Plant, PlantArea } from '../../src/workflows/workflow.ts'
import { begun, type Hall, shown, signs, system, wide } from './verdict-desk.ts'

const center = { lat: 30.7203, lng: 121.3301 }
const fenced = (more: Partial<PlantArea> = { center, radiusMetres: 40 }): Plant => {
  const plant = wide()
  return { ...plant, areas: plant.areas.map((area) => (area.id === 'pump-3' ? { ...area, ...more } : area)) }
}
const seen = { likeness: '0123456789abcdef', print: 'a5'.repeat(32) }
/** A print of which so many bits are others. */
const apart = (bits: number) => ({
  likeness: 'fedcba9876543210',
  print: [...seen.print].map((digit, at) => (at < bits ? (Number.parseInt(digit, 16) ^ 1).toString(16) : digit)).join(''),
})
/** Ten in the morning of the plant, as the desk's clock stands. */
const good = { takenAt: '2026-11-24T10:05:00', ...center, datum: 'WGS-84' }
const north = (metres: number): number => center.lat + metres / 111_195

const store = (hall: Hall, file: string, more: object) =>
  hall.must(system, { type: 'storePhoto', file, original: `o-${file}`, watermarked: 'w', thumbnail: 't', ...more } as never)
const repaired = (plant: Plant = fenced()): Hall => {
  const hall = shown(begun({ plant }))
  store(hall, 'fil_before0', { exif: null, look: seen })
  return hall
}
const checksOf = (exif: object | null, plant: Plant = fenced(), look: object | null = apart(30)) => {
  const hall = repaired(plant)
  store(hall, 'fil_after0', { exif, look })
  return hall.state().files.find(({ id }) => id === 'fil_after0')?.checks
}

test.each([
  ['all in order', good, undefined],
  ['a quarter of an hour before the repair began, by the camera’s clock', { ...good, takenAt: '2026-11-24T09:45:00' }, undefined],
  ['before that', { ...good, takenAt: '2026-11-24T09:44:59' }, ['time-before']],
  ['a quarter of an hour after it came', { ...good, takenAt: '2026-11-24T10:15:00' }, undefined],
  ['after that', { ...good, takenAt: '2026-11-24T10:15:01' }, ['time-ahead']],
  ['the same instant in another zone', { ...good, takenAt: '2026-11-24T02:05:00', offset: '+00:00' }, undefined],
  ['hours earlier in another zone', { ...good, offset: '+14:00' }, ['time-before']],
  ['no time', { ...good, takenAt: null }, ['no-time']],
  ['a time that is none', { ...good, takenAt: 'yesterday', offset: '+08:00' }, ['no-time']],
  ['no position', { ...good, lat: null, lng: null }, ['no-place']],
  ['half a position', { ...good, lng: null }, ['no-place']],
  ['a position that is nowhere', { ...good, lat: 91 }, ['no-place']],
  ['at the edge of area and accuracy', { ...good, lat: north(89) }, undefined],
  ['beyond it', { ...good, lat: north(91) }, ['outside']],
  ['beyond it, as exact as it says', { ...good, lat: north(60), accuracyMetres: 10 }, ['outside']],
  ['nothing at all, as chats leave it', null, ['no-time', 'no-place']],
])('what the camera wrote is a hint for the verifiers: %s', (_, exif, checks) => {
  expect(checksOf(exif)).toEqual(checks)
})

test('what cannot be checked is said, and is never in order', () => {
  expect(checksOf(good, wide())).toEqual(['no-fence'])
  expect(checksOf(good, fenced({ center }))).toEqual(['no-fence'])
  expect(checksOf(good, fenced(), null)).toEqual(['blank'])
})

const factFor = (hall: Hall): string | undefined => {
  const { who, task } = hall.judge('A')
  const facts = hall.card(task, 'person' in who ? who.person : '').facts
  return facts.find(({ label }) => label === verdictText.facts.checks)?.value
}
const judged = (hall: Hall): Hall => {
  signs(hall)
  hall.delivers()
  for (const file of ['fil_before0', 'fil_after0']) {
    hall.must(system, { type: 'storeBlind', file, watermarked: 'bw', thumbnail: 'bt' })
    hall.delivers()
  }
  return hall
}

test.each([
  [38, undefined],
  [39, '与整改前相似 84%（不足 85%）'],
  [64, '与整改前相似 75%（不足 85%）'],
])('the same scene is shown from 85 % on; with %d of 256 bits others the verifiers read %s', (bits, words) => {
  const hall = repaired()
  store(hall, 'fil_after0', { exif: good, look: apart(bits) })
  expect(factFor(judged(hall))).toBe(words)
})

test('verifiers read everything that is to be looked at, and nothing of it decides: both may pass', () => {
  const hall = repaired(wide())
  store(hall, 'fil_after0', { exif: null, look: null })
  judged(hall)
  expect(factFor(hall)).toBe('无法比对是否同一位置；1 张画面无法比对；1 张无定位；1 张无拍摄时间')
  for (const letter of ['A', 'B'] as const) {
    const { who, task } = hall.judge(letter)
    hall.must(who, { type: 'pass' }, task)
    hall.delivers()
  }
  expect(hall.state().status).toBe('closed')
})

test('a picture that is developed while the verifiers are waiting brings its hints along', () => {
  const hall = repaired()
  signs(hall)
  hall.delivers()
  expect(factFor(hall)).toBeUndefined()
  store(hall, 'fil_after0', { exif: null, look: apart(20) })
  hall.must(system, { type: 'storeBlind', file: 'fil_after0', watermarked: 'bw', thumbnail: 'bt' })
  hall.delivers()
  expect(factFor(hall)).toBe('1 张无定位；1 张无拍摄时间')
})

test('the hints name nobody and no place', () => {
  const hall = judged(
    (() => {
      const one = repaired()
      store(one, 'fil_after0', { exif: { ...good, lat: north(500) }, look: apart(100) })
      return one
    })(),
  )
  expect(factFor(hall)).toBe('1 张不在隐患区域内；与整改前相似 75%（不足 85%）')
  expect(JSON.stringify(hall.verdict(hall.judge('A').task).checks)).toBe(
    '[{"check":"outside","value":1},{"check":"scene","value":75}]',
  )
})
