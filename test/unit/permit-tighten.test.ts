import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { gb30871 } from '../../src/rules/permits/gb30871-2022/pack.ts'
import { looserThan } from '../../src/rules/permits/looser.ts'
import type { Overlay, WorkOverlay } from '../../src/rules/permits/overlay.ts'
import type { ChainNode, MeasureLine, WorkRules, WorkType } from '../../src/rules/permits/rule-pack.ts'
import { tightened } from '../../src/rules/permits/tighten.ts'

const rulesOf = (work: WorkType): WorkRules => {
  const rules = gb30871.works[work]
  if (!rules) throw new Error(`the pack has no ${work}`)
  return rules
}
const hot = rulesOf('hot')
const space = rulesOf('confinedSpace')
const overlay = (works: Overlay['works'], exclusions: readonly string[] = []): Overlay => ({ id: 'site@1', works, exclusions })
const onHot = (asked: WorkOverlay): WorkRules => tightened(hot, overlay({ hot: asked }))
const findings = (work: WorkType, asked: WorkOverlay) =>
  looserThan(gb30871, overlay({ [work]: asked })).map(({ what, id, because }) => `${what} ${id} ${because}`)
const node = (id: string, after: string): ChainNode & { readonly after: string } => ({
  id,
  after,
  label: '承包商安全负责人',
  role: 'safetyOfficer',
  scope: 'site',
  kind: 'review',
  clause: '自定',
})
const line = (id: string): MeasureLine => ({ id, text: '已清理周边', optional: false, clause: '自定' })

test('without an overlay, or one of another work, the rules are the pack’s own', () => {
  expect(tightened(hot, null)).toBe(hot)
  expect(tightened(hot, overlay({ height: { windForce: 4 } }))).toBe(hot)
  expect(looserThan(gb30871, overlay({}))).toEqual([])
})

test('shorter times are taken, longer ones are not, and each longer one is named', () => {
  const strict = { validity: { two: hours(24) }, sampleAge: minutes(20), retestAfter: { two: minutes(30), any: minutes(25) } }
  const loose = { validity: { one: hours(24) }, sampleAge: minutes(31), retestAfter: { two: minutes(61), any: minutes(61) } }
  expect(onHot(strict).levels[0]?.validity.most).toBe(hours(24))
  expect(onHot(strict).gas?.sampleAge.most).toBe(minutes(20))
  expect(Object.values(onHot(strict).gas?.retestAfter ?? {}).map(({ most }) => most)).toEqual([25, 25, 25].map(minutes))
  expect(findings('hot', strict)).toEqual([])
  expect(onHot(loose)).toEqual(hot)
  expect(findings('hot', loose)).toEqual([
    'validity one looser',
    'sampleAge  looser',
    'retestAfter two looser',
    'retestAfter any looser',
  ])
})

test('what is as strict as the pack is fine', () => {
  const same = {
    validity: { two: hours(72) },
    sampleAge: minutes(30),
    retestAfter: { two: minutes(60), any: minutes(60) },
    windForce: 5,
  }
  expect(findings('hot', same)).toEqual([])
  expect(findings('confinedSpace', { limits: { oxygen: { least: 19.5, most: 21 } } })).toEqual([])
})

test('a break for one level is written out beside the pack’s one for all', () => {
  const rules = tightened(space, overlay({ confinedSpace: { retestAfter: { only: minutes(10) } } }))
  expect(rules.gas?.retestAfter).toMatchObject({ any: { most: minutes(60) }, only: { most: minutes(10), clause: '6.3 f' } })
})

test('gas limits narrow from both sides; a wider one is named and not used', () => {
  const asked = { limits: { oxygen: { least: 20, most: 20.9 } } }
  const wide = { limits: { oxygen: { least: 18, most: 22 } } }
  expect(tightened(space, overlay({ confinedSpace: asked })).gas?.limits[0]).toMatchObject({ least: 20, most: 20.9 })
  expect(tightened(space, overlay({ confinedSpace: wide })).gas?.limits).toEqual(space.gas?.limits)
  expect(findings('confinedSpace', asked)).toEqual([])
  expect(findings('confinedSpace', wide)).toEqual(['limit oxygen looser', 'limit oxygen looser'])
  expect(findings('confinedSpace', { limits: { oxygen: { least: 21.5 } } })).toEqual(['limit oxygen impossible'])
})

test('a normal validity is never longer than the longest one', () => {
  const power = tightened(rulesOf('temporaryPower'), overlay({ temporaryPower: { validity: { only: hours(48) } } }))
  expect(power.levels[0]?.validity).toMatchObject({ most: hours(48), normal: hours(48) })
})

test('signatures are added after the node they name; statutory ones stay, in order', () => {
  const signed = statutory.slice(1, statutory.indexOf('shiftLeader'))
  const chain =
    onHot({ nodes: [node('contractor', 'workLeader'), node('second', 'workLeader'), node('lost', 'nobody')] }).levels[1]?.chain ??
    []
  expect(chain.map(({ id }) => id)).toEqual([
    'workLeader',
    'contractor',
    'second',
    ...signed,
    'lost',
    'shiftLeader',
    'acceptance',
  ])
  expect(chain.every((one) => !('after' in one))).toBe(true)
})

test('a node or line that takes a statutory name changes nothing, and is named', () => {
  const stolen = {
    nodes: [node('approver', 'workLeader'), node('x', 'unit'), node('x', 'unit')],
    measures: [line('hot.blinded'), line('own.swept'), line('own.swept')],
  }
  const rules = onHot(stolen)
  expect(rules.levels[1]?.chain.filter(({ id }) => id === 'approver')).toEqual(
    hot.levels[1]?.chain.filter(({ id }) => id === 'approver'),
  )
  expect(rules.measures.filter(({ id }) => id === 'hot.blinded')).toEqual(hot.measures.filter(({ id }) => id === 'hot.blinded'))
  expect(rules.measures).toHaveLength(hot.measures.length + 1)
  expect(findings('hot', stolen)).toEqual([
    'node approver taken',
    'node x taken',
    'measure hot.blinded taken',
    'measure own.swept taken',
  ])
})

