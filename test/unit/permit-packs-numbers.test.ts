import { expect, test } from 'vitest'
import { days, hours } from '../../src/lib/clock.ts'
import { packById, packs } from '../../src/rules/permits/packs.ts'
import type { WorkType } from '../../src/rules/permits/rule-pack.ts'
import { allWorks, levelIn, rulesIn } from './permit-packs-kit.ts'

/** The numbers of the standards, once more and apart from the packs, so that a slip in one of them is seen. */
const hazchem = 'GB30871-2022@1'
const elsewhere = 'GB46768-2025@1'

test.each<readonly [WorkType, number, string]>([
  ['hot', 16, 'A.1'],
  ['confinedSpace', 15, 'A.2'],
  ['blindPlate', 11, 'A.3'],
  ['height', 15, 'A.4'],
  ['lifting', 20, 'A.5'],
  ['temporaryPower', 14, 'A.6'],
  ['excavation', 11, 'A.7'],
  ['roadClosure', 4, 'A.8'],
])('form of %s has %i measure lines and is %s; only its last line is open', (work, count, form) => {
  const rules = rulesIn(hazchem, work)
  expect(rules.measures).toHaveLength(count)
  expect(rules.form.startsWith(`${form} `)).toBe(true)
  expect(rules.measures.filter(({ id }) => id.endsWith('.others')).map(({ id }) => id)).toEqual([rules.measures.at(-1)?.id])
  expect(rules.measures.some(({ optional }) => !optional)).toBe(true)
})

test.each<readonly [WorkType, string, number, string, boolean]>([
  ['hot', 'special', hours(8), '5.1.5', false],
  ['hot', 'one', hours(8), '5.1.5', false],
  ['hot', 'two', hours(72), '5.1.5', false],
  ['confinedSpace', 'only', hours(24), '6.10', false],
  ['blindPlate', 'only', hours(8), '自定', true],
  ['height', 'I', days(7), '8.2.11', false],
  ['height', 'II', days(7), '8.2.11', false],
  ['height', 'III', days(7), '8.2.11', false],
  ['height', 'IV', days(7), '8.2.11', false],
  ['lifting', 'one', hours(24), '自定', true],
  ['lifting', 'two', hours(24), '自定', true],
  ['lifting', 'three', hours(24), '自定', true],
  ['temporaryPower', 'only', days(30), '10.8', false],
  ['temporaryPower', 'withHot', hours(72), '10.8', false],
  ['temporaryPower', 'withConfinedSpace', hours(24), '10.8', false],
  ['excavation', 'only', days(7), '自定', true],
  ['roadClosure', 'only', days(7), '自定', true],
])('%s, level %s, is valid for so long at most', (work, level, most, clause, isDefault) => {
  expect(levelIn(rulesIn(hazchem, work), level).validity).toMatchObject({ most, clause, isDefault })
})

test('temporary power normally lasts 15 days; no other validity has two values', () => {
  const two = allWorks.flatMap(({ rules }) => rules.levels.flatMap(({ validity }) => validity.normal ?? []))
  expect(new Set(two)).toEqual(new Set([days(15)]))
})

/** Table B.1: who approves. Roles are the plant's; a change here is a change of who may let work begin. */
test.each<readonly [WorkType, string, string]>([
  ['hot', 'special', 'productionDirector@site'],
  ['hot', 'one', 'safetyDirector@site'],
  ['hot', 'two', 'areaOwner@area'],
  ['confinedSpace', 'only', 'areaOwner@area'],
  ['blindPlate', 'only', 'areaOwner@area'],
  ['height', 'I', 'areaOwner@area'],
  ['height', 'II', 'deptHead@site'],
  ['height', 'III', 'deptHead@site'],
  ['height', 'IV', 'principal@site'],
  ['lifting', 'one', 'principal@site'],
  ['lifting', 'two', 'deptHead@site'],
  ['lifting', 'three', 'deptHead@site'],
  ['temporaryPower', 'only', 'powerUnit@site'],
  ['excavation', 'only', 'deptHead@site'],
  ['roadClosure', 'only', 'deptHead@site'],
])('%s, level %s, is approved by one, at the site: %s', (work, level, who) => {
  const approvers = levelIn(rulesIn(hazchem, work), level).chain.filter(({ kind }) => kind === 'approve')
  expect(approvers.map(({ role, scope, clause }) => `${role}@${scope} ${clause}`)).toEqual([`${who} B.1`])
})

test('form A.1 has the shift leader check the ticket before the start, after the approval', () => {
  for (const { chain } of rulesIn(hazchem, 'hot').levels) {
    expect(chain.slice(-2).map(({ id, kind }) => [id, kind])).toEqual([
      ['shiftLeader', 'beforeStart'],
      ['acceptance', 'acceptance'],
    ])
  }
  expect(levelIn(rulesIn(hazchem, 'hot'), 'one').chain.map(({ id }) => id)).toEqual([
    'workLeader',
    'unit',
    'safety',
    'approver',
    'shiftLeader',
    'acceptance',
  ])
})

test('only forms A.7 and A.8 are countersigned apart from the approval (B.1); A.3 has the author of the plate map sign', () => {
  const works = allWorks.filter(({ rules }) => rules.levels.some(({ chain }) => chain.some(({ kind }) => kind === 'countersign')))
  expect(new Set(works.map(({ rules }) => rules.work))).toEqual(new Set(['excavation', 'roadClosure']))
  expect(levelIn(rulesIn(hazchem, 'blindPlate'), 'only').chain[0]).toMatchObject({ id: 'plateMap', kind: 'confirm' })
})

