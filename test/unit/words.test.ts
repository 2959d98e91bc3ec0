import { expect, test } from 'vitest'
import { commonText } from '../../src/cards/text/common.ts'
import { hazardText } from '../../src/cards/text/hazard.ts'
import { fill, speakValues, spokenTime } from '../../src/cards/words.ts'
import { createRegistry, type Registered } from '../../src/engine/registry.ts'
import type { Because } from '../../src/evidence/intake.ts'
import { colours, hazardSla } from '../../src/rules/sla.ts'
import { argument, isCall, nameOf, placeOf, type Source, sourcesUnder, textsOf } from './architecture-sources.ts'

type Group = 'refusals' | 'say' | 'notices' | 'acts'
type Used = { readonly key: string; readonly group: Group; readonly where: string }

/** The functions whose argument is a key of words, which argument it is, and in which group the words stand. */
const calls: readonly (readonly [string, number, Group])[] = [
  ['refuse', 0, 'refusals'],
  ['accept', 2, 'say'],
  ['ask', 1, 'say'],
  ['tell', 1, 'notices'],
  ['act', 0, 'acts'],
]

const usedIn = (source: Source): readonly Used[] =>
  source.nodes.flatMap((node): readonly Used[] => {
    const where = placeOf(source, node)
    const called = calls
      .filter(([name]) => isCall(node, name))
      .flatMap(([, index, group]) => textsOf(argument(node, index)).map((key) => ({ key, group, where })))
    const isWords =
      node.type === 'Property' &&
      nameOf(node.key) === 'words' &&
      /kind: 'notify'/.test(source.text.slice(node.start - 120, node.end))
    return [...called, ...(isWords ? textsOf(node.value).map((key) => ({ key, group: 'notices' as const, where })) : [])]
  })

const sources = sourcesUnder('src/workflows')

test.each([
  ['hazard', 60, ['photo-*', 'progress-*']],
  ['link', 20, []],
  ['permit', 60, ['certificate-*', 'gas-*', 'gate-*', 'photo-*']],
  ['pin', 6, []],
  ['halt', 5, []],
])('every refusal, answer, notice and act of %s has its words', (name, atLeast, joined) => {
  const words = createRegistry().get(name)?.words as Registered['words']
  const used = sources.filter(({ path }) => path.startsWith(`src/workflows/${name}/`)).flatMap(usedIn)
  expect(used.length).toBeGreaterThanOrEqual(atLeast)
  const missing = used.filter(({ key, group }) => (key.endsWith('*') ? false : !Object.hasOwn(words[group], key)))
  expect(missing).toEqual([])
  expect([...new Set(used.flatMap(({ key }) => (key.endsWith('*') ? [key] : [])))].sort()).toEqual(joined)
})

test('every word that workflows can refuse or answer with is used somewhere, so that none is stale', () => {
  const engine = sourcesUnder('src/engine').flatMap(usedIn)
  for (const name of ['hazard', 'link']) {
    const words = createRegistry().get(name)?.words as Registered['words']
    const used = [...sources.filter(({ path }) => path.startsWith(`src/workflows/${name}/`)).flatMap(usedIn), ...engine]
    for (const group of ['refusals', 'say'] as const)
      for (const key of Object.keys(words[group]))
        expect(
          used.filter((one) => one.group === group && (one.key === key || inVariable.has(key))),
          `${name} ${group} ${key}`,
        ).not.toEqual([])
  }
})

/** Words chosen into a variable before they are said. */
const inVariable = new Set([
  'added',
  'added-in-part',
  'verified',
  ...['send-before', 'send-during', 'send-photos', 'send-report'],
  ...['before-added', 'during-added', 'evidence-added', 'report-added'],
])
test('words that are chosen into a variable are there', () => {
  for (const key of inVariable) expect(Object.keys(hazardText.say)).toContain(key)
})

test('each reason for which a photo is refused is worded', () => {
  const reasons: Readonly<Record<Because | 'unavailable', true>> = {
    'not-an-image': true,
    corrupt: true,
    'too-many-pixels': true,
    heic: true,
    'too-large': true,
    'unsupported-format': true,
    unavailable: true,
  }
  for (const reason of [...Object.keys(reasons), 'not-a-photo'])
    expect(Object.keys(hazardText.notices)).toContain(`photo-${reason}`)
})

test('however far a case has come, its reporter can be told', () => {
  for (const kind of ['unanswered', 'assigned', 'listed', 'rectifying', 'deferred', 'verifying', 'verified', 'going-on'])
    expect(Object.keys(hazardText.notices)).toContain(`progress-${kind}`)
})

test('every role of the ladder, every colour and every status has a name', () => {
  for (const { role } of hazardSla.ladder) expect(Object.keys(hazardText.roles)).toContain(role)
  for (const role of ['safetyOfficer', 'administrator', 'deptHead']) expect(Object.keys(hazardText.roles)).toContain(role)
  expect(Object.keys(hazardText.colours)).toEqual([...colours])
  expect(Object.keys(commonText.link.status)).toEqual(['waiting', 'coded', 'claimed', 'linked', 'denied'])
})

/** The gaps that each group of words may have, because these are the values that come with them. */
const gaps: Readonly<Record<string, readonly string[]>> = {
  refusals: ['code', 'name', 'at', 'act', 'employeeNo', 'missing', 'section', 'most', 'days', 'into'],
  say: ['code', 'name', 'most', 'missing', 'into', 'at'],
  notices: ['code', 'role', 'name', 'connection', 'at', 'reason', 'from', 'area', 'count', 'person', 'by'],
}
test('words have no gap that nothing fills, and no refusal is without words or ends in silence', () => {
  for (const [name, words] of [['hazard', hazardText] as const, ['link', commonText.link] as const])
    for (const group of ['refusals', 'say', 'notices'] as const)
      for (const [key, text] of Object.entries(words[group])) {
        const found = [...text.matchAll(/\{(\w+)\}/g)].map(([, gap]) => gap)
        expect(
          found.every((gap) => gaps[group]?.includes(gap ?? '')),
          `${name} ${group} ${key}: ${found.join()}`,
        ).toBe(true)
        expect(text.trim().length, key).toBeGreaterThan(0)
      }
})

test('gaps are filled once, and a gap without a value stays visible', () => {
  expect(fill('{code} 由{name}处理', { code: 'YH-1', name: '{code}' })).toBe('YH-1 由{code}处理')
  expect(fill('{code}', {})).toBe('{code}')
})

test('times are spoken in the zone of the site: the hour today, with the day otherwise', () => {
  const now = new Date('2026-11-24T15:59:00Z')
  expect(spokenTime('2026-11-24T07:40:00Z', now, 'Asia/Shanghai')).toBe('15:40')
  expect(spokenTime('2026-11-23T15:59:59Z', now, 'Asia/Shanghai')).toBe('11-23 23:59')
  expect(spokenTime('2026-11-24T16:00:00Z', now, 'Asia/Shanghai')).toBe('11-25 00:00')
  expect(spokenTime('2026-11-24T16:00:00Z', now, 'UTC')).toBe('16:00')
  expect(speakValues({ at: '2026-11-24T07:40:00Z', name: '李娜' }, now, 'Asia/Shanghai')).toEqual({ at: '15:40', name: '李娜' })
  expect(speakValues({ name: '李娜' }, now, 'Asia/Shanghai')).toEqual({ name: '李娜' })
})
