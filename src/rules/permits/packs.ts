import { independentHotAndSpace } from './gb30871-2022/exclusions.ts'
import { gb30871, gb30871Adopted } from './gb30871-2022/pack.ts'
import { gb46768 } from './gb46768-2025.ts'
import type { Exclusion, JobQuestion, RulePack, SiteProfile, WorkType } from './rule-pack.ts'

/**
 * Every pack ever released. A pack is never edited: permits name it for ever, and a test holds a hash of each. A changed rule is a new pack, `…@2`, and the
 * old one gets the last day on which it answered as its `effectiveTo`, which is the one field that may be written later.
 */
export const packs: readonly RulePack[] = [gb30871, gb30871Adopted, gb46768]

/** Pairs that a site excludes beyond its packs, by choice of its overlay; those of `tenantDefaults` hold where the overlay says nothing. */
export const tenantExclusions: readonly Exclusion[] = [independentHotAndSpace]
export const tenantDefaults: readonly string[] = tenantExclusions.map(({ id }) => id)

/** A day of the calendar: `2026-02-30` is none. */
const isDate = (date: string): boolean => {
  const at = new Date(/^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T00:00:00.000Z` : Number.NaN)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
}

const answers = (pack: RulePack, profile: SiteProfile, work: WorkType): boolean =>
  pack.profiles.includes(profile) && pack.works[work] !== undefined
const overlaps = (a: RulePack, b: RulePack): boolean =>
  (a.effectiveTo === null || b.effectiveFrom <= a.effectiveTo) && (b.effectiveTo === null || a.effectiveFrom <= b.effectiveTo)

const meet = (a: RulePack, b: RulePack): boolean =>
  overlaps(a, b) && a.profiles.some((profile) => Object.keys(a.works).some((work) => answers(b, profile, work as WorkType)))

/**
 * Finds packs among these. Throws RangeError for two of one id, and for two that would both answer for a work on a day: which one held must never depend on
 * their order.
 */
export const createPacks = (all: readonly RulePack[]) => {
  all.forEach((one, index) => {
    const other = all.slice(index + 1).find((next) => next.id === one.id || meet(one, next))
    if (other) throw new RangeError(`the rule packs «${one.id}» and «${other.id}» answer for the same work on the same day`)
  })
  const byId: ReadonlyMap<string, RulePack> = new Map(all.map((pack) => [pack.id, pack]))
  return {
    /** The pack that holds for a work at a site of this profile on a day of its own calendar, `2026-05-01`; null where none does, and then no permit is issued. */
    packFor: (profile: SiteProfile, work: WorkType, date: string): RulePack | null => {
      if (!isDate(date)) return null
      const holds = (pack: RulePack): boolean =>
        pack.effectiveFrom <= date && (pack.effectiveTo === null || date <= pack.effectiveTo)
      return all.find((pack) => answers(pack, profile, work) && holds(pack)) ?? null
    },
    packById: (id: string): RulePack | null => byId.get(id) ?? null,
  }
}

export const { packFor, packById } = createPacks(packs)

/** Every question that any pack asks about a work, each id once: what a form may send. Each pack judges only answers to its own. */
export const allQuestions = (work: WorkType): readonly JobQuestion[] => {
  const asked = packs.flatMap((pack) => pack.works[work]?.questions ?? [])
  return [...new Map(asked.map((question) => [question.id, question])).values()]
}
