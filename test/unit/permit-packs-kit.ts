import { packs } from '../../src/rules/permits/packs.ts'
import type { Level, RulePack, Test, WorkRules, WorkType } from '../../src/rules/permits/rule-pack.ts'
import { workTypes } from '../../src/rules/permits/rule-pack.ts'

/** Every pack with each of its works. */
export const allWorks: readonly { readonly pack: RulePack; readonly rules: WorkRules; readonly name: string }[] = packs.flatMap(
  (pack) =>
    workTypes.flatMap((work) => {
      const rules = pack.works[work]
      return rules ? [{ pack, rules, name: `${pack.id} ${work}` }] : []
    }),
)

/** The rules of a work in a pack. Throws where there are none. */
export const rulesIn = (id: string, work: WorkType): WorkRules => {
  const found = allWorks.find(({ pack, rules }) => pack.id === id && rules.work === work)
  if (!found) throw new Error(`${id} has no ${work}`)
  return found.rules
}

export const levelIn = (rules: WorkRules, id: string): Level => {
  const found = rules.levels.find((level) => level.id === id)
  if (!found) throw new Error(`${rules.work} has no level ${id}`)
  return found
}

/** Every condition of a work, wherever it stands. */
export const conditionsOf = (rules: WorkRules): readonly Test[] => [
  ...[...rules.criteria, ...rules.noTicket].flatMap(({ all }) => all),
  ...[
    ...rules.measures,
    ...rules.certificates,
    ...rules.startNeeds,
    ...(rules.gas ? [rules.gas, ...rules.gas.limits, ...rules.gas.points] : []),
    ...rules.levels.flatMap(({ chain }) => chain),
  ].flatMap(({ when }) => when ?? []),
]
