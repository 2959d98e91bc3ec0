import type { JobFacts, JobQuestion, Test, WorkRules } from './rule-pack.ts'

/** What a test, or all tests together, say of the answers. `unknown` names the answers that would decide, and is never taken for a yes or a no. */
export type Verdict =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly missing: readonly string[] }

const yes: Verdict = { kind: 'yes' }
const no: Verdict = { kind: 'no' }
const yesWhen = (holds: boolean): Verdict => (holds ? yes : no)
const unknown = (missing: readonly string[]): Verdict => ({ kind: 'unknown', missing: [...new Set(missing)] })

const isBounded = (test: Test): boolean =>
  [test.above, test.atLeast, test.below, test.atMost].some((bound) => bound !== undefined)

const within = (value: number, { above, atLeast, below, atMost }: Test): boolean =>
  (above === undefined || value > above) &&
  (atLeast === undefined || value >= atLeast) &&
  (below === undefined || value < below) &&
  (atMost === undefined || value <= atMost)

const listed = (answer: JobFacts[string]): readonly string[] | null => {
  if (typeof answer === 'string') return [answer]
  return Array.isArray(answer) ? answer : null
}

/** Each part of a test on the answer; null where the answer is not of the kind that the part asks of. */
const parts = (test: Test, answer: JobFacts[string]): readonly (boolean | null)[] => {
  const found: (boolean | null)[] = []
  if (test.is !== undefined) found.push(typeof answer === typeof test.is ? answer === test.is : null)
  if (isBounded(test)) found.push(typeof answer === 'number' && Number.isFinite(answer) ? within(answer, test) : null)
  if (test.anyOf !== undefined) {
    const list = listed(answer)
    const wanted = test.anyOf
    found.push(list && (wanted.length === 0 ? list.length > 0 : list.some((one) => wanted.includes(one))))
  }
  return found
}

/** A test on the answers. An answer that is missing, no finite number or of another kind is unknown, and so is a test that asks nothing. */
export const holds = (test: Test, facts: JobFacts): Verdict => {
  const answer = Object.hasOwn(facts, test.fact) ? facts[test.fact] : undefined
  if (answer === undefined) return unknown([test.fact])
  const found = parts(test, answer)
  if (found.length === 0 || found.includes(null)) return unknown([test.fact])
  return yesWhen(!found.includes(false))
}

/** All tests together: one `no` decides, whatever else is unknown; no tests at all hold. */
export const allHold = (tests: readonly Test[], facts: JobFacts): Verdict => {
  const verdicts = tests.map((test) => holds(test, facts))
  if (verdicts.some(({ kind }) => kind === 'no')) return no
  const missing = verdicts.flatMap((verdict) => (verdict.kind === 'unknown' ? verdict.missing : []))
  return missing.length > 0 ? unknown(missing) : yes
}

/** A condition that may be left out, in which case it holds. */
export const whenHolds = (tests: readonly Test[] | undefined, facts: JobFacts): Verdict => allHold(tests ?? [], facts)

const isChoice = (question: JobQuestion, id: string): boolean => (question.choices ?? []).some((choice) => choice.id === id)

const believes: Readonly<Record<JobQuestion['kind'], (question: JobQuestion, answer: JobFacts[string]) => boolean>> = {
  yesNo: (_, answer) => typeof answer === 'boolean',
  number: ({ range = [0, Number.MAX_VALUE] }, answer) => typeof answer === 'number' && answer >= range[0] && answer <= range[1],
  one: (question, answer) => typeof answer === 'string' && isChoice(question, answer),
  some: (question, answer) => Array.isArray(answer) && answer.every((id) => isChoice(question, id)),
}

/** The answers that can be believed: those out of a question's range, or not among its choices, count as not given. Facts that are no question stay. */
export const believed = (rules: Pick<WorkRules, 'questions'>, facts: JobFacts): JobFacts => {
  const questions = new Map(rules.questions.map((question) => [question.id, question]))
  return Object.fromEntries(
    Object.entries(facts).filter(([id, answer]) => {
      const question = questions.get(id)
      return !question || believes[question.kind](question, answer)
    }),
  )
}