test('wind: a lower force stops earlier, a higher one is named; a work without a wind stop gets one', () => {
  expect(onHot({ windForce: 4 })).toMatchObject({ weather: [{ atLeast: 4, clause: '5.2.15' }] })
  expect(onHot({ windForce: 4 }).upgrades.at(-1)).toMatchObject({ on: 'windForce', atLeast: 4 })
  expect(onHot({ windForce: 6 })).toEqual(hot)
  expect(findings('lifting', { windForce: 7 })).toEqual(['windForce lifting.wind looser'])
  expect(findings('lifting', { windForce: 6 })).toEqual([])
  expect(tightened(rulesOf('excavation'), overlay({ excavation: { windForce: 6 } })).weather).toMatchObject([
    { kind: 'windForce', atLeast: 6, clause: '自定' },
  ])
})

test('what names nothing, or is no value, is refused instead of forgotten', () => {
  expect(findings('hot', { validity: { three: hours(1) }, retestAfter: { three: 1 }, limits: { oxygn: { most: 1 } } })).toEqual([
    'validity three unknown',
    'retestAfter three unknown',
    'limit oxygn unknown',
  ])
  expect(findings('height', { sampleAge: 1 })).toEqual(['sampleAge  unknown'])
  expect(findings('hot', { nodes: [node('x', 'nobody')] })).toEqual(['node x unknown'])
  expect(
    findings('hot', { validity: { one: Number.NaN, two: -1 }, sampleAge: Number.POSITIVE_INFINITY, windForce: 4.5 }),
  ).toEqual(['validity one unusable', 'validity two unusable', 'sampleAge  unusable', 'windForce  unusable'])
  expect(findings('hot', { limits: { 'combustible.lowLel': { most: Number.NaN }, 'combustible.highLel': {} } })).toEqual([
    'limit combustible.lowLel unusable',
    'limit combustible.highLel unusable',
  ])
  expect(looserThan(gb30871, overlay({}, ['independent.hot.confinedSpace', 'nothing']))).toMatchObject([
    { work: null, what: 'exclusion', id: 'nothing' },
  ])
  expect(looserThan({ works: {} }, overlay({ hot: {} }))).toMatchObject([{ work: 'hot', because: 'unknown' }])
})

const wild = fc.oneof(fc.integer({ min: -100, max: 1e9 }), fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0))
const levelIds = [...hot.levels.map(({ id }) => id), 'any', 'ghost']
const statutory = hot.levels[1]?.chain.map(({ id }) => id) ?? []
const anyOverlay: fc.Arbitrary<WorkOverlay> = fc.record({
  validity: fc.dictionary(fc.constantFrom(...levelIds), wild),
  sampleAge: wild,
  retestAfter: fc.dictionary(fc.constantFrom(...levelIds), wild),
  limits: fc.dictionary(
    fc.constantFrom('combustible.highLel', 'combustible.lowLel', 'oxygen.equipment', 'ghost'),
    fc.record({ least: wild, most: wild }),
  ),
  nodes: fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b', ...statutory), fc.constantFrom('ghost', ...statutory))
      .map(([id, after]) => node(id, after)),
    { maxLength: 5 },
  ),
  measures: fc.array(fc.constantFrom('own', 'hot.blinded').map(line), { maxLength: 3 }),
  windForce: wild,
})

test('property: whatever an overlay asks, nothing of the pack is loosened', () => {
  fc.assert(
    fc.property(anyOverlay, (asked) => {
      const rules = onHot(asked)
      for (const [at, level] of rules.levels.entries()) {
        const own = hot.levels[at]
        expect(level.validity.most).toBeLessThanOrEqual(own?.validity.most ?? 0)
        expect(level.chain.filter(({ id }) => own?.chain.some((one) => one.id === id))).toEqual(own?.chain)
      }
      for (const [at, limit] of (rules.gas?.limits ?? []).entries()) {
        expect(limit.most).toBeLessThanOrEqual(hot.gas?.limits[at]?.most ?? 0)
        expect(limit.least ?? 0).toBeGreaterThanOrEqual(hot.gas?.limits[at]?.least ?? Number.NEGATIVE_INFINITY)
      }
      for (const { id } of hot.levels) {
        const most = (gas: WorkRules['gas']) => gas?.retestAfter[id]?.most ?? gas?.retestAfter.any?.most
        expect(most(rules.gas)).toBeLessThanOrEqual(most(hot.gas) ?? 0)
      }
      expect(rules.gas?.sampleAge.most).toBeLessThanOrEqual(minutes(30))
      expect(rules.weather[0]?.atLeast).toBeLessThanOrEqual(5)
      expect(rules.measures.slice(0, hot.measures.length)).toEqual(hot.measures)
      expect([rules.criteria, rules.certificates, rules.startNeeds, rules.noTicket]).toEqual([
        hot.criteria,
        hot.certificates,
        hot.startNeeds,
        hot.noTicket,
      ])
    }),
  )
})

test('property: an overlay without findings is used as it is asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: minutes(40) }), fc.integer({ min: 0, max: hours(10) }), (sampleAge, one) => {
      const asked = { sampleAge, validity: { one } }
      const isFine = findings('hot', asked).length === 0
      const used = onHot(asked)
      expect(isFine).toBe(used.gas?.sampleAge.most === sampleAge && used.levels[1]?.validity.most === one)
    }),
  )
})