test('tickets are kept longer than the year of B.3, and video longer than its month; special hot work a year', () => {
  for (const { rules } of allWorks) {
    for (const { retention } of rules.levels) {
      expect(retention.ticket).toBeGreaterThanOrEqual(3 * days(365))
      expect(retention.video ?? 0).toBeGreaterThanOrEqual(days(90))
    }
  }
  expect(levelIn(rulesIn(hazchem, 'hot'), 'special').retention).toMatchObject({ video: days(365), clause: 'B.3' })
})

/** Which pairs stand at a hazchem site; where they meet, and what then. */
test.each([
  ['hot.venting', { metres: 30 }, 'forbid', '5.2.9'],
  ['hot.draining', { metres: 15 }, 'forbid', '5.2.9'],
  ['hot.solvent', { metres: 10 }, 'forbid', '5.2.9'],
  ['hot.dust', { metres: 10 }, 'forbid', '5.2.9'],
  ['hot.drawOff', { same: 'area' }, 'forbid', '5.2.8'],
  ['hot.train', { metres: 25 }, 'forbid', '5.2.10'],
  ['blindPlate.hot', { metres: 30 }, 'forbid', '7.6'],
  ['blindPlate.blindPlate', { same: 'line' }, 'forbid', '7.10'],
  ['confinedSpace.hot.solvent', { same: 'space' }, 'forbid', '6.7'],
  ['hot.solvent.inside', { same: 'space' }, 'forbid', '6.7'],
  ['height.height', { same: 'fallLine' }, 'coordinate', '8.2.8'],
  ['lifting.below.height', { same: 'fallLine' }, 'forbid', '9.2.12'],
  ['together.hot.excavation', { same: 'area' }, 'coordinate', '4.7'],
] as const)('%s', (id, where, outcome, clause) => {
  expect(packById(hazchem)?.exclusions.find((one) => one.id === id)).toMatchObject({ where, outcome, clause })
})

test('solvents are kept from hot work above and below it too; danger does not spare permits of one job', () => {
  const all = packById(hazchem)?.exclusions ?? []
  expect(all.filter(({ vertical }) => vertical).map(({ id }) => id.split('.').slice(0, 2).join('.'))).toEqual([
    'hot.solvent',
    'height.height',
    ...Array.from({ length: 8 }, () => 'lifting.below'),
  ])
  expect(all.filter(({ sparesLinked }) => sparesLinked).every(({ id }) => /^(together|lifting\.below)\./.test(id))).toBe(true)
})

test('any two of the eight works in one area want a coordinator, two of a kind included', () => {
  const pairs = (packById(hazchem)?.exclusions ?? []).filter(({ clause }) => clause === '4.7')
  expect(
    new Set(
      pairs.map(({ between }) =>
        between
          .map(({ work }) => work)
          .sort()
          .join('+'),
      ),
    ).size,
  ).toBe(36)
})

test('no clause of chapter 6 is named where GB 46768 rules spaces', () => {
  const adopted = packById('GB30871-2022-adopted@1')
  expect(JSON.stringify(adopted)).not.toMatch(/"clause":"6\./)
  expect(Object.keys(adopted?.works ?? {})).not.toContain('confinedSpace')
})

/** What else must hold before the start, by rules that are no pair and no limit. */
test.each<readonly [WorkType, string, string]>([
  ['hot', 'fullVideo', '5.2.11'],
  ['hot', 'writtenPlan', '5.4.2'],
  ['hot', 'leakProneIsolated', '5.2.4'],
  ['confinedSpace', 'extraAttendant', '6.8'],
  ['confinedSpace', 'lighting12', '4.13'],
  ['blindPlate', 'plateMap', '7.1'],
  ['lifting', 'liftingPlan', '9.2.1'],
  ['lifting', 'tandemLoad', '9.2.10 c'],
  ['excavation', 'signedSketch', 'A.7'],
  ['excavation', 'alsoConfinedSpace', '11.10'],
  ['roadClosure', 'signedSketch', 'A.8'],
])('the start of %s needs %s (%s)', (work, id, clause) => {
  expect(rulesIn(hazchem, work).startNeeds.find((need) => need.id === id)).toMatchObject({ clause })
})

test('deeper than 1.2 m, not at 1.2 m, an excavation beside a buried hazard is a confined space too', () => {
  const need = rulesIn(hazchem, 'excavation').startNeeds.find(({ id }) => id === 'alsoConfinedSpace')
  expect(need?.when).toEqual([
    { fact: 'metres', above: 1.2 },
    { fact: 'buriedHazard', is: true },
  ])
})

test('contracted-out work in a space has a second approver (GB 46768-2025, 5.2.1)', () => {
  const { chain } = levelIn(rulesIn(elsewhere, 'confinedSpace'), 'only')
  const approvers = chain.filter(({ kind }) => kind === 'approve')
  expect(approvers.map(({ when, clause }) => [when, clause])).toEqual([
    [undefined, '5.2.1'],
    [[{ fact: 'contractedOut', is: true }], '5.2.1'],
  ])
})

test('every released pack is in the table of numbers', () => {
  expect(packs.map(({ id }) => id)).toEqual([hazchem, 'GB30871-2022-adopted@1', elsewhere])
})
