import type { Clause, JobFacts, Level, LevelCriterion, WorkRules } from './rule-pack.ts'
import { allHold, believed } from './test-facts.ts'

/** The level of a job. `missing` names the questions still to be asked; `none` is work below every criterion, which is not special work. */
export type Levelled =
  | { readonly kind: 'found'; readonly level: string; readonly reason: string; readonly clause: Clause }
  | { readonly kind: 'missing'; readonly questions: readonly string[] }
  | { readonly kind: 'none' }

type Graded = Pick<WorkRules, 'questions' | 'levels' | 'criteria'>

/** The level with this id. Throws RangeError for an id that the rules lack: an id stored under one pack must be read under the same pack. */
export const levelById = (rules: Pick<WorkRules, 'levels'>, id: string): Level => {
  const level = rules.levels.find((one) => one.id === id)
  if (!level) throw new RangeError(`«${id}» is no level of these rules`)
  return level
}

/**
 * Level of a job: the first criterion, from the strictest level down, whose tests all hold. A stricter criterion that cannot be judged yet stops the search,
 * because a milder level must never be given for want of an answer; every answer that is missing up to there is named at once.
 */
export const levelOf = (rules: Graded, facts: JobFacts): Levelled => {
  const answers = believed(rules, facts)
  const missing: { readonly rank: number; readonly fact: string }[] = []
  for (const { level, all, reason, clause } of strictestFirst(rules)) {
    const verdict = allHold(all, answers)
    const { rank } = levelById(rules, level)
    if (verdict.kind === 'unknown') missing.push(...verdict.missing.map((fact) => ({ rank, fact })))
    if (verdict.kind === 'yes') {
      const open = missing.filter((one) => one.rank > rank).map(({ fact }) => fact)
      return open.length > 0 ? asks(open) : { kind: 'found', level, reason, clause }
    }
  }
  return missing.length > 0 ? asks(missing.map(({ fact }) => fact)) : { kind: 'none' }
}

const asks = (facts: readonly string[]): Levelled => ({ kind: 'missing', questions: [...new Set(facts)] })

const strictestFirst = (rules: Graded): readonly LevelCriterion[] =>
  rules.criteria.toSorted((a, b) => levelById(rules, b.level).rank - levelById(rules, a.level).rank)

/** Whether a ticket is wanted at all (lifting below 10 t wants none, though its risks are analysed all the same; B.2 note 3). */
export type TicketNeed =
  | { readonly kind: 'needed' }
  | { readonly kind: 'notNeeded'; readonly reason: string; readonly clause: Clause }
  | { readonly kind: 'missing'; readonly questions: readonly string[] }

/** A ticket is needed unless an exemption holds beyond doubt. */
export const ticketNeeded = (rules: Pick<WorkRules, 'questions' | 'noTicket'>, facts: JobFacts): TicketNeed => {
  const answers = believed(rules, facts)
  const verdicts = rules.noTicket.map((exemption) => ({ exemption, verdict: allHold(exemption.all, answers) }))
  const spared = verdicts.find(({ verdict }) => verdict.kind === 'yes')
  if (spared) return { kind: 'notNeeded', reason: spared.exemption.reason, clause: spared.exemption.clause }
  const missing = verdicts.flatMap(({ verdict }) => (verdict.kind === 'unknown' ? verdict.missing : []))
  return missing.length > 0 ? { kind: 'missing', questions: [...new Set(missing)] } : { kind: 'needed' }
}
